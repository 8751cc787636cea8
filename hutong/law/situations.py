"""Situations (情形认定): whether what is said of a parent counts on a day, with the reason.

What cannot be told from the facts is neither yes nor no: it is left to a person.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from hutong.law.calendar import months_after
from hutong.law.circumstances import FINAL, title
from hutong.law.citation import Citation, Reason
from hutong.law.facts import CircumstanceFact, Span
from hutong.law.rules import InForce

ORPHAN, ORPHAN_CHILD, HIV = "orphan_situations", "orphan_child_situations", "hiv_child_situations"
KEEPS_RECEIVING = "adopted_disabled_orphan"
LOST, DE_FACTO = "lost_parent_situations", "de_facto_situations"
IN_CUSTODY = frozenset({"imprisoned", "drug_rehab", "liberty_restricted"})


class Verdict(IntEnum):
    """Verdict (判断): `min` is and, `max` is or."""

    NO = 0
    OPEN = 1
    YES = 2

    @property
    def opposite(self) -> "Verdict":
        """Not; what is open stays open."""
        return Verdict(Verdict.YES - self)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether one circumstance counts (情形判断), and why."""

    kind: str
    verdict: Verdict
    reason: Reason


def is_impossible(span: Span) -> bool:
    """Whether it ends before it begins."""
    return span.from_on is not None and span.until_on is not None and span.until_on < span.from_on


def is_one_of(fact: CircumstanceFact, tables: tuple[str, ...], rules: InForce) -> bool:
    """Whether a circumstance is such as tables name (列名情形), however long it lasts: a term may end early."""
    is_named = any(fact.kind in rules.members(table) for table in tables)
    return is_named and not (fact.kind == "severe_disability" and _severity(fact, rules) is Verdict.NO)


def judge(fact: CircumstanceFact, whose: str, rules: InForce) -> Judged:
    """Judges a circumstance of a parent, called `whose`, by the tables, its days and its threshold."""
    tables = [table for table in (ORPHAN, LOST, DE_FACTO) if fact.kind in rules.members(table)]
    if not tables:
        return _unlisted(fact, whose, rules)
    return _by_days(fact, whose, rules.source(tables[-1]), rules.day) or _by_threshold(fact, whose, rules, tables[-1])


def _unlisted(fact: CircumstanceFact, whose: str, rules: InForce) -> Judged:
    coming = next(filter(None, (rules.coming(table, fact.kind) for table in (DE_FACTO, ORPHAN))), None)
    if coming is None:
        return _judged(
            fact, Verdict.NO, "situation_not_listed", f"{whose}的情形不在当地认定范围内", rules.source(DE_FACTO)
        )
    why = f"{whose}的情形自{_zh(coming.from_on)}起才计入"
    return _judged(fact, Verdict.NO, "situation_not_in_force", why, coming.citation)


def _by_days(fact: CircumstanceFact, whose: str, source: Citation, on: date) -> Judged | None:
    if is_impossible(fact):
        return _judged(fact, Verdict.OPEN, "dates_conflict", f"{whose}的情形截止日期早于起始日期", source)
    if fact.from_on is not None and fact.from_on > on:
        return _judged(fact, Verdict.NO, "situation_not_yet", f"{whose}的情形自{_zh(fact.from_on)}起才发生", source)
    if fact.until_on is not None and fact.until_on < on:
        return _judged(fact, Verdict.NO, "situation_over", f"{whose}的情形已于{_zh(fact.until_on)}结束", source)
    return None


def _by_threshold(fact: CircumstanceFact, whose: str, rules: InForce, table: str) -> Judged:
    if fact.kind in IN_CUSTODY:
        return _custody(fact, whose, rules)
    if fact.kind == "out_of_contact":
        return _out_of_contact(fact, whose, rules)
    if fact.kind == "severe_disability":
        return _disability(fact, whose, rules)
    if fact.kind == "severe_illness":
        why = f"{whose}患有重病，病种以当地目录为准"
        return _judged(fact, Verdict.YES, "situation_holds", why, rules.source("severe_illness_list"))
    return _judged(fact, Verdict.YES, "situation_holds", f"{whose}符合规定情形", rules.source(table))


def _custody(fact: CircumstanceFact, whose: str, rules: InForce) -> Judged:
    months, source = rules.number("custody_months"), rules.source("custody_months")
    if fact.from_on is None or fact.until_on is None:
        return _judged(fact, Verdict.OPEN, "term_open", f"{whose}的期限起止不明，不能确定是否满{months}个月", source)
    # the last day counts: from 10 January to 9 July are six months
    if months_after(fact.from_on, months).toordinal() > fact.until_on.toordinal() + 1:
        return _judged(fact, Verdict.NO, "term_too_short", f"{whose}的期限不满{months}个月", source)
    return _judged(fact, Verdict.YES, "situation_holds", f"{whose}的期限满{months}个月", source)


def _out_of_contact(fact: CircumstanceFact, whose: str, rules: InForce) -> Judged:
    months, source = rules.number("out_of_contact_months"), rules.source("out_of_contact_months")
    days = [day for day in (fact.from_on, fact.reported_on) if day is not None]
    if days and months_after(max(days), months) > rules.day:
        why = f"{whose}自公安机关受理查找或失去联系之日起不满{months}个月"
        return _judged(fact, Verdict.NO, "search_too_short", why, source)
    if fact.reported_on is None:
        return _judged(fact, Verdict.OPEN, "search_not_reported", f"{whose}没有公安机关受理查找的日期", source)
    return _judged(fact, Verdict.YES, "situation_holds", f"{whose}自公安机关受理查找之日起已满{months}个月", source)


def search_of_parents(fact: CircumstanceFact, rules: InForce) -> Judged:
    """Whether the search for a foundling's parents has ended (查找生父母): by police and public notice."""
    days, source = rules.number("foundling_notice_days"), rules.source("foundling_notice_days")
    if fact.reported_on is None:
        return _judged(fact, Verdict.OPEN, "search_not_reported", "没有公安机关受理查找的日期", source)
    if fact.notice_on is None:
        return _judged(fact, Verdict.OPEN, "notice_not_given", "尚未刊登查找生父母公告，或者没有写明公告日期", source)
    last = fact.notice_on + timedelta(days=days)
    if rules.day <= last:
        why = f"查找生父母公告自{_zh(fact.notice_on)}起刊登，至{_zh(last)}满{days}日，期间仍属查找中"
        return _judged(fact, Verdict.NO, "notice_running", why, source)
    why = f"经公安机关查找，公告满{days}日无人认领"
    return _judged(fact, Verdict.YES, fact.kind, why, source)


def _disability(fact: CircumstanceFact, whose: str, rules: InForce) -> Judged:
    source = rules.source("severe_disability_grades")
    verdict = _severity(fact, rules)
    if verdict is Verdict.OPEN:
        return _judged(fact, verdict, "grade_unknown", f"{whose}的残疾等级或类别不明", source)
    if verdict is Verdict.NO:
        return _judged(fact, verdict, "grade_too_light", f"{whose}的残疾等级和类别不属于重残", source)
    return _judged(fact, verdict, "situation_holds", f"{whose}的残疾等级和类别属于重残", source)


def _severity(fact: CircumstanceFact, rules: InForce) -> Verdict:
    if fact.grade is None:
        return Verdict.OPEN
    if str(fact.grade) in rules.members("severe_disability_grades"):
        return Verdict.YES
    if str(fact.grade) not in rules.members("severe_disability_grades_of_mind"):
        return Verdict.NO
    if not fact.disability_class:
        return Verdict.OPEN
    is_of_mind = fact.disability_class in rules.members("severe_disability_classes_of_mind")
    return Verdict.YES if is_of_mind else Verdict.NO


def conflict(facts: tuple[CircumstanceFact, ...], born_after: date | None, on: date) -> str:
    """What cannot be true together in what is said of one parent until a day, in words; nothing where all may be.

    `born_after`: a day before which the parent cannot have died.
    """
    begun = [fact for fact in facts if fact.from_on is None or fact.from_on <= on]
    deaths = [fact for fact in begun if fact.kind in FINAL]
    days = {fact.from_on for fact in deaths}
    if len(days) > 1:
        return "有两个不同的死亡日期"
    if any(fact.until_on is not None for fact in deaths):
        return "死亡情形写有截止日期"
    died_on = next(iter(days), None)
    if died_on is None:
        return ""
    if any(fact.from_on is not None and fact.from_on > died_on for fact in begun):
        return "死亡之后又发生其他情形"
    return "死亡早于儿童出生" if born_after is not None and died_on < born_after else ""


def _judged(fact: CircumstanceFact, verdict: Verdict, code: str, why: str, source: Citation) -> Judged:
    return Judged(fact.kind, verdict, Reason(code, f"{why}（{title(fact.kind)}）", source))


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
