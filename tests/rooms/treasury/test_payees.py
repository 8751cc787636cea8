"""Payees: opened, their card changed, closed; each with its entry, and no number in it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Person, TrailEntry
from hutong.treasury.actions.payees import Holder, change_card, close_payee, open_payee
from hutong.treasury.models import Payee, PayeeKind
from hutong.treasury.queries import cards_of, paid_to_on, payee_with_key
from tests.factories import ON, VILLAGE, VILLAGE_OF_NEXT_COUNTY, id_number, person

pytestmark = pytest.mark.django_db
CARD, OTHER_CARD, BANK = "6222021234567890128", "6222021234567890136", "宁夏银行"
CREDIT_CODE = "12990000MB0A00001C"
DAY = timedelta(days=1)


def grandmother(number: str = "") -> Holder:
    return Holder(PayeeKind.PERSON, "柳桂兰", id_number=number or id_number(date(1958, 3, 7), at=7))


def home() -> Holder:
    return Holder(PayeeKind.ORGANISATION, "无名儿童福利院", credit_code=CREDIT_CODE)


def opened(holder: Holder | None = None, card: str = CARD, *, by: Person | None = None, **more: object) -> Payee:
    values = {"division_code": VILLAGE, "bank_name": BANK, "on": ON} | more
    return open_payee(by=by or person("county_officer"), holder=holder or grandmother(), card=card, **values)


def changed(payee: Payee, card: str = OTHER_CARD, on: date = ON + DAY, **more: object) -> Payee:
    values = {"by": person("county_officer"), "division_code": VILLAGE, "bank_name": BANK} | more
    return change_card(payee=payee, card=card, on=on, **values)


def closed(payee: Payee, reason: str = "not_needed", on: date = ON + DAY, **more: object) -> Payee:
    values = {"by": person("county_officer"), "division_code": VILLAGE} | more
    return close_payee(payee=payee, reason=reason, on=on, **values)


def test_a_person_is_opened_with_a_sealed_card():
    payee = payee_with_key(opened(card=" 6222 0212 3456 7890 128 ").key)

    assert payee is not None and payee.card.open() == CARD
    assert (payee.name, payee.card_tail, payee.bank_name, payee.opened_on) == ("柳桂兰", "0128", BANK, ON)
    assert str(payee.card) == str(payee.id_number) == "•••"
    assert len(payee.key) == len(payee.holder_key) == 20 and payee.key != payee.holder_key


def test_an_organisation_is_opened_by_its_credit_code():
    payee = opened(home())
    assert (payee.kind, payee.credit_code, payee.id_number, payee.id_index) == ("organisation", CREDIT_CODE, None, None)


def test_brothers_and_sisters_have_one_payee():
    first = opened()
    assert opened().pk == first.pk and opened(home(), OTHER_CARD).pk == opened(home(), OTHER_CARD).pk
    assert TrailEntry.objects.filter(act="open_payee").count() == 2


@pytest.mark.parametrize(
    ("holder", "card", "bank"),
    [
        (Holder(PayeeKind.PERSON, "柳", id_number=id_number()), CARD, BANK),
        (grandmother("990000195803070011"), CARD, BANK),
        (Holder(PayeeKind.PERSON, "柳桂兰"), CARD, BANK),
        (Holder(PayeeKind.ORGANISATION, "福利院", credit_code=CREDIT_CODE[:-1] + "M"), CARD, BANK),
        (Holder(PayeeKind.ORGANISATION, "", credit_code=CREDIT_CODE), CARD, BANK),
        (grandmother(), "", BANK),
        (grandmother(), "622202", BANK),
        (grandmother(), "62220212345678901x8", BANK),
        (grandmother(), CARD, " "),
        (grandmother(), CARD, "行" * 101),
    ],
)
def test_what_does_not_fit_is_refused(holder, card, bank):
    with pytest.raises(Refused):
        opened(holder, card, bank_name=bank)
    assert not Payee.objects.exists() and not TrailEntry.objects.exists()


def test_a_test_number_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(Refused):
        opened()


def test_a_card_of_somebody_else_is_refused():
    opened()
    with pytest.raises(Refused):
        opened(grandmother(id_number(date(1960, 1, 1), at=9)))
    with pytest.raises(Refused):
        changed(opened(home(), OTHER_CARD), CARD)
    assert Payee.objects.filter(closed_on=None).count() == 2


def test_another_card_is_another_row_of_the_same_holder():
    old = opened()
    new = changed(old)

    old.refresh_from_db()
    assert (old.closed_on, old.closed_reason, new.opened_on, new.closed_on) == (ON, "card_changed", ON + DAY, None)
    assert (new.holder_key, new.name) == (old.holder_key, old.name) and new.key != old.key
    assert new.id_number.open() == old.id_number.open() and new.card.open() == OTHER_CARD
    assert list(cards_of(old.holder_key)) == [old, new]
    days = (ON - DAY, ON, ON + DAY)
    assert [paid_to_on([old.holder_key], on=on).get(old.holder_key) for on in days] == [None, old, new]


def test_a_card_entered_today_is_mended_in_place():
    payee = opened()
    assert changed(payee, on=ON).pk == payee.pk
    payee.refresh_from_db()
    assert (payee.card.open(), payee.card_tail, payee.closed_on) == (OTHER_CARD, "0136", None)


def test_the_same_card_changes_nothing_and_another_bank_does():
    payee = opened()
    with pytest.raises(Refused):
        changed(payee, CARD)
    assert changed(payee, CARD, bank_name="黄河银行").bank_name == "黄河银行"


def test_a_closed_card_is_not_paid_to_and_is_free_for_another():
    payee = closed(opened())
    assert (payee.closed_on, payee.closed_reason) == (ON + DAY, "not_needed")
    assert paid_to_on([payee.holder_key], on=ON + 2 * DAY) == {}
    for again in (changed, closed):
        with pytest.raises(Refused):
            again(payee, on=ON + 2 * DAY)
    assert opened(grandmother(id_number(date(1960, 1, 1), at=9)), on=ON + 2 * DAY).card_tail == "0128"


@pytest.mark.parametrize("reason", ["", "card_changed", "whatever"])
def test_a_card_is_closed_for_a_reason(reason):
    with pytest.raises(Refused):
        closed(opened(), reason)


@pytest.mark.parametrize("role", ["village_director", "approver", "payer", "finance", "system_administrator"])
def test_who_keeps_no_payees_is_refused(role):
    payee, other = opened(), person(role, "64")
    for attempt in (
        lambda: opened(home(), OTHER_CARD, by=other),
        lambda: changed(payee, by=other),
        lambda: closed(payee, by=other),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_nobody_keeps_payees_of_the_next_county():
    payee = opened()
    with pytest.raises(NotAllowed):
        opened(home(), OTHER_CARD, division_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(NotAllowed):
        closed(payee, division_code=VILLAGE_OF_NEXT_COUNTY)


def test_the_trail_holds_references_alone():
    payee = opened()
    new = changed(payee)
    closed(new, on=ON + 2 * DAY)
    entries = list(TrailEntry.objects.order_by("id"))
    assert [(entry.act, entry.subject_key) for entry in entries] == [
        ("open_payee", payee.key), ("change_card", new.key), ("close_payee", new.key),
    ]  # fmt: skip
    assert [entry.details for entry in entries] == [{}, {"before": payee.key}, {"reason": "not_needed"}]
    assert {entry.division_code for entry in entries} == {VILLAGE}


def row(**more: object) -> Payee:
    values = {
        "kind": "person", "name": "柳桂兰", "id_number": "x", "id_index": b"i" * 16, "card": CARD,
        "card_index": b"c" * 16, "card_tail": "0128", "bank_name": BANK, "opened_on": ON,
    }  # fmt: skip
    return Payee.objects.create(**values | more)


ENDED = {"closed_on": ON + DAY, "closed_reason": "not_needed"}
VIOLATIONS = [
    ("payee_keys_form", lambda: row(key="KEY")),
    ("payee_keys_form", lambda: row(holder_key="柳")),
    ("payee_kind_fits", lambda: row(credit_code=CREDIT_CODE)),
    ("payee_kind_fits", lambda: row(id_number=None, id_index=None)),
    ("payee_kind_fits", lambda: row(kind="organisation", credit_code=CREDIT_CODE)),
    ("payee_kind_fits", lambda: row(kind="organisation", id_number=None, id_index=None)),
    ("payee_card_tail", lambda: row(card_tail="12a4")),
    ("payee_card_open_once", lambda: (row(), row())),
    ("payee_span_forward", lambda: row(closed_on=ON - DAY, closed_reason="not_needed")),
    ("payee_closed_with_reason", lambda: row(closed_on=ON)),
    ("payee_closed_with_reason", lambda: row(closed_reason="not_needed")),
    ("payee_one_card_at_a_time", lambda: [row(holder_key="a" * 20, card_index=bytes([at]) * 16) for at in (1, 2)]),
    (
        "payee_one_card_at_a_time",
        lambda: (row(holder_key="a" * 20, **ENDED), row(holder_key="a" * 20, opened_on=ON + DAY)),
    ),
    ("key", lambda: (row(key="a" * 20, **ENDED), row(key="a" * 20, **ENDED))),
]


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_one_day_after_another_is_no_overlap():
    row(holder_key="a" * 20, **ENDED), row(holder_key="a" * 20, opened_on=ON + 2 * DAY)
