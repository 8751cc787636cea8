"""Data checks: what agrees, what contradicts, and that nothing found is never a pass."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.circumstances import CIRCUMSTANCES, HIDDEN
from hutong.law.data_checks import (
    VERDICTS,
    WHOSE,
    Claim,
    LifeSign,
    SourceAnswer,
    Verdict,
    compare,
    faults,
    questions_about,
)
from hutong.law.data_sources import AIDS_ASKED, LIFE_SIGNS, TOPICS, Outcome, topic
from hutong.law.facts import AidFact, ChildFacts, CircumstanceFact, ParentFact, StudyFact
from hutong.law.parameters import shipped
from hutong.law.rules import Rules

DAY, BORN = date(2026, 11, 28), date(2015, 3, 7)
RULES = Rules(shipped(), "640122000000").on(DAY)
LONG_AGO, BEFORE, AFTER = date(2023, 5, 1), DAY - timedelta(1), DAY + timedelta(1)
YES, NO = {"holds": True}, {"holds": False}
CHILD = ChildFacts(birth_date=BORN)


def fact(kind, **more):
    return CircumstanceFact(kind=kind, **more)


def father(kind, **more):
    return Claim("father", fact(kind, **more))


def child(kind, **more):
    return Claim("child", LifeSign(kind=kind, **more), born_on=BORN)


def found(source, **values):
    return SourceAnswer(source, Outcome.FOUND, values, DAY)


def finding(claim, answer, rules=RULES):
    made = compare(claim, answer, rules)
    return made.verdict.value, made.code


AGREES = ("consistent", "agrees")
EMPTY = ("no_data", "field_empty")
IMPOSSIBLE = ("unavailable", "impossible")


def contradicts(code):
    return "contradicts", code


# what was not found, and what could not be asked


def claims_about(kind):
    made = LifeSign(kind=kind) if kind in LIFE_SIGNS else fact(kind, from_on=LONG_AGO)
    return Claim("child" if kind in LIFE_SIGNS else "mother", made)


EVERY = [(one.source, kind) for one in TOPICS for kind in one.about]


@pytest.mark.parametrize(("source", "kind"), EVERY)
def test_not_found_is_never_a_pass(source, kind):
    answer = SourceAnswer(source, Outcome.NOT_FOUND, {}, DAY)
    assert finding(claims_about(kind), answer) == ("no_data", "not_found")


@pytest.mark.parametrize(("source", "kind"), EVERY)
def test_found_without_any_value_is_no_data(source, kind):
    assert finding(claims_about(kind), found(source)) == EMPTY


@pytest.mark.parametrize(("source", "kind"), EVERY)
def test_who_does_not_answer_is_unavailable(source, kind):
    answer = SourceAnswer(source, Outcome.UNAVAILABLE, {}, DAY)
    assert finding(claims_about(kind), answer) == ("unavailable", "unavailable")


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.UNAVAILABLE])
def test_values_without_a_record_are_impossible(outcome):
    assert finding(father("dead"), SourceAnswer("police", outcome, {"dead": True}, DAY)) == IMPOSSIBLE


@pytest.mark.parametrize("kind", ["dead", HIDDEN])
def test_a_source_that_cannot_tell_is_not_compared(kind):
    with pytest.raises(LookupError):
        compare(father(kind), found("prison"), RULES)


# agreement and contradiction, one line a case

CASES = [
    # life
    (father("dead"), found("police", dead=False), contradicts("dead_differs")),
    (father("dead"), found("police", dead=True), AGREES),
    (father("dead"), found("police", dead=True, died_on=LONG_AGO), AGREES),
    (father("dead"), found("police", died_on=LONG_AGO), AGREES),
    (father("dead", from_on=LONG_AGO), found("police", dead=True), EMPTY),
    (father("dead", from_on=LONG_AGO), found("police", dead=False), contradicts("dead_differs")),
    (father("dead", from_on=LONG_AGO), found("police", dead=True, died_on=LONG_AGO), AGREES),
    (
        father("dead", from_on=LONG_AGO),
        found("police", dead=True, died_on=LONG_AGO + timedelta(1)),
        contradicts("died_on_differs"),
    ),
    (father("dead"), found("funeral", died_on=LONG_AGO), AGREES),
    (father("dead"), found("funeral"), EMPTY),
    (father("dead", from_on=LONG_AGO), found("court", died_on=BEFORE), contradicts("died_on_differs")),
    (father("dead", from_on=AFTER), found("health", died_on=BEFORE), contradicts("dead_differs")),
    (child("alive"), found("police", dead=False), AGREES),
    (child("alive"), found("police", dead=True), contradicts("dead_differs")),
    (child("alive"), found("police", died_on=BEFORE), contradicts("dead_differs")),
    (child("alive"), found("funeral", died_on=BEFORE), contradicts("dead_differs")),
    (child("alive", is_so=False, from_on=BEFORE), found("funeral", died_on=BEFORE), AGREES),
    (child("alive", is_so=False, from_on=BEFORE), found("police", dead=False), contradicts("dead_differs")),
    (child("alive", is_so=False, from_on=BEFORE), found("police", dead=True, died_on=LONG_AGO),
     contradicts("died_on_differs")),
    # custody
    (father("imprisoned"), found("prison", **YES), AGREES),
    (father("imprisoned"), found("prison", **NO), contradicts("holds_differs")),
    (father("imprisoned"), found("prison", from_on=LONG_AGO, until_on=AFTER), EMPTY),
    (father("imprisoned"), found("prison", until_on=BEFORE), contradicts("holds_differs")),
    (father("imprisoned"), found("prison", until_on=DAY), EMPTY),
    (father("imprisoned", until_on=DAY), found("prison", **YES, until_on=DAY), AGREES),
    (father("imprisoned", until_on=BEFORE), found("prison", **NO, until_on=BEFORE), AGREES),
    (father("imprisoned", until_on=BEFORE), found("prison", **YES, until_on=AFTER), contradicts("holds_differs")),
    (father("imprisoned", from_on=LONG_AGO), found("prison", **YES), EMPTY),
    (father("imprisoned", from_on=LONG_AGO), found("prison", **YES, from_on=LONG_AGO), AGREES),
    (father("imprisoned", from_on=LONG_AGO), found("prison", **YES, from_on=BEFORE), contradicts("from_on_differs")),
    (father("imprisoned", until_on=AFTER), found("prison", **YES), EMPTY),
    (
        father("imprisoned", until_on=AFTER),
        found("prison", **YES, until_on=AFTER + timedelta(1)),
        contradicts("until_on_differs"),
    ),
    (father("drug_rehab"), found("rehabilitation", **NO), contradicts("holds_differs")),
    (father("liberty_restricted"), found("police", **YES), AGREES),
    # judgments, deportation, illness
    (father("declared_missing"), found("court", **YES), AGREES),
    (father("guardianship_revoked"), found("court", **NO, until_on=BEFORE), contradicts("holds_differs")),
    (father("deported", from_on=LONG_AGO), found("immigration", **YES, from_on=LONG_AGO), AGREES),
    (father("severe_illness"), found("health", **NO), contradicts("holds_differs")),
    (father("severe_illness"), found("medical_insurance", **YES), AGREES),
    # searches
    (father("out_of_contact", reported_on=LONG_AGO), found("police", **YES, reported_on=LONG_AGO), AGREES),
    (father("out_of_contact", reported_on=LONG_AGO), found("police", **YES), EMPTY),
    (father("out_of_contact", reported_on=LONG_AGO), found("police", **YES, reported_on=BEFORE),
     contradicts("reported_on_differs")),
    (father("out_of_contact", reported_on=LONG_AGO), found("police", reported_on=LONG_AGO, until_on=BEFORE),
     contradicts("holds_differs")),
    (father("out_of_contact", from_on=LONG_AGO, reported_on=BEFORE), found("police", **YES, reported_on=BEFORE),
     AGREES),
    (Claim("child", fact("parents_not_found")), found("police", **YES, reported_on=BEFORE), AGREES),
    # seen elsewhere
    (father("out_of_contact", from_on=LONG_AGO), found("marriage", seen_on=LONG_AGO), ("no_data", "says_nothing")),
    (father("out_of_contact", from_on=LONG_AGO), found("marriage", seen_on=LONG_AGO + timedelta(1)),
     contradicts("seen_since")),
    (father("out_of_contact", reported_on=LONG_AGO), found("immigration", seen_on=BEFORE), contradicts("seen_since")),
    (father("out_of_contact", from_on=LONG_AGO, reported_on=BEFORE), found("immigration", seen_on=BEFORE),
     contradicts("seen_since")),
    (father("out_of_contact"), found("immigration", seen_on=BEFORE), ("no_data", "says_nothing")),
    (father("out_of_contact", from_on=LONG_AGO), found("immigration"), EMPTY),
    # certificates
    (father("severe_disability", grade=3), found("disabled_federation", grade=3, disability_class="physical"),
     contradicts("not_severe")),
    (father("severe_disability"), found("disabled_federation", grade=3), EMPTY),
    # study, adoption, aid
    (child("enrolled", level="compulsory"), found("education", **YES, level="compulsory"), AGREES),
    (child("enrolled", level="compulsory"), found("education", **YES, level="senior_high"),
     contradicts("level_differs")),
    (child("enrolled", level="compulsory"), found("education", **YES), EMPTY),
    (child("enrolled"), found("education", **YES), AGREES),
    (child("enrolled", until_on=AFTER), found("education", **YES, until_on=AFTER), AGREES),
    (child("enrolled"), found("education", **NO), contradicts("holds_differs")),
    (child("enrolled", is_so=False), found("education", **YES), contradicts("holds_differs")),
    (child("adopted", is_so=False), found("adoption", **NO), AGREES),
    (child("adopted", is_so=False), found("adoption", **YES), contradicts("holds_differs")),
    (child("adopted"), found("adoption", **NO), contradicts("holds_differs")),
    (child("adopted", from_on=BEFORE), found("adoption", **YES, from_on=LONG_AGO), contradicts("from_on_differs")),
    (child("adopted", from_on=AFTER), found("adoption", **YES), contradicts("holds_differs")),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "answer", "expected"), CASES)
def test_a_claim_is_held_against_an_answer(claim, answer, expected):
    assert finding(claim, answer) == expected


CERTIFIED = {"grade": 2, "disability_class": "physical", "certificate_valid_until": DAY}


@pytest.mark.parametrize(
    ("said", "changed", "expected"),
    [
        ({}, {}, AGREES),
        ({"grade": 2, "disability_class": "physical"}, {}, AGREES),
        ({"grade": 1}, {}, contradicts("grade_differs")),
        ({"disability_class": "mental"}, {}, contradicts("disability_class_differs")),
        ({}, {"grade": 3}, contradicts("not_severe")),
        ({"grade": 2}, {"grade": 3}, contradicts("not_severe")),
        ({}, {"grade": 3, "disability_class": "mental"}, AGREES),
        ({}, {"grade": 4, "disability_class": "intellectual"}, AGREES),
        ({}, {"certificate_valid_until": AFTER}, AGREES),
        ({}, {"certificate_valid_until": BEFORE}, contradicts("certificate_expired")),
        ({"grade": 1}, {"certificate_valid_until": BEFORE}, contradicts("certificate_expired")),
        ({"grade": 1}, {"certificate_valid_until": None}, contradicts("grade_differs")),
        ({}, {"certificate_valid_until": None}, EMPTY),
        ({}, {"grade": None}, EMPTY),
        ({}, {"disability_class": None}, EMPTY),
    ],
)
def test_a_certificate_is_read_by_grade_class_and_last_day(said, changed, expected):
    values = {code: value for code, value in (CERTIFIED | changed).items() if value is not None}
    assert finding(father("severe_disability", **said), found("disabled_federation", **values)) == expected


def test_a_light_disability_of_the_child_is_no_contradiction():
    claim = Claim("child", fact("disability", grade=4, disability_class="hearing"))
    certified = CERTIFIED | {"grade": 4, "disability_class": "hearing"}
    assert finding(claim, found("disabled_federation", **certified)) == AGREES
    assert finding(claim, found("disabled_federation", **certified | {"grade": 3})) == contradicts("grade_differs")


AID = {f"aid_{kind}": False for kind in AIDS_ASKED}


def test_all_aid_that_was_claimed_is_found_and_no_other():
    claim = child("other_aid", aids=("dibao",))
    assert finding(claim, found("social_assistance", **AID | {"aid_dibao": True})) == AGREES
    assert finding(claim, found("social_assistance", **AID)) == contradicts("aid_dibao_differs")
    assert finding(child("other_aid"), found("social_assistance", **AID)) == AGREES
    assert finding(child("other_aid"), found("social_assistance", aid_dibao=False)) == EMPTY
    assert finding(child("other_aid"), found("social_assistance", aid_tekun=True)) == contradicts("aid_tekun_differs")


# answers that cannot be

UNTIL = "截止日期（已释放的填释放日期）"


@pytest.mark.parametrize(
    ("claim", "answer", "why"),
    [
        (father("dead"), found("police", dead=False, died_on=BEFORE), "是否已死亡为否，却有死亡日期"),
        (father("dead"), found("police", dead=True, died_on=AFTER), "死亡日期晚于答复日期"),
        (father("dead"), found("police", dead="yes"), "是否已死亡不是可填的内容"),
        (father("dead"), found("police", dead=True, until_on=BEFORE), "含有未询问的内容"),
        (father("dead"), found("police", died_on="2023-05-01"), "死亡日期不是可填的内容"),
        (child("alive"), found("police", dead=True, died_on=BORN - timedelta(1)), "死亡日期早于出生日期"),
        (child("enrolled"), found("education", **YES, from_on=BORN - timedelta(1)), "入学日期早于出生日期"),
        (
            Claim("mother", fact("dead"), lived_on=BORN),
            found("police", dead=True, died_on=BORN - timedelta(1)),
            "死亡日期早于儿童出生",
        ),
        (
            father("imprisoned"),
            found("prison", **NO, from_on=BEFORE, until_on=LONG_AGO),
            "截止日期（已释放的填释放日期）早于起始日期",
        ),
        (
            father("imprisoned"),
            found("prison", **YES, until_on=BEFORE),
            "目前是否在押为是，截止日期（已释放的填释放日期）却已过去",
        ),
        (father("imprisoned"), found("prison", **YES, from_on=AFTER), "起始日期晚于答复日期"),
        (
            father("out_of_contact"),
            found("police", reported_on=BEFORE, until_on=BEFORE - timedelta(1)),
            "找到日期早于受理查找日期",
        ),
        (father("severe_disability"), found("disabled_federation", grade=5), "残疾等级不是可填的内容"),
    ],
)
def test_an_answer_that_cannot_be_is_not_believed(claim, answer, why):
    made = compare(claim, answer, RULES)
    assert (made.verdict.value, made.code) == IMPOSSIBLE
    assert f"的答复不能成立：{why}，须重新查询" in made.text


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        (father("dead"), found("police", dead=True, died_on=DAY)),
        (Claim("child", LifeSign(kind="alive", is_so=False), BORN), found("police", dead=True, died_on=BORN)),
        (Claim("mother", fact("dead"), lived_on=BORN), found("police", dead=True, died_on=BORN)),
        (Claim("mother", fact("imprisoned"), lived_on=BORN), found("prison", **YES, from_on=BORN - timedelta(9))),
        (father("imprisoned", until_on=BEFORE), found("prison", **NO, from_on=BEFORE, until_on=BEFORE)),
        (father("imprisoned"), found("prison", **YES, from_on=DAY, until_on=DAY)),
        (father("imprisoned"), found("prison", **YES, until_on=AFTER)),
    ],
)
def test_a_day_on_the_border_can_be(claim, answer):
    assert finding(claim, answer) == AGREES


def test_an_answer_is_judged_on_its_own_day_and_held_against_the_claim_today():
    in_prison = father("imprisoned")
    answer = replace(found("prison", **YES, until_on=BEFORE), answered_on=BEFORE)
    assert finding(in_prison, answer) == contradicts("holds_differs")
    assert finding(in_prison, replace(answer, answered_on=DAY)) == IMPOSSIBLE
    early = replace(found("police", dead=True, died_on=DAY), answered_on=BEFORE)
    assert finding(father("dead"), early) == IMPOSSIBLE


def test_every_fault_is_named_with_its_field():
    prison, police = topic("prison", "imprisoned"), topic("police", "dead")
    over = {**YES, "from_on": DAY, "until_on": BEFORE}
    assert [(one.code, one.field) for one in faults(prison, over, DAY)] == [
        ("ends_before", "until_on"),
        ("holds_but_over", "until_on"),
    ]
    assert [(one.code, one.field) for one in faults(police, {"dead": 1, "cause": "x", "died_on": AFTER}, DAY)] == [
        ("not_a_value", "dead"),
        ("not_asked", "cause"),
    ]
    wrong = {"dead": False, "died_on": AFTER}
    days = {"born_on": AFTER + timedelta(2), "lived_on": AFTER + timedelta(2)}
    assert [(one.code, one.field) for one in faults(police, wrong, DAY, **days)] == [
        ("in_future", "died_on"),
        ("before_birth", "died_on"),
        ("before_childbirth", "died_on"),
        ("alive_with_death", "died_on"),
    ]
    search = {"reported_on": DAY, "until_on": BEFORE}
    assert [one.code for one in faults(topic("police", "out_of_contact"), search, DAY)] == ["ends_before"]
    assert not list(faults(prison, {}, DAY))


# words


def text(claim, answer):
    return compare(claim, answer, RULES).text


def test_findings_are_worded_for_a_decision():
    long = father("imprisoned", from_on=date(2023, 5, 1), until_on=date(2028, 4, 30))
    assert text(long, found("prison", **NO, from_on=date(2023, 5, 1), until_on=date(2026, 3, 1))) == (
        "监狱服刑信息与父亲的申报情况不一致：目前是否在押，申报为是，查询为否；"
        "截止日期（已释放的填释放日期），申报为2028年4月30日，查询为2026年3月1日（服刑在押）"
    )
    assert text(long, found("prison", **YES)) == (
        "监狱服刑信息查到父亲的记录，但没有起始日期、截止日期（已释放的填释放日期），不能核实（服刑在押）"
    )
    assert text(father("dead"), found("police", dead=True)) == "公安机关人口信息与父亲的申报情况一致（死亡）"
    assert text(child("alive"), SourceAnswer("police", Outcome.NOT_FOUND, {}, DAY)) == (
        "公安机关人口信息没有查到儿童的记录，不能视为核实通过（在世）"
    )
    assert text(father("dead"), SourceAnswer("court", Outcome.UNAVAILABLE, {}, DAY)) == (
        "人民法院裁判信息未能查询父亲的情况（死亡）"
    )
    assert text(father("dead"), SourceAnswer("court", Outcome.NOT_FOUND, {"died_on": DAY}, DAY)) == (
        "人民法院裁判信息的答复不能成立：没有记录却填有内容，须重新查询（死亡）"
    )
    assert text(child("alive"), found("funeral", died_on=date(2025, 6, 30))) == (
        "殡葬服务信息与儿童的申报情况不一致：是否已死亡，申报为否，查询为是（在世）"
    )
    assert text(father("dead", from_on=BEFORE), found("funeral")) == (
        "殡葬服务信息查到父亲的记录，但没有死亡日期，不能核实（死亡）"
    )


def test_findings_about_certificates_and_meetings_are_worded():
    grade = father("severe_disability", grade=3)
    assert text(grade, found("disabled_federation", grade=3, disability_class="hearing")) == (
        "残疾人联合会持证信息登记的父亲残疾等级为三级，不属于重残（重残）"
    )
    assert text(grade, found("disabled_federation", certificate_valid_until=BEFORE)) == (
        "残疾人联合会持证信息登记的父亲残疾人证已于2026年11月27日到期（重残）"
    )
    lost = replace(father("out_of_contact", from_on=LONG_AGO), whose="mother")
    assert text(lost, found("marriage", seen_on=date(2024, 2, 3))) == (
        "民政婚姻登记信息显示母亲在失去联系后仍有记录：最近一次婚姻登记日期2024年2月3日（失联）"
    )
    assert text(lost, found("marriage", seen_on=LONG_AGO)) == "民政婚姻登记信息的记录不能说明母亲是否失联（失联）"


def test_a_finding_cites_the_comparison_and_a_light_grade_what_is_severe():
    cited = compare(father("dead"), found("police", dead=True), RULES).citation
    assert cited.zh == "《关于进一步加强事实无人抚养儿童保障工作的意见》（民发〔2019〕62号）第二条"
    light = compare(
        father("severe_disability"), found("disabled_federation", grade=3, disability_class="speech"), RULES
    )
    assert light.citation == RULES.source("severe_disability_grades")


def test_every_verdict_and_everybody_has_a_word():
    assert {*VERDICTS} == {*Verdict}
    assert [zh for zh, _en in VERDICTS.values()] == ["一致", "矛盾", "无数据", "无法查询"]
    assert {*WHOSE} == {"child", "father", "mother", "adoptive_father", "adoptive_mother"}


# whatever is claimed and answered

DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DAYS
FACTS = st.builds(
    CircumstanceFact,
    kind=st.sampled_from([kind for kind in CIRCUMSTANCES if kind != HIDDEN]),
    from_on=MAYBE,
    until_on=MAYBE,
    reported_on=MAYBE,
    grade=st.none() | st.integers(1, 4),
    disability_class=st.sampled_from(["", "mental", "physical"]),
)
SIGNS = st.builds(
    LifeSign,
    kind=st.sampled_from([*LIFE_SIGNS]),
    is_so=st.booleans(),
    from_on=MAYBE,
    until_on=MAYBE,
    level=st.sampled_from(["", "compulsory"]),
    aids=st.sets(st.sampled_from(AIDS_ASKED)).map(tuple),
)
CLAIMS = st.builds(Claim, whose=st.sampled_from([*WHOSE]), fact=FACTS | SIGNS, born_on=MAYBE, lived_on=MAYBE)


@st.composite
def answered(draw):
    claim = draw(CLAIMS)
    source = draw(st.sampled_from([one.source for one in TOPICS if claim.fact.kind in one.about]))
    asked = topic(source, claim.fact.kind)
    values = {
        field.code: draw(st.sampled_from([one for one, _zh, _en in field.choices]) if field.choices else DAYS)
        for field in asked.fields
        if draw(st.booleans())
    }
    return claim, SourceAnswer(source, Outcome.FOUND, values, DAY)


@given(answered())
def test_agreement_rests_on_at_least_one_value_and_bears_less_only_as_no_data(pair):
    claim, answer = pair
    made = compare(claim, answer, RULES)
    if made.verdict is Verdict.CONSISTENT:
        assert answer.values
        nothing = replace(answer, values={})
        assert compare(claim, nothing, RULES).verdict is Verdict.NO_DATA


@given(answered(), st.sampled_from([Outcome.NOT_FOUND, Outcome.UNAVAILABLE]))
def test_without_a_record_nothing_agrees_and_nothing_contradicts(pair, outcome):
    claim, answer = pair
    made = compare(claim, replace(answer, outcome=outcome), RULES)
    assert made.verdict in (Verdict.NO_DATA, Verdict.UNAVAILABLE)


@given(answered())
def test_a_flipped_yes_never_leaves_an_agreement(pair):
    claim, answer = pair
    flipped = {code: not value if isinstance(value, bool) else value for code, value in answer.values.items()}
    if flipped != answer.values and compare(claim, answer, RULES).verdict is Verdict.CONSISTENT:
        assert compare(claim, replace(answer, values=flipped), RULES).verdict is not Verdict.CONSISTENT


# what to ask


def asked(child_facts):
    return [(one.source, one.claim.whose, one.claim.fact.kind) for one in questions_about(child_facts, on=DAY)]


SIGNS_OF_LIFE = [
    *[(source, "child", "alive") for source in ("police", "funeral", "health")],
    ("adoption", "child", "adopted"),
    ("social_assistance", "child", "other_aid"),
]


def test_of_every_child_its_life_is_asked():
    assert asked(CHILD) == SIGNS_OF_LIFE
    claims = [one.claim for one in questions_about(CHILD, on=DAY)]
    assert [claim.born_on for claim in claims] == [BORN] * 5
    assert {claim.lived_on for claim in claims} == {None}
    assert [claims[0].fact, claims[3].fact, claims[4].fact] == [
        LifeSign(kind="alive"), LifeSign(kind="adopted", is_so=False), LifeSign(kind="other_aid"),
    ]  # fmt: skip


def test_of_parents_what_is_claimed_is_asked():
    parents = (
        ParentFact(role="father", circumstances=(fact("imprisoned", from_on=LONG_AGO),)),
        ParentFact(role="mother", circumstances=(fact("dead", from_on=LONG_AGO),)),
    )
    made = questions_about(replace(CHILD, parents=parents), on=DAY)[5:]
    assert [(one.source, one.claim) for one in made] == [
        ("prison", Claim("father", parents[0].circumstances[0])),
        *(
            (source, Claim("mother", parents[1].circumstances[0], lived_on=BORN))
            for source in ("police", "funeral", "court", "health")
        ),
    ]


@pytest.mark.parametrize(
    "parent",
    [
        ParentFact(role="father", is_unknown=True, circumstances=(fact("dead"),)),
        ParentFact(role="father"),
        ParentFact(role="father", circumstances=(fact("imprisoned", until_on=BEFORE),)),
        ParentFact(role="father", circumstances=(fact("imprisoned", from_on=AFTER),)),
        ParentFact(role="father", circumstances=(fact("unable_to_work"),)),
    ],
)
def test_nothing_is_asked_of_who_is_unknown_or_of_what_does_not_hold(parent):
    assert asked(replace(CHILD, parents=(parent,))) == SIGNS_OF_LIFE


def test_of_the_dead_nothing_else_is_asked():
    one = ParentFact(role="father", circumstances=(fact("imprisoned"), fact("dead")))
    assert {kind for _, whose, kind in asked(replace(CHILD, parents=(one,))) if whose == "father"} == {"dead"}


def test_of_adopted_children_the_adoptive_parents_are_asked_about():
    parents = tuple(ParentFact(role=role, circumstances=(fact("dead"),)) for role in ("father", "adoptive_mother"))
    adopted = replace(CHILD, is_adopted=True, adopted_on=BEFORE, parents=parents)
    assert {whose for _, whose, _ in asked(adopted)} == {"child", "adoptive_mother"}
    made = {one.claim.fact.kind: one.claim for one in questions_about(adopted, on=DAY)}
    assert made["adopted"].fact == LifeSign(kind="adopted", from_on=BEFORE)
    assert made["dead"].lived_on is None  # an adoptive mother may have died before the birth on paper alone


@pytest.mark.parametrize(
    ("facts", "is_so", "from_on"),
    [
        ({"adopted_on": DAY}, True, DAY),
        ({"adopted_on": AFTER}, False, None),
        ({"is_adopted": True}, True, None),
    ],
)
def test_an_adoption_counts_from_its_day_on(facts, is_so, from_on):
    made = {one.claim.fact.kind: one.claim.fact for one in questions_about(replace(CHILD, **facts), on=DAY)}
    assert made["adopted"] == LifeSign(kind="adopted", is_so=is_so, from_on=from_on)


def test_of_a_dead_child_the_death_alone_is_asked():
    dead = replace(CHILD, died_on=DAY, study=(StudyFact(level="compulsory"),))
    assert asked(dead) == SIGNS_OF_LIFE[:3]
    assert {one.claim for one in questions_about(dead, on=DAY)} == {
        Claim("child", LifeSign(kind="alive", is_so=False, from_on=DAY), BORN)
    }
    assert asked(replace(dead, died_on=AFTER))[:5] == SIGNS_OF_LIFE


def test_study_aid_and_circumstances_of_the_child_are_asked_as_they_hold():
    held = replace(
        CHILD,
        study=(
            StudyFact(level="compulsory", from_on=LONG_AGO, until_on=DAY),
            StudyFact(level="preschool", until_on=BEFORE),
        ),
        other_aid=(
            AidFact(kind="tekun"),
            AidFact(kind="dibao"),
            AidFact(kind="dibao"),
            AidFact(kind="other"),
            AidFact(kind="disability_living", until_on=BEFORE),
        ),
        circumstances=(
            fact("disability", grade=2),
            fact(HIDDEN),
            fact("hiv"),
            fact("severe_illness", until_on=BEFORE),
            fact("parents_not_found"),
        ),
    )
    made = questions_about(held, on=DAY)
    assert [(one.source, one.claim.fact.kind) for one in made[5:]] == [
        ("education", "enrolled"),
        ("disabled_federation", "disability"),
        ("police", "parents_not_found"),
    ]
    assert made[4].claim.fact.aids == ("dibao", "tekun")
    assert made[5].claim.fact == LifeSign(kind="enrolled", level="compulsory", from_on=LONG_AGO, until_on=DAY)


@given(st.lists(FACTS, max_size=4), st.lists(FACTS, max_size=4))
def test_whatever_is_asked_can_be_compared(own, of_father):
    facts = replace(
        CHILD, circumstances=tuple(own), parents=(ParentFact(role="father", circumstances=tuple(of_father)),)
    )
    for one in questions_about(facts, on=DAY):
        made = compare(one.claim, SourceAnswer(one.source, Outcome.NOT_FOUND, {}, DAY), RULES)
        assert made.verdict is Verdict.NO_DATA
