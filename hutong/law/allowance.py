"""Allowance (基本生活费、基本生活补贴): what a child is due for a month, line by line, each with its article."""

from typing import NamedTuple

from hutong.law.aid import AIDS
from hutong.law.citation import Line, Reason
from hutong.law.entitlement import Entitlement, Held
from hutong.law.facts import AidFact, ChildFacts
from hutong.law.money import yuan
from hutong.law.months import Month
from hutong.law.over_18 import continues
from hutong.law.rules import STANDARDS, Effect, Overlap, Terms


class Due(NamedTuple):
    """Due (当月应发): the sum for a month and its lines, which add up to it; `is_open`: a person has to decide.

    `category` is the one held by which it is due, or would be; `paid_as` the one whose standard is paid.
    """

    month: Month
    amount_fen: int
    lines: tuple[Line, ...]
    is_open: bool = False
    category: str = ""
    paid_as: str = ""


def due_for(entitlement: Entitlement, month: Month, *, cut_off: int | None = None) -> Due:
    """What a child is due for a month (当月应发额), by the facts of its cut-off day."""
    terms = entitlement.rules.terms(month, cut_off)
    covering = [held for held in entitlement.held if held.covers(month)]
    if not covering:
        return Due(month, 0, (_nothing(entitlement.why_not(month)),))
    held = covering[0] if len(covering) == 1 else max(covering, key=lambda one: (one.first, _height(one, terms)))
    remarks = [_superseded(other, terms) for other in covering if other.category != held.category]
    if month > entitlement.last_by_age:
        still = continues(entitlement.child.study, held.category, on=terms.day, rules=entitlement.rules)
        if still is None:
            return Due(month, 0, (_nothing(entitlement.by_age),), category=held.category)
        remarks.append(still)
    return _of_category(entitlement, held.category, terms, remarks)


def _of_category(entitlement: Entitlement, category: str, terms: Terms, remarks: list[Line]) -> Due:
    child = entitlement.child
    aids = [aid for aid in child.other_aid if aid.holds_on(terms.day)]
    is_poor = bool(aids) and any(aid.kind in terms.poor_by for aid in aids)
    of = _by_placement(child, category, terms, remarks) if child.placements else category
    standard = terms.standard(of, is_poor=is_poor)
    if standard is None:
        return Due(terms.month, 0, (_unknown(of, terms), *remarks), True, category, of)
    lines, is_open = _with_aid(standard, aids, category, terms)
    return Due(terms.month, sum(line.amount_fen for line in lines), (*lines, *remarks), is_open, category, of)


def _with_aid(standard: Line, aids: list[AidFact], category: str, terms: Terms) -> tuple[list[Line], bool]:
    """The standard and what other aid takes off it; or the one line by which a person has to decide."""
    lines, left = [standard], standard.amount_fen
    for aid in aids:
        rule = terms.overlap(aid.kind, category)
        line = rule.line or _taken_off(aid, rule, left, standard.amount_fen)
        if rule.effect is Effect.EXCLUSIVE:
            return [line], True
        left += line.amount_fen
        lines.append(line)
    return lines, False


def _taken_off(aid: AidFact, rule: Overlap, left: int, standard: int) -> Line:
    """The line of other aid that may lower an allowance, by no more than is left of it."""
    own = per_person(aid)
    if rule.effect is Effect.TOP_UP:
        off = min(left, own)
        text = f"已享受{_said(aid, own)}，补差扣减{yuan(off)}"
    else:
        off = left if own >= standard else 0
        text = f"已享受{_said(aid, own)}，与本项就高：{'保留原待遇' if off else '发放本项，原待遇应停'}"
    return Line(rule.code, -off, text, rule.citation)


def per_person(aid: AidFact) -> int:
    """The child's part of other aid in fen (人均待遇): its own, or the household's per head, rounded down."""
    if aid.fen_per_month is not None:
        return aid.fen_per_month
    return (aid.household_fen_per_month or 0) // (aid.members or 1)


def _said(aid: AidFact, own: int) -> str:
    title = AIDS[aid.kind][0]
    if aid.fen_per_month is not None:
        return f"{title}每月{yuan(own)}"
    return f"{title}全户每月{yuan(aid.household_fen_per_month or 0)}，{aid.members}人，人均{yuan(own)}"


def _by_placement(child: ChildFacts, category: str, terms: Terms, remarks: list[Line]) -> str:
    """The category whose standard is paid where the child is placed; a contradiction is told and changes nothing."""
    for one in child.placements:
        if one.holds_on(terms.day):
            standard, remark = terms.placed(one.kind, category)
            if remark:
                remarks.append(remark)
            return standard
    return category


def _superseded(other: Held, terms: Terms) -> Line:
    citation = terms.rules.value("paid_categories", terms.day).citation
    title = terms.rules.title(STANDARDS[other.category])
    return Line("superseded", 0, f"同一月份只发一项，不再发放{title}（自{other.first}起认定）", citation)


def _height(held: Held, terms: Terms) -> int:
    standard = terms.standard(held.category)
    return standard.amount_fen if standard else 0


def _unknown(category: str, terms: Terms) -> Line:
    citation = terms.rules.value("paid_categories", terms.day).citation
    place, title = terms.rules.jurisdiction or "国家层面", terms.rules.title(STANDARDS[category])
    return Line("no_standard", 0, f"{place}在{terms.month}没有已知的{title}标准，须由工作人员处理", citation)


def _nothing(reason: Reason) -> Line:
    return Line(reason.code, 0, reason.text, reason.citation)
