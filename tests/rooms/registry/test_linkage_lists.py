"""Linkage of lists: which pairs are looked at, by keys that survive a slip, and what the kept model makes of them."""

from collections import Counter
from itertools import combinations, zip_longest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.people import listed_children, planted_pairs
from bench.quality import measure
from hutong.registry.linkage import blocking, table
from hutong.registry.linkage.blocking import (
    LARGEST_BLOCK,
    Blocks,
    blocking_keys,
    candidates,
    key_columns,
    keys_of,
)
from hutong.registry.linkage.fitting import fitted
from hutong.registry.linkage.frequencies import NameCounts
from hutong.registry.linkage.model import Model, Outcome
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import sound_keys
from hutong.registry.linkage.table import Table
from tests.rooms.registry.test_linkage import CHILD, ID, SLIPS, TWINS_ID

SEED = 77
"""Of no training and of no benchmark."""


@pytest.fixture(scope="module")
def listed():
    return listed_children(3_000, seed=SEED)


@pytest.mark.parametrize("changed", SLIPS.values(), ids=SLIPS)
def test_a_slip_leaves_a_key_in_common(changed):
    assert set(blocking_keys(CHILD)) & set(blocking_keys(CHILD._replace(**changed)))


def test_a_child_has_few_keys():
    assert len(blocking_keys(CHILD)) <= 20
    assert len(blocking_keys(CHILD._replace(name="阿迪力·吐尔逊·热合曼"))) <= 20
    assert blocking_keys(Record("1")) == []


def test_candidates_of_a_list_are_the_pairs_that_share_a_key(listed):
    records = listed.records[:400]
    keys = [set(blocking_keys(record)) for record in records]
    left, right = candidates(Table(records))

    assert set(zip(left.tolist(), right.tolist(), strict=True)) == {
        (a, b) for a, b in combinations(range(len(records)), 2) if keys[a] & keys[b]
    }


def test_a_key_of_very_many_says_nothing():
    crowd = [Record(str(at), "马晨", guardian_phone="15400001111") for at in range(LARGEST_BLOCK + 1)]

    assert len(candidates(Table(crowd))[0]) == 0
    assert len(candidates(Table(crowd[:3]))[0]) == 3


def test_a_sound_that_a_name_has_twice_counts_once():
    crowd = [Record(str(at), "马丹丹", birth_date=CHILD.birth_date) for at in range(LARGEST_BLOCK - 1)]
    _left, right = candidates(Table([*crowd, Record("one", "马丹", birth_date=CHILD.birth_date)]))

    assert (right == len(crowd)).sum() == len(crowd)


def test_many_records_have_the_keys_that_each_has_by_itself(listed):
    records = [*listed.records[:300], Record("none"), CHILD]

    assert list(keys_of(records)) == [blocking_keys(record) for record in records]


@pytest.mark.parametrize(
    ("one", "other"), [("法蒂玛", "法图麦"), ("李·法蒂玛", "李法图麦"), ("马买买提", "马穆罕默德")]
)
def test_a_short_name_is_found_by_its_other_spelling(one, other):
    records = [CHILD._replace(name=name, id_number="", guardian_name="") for name in (one, other)]
    (pair,), (explained,) = (found := Model.load().pairs(records)).pairs, found.explained()

    assert next(step.level for step in explained.steps if step.field == "name") == "variant"
    assert pair.probability > 0.99


@pytest.fixture
def in_small_parts(monkeypatch):
    """Records are taken in by a hundred, pairs looked at by some two hundred."""
    monkeypatch.setattr(table, "PART", 100)
    monkeypatch.setattr(blocking, "PART", 200)


def in_one_part(model: Model, records: list[Record]) -> dict[tuple[int, int], float]:
    """All pairs of a list with the probabilities under its own rates, reckoned from all of them at once."""
    whole = Table(records)
    left, right = candidates(whole)
    scores = model.scores(whole, left, right)
    found = scores.under(fitted([scores], whole.size)).probabilities()
    return dict(zip(zip(left.tolist(), right.tolist(), strict=True), found.tolist(), strict=True))


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.9])
def test_a_list_looked_at_in_parts_has_the_same_pairs_with_the_same_probabilities(listed, in_small_parts, threshold):
    model, records = Model.load(), listed.records[:1500]
    expected = {pair: found for pair, found in in_one_part(model, records).items() if found >= threshold}
    assert len(list(Blocks(key_columns(Table(records)), len(records)).parts())) > 5

    found = {(pair.left, pair.right): pair.probability for pair in model.pairs(iter(records), threshold)}
    assert found == pytest.approx(expected, rel=1e-9)
    assert any(right - left > 500 for left, right in found)


def test_rates_are_those_of_the_whole_list(listed, in_small_parts):
    """Of one part alone they would be others: at the model's own rates the same pairs have other probabilities."""
    model, whole = Model.load(), Table(listed.records)
    found = {(pair.left, pair.right): pair.probability for pair in model.pairs(listed.records, 0.0)}
    left, right = candidates(whole)
    unfitted = model.scores(whole, left, right).probabilities().tolist()
    assert found == pytest.approx(in_one_part(model, listed.records), rel=1e-9)
    assert found != pytest.approx(
        dict(zip(zip(left.tolist(), right.tolist(), strict=True), unfitted, strict=True)), rel=1e-3
    )


@pytest.mark.parametrize(("many", "pairs"), [(LARGEST_BLOCK, 4950), (LARGEST_BLOCK + 1, 0)])
def test_a_key_is_counted_over_all_parts(in_small_parts, many, pairs):
    apart = [Record(str(at), "杨一诺") for at in range(150)]
    crowd = [Record(str(at), "马晨", guardian_phone="15400001111") for at in range(many)]
    spread = [record for both in zip_longest(crowd, apart) for record in both if record]

    assert len(Model.load().pairs(spread, 0.0)) == pairs


def test_pairs_that_agree_alike_are_counted_as_one_row(listed):
    whole = Table(listed.records[:1000])
    scores = Model.load().scores(whole, *candidates(whole))
    tallied = scores.tallied()

    assert len(tallied.counts) < len(scores.counts) == tallied.counts.sum()
    assert tallied.pairs_of_kinds() == pytest.approx(scores.pairs_of_kinds())


def test_an_empty_list_has_no_pairs():
    assert list(Model.load().pairs([])) == []
    assert list(Model.load().pairs([CHILD])) == []


def test_nearly_all_pairs_of_a_list_are_found_and_nearly_none_else(listed):
    found = {(pair.left, pair.right) for pair in Model.load().pairs(listed.records)}
    quality = measure(found, listed.pairs())

    assert quality.precision > 0.99
    assert quality.recall > 0.97


def test_no_twin_and_no_namesake_is_joined_without_a_person():
    model = Model.load()
    pairs = model.pairs(planted_pairs(1_000, seed=SEED).records, 0.0)

    assert len(pairs) > 500
    assert not [pair for pair in pairs if model.decide(pair.probability) is Outcome.SAME]


def test_a_list_says_the_same_in_any_order(listed):
    records = listed.records[:600]
    there = {
        frozenset((records[pair.left].key, records[pair.right].key)): pair.probability
        for pair in Model.load().pairs(records)
    }
    turned = records[::-1]
    back = {
        frozenset((turned[pair.left].key, turned[pair.right].key)): pair.probability
        for pair in Model.load().pairs(turned)
    }

    assert there == pytest.approx(back)


def test_one_record_is_weighed_against_many():
    found = Model.load().weigh_all(CHILD, [CHILD, CHILD._replace(name="马晓梅", id_number=TWINS_ID)])

    assert [(pair.left, pair.right) for pair in found] == [(0, 1), (0, 2)]
    assert found.pairs[0].probability > 0.999 > 0.1 > found.pairs[1].probability
    assert len(list(found.explained())) == 2


def test_a_name_is_as_common_in_a_register_as_in_a_list_of_the_same_children(listed):
    model, records = Model.load(), [*listed.records, CHILD._replace(name="馬晨"), *[CHILD._replace(name="马晨")] * 300]
    counted = Counter(record.name for record in records)
    register = model.among(NameCounts.of(counted, len(records)))
    new = Record("new", "马晨")
    whole = Table([*records, new])
    in_list = dict(zip([*records, new], model.frequencies.of_records(whole), strict=True))

    assert register.frequencies.of_records(Table([new, records[0]])) == pytest.approx(
        [in_list[new], in_list[records[0]]], rel=1e-3
    )
    assert in_list[new] > 5 * model.frequencies.of_records(Table([new]))[0]
    assert register.weigh(new, new)[0] < model.weigh(new, new)[0]


def test_a_name_that_nobody_else_in_the_register_has_says_more():
    model, one = Model.load(), Record("1", "马晓燕", birth_date=CHILD.birth_date)
    register = model.among(NameCounts.of({"杨一诺": 900, "马晓燕": 1}, 200_000))

    assert register.weigh(one, one)[0] > model.weigh(one, one)[0]


def test_a_version_tells_whose_names_counted():
    model, counted = Model.load(), {"杨一诺": 900, "马晓燕": 2}
    versions = [model.among(NameCounts.of(counted | more, 20_000)).version for more in ({}, {}, {"马晓燕": 3})]

    assert versions[0] == versions[1] != versions[2]
    assert all(version.startswith(f"{model.version}+") and len(version) <= 40 for version in versions)


NAMES = st.text(st.sampled_from("马晓燕尉迟澹台解单哈桑·ab"), min_size=1, max_size=8).filter(
    lambda name: name.strip("· ")
)


@given(st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_names_have_the_same_sounds_one_by_one_and_all_at_once(names):
    whole = Table([Record(str(at), name) for at, name in enumerate(names)])
    texts = [sound_keys(name) for name in whole.names]
    numbers = [[value for value in row if value] for row in whole.name.sounds.tolist()]

    for (one, coded), (other, also_coded) in combinations(list(zip(texts, numbers, strict=True)), 2):
        assert bool(set(one) & set(other)) == bool(set(coded) & set(also_coded))


def test_numbers_that_are_not_numbers_are_only_compared_as_they_stand():
    records = [CHILD._replace(id_number=text) for text in (ID, "无", "无", "９９")]

    assert np.array_equal(Table(records).has_valid_number, [True, False, False, False])
