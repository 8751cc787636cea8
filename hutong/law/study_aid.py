"""Study aid (孤儿助学金, 福彩圆梦·孤儿助学工程): who is paid for a school year, how much, and in which instalments."""

from dataclasses import dataclass
from datetime import date

from hutong.law.calendar import age_on
from hutong.law.citation import Line, Reason
from hutong.law.facts import StudyFact
from hutong.law.money import yuan
from hutong.law.months import Month
from hutong.law.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Student (助学申请人): `recognised_on` the day of the recognition as an orphan, None where there was none."""

    birth_date: date
    recognised_on: date | None
    study: tuple[StudyFact, ...]
    adopted_on: date | None = None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Instalment:
    """Instalment (分期): the month it is paid with, and its line; 0 with the reason where it is not paid."""

    month: Month
    line: Line


def study_aid(student: Student, school_year: int, rules: Rules) -> list[Instalment]:
    """The instalments of the school year that begins in a calendar year (学年助学金); each judged by its month."""
    begins = date(school_year, rules.number("study_aid_starts_in", date(school_year, 12, 31)), 1)
    whole = rules.number("study_aid_year_fen", begins)
    count = rules.number("study_aid_instalments", begins)
    months = [Month.of(begins).plus(12 * at // count) for at in range(count)]
    shares = [whole * (at + 1) // count - whole * at // count for at in range(count)]
    return [Instalment(month, _line(student, month, fen, rules)) for month, fen in zip(months, shares, strict=True)]


def _line(student: Student, month: Month, fen: int, rules: Rules) -> Line:
    refused = refusal(student, rules.terms(month).day, rules)
    if refused:
        return Line(refused.code, 0, refused.text, refused.citation)
    citation = rules.value("study_aid_year_fen", month.first).citation
    return Line("study_aid", fen, f"{month}助学金{yuan(fen)}", citation)


def refusal(student: Student, on: date, rules: Rules) -> Reason | None:
    """Why somebody gets no study aid on a day (不予资助理由), or None."""
    levels = rules.value("study_aid_levels", on)
    age = rules.number("age_limit", on)
    if student.recognised_on is None or age_on(student.birth_date, student.recognised_on) >= age:
        return Reason("not_recognised_before", f"未满{age}周岁时未被认定为孤儿", levels.citation)
    if student.adopted_on and student.adopted_on <= on and not student.is_disabled:
        return Reason("adopted", f"{student.adopted_on}已被收养", levels.citation)
    if age_on(student.birth_date, on) < age:
        return Reason("under_age", f"{on}未满{age}周岁", levels.citation)
    listed = rules.listed("study_aid_levels", on)
    if not any(one.level in listed and one.is_full_time and one.holds_on(on) for one in student.study):
        return Reason("not_studying", f"{on}未见符合条件的全日制就读", levels.citation)
    return None
