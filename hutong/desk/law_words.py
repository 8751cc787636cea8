"""Values and sources of the law in words (政策参数用语)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.titles import circumstance_title, money, pair_title
from hutong.desk.words import speaks_chinese
from hutong.divisions.queries import path_names
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.citation import Citation
from hutong.law.disability import CLASSES
from hutong.law.division_code import PROVINCES, full
from hutong.law.national_system import COLUMNS
from hutong.law.papers import PAPERS
from hutong.law.parameters import Value
from hutong.law.placements import PLACEMENTS
from hutong.law.recognition import PAID
from hutong.law.rules import Effect
from hutong.law.study import LEVELS

UNITS = {
    "fen_per_month": _lazy("%(value)s yuan a month"),
    "fen_per_year": _lazy("%(value)s yuan a year"),
    "fen": _lazy("%(value)s yuan"),
    "working_days": _lazy("%(value)s working days"),
    "days": _lazy("%(value)s days"),
    "minutes": _lazy("%(value)s minutes"),
    "months": _lazy("%(value)s months"),
    "years": _lazy("%(value)s years"),
    "times": _lazy("%(value)s times"),
    "percent": _lazy("%(value)s percent"),
    "children": _lazy("%(value)s children"),
    "fen_per_school_year": _lazy("%(value)s yuan a school year"),
    "day_of_month": _lazy("day %(value)s of the month"),
    "month_of_year": _lazy("month %(value)s of the year"),
}
EFFECTS = {
    Effect.TOP_UP: _lazy("the difference is paid"),
    Effect.EXCLUSIVE: _lazy("left to a person"),
    Effect.COEXIST: _lazy("both are paid"),
    Effect.KEEP_HIGHER: _lazy("the higher is paid"),
}
IN_FEN = frozenset({"fen_per_month", "fen_per_year", "fen", "fen_per_school_year"})


def place_title(prefix: str) -> str:
    """`全国`, or the name of a province or place."""
    if not prefix:
        return _("Whole country")
    return PROVINCES.get(prefix) or path_names([full(prefix)]).get(full(prefix), prefix)


def value_said(value: Value, unit: str) -> str:
    """A value with its unit, as people say it."""
    if value.value is None:
        return _("no value")
    if isinstance(value.value, tuple):
        return "、".join(code_words(code) for code in value.value)
    if isinstance(value.value, str):
        return code_words(value.value)
    if unit == "yes_no":
        return _("yes") if value.value else _("no")
    said = money(value.value) if unit in IN_FEN and isinstance(value.value, int) else str(value.value)
    return str(UNITS[unit]) % {"value": said} if unit in UNITS else said


def code_words(code: str) -> str:
    """One code of a list, a situation or a class of disability for example, in the reader's language."""
    if code in CIRCUMSTANCES:
        return circumstance_title(code)
    for titles in (CLASSES, LEVELS, PLACEMENTS, PAID, PAPERS):
        if code in titles:
            return pair_title(titles[code])
    if code in COLUMNS:
        return pair_title((COLUMNS[code].title_zh, COLUMNS[code].title_en))
    return str(EFFECTS[Effect(code)]) if code in EFFECTS else code


def citation_words(citation: Citation) -> str:
    """A citation in the reader's language."""
    return citation.zh if speaks_chinese() else citation.en
