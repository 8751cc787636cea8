"""Recognitions are looked at again: what is due, what is found, and who is asked."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.allowances.actions.deciding import CaseChanged
from hutong.allowances.actions.reviewing import find_reviews_due
from hutong.allowances.models import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.recognitions import recognised
from hutong.registry.models import Circumstance
from tests.applications import unattended
from tests.factories import NEXT_COUNTY, TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, child, holding, person
from tests.facts import circumstance, evidence, joined_to, parent, study
from tests.recognitions import ON, RELEASED, SINCE, Reviewers, held, mark, released

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 1)
SOON = DUE - timedelta(days=30)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def office():
    return Reviewers()


def waiting(*kinds):
    tasks = Task.objects.filter(subject_kind="recognition", closed_at__isnull=True)
    return sorted(tasks.values_list("kind", "role", "due_on"))


def test_a_review_is_asked_for_thirty_days_ahead():
    of = held()
    find_reviews_due(on=SOON - timedelta(days=1))
    assert waiting() == []

    assert find_reviews_due(on=SOON) == 1
    assert waiting() == [("review_recognition", "county_officer", DUE)]
    assert Task.objects.get().values == {"file": of.child.file_number}
    assert Task.objects.get().subject_key == str(of.pk)


def test_where_the_township_is_manned_it_is_asked(office):
    assert office.supervisor
    held()
    find_reviews_due(on=SOON)
    assert waiting() == [("review_recognition", "township_supervisor", DUE)]


def test_a_review_answers_the_task_and_the_next_is_due_a_year_later(office):
    of = held()
    find_reviews_due(on=ON)
    done = office.reviewed(of)

    assert waiting() == []
    assert (done.due_on, done.finding, done.answer, done.differs) == (DUE, "continues", "continues", False)
    assert "mz" not in done.reasons.open() and "民发〔2019〕62号" in done.reasons.open()
    assert recognised(of, on=ON).due_on == date(2027, 6, 11)
    assert TrailEntry.objects.get(act="recognition_review").subject_key == of.child.file_number
    find_reviews_due(on=date(2027, 5, 12))
    assert waiting() == [("review_recognition", "township_supervisor", date(2027, 6, 11))]


def test_what_is_no_longer_held_is_not_asked_about(office):
    of = held()
    find_reviews_due(on=ON)
    of.until_on = ON - timedelta(days=1)
    of.save()
    find_reviews_due(on=ON)

    assert waiting() == []
    with pytest.raises(Refused, match="ended"):
        office.reviewed(of)


def test_only_what_is_paid_for_is_reviewed():
    holding(child(holdings=()), "left_behind")
    assert find_reviews_due(on=ON) == 0


def test_otherwise_than_the_law_only_in_words(office):
    of = released()
    with pytest.raises(Refused, match="why"):
        office.reviewed(of)

    done = office.reviewed(of, words="母亲出狱后病重，仍无力照料")
    assert done.differs and done.answer == "ends"
    assert done.words.open() == "母亲出狱后病重，仍无力照料"


def test_what_was_never_shown_is_no_contradiction(office):
    bare = holding(child(holdings=()), "de_facto", from_on=SINCE)
    done = office.reviewed(bare)
    assert (done.answer, done.differs) == ("unshown", False)


def test_a_review_may_suspend(office):
    of = released()
    office.reviewed(of, finding="suspended", reason="unclear", words="待核实")

    suspension = RecognitionSuspension.objects.get()
    assert (suspension.reason, suspension.from_month, suspension.words.open()) == (
        "unclear",
        date(2026, 7, 1),
        "待核实",
    )
    assert waiting() == [("settle_suspension", "county_officer", date(2026, 7, 11))]


def test_a_review_may_propose_the_end(office):
    office.reviewed(released(), finding="ends", reason="released", happened_on=RELEASED)

    end = RecognitionEnd.objects.get()
    assert (end.reason, end.happened_on, end.from_month, end.answer) == (
        "released", RELEASED, date(2026, 5, 1), "ends",
    )  # fmt: skip
    assert waiting() == [("confirm_end", "approver", date(2026, 6, 16))]


@pytest.mark.parametrize("finding", ["suspended", "ends"])
def test_a_review_that_stops_something_has_a_reason(office, finding):
    with pytest.raises(Refused, match="reason"):
        office.reviewed(released(), finding=finding)
    assert not RecognitionReview.objects.exists()


def test_nobody_reviews_twice_a_day_nor_with_a_finding_of_their_own(office):
    of = held()
    with pytest.raises(Refused, match="found"):
        office.reviewed(of, finding="perhaps")
    office.reviewed(of)
    with pytest.raises(Refused, match="today"):
        office.reviewed(of)


def test_what_has_changed_since_is_shown_again(office):
    of = held()
    seen = mark(of)
    Circumstance.objects.filter(child=of.child, kind="imprisoned").update(until_on=RELEASED)
    with pytest.raises(CaseChanged):
        office.reviewed(of, mark=seen)


def test_who_may_not(office):
    of = held()
    for stranger in (person("approver"), person("village_director", of.child.responsible_code),
                     person("county_officer", NEXT_COUNTY)):  # fmt: skip
        with pytest.raises(NotAllowed):
            office.reviewed(of, by=stranger)


def test_what_has_ended_is_looked_into_within_days_that_do_not_begin_anew(office):
    office.reviewed(of := released(), words="暂无法核实")
    find_reviews_due(on=ON)
    assert waiting() == [("look_into_recognition", "township_supervisor", date(2026, 6, 18))]
    find_reviews_due(on=ON + timedelta(days=3))
    assert waiting() == [("look_into_recognition", "township_supervisor", date(2026, 6, 18))]

    Circumstance.objects.filter(child=of.child, kind="imprisoned").update(until_on=date(2030, 1, 1))
    find_reviews_due(on=ON + timedelta(days=3))
    assert waiting() == []


def found(of, on=ON):
    return recognised(of, on=on).examination


def test_an_expired_paper_is_found_unless_another_shows_the_same():
    of = held()
    fact = Circumstance.objects.get(child=of.child, kind="imprisoned")
    fact.evidence.update(expires_on=ON - timedelta(days=1))
    assert found(of).reason == "paper_expired"
    assert found(of, ON - timedelta(days=1)).reason == ""

    fact.evidence.add(evidence(of.child, kind="custody_paper"))
    assert found(of).reason == ""


def test_study_carries_over_the_birthday():
    of = held(unattended(birth_date=date(2008, 5, 1)))
    assert found(of).reason == "grown_up"
    study(of.child, level="senior_high")
    assert found(of).finding == "continues"


def test_what_a_joined_file_says_counts():
    leading, other = child(holdings=()), child(holdings=())
    circumstance(parent(leading, "father"), "dead")
    circumstance(parent(other, "mother"), "imprisoned", until_on=RELEASED)
    of = held(other)
    assert found(of).finding == "unshown"
    joined_to(leading, other)
    of.child.refresh_from_db()
    now = recognised(of, on=ON)
    assert (now.file, now.examination.reason) == (leading, "released")


def test_many_are_found_with_few_questions(django_assert_max_num_queries):
    for _ in range(12):
        released(whose=unattended(living_code=VILLAGE_OF_NEXT_COUNTY))
    person("township_supervisor", TOWNSHIP)
    with django_assert_max_num_queries(32):
        assert find_reviews_due(on=ON) == 12
