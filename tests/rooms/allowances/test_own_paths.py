"""Adopted disabled orphans, orphans of institutions, foundlings: each by its own path."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task
from hutong.allowances.actions import applying, following_up
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.cases import case_of, clock_of
from hutong.law.categories import Basis
from hutong.law.recognition import Outcome
from hutong.registry.models import CategoryHolding
from tests.applications import ACCEPTED, BEGUN, CHECKED, DECIDED, Office, papers
from tests.around import organisation, placement
from tests.factories import TOWNSHIP, child, holding, person
from tests.facts import circumstance, disability, evidence, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ADOPTED = date(2026, 5, 20)


def adopted_orphan():
    """A disabled child who was an orphan and was adopted, with all papers."""
    made = child(holdings=())
    papers(made, ("household_book", "id_card", "adoption_registration", "continuation_form"))
    holding(made, "orphan_kin", from_on=date(2020, 3, 1), until_on=ADOPTED)
    for role in ("adoptive_father", "adoptive_mother"):
        parent(made, role, name="柳建平", from_on=ADOPTED)
    disability(made).evidence.add(evidence(made, kind="disability_certificate"))
    return made


def foundling(notice_on, **more):
    """A child found and raised in an institution, whose parents are sought."""
    made = child(**{"holdings": ("abandoned",), "guardian": None} | more)
    papers(made)
    days = {"from_on": date(2026, 2, 1), "reported_on": date(2026, 2, 1), "notice_on": notice_on}
    fact = circumstance(parent=None, child=made, kind="parents_not_found", **days)
    fact.evidence.add(evidence(made, kind="police_receipt"))
    return made


class OfCounty(Office):
    """Three people of the county."""

    def __init__(self):
        self.director = self.acceptor = person("county_officer")
        self.checker = person("county_officer")


def test_an_adopted_disabled_orphan_keeps_receiving_and_no_roster_tells_it():
    application = Office().confirmed(adopted_orphan(), category="orphan_kin")

    held = CategoryHolding.objects.get(until_on=None)
    decision = application.decisions.get()
    assert (held.category, held.secret_basis.open()) == ("orphan_kin", Basis.ADOPTED.padded)
    assert (decision.answer_category, decision.differs, decision.from_month) == ("orphan_kin", False, date(2026, 7, 1))


def test_its_own_papers_are_asked_for():
    whose = adopted_orphan()
    whose.papers.filter(kind__in=("adoption_registration", "continuation_form")).delete()
    case = case_of(Office().submitted(whose, category="orphan_kin"), on=ACCEPTED)

    assert [item.key for item in case.missing] == ["paper-adoption_registration", "paper-continuation_form"]


def test_the_visits_after_the_adoption_are_tasks():
    whose = adopted_orphan()
    assert following_up.find_follow_ups(on=ADOPTED) == 0
    assert following_up.find_follow_ups(on=date(2026, 5, 21)) == 1

    task = Task.objects.get(kind="visit_adopted")
    assert (task.subject_key, task.role, task.due_on) == (whose.file_number, "county_officer", date(2026, 6, 20))


def test_who_is_not_disabled_is_not_asked_about():
    whose = adopted_orphan()
    whose.circumstance_set.all().delete()
    assert following_up.find_follow_ups(on=DECIDED) == 0


@pytest.fixture
def raised():
    """A foundling of an institution whose notice has passed."""
    made = foundling(date(2026, 3, 1))
    in_institution(made)
    return made


def in_institution(whose):
    placement(whose, organisation=organisation(), from_on=date(2026, 2, 2))


HOME = Applicant("institution", "永宁县儿童福利院")


def test_an_institution_files_and_the_county_takes_every_step(raised):
    office = OfCounty()
    application = office.accepted(raised, category="orphan_institution", applicant=HOME)

    clock = clock_of(application, on=CHECKED)
    assert [leg.leg for leg in clock.legs] == ["county"] and clock.whole.days == 5
    task = Task.objects.get(closed_at=None, subject_kind="application")
    assert (task.role, task.division_code) == ("county_officer", "640122000000")
    supervisor = person("township_supervisor", TOWNSHIP)
    with pytest.raises(NotAllowed):
        applying.withdraw(by=supervisor, application=application, words="不再申请", on=CHECKED)


def test_a_foundling_is_an_orphan_and_sought_no_more(raised):
    OfCounty().confirmed(raised, category="orphan_institution", applicant=HOME)

    assert CategoryHolding.objects.get(until_on=None).category == "orphan_institution"
    assert CategoryHolding.objects.get(category="abandoned").until_on == date(2026, 6, 17)


def test_while_the_notice_runs_the_case_says_until_when():
    whose = foundling(date(2026, 5, 1))
    in_institution(whose)
    case = case_of(OfCounty().begun(whose, category="orphan_institution", applicant=HOME), on=BEGUN)

    assert case.answer.outcome is not Outcome.RECOGNISED
    assert any("2026年6月30日满60日" in reason.text for reason in case.answer.reasons)


def test_the_township_does_not_file_for_an_institution(raised):
    with pytest.raises(NotAllowed):
        applying.begin_application(
            by=person("township_supervisor", TOWNSHIP),
            child=raised,
            category="orphan_institution",
            applicant=HOME,
            on=BEGUN,
        )


@pytest.mark.parametrize(
    ("category", "is_placed", "words"),
    [("de_facto", True, "orphan raised in it"), ("orphan_institution", False, "No placement in an institution")],
)
def test_what_an_institution_does_not_apply_for(category, is_placed, words):
    whose = foundling(date(2026, 3, 1))
    if is_placed:
        in_institution(whose)
    with pytest.raises(Refused, match=words):
        OfCounty().begun(whose, category=category, applicant=HOME)
