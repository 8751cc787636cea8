"""A file is closed softly and opened again; what is paid ends and begins only with a second person."""

from datetime import date, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.law.changes import LEAVING
from hutong.registry.actions.changes import Overtaken, read_document
from hutong.registry.actions.closing import close, reopen
from hutong.registry.actions.deciding import confirm
from hutong.registry.actions.holding import begin_holding, end_holding
from hutong.registry.models import CategoryHolding, Child
from hutong.registry.queries import visible_to
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, child, holding, person, task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


def closed(by, whose, closed_on=ON, reason="no_longer_fits", **more):
    values = {"revision": Child.objects.get(pk=whose.pk).revision, "on": ON} | more
    return close(by=by, child=whose, closed_on=closed_on, reason=reason, **values)


def reopened(by, whose, categories=("dibao",), reason="fits_again", **more):
    whose = Child.objects.get(pk=whose.pk)
    values = {"revision": whose.revision, "on": ON} | more
    return reopen(by=by, child=whose, categories=list(categories), reason=reason, **values)


def held(whose):
    """What a child holds now, and its last days of before."""
    return sorted(whose.holdings.values_list("category", "until_on"), key=str)


def test_a_file_is_closed_with_what_it_holds_and_its_tasks():
    officer, whose = person("county_officer"), child(holdings=["dibao", "migrant"])
    task(kind="get_id", subject_kind="child", subject_key=whose.file_number)

    change = closed(officer, whose, ON - DAY, words="父亲已回家")

    now = Child.objects.get()
    assert (now.closed_on, now.closed_reason, now.revision) == (ON - DAY, "no_longer_fits", 2)
    assert held(now) == [("dibao", ON - DAY), ("migrant", ON - DAY)]
    assert (change.kind, change.stage, change.division_code, change.words.open()) == (
        "close",
        "done",
        VILLAGE,
        "父亲已回家",
    )
    assert read_document(change) == (
        {"category": "dibao migrant"},
        {"closed_on": "2025-06-01", "closed_reason": "no_longer_fits"},
    )
    assert Task.objects.get().outcome == "closed"
    entry = TrailEntry.objects.get(act="close_child")
    assert (entry.subject_key, entry.division_code) == (whose.file_number, VILLAGE)
    assert entry.details == {"change": change.pk, "columns": ["category", "closed_on", "closed_reason"]}
    assert visible_to(officer, on=ON).get() == whose


@pytest.mark.parametrize("category", ["de_facto", "orphan_kin", "orphan_institution"])
def test_a_paid_category_keeps_the_file_open_until_another_confirms(category):
    officer, whose = person("county_officer"), child(holdings=[category, "dibao"])

    change = closed(officer, whose)

    assert change.stage == "proposed" and Child.objects.get().closed_on is None
    assert held(whose) == sorted([("dibao", None), (category, None)])
    asked = Task.objects.get(kind="confirm_change")
    assert (asked.role, asked.division_code, asked.due_on, asked.values) == ("approver", VILLAGE, ON + 5 * DAY, {})
    with pytest.raises(Refused, match="Another person"):
        confirm(by=officer, change=change, on=ON)
    confirm(by=person("approver"), change=change, on=ON)
    assert Child.objects.get().closed_on == ON and held(whose) == sorted([("dibao", ON), (category, ON)])


def test_a_paid_category_whose_end_is_known_does_not_outlive_the_file():
    officer, whose = person("county_officer"), child(holdings=[])
    holding(whose, "de_facto", until_on=ON + 30 * DAY)

    change = closed(officer, whose, reason="died")

    assert change.stage == "proposed"
    confirm(by=person("approver"), change=change, on=ON)
    assert held(whose) == [("de_facto", ON)]


def test_what_ended_before_is_left_as_it_was():
    whose = child(holdings=[])
    holding(whose, "de_facto", until_on=date(2025, 2, 1))
    assert closed(person("county_officer"), whose).stage == "done"
    assert held(whose) == [("de_facto", date(2025, 2, 1))]


def test_what_begins_after_the_last_day_is_one_day_long():
    whose = child(holdings=[])
    holding(whose, "dibao", from_on=ON)
    closed(person("county_officer"), whose, ON - 10 * DAY, reason="died")
    assert held(whose) == [("dibao", ON)]


def test_only_a_death_or_a_mistake_reaches_behind_what_has_begun_and_grown_up_is_18():
    whose, officer = child(holdings=[], birth_date=date(2007, 6, 3)), person("county_officer")
    holding(whose, "dibao", from_on=ON - 2 * DAY)
    for reason, on in (("adopted", ON - 3 * DAY), ("grown_up", ON)):
        with pytest.raises(Refused):
            closed(officer, whose, on, reason=reason)
    assert held(whose) == [("dibao", None)]


@pytest.mark.parametrize("reason", sorted(LEAVING))
def test_every_reason_of_the_list_closes(reason):
    born = date(2006, 3, 7) if reason == "grown_up" else date(2015, 3, 7)
    closed(person("county_officer"), child(birth_date=born), reason=reason)
    assert Child.objects.get().closed_reason == reason


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": "corrected"}, "Choose a reason"),
        ({"words": "长" * 501}, "500"),
        ({"closed_on": ON + DAY}, "between the child's birth"),
        ({"closed_on": date(2015, 3, 6)}, "between the child's birth"),
    ],
)
def test_what_does_not_fit_is_refused(more, said):
    with pytest.raises(Refused, match=said):
        closed(person("county_officer"), child(), **more)
    assert Child.objects.get().closed_on is None


def test_an_overtaken_a_closed_and_an_undecided_file_are_not_closed():
    officer, whose = person("county_officer"), child(holdings=["de_facto"])
    with pytest.raises(Overtaken):
        closed(officer, whose, revision=7)
    closed(officer, whose)
    with pytest.raises(Refused, match="second person"):
        closed(officer, whose)
    done = child()
    closed(officer, done)
    with pytest.raises(Refused, match="closed"):
        closed(officer, done)


@pytest.mark.parametrize(
    ("role", "prefix"),
    [
        ("township_supervisor", TOWNSHIP),
        ("approver", COUNTY),
        ("village_director", VILLAGE),
        ("county_officer", NEXT_COUNTY),
    ],
)
def test_who_may_not_close_does_not_reopen_either(role, prefix):
    wrong = person(role, prefix)
    with pytest.raises(NotAllowed):
        closed(wrong, child())
    with pytest.raises(NotAllowed):
        reopened(wrong, child(closed_on=ON, closed_reason="died"))


@pytest.mark.parametrize("days_between", [0, 1, 40])
def test_a_child_closed_and_reopened_holds_what_was_said(days_between):
    officer, whose = person("county_officer"), child(holdings=["dibao", "left_behind", "migrant"])
    closed(officer, whose, ON)
    later = ON + days_between * DAY

    change = reopened(officer, whose, ["migrant", "dibao", "dibao"], on=later)

    now = Child.objects.get()
    assert (now.closed_on, now.closed_reason, now.revision) == (None, "", 3)
    assert [category for category, until in held(now) if until is None] == ["dibao", "migrant"]
    assert ("left_behind", ON) in held(now)
    assert read_document(change) == (
        {"closed_on": "2025-06-02", "closed_reason": "no_longer_fits"},
        {"category": "dibao migrant", "category_from": later.isoformat()},
    )
    assert TrailEntry.objects.get(act="reopen_child").details["change"] == change.pk


def test_closed_by_mistake_and_reopened_the_same_day_nothing_was_interrupted():
    officer, whose = person("county_officer"), child()
    closed(officer, whose)
    reopened(officer, whose, reason="closed_wrongly")
    assert list(whose.holdings.values_list("from_on", "until_on")) == [(date(2025, 1, 1), None)]


def test_a_paid_category_comes_back_only_with_another_person():
    officer, whose = person("county_officer"), child(holdings=[])
    closed(officer, whose)

    change = reopened(officer, whose, ["de_facto", "dibao"])

    assert (change.stage, Child.objects.get().closed_on, held(whose)) == ("proposed", ON, [])
    with pytest.raises(Refused, match="Another person"):
        confirm(by=officer, change=change, on=ON)
    with pytest.raises(Refused, match="second person"):
        reopened(officer, whose, ["dibao"])
    confirm(by=person("approver"), change=change, on=ON)
    assert Child.objects.get().closed_on is None
    assert held(whose) == [("de_facto", None), ("dibao", None)]


@pytest.mark.parametrize("later", [ON, ON + DAY])
def test_a_sealed_basis_survives_closing_and_reopening(later):
    officer, approver, whose = person("county_officer"), person("approver"), child(holdings=[])
    holding(whose, "orphan_kin", secret_basis="hiv     ")
    confirm(by=approver, change=closed(officer, whose), on=ON)

    confirm(by=approver, change=reopened(officer, whose, ["orphan_kin"], on=later), on=later)

    now = whose.holdings.get(until_on__isnull=True)
    assert now.secret_basis.open() == "hiv     "
    assert len({len(one.secret_basis.token) for one in CategoryHolding.objects.all()}) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": "corrected"}, "Choose a reason"),
        ({"categories": ["rich"]}, "Choose a category"),
        ({"revision": 9}, "meanwhile"),
    ],
)
def test_what_does_not_fit_is_not_reopened(more, said):
    whose = child(closed_on=ON, closed_reason="adopted", holdings=[])
    with pytest.raises(Refused, match=said):
        reopened(person("county_officer"), whose, **more)


def test_an_open_file_is_not_reopened_and_the_dead_only_by_mistake():
    officer, dead = person("county_officer"), child(closed_on=ON, closed_reason="died", holdings=[])
    with pytest.raises(Refused, match="is open"):
        reopened(officer, child())
    with pytest.raises(Refused, match="reported dead"):
        reopened(officer, dead)
    reopened(officer, dead, reason="closed_wrongly")


def test_a_category_is_begun_and_ended_at_once_where_nothing_is_paid():
    officer, whose = person("township_supervisor", TOWNSHIP), child(holdings=[])
    said = {"by": officer, "reason": "happened", "on": ON}
    begun = begin_holding(
        child=whose, category="migrant", from_on=ON - DAY, decision_number="永残〔2025〕3号", revision=1, **said
    )
    row = whose.holdings.get()
    assert (row.category, row.from_on, row.decision_number) == ("migrant", ON - DAY, "永残〔2025〕3号")
    assert read_document(begun)[1] == {
        "category": "migrant",
        "category_from": "2025-06-01",
        "decision_number": "永残〔2025〕3号",
    }
    ended = end_holding(holding=row, until_on=ON, revision=2, **said)
    assert held(whose) == [("migrant", ON)] and ended.stage == "done"
    assert Child.objects.get().revision == 3
    with pytest.raises(Refused, match="ended already"):
        end_holding(holding=row, until_on=ON, revision=3, **said)
    with pytest.raises(Refused, match="In these days"):
        begin_holding(child=whose, category="migrant", from_on=ON, revision=3, **said)
    begin_holding(child=whose, category="migrant", from_on=ON + DAY, revision=3, **said | {"on": ON + DAY})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"category": "rich"}, "Choose a category"),
        ({"category": "dibao"}, "holds this category already"),
        ({"from_on": ON + DAY}, "first day"),
        ({"from_on": date(2015, 3, 6)}, "first day"),
        ({"reason": "died"}, "Choose a reason"),
        ({"revision": 2}, "meanwhile"),
    ],
)
def test_a_category_that_does_not_fit_does_not_begin(more, said):
    values = {"category": "migrant", "from_on": ON, "revision": 1, "reason": "happened", "on": ON} | more
    with pytest.raises(Refused, match=said):
        begin_holding(by=person("county_officer"), child=child(), **values)


def test_a_category_does_not_end_before_it_begins_nor_on_a_closed_file():
    officer, whose = person("county_officer"), child()
    values = {"by": officer, "reason": "no_longer_fits", "on": ON}
    with pytest.raises(Refused, match="before the first"):
        end_holding(holding=whose.holdings.get(), until_on=date(2024, 12, 31), revision=1, **values)
    closed(officer, whose)
    with pytest.raises(Refused, match="closed"):
        begin_holding(child=whose, category="migrant", from_on=ON, revision=2, **values | {"reason": "happened"})


def test_the_township_neither_begins_nor_ends_what_is_paid_and_the_neighbour_nothing():
    whose = child(holdings=["dibao", "de_facto"])
    paid, unpaid = whose.holdings.get(category="de_facto"), whose.holdings.get(category="dibao")
    values = {"reason": "happened", "on": ON, "revision": 1}
    supervisor, neighbour = person("township_supervisor", TOWNSHIP), person("county_officer", NEXT_COUNTY)
    for by, row, category in ((supervisor, paid, "orphan_kin"), (neighbour, unpaid, "migrant")):
        with pytest.raises(NotAllowed):
            end_holding(by=by, holding=row, until_on=ON, **values)
        with pytest.raises(NotAllowed):
            begin_holding(by=by, child=whose, category=category, from_on=ON, **values)
