"""The yearly report: every figure is the number of entries in its list, and what one counts from them oneself."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from hutong.accounts.access import DIMENSIONS, child_looks, counted, counted_by, files_looked_at, refusals
from hutong.accounts.actions.guard import NotAllowed
from hutong.accounts.actions.looks import see_access, see_refusals
from hutong.accounts.models import Purpose, TrailEntry
from hutong.accounts.queries import LOOKS
from tests.factories import COUNTY, NEXT_COUNTY, ON, VILLAGE, VILLAGE_OF_ANOTHER_PROVINCE, person, trail_entry

pytestmark = pytest.mark.django_db
YEAR = 2025
SHANGHAI = ZoneInfo("Asia/Shanghai")
OF_ACT = {"open_in_emergency": "emergency", "copy_out": "copy"}


@pytest.fixture
def auditor():
    return person("auditor", "64")


@pytest.fixture
def entries():
    """A few hundred entries of three years, of looks and of other acts, in two counties and another province."""
    chance, people = Random(11), [person(), person(), person()]
    moment = timezone.now()
    purposes = [
        Purpose.objects.create(
            person=people[0], scope_kind="child", scope_key="a", reason=reason, opened_at=moment,
            expires_at=moment + timedelta(minutes=15),
        )
        for reason in ("visit", "audit")
    ]  # fmt: skip
    details = [
        {},
        {},
        {"grant": 3},
        {"reason": "verify", "purpose": purposes[0].pk},
        *({"purpose": one.pk} for one in purposes),
    ]
    return [
        trail_entry(
            at=datetime(2023, 12, 31, 10, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 60 * 24 * 1000)),
            act=chance.choice((*LOOKS, "alter_child", "refused")),
            subject_kind=chance.choice(("child", "child", "child", "pair")),
            subject_key=chance.choice("abcde"),
            by=chance.choice(people),
            role=chance.choice(("", "county_officer", "approver,payer")),
            division_code=chance.choice((VILLAGE, f"{NEXT_COUNTY}100200", VILLAGE_OF_ANOTHER_PROVINCE)),
            details=chance.choice(details),
        )
        for _ in range(400)
    ]


def said(entry: TrailEntry) -> dict[str, object]:
    """An entry by every dimension, told from the entry itself."""
    reasons = dict(Purpose.objects.values_list("pk", "reason"))
    stated = reasons.get(entry.details.get("purpose")) or entry.details.get("reason")
    return {
        "person": entry.by_id,
        "role": entry.role or "none",
        "county": entry.division_code[:6],
        "month": entry.at.astimezone(SHANGHAI).month,
        "purpose": OF_ACT.get(entry.act) or stated or ("grant" if "grant" in entry.details else "none"),
        "file": entry.subject_key,
    }


def in_report(entry: TrailEntry) -> bool:
    is_ours = entry.division_code.startswith("64") and entry.at.astimezone(SHANGHAI).year == YEAR
    return is_ours and entry.subject_kind == "child"


def test_every_figure_equals_what_is_counted_from_the_entries_and_lists(auditor, entries):
    mine = [entry for entry in entries if in_report(entry) and entry.act in LOOKS]
    found = child_looks(auditor, year=YEAR, on=ON)
    assert {entry.pk for entry in found} == {entry.pk for entry in mine}
    together = counted(DIMENSIONS, found)
    for dimension in DIMENSIONS:
        assert together[dimension] == list(counted_by(dimension, found))
        counts = {row["key"]: row["looks"] for row in together[dimension]}
        assert counts == Counter(said(entry)[dimension] for entry in mine)
        for key in counts:
            listed = child_looks(auditor, year=YEAR, on=ON, chosen={dimension: key})
            assert {one.pk for one in listed} == {one.pk for one in mine if said(one)[dimension] == key}
    assert len(mine) > 30


def test_dimensions_can_be_chosen_together(auditor, entries):
    chosen = {"county": COUNTY, "purpose": "visit"}
    listed = child_looks(auditor, year=YEAR, on=ON, chosen=chosen)
    wanted = [one for one in entries if in_report(one) and one.act in LOOKS and said(one).items() >= chosen.items()]
    assert {one.pk for one in listed} == {one.pk for one in wanted}
    rows = counted_by("person", listed)
    assert {row["key"]: row["looks"] for row in rows} == Counter(one.by_id for one in wanted)


def test_how_many_files(auditor, entries):
    mine = [entry for entry in entries if in_report(entry) and entry.act in LOOKS]
    assert files_looked_at(child_looks(auditor, year=YEAR, on=ON)) == len({one.subject_key for one in mine})


def test_what_was_refused_stands_apart(auditor, entries):
    refused = [entry for entry in entries if in_report(entry) and entry.act == "refused"]
    assert {one.pk for one in refusals(auditor, year=YEAR, on=ON)} == {one.pk for one in refused}


def test_reading_the_report_is_recorded(auditor):
    see_access(by=auditor, year=YEAR, on=ON)
    see_refusals(by=auditor, year=YEAR, on=ON)
    entries = TrailEntry.objects.filter(by=auditor).order_by("id").values_list("act", "subject_kind", "subject_key")
    assert list(entries) == [("see_access", "trail", "2025"), ("see_refusals", "trail", "2025")]


@pytest.mark.parametrize("role", ["county_officer", "region_officer", "system_administrator"])
@pytest.mark.parametrize("verb", [see_access, see_refusals])
def test_it_is_for_those_who_audit(role, verb):
    with pytest.raises(NotAllowed):
        verb(by=person(role, "64"), year=YEAR, on=ON)
    assert not TrailEntry.objects.exists()
