"""Learning: the recipe of the kept model, on fewer rows, gives a model of the same shape."""

import pytest

from bench.people import listed_children
from bench.quality import measure
from bench.teaching import COSTS, POPULATION, document, teach
from hutong.registry.linkage.comparing import FIELDS
from hutong.registry.linkage.model import Model
from hutong.registry.linkage.rivals import LEARNT, Kind

ROWS, SEED = 6_000, 78


@pytest.fixture(scope="module")
def taught():
    return teach(ROWS, seed=SEED, chance_pairs=200_000)


def test_each_field_has_a_share_for_each_level(taught):
    for parameters in (taught[0], Model.load().parameters):
        for kind in Kind:
            for field in FIELDS:
                shares = parameters.tables[kind][field.code]
                assert len(shares) == len(field.levels) - 1
                assert sum(shares) == pytest.approx(1, abs=0.01)
                assert min(shares) > 0


def test_what_is_learnt_is_near_what_is_kept(taught):
    kept = Model.load().parameters

    for kind in (Kind.SAME, Kind.TWIN):
        for field in FIELDS:
            assert taught[0].tables[kind][field.code] == pytest.approx(kept.tables[kind][field.code], abs=0.15)


def test_what_no_list_teaches_stays_as_it_is_stated(taught):
    kept = Model.load().parameters

    for kind in set(Kind) - {*LEARNT, Kind.STRANGER}:
        assert taught[0].tables[kind] == kept.tables[kind]
        assert taught[0].rates[kind] == kept.rates[kind]


def test_a_model_taught_anew_finds_the_pairs_of_another_list(taught):
    parameters, frequencies = taught
    model = Model(parameters, frequencies, COSTS, POPULATION, {}, {}, "")
    listed = listed_children(2_000, seed=SEED + 1)
    found = {(pair.left, pair.right) for pair in model.pairs(listed.records)}

    assert measure(found, listed.pairs()).f1 > 0.97


def test_the_file_says_how_it_was_made_and_how_good_it_is(taught):
    written, kept = document(*taught), Model.load()

    assert written["recipe"] == dict(kept.recipe) | {name: written["recipe"][name] for name in ("python", "numpy")}
    assert kept.quality["first"]["f1"] > 0.99
    assert written["thresholds"] == {"same": kept.costs.same, "ask": kept.costs.ask}
