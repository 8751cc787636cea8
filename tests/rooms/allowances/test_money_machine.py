"""Whatever people do with money, in any order: nothing is paid twice, nothing is lost, and the books say so.

Each world is two counties for some months; after every step the database is held against a model in memory and against
the ledger of a bank that stands outside. `--operations` says how many steps are made, by the same seeds the same ones.
"""

import pytest

from tests.money_world import World

pytestmark = pytest.mark.usefixtures("committed_database", "in_english")
STEPS = 250


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(max(1, metafunc.config.getoption("--operations") // STEPS)))


def test_nothing_is_paid_twice_and_nothing_is_lost(seed):
    world = World(seed)
    for _ in range(STEPS):
        world.step()
    assert world.done["nothing"] < STEPS / 2, world.done
