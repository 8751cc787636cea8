"""What one proposed another confirms or refuses, once, at the place that is responsible then."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.registry.actions import bulk
from hutong.registry.actions.changes import read_document
from hutong.registry.actions.closing import close, reopen
from hutong.registry.actions.deciding import confirm, refuse
from hutong.registry.actions.holding import begin_holding, end_holding
from hutong.registry.models import Change, Child
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, child, holding, person

DAY = timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PAID = ("de_facto", "orphan_kin", "orphan_institution")


def proposed(by, whose, category="de_facto", **more):
    values = {"from_on": ON - DAY, "decision_number": "永民〔2025〕7号", "reason": "happened", "on": ON} | more
    return begin_holding(by=by, child=whose, category=category, revision=whose.revision, **values)


@pytest.mark.parametrize("category", PAID)
def test_what_is_confirmed_holds_from_the_day_that_was_said(category):
    officer, approver, whose = person("county_officer"), person("approver"), child(holdings=[])
    change = proposed(officer, whose, category)
    assert not whose.holdings.exists() and change.stage == "proposed"

    done = confirm(by=approver, change=change, on=ON)

    row = whose.holdings.get()
    assert (row.category, row.from_on, row.until_on, row.decision_number) == (
        category,
        ON - DAY,
        None,
        "永民〔2025〕7号",
    )
    assert (done.stage, done.decided_by, done.decided_at is None) == ("done", approver, False)
    assert Task.objects.get(kind="confirm_change").outcome == "done"
    assert Child.objects.get().revision == 3
    entry = TrailEntry.objects.get(act="confirm_change")
    assert (entry.by, entry.subject_key) == (approver, whose.file_number)
    assert entry.details == {"change": change.pk, "columns": ["category", "category_from", "decision_number"]}


def test_the_proposer_confirms_nothing_whatever_else_they_are():
    officer = person("county_officer")
    change = proposed(officer, child(holdings=[]))
    officer.postings.update(role="approver")
    fresh = type(officer).objects.get(pk=officer.pk)
    with pytest.raises(Refused, match="Another person"):
        confirm(by=fresh, change=change, on=ON)
    assert Change.objects.get().stage == "proposed"


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("approver", NEXT_COUNTY), ("county_officer", COUNTY), ("township_supervisor", TOWNSHIP), ("payer", COUNTY)],
)
def test_the_wrong_person_decides_nothing(role, prefix):
    change, wrong = proposed(person("county_officer"), child(holdings=[])), person(role, prefix)
    with pytest.raises(NotAllowed):
        confirm(by=wrong, change=change, on=ON)
    with pytest.raises(NotAllowed):
        refuse(by=wrong, change=change, words="不符合", on=ON)


def test_a_refusal_says_why_and_nothing_has_changed():
    officer, approver, whose = person("county_officer"), person("approver"), child(holdings=[])
    change = proposed(officer, whose)
    with pytest.raises(Refused, match="few words"):
        refuse(by=approver, change=change, words="  ", on=ON)

    refuse(by=approver, change=change, words="父亲仍在家", on=ON)

    kept = Change.objects.get()
    assert (kept.stage, kept.answer.open(), kept.decided_by) == ("refused", "父亲仍在家", approver)
    assert not whose.holdings.exists() and Task.objects.get().outcome == "refused"
    assert "父亲" not in str(TrailEntry.objects.get(act="refuse_change").details)
    for late in (confirm, lambda **more: refuse(words="再说", **more)):
        with pytest.raises(Refused, match="decided already"):
            late(by=approver, change=change, on=ON)


def test_who_proposed_takes_it_back():
    officer, whose = person("county_officer"), child(holdings=[])
    refuse(by=officer, change=proposed(officer, whose), words="填错了", on=ON)
    kept = Change.objects.get()
    assert (kept.stage, kept.decided_by) == ("refused", None)
    assert proposed(officer, Child.objects.get()).stage == "proposed"


@pytest.mark.parametrize("wants", ["begin", "end", "close"])
def test_one_thing_waits_at_a_time(wants):
    officer, whose = person("county_officer"), child(holdings=["de_facto"])
    end_holding(by=officer, holding=whose.holdings.get(), until_on=ON, revision=1, reason="happened", on=ON)
    more = {"by": officer, "revision": 2, "on": ON}
    acts = {
        "begin": lambda: begin_holding(
            child=whose, category="orphan_institution", from_on=ON, reason="happened", **more
        ),
        "end": lambda: end_holding(holding=whose.holdings.get(), until_on=ON, reason="happened", **more),
        "close": lambda: close(child=whose, closed_on=ON, reason="died", **more),
    }
    with pytest.raises(Refused, match="second person"):
        acts[wants]()
    assert Change.objects.count() == 1


def test_after_a_move_the_new_county_confirms():
    whose = child(holdings=[])
    change = proposed(person("county_officer"), whose)
    Child.objects.update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(NotAllowed):
        confirm(by=person("approver"), change=change, on=ON)

    confirm(by=person("approver", NEXT_COUNTY), change=change, on=ON)

    assert whose.holdings.get().category == "de_facto"
    assert Change.objects.get().division_code != VILLAGE_OF_NEXT_COUNTY
    assert TrailEntry.objects.get(act="confirm_change").division_code == VILLAGE_OF_NEXT_COUNTY


def test_what_came_another_way_meanwhile_is_not_begun_twice():
    whose, approver = child(holdings=[]), person("approver")
    change = proposed(person("county_officer"), whose)
    holding(whose, "de_facto")
    with pytest.raises(Refused, match="already"):
        confirm(by=approver, change=change, on=ON)
    refuse(by=approver, change=change, words="已由导入登记", on=ON)


def test_what_ended_another_way_meanwhile_is_not_ended_twice():
    officer, whose = person("county_officer"), child(holdings=["de_facto"])
    row = whose.holdings.get()
    change = end_holding(by=officer, holding=row, until_on=ON, revision=1, reason="happened", on=ON)
    whose.holdings.update(until_on=ON - DAY)
    with pytest.raises(Refused, match="does not hold"):
        confirm(by=person("approver"), change=change, on=ON)


def test_an_end_of_before_does_not_let_an_older_one_begin_within_it():
    officer, whose = person("county_officer"), child(holdings=[])
    holding(whose, "de_facto", until_on=ON - DAY)
    with pytest.raises(Refused, match="In these days"):
        proposed(officer, whose, from_on=ON - 30 * DAY)


def test_a_paid_end_waits_and_says_its_last_day():
    officer, whose = person("county_officer"), child(holdings=["de_facto"])
    change = end_holding(
        by=officer, holding=whose.holdings.get(), until_on=ON, revision=1, reason="guardianship_restored", on=ON
    )
    assert (change.stage, whose.holdings.get().until_on) == ("proposed", None)
    assert read_document(change)[1] == {"category": "de_facto", "category_until": "2025-06-02"}
    confirm(by=person("approver"), change=change, on=ON)
    assert whose.holdings.get().until_on == ON


def ways_alone(officer, whose):
    """All that one officer can do to a child with a paid category, and to a closed one with none."""
    more = {"by": officer, "on": ON}
    open_one, closed_one = whose, child(closed_on=ON, closed_reason="adopted", holdings=[])
    numbers = [open_one.file_number, closed_one.file_number]
    row = open_one.holdings.get()
    yield lambda: end_holding(holding=row, until_on=ON, revision=1, reason="happened", **more)
    yield lambda: close(child=open_one, closed_on=ON, reason="died", revision=1, **more)
    yield lambda: reopen(child=closed_one, categories=["orphan_kin"], reason="came_back", revision=1, **more)
    for category in PAID:
        yield lambda category=category: begin_holding(
            child=open_one, category=category, from_on=ON, revision=1, reason="happened", **more
        )
        for operation, reason in (("begin_category", "happened"), ("end_category", "happened"), ("close", "died")):
            wanted = bulk.Wanted(operation, {"category": category, "day": ON}, reason)
            yield lambda wanted=wanted: bulk.change_many(file_numbers=numbers, wanted=wanted, **more)


def paid_now():
    held = Child.objects.filter(holdings__category__in=PAID, holdings__until_on__isnull=True)
    return sorted(held.values_list("pk", "holdings__category"))


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", COUNTY), ("township_supervisor", TOWNSHIP), ("approver", COUNTY)]
)
def test_nobody_alone_begins_or_ends_what_is_paid(role, prefix):
    by, whose = person(role, prefix), child(holdings=["de_facto"])
    before = paid_now()
    for act in ways_alone(by, whose):
        try:
            act()
        except Refused:
            continue
        finally:
            assert paid_now() == before
        for waits in Change.objects.filter(stage="proposed"):
            with pytest.raises(Refused):
                confirm(by=by, change=waits, on=ON)
            refuse(by=by, change=waits, words="收回", on=ON)
        Child.objects.update(revision=1)
    assert paid_now() == before
