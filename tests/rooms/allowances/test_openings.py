"""Opening positions: entered by one person, confirmed by another; no run looks earlier but by a decision of two."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.allowances.actions import opening as verbs
from hutong.allowances.actions.opening import Position
from hutong.allowances.models import Opening, RunLine
from hutong.law.months import Month
from tests import factories as make
from tests.payments import ON, Office, paid_child

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AUGUST, LIST = Month(2026, 8), "一卡通发放清册"


def entered(office: Office, child, through: Month = AUGUST, **more) -> Opening:
    said = {"by": office.payer, "child": child, "paid_through": through, "source": LIST, "on": ON}
    return verbs.enter_opening(**said | more)


def confirmed(office: Office, child, through: Month = AUGUST) -> Opening:
    return verbs.confirm_opening(by=office.approver, opening=entered(office, child, through), on=ON)


def months(run) -> list[str]:
    return [f"{one.month:%Y-%m}" for one in RunLine.objects.filter(run=run).order_by("month")]


def changed(office: Office, opening: Opening, through: Month, words: str = "清册漏列") -> Opening:
    return verbs.change_opening(by=office.payer, opening=opening, paid_through=through, source=LIST, words=words, on=ON)


def test_a_run_looks_at_the_month_after_and_no_earlier():
    office, child = Office(), paid_child()
    confirmed(office, child)
    assert months(office.prepared()) == ["2026-09", "2026-10", "2026-11"]


@pytest.mark.parametrize("through", [Month(2026, 11), Month(2026, 10)])
def test_a_month_paid_elsewhere_is_not_paid_again(through):
    office, child = Office(), paid_child()
    confirmed(office, child, through)
    assert months(office.prepared()) == (["2026-11"] if through < Month(2026, 11) else [])


def test_what_waits_changes_nothing():
    office, child = Office(), paid_child()
    entered(office, child)
    assert months(office.prepared()) == ["2026-11"]


def test_looking_earlier_is_a_decision_of_two_people_and_a_row_of_its_own():
    office, child = Office(), paid_child()
    office.funded()
    first = confirmed(office, child)
    office.approved()
    second = changed(office, first, Month(2026, 6))
    assert months(office.prepared(Month(2026, 12))) == ["2026-12"]

    verbs.confirm_opening(by=office.approver, opening=second, on=ON)
    assert months(office.prepared(Month(2026, 12))) == ["2026-07", "2026-08", "2026-12"]
    first.refresh_from_db()
    assert (first.paid_through, first.confirmed_by) == (date(2026, 8, 1), office.approver)
    second.refresh_from_db()
    assert second.words.open() == "清册漏列"


def test_a_later_month_can_be_decided_too():
    office, child = Office(), paid_child()
    verbs.confirm_opening(by=office.approver, opening=changed(office, confirmed(office, child), Month(2026, 10)), on=ON)
    assert months(office.prepared()) == ["2026-11"]


def test_it_is_corrected_until_it_is_confirmed_and_whoever_corrects_does_not_confirm():
    office, child = Office(), paid_child()
    opening, other = entered(office, child), make.person("payer")
    verbs.correct_opening(by=other, opening=opening, paid_through=Month(2026, 9), source=LIST, on=ON)
    opening.refresh_from_db()
    assert (opening.entered_by, opening.paid_through) == (other, date(2026, 9, 1))
    verbs.confirm_opening(by=office.approver, opening=opening, on=ON)
    with pytest.raises(Refused, match="decided already"):
        verbs.correct_opening(by=other, opening=opening, paid_through=AUGUST, source=LIST, on=ON)


def test_nobody_confirms_what_they_entered():
    office = Office()
    opening = entered(office, paid_child())
    Opening.objects.filter(pk=opening.pk).update(entered_by=office.approver)
    with pytest.raises(Refused, match="Another person"):
        verbs.confirm_opening(by=office.approver, opening=opening, on=ON)


def test_what_was_refused_can_be_entered_anew_and_a_refused_change_leaves_the_first():
    office, child = Office(), paid_child()
    verbs.refuse_opening(by=office.approver, opening=entered(office, child), words="查无此发放", on=ON)
    first = confirmed(office, child, Month(2026, 9))
    verbs.refuse_opening(by=office.payer, opening=changed(office, first, AUGUST), words="填错", on=ON)
    assert months(office.prepared()) == ["2026-10", "2026-11"]
    changed(office, first, AUGUST)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"source": " "}, "by what"),
        ({"paid_through": Month(2026, 12)}, "lies between"),
        ({"paid_through": Month(2015, 2)}, "lies between"),
    ],
)
def test_what_does_not_fit_is_refused(more, why):
    office = Office()
    with pytest.raises(Refused, match=why):
        entered(office, paid_child(), **more)


def test_there_is_one_and_one_change_at_a_time():
    office, child = Office(), paid_child()
    opening = entered(office, child)
    with pytest.raises(Refused, match="already"):
        entered(office, child)
    with pytest.raises(Refused, match="not confirmed"):
        changed(office, opening, AUGUST)
    verbs.confirm_opening(by=office.approver, opening=opening, on=ON)
    with pytest.raises(Refused, match="why"):
        changed(office, opening, AUGUST, words=" ")
    changed(office, opening, AUGUST)
    with pytest.raises(Refused, match="proposed already"):
        changed(office, opening, AUGUST)


def test_many_are_entered_at_once_and_what_cannot_is_left_with_its_reason():
    office, child, other = Office(), paid_child(), paid_child()
    far = paid_child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    confirmed(office, other)
    positions = [Position(one.file_number, AUGUST) for one in (child, other, far)]
    found = verbs.enter_openings(by=office.payer, positions=positions, source=LIST, on=ON)

    assert [one.child for one in found.openings] == [child]
    assert set(found.left) == {other.file_number, far.file_number}
    assert len(verbs.confirm_openings(by=office.approver, openings=found.openings, on=ON)) == 1


def test_only_who_prepares_enters_and_only_who_approves_confirms():
    office, child = Office(), paid_child()
    for role, county in (("finance", make.COUNTY), ("approver", make.COUNTY), ("payer", make.NEXT_COUNTY)):
        with pytest.raises(NotAllowed):
            entered(office, child, by=make.person(role, county))
    opening = entered(office, child)
    for role, county in (("payer", make.COUNTY), ("approver", make.NEXT_COUNTY)):
        with pytest.raises(NotAllowed):
            verbs.confirm_opening(by=make.person(role, county), opening=opening, on=ON)


def test_the_county_has_one_task_while_some_wait_and_the_trail_says_who():
    office, children = Office(), [paid_child(), paid_child()]
    openings = [entered(office, child) for child in children]
    task = Task.objects.get(kind="confirm_openings", closed_at=None)
    assert (task.subject_key, task.role, task.values) == (make.COUNTY, "approver", {"children": 2})

    verbs.confirm_openings(by=office.approver, openings=openings, on=ON)
    assert not Task.objects.filter(kind="confirm_openings", closed_at=None).exists()
    entry = TrailEntry.objects.filter(act="confirm_opening").earliest("id")
    assert entry.details == {"opening": openings[0].pk, "paid_through": "2026-08"}
    assert entry.subject_key == children[0].file_number
