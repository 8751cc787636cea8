"""What-if: once for each shape, by place and category, few children folded, the sum in parts."""

from datetime import date

from hutong.law.disclosure import is_small, small_count
from hutong.law.facts import AidFact, ChildFacts, HoldingFact, PlacementFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.standards import overlaid
from hutong.law.what_if import Changed, Effect, Shape, by_place, changed, effect_of, parts_of
from tests.law.test_standards import standard

MONTH = Month(2026, 8)
HERE, THERE = "640122000000", "640121000000"


def child(category="orphan_kin", **more) -> ChildFacts:
    held = (HoldingFact(category=category, decided_on=date(2024, 1, 1)),)
    return ChildFacts(birth_date=date(2015, 1, 1), holdings=held, **more)


def tried(*shapes, new=None, scheme="scattered"):
    return changed(shapes, scheme, shipped(), overlaid(shipped(), [new or standard()]))


def test_each_shape_is_answered_and_others_are_left_out():
    whole = Shape(MONTH, HERE, child(), 40)
    aided = Shape(MONTH, HERE, child(other_aid=(AidFact(kind="dibao", fen_per_month=300_000),)), 7)
    found = tried(whole, aided, Shape(MONTH, HERE, child("de_facto"), 9), Shape(MONTH, THERE, child(), 3))
    assert found == [
        Changed(MONTH, HERE, "orphan_kin", 164_000, 180_000, 40),
        Changed(MONTH, HERE, "orphan_kin", 0, 0, 7),
        Changed(MONTH, THERE, "orphan_kin", 164_000, 164_000, 3),
    ]
    total = effect_of(found)
    assert (total.children, total.gain, total.lose, total.stay) == (50, 40, 0, 10)
    assert total.difference_fen == 40 * 16_000


def test_whoever_is_placed_in_an_institution_counts_with_its_standard():
    placed = child("de_facto", placements=(PlacementFact(kind="institution"),))
    (found,) = tried(
        Shape(MONTH, HERE, placed, 2), new=standard(scheme="institution", fen=200_000), scheme="institution"
    )
    assert found == Changed(MONTH, HERE, "de_facto", 211_000, 200_000, 2) and effect_of([found]).lose == 2


def of(place, children, each=100, category="orphan_kin"):
    return Changed(MONTH, place, category, 1_000, 1_000 + each, children)


def test_few_children_are_folded_with_others_until_they_are_no_few():
    lines = by_place([of("a", 100), of("b", 3), of("c", 20), of("d", 1)], 5)
    assert [(one.place, one.children) for one in lines] == [("a", 100), ("", 24)]
    assert [(one.place, one.children) for one in by_place([of("a", 100), of("b", 4), of("c", 4)], 5)] == [
        ("a", 100),
        ("", 8),
    ]
    assert by_place([of("a", 6), of("b", 7)], 5) == [
        Effect("a", "orphan_kin", 6, 6_000, 6_600, 6, 0),
        effect_of([of("b", 7)], "b", "orphan_kin"),
    ]
    assert [one.children for one in by_place([of("a", 2)], 5)] == [2]
    assert by_place([], 5) == []


def test_the_sum_in_parts_makes_the_difference_and_tells_of_no_few():
    found = [of("a", 1_204, 8_000), of("b", 6, -500), of("c", 2, 30), of("d", 90, 0)]
    parts = parts_of(found, 5)
    assert parts == [(1_204, 8_000), (6, -500), (0, 60)]
    assert sum(each * (count or 1) for count, each in parts) == effect_of(found).difference_fen


def test_a_small_count_is_configuration():
    assert small_count(on=date(2026, 1, 1)) == 5
    assert [is_small(count, 5) for count in (0, 1, 5, 6)] == [False, True, True, False]
