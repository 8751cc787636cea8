"""What the law says of a situation, word for word, with the day it speaks of and the article it rests on."""

from datetime import date

import pytest

from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact, PlacementFact
from hutong.law.recognition import Recognition, recognise

DAY = date(2024, 6, 3)
NINGXIA = "640122000000"
DEAD = CircumstanceFact(kind="dead", from_on=date(2020, 5, 1))


def fact(kind: str, from_on: date | None = None, until_on: date | None = None, **more) -> CircumstanceFact:
    return CircumstanceFact(kind=kind, from_on=from_on, until_on=until_on, **more)


def of(*mothers: CircumstanceFact, fathers=(DEAD,), on: date = DAY, **more) -> Recognition:
    parents = (ParentFact(role="father", circumstances=fathers), ParentFact(role="mother", circumstances=mothers))
    child = ChildFacts(**{"birth_date": date(2015, 3, 7), "parents": parents, **more})
    return recognise(child, on=on, jurisdiction=NINGXIA)


def said(found: Recognition) -> dict[str, str]:
    return {one.code: one.text for one in found.reasons}


@pytest.mark.parametrize(
    ("mother", "code", "text"),
    [
        (fact("imprisoned", date(2024, 1, 10), date(2024, 7, 8)), "term_too_short", "母亲的期限不满6个月（服刑在押）"),
        (
            fact("drug_rehab", date(2024, 1, 10)),
            "term_open",
            "母亲的期限起止不明，不能确定是否满6个月（强制隔离戒毒）",
        ),
        (fact("imprisoned", until_on=DAY), "term_open", "母亲的期限起止不明，不能确定是否满6个月（服刑在押）"),
        (
            fact("imprisoned", date(2023, 1, 1), date(2024, 6, 2)),
            "situation_over",
            "母亲的情形已于2024年6月2日结束（服刑在押）",
        ),
        (fact("severe_illness", date(2024, 6, 4)), "situation_not_yet", "母亲的情形自2024年6月4日起才发生（重病）"),
        (
            fact("severe_illness", date(2024, 6, 4), date(2024, 6, 2)),
            "dates_conflict",
            "母亲的情形截止日期早于起始日期（重病）",
        ),
        (
            fact("out_of_contact", date(2023, 1, 1), reported_on=date(2023, 12, 4)),
            "search_too_short",
            "母亲自公安机关受理查找或失去联系之日起不满6个月（失联）",
        ),
        (fact("out_of_contact", date(2020, 1, 1)), "search_not_reported", "母亲没有公安机关受理查找的日期（失联）"),
        (fact("severe_disability"), "grade_unknown", "母亲的残疾等级或类别不明（重残）"),
        (fact("severe_disability", grade=3), "grade_unknown", "母亲的残疾等级或类别不明（重残）"),
        (
            fact("severe_disability", grade=3, disability_class="visual"),
            "grade_too_light",
            "母亲的残疾等级和类别不属于重残（重残）",
        ),
        (
            fact("unable_to_work"),
            "situation_not_listed",
            "母亲的情形不在当地认定范围内（精神疾病完全丧失劳动能力）",
        ),
    ],
)
def test_a_situation_that_does_not_count_or_cannot_be_told(mother, code, text):
    assert said(of(mother))[code] == text


@pytest.mark.parametrize(
    ("mother", "text", "document"),
    [
        (
            fact("imprisoned", date(2024, 1, 10), date(2024, 7, 9)),
            "母亲的期限满6个月（服刑在押）",
            "民发〔2019〕62号",
        ),
        (
            fact("out_of_contact", reported_on=date(2023, 12, 3)),
            "母亲自公安机关受理查找之日起已满6个月（失联）",
            "民发〔2020〕125号",
        ),
        (fact("severe_disability", grade=2), "母亲的残疾等级和类别属于重残（重残）", "民发〔2019〕62号"),
        (
            fact("severe_disability", grade=4, disability_class="mental"),
            "母亲的残疾等级和类别属于重残（重残）",
            "民发〔2019〕62号",
        ),
        (fact("severe_illness"), "母亲患有重病，病种以当地目录为准（重病）", "民发〔2019〕62号"),
        (fact("deported"), "母亲符合规定情形（被遣送（驱逐）出境）", "民发〔2020〕125号"),
        (fact("declared_missing"), "母亲符合规定情形（宣告失踪）", "民发"),
    ],
)
def test_a_situation_that_counts_rests_on_its_document(mother, text, document):
    # the father's grounds come first, the mother's are the last that hold
    reason = [one for one in of(mother).reasons if one.code == "situation_holds"][-1]
    assert reason.text == text and document in reason.citation.zh


@pytest.mark.parametrize(
    ("mothers", "why"),
    [
        ((DEAD, fact("dead", date(2021, 5, 1))), "有两个不同的死亡日期"),
        ((fact("dead", date(2021, 5, 1), date(2022, 5, 1)),), "死亡情形写有截止日期"),
        ((DEAD, fact("imprisoned", date(2020, 5, 2), date(2023, 1, 1))), "死亡之后又发生其他情形"),
        ((fact("dead", date(2015, 3, 6)),), "死亡早于儿童出生"),
    ],
)
def test_what_cannot_be_true_together_is_said_and_left_to_a_person(mothers, why):
    found = of(*mothers)
    assert said(found)["facts_conflict"] == f"母亲的情形互相矛盾：{why}"
    assert found.outcome == "manual"


@pytest.mark.parametrize(
    "mothers",
    [
        (fact("dead", date(2015, 3, 7)),),  # on the day of the birth
        (DEAD, fact("severe_illness", date(2020, 5, 1))),  # on the day of the death
        (DEAD, fact("dead", date(2020, 5, 1))),  # said twice
        (DEAD, fact("severe_illness")),
        (fact("dead"),),
        (fact("dead", DAY),),  # on the day that is asked about
    ],
)
def test_what_may_be_true_together_is_no_contradiction(mothers):
    assert "facts_conflict" not in said(of(*mothers)) and of(*mothers).category == "orphan_kin"


def test_a_father_may_have_died_before_the_birth_and_a_mother_not():
    before = fact("dead", date(2015, 3, 6))
    assert of(DEAD, fathers=(before,)).category == "orphan_kin"
    assert of(before, fathers=(DEAD,)).outcome == "manual"


@pytest.mark.parametrize(
    ("more", "on", "code", "text"),
    [
        ({}, date(2015, 3, 6), "not_born", "儿童在当日尚未出生"),
        ({"died_on": DAY}, DAY, "child_dead", "儿童在当日已经死亡"),
        ({}, date(2033, 3, 7), "not_under_18", "儿童在当日已满18周岁"),
        ({"died_on": date(2015, 3, 6)}, DAY, "dates_conflict", "儿童的死亡或收养日期早于出生日期"),
        ({"adopted_on": DAY}, DAY, "adopted", "儿童已被依法收养"),
    ],
)
def test_who_is_no_child_or_nobody_s_to_recognise(more, on, code, text):
    found = of(DEAD, on=on, **more)
    assert said(found)[code] == text and found.category is None


def test_a_child_of_one_day_and_of_its_last_day_is_one():
    born = date(2015, 3, 7)
    assert of(fact("dead", born), fathers=(fact("dead", born),), on=born).category == "orphan_kin"
    assert of(DEAD, on=date(2033, 3, 6)).category == "orphan_kin"
    assert of(DEAD, died_on=date(2024, 6, 4)).category == "orphan_kin"
    assert of(fact("dead", born), fathers=(fact("dead", born),), on=born, died_on=date(2015, 3, 8)).category


@pytest.mark.parametrize("more", [{"died_on": date(2015, 3, 7)}, {"adopted_on": date(2015, 3, 7)}])
def test_a_death_or_an_adoption_on_the_day_of_the_birth_is_no_contradiction(more):
    assert "dates_conflict" not in said(of(DEAD, **more))


@pytest.mark.parametrize(
    ("placements", "code", "text", "category"),
    [
        ((), "raised_outside", "社会散居", "orphan_kin"),
        (
            (PlacementFact(kind="foster"), PlacementFact(kind="institution")),
            "raised_in_institution",
            "由机构集中养育（含机构家庭寄养）",
            "orphan_institution",
        ),
        (
            (PlacementFact(kind="institution", until_on=date(2024, 6, 2)), PlacementFact(kind="kin")),
            "raised_outside",
            "社会散居",
            "orphan_kin",
        ),
        (
            (PlacementFact(kind="institution"), PlacementFact(kind="kin")),
            "placements_conflict",
            "安置记录互相矛盾，不能确定养育方式",
            None,
        ),
        (
            (PlacementFact(kind="kin", from_on=DAY, until_on=date(2024, 6, 2)),),
            "placements_conflict",
            "安置记录互相矛盾，不能确定养育方式",
            None,
        ),
    ],
)
def test_where_an_orphan_is_raised(placements, code, text, category):
    found = of(DEAD, placements=placements)
    assert said(found)[code] == text and found.category == category


def test_an_infection_is_told_as_it_stands_on_the_day():
    infected = (fact("hiv", date(2024, 6, 4)),)
    assert said(of(DEAD, circumstances=infected))["situation_not_on_the_day"] == ("情形在当日不存在（艾滋病病毒感染）")
    assert said(of(DEAD, circumstances=(fact("hiv", DAY, date(2024, 6, 2)),)))["dates_conflict"] == (
        "情形截止日期早于起始日期（艾滋病病毒感染）"
    )
    found = of(DEAD, circumstances=(fact("hiv", DAY),))
    assert (found.category, found.also) == ("orphan_kin", ("hiv",))
    assert said(found)["hiv"] == "儿童符合规定情形（艾滋病病毒感染）"


def test_before_a_table_is_in_force_its_situations_are_told_so():
    old = {"birth_date": date(2005, 3, 7), "circumstances": (fact("hiv"),)}
    found = of(fathers=(), on=date(2011, 12, 31), **old)
    assert said(found)["scheme_not_in_force"] == "当日尚未实施该项保障（艾滋病病毒感染）"
    assert of(fathers=(), on=date(2012, 1, 1), **old).category == "hiv"


def test_a_foundling_whose_parents_are_named_is_left_to_a_person():
    lost = (fact("parents_not_found", date(2020, 1, 1)),)
    found = of(circumstances=lost)
    assert said(found)["facts_conflict"] == "既称查找不到生父母，又写明了父亲或母亲"
    unknown = tuple(ParentFact(role=role, is_unknown=True) for role in ("father", "mother"))
    assert of(circumstances=lost, parents=unknown).category == "orphan_kin"
