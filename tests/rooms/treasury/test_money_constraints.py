"""What the database itself refuses about money: funds, books, entries, batches, due lines, attempts, returns."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from hutong.treasury.models import Attempt, Beneficiary, Posting
from tests.factories import person
from tests.money import MONTH, allocation, attempt, bank_return, batch, book, due, entry, fund, sent
from tests.payments import ON
from tests.rooms.treasury.test_payees import VIOLATIONS as OF_PAYEES

pytestmark = pytest.mark.django_db
BEFORE = ON - timedelta(1)


def own(make, one, other, **more):
    someone = person()
    make(**{one: someone, other: someone}, **more)


def confirmed(make, **more):
    return make(**{"confirmed_by": person(), "confirmed_on": ON} | more)


def posting(**more):
    return Posting.objects.create(**{"entry": entry(), "book": book(kind="source"), "amount_fen": 1} | more)


def twice_in_a_book():
    first = posting()
    posting(entry=first.entry, book=first.book)


def book_twice():
    first = book()
    book(fund=first.fund)


def same_document():
    fund(document_number="永财〔2026〕1号")
    fund(document_number="永财〔2026〕1号")


def below_nothing():
    posting(book=book(), amount_fen=-1)


def two_regular():
    due(beneficiary=due().beneficiary)


def twice_in_a_batch():
    first = due(kind="arrears")
    due(kind="arrears", batch=first.batch, beneficiary=first.beneficiary)


def two_attempts():
    attempt(due=attempt().due)


def answered(**more):
    return attempt(**{"state": "failed", "code": "card_lost", "answered_on": ON} | more)


def closed(**more):
    return sent(**{"state": "closed", "closed_on": ON, "closed_by": person()} | more)


VIOLATIONS = [
    *((f"{name}_code_form", lambda make=make: make(division_code="640122")) for name, make in [
        ("fund", fund), ("allocation", allocation), ("book", book), ("entry", entry), ("batch", batch),
    ]),
    ("fund_level_known", lambda: fund(level="moon")),
    ("fund_nature_known", lambda: fund(nature="gold")),
    ("fund_positive", lambda: fund(amount_fen=0)),
    ("fund_document_once", same_document),
    *(
        (f"{name}_two_people", violate)
        for name, make in (("fund", fund), ("allocation", allocation))
        for violate in (
            lambda make=make: own(make, "entered_by", "confirmed_by", confirmed_on=ON),
            lambda make=make: confirmed(make, confirmed_on=BEFORE),
            lambda make=make: confirmed(make, confirmed_on=None),
            lambda make=make: confirmed(make, refused_words="不符"),
        )
    ),
    ("allocation_positive", lambda: allocation(amount_fen=0)),
    ("book_once", book_twice),
    ("book_kind_known", lambda: book(kind="sock")),
    ("book_never_below_nothing", below_nothing),
    ("entry_kind_known", lambda: entry(kind="gift")),
    ("posting_once_a_book", twice_in_a_book),
    ("posting_of_something", lambda: posting(amount_fen=0)),
    ("beneficiary_key_form", lambda: Beneficiary.objects.create(key="柳")),
    ("batch_state_known", lambda: sent(state="lost")),
    ("batch_purpose_known", lambda: batch(purpose="gift")),
    ("batch_month_first_day", lambda: batch(month=ON)),
    ("batch_of_something", lambda: batch(lines=0)),
    ("batch_of_something", lambda: batch(total_fen=0)),
    ("batch_different_people", lambda: own(batch, "prepared_by", "approved_by")),
    ("batch_different_people", lambda: own(sent, "prepared_by", "sent_by")),
    ("batch_different_people", lambda: own(sent, "approved_by", "sent_by")),
    ("batch_sent_whole", lambda: batch(sent_by=person(), sent_on=ON)),
    ("batch_sent_whole", lambda: batch(file_digest="a" * 64)),
    ("batch_sent_whole", lambda: sent(sent_by=None)),
    ("batch_sent_whole", lambda: sent(sent_on=None)),
    ("batch_sent_whole", lambda: sent(sent_on=BEFORE)),
    ("batch_sent_whole", lambda: sent(file_digest="")),
    ("batch_sent_whole", lambda: sent(layout="")),
    ("batch_closed_whole", lambda: closed(closed_by=None)),
    ("batch_closed_whole", lambda: closed(closed_on=None)),
    ("batch_closed_whole", lambda: closed(closed_on=BEFORE)),
    ("batch_closed_whole", lambda: sent(closed_on=ON)),
    ("due_one_regular_a_month", two_regular),
    ("due_once_in_a_batch", twice_in_a_batch),
    ("due_kind_known", lambda: due(kind="gift")),
    ("due_positive", lambda: due(amount_fen=0)),
    ("due_month_first_day", lambda: due(month=ON)),
    ("attempt_one_at_a_time", two_attempts),
    ("attempt_state_known|attempt_answered_whole", lambda: attempt(state="lost")),
    ("attempt_answered_whole", lambda: answered(answered_on=None)),
    ("attempt_answered_whole", lambda: attempt(code="card_lost")),
    ("attempt_answered_whole", lambda: attempt(answered_on=ON)),
    ("attempt_failed_with_reason", lambda: answered(code="")),
    ("bank_return_once", lambda: bank_return(batch=bank_return().batch)),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_treasury_is_tried():
    models = apps.get_app_config("treasury").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    tried = {name for names, _ in [*VIOLATIONS, *OF_PAYEES] for name in names.split("|")}
    assert declared | {"key"} == tried


def test_what_is_legal_is_taken():
    for make in (fund, allocation):
        assert not confirmed(make).is_waiting and make(refused_words="不符").pk
    closed(), two_of_a_document()
    first = answered()
    assert attempt(due=first.due).number.isdigit()
    assert due(kind="arrears", beneficiary=first.due.beneficiary).month == MONTH
    assert str(bank_return()).isdigit()


def two_of_a_document():
    fund(document_number="永财〔2026〕1号", refused_words="不符"), fund(document_number="永财〔2026〕1号")


MOVES = [
    ("to_send", "paid"), ("to_send", "failed"), ("sent", "to_send"), ("paid", "sent"), ("failed", "paid"),
    ("failed", "sent"), ("to_send", "to_send"),
]  # fmt: skip
ANSWERS = {
    "paid": {"answered_on": date(2026, 11, 9), "code": ""},
    "failed": {"answered_on": date(2026, 11, 9), "code": "card_lost"},
}
NONE = {"answered_on": None, "code": ""}


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_an_attempt_only_moves_on(before, after):
    made = attempt(state=before, **ANSWERS.get(before, NONE))
    with pytest.raises(DatabaseError, match="only moves on"), transaction.atomic():
        Attempt.objects.filter(pk=made.pk).update(state=after, **ANSWERS.get(after, NONE))


@pytest.mark.parametrize("column", ["due_id", "batch_id", "payee_id"])
def test_what_an_attempt_is_of_stays(column):
    made, other = attempt(), attempt()
    with pytest.raises(DatabaseError, match="only moves on"), transaction.atomic():
        Attempt.objects.filter(pk=made.pk).update(state="sent", **{column: getattr(other, column)})


@pytest.mark.parametrize("table", ["entry", "posting", "due", "bankreturn", "beneficiary"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_booked_stays(table, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(f"treasury_{table}"))
