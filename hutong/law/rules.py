"""Rules of a place (适用规则): parameter values that hold there on a day, each looked up once."""

from calendar import monthrange
from datetime import date

from hutong.law.citation import Citation, Line
from hutong.law.money import yuan
from hutong.law.months import Month
from hutong.law.parameters import Parameters, Value

STANDARDS = {
    "orphan_institution": "allowance_institution",
    "orphan_kin": "allowance_scattered",
    "de_facto": "allowance_de_facto",
    "hiv": "allowance_hiv",
}
"""The parameter that a category's standard stands under; `…_poor` where a poor household has another."""


class Rules:
    """The rules of one place (一地规则); made once for many children, for it remembers what it looked up."""

    def __init__(self, parameters: Parameters, jurisdiction: str = "") -> None:
        self._parameters, self.jurisdiction = parameters, jurisdiction
        self._found: dict[tuple[str, date], Value | None] = {}
        self._terms: dict[tuple[Month, int | None], Terms] = {}
        self._titles = {parameter.code: parameter.title_zh for parameter in parameters}

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
        return self._parameters.number(code, on=on, jurisdiction=self.jurisdiction)

    def listed(self, code: str, on: date) -> tuple[str, ...]:
        """A value that is a list; nothing where nothing is said."""
        found = self.find(code, on)
        return found.value if found and isinstance(found.value, tuple) else ()

    def title(self, code: str) -> str:
        """The Chinese title of a parameter, its code where none is known."""
        return self._titles.get(code, code)

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


class Terms:
    """Terms of a month (当月口径): what holds on its cut-off day, ready for many children."""

    def __init__(self, rules: Rules, month: Month, cut_off: int | None) -> None:
        wanted = cut_off or rules.number("cut_off_day", month.first)
        self.rules, self.month = rules, month
        self.day = date(month.year, month.month, min(wanted, monthrange(*month)[1]))
        self.poor_by = frozenset(rules.listed("poor_household_aids", self.day))
        self._standards: dict[tuple[str, bool], Line | None] = {}
        self._overlaps: dict[tuple[str, str], tuple[str, Citation]] = {}

    def standard(self, category: str, *, is_poor: bool = False) -> Line | None:
        """The standard of a category as a line (保障标准), a poor household's where it has its own. None: unknown."""
        key = category, is_poor
        if key not in self._standards:
            code = STANDARDS[category]
            poor = self._standard(f"{code}_poor") if is_poor else None
            self._standards[key] = poor or self._standard(code)
        return self._standards[key]

    def overlap(self, kind: str, category: str) -> tuple[str, Citation]:
        """What aid of a kind does to a category's allowance (重叠规则), the category's own rule first."""
        key = kind, category
        if key not in self._overlaps:
            own = self.rules.find(f"overlap_{kind}_{category}", self.day)
            found = own or self.rules.value(f"overlap_{kind}", self.day)
            self._overlaps[key] = str(found.value), found.citation
        return self._overlaps[key]

    def _standard(self, code: str) -> Line | None:
        found = self.rules.find(code, self.day)
        if found is None or not isinstance(found.value, int):
            return None
        text = f"{self.rules.title(code)}标准每月{yuan(found.value)}，自{found.from_on}起执行"
        return Line("standard", found.value, text, found.citation)
