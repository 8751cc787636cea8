"""Rules of a place (适用规则): parameter values that hold there on a day, each looked up once."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.aid import AIDS
from hutong.law.calendar import nth_birthday
from hutong.law.citation import Citation, Line
from hutong.law.money import yuan
from hutong.law.months import Month
from hutong.law.parameters import Parameters, Value
from hutong.law.placements import PLACEMENTS

STANDARDS = {
    "orphan_institution": "allowance_institution",
    "orphan_kin": "allowance_scattered",
    "de_facto": "allowance_de_facto",
    "hiv": "allowance_hiv",
}
"""The parameter that a category's standard stands under; `…_poor` where a poor household has another."""


class Effect(StrEnum):
    """What other aid does to an allowance (重叠处理): taken off, a person decides, nothing, the higher is paid."""

    TOP_UP = "TOP_UP"
    EXCLUSIVE = "EXCLUSIVE"
    COEXIST = "COEXIST"
    KEEP_HIGHER = "KEEP_HIGHER"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Overlap (重叠规则) of other aid with a category; `line` where it is the same whatever the aid is worth."""

    effect: Effect
    code: str
    citation: Citation
    line: Line | None


class Rules:
    """The rules of one place (一地规则); made once for many children, for it remembers what it looked up."""

    def __init__(self, parameters: Parameters, jurisdiction: str = "") -> None:
        self._parameters, self.jurisdiction = parameters, jurisdiction
        self._found: dict[tuple[str, date], Value | None] = {}
        self._terms: dict[tuple[Month, int | None], Terms] = {}
        self._titles: dict[str, str] = {}

    def find(self, code: str, on: date) -> Value | None:
        """The value that holds on a day, or None where nothing is said."""
        key = code, on
        if key not in self._found:
            self._found[key] = self._look_up(code, on)
        return self._found[key]

    def value(self, code: str, on: date) -> Value:
        """The value that holds on a day. Raises LookupError."""
        found = self.find(code, on)
        if found is None:
            raise LookupError(f"{code} has no value on {on} for {self.jurisdiction or 'national'}")
        return found

    def number(self, code: str, on: date) -> int:
        """A value that is a number. Raises LookupError."""
        found = self.value(code, on).value
        if not isinstance(found, int):
            raise LookupError(f"{code} is no number on {on} for {self.jurisdiction or 'national'}")
        return found

    def listed(self, code: str, on: date) -> tuple[str, ...]:
        """A value that is a list; nothing where nothing is said."""
        found = self.find(code, on)
        return found.value if found and isinstance(found.value, tuple) else ()

    def title(self, code: str) -> str:
        """The Chinese title of a parameter, its code where none is known."""
        if not self._titles:
            self._titles = {parameter.code: parameter.title_zh for parameter in self._parameters}
        return self._titles.get(code, code)

    def history(self, code: str) -> tuple[Value, ...]:
        """All values of the nearest layer that knows it (参数沿革). Raises LookupError."""
        return self._parameters.parameter(code, jurisdiction=self.jurisdiction).values

    def on(self, day: date) -> "InForce":
        """The rules as they are on a day (当日适用规则)."""
        return InForce(self, day)

    def of_age(self, birth_date: date) -> tuple[date, int]:
        """The day on which somebody is no child any more (成年日), and the age it takes, as the law then is."""
        limits = [(one.from_on, one.value) for one in self.history("age_limit") if isinstance(one.value, int)]
        ends = [*(from_on for from_on, _age in limits[1:]), date.max]
        days = [(max(from_on, nth_birthday(birth_date, age)), age) for from_on, age in limits]
        return next(found for found, end in zip(days, ends, strict=True) if found[0] < end)

    def terms(self, month: Month, cut_off: int | None = None) -> "Terms":
        """The terms of a month; `cut_off` the day whose facts count, where it is not the parameter's."""
        key = month, cut_off
        if key not in self._terms:
            self._terms[key] = Terms(self, month, cut_off)
        return self._terms[key]

    def _look_up(self, code: str, on: date) -> Value | None:
        try:
            return self._parameters.value(code, on=on, jurisdiction=self.jurisdiction)
        except LookupError:
            return None


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of a place on one day (当日适用规则)."""

    rules: Rules
    day: date

    def value(self, code: str) -> Value:
        """One of them. Raises LookupError."""
        return self.rules.value(code, self.day)

    def number(self, code: str) -> int:
        """One that is a number. Raises LookupError."""
        return self.rules.number(code, self.day)

    def members(self, code: str) -> frozenset[str]:
        """What a table names; nothing where it is not in force."""
        return frozenset(self.rules.listed(code, self.day))

    def source(self, code: str) -> Citation:
        """What one rests on: as it holds, or as it first will."""
        return (self.rules.find(code, self.day) or self.rules.history(code)[0]).citation

    def coming(self, code: str, member: str = "") -> Value | None:
        """The first later value of a table that names a member, or any."""
        for value in self.rules.history(code):
            if value.from_on > self.day and isinstance(value.value, tuple) and (not member or member in value.value):
                return value
        return None


class Terms:
    """Terms of a month (当月口径): what holds on its cut-off day, ready for many children."""

    def __init__(self, rules: Rules, month: Month, cut_off: int | None) -> None:
        wanted = cut_off or rules.number("cut_off_day", month.first)
        self.rules, self.month = rules, month
        self.day = date(month.year, month.month, min(wanted, monthrange(*month)[1]))
        self.poor_by = frozenset(rules.listed("poor_household_aids", self.day))
        self._standards: dict[tuple[str, bool], Line | None] = {}
        self._overlaps: dict[tuple[str, str], Overlap] = {}
        self._placed: dict[tuple[str, str], tuple[str, Line | None]] = {}

    def standard(self, category: str, *, is_poor: bool = False) -> Line | None:
        """The standard of a category as a line (保障标准), a poor household's where it has its own. None: unknown."""
        key = category, is_poor
        if key not in self._standards:
            code = STANDARDS[category]
            poor = self._standard(f"{code}_poor") if is_poor else None
            self._standards[key] = poor or self._standard(code)
        return self._standards[key]

    def overlap(self, kind: str, category: str) -> Overlap:
        """What aid of a kind does to a category's allowance (重叠规则), the category's own rule first."""
        key = kind, category
        if key not in self._overlaps:
            own = self.rules.find(f"overlap_{kind}_{category}", self.day)
            self._overlaps[key] = _overlap(kind, own or self.rules.value(f"overlap_{kind}", self.day))
        return self._overlaps[key]

    def placed(self, kind: str, category: str) -> tuple[str, Line | None]:
        """The category whose standard is paid in a placement (安置与标准), and what is to be said of it."""
        key = kind, category
        if key not in self._placed:
            self._placed[key] = self._place(kind, category)
        return self._placed[key]

    def _place(self, kind: str, category: str) -> tuple[str, Line | None]:
        as_institution = self.rules.find(f"institution_placements_{category}", self.day)
        if as_institution and kind in self.rules.listed(f"institution_placements_{category}", self.day):
            text = "由机构临时监护照料，按机构标准发放"
            return "orphan_institution", Line("institution_standard", 0, text, as_institution.citation)
        fitting = self.rules.find(f"placements_{category}", self.day)
        if fitting and kind not in self.rules.listed(f"placements_{category}", self.day):
            text = f"安置方式为{PLACEMENTS[kind][0]}，与所认定类别不符，标准仍按认定类别，请核查"
            return category, Line("placement_contradicts", 0, text, fitting.citation)
        return category, None

    def _standard(self, code: str) -> Line | None:
        found = self.rules.find(code, self.day)
        if found is None or not isinstance(found.value, int):
            return None
        text = f"{self.rules.title(code)}标准每月{yuan(found.value)}，自{found.from_on}起执行"
        return Line("standard", found.value, text, found.citation)


def _overlap(kind: str, found: Value) -> Overlap:
    effect, title = Effect(str(found.value)), AIDS[kind][0]
    fixed = {Effect.COEXIST: f"{title}不扣减", Effect.EXCLUSIVE: f"{title}与本项不得同时享受，须由工作人员处理后发放"}
    code = f"{effect.lower()}_{kind}"
    line = Line(code, 0, fixed[effect], found.citation) if effect in fixed else None
    return Overlap(effect, code, found.citation, line)
