"""Recognition: what holds of every answer, boundary days, and provinces that are made of a folder."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hutong.law.calendar import age_on, months_after
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact, PlacementFact
from hutong.law.parameters import FOLDER, Parameters
from hutong.law.recognition import Outcome, recognise
from hutong.law.situations import Verdict

DAY = date(2024, 6, 3)
PLACES = ["", "640122000000", "220102000000", "340281000000", "340104000000"]
KINDS = [
    "dead", "declared_missing", "severe_disability", "severe_illness", "imprisoned", "drug_rehab", "liberty_restricted",
    "out_of_contact", "guardianship_revoked", "deported", "unable_to_work",
]  # fmt: skip
DAYS = st.dates(date(2008, 1, 1), date(2028, 12, 31))
MAYBE = st.none() | DAYS
CIRCUMSTANCES = st.builds(
    CircumstanceFact,
    kind=st.sampled_from(KINDS),
    from_on=MAYBE,
    until_on=MAYBE,
    grade=st.none() | st.integers(1, 4),
    disability_class=st.sampled_from(["", "mental", "intellectual", "physical", "multiple"]),
    reported_on=MAYBE,
)
PARENTS = st.builds(
    ParentFact,
    role=st.sampled_from(["father", "mother", "father", "mother", "adoptive_father", "adoptive_mother"]),
    is_unknown=st.sampled_from([False, False, False, True]),
    circumstances=st.lists(CIRCUMSTANCES, max_size=3).map(tuple),
)
OWN = st.builds(
    CircumstanceFact,
    kind=st.sampled_from(["hiv", "parents_not_found", "disability"]),
    from_on=MAYBE,
    until_on=MAYBE,
)
PLACEMENTS = st.builds(
    PlacementFact, kind=st.sampled_from(["institution", "kin", "foster"]), from_on=MAYBE, until_on=MAYBE
)
CHILDREN = st.builds(
    ChildFacts,
    birth_date=st.dates(date(2002, 1, 1), date(2024, 12, 31)),
    is_adopted=st.sampled_from([False, False, True]),
    adopted_on=st.none() | st.none() | DAYS,
    died_on=st.none() | st.none() | DAYS,
    parents=st.lists(PARENTS, max_size=3).map(tuple),
    circumstances=st.lists(OWN, max_size=2).map(tuple),
    placements=st.lists(PLACEMENTS, max_size=2).map(tuple),
)
ON = st.dates(date(2008, 1, 1), date(2027, 12, 31))


def circumstance(kind: str, from_on: date | None = None, until_on: date | None = None, **more) -> CircumstanceFact:
    return CircumstanceFact(kind=kind, from_on=from_on, until_on=until_on, **more)


DEAD = circumstance("dead", date(2020, 5, 1))


def child_of(father: tuple[CircumstanceFact, ...], mother: tuple[CircumstanceFact, ...], **more) -> ChildFacts:
    parents = (ParentFact(role="father", circumstances=father), ParentFact(role="mother", circumstances=mother))
    return ChildFacts(**{"birth_date": date(2015, 3, 7), "parents": parents, **more})


def outcome(child: ChildFacts, on: date = DAY, **more) -> Outcome:
    return recognise(child, on=on, **more).outcome


@given(CHILDREN, ON, st.sampled_from(PLACES))
def test_every_answer_is_whole(child, on, place):
    found = recognise(child, on=on, jurisdiction=place)

    assert found.reasons
    assert all(reason.code and reason.text and reason.citation.zh for reason in found.reasons)
    assert (found.category is not None) == (found.outcome is Outcome.RECOGNISED)
    assert not found.also or found.outcome is Outcome.RECOGNISED
    assert found.category not in found.also
    assert {found.category, *found.also} <= {None, "orphan_institution", "orphan_kin", "de_facto", "hiv"}


@given(CHILDREN, ON, st.sampled_from(PLACES), st.randoms(use_true_random=False))
def test_no_order_matters(child, on, place, dice):
    def shuffled(parts):
        return tuple(dice.sample(parts, len(parts)))

    parents = tuple(replace(parent, circumstances=shuffled(parent.circumstances)) for parent in shuffled(child.parents))
    other = replace(
        child, parents=parents, circumstances=shuffled(child.circumstances), placements=shuffled(child.placements)
    )

    found, again = (recognise(one, on=on, jurisdiction=place) for one in (child, other))

    assert (found.outcome, found.category, found.also) == (again.outcome, again.category, again.also)
    assert sorted(one.text for one in found.reasons) == sorted(one.text for one in again.reasons)


@given(CHILDREN, ON, st.sampled_from(PLACES))
def test_father_and_mother_weigh_alike(child, on, place):
    # but for a mother, who cannot have died before the birth
    born = child.birth_date
    assume(
        not any(
            one.kind == "dead" and one.from_on and one.from_on < born for p in child.parents for one in p.circumstances
        )
    )
    names = {"father": "mother", "mother": "father"}
    names |= {f"adoptive_{one}": f"adoptive_{other}" for one, other in names.items()}
    swapped = tuple(replace(parent, role=names[parent.role]) for parent in child.parents)

    found = recognise(child, on=on, jurisdiction=place)
    again = recognise(replace(child, parents=swapped), on=on, jurisdiction=place)

    assert (found.outcome, found.category, found.also) == (again.outcome, again.category, again.also)


@given(CHILDREN, ON, st.sampled_from(PLACES), CIRCUMSTANCES, st.integers(0, 2))
def test_more_situations_never_turn_recognised_into_refused(child, on, place, more, at):
    assume(at < len(child.parents))
    parent = child.parents[at]
    added = replace(parent, circumstances=(*parent.circumstances, more))
    grown = replace(child, parents=(*child.parents[:at], added, *child.parents[at + 1 :]))

    if recognise(child, on=on, jurisdiction=place).outcome is Outcome.RECOGNISED:
        assert recognise(grown, on=on, jurisdiction=place).outcome is not Outcome.REFUSED


@given(CHILDREN, ON)
def test_nobody_of_eighteen_is_recognised(child, on):
    if recognise(child, on=on).outcome is Outcome.RECOGNISED:
        assert 0 <= age_on(child.birth_date, on) < 18


@given(CHILDREN, ON, DAYS)
def test_what_begins_later_changes_nothing(child, on, later):
    assume(later > on and not any(parent.role.startswith("adoptive") for parent in child.parents))
    coming = circumstance("severe_illness", later)
    grown = tuple(replace(parent, circumstances=(*parent.circumstances, coming)) for parent in child.parents)

    assert outcome(child, on) == outcome(replace(child, parents=grown), on)


@given(st.dates(date(2020, 1, 1), date(2023, 12, 31)))
@example(date(2023, 8, 29))
@example(date(2023, 8, 30))
@example(date(2023, 8, 31))
@example(date(2020, 2, 29))
def test_a_term_counts_from_six_months_on(begun):
    last = months_after(begun, 6) - timedelta(days=1)

    def prison(until: date) -> Outcome:
        return outcome(child_of((DEAD,), (circumstance("imprisoned", begun, until),)), max(begun, DEAD.from_on))

    assume(begun > DEAD.from_on)
    assert prison(last) is Outcome.RECOGNISED
    assert prison(last + timedelta(days=1)) is Outcome.RECOGNISED
    assert prison(last - timedelta(days=1)) is Outcome.REFUSED


@given(st.dates(date(2020, 6, 1), date(2028, 3, 1)))
@example(date(2023, 8, 31))
@example(date(2024, 2, 29))
def test_a_search_counts_from_six_months_on(reported):
    child = child_of((DEAD,), (circumstance("out_of_contact", reported, reported_on=reported),))
    day = months_after(reported, 6)

    assert outcome(child, day) is Outcome.RECOGNISED
    assert outcome(child, day - timedelta(days=1)) is Outcome.REFUSED


@given(st.dates(date(2003, 1, 1), date(2020, 12, 31)))
@example(date(2008, 2, 29))
def test_the_eighteenth_birthday_ends_it(born):
    dead = (circumstance("dead", born),)
    birthday = born.replace(year=born.year + 18) if (born.month, born.day) != (2, 29) else date(born.year + 18, 3, 1)
    child = child_of(dead, dead, birth_date=born)

    assert outcome(child, birthday - timedelta(days=1)) is Outcome.RECOGNISED
    assert outcome(child, birthday) is Outcome.REFUSED


def test_the_parent_without_a_situation_is_named():
    found = recognise(child_of((DEAD,), ()), on=DAY)

    (why,) = [one for one in found.reasons if one.code == "no_situation"]
    assert why.text.startswith("母亲")
    assert not any(one.text.startswith("父亲在当日没有") for one in found.reasons)


def test_reasons_stand_father_first():
    child = child_of((DEAD,), (circumstance("severe_illness"),))

    texts = [one.text[:2] for one in recognise(replace(child, parents=child.parents[::-1]), on=DAY).reasons]

    assert texts.index("父亲") < texts.index("母亲")


def test_reasons_of_a_parent_follow_the_days():
    ill, disabled = circumstance("severe_illness", date(2022, 1, 1)), circumstance("severe_disability", grade=1)
    prison = circumstance("imprisoned", date(2021, 1, 1), date(2021, 12, 31))

    found = recognise(child_of((DEAD,), (ill, prison, disabled)), on=DAY)

    mothers = [one for one in found.reasons if one.text.startswith("母亲")]
    assert [one.text[-4:-1] for one in mothers] == ["（重残", "刑在押", "（重病"]


def test_a_severe_illness_is_one_of_the_places_list():
    found = recognise(child_of((DEAD,), (circumstance("severe_illness"),)), on=DAY)

    assert [one.text[:2] for one in found.reasons if "目录" in one.text] == ["母亲"]


def test_a_revocation_is_refused_with_the_day_from_which_it_counts():
    child = child_of((DEAD,), (circumstance("guardianship_revoked", date(2020, 6, 1)),))

    found = recognise(child, on=date(2020, 12, 31))

    (why,) = [one for one in found.reasons if one.code == "situation_not_in_force"]
    assert "2021年1月1日" in why.text
    assert "民发〔2020〕125号" in why.citation.zh


def test_before_the_scheme_its_day_is_said():
    child = child_of((circumstance("dead", date(2018, 1, 1)),), (circumstance("severe_illness", date(2018, 1, 1)),))

    found = recognise(child, on=date(2019, 12, 31))

    (why,) = [one for one in found.reasons if one.code == "scheme_not_in_force"]
    assert "2020年1月1日" in why.text
    assert "民发〔2019〕62号" in why.citation.zh


def test_an_orphan_before_the_scheme_hears_nothing_of_it():
    dead = (circumstance("dead", date(2016, 1, 1)),)

    found = recognise(child_of(dead, dead), on=date(2019, 12, 31))

    assert found.category == "orphan_kin"
    assert "scheme_not_in_force" not in {one.code for one in found.reasons}


PROVINCE = """
custody_months:
  {zh: 最短期限, en: Shortest term, unit: months, values: [{from: 2022-01-01, value: "12", citation: default}]}
severe_disability_grades:
  {zh: 重残等级, en: Severe grades, unit: grades, values: [{from: 2022-01-01, value: ["1"], citation: default}]}
institution_placements:
  {zh: 集中养育, en: Institutions, unit: placements, values: [
    {from: 2022-01-01, value: [institution], citation: default}]}
adopted_child:
  {zh: 被收养儿童, en: Adopted children, unit: code, values: [{from: 2022-01-01, value: refused, citation: default}]}
age_limit:
  {zh: 年龄, en: Age, unit: years, values: [{from: 2022-01-01, value: "16", citation: default}]}
orphan_situations:
  {zh: 孤儿情形, en: Orphans, unit: situations, values: [
    {from: 2022-01-01, value: [dead, declared_missing, out_of_contact], citation: default}]}
out_of_contact_months:
  {zh: 失联, en: Out of contact, unit: months, values: [{from: 2022-01-01, value: "24", citation: default}]}
hiv_child_situations:
  {zh: 艾滋病, en: HIV, unit: situations, values: [{from: 2022-01-01, value: "", citation: default}]}
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Parameters:
    """The parameters that ship, and a province 99 of its own."""
    (tmp_path / "99").mkdir()
    (tmp_path / "99" / "recognition.yaml").write_text(PROVINCE, encoding="utf-8")
    return Parameters(FOLDER, tmp_path)


YEAR_OF_PRISON = circumstance("imprisoned", date(2024, 1, 1), date(2024, 11, 30))
GONE = circumstance("out_of_contact", date(2022, 7, 1), reported_on=date(2022, 7, 1))


@pytest.mark.parametrize(
    ("child", "there", "here"),
    [
        (child_of((DEAD,), (YEAR_OF_PRISON,)), "refused", "de_facto"),
        (child_of((DEAD,), (circumstance("severe_disability", DAY, grade=2),)), "refused", "de_facto"),
        (child_of((DEAD,), (circumstance("severe_disability", DAY, grade=1),)), "de_facto", "de_facto"),
        (child_of((DEAD,), (DEAD,), placements=(PlacementFact(kind="foster"),)), "orphan_kin", "orphan_institution"),
        (child_of((DEAD,), (DEAD,), birth_date=date(2008, 1, 1)), "refused", "orphan_kin"),
        (child_of((DEAD,), (GONE,)), "refused", "de_facto"),
        (child_of((DEAD,), (replace(GONE, from_on=None, reported_on=date(2022, 6, 3)),)), "orphan_kin", "de_facto"),
        (child_of((), (), circumstances=(circumstance("hiv"),)), "refused", "hiv"),
        (
            ChildFacts(
                birth_date=date(2015, 3, 7),
                parents=tuple(
                    ParentFact(role=f"adoptive_{one}", circumstances=(DEAD,)) for one in ("father", "mother")
                ),
            ),
            "refused",
            "orphan_kin",
        ),
    ],
)
def test_a_province_is_a_folder(elsewhere, child, there, here):
    def said(place: str) -> str:
        found = recognise(child, on=DAY, jurisdiction=place, parameters=elsewhere)
        return found.category or found.outcome.value

    assert (said("990101000000"), said("640122000000")) == (there, here)


def test_a_province_holds_from_its_day(elsewhere):
    child = child_of(
        (circumstance("dead", date(2020, 1, 1)),), (circumstance("imprisoned", date(2021, 6, 1), date(2022, 2, 28)),)
    )

    def said(on: date) -> Outcome:
        return outcome(child, on, jurisdiction="99", parameters=elsewhere)

    assert said(date(2021, 12, 31)) is Outcome.RECOGNISED
    assert said(date(2022, 1, 1)) is Outcome.REFUSED


@pytest.mark.parametrize(("day", "months", "later"), [
    (date(2023, 8, 31), 6, date(2024, 2, 29)),
    (date(2022, 8, 31), 6, date(2023, 2, 28)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2024, 7, 15), 6, date(2025, 1, 15)),
    (date(2024, 6, 3), 0, date(2024, 6, 3)),
])  # fmt: skip
def test_the_corresponding_day(day, months, later):
    assert months_after(day, months) == later


def test_what_is_open_stays_open_when_it_is_turned():
    assert [one.opposite for one in Verdict] == [Verdict.YES, Verdict.OPEN, Verdict.NO]


def test_a_reading_of_ours_is_marked_to_be_confirmed():
    codes = {parameter.code for parameter, _value in Parameters(FOLDER).to_confirm()}

    assert {"adopted_child", "institution_placements", "custody_months", "out_of_contact_months"} <= codes
