"""The register of fields as Python reads it: nouns by room, their columns in groups of one purpose each.

The files are read as YAML 1.2 with every scalar taken as text, so that `on` is the name of a column. What a group does
not say of itself (class, basis, retention) is the noun's; an unknown, missing or repeated word is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hutong.law.texts import WrongText, read_file

FOLDER = Path(__file__).parent
ROOMS = (
    "registry",
    "protection",
    "outreach",
    "allowances",
    "treasury",
    "network",
    "governance",
    "accounts",
    "divisions",
    "machinery",
)
NOUN_KEYS = frozenset({"title", "about", "class", "basis", "retention", "with", "fields"})
GROUP_KEYS = frozenset({"names", "zh", "en", "class", "mask", "basis", "retention"})
LISTED_KEYS = frozenset({"zh", "en", "provisional"})


class WrongRegister(Exception):
    """The register of fields (字段登记有误) cannot be read; the words say where and what."""


class FieldClass(StrEnum):
    """Class of a field (字段级别): whoever sees the child, only for the case, or only by name."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    SECRET = "secret"


class About(StrEnum):
    """Whom a noun is about (数据对象)."""

    CHILD = "child"
    STAFF = "staff"
    PLACE = "place"
    MACHINE = "machine"


class Mask(StrEnum):
    """Mask (遮盖方式) of a sensitive value that is shown one at a time: a number, or how to reach somebody."""

    NONE = ""
    NUMBER = "number"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Citation:
    """Legal basis (法律依据) as it is cited; provisional where no copy of the text has been compared yet."""

    code: str
    zh: str
    en: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """Retention (保存期限): how long something is kept; provisional until the archives department has confirmed it."""

    code: str
    zh: str
    en: str
    provisional: bool


Listed = TypeVar("Listed", Citation, Retention)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one purpose (同一用途的字段)."""

    names: tuple[str, ...]
    purpose_zh: str
    purpose_en: str
    field_class: FieldClass
    mask: Mask
    basis: Citation
    retention: Retention


@dataclass(frozen=True, slots=True)
class Noun:
    """Noun of the register (登记对象): a table, in its room; `label` is the model's, `registry.child`."""

    room: str
    label: str
    title_zh: str
    title_en: str
    about: About
    groups: tuple[Group, ...]

    @property
    def names(self) -> list[str]:
        """All columns, in the order of the register."""
        return [name for group in self.groups for name in group.names]


@dataclass(frozen=True, slots=True)
class Field:
    """One column (字段) with what the register says of it."""

    noun: Noun
    name: str
    group: Group


def stricter(*classes: FieldClass) -> FieldClass:
    """The strictest of some classes (从严)."""
    return max(classes, key=list(FieldClass).index)


def field(path: str) -> Field:
    """A column by `room.noun.column`, for example `registry.circumstance.kind`. Raises LookupError."""
    return _fields()[path]


@cache
def _fields() -> Mapping[str, Field]:
    found = {
        f"{noun.label}.{name}": Field(noun, name, group)
        for noun in nouns()
        for group in noun.groups
        for name in group.names
    }
    return MappingProxyType(found)


@cache
def nouns() -> tuple[Noun, ...]:
    """Every noun of the house (全部登记对象), room by room. Raises WrongRegister."""
    lists = read(FOLDER / "lists.yaml")
    return tuple(noun for room in ROOMS for noun in nouns_of(room, read(FOLDER / f"{room}.yaml"), lists))


@cache
def retentions() -> tuple[Retention, ...]:
    """Every period for which something is kept (全部保存期限)."""
    return tuple(_listed(read(FOLDER / "lists.yaml"), "retention", Retention).values())


def nouns_of(room: str, said: Mapping[str, Any], lists: Mapping[str, Any]) -> list[Noun]:
    """The nouns of one room's file; what the file of lists holds is looked up there. Raises WrongRegister."""
    reader = _Reader(
        _listed(lists, "bases", Citation),
        _listed(lists, "retention", Retention),
        lists["shared"],
    )
    return [reader.noun(room, label, one) for label, one in said.items()]


def read(file: Path) -> Any:
    """A file as texts, lists and mappings. Raises WrongRegister where it is no YAML or a key stands twice."""
    try:
        return read_file(file)
    except WrongText as error:
        raise WrongRegister(str(error)) from error


def _listed(lists: Mapping[str, Any], name: str, kind: type[Listed]) -> dict[str, Listed]:
    for code, said in lists[name].items():
        _only_known(f"{name}.{code}", said, LISTED_KEYS)
    return {
        code: kind(code, said["zh"], said["en"], said.get("provisional") == "true")
        for code, said in lists[name].items()
    }


def _only_known(where: str, said: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(said) - known)
    if unknown:
        raise WrongRegister(f"{where}: unknown {', '.join(unknown)}")


@dataclass(frozen=True)
class _Reader:
    bases: Mapping[str, Citation]
    retentions: Mapping[str, Retention]
    shared: Mapping[str, Mapping[str, Any]]

    def noun(self, room: str, label: str, said: Mapping[str, Any]) -> Noun:
        _only_known(label, said, NOUN_KEYS)
        groups = list(said.get("fields", [])) + [self.shared[name] for name in said.get("with", [])]
        made = Noun(
            room,
            label,
            said["title"]["zh"],
            said["title"]["en"],
            About(said["about"]),
            tuple(self.group(label, said, group) for group in groups),
        )
        if len(set(made.names)) < len(made.names):
            raise WrongRegister(f"{label}: a column stands twice")
        return made

    def group(self, label: str, noun: Mapping[str, Any], said: Mapping[str, Any]) -> Group:
        names = said["names"] if isinstance(said["names"], list) else [said["names"]]
        where = f"{label}: {', '.join(names)}"
        _only_known(where, said, GROUP_KEYS)
        inherited = {key: noun[key] for key in ("class", "basis", "retention") if key in noun} | dict(said)
        try:
            return Group(
                tuple(names),
                inherited["zh"],
                inherited["en"],
                FieldClass(inherited["class"]),
                Mask(inherited.get("mask", "")),
                self.bases[inherited["basis"]],
                self.retentions[inherited["retention"]],
            )
        except (KeyError, ValueError) as error:
            raise WrongRegister(f"{where}: {error}") from error
