"""The bands of a score: each begins where the one below it ends, and certainty stands in the highest."""

import pytest

from hutong.law.duplicates import BANDS, HELD_FROM, band_of


@pytest.mark.parametrize(
    ("probability", "band"),
    [(0.0, "unlikely"), (0.49, "unlikely"), (0.5, "even"), (0.9, "likely"), (0.98, "likely"), (0.99, "surest"),
     (1.0, "surest")],
)  # fmt: skip
def test_a_band_begins_with_its_lowest_score(probability, band):
    assert band_of(probability) == band


def test_bands_follow_each_other_without_a_gap():
    assert [below for _code, _least, below in BANDS[1:]] == [least for _code, least, _below in BANDS[:-1]]


def test_what_waits_for_a_person_is_the_bands_from_even_on():
    assert {code: least for code, least, _below in BANDS}["even"] == HELD_FROM
