"""Which papers an application must show, and whether they are there."""

from datetime import date

import pytest

from hutong.law.applying import APPLIED_FOR, GROUNDS, PaperFact, Standing, papers_of_everybody, standing
from hutong.law.categories import CATEGORIES
from hutong.law.papers import PAPERS

ON = date(2026, 6, 11)
ASKED = ("death_certificate", "cremation_certificate")


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([], Standing.MISSING),
        ([PaperFact("id_card")], Standing.MISSING),
        ([PaperFact("death_certificate")], Standing.THERE),
        ([PaperFact("cremation_certificate")], Standing.THERE),
        ([PaperFact("death_certificate", date(2026, 6, 11))], Standing.THERE),
        ([PaperFact("death_certificate", date(2026, 6, 10))], Standing.EXPIRED),
        ([PaperFact("id_card"), PaperFact("cremation_certificate", date(2026, 6, 10))], Standing.EXPIRED),
        ([PaperFact("death_certificate", date(2026, 6, 10)), PaperFact("cremation_certificate")], Standing.THERE),
    ],
)
def test_any_one_paper_that_still_counts_will_do(held, found):
    assert standing(ASKED, held, on=ON) is found


def test_what_everybody_must_show_is_a_dated_parameter():
    papers = papers_of_everybody(on=ON, jurisdiction="640122000000")

    assert papers == ("household_book", "id_card")
    assert set(papers) <= set(PAPERS)
    with pytest.raises(LookupError):
        papers_of_everybody(on=date(2009, 12, 31), jurisdiction="640122000000")


def test_what_is_applied_for_is_paid_and_grounds_have_both_tongues():
    assert all(CATEGORIES[code].paid for code in APPLIED_FOR)
    assert all(len(pair) == 2 and all(pair) for pair in GROUNDS.values())
