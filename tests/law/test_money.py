"""A sum as a decision says it: yuan, with fen only where there are some."""

import pytest

from hutong.law.money import yuan


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "0元"),
        (1, "0.01元"),
        (99, "0.99元"),
        (100, "1元"),
        (101, "1.01元"),
        (33_333, "333.33元"),
        (120_000, "1200元"),
        (120_050, "1200.50元"),
    ],
)
def test_yuan(fen, said):
    assert yuan(fen) == said
