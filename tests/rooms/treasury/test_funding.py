"""Funds and allocations: entered by one person, confirmed by another; books that balance; which money goes first."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.console import doctor
from hutong.treasury.actions import funding
from hutong.treasury.books import Matter, NotEnough, balance_of, book_of, books_of, lock_money, move, post
from hutong.treasury.models import Book, Entry, Posting
from hutong.treasury.models.book import BookKind, EntryKind
from tests import factories as make
from tests.conftest import pointed_at
from tests.money import COUNTY_CODE
from tests.payments import ON, Office

pytestmark = pytest.mark.usefixtures("places", "in_english")
REGION, NEXT = "640000000000", f"{make.NEXT_COUNTY}000000"


@pytest.fixture
def office(db) -> Office:
    return Office()


@pytest.fixture
def region(db):
    """Who enters money in the region, and who confirms it."""
    return [make.person(role, "64") for role in ("region_officer", "region_approver")]


def entered(office: Office, **more):
    said = {
        "by": office.finance, "division_code": COUNTY_CODE, "year": 2026, "level": "county", "nature": "budget",
        "amount_fen": 1_000_000, "document": "永财〔2026〕1号", "on": ON,
    }  # fmt: skip
    return funding.enter_fund(**said | more)


def of_the_region(region, **more):
    said = {"by": region[0], "division_code": REGION, "level": "region", "document": f"宁财〔2026〕{make.serial()}号"}
    fund = entered(Office(), **said | more)
    return funding.confirm_fund(by=region[1], fund=fund, on=ON)


def given(region, fund, fen: int, code: str = COUNTY_CODE):
    said = {"fund": fund, "division_code": code, "amount_fen": fen, "document": "宁财〔2026〕9号", "on": ON}
    allocation = funding.allocate(by=region[0], **said)
    return funding.confirm_allocation(by=region[1], allocation=allocation, on=ON)


def balances(fund) -> dict[tuple[str, str], int]:
    found = Book.objects.filter(fund=fund)
    return {(book.kind, book.division_code[:6].rstrip("0")): book.balance_fen for book in found if book.balance_fen}


def test_a_fund_is_no_money_until_another_person_confirms_it(office):
    fund = entered(office)
    assert fund.is_waiting and balances(fund) == {}

    fund = funding.confirm_fund(by=office.approver, fund=fund, on=ON)
    assert (fund.confirmed_by, fund.confirmed_on, fund.is_waiting) == (office.approver, ON, False)
    assert balances(fund) == {("source", "640122"): -1_000_000, ("available", "640122"): 1_000_000}


def test_what_another_has_entered_is_a_task_and_every_step_is_on_record(office):
    approver = office.approver
    fund = entered(office)
    task = Task.objects.get(closed_at=None)
    assert (task.kind, task.subject_key, task.role, task.division_code) == (
        "confirm_money", str(fund.pk), "approver", COUNTY_CODE,
    )  # fmt: skip
    assert task.values == {"besides": [office.finance.pk]}

    funding.confirm_fund(by=approver, fund=fund, on=ON)
    assert not Task.objects.filter(closed_at=None).exists()
    entries = TrailEntry.objects.filter(subject_kind="fund").order_by("id")
    assert [(one.act, one.details) for one in entries] == [
        ("enter_fund", {"fen": 1_000_000}), ("confirm_fund", {"fen": 1_000_000}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"level": "moon"}, "level"),
        ({"nature": "gold"}, "nature"),
        ({"year": 2023}, "too far"),
        ({"year": 2028}, "too far"),
        ({"amount_fen": 0}, "amount"),
        ({"amount_fen": 10**13 + 1}, "amount"),
        ({"document": " "}, "document"),
        ({"document": "号" * 61}, "document"),
    ],
)
def test_what_does_not_fit_is_refused(office, more, why):
    with pytest.raises(Refused, match=why):
        entered(office, **more)


def test_one_document_is_entered_once_and_again_only_once_it_was_refused(office):
    fund = entered(office)
    with pytest.raises(Refused, match="already"):
        entered(office)
    entered(office, level="central")
    funding.refuse_money(by=office.approver, entered=fund, words="金额有误", on=ON)
    assert entered(office, amount_fen=2_000_000).is_waiting


def test_nobody_confirms_their_own_and_nothing_is_decided_twice(office):
    fund = entered(office)
    with pytest.raises(Refused, match="Another person"):
        funding.confirm_fund(by=office.finance, fund=fund, on=ON)
    with pytest.raises(Refused, match="why"):
        funding.refuse_money(by=office.approver, entered=fund, words=" ", on=ON)
    funding.confirm_fund(by=office.approver, fund=fund, on=ON)
    for again in (
        lambda: funding.confirm_fund(by=make.person("approver"), fund=fund, on=ON),
        lambda: funding.refuse_money(by=office.approver, entered=fund, words="晚了", on=ON),
    ):
        with pytest.raises(Refused, match="decided already"):
            again()


def test_whoever_entered_it_may_take_it_back(office):
    fund = funding.refuse_money(by=office.finance, entered=entered(office), words="填错", on=ON)
    assert (fund.is_waiting, fund.refused_words) == (False, "填错")
    with pytest.raises(Refused, match="decided already"):
        funding.confirm_fund(by=office.approver, fund=fund, on=ON)


@pytest.mark.parametrize("role", ["payer", "approver", "county_officer"])
def test_who_keeps_no_funds_enters_none(office, role):
    with pytest.raises(NotAllowed):
        entered(office, by=make.person(role))


def test_nobody_enters_or_confirms_for_another_place(office, region):
    for by, code in ((office.finance, NEXT), (office.finance, REGION)):
        with pytest.raises(NotAllowed):
            entered(office, by=by, division_code=code)
    fund = entered(office)
    for by in (make.person("approver", make.NEXT_COUNTY), office.payer):
        with pytest.raises(NotAllowed):
            funding.confirm_fund(by=by, fund=fund, on=ON)


def test_money_of_the_region_is_handed_out_by_two_people(region):
    fund = of_the_region(region)
    assert balances(fund) == {("source", "64"): -1_000_000, ("undivided", "64"): 1_000_000}
    given(region, fund, 600_000)
    assert balances(fund)["undivided", "64"] == 400_000
    assert balances(fund)["available", "640122"] == 600_000 == balance_of(COUNTY_CODE, BookKind.AVAILABLE)


def test_no_more_is_handed_out_than_there_is(region):
    fund = of_the_region(region)
    given(region, fund, 600_000)
    with pytest.raises(NotEnough, match="2000元") as short:
        given(region, fund, 600_000, NEXT)
    assert short.value.short_fen == 200_000
    given(region, fund, 400_000, NEXT)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (REGION, "counties"), ("640100000000", "counties"), ("110101000000", "counties"), (make.VILLAGE, "counties"),
        ("640199000000", "list"),
    ],
)  # fmt: skip
def test_money_goes_to_counties_of_the_place_alone(region, code, why):
    with pytest.raises(Refused, match=why):
        given(region, of_the_region(region), 1, code)


def test_what_waits_is_not_handed_out_and_a_county_hands_nothing_out(office, region):
    waiting = entered(office, by=region[0], division_code=REGION, level="region")
    with pytest.raises(Refused, match="confirmed yet"):
        given(region, waiting, 1)
    own = office.funded()
    with pytest.raises(Refused, match="own money"):
        funding.allocate(by=office.finance, fund=own, division_code=COUNTY_CODE, amount_fen=1, document="x", on=ON)


def test_nobody_confirms_their_own_allocation(region):
    said = {"division_code": COUNTY_CODE, "amount_fen": 1, "document": "宁财〔2026〕9号", "on": ON}
    allocation = funding.allocate(by=region[0], fund=of_the_region(region), **said)
    with pytest.raises(Refused, match="Another person"):
        funding.confirm_allocation(by=region[0], allocation=allocation, on=ON)
    assert Task.objects.get(closed_at=None).role == "region_approver"
    funding.refuse_money(by=region[1], entered=allocation, words="重复", on=ON)
    assert not Task.objects.filter(closed_at=None).exists()


def matter(office: Office, kind: EntryKind = EntryKind.COMMITTED) -> Matter:
    return Matter(kind, "batch", "1", COUNTY_CODE, office.approver, ON)


def test_the_higher_level_pays_first_and_the_older_fund(office, region):
    for level, year in (("county", 2026), ("city", 2026), ("region", 2027), ("region", 2026), ("central", 2026)):
        fund = entered(office, level=level, year=year, document=f"{level}{year}")
        funding.confirm_fund(by=office.approver, fund=fund, on=ON)
    order = [("central", 2026), ("region", 2026), ("region", 2027), ("city", 2026), ("county", 2026)]
    assert [(book.fund.level, book.fund.year) for book in books_of(COUNTY_CODE, BookKind.AVAILABLE)] == order

    move(matter(office), BookKind.AVAILABLE, BookKind.COMMITTED, 2_500_000)
    left = [book.balance_fen for book in books_of(COUNTY_CODE, BookKind.AVAILABLE)]
    assert left == [0, 0, 500_000, 1_000_000, 1_000_000]
    assert balance_of(COUNTY_CODE, BookKind.COMMITTED) == 2_500_000


def test_no_more_moves_than_there_is_and_nothing_moves_then(office):
    office.funded(100)
    with pytest.raises(NotEnough) as short:
        move(matter(office), BookKind.AVAILABLE, BookKind.COMMITTED, 101)
    assert short.value.short_fen == 1
    assert balance_of(COUNTY_CODE, BookKind.COMMITTED) == 0


def test_an_entry_that_does_not_balance_is_not_posted(office):
    book = book_of(office.funded(), COUNTY_CODE, BookKind.AVAILABLE)
    with pytest.raises(ValueError, match="nothing"):
        post(matter(office), {book: 1})


def test_a_balance_follows_from_postings_alone(office):
    fund = office.funded(1_000)
    move(matter(office), BookKind.AVAILABLE, BookKind.COMMITTED, 300)
    move(matter(office), BookKind.COMMITTED, BookKind.AT_BANK, 200)
    for book in Book.objects.filter(fund=fund):
        assert book.balance_fen == sum(book.postings.values_list("amount_fen", flat=True)), book
    with pytest.raises(DatabaseError), transaction.atomic():
        Book.objects.filter(fund=fund).update(balance_fen=1)


def test_an_unbalanced_entry_is_refused_when_it_is_committed(committed_database):
    office = Office()
    book = book_of(office.funded(), COUNTY_CODE, BookKind.AVAILABLE)
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        entry = Entry.objects.create(
            kind="committed", subject_kind="batch", subject_key="1", division_code=COUNTY_CODE, by=office.payer, on=ON
        )
        Posting.objects.create(entry=entry, book=book, amount_fen=-1)
    assert Book.objects.get(pk=book.pk).balance_fen == 100_000_000


def test_the_money_of_a_place_moves_one_at_a_time(office):
    with transaction.atomic():
        lock_money(COUNTY_CODE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            assert cursor.fetchone()[0] >= 1


def test_doctor_finds_books_and_entries_that_somebody_changed_behind_us(committed_database):
    fund = Office().funded(1_000)
    assert {(one.check, one.state) for one in (doctor._books(), doctor._entries())} == {
        ("books", "fine"), ("entries", "fine"),
    }  # fmt: skip
    with pointed_at("owner", committed_database), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE treasury_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE treasury_posting SET amount_fen = amount_fen + 1 WHERE amount_fen > 0")
    book = book_of(fund, COUNTY_CODE, BookKind.AVAILABLE)
    said = doctor._books()
    assert (said.state, f"these books is not the sum of their postings: {book.pk}." in said.text) == ("wrong", True)
    assert f"WHERE id IN ({book.pk});" in said.mend
    assert doctor._entries().state == "wrong"
