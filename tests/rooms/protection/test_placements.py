"""Placements: one at a time over all files of a child, decided by the county, and told to the law."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import TrailEntry
from hutong.kit.cipher import SealedField, keys, put_in_force
from hutong.law.facts import PlacementFact
from hutong.protection.actions.opening import reveal
from hutong.protection.actions.placing import end_placement, place_child
from hutong.protection.actions.rekeying import in_use, reindex, reseal
from hutong.protection.facts import placement_facts
from hutong.protection.models import Placement
from hutong.protection.queries import (
    placed_in,
    placement_of,
    placements_ever,
    placements_of,
    placements_on,
    timeline,
)
from hutong.registry.actions.changes import JoinedFile
from tests.around import agreement, organisation, placement
from tests.factories import (
    BORN,
    COUNTY,
    NEXT_COUNTY,
    ON,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    child,
    kin,
    person,
)
from tests.facts import SINCE, joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
KIN = {"kind": "kin", "carer": "柳桂兰"}


def placed(whose=None, by=None, **more):
    values = {"decided_on": ON - DAY, "from_on": ON, "on": ON}
    more = more if "kind" in more else KIN | more
    return place_child(by=by or person("county_officer"), child=whose or child(), **values | more)


def ended(one, by=None, until_on=ON, reason="returned"):
    return end_placement(by=by or person("county_officer"), placement=one, until_on=until_on, reason=reason, on=ON)


def test_a_child_is_placed_in_an_institution_and_the_placement_ends_with_their_entries():
    whose, home, officer = child(), organisation(), person("county_officer")
    made = placed(
        whose, officer, kind="institution", organisation=home, carer="多余", decision_number=" 贺民〔2025〕1号 "
    )
    assert (made.organisation, made.carer, made.decision_number) == (home, None, "贺民〔2025〕1号")
    assert (made.division_code, made.recorded_by, made.until_on) == (VILLAGE, officer, None)
    assert placements_on(whose, ON) == [made] and placements_on(whose, ON - DAY) == []

    assert (ended(made, officer).until_on, ended and made.kind) == (ON, "institution")
    assert Placement.objects.get().ended_reason == "returned"
    entries = TrailEntry.objects.filter(subject_key=whose.file_number).order_by("id")
    said = {"placement": made.pk, "kind": "institution", "organisation": home.pk}
    assert [(entry.act, entry.details) for entry in entries] == [("place_child", said), ("end_placement", said)]


def test_with_relatives_and_foster_families_a_name_is_sealed_and_alone_there_is_none():
    assert placed(**KIN).carer.open() == "柳桂兰"
    assert placed(kind="foster", carer=" 尹 清和 ", organisation=organisation()).carer.open() == "尹清和"
    alone = placed(kind="independent", carer="柳桂兰")
    assert alone.carer is None and alone.organisation is None


@pytest.mark.parametrize(
    ("role", "prefix"),
    [
        ("county_officer", NEXT_COUNTY),
        ("approver", COUNTY),
        ("township_supervisor", TOWNSHIP),
        ("region_officer", PROVINCE),
    ],
)
def test_nobody_but_the_county_officer_places(role, prefix):
    one, somebody = placement(), person(role, prefix)
    for act in (lambda: placed(by=somebody), lambda: ended(one, somebody)):
        with pytest.raises(NotAllowed):
            act()
    assert Placement.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "tent"}, "where the child is raised"),
        ({"kind": "institution"}, "takes children"),
        ({"kind": "kin", "carer": " "}, "full name"),
        ({"kind": "foster", "carer": "x1"}, "full name"),
        ({"decided_on": ON + DAY}, "in the future"),
        ({"from_on": ON + DAY}, "in the future"),
        ({"from_on": BORN - DAY}, "not born yet"),
        ({"decision_number": "长" * 61}, "At most 60"),
    ],
)
def test_what_cannot_be_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        placed(**said)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    "where",
    [
        {"kind": "hospital"},
        {"from_on": ON + DAY},
        {"until_on": ON - DAY},
        {"division_code": VILLAGE_OF_NEXT_COUNTY},
    ],
)
def test_an_institution_takes_children_works_and_serves_the_place(where):
    with pytest.raises(Refused, match="takes children"):
        placed(kind="institution", organisation=organisation(**where))


def test_a_child_is_placed_once_at_a_time():
    whose = child()
    first = placed(whose, from_on=ON - 10 * DAY)
    for from_on in (ON, ON - 20 * DAY):
        with pytest.raises(Refused, match="placed already"):
            placed(whose, from_on=from_on)
    second = placed(whose, kind="institution", organisation=organisation(), replaces=True)
    first.refresh_from_db()
    assert (first.until_on, first.ended_reason, second.from_on) == (ON - DAY, "moved", ON)
    assert TrailEntry.objects.filter(act="end_placement").count() == 1
    ended(second)
    with pytest.raises(Refused, match="placed already"):
        placed(whose)


def test_what_began_on_the_same_day_is_mended_in_place():
    whose = child()
    first = placed(whose)
    mended = placed(whose, kind="foster", carer="尹清和", decision_number="贺民〔2025〕2号", replaces=True)
    assert (mended.pk, mended.kind, mended.carer.open(), Placement.objects.count()) == (first.pk, "foster", "尹清和", 1)
    assert TrailEntry.objects.get(act="mend_placement").details["kind"] == "foster"
    with pytest.raises(Refused, match="placed already"):
        placed(whose)


def test_what_has_ended_stays_ended_and_nothing_ends_before_it_begins_or_in_the_future():
    one = placed()
    for until_on, reason, why in (
        (ON - DAY, "moved", "before the first"), (ON + DAY, "moved", "in the future"), (ON, "bored", "why"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            ended(one, until_on=until_on, reason=reason)
    ended(one)
    with pytest.raises(Refused, match="ended already"):
        ended(one)


def test_nobody_places_their_own_kin_and_a_closed_file_takes_nothing():
    officer, whose = person("county_officer"), child()
    one = placement(whose)
    kin(officer, name=whose.guardians.get().name)
    for act in (lambda: placed(whose, officer), lambda: ended(one, officer)):
        with pytest.raises(Refused, match="kin"):
            act()
    with pytest.raises(Refused, match="closed"):
        placed(child(closed_on=ON, closed_reason="grown_up"))


def test_a_joined_file_is_read_with_the_leading_one_and_its_placement_ends_there():
    leading, joined = child(), child()
    one = placement(joined)
    joined_to(leading, joined)
    officer = person("county_officer")
    assert list(placements_of(officer, leading, ON)) == [one]
    assert [(event.code, event.file) for event in timeline(leading, with_places=True)] == [
        ("placement_from", joined.file_number)
    ]
    with pytest.raises(JoinedFile):
        placed(joined)
    with pytest.raises(Refused, match="placed already"):
        placed(leading)
    placed(leading, officer, replaces=True)
    one.refresh_from_db()
    assert one.until_on == ON - DAY
    assert ended(placements_on(leading, ON)[0], officer).ended_reason == "returned"


def test_the_law_is_told_of_placements_the_earliest_first():
    whose = child()
    placement(whose, until_on=ON - DAY, ended_reason="moved")
    placement(whose, organisation=organisation(), from_on=ON)
    assert placement_facts(placements_ever(whose)) == (
        PlacementFact(kind="kin", from_on=SINCE, until_on=ON - DAY),
        PlacementFact(kind="institution", from_on=ON),
    )


@pytest.mark.parametrize(
    ("role", "prefix", "sees"),
    [
        ("village_director", VILLAGE, True),
        ("approver", COUNTY, True),
        ("county_officer", NEXT_COUNTY, False),
        ("region_officer", PROVINCE, False),
    ],
)
def test_placements_are_seen_by_whoever_sees_the_child(role, prefix, sees):
    home = organisation()
    one, somebody = placement(organisation=home), person(role, prefix)
    assert placements_of(somebody, one.child, ON).exists() == sees
    assert (placement_of(somebody, one.child, one.pk, on=ON) == one) == sees
    assert placed_in(somebody, home, ON) == (1 if sees else 0)
    assert placement_of(somebody, child(), one.pk, on=ON) is None


def test_the_organisation_is_on_the_timeline_only_for_whoever_may_know_the_place():
    one = placement(organisation=organisation(name="未保中心"), until_on=ON, ended_reason="adopted")
    agreement(one.child, until_on=ON)
    for with_places, name in ((True, "未保中心"), (False, "")):
        told = [event for event in timeline(one.child, with_places=with_places) if "organisation" in event.values]
        assert [(event.code, event.values["organisation"]) for event in told] == [
            ("placement_from", name), ("placement_until", name),
        ]  # fmt: skip
    codes = {event.code for event in timeline(one.child, with_places=False)}
    assert codes == {"placement_from", "placement_until", "agreement_from", "agreement_until"}


def opened(by, one, value="placement-carer"):
    return reveal(by=by, child=one.child, value=value, number=one.pk, on=ON, at=timezone.now())


def test_the_carer_opens_for_a_purpose_to_whoever_sees_what_is_sensitive():
    one, officer = placement(), person("county_officer")
    with pytest.raises(PurposeNeeded):
        opened(officer, one)
    about = {"scope_kind": "child", "scope_key": one.child.file_number, "division_code": VILLAGE, "reason": "visit"}
    state_purpose(by=officer, on=ON, at=timezone.now(), **about)
    assert opened(officer, one) == "柳桂兰"
    entry = TrailEntry.objects.get(act="reveal")
    assert (entry.details["field"], entry.details["row"]) == ("placement-carer", one.pk)
    alone = placement(child(), kind="independent", carer=None)
    for by, which, value in (
        (person("village_director", VILLAGE), one, "placement-carer"), (officer, one, "placement-kind"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            opened(by, which, value)
    with pytest.raises(PurposeNeeded):
        opened(officer, alone)


def test_a_change_of_keys_reaches_the_carers_name(tmp_path, settings):
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    placement()
    put_in_force(keys().with_data_key(1))
    assert (reseal(by=None, on=ON).rows, reindex(by=None, on=ON).rows) == (1, 0)
    assert set(in_use(SealedField)) == {keys().mark} and Placement.objects.get().carer.open() == "柳桂兰"


def placed_twice():
    whose = child()
    placement(whose), placement(whose, from_on=ON)


def agreed_twice():
    whose = child()
    agreement(whose, until_on=ON), agreement(whose, from_on=ON)


VIOLATIONS = [
    ("placement_kind_known", lambda: placement(kind="tent", carer=None)),
    ("placement_with_whom", lambda: placement(kind="institution", carer=None)),
    ("placement_with_whom", lambda: placement(organisation=organisation(), carer="柳桂兰")),
    ("placement_with_whom", lambda: placement(kind="kin", carer=None)),
    ("placement_with_whom", lambda: placement(kind="independent")),
    ("placement_ended_whole", lambda: placement(until_on=ON)),
    ("placement_ended_whole", lambda: placement(ended_reason="moved")),
    ("placement_ended_whole", lambda: placement(until_on=ON, ended_reason="bored")),
    ("placement_span_forward", lambda: placement(until_on=date(2023, 1, 1), ended_reason="moved")),
    ("placement_code_form", lambda: placement(division_code=COUNTY)),
    ("rows of protection_placement overlap", placed_twice),
    ("agreement_kind_known", lambda: agreement(kind="promise")),
    ("agreement_span_forward", lambda: agreement(until_on=date(2023, 1, 1))),
    ("agreement_code_form", lambda: agreement(division_code=COUNTY)),
    ("rows of protection_guardianshipagreement overlap", agreed_twice),
]


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_protection_is_tried():
    models = apps.get_app_config("protection").get_models()
    tried = {name for name, _ in VIOLATIONS if not name.startswith("rows")}
    assert {one.name for model in models for one in model._meta.constraints} == tried
