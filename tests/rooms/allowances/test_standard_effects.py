"""What a standard would do: the shapes of the tables against every child asked by itself."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.allowances.models import RecognitionSuspension
from hutong.allowances.standard_effects import shapes_of, what_if
from hutong.law.allowance import due_for
from hutong.law.division_code import full
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact, PlacementFact, StudyFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.registry.models import Child
from tests import around, facts
from tests.factories import CITY, COUNTY, NEXT_COUNTY, PROVINCE, VILLAGE_OF_NEXT_COUNTY, child, holding, person
from tests.standards import ON, confirmed, proposed

pytestmark = pytest.mark.django_db
HELD = date(2025, 3, 4)
MONTH = Month(2026, 11)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def held(category="de_facto", from_on=HELD, until_on=None, **more) -> Child:
    one = child(**{"holdings": ()} | more)
    holding(one, category, from_on=from_on, until_on=until_on)
    return one


def tell(one: Child) -> ChildFacts:
    """What the law would be told of one child, row by row."""
    return ChildFacts(
        birth_date=one.birth_date,
        died_on=one.closed_on if one.closed_reason == "died" else None,
        holdings=tuple(
            HoldingFact(category=h.category, decided_on=h.from_on, until_month=h.until_on and Month.of(h.until_on))
            for h in one.holdings.all()
        ),
        placements=tuple(
            PlacementFact(kind=p.kind, from_on=p.from_on, until_on=p.until_on) for p in one.placements.all()
        ),
        other_aid=tuple(
            AidFact(
                kind=a.kind,
                fen_per_month=a.fen_per_month,
                household_fen_per_month=a.household_fen_per_month,
                members=a.members,
                from_on=a.from_on,
                until_on=a.until_on,
            )
            for a in one.otheraid_set.all()
        ),
        study=tuple(
            StudyFact(level=s.level, is_full_time=s.is_full_time, from_on=s.from_on, until_on=s.until_on)
            for s in one.study_set.all()
        ),
    )


def some_children() -> list[Child]:
    grown = date(2008, 2, 3)
    found = [held() for _ in range(3)]
    found += [held("orphan_kin"), held("orphan_institution"), held(living_code=VILLAGE_OF_NEXT_COUNTY)]
    found += [held(birth_date=grown), held(birth_date=date(2008, 11, 20)), held(birth_date=date(2008, 12, 1))]
    studying = held(birth_date=grown)
    facts.study(studying, level="senior_high")
    aided, own, placed, former = held(), held(), held(), held()
    facts.aid(aided), facts.aid(own, kind="tekun", fen_per_month=900_000), facts.aid(former, until_on=date(2026, 1, 1))
    home = around.organisation(kind="welfare_institution")
    around.placement(placed, organisation=home)
    found += [studying, aided, own, placed, former]
    found += [held(from_on=date(2026, 10, 31)), held(from_on=date(2026, 11, 2)), held(until_on=date(2026, 10, 30))]
    found += [held(until_on=date(2026, 11, 2)), held("dibao")]
    return found


def test_the_shapes_say_what_every_child_by_itself_would():
    found, rules = some_children(), Rules(shipped(), full(COUNTY))
    naive = Counter(
        (due.amount_fen, due.category, due.paid_as, full(one.responsible_code[:6]))
        for one in found
        if (due := due_for(entitlement_of(tell(one), rules), MONTH)).paid_as
    )
    by_shape: Counter = Counter()
    for shape in shapes_of([COUNTY, NEXT_COUNTY], [MONTH], rules):
        due = due_for(entitlement_of(shape.child, rules), MONTH)
        if due.paid_as:
            by_shape[due.amount_fen, due.category, due.paid_as, shape.place] += shape.children
    assert by_shape == naive and len(naive) > 5


def test_children_alike_are_one_shape():
    for _ in range(7):
        held()
    held(birth_date=date(2013, 5, 6), from_on=date(2024, 2, 2))
    (shape,) = shapes_of([COUNTY], [MONTH], Rules(shipped(), full(COUNTY)))
    assert shape.children == 8 and shape.place == full(COUNTY)


def test_a_child_with_two_files_counts_once_and_who_is_suspended_not_at_all():
    leading, joined = held(), child(holdings=())
    facts.aid(joined)
    facts.joined_to(leading, joined)
    stopped = held()
    RecognitionSuspension.objects.create(
        child=stopped, holding=stopped.holdings.get(), division_code=stopped.responsible_code, on=ON, by=person(),
        reason="unclear", happened_on=ON, from_month=date(2026, 10, 1),
    )  # fmt: skip
    shapes = list(shapes_of([COUNTY], [MONTH], Rules(shipped(), full(COUNTY))))
    assert [(shape.children, len(shape.child.other_aid)) for shape in shapes] == [(1, 1)]


def test_a_standard_is_tried_on_ones_own_places_as_of_its_first_month():
    for _ in range(6):
        held(), held(living_code=VILLAGE_OF_NEXT_COUNTY)
    of_city = proposed(prefix=CITY)
    whole = what_if(person("region_approver", PROVINCE), of_city, on=ON)
    assert (whole.month, whole.total.children, whole.total.difference_fen, whole.arrears) == (
        Month(2027, 1),
        12,
        12 * 8_000,
        [],
    )
    assert [(one.place, one.children, one.gain) for one in whole.lines] == [
        (full(NEXT_COUNTY), 6, 6),
        (full(COUNTY), 6, 6),
    ]
    assert whole.parts == [(12, 8_000)] and whole.seconds >= 0
    assert what_if(person("county_officer", NEXT_COUNTY), of_city, on=ON).total.children == 6


def test_a_nearer_standard_stays():
    for _ in range(6):
        held(), held(living_code=VILLAGE_OF_NEXT_COUNTY)
    confirmed(amount_fen=180_000)
    tried = what_if(person("region_approver", PROVINCE), proposed(prefix=CITY), on=ON)
    assert (tried.total.gain, tried.total.stay) == (6, 6)


def test_months_that_have_passed_are_counted_each_by_its_own_facts():
    for _ in range(6):
        held(from_on=date(2026, 8, 15))
    tried = what_if(person("approver"), proposed(from_on=date(2026, 8, 1)), on=ON)
    assert [(str(month), one.children) for month, one in tried.arrears] == [
        ("2026-08", 0),
        ("2026-09", 6),
        ("2026-10", 6),
    ]
    assert tried.month == MONTH and tried.arrears_fen == 2 * 6 * 8_000


def test_one_that_has_a_last_day_in_the_past_is_tried_as_of_its_last_month():
    held()
    tried = what_if(person("approver"), proposed(from_on=date(2026, 7, 1), until_on=date(2026, 9, 30)), on=ON)
    assert tried.month == Month(2026, 9) and [str(month) for month, _one in tried.arrears] == [
        "2026-07",
        "2026-08",
        "2026-09",
    ]
    assert tried.arrears_fen == 3 * 8_000


def test_what_a_confirmed_one_did_is_seen_against_what_was_before():
    for _ in range(6):
        held()
    confirmed(from_on=date(2026, 7, 1), amount_fen=170_000)
    new = confirmed(amount_fen=175_000)
    assert what_if(person("approver"), new, on=ON).parts == [(6, 5_000)]


def test_the_questions_do_not_grow_with_the_children():
    approver, one = person("approver"), proposed()
    counts = []
    for _ in range(2):
        some_children()
        with CaptureQueriesContext(connection) as asked:
            what_if(approver, one, on=ON)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 6
