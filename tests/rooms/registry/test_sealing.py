"""The sealed part: no act about it, and nothing that is kept of it, tells which of the two bases it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import Grant, Person, TrailEntry
from hutong.law.categories import Basis
from hutong.registry.actions.closing import close
from hutong.registry.actions.deciding import confirm
from hutong.registry.actions.sealing import may_open_secret, open_secret, seal_basis
from hutong.registry.dossier import changes, timeline
from hutong.registry.models import Change, Child
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, VILLAGE_OF_NEXT_COUNTY, child, person
from tests.facts import health

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BASES = list(Basis)


@pytest.fixture
def officer():
    return person("county_officer")


def sealed(by, whose=None, basis=Basis.HIV, named=(), reason="个案负责人", on=ON):
    whose = whose or child(holdings=["orphan_kin"])
    seal_basis(by=by, child=whose, basis=basis, named=named, reason=reason, on=on)
    return whose


def opened(by, whose):
    """The sealed part, by the same person at a later request: what somebody may is kept for one."""
    by = type(by).objects.get(pk=by.pk)
    now, about = timezone.now(), {"scope_kind": "child", "scope_key": whose.file_number, "division_code": VILLAGE}
    state_purpose(by=by, reason="recognition", on=ON, at=now, **about)
    return open_secret(by=by, child=whose, on=ON, at=now + timedelta(minutes=1))


def everything_kept(whose) -> list[object]:
    """All that stands of a child outside the seal, with numbers and moments taken away."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT category, from_on, until_on, basis, decision_number, octet_length(secret_basis),
                      substring(secret_basis for 2) FROM registry_categoryholding WHERE child_id = %s""",
            [whose.pk],
        )
        rows = [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()]
    trail = TrailEntry.objects.filter(subject_key=whose.file_number).order_by("id")
    entries = [(entry.act, entry.division_code, sorted(entry.details)) for entry in trail]
    changed = [(change.kind, change.columns) for change in changes(whose, sensitive=True, sealed=True)]
    granted = Grant.objects.filter(scope_key=whose.file_number).order_by("id")
    grants = [(grant.scope_kind, grant.reason.open()) for grant in granted]
    return [rows, entries, changed, grants, timeline(whose, sensitive=True), Child.objects.get(pk=whose.pk).revision]


def test_both_bases_leave_the_same_behind(officer):
    approver = person("approver")
    kept = []
    for basis in BASES:
        whose = sealed(officer, basis=basis, named=[approver])
        assert opened(officer, whose).basis == basis
        change = close(
            by=officer, child=whose, closed_on=ON, reason="no_longer_fits", on=ON,
            revision=Child.objects.get(pk=whose.pk).revision,
        )  # fmt: skip
        confirm(by=approver, change=change, on=ON)
        kept.append(everything_kept(whose))
    assert kept[0] == kept[1]
    assert "hiv" not in str(kept).lower()


def test_setting_it_names_who_may_open_it_and_writes_no_change(officer):
    approver, other = person("approver"), person("approver")

    whose = sealed(officer, named=[approver])

    assert not Change.objects.exists() and Child.objects.get().revision == 2
    (entry,) = TrailEntry.objects.all()
    assert (entry.act, entry.division_code, entry.details) == ("seal_basis", VILLAGE, {})
    fresh = [type(one).objects.get(pk=one.pk) for one in (officer, approver, other)]
    assert [may_open_secret(one, whose, on=ON) for one in fresh] == [True, True, False]
    assert opened(fresh[1], whose).basis == Basis.HIV
    with pytest.raises(Refused, match="not among the people"):
        opened(fresh[2], whose)


def test_it_opens_only_for_a_stated_purpose_and_each_time_is_recorded(officer):
    whose = sealed(officer)
    health(whose, kind="other", sensitivity="secret", words="每三月随访")
    officer = type(officer).objects.get(pk=officer.pk)
    with pytest.raises(PurposeNeeded):
        open_secret(by=officer, child=whose, on=ON, at=timezone.now())

    found = opened(officer, whose)

    assert found.health == ["每三月随访"]
    entry = TrailEntry.objects.get(act="open_secret")
    assert list(entry.details) == ["purpose"] and "随访" not in str(entry.details)


def test_it_is_set_again_by_those_who_are_named_alone(officer):
    whose = sealed(officer)
    with pytest.raises(Refused, match="not among the people"):
        sealed(person("county_officer"), whose, Basis.ORPHAN)
    sealed(officer, whose, Basis.ORPHAN)
    assert opened(officer, whose).basis == Basis.ORPHAN
    assert Grant.objects.count() == 1


def test_what_does_not_fit_is_refused(officer):
    whose = child(holdings=["orphan_kin"])
    with pytest.raises(Refused, match="rests on"):
        sealed(officer, whose, "poor")
    with pytest.raises(Refused, match="holder of the scattered standard"):
        sealed(officer, child(holdings=["de_facto"]))
    with pytest.raises(Refused, match="may not open"):
        sealed(officer, whose, named=[person("township_supervisor", TOWNSHIP)])
    with pytest.raises(Refused, match="may not open"):
        sealed(officer, whose, named=[person("approver", NEXT_COUNTY)])
    with pytest.raises(Refused, match="at most 6"):
        sealed(officer, whose, named=[person("approver") for _ in range(7)])
    assert not Grant.objects.exists()
    assert whose.holdings.get().secret_basis.open().strip() == Basis.ORPHAN


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", NEXT_COUNTY), ("township_supervisor", TOWNSHIP), ("payer", COUNTY)]
)
def test_the_neighbour_and_the_wrong_role_neither_set_nor_open(role, prefix):
    whose, stranger = child(holdings=["orphan_kin"]), person(role, prefix)
    with pytest.raises(NotAllowed):
        sealed(stranger, whose)
    with pytest.raises(NotAllowed):
        open_secret(by=stranger, child=whose, on=ON, at=timezone.now())


def test_after_a_move_the_former_county_opens_and_sets_nothing(officer):
    whose = sealed(officer)
    Child.objects.update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    officer = type(officer).objects.get(pk=officer.pk)
    for stale in (whose, Child.objects.get()):
        with pytest.raises(NotAllowed):
            sealed(officer, stale, Basis.ORPHAN)
    assert not may_open_secret(officer, Child.objects.get(), on=ON)


def test_where_all_named_people_have_left_an_approver_names_others_and_leaves_the_basis():
    first, one = person("county_officer"), child(holdings=["orphan_kin"])
    seal_basis(by=first, child=one, basis="hiv", named=[], reason="个案负责", on=ON)
    first.postings.update(until_on=ON)
    on = ON + timedelta(days=1)

    with pytest.raises(NotAllowed):
        seal_basis(by=person("county_officer"), child=one, basis="", named=[], reason="接手", on=on)
    approver = person("approver")
    seal_basis(by=approver, child=one, basis="", named=[], reason="接手", on=on)

    assert one.holdings.get().secret_basis.open().strip() == "hiv"
    assert may_open_secret(Person.objects.get(pk=approver.pk), one, on=on)
