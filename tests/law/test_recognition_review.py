"""Review of a recognition: when it is due, what ends it, from which month nothing is paid."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import months_after
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact, PlacementFact, StudyFact
from hutong.law.months import Month
from hutong.law.recognition import Outcome, recognise
from hutong.law.recognition_review import (
    ENDINGS,
    OF_KINDS,
    SUSPENSIONS,
    Finding,
    examine,
    first_unpaid,
    review_due,
)
from tests.law.test_recognition import CHILDREN, ON, PLACES

SINCE, TODAY = date(2024, 6, 14), date(2026, 6, 11)
DAY = timedelta(days=1)


def fact(kind, from_on=date(2023, 1, 1), until_on=None, **more):
    return CircumstanceFact(kind=kind, from_on=from_on, until_on=until_on, **more)


DEAD = fact("dead")


def child(*of_mother, father=(DEAD,), **more):
    parents = (ParentFact(role="father", circumstances=father), ParentFact(role="mother", circumstances=of_mother))
    return ChildFacts(**{"birth_date": date(2015, 3, 7), "parents": parents} | more)


def examined(of, category="de_facto", *, on=TODAY, **more):
    return examine(of, category, **{"since": SINCE, "on": on} | more)


def said(found):
    return found.finding, found.reason, found.happened_on, found.from_month


PRISON = fact("imprisoned", until_on=date(2026, 4, 30))


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (date(2026, 3, 15), date(2027, 3, 15)),
        (date(2024, 2, 29), date(2026, 1, 1)),
        (date(2012, 5, 1), date(2026, 1, 1)),
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_review_is_due_a_year_later_and_the_first_ones_a_year_after_reviews_began(since, due):
    assert review_due(since, on=TODAY) == due


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_who_was_looked_at_later_is_due_later(one, other):
    first, second = sorted([one, other])
    assert review_due(first, on=TODAY) <= review_due(second, on=TODAY)
    assert review_due(second, on=TODAY) >= months_after(second, 12)


def test_it_goes_on_as_long_as_the_facts_show_it():
    assert said(examined(child(fact("imprisoned", until_on=TODAY)))) == (Finding.CONTINUES, "", None, None)


def test_the_released_parent_ends_it_from_the_month_after():
    found = examined(child(PRISON))
    assert said(found) == (Finding.ENDS, "released", date(2026, 4, 30), Month(2026, 5))
    assert found.answer.outcome is Outcome.REFUSED and found.is_news


@pytest.mark.parametrize(("kind", "reason"), sorted(OF_KINDS.items()))
def test_each_circumstance_ends_in_its_own_words(kind, reason):
    more = {"grade": 1, "disability_class": "physical"} if kind == "severe_disability" else {}
    more |= {"reported_on": date(2022, 1, 1)} if kind == "out_of_contact" else {}
    ended = fact(kind, until_on=date(2026, 4, 30), **more)
    other = (fact("severe_illness"),) if kind == "declared_missing" else (DEAD,)
    assert said(examined(child(ended, father=other)))[:3] == (Finding.ENDS, reason, date(2026, 4, 30))


def test_a_death_comes_first_and_is_paid_to_the_end_of_its_month():
    dead = child(PRISON, died_on=date(2026, 1, 31))
    assert said(examined(dead)) == (Finding.ENDS, "died", date(2026, 1, 31), Month(2026, 2))
    assert examined(dead, on=date(2026, 1, 30)).finding is Finding.CONTINUES


@pytest.mark.parametrize(
    ("study", "found"),
    [
        ((), (Finding.ENDS, "grown_up", date(2026, 5, 1), Month(2026, 6))),
        ((StudyFact(level="senior_high"),), (Finding.CONTINUES, "", None, None)),
        (
            (StudyFact(level="senior_high", is_full_time=False),),
            (Finding.ENDS, "grown_up", date(2026, 5, 1), Month(2026, 6)),
        ),
        (
            (StudyFact(level="senior_high", until_on=date(2026, 6, 5)),),
            (Finding.ENDS, "studies_ended", date(2026, 6, 5), Month(2026, 7)),
        ),
        (
            (StudyFact(level="senior_high", until_on=date(2026, 4, 5)),),
            (Finding.ENDS, "grown_up", date(2026, 5, 1), Month(2026, 6)),
        ),
    ],
)
def test_at_18_it_ends_unless_the_child_goes_on_studying(study, found):
    assert said(examined(child(PRISON, birth_date=date(2008, 5, 1), study=study))) == found


def test_at_18_it_ends_also_where_the_facts_never_showed_it():
    assert examined(ChildFacts(birth_date=date(2008, 5, 1)), "orphan_kin").reason == "grown_up"


def test_an_adoption_counts_from_its_own_day():
    adopted = child(fact("dead"), adopted_on=date(2026, 3, 1))
    assert said(examined(adopted, "orphan_kin")) == (Finding.ENDS, "adopted", date(2026, 3, 1), Month(2026, 4))


def test_another_category_begins_on_its_own_day_so_that_no_month_is_lost():
    orphan = child(fact("imprisoned", until_on=date(2030, 1, 1)), fact("dead", from_on=date(2026, 3, 1)))
    found = examined(orphan)
    assert said(found) == (Finding.ENDS, "other_category", date(2026, 3, 1), Month(2026, 4))
    assert found.answer.category == "orphan_kin"
    assert examined(orphan, "orphan_kin").finding is Finding.CONTINUES


def test_leaving_an_institution_is_another_category():
    inside = PlacementFact(kind="institution", from_on=date(2023, 1, 1), until_on=date(2026, 2, 28))
    found = examined(child(fact("dead"), placements=(inside,)), "orphan_institution")
    assert said(found) == (Finding.ENDS, "other_category", date(2026, 3, 1), Month(2026, 4))


def test_what_the_facts_never_showed_they_do_not_end():
    for category in ("de_facto", "orphan_kin"):
        assert said(examined(ChildFacts(birth_date=date(2015, 3, 7)), category)) == (Finding.UNSHOWN, "", None, None)
    before = child(fact("imprisoned", until_on=SINCE - DAY))
    assert examined(before).finding is Finding.UNSHOWN


def test_what_was_shown_and_is_open_now_is_for_a_person():
    unsure = child(PRISON, fact("imprisoned", from_on=date(2026, 5, 1)))
    found = examined(unsure)
    assert (found.finding, found.reason) == (Finding.DOUBTFUL, "unclear")
    assert found.answer.outcome is Outcome.MANUAL


def test_an_expired_paper_is_doubtful_and_no_more():
    going_on = child(fact("imprisoned", until_on=date(2030, 1, 1)))
    assert said(examined(going_on, has_expired=True)) == (Finding.DOUBTFUL, "paper_expired", None, None)
    assert examined(child(PRISON), has_expired=True).reason == "released"


@pytest.mark.parametrize(
    ("why", "month"),
    [
        (ENDINGS["died"], Month(2026, 2)),
        (SUSPENSIONS["died"], Month(2026, 2)),
        (ENDINGS["untrue"], Month(2026, 1)),
        (ENDINGS["voluntary"], Month(2026, 2)),
        (SUSPENSIONS["unclear"], Month(2026, 2)),
    ],
)
def test_from_which_month_nothing_is_paid_is_data_and_cites(why, month):
    found, citation = first_unpaid(why, date(2026, 1, 31))
    assert found == month and citation.zh


def test_every_reason_has_both_tongues_and_its_months():
    for why in (*ENDINGS.values(), *SUSPENSIONS.values()):
        assert all(why.titles)
        assert first_unpaid(why, TODAY)[0] in (Month.of(TODAY), Month.of(TODAY).plus(1))
    assert set(OF_KINDS.values()) <= ENDINGS.keys()


@given(CHILDREN, ON, ON, st.sampled_from(PLACES), st.sampled_from(["de_facto", "orphan_kin", "orphan_institution"]))
def test_what_ends_held_before_and_does_not_now(of, since, on, place, category):
    since, on = sorted([since, on])
    found = examine(of, category, since=since, on=on, jurisdiction=place)

    def holds(day):
        answer = recognise(of, on=day, jurisdiction=place)
        return answer.outcome is Outcome.RECOGNISED and category in (answer.category, *answer.also)

    assert found.answer == recognise(of, on=on, jurisdiction=place)
    assert (found.finding is Finding.ENDS) == (found.from_month is not None)
    if found.finding is Finding.CONTINUES:
        assert holds(on)
    if found.finding is Finding.ENDS:
        assert found.reason in ENDINGS and not holds(on)
        assert found.happened_on <= on
        assert Month.of(found.happened_on) <= found.from_month <= Month.of(found.happened_on).plus(1)
    if found.finding is Finding.DOUBTFUL:
        assert found.reason in SUSPENSIONS


@given(CHILDREN, ON, ON, st.sampled_from(["de_facto", "orphan_kin"]))
def test_what_is_found_stays_found_while_nothing_happens(of, since, on, category):
    """The next day says the same of what has ended, unless something begins or ends on it."""
    since, on = sorted([since, on])
    found, later = (examine(of, category, since=since, on=day) for day in (on, on + DAY))
    if found.finding is Finding.ENDS and found.answer == later.answer:
        assert replace(found, answer=None) == replace(later, answer=None)
