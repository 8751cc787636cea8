"""A sum as a decision says it, yuan with fen only where there are some, and as files hold it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.money import decimal_yuan, read_yuan, yuan


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


@pytest.mark.parametrize(("fen", "written"), [(0, "0.00"), (5, "0.05"), (120_000, "1200.00"), (33_333, "333.33")])
def test_a_sum_in_a_file(fen, written):
    assert decimal_yuan(fen) == written


@given(st.integers(0, 10**15))
def test_what_is_written_is_read(fen):
    assert read_yuan(decimal_yuan(fen)) == fen


@pytest.mark.parametrize(
    "text", ["1200", "1200.0", "1200.00", "1,200.00", " 1200 ", "１２００．００", "￥1200", "¥1,200", "1200元"]
)
def test_ways_of_writing_a_sum(text):
    assert read_yuan(text) == 120_000


def test_one_figure_behind_the_point_is_tens_of_fen():
    assert (read_yuan("1200.5"), read_yuan("0.05"), read_yuan("1200.50元")) == (120_050, 5, 120_050)


@pytest.mark.parametrize("text", ["", "-1", "1200.005", "12,00", "1.2E+3", "1 200,00", "一千二百", "1200.", "٣"])
def test_what_is_no_sum_beyond_doubt(text):
    assert read_yuan(text) is None
