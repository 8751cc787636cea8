"""Recognition (认定): whether a child is, on a day and at a place, one for whom an allowance is paid, and why.

Three answers are possible: recognised, refused, and manual where the facts do not tell. What cannot change the answer
does not stop it: an open term of the mother is of no weight where the father can look after the child.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.calendar import age_on
from hutong.law.circumstances import FINAL, WITH_NOTICE, title
from hutong.law.citation import Reason
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact
from hutong.law.parameters import Parameters, shipped
from hutong.law.rules import InForce, Rules
from hutong.law.situations import (
    DE_FACTO,
    HIV,
    KEEPS_RECEIVING,
    LOST,
    ORPHAN,
    ORPHAN_CHILD,
    Judged,
    Verdict,
    conflict,
    is_impossible,
    judge,
    search_of_parents,
)

SIDES = (("父亲", "father", "adoptive_father"), ("母亲", "mother", "adoptive_mother"))
PAID = {
    "orphan_institution": ("孤儿（集中养育）", "Orphan raised in an institution"),
    "orphan_kin": ("孤儿（社会散居）", "Orphan raised outside institutions"),
    "de_facto": ("事实无人抚养", "De facto unattended"),
    "hiv": ("艾滋病病毒感染", "HIV-infected"),
    "adopted_disabled": ("被收养残疾孤儿继续领取", "Adopted disabled orphan who keeps receiving"),
}
"""The categories that a recognition gives (认定类别), in Chinese and English."""
HELD_AS = {"hiv": "orphan_kin", "adopted_disabled": "orphan_kin"}
"""What a child holds whom the law recognises by a ground that stands under seal (持有类别)."""
ORPHANS = frozenset({"orphan_institution", "orphan_kin"})
ADOPTIVE = frozenset({"adoptive_father", "adoptive_mother"})
BY_ADOPTIVE_PARENTS = "adoptive_parents"


class Outcome(StrEnum):
    """Outcome (认定结论); manual: the law leaves it to a person."""

    RECOGNISED = "recognised"
    REFUSED = "refused"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Recognition:
    """Recognition (认定结果): the outcome, its category, why, and the other categories that fit."""

    outcome: Outcome
    category: str | None
    reasons: tuple[Reason, ...]
    also: tuple[str, ...] = ()

    @property
    def held(self) -> tuple[str, ...]:
        """The categories that a child may hold by it (可持有类别), as a holding names them."""
        found = filter(None, (self.category, *self.also))
        return tuple(dict.fromkeys(HELD_AS.get(code, code) for code in found))


@dataclass(frozen=True, slots=True)
class Found:
    """What one part of the predicate gave (判断结果): a verdict for each category it speaks of, and why."""

    verdicts: Mapping[str, Verdict]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a parent stands (父母状况); `is_open`: unknown, or what is said of them cannot be true."""

    reasons: tuple[Reason, ...]
    judged: tuple[Judged, ...] = ()
    is_open: bool = False

    def within(self, kinds: frozenset[str]) -> Verdict:
        """Whether one of these situations holds."""
        if self.is_open:
            return Verdict.OPEN
        return max((one.verdict for one in self.judged if one.kind in kinds), default=Verdict.NO)


def recognise(
    child: ChildFacts, *, on: date, jurisdiction: str = "", parameters: Parameters | None = None
) -> Recognition:
    """Judges a child on a day (认定), by the parameters of the responsible division."""
    rules = Rules(parameters or shipped(), jurisdiction).on(on)
    stop = _impossible(child, rules) or _no_child(child, rules)
    if stop is not None:
        return stop
    minor = _reason(rules, "age_limit", "under_18", f"儿童在当日不满{rules.number('age_limit')}周岁")
    parts = [_by_parents(child, rules), _by_infection(child, rules), _by_adoption(child, rules)]
    verdicts = {code: verdict for part in parts for code, verdict in part.verdicts.items()}
    reasons = (minor, *(reason for part in parts for reason in part.reasons))
    return _concluded(verdicts, reasons, rules)


def _concluded(verdicts: Mapping[str, Verdict], reasons: tuple[Reason, ...], rules: InForce) -> Recognition:
    fitting = tuple(code for code, verdict in verdicts.items() if verdict is Verdict.YES)
    if fitting:
        return Recognition(Outcome.RECOGNISED, fitting[0], reasons, fitting[1:])
    if Verdict.OPEN in verdicts.values():
        why = _reason(rules, DE_FACTO, "left_to_a_person", "现有事实不足以作出结论，由人工判定")
        return Recognition(Outcome.MANUAL, None, (*reasons, why))
    why = _reason(rules, DE_FACTO, "not_met", "不符合孤儿、事实无人抚养儿童和艾滋病病毒感染儿童的认定条件")
    return Recognition(Outcome.REFUSED, None, (*reasons, why))


def _impossible(child: ChildFacts, rules: InForce) -> Recognition | None:
    days = [day for day in (child.died_on, child.adopted_on) if day is not None]
    if all(child.birth_date <= day for day in days):
        return None
    why = _reason(rules, "age_limit", "dates_conflict", "儿童的死亡或收养日期早于出生日期")
    return Recognition(Outcome.MANUAL, None, (why,))


def _no_child(child: ChildFacts, rules: InForce) -> Recognition | None:
    if child.birth_date > rules.day:
        why = ("not_born", "儿童在当日尚未出生")
    elif child.died_on is not None and child.died_on <= rules.day:
        why = ("child_dead", "儿童在当日已经死亡")
    elif age_on(child.birth_date, rules.day) >= rules.number("age_limit"):
        why = ("not_under_18", f"儿童在当日已满{rules.number('age_limit')}周岁")
    else:
        return None
    return Recognition(Outcome.REFUSED, None, (_reason(rules, "age_limit", *why),))


def _by_parents(child: ChildFacts, rules: InForce) -> Found:
    is_adopted = _is_adopted(child, rules.day)
    if is_adopted and not _by_adoptive_parents(child, rules):
        return Found({}, (_reason(rules, "adopted_child", "adopted", "儿童已被依法收养"),))
    not_found, why_not_found = (Verdict.NO, ()) if is_adopted else _not_found(child, rules)
    if not_found is Verdict.YES:
        return _as_orphan(not_found, child, why_not_found, rules)
    father, mother = (_standing(child, side, rules, is_adopted=is_adopted) for side in SIDES)
    reasons = (*why_not_found, *father.reasons, *mother.reasons)
    orphan = max(not_found, _both(father, mother, rules.members(ORPHAN)))
    unattended = min(_unattended(father, mother, rules), orphan.opposite)
    found = _as_orphan(orphan, child, reasons, rules)
    return Found(
        {**found.verdicts, "de_facto": unattended}, (*found.reasons, *_about_de_facto(unattended, orphan, rules))
    )


def _is_adopted(child: ChildFacts, on: date) -> bool:
    if child.adopted_on is not None:
        return child.adopted_on <= on
    return child.is_adopted or any(parent.role in ADOPTIVE for parent in child.parents)


def _by_adoptive_parents(child: ChildFacts, rules: InForce) -> bool:
    is_allowed = rules.value("adopted_child").value == BY_ADOPTIVE_PARENTS
    return is_allowed and any(parent.role in ADOPTIVE for parent in child.parents)


def _both(father: Standing, mother: Standing, kinds: frozenset[str]) -> Verdict:
    return min(father.within(kinds), mother.within(kinds))


def _unattended(father: Standing, mother: Standing, rules: InForce) -> Verdict:
    """Both in hardship, or one lost and the other in hardship."""
    hardship = rules.members(DE_FACTO)
    either = max(father.within(hardship), mother.within(hardship))
    return min(_both(father, mother, hardship | rules.members(LOST)), either)


def _about_de_facto(unattended: Verdict, orphan: Verdict, rules: InForce) -> Iterable[Reason]:
    if unattended is Verdict.YES:
        yield _reason(rules, DE_FACTO, "de_facto", "父母双方均符合规定情形，认定为事实无人抚养儿童")
    coming = rules.coming(DE_FACTO)
    if orphan is not Verdict.YES and not rules.members(DE_FACTO) and coming is not None:
        day = coming.from_on
        why = f"事实无人抚养儿童保障自{day.year}年{day.month}月{day.day}日起实施"
        yield Reason("scheme_not_in_force", why, coming.citation)


def _standing(child: ChildFacts, side: tuple[str, str, str], rules: InForce, *, is_adopted: bool) -> Standing:
    whose, natural, adoptive = side
    named = [parent for parent in child.parents if is_adopted and parent.role == adoptive]
    named = named or [parent for parent in child.parents if parent.role == natural]
    if not named or any(parent.is_unknown for parent in named):
        return _open(rules, "parent_unknown", f"{whose}不详")
    if len(named) > 1:
        return _open(rules, "facts_conflict", f"{whose}出现两次")
    born = child.birth_date if named[0].role == "mother" else None
    return _of_one(named[0], whose, born, rules)


def _of_one(parent: ParentFact, whose: str, born: date | None, rules: InForce) -> Standing:
    wrong = conflict(parent.circumstances, born, rules.day)
    if wrong:
        return _open(rules, "facts_conflict", f"{whose}的情形互相矛盾：{wrong}")
    judged = _until_death([judge(fact, whose, rules) for fact in sorted(parent.circumstances, key=_order)])
    reasons = tuple(one.reason for one in judged)
    if all(one.verdict is Verdict.NO for one in judged):
        reasons += (_reason(rules, DE_FACTO, "no_situation", f"{whose}在当日没有符合规定的情形"),)
    return Standing(reasons, judged)


def _until_death(judged: list[Judged]) -> tuple[Judged, ...]:
    """Nothing but the death is said of who is dead."""
    deaths = [one for one in judged if one.kind in FINAL and one.verdict is Verdict.YES]
    return tuple(deaths or judged)


def _order(fact: CircumstanceFact) -> tuple[date, str]:
    return fact.from_on or date.min, fact.kind


def _open(rules: InForce, code: str, text: str) -> Standing:
    return Standing((_reason(rules, DE_FACTO, code, text),), is_open=True)


def _not_found(child: ChildFacts, rules: InForce) -> tuple[Verdict, tuple[Reason, ...]]:
    verdict, reasons = _of_child(child, ORPHAN_CHILD, rules)
    if verdict is Verdict.YES and any(not parent.is_unknown for parent in child.parents):
        why = _reason(rules, ORPHAN_CHILD, "facts_conflict", "既称查找不到生父母，又写明了父亲或母亲")
        return Verdict.OPEN, (why,)
    return verdict, reasons


def _by_infection(child: ChildFacts, rules: InForce) -> Found:
    verdict, reasons = _of_child(child, HIV, rules)
    return Found({"hiv": verdict}, reasons)


def _by_adoption(child: ChildFacts, rules: InForce) -> Found:
    """Whether a disabled orphan keeps receiving after an adoption, where a place provides for it (被收养残疾孤儿)."""
    if not _is_adopted(child, rules.day) or not rules.members(KEEPS_RECEIVING):
        return Found({}, ())
    verdict, reasons = _of_child(child, KEEPS_RECEIVING, rules)
    if not _was_orphan(child):
        why = _reason(rules, KEEPS_RECEIVING, "not_orphan_before", "收养登记前没有认定为孤儿的记录")
        return Found({"adopted_disabled": Verdict.NO}, (*reasons, why))
    if verdict is Verdict.YES:
        text = "收养前已认定为孤儿，儿童残疾，收养家庭可申请继续领取"
        reasons += (_reason(rules, KEEPS_RECEIVING, "adopted_disabled", text),)
    return Found({"adopted_disabled": verdict}, reasons)


def is_adopted_disabled(
    child: ChildFacts, *, on: date, jurisdiction: str = "", parameters: Parameters | None = None
) -> bool:
    """Whether a child is a disabled orphan who was adopted, where a place provides for such (被收养残疾孤儿)."""
    found = _by_adoption(child, Rules(parameters or shipped(), jurisdiction).on(on))
    return found.verdicts.get("adopted_disabled") is Verdict.YES


def _was_orphan(child: ChildFacts) -> bool:
    """Whether it was recognised as an orphan before it was adopted."""
    days = [one.decided_on for one in child.holdings if one.category in ORPHANS and one.decided_on]
    return any(child.adopted_on is None or day < child.adopted_on for day in days)


def _of_child(child: ChildFacts, table: str, rules: InForce) -> tuple[Verdict, tuple[Reason, ...]]:
    """Whether a situation of the child itself holds that a table names, now or later."""
    coming = rules.coming(table)
    known = rules.members(table) or frozenset(coming.value if coming and isinstance(coming.value, tuple) else ())
    judged = [_own(fact, table, rules) for fact in sorted(child.circumstances, key=_order) if fact.kind in known]
    verdict = max((one.verdict for one in judged), default=Verdict.NO)
    return verdict, tuple(one.reason for one in judged)


def _own(fact: CircumstanceFact, table: str, rules: InForce) -> Judged:
    called = title(fact.kind)
    if fact.kind not in rules.members(table):
        verdict, code, why = Verdict.NO, "scheme_not_in_force", f"当日尚未实施该项保障（{called}）"
    elif is_impossible(fact):
        verdict, code, why = Verdict.OPEN, "dates_conflict", f"情形截止日期早于起始日期（{called}）"
    elif not fact.holds_on(rules.day):
        verdict, code, why = Verdict.NO, "situation_not_on_the_day", f"情形在当日不存在（{called}）"
    elif fact.kind in WITH_NOTICE and (fact.reported_on or fact.notice_on):
        return search_of_parents(fact, rules)
    else:
        verdict, code, why = Verdict.YES, fact.kind, f"儿童符合规定情形（{called}）"
    return Judged(fact.kind, verdict, _reason(rules, table, code, why))


def _as_orphan(orphan: Verdict, child: ChildFacts, reasons: tuple[Reason, ...], rules: InForce) -> Found:
    if orphan is not Verdict.YES:
        return Found({"orphan_institution": orphan, "orphan_kin": orphan}, reasons)
    inside, why_inside = _inside(child, rules)
    verdicts = {"orphan_institution": inside, "orphan_kin": inside.opposite}
    return Found(verdicts, (*reasons, _reason(rules, ORPHAN, "orphan", "符合孤儿认定条件"), why_inside))


def _inside(child: ChildFacts, rules: InForce) -> tuple[Verdict, Reason]:
    """Whether an orphan is raised in an institution; without a placement it is not."""
    of_institution = rules.members("institution_placements")
    held = {one.kind in of_institution for one in child.placements if one.holds_on(rules.day)}
    if len(held) > 1 or any(is_impossible(one) for one in child.placements):
        verdict, code, why = Verdict.OPEN, "placements_conflict", "安置记录互相矛盾，不能确定养育方式"
    elif True in held:
        verdict, code, why = Verdict.YES, "raised_in_institution", "由机构集中养育（含机构家庭寄养）"
    else:
        verdict, code, why = Verdict.NO, "raised_outside", "社会散居"
    return verdict, _reason(rules, "institution_placements", code, why)


def _reason(rules: InForce, parameter: str, code: str, text: str) -> Reason:
    return Reason(code, text, rules.source(parameter))
