"""Parameters (政策参数): values with a unit, a day from which each holds and a citation; a province is a folder.

`national/` holds for the whole country, `64/` for Ningxia, `640122/` would for one county: the longest prefix that has
a value on the day wins. Every value that is recalled or disputed is provisional, with what is to be confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hutong.law.citation import Citation, cite
from hutong.law.texts import WrongText, read_file

FOLDER = Path(__file__).parent
NATIONAL, SYSTEM = "national", "system"
KEYS = frozenset({"zh", "en", "unit", "values"})
VALUE_KEYS = frozenset({"from", "value", "citation", "provisional", "note"})
Scalar = int | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Value:
    """Value (参数值): what holds from a day on, and on what it rests. None: nothing is known or it ended.

    `note` says what is disputed or to be confirmed. `until_on` is the last day of one that gives way to the layer
    below it afterwards; none: it holds until the next.
    """

    from_on: date
    value: Scalar
    citation: Citation
    note: str
    until_on: date | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether it is still to be confirmed (待确认)."""
        return self.citation.is_provisional


@dataclass(frozen=True, slots=True)
class Parameter:
    """Parameter (参数): what it is, its unit, and its values of one jurisdiction in the order of their days."""

    code: str
    title_zh: str
    title_en: str
    unit: str
    jurisdiction: str
    values: tuple[Value, ...]

    def on(self, day: date) -> Value | None:
        """The value that holds on a day, or None before the first and after the last day of one that has one."""
        found = next((value for value in reversed(self.values) if value.from_on <= day), None)
        return None if found and found.until_on and found.until_on < day else found


class Parameters:
    """All parameters of some folders (参数集), by jurisdiction prefix; the national ones under the empty prefix."""

    def __init__(self, *folders: Path) -> None:
        self._held: dict[str, dict[str, Parameter]] = {}
        self._over: dict[str, dict[str, Parameter]] = {}
        for folder in folders:
            for part in sorted(folder.iterdir()):
                if part.is_dir() and (part.name == NATIONAL or part.name.isdigit()):
                    self._take(part)

    def _take(self, folder: Path) -> None:
        prefix = "" if folder.name == NATIONAL else folder.name
        held = self._held.setdefault(prefix, {})
        for file in sorted(folder.glob("*.yaml")):
            for code, said in read_file(file).items():
                if code in held:
                    raise WrongText(f"{folder.name}/{file.name}: {code} stands twice")
                held[code] = _read(code, said, prefix, where=f"{folder.name}/{file.name}")

    def overlaid(self, over: Iterable[Parameter]) -> "Parameters":
        """The same with more of them on top (叠加参数): at its own prefix each counts before a folder's."""
        made = Parameters()
        made._held = self._held
        made._over = {prefix: dict(held) for prefix, held in self._over.items()}
        for parameter in over:
            made._over.setdefault(parameter.jurisdiction, {})[parameter.code] = parameter
        return made

    def value(self, code: str, *, on: date, jurisdiction: str = "") -> Value:
        """The value that holds on a day at a place (适用参数值): of the longest prefix that has one.

        `jurisdiction` is a division code or prefix; without one, and for `00`, the national layer. Raises LookupError
        where there is none.
        """
        for parameter in self._layers(code, jurisdiction):
            found = parameter.on(on)
            if found is not None:
                return found
        raise LookupError(f"{code} has no value on {on} for {jurisdiction or NATIONAL}")

    def parameter(self, code: str, *, jurisdiction: str = "") -> Parameter:
        """All values of the nearest layer that knows it (参数沿革). Raises LookupError."""
        for parameter in self._layers(code, jurisdiction):
            return parameter
        raise LookupError(code)

    def _layers(self, code: str, jurisdiction: str) -> Iterator[Parameter]:
        for prefix in self.prefixes_of(jurisdiction):
            for layer in (self._over, self._held):
                if code in layer.get(prefix, {}):
                    yield layer[prefix][code]

    def prefixes_of(self, jurisdiction: str) -> list[str]:
        """The layers of a place (适用层级), the nearest first, the national one last."""
        known = {*self._held, *self._over}
        own = [prefix for prefix in known if prefix and jurisdiction.startswith(prefix)]
        return [*sorted(own, key=len, reverse=True), *([""] if "" in known else [])]

    def number(self, code: str, *, on: date, jurisdiction: str = "") -> int:
        """A value that is a number. Raises LookupError, also where there is none."""
        found = self.value(code, on=on, jurisdiction=jurisdiction).value
        if not isinstance(found, int):
            raise LookupError(f"{code} is no number on {on} for {jurisdiction or NATIONAL}")
        return found

    def __iter__(self) -> Iterator[Parameter]:
        """Every parameter, the national ones first, for whoever reads them all."""
        for prefix in sorted({*self._held, *self._over}):
            yield from self._held.get(prefix, {}).values()
            yield from self._over.get(prefix, {}).values()

    def to_confirm(self) -> list[tuple[Parameter, Value]]:
        """What the Department has still to confirm (待确认参数)."""
        return [(parameter, value) for parameter in self for value in parameter.values if value.is_provisional]


@cache
def shipped() -> Parameters:
    """The parameters that come with the product (随附参数)."""
    return Parameters(FOLDER)


def _read(code: str, said: Mapping[str, Any], prefix: str, *, where: str) -> Parameter:
    _only_known(f"{where}: {code}", said, KEYS)
    values = tuple(_value(one, f"{where}: {code}", said["unit"]) for one in said["values"])
    days = [value.from_on for value in values]
    if days != sorted(set(days)):
        raise WrongText(f"{where}: {code}: the days of its values do not go forward")
    return Parameter(code, said["zh"], said["en"], said["unit"], prefix, values)


def _value(said: Mapping[str, Any], where: str, unit: str) -> Value:
    _only_known(where, said, VALUE_KEYS, needed=frozenset({"from", "value", "citation"}))
    citation = cite(said["citation"])
    is_provisional = citation.instrument.is_provisional or said.get("provisional") == "true"
    day, rests_on = date.fromisoformat(said["from"]), replace(citation, is_provisional=is_provisional)
    return Value(day, _scalar(said["value"], unit), rests_on, said.get("note", ""))


def _scalar(said: Any, unit: str) -> Scalar:
    if isinstance(said, list):
        return tuple(said)
    if said in ("", "null"):
        return None
    return str(said) if unit == "code" else int(said)


def _only_known(where: str, said: Mapping[str, Any], known: frozenset[str], *, needed: frozenset[str] = KEYS) -> None:
    wrong = sorted(set(said) - known) or sorted(needed - set(said))
    if wrong:
        raise WrongText(f"{where}: unknown or missing {', '.join(wrong)}")
