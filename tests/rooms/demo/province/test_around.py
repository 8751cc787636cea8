"""What the rooms around the register hold in the demonstration: organisations, placements, agreements, visits."""

from collections import Counter

import pytest

from hutong.accounts.models import Person, TrailEntry
from hutong.demo import DEMONSTRATION_DAY
from hutong.law.identity import is_credit_code
from hutong.law.organisations import ORGANISATIONS
from hutong.network.models import Organisation
from hutong.network.queries import Filters, organisations
from hutong.outreach.models import Statement, Visit
from hutong.outreach.queries import last_seen_on
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.models import CategoryHolding, Child

pytestmark = pytest.mark.django_db


def test_there_are_some_sixty_organisations_of_every_kind_but_one() -> None:
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert 55 <= kinds.total() <= 70
    assert set(kinds) == set(ORGANISATIONS) - {"other"}
    assert kinds["protection_centre"] == 18  # of 22 counties: 81.8 %


def test_their_codes_are_nobodys_and_pass_the_check() -> None:
    codes = [code for code in Organisation.objects.values_list("credit_code", flat=True) if code]
    assert all(is_credit_code(code) and code.startswith("9164") and code[8:10] == "99" for code in codes)


def test_a_home_that_became_a_centre_ended_the_day_before() -> None:
    for former in Organisation.objects.filter(until_on__isnull=False):
        now = Organisation.objects.get(credit_code=former.credit_code, until_on__isnull=True)
        assert (now.kind, (now.from_on - former.until_on).days) == ("protection_centre", 1)


def test_each_was_registered_and_a_village_director_reads_of_some() -> None:
    assert TrailEntry.objects.filter(act="register_organisation").count() == Organisation.objects.count()
    director = Person.objects.get(username="lijun-director")
    kinds = {one.kind for one in organisations(director, Filters(), on=DEMONSTRATION_DAY)}
    assert {"township_station", "protection_centre", "welfare_institution"} <= kinds


def test_a_share_of_the_children_was_visited_in_their_time_by_the_director_of_their_village() -> None:
    visited = Child.objects.filter(visits__isnull=False).distinct()
    assert 0.2 < visited.count() / Child.objects.count() < 0.45
    for visit in Visit.objects.select_related("child"):
        child, last = visit.child, visit.child.closed_on or DEMONSTRATION_DAY
        assert child.birth_date <= child.registered_at.date() <= visit.visited_on <= last
        prefixes = visit.by.postings.get(role="village_director").prefixes
        assert child.responsible_code in prefixes
    assert TrailEntry.objects.filter(act="record_visit").count() == Visit.objects.count()
    assert any(last_seen_on(child) for child in visited)


def test_neighbours_are_heard_where_somebody_applies() -> None:
    checks = Visit.objects.filter(purpose="application_check")
    assert checks and all(check.statements.count() == 2 for check in checks)
    assert Statement.objects.count() == 2 * checks.count()
    assert {said.words.open()[-1] for said in Statement.objects.all()} == {"。"}


def test_every_orphan_of_an_institution_is_placed_in_one_and_some_are_with_relatives() -> None:
    held = CategoryHolding.objects.filter(category="orphan_institution", child__pk__lte=540)
    for holding in held:
        placed = Placement.objects.get(child=holding.child)
        assert (placed.kind, placed.organisation.kind) == ("institution", "welfare_institution")
        assert (placed.until_on is None) == (holding.child.closed_on is None)
    kinds = Counter(Placement.objects.values_list("kind", flat=True))
    assert held and kinds["kin"] and set(kinds) <= {"institution", "kin", "foster"}
    assert TrailEntry.objects.filter(act="place_child").count() == kinds.total()


def test_guardians_have_signed_for_their_own_children() -> None:
    agreements = GuardianshipAgreement.objects.select_related("guardian", "child")
    assert agreements and all(one.guardian.child_id == one.child_id for one in agreements)
    assert TrailEntry.objects.filter(act="sign_agreement").count() == len(agreements)
