"""Data checks (部门数据比对): what is claimed of a parent or a child held against what a department answers.

What was not found is never a pass: it leaves the claim as open as before. Nothing here decides; a finding is evidence
for a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.circumstances import CIRCUMSTANCES, FINAL, WITH_GRADE
from hutong.law.citation import Citation, cite
from hutong.law.data_sources import AIDS_ASKED, LIFE_SIGNS, SOURCES, Field, Outcome, Topic, Value, sources_of, topic
from hutong.law.data_sources import DEAD as DEATH
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact, Span
from hutong.law.rules import InForce
from hutong.law.situations import judge

BY_COMPARISON = "mz_2019_62 第二条"
CHILD = "child"
WHOSE = {
    CHILD: "儿童",
    "father": "父亲",
    "mother": "母亲",
    "adoptive_father": "养父",
    "adoptive_mother": "养母",
}
ADOPTIVE = frozenset({"adoptive_father", "adoptive_mother"})
SEEN, DEAD, DIED_ON = "seen_on", "dead", "died_on"


class Verdict(StrEnum):
    """Verdict (比对结论)."""

    CONSISTENT = "consistent"
    CONTRADICTS = "contradicts"
    NO_DATA = "no_data"
    UNAVAILABLE = "unavailable"


VERDICTS = {
    Verdict.CONSISTENT: ("一致", "Consistent"),
    Verdict.CONTRADICTS: ("矛盾", "Contradicts"),
    Verdict.NO_DATA: ("无数据", "No data"),
    Verdict.UNAVAILABLE: ("无法查询", "Unavailable"),
}
"""Verdict by code, in Chinese and English (比对结论)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeSign(Span):
    """Life sign (生存迹象) of a child as it is claimed: alive, enrolled, adopted, other aid; or not (`is_so`).

    `level` of study; `aids` the kinds of other aid, all of them. Who is claimed dead is not alive, from the death on.
    """

    kind: str
    is_so: bool = True
    level: str = ""
    aids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim (申报情况): what is said of the child or of a parent.

    `born_on`, where it is known: nothing is true of anybody before. `lived_on`: a day on which somebody certainly
    lived, for a mother the child's birth.
    """

    whose: str
    fact: CircumstanceFact | LifeSign
    born_on: date | None = None
    lived_on: date | None = None


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What a source answered on a day (部门答复): `values` by field code, those it left empty are not there."""

    source: str
    outcome: Outcome
    values: Mapping[str, Value]
    answered_on: date


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be true in an answer (答复错误): which field shows it; `text` in Chinese."""

    code: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Finding (比对结果): the verdict with its reason; `text` in Chinese, for whoever decides."""

    verdict: Verdict
    code: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Enquiry (核对项): a claim, and the source to ask about it."""

    source: str
    claim: Claim


def compare(claim: Claim, answer: SourceAnswer, rules: InForce) -> Finding:
    """Holds a claim against an answer (比对) on the day of the rules. Raises LookupError for what is never asked."""
    asked = topic(answer.source, claim.fact.kind)
    wording = _Wording(claim, asked)
    if answer.outcome is not Outcome.FOUND:
        return _without_record(answer, wording)
    fault = next(faults(asked, answer.values, answer.answered_on, born_on=claim.born_on, lived_on=claim.lived_on), None)
    if fault:
        return wording.finding(Verdict.UNAVAILABLE, "impossible", f"的答复不能成立：{fault.text}，须重新查询")
    return _held_against(claim, asked, _with_implied(answer.values, rules.day), rules, wording)


def questions_about(child: ChildFacts, *, on: date) -> tuple[Enquiry, ...]:
    """Which sources to ask for an application of an orphan or a de facto unattended child (应核对事项).

    Of a dead parent nothing but the death is asked, of adopted children the adoptive parents alone.
    """
    claims = (*_of_child(child, on), *(claim for parent in _parents(child) for claim in _of_parent(parent, child, on)))
    return tuple(Enquiry(source, claim) for claim in claims for source in sources_of(claim.fact.kind))


def _of_child(child: ChildFacts, on: date) -> list[Claim]:
    if _has_come(child.died_on, on):
        return [Claim(CHILD, LifeSign(kind="alive", is_so=False, from_on=child.died_on), child.birth_date)]
    is_adopted = child.is_adopted or _has_come(child.adopted_on, on)
    aids = {aid.kind for aid in child.other_aid if aid.holds_on(on)}
    facts: list[CircumstanceFact | LifeSign] = [
        LifeSign(kind="alive"),
        LifeSign(kind="adopted", is_so=is_adopted, from_on=child.adopted_on if is_adopted else None),
        LifeSign(kind="other_aid", aids=tuple(kind for kind in AIDS_ASKED if kind in aids)),
        *(
            LifeSign(kind="enrolled", level=study.level, from_on=study.from_on, until_on=study.until_on)
            for study in child.study
            if study.holds_on(on)
        ),
        *(fact for fact in child.circumstances if fact.holds_on(on)),
    ]
    return [Claim(CHILD, fact, child.birth_date) for fact in facts]


def _parents(child: ChildFacts) -> list[ParentFact]:
    adoptive = [parent for parent in child.parents if parent.role in ADOPTIVE]
    return [parent for parent in adoptive or child.parents if not parent.is_unknown]


def _of_parent(parent: ParentFact, child: ChildFacts, on: date) -> list[Claim]:
    held = [fact for fact in parent.circumstances if fact.holds_on(on)]
    final = [fact for fact in held if fact.kind in FINAL]
    lived_on = child.birth_date if parent.role == "mother" else None
    return [Claim(parent.role, fact, lived_on=lived_on) for fact in final or held]


def _has_come(day: date | None, on: date) -> bool:
    return day is not None and day <= on


@dataclass(frozen=True, slots=True)
class _Wording:
    """How findings about one claim are worded."""

    claim: Claim
    topic: Topic

    @property
    def whose(self) -> str:
        return WHOSE[self.claim.whose]

    def finding(self, verdict: Verdict, code: str, said: str, citation: Citation | None = None) -> Finding:
        source, kind = SOURCES[self.topic.source].title_zh, self.claim.fact.kind
        called = LIFE_SIGNS[kind][0] if kind in LIFE_SIGNS else CIRCUMSTANCES[kind].title_zh
        return Finding(verdict, code, f"{source}{said}（{called}）", citation or cite(BY_COMPARISON))

    def differs(self, differing: list[tuple[Field, Value, Value]]) -> Finding:
        parts = [
            f"{field.title_zh}，申报为{field.word(claimed)}，查询为{field.word(answered)}"
            for field, claimed, answered in differing
        ]
        said = f"与{self.whose}的申报情况不一致：{'；'.join(parts)}"
        return self.finding(Verdict.CONTRADICTS, f"{differing[0][0].code}_differs", said)

    def empty(self, fields: Sequence[Field]) -> Finding:
        titles = "、".join(field.title_zh for field in fields)
        return self.finding(Verdict.NO_DATA, "field_empty", f"查到{self.whose}的记录，但没有{titles}，不能核实")


def _without_record(answer: SourceAnswer, wording: _Wording) -> Finding:
    if answer.values:
        said = "的答复不能成立：没有记录却填有内容，须重新查询"
        return wording.finding(Verdict.UNAVAILABLE, "impossible", said)
    if answer.outcome is Outcome.NOT_FOUND:
        said = f"没有查到{wording.whose}的记录，不能视为核实通过"
        return wording.finding(Verdict.NO_DATA, "not_found", said)
    return wording.finding(Verdict.UNAVAILABLE, "unavailable", f"未能查询{wording.whose}的情况")


def faults(
    asked: Topic,
    values: Mapping[str, Value],
    answered_on: date,
    *,
    born_on: date | None = None,
    lived_on: date | None = None,
) -> Iterator[Fault]:
    """What cannot be true in an answer (答复错误), the form of its values first: the rest relies on it."""
    formless = list(_formless(asked, values))
    if formless:
        yield from formless
        return
    for code, value in values.items():
        if isinstance(value, date):
            yield from _faults_of_day(asked.by_code[code], value, answered_on, born_on, lived_on)
    yield from _conflicts(asked, values, answered_on)


def _formless(asked: Topic, values: Mapping[str, Value]) -> Iterator[Fault]:
    for code, value in values.items():
        field = asked.by_code.get(code)
        if field is None:
            yield Fault("not_asked", code, "含有未询问的内容")
        elif not field.takes(value):
            yield Fault("not_a_value", code, f"{field.title_zh}不是可填的内容")


def _faults_of_day(
    field: Field, day: date, answered_on: date, born_on: date | None, lived_on: date | None
) -> Iterator[Fault]:
    if day > answered_on and not field.may_be_ahead:
        yield Fault("in_future", field.code, f"{field.title_zh}晚于答复日期")
    if born_on is not None and day < born_on:
        yield Fault("before_birth", field.code, f"{field.title_zh}早于出生日期")
    if field.code == DIED_ON and lived_on is not None and day < lived_on:
        yield Fault("before_childbirth", field.code, f"{field.title_zh}早于儿童出生")


def _conflicts(asked: Topic, values: Mapping[str, Value], answered_on: date) -> Iterator[Fault]:
    titles = {code: field.title_zh for code, field in asked.by_code.items()}
    until_on = values.get("until_on")
    if values.get(DEAD) is False and DIED_ON in values:
        yield Fault("alive_with_death", DIED_ON, f"{titles[DEAD]}为否，却有{titles[DIED_ON]}")
    if not isinstance(until_on, date):
        return
    for code in ("from_on", "reported_on"):
        begun_on = values.get(code)
        if isinstance(begun_on, date) and until_on < begun_on:
            yield Fault("ends_before", "until_on", f"{titles['until_on']}早于{titles[code]}")
    if values.get("holds") is True and until_on < answered_on:
        yield Fault("holds_but_over", "until_on", f"{titles['holds']}为是，{titles['until_on']}却已过去")


def _with_implied(values: Mapping[str, Value], on: date) -> dict[str, Value]:
    """An answer with what its days imply: who has a day of death is dead, what has ended since holds no more."""
    until_on = values.get("until_on")
    is_over = isinstance(until_on, date) and until_on < on
    return {**values} | ({DEAD: True} if DIED_ON in values else {}) | ({"holds": False} if is_over else {})


def _held_against(
    claim: Claim, asked: Topic, values: Mapping[str, Value], rules: InForce, wording: _Wording
) -> Finding:
    """The first that applies: a contradiction, something left empty, agreement."""
    if SEEN in asked.by_code:
        return _seen(claim.fact, asked.by_code[SEEN], values, wording)
    claimed = _claimed(claim.fact, asked, rules.day)
    differing = [
        (asked.by_code.get(code, DEATH), value, values[code])
        for code, value in claimed.items()
        if values.get(code, value) != value
    ]
    if contradiction := _by_certificate(claim, asked, values, rules, wording):
        return contradiction
    if differing:
        return wording.differs(differing)
    needed = asked.fields if claim.fact.kind in WITH_GRADE else [_told_by(asked, code) for code in claimed]
    if empty := list(dict.fromkeys(field for field in needed if field.code not in values)):
        return wording.empty(empty)
    return wording.finding(Verdict.CONSISTENT, "agrees", f"与{wording.whose}的申报情况一致")


def _told_by(asked: Topic, code: str) -> Field:
    """The field that tells a value: a register of deaths tells by the day of death that somebody is dead."""
    return asked.by_code.get(code) or asked.by_code[DIED_ON]


def _claimed(fact: CircumstanceFact | LifeSign, asked: Topic, on: date) -> dict[str, Value]:
    """What a claim says of what was asked, by the fields of answers."""
    told = asked.by_code.keys() | ({DEAD} if DIED_ON in asked.by_code else set())
    return {code: value for code, value in _said(fact, on).items() if code in told and value is not None}


def _said(fact: CircumstanceFact | LifeSign, on: date) -> Mapping[str, Value | None]:
    if isinstance(fact, CircumstanceFact):
        if fact.kind == DEAD:
            return {DEAD: fact.holds_on(on), DIED_ON: fact.from_on}
        return _days(fact, on) | {
            "reported_on": fact.reported_on,
            "disability_class": fact.disability_class or None,
            "grade": fact.grade,
        }
    if fact.kind == "alive":
        return {DEAD: not fact.is_so, DIED_ON: fact.from_on}
    if fact.kind == "other_aid":
        return {f"aid_{kind}": kind in fact.aids for kind in AIDS_ASKED}
    return _days(fact, on) | {"holds": fact.is_so and fact.holds_on(on), "level": fact.level or None}


def _days(span: Span, on: date) -> dict[str, Value | None]:
    return {"holds": span.holds_on(on), "from_on": span.from_on, "until_on": span.until_on}


def _by_certificate(
    claim: Claim, asked: Topic, values: Mapping[str, Value], rules: InForce, wording: _Wording
) -> Finding | None:
    """What a certificate says against a claim by itself, whatever class and grade were claimed."""
    grade, until_on = values.get("grade"), values.get("certificate_valid_until")
    if claim.fact.kind == "severe_disability" and isinstance(grade, int):
        class_ = str(values.get("disability_class", ""))
        certified = CircumstanceFact(kind="severe_disability", grade=grade, disability_class=class_)
        reason = judge(certified, wording.whose, rules).reason
        if reason.code == "grade_too_light":
            said = f"登记的{wording.whose}残疾等级为{asked.by_code['grade'].word(grade)}，不属于重残"
            return wording.finding(Verdict.CONTRADICTS, "not_severe", said, reason.citation)
    if isinstance(until_on, date) and until_on < rules.day:
        expired_on = asked.by_code["certificate_valid_until"].word(until_on)
        said = f"登记的{wording.whose}残疾人证已于{expired_on}到期"
        return wording.finding(Verdict.CONTRADICTS, "certificate_expired", said)
    return None


def _seen(fact: CircumstanceFact | LifeSign, field: Field, values: Mapping[str, Value], wording: _Wording) -> Finding:
    """Whether somebody out of contact was seen since; to be seen before says nothing."""
    seen_on = values.get(SEEN)
    if not isinstance(seen_on, date):
        return wording.empty([field])
    lost_on = fact.from_on or getattr(fact, "reported_on", None)
    if lost_on is not None and seen_on > lost_on:
        said = f"显示{wording.whose}在失去联系后仍有记录：{field.title_zh}{field.word(seen_on)}"
        return wording.finding(Verdict.CONTRADICTS, "seen_since", said)
    return wording.finding(Verdict.NO_DATA, "says_nothing", f"的记录不能说明{wording.whose}是否失联")
