"""A refusal is looked at again by another person: upheld, or confirmed after all."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Notice, Task
from hutong.allowances.actions import applying, deciding
from hutong.allowances.actions.applying import last_day_of_review
from hutong.allowances.cases import case_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import State
from hutong.registry.models import CategoryHolding
from tests.applications import BEGUN, DECIDED, Office
from tests.factories import holding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
REVIEWED = date(2026, 7, 2)


@pytest.fixture
def office():
    return Office()


def decide(verb, office, application, **more):
    said = {"by": office.reviewer, "words": "经复核", "mark": case_of(application, on=REVIEWED).mark, "on": REVIEWED}
    return verb(application=application, **said | more)


def test_a_refusal_becomes_a_recognition(office):
    application = office.reviewed()
    task = Task.objects.get(kind="review_application", closed_at__isnull=True)
    assert (task.role, task.due_on) == ("approver", date(2026, 7, 2))

    decision = decide(deciding.overturn, office, application)
    now = Application.objects.get()
    assert (now.state, now.decided_by, now.reviewed_by) == (State.CONFIRMED, office.approver, office.reviewer)
    assert (decision.round, decision.outcome, decision.from_month) == (2, "confirmed", date(2026, 8, 1))
    assert CategoryHolding.objects.get().from_on == REVIEWED
    assert [one.round for one in now.decisions.all()] == [1, 2]
    assert not Task.objects.filter(kind="review_application", closed_at__isnull=True).exists()


def test_a_refusal_is_upheld_on_its_ground(office):
    decision = decide(deciding.uphold, office, office.reviewed())

    assert (decision.outcome, decision.ground, decision.differs) == ("refused", "untrue", True)
    assert Application.objects.get().state == State.UPHELD
    assert not CategoryHolding.objects.exists()
    assert Notice.objects.filter(kind="application_upheld").count() == 2


@pytest.mark.parametrize("verb", [deciding.uphold, deciding.overturn])
def test_whoever_refused_does_not_review(office, verb):
    application = office.reviewed()

    with pytest.raises(Refused, match="three people"):
        decide(verb, office, application, by=office.approver)
    with pytest.raises(Refused, match="in a few words"):
        decide(verb, office, application, words=" ")
    with pytest.raises(deciding.CaseChanged):
        decide(verb, office, application, mark="0" * 64)
    assert Application.objects.get().state == State.REVIEW


def test_a_review_is_asked_for_in_words_and_in_time(office):
    application = office.refused()
    said = {"by": office.director, "application": application}
    assert last_day_of_review(application) == date(2026, 8, 17)
    with pytest.raises(Refused, match="in a few words"):
        applying.ask_for_review(words="", on=DECIDED, **said)
    with pytest.raises(Refused, match="Apply anew"):
        applying.ask_for_review(words="请复核", on=date(2026, 8, 18), **said)

    assert applying.ask_for_review(words="请复核", on=date(2026, 8, 17), **said).state == State.REVIEW


def test_a_draft_has_no_last_day_of_review(office):
    with pytest.raises(ValueError, match="not decided"):
        last_day_of_review(office.begun())


def test_not_beside_another_application(office):
    application = office.refused()
    office.begun(application.child)

    with pytest.raises(Refused, match="open application"):
        applying.ask_for_review(by=office.director, application=application, words="请复核", on=DECIDED)


def test_while_it_is_reviewed_nobody_applies_again(office):
    application = office.reviewed()

    with pytest.raises(Refused, match="open application"):
        office.begun(application.child, on=BEGUN)


def test_nobody_is_paid_for_twice_after_a_review(office):
    application = office.reviewed()
    holding(application.child, "orphan_kin")

    with pytest.raises(Refused, match="paid"):
        decide(deciding.overturn, office, application)
