"""Over 18 (成年后续保): who goes on after the birthday because of study, and how long a proof of it holds."""

from datetime import date

from hutong.law.citation import Line
from hutong.law.facts import StudyFact
from hutong.law.rules import Rules
from hutong.law.study import LEVELS


def continues(study: tuple[StudyFact, ...], category: str, *, on: date, rules: Rules) -> Line | None:
    """The line that says why somebody over 18 is still paid on a day (继续保障), or None."""
    code = f"over_18_levels_{category}"
    levels = rules.listed(code, on)
    full_time_only = rules.number("over_18_full_time_only", on)
    for one in study:
        if one.level in levels and one.holds_on(on) and (one.is_full_time or not full_time_only):
            text = f"已满{rules.number('age_limit', on)}周岁，仍在{LEVELS[one.level][0]}就读，继续发放"
            return Line("over_18", 0, text, rules.value(code, on).citation)
    return None


def proof_holds_until(proved_on: date, rules: Rules) -> date:
    """The last day that a proof of study holds for (在读证明有效期止): the end of its school year."""
    month, day = map(int, str(rules.value("school_year_ends_on", proved_on).value).split("-"))
    this_year = date(proved_on.year, month, day)
    return this_year if proved_on <= this_year else date(proved_on.year + 1, month, day)
