"""Titles (名目) of the law's lists and of the register's columns, in the reader's language."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.words import category_title, relation_title, speaks_chinese
from hutong.divisions.queries import path_names
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.aid import AIDS
from hutong.law.categories import CATEGORIES
from hutong.law.changes import ALTERING, IMPORTING, LATE, LEAVING, MOVING, RETURNING
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.disability import CLASSES
from hutong.law.duplicates import DIFFERENT, SAME, UNDOING
from hutong.law.emergencies import REASONS as EMERGENCIES
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.law.identity import Sex
from hutong.law.study import LEVELS
from hutong.registry.models.child import SEXES
from hutong.registry.models.guardian import Kind as GuardianKind
from hutong.registry.models.life import HealthKind, Sensitivity
from hutong.registry.models.parent import Role

REASONS = ALTERING | IMPORTING | LEAVING | RETURNING | LATE | MOVING


def pair_title(pair: tuple[str, ...]) -> str:
    """The last two of a pair or triple of the law: Chinese, then English."""
    return pair[-2] if speaks_chinese() else pair[-1]


def choices(titles: Mapping[str, tuple[str, ...]], *, empty: str | Promise | None = None) -> list[tuple[str, str]]:
    """A list of the law as the choices of a form."""
    first = [] if empty is None else [("", str(empty))]
    return first + [(code, pair_title(pair)) for code, pair in titles.items()]


def reason_title(code: str) -> str:
    """A reason of a change."""
    return pair_title(REASONS[code]) if code in REASONS else ""


def answer_title(state: str, code: str) -> str:
    """Why two files are one child, or two, by the answer whose reason it is."""
    reasons = DIFFERENT if state == "different" else SAME
    return pair_title(reasons[code]) if code in reasons else ""


def undoing_title(code: str) -> str:
    """Why a merge was undone."""
    return pair_title(UNDOING[code]) if code in UNDOING else ""


def emergency_title(code: str) -> str:
    """What kind of emergency it was."""
    return pair_title(EMERGENCIES[code])


def circumstance_title(code: str) -> str:
    """A kind of circumstance."""
    kind = CIRCUMSTANCES[code]
    return kind.title_zh if speaks_chinese() else kind.title_en


def disability_words(disability_class: str, grade: int | None) -> str:
    """`肢体 二级`; nothing where there is none."""
    if not disability_class:
        return ""
    return _("%(kind)s, grade %(grade)s") % {"kind": pair_title(CLASSES[disability_class]), "grade": grade}


def money(fen: int) -> str:
    """`1,040.00` from fen."""
    return f"{fen // 100:,}.{fen % 100:02}"


def day(on: date | None) -> str:
    """A day as people write it; nothing for none."""
    return date_format(on, "DATE_FORMAT") if on else ""


def span(from_on: date | None, until_on: date | None) -> str:
    """`2024年1月10日起` or `2024年1月10日至2026年1月9日`."""
    if from_on and until_on:
        return _("%(first)s to %(last)s") % {"first": day(from_on), "last": day(until_on)}
    if until_on:
        return _("until %(last)s") % {"last": day(until_on)}
    return _("since %(first)s") % {"first": day(from_on)} if from_on else _("first day not known")


COLUMNS: dict[str, Promise] = {
    "name": _lazy("Name"),
    "sex": _lazy("Sex"),
    "birth_date": _lazy("Birth date"),
    "id_number": _lazy("ID number"),
    "no_id_reason": _lazy("Why there is no ID number"),
    "ethnic_group": _lazy("Ethnic group"),
    "registered_division": _lazy("Registered place"),
    "living_division": _lazy("Living place"),
    "living_address": _lazy("Address"),
    "responsible_division": _lazy("Responsible place"),
    "category": _lazy("Category"),
    "category_from": _lazy("First day"),
    "category_until": _lazy("Last day"),
    "decision_number": _lazy("Document number"),
    "guardian_name": _lazy("Guardian"),
    "guardian_relation": _lazy("Relation to the child"),
    "guardian_id_number": _lazy("ID number of the guardian"),
    "guardian_phone": _lazy("Telephone of the guardian"),
    "father_name": _lazy("Father"),
    "father_id_number": _lazy("ID number of the father"),
    "father_phone": _lazy("Telephone of the father"),
    "mother_name": _lazy("Mother"),
    "mother_id_number": _lazy("ID number of the mother"),
    "mother_phone": _lazy("Telephone of the mother"),
    "closed_on": _lazy("Last day of the file"),
    "closed_reason": _lazy("Reason for closing"),
    "moved_to": _lazy("Where the child went"),
    "household": _lazy("Household"),
    "member": _lazy("Household member"),
    "sealed": _lazy("Sealed part"),
    "payee": _lazy("Payee"),
    "card": _lazy("Card"),
    "bank": _lazy("Bank"),
    "file": _lazy("File number"),
}
ATTRIBUTES: dict[str, Promise] = {
    "name": _lazy("Name"),
    "relation": _lazy("Relation to the child"),
    "kind": _lazy("Kind"),
    "role": _lazy("Role"),
    "is_unknown": _lazy("Unknown"),
    "id_number": _lazy("ID number"),
    "phone": _lazy("Telephone"),
    "from_on": _lazy("First day"),
    "until_on": _lazy("Last day"),
    "parent": _lazy("Whose"),
    "disability_class": _lazy("Class of disability"),
    "grade": _lazy("Grade"),
    "certificate": _lazy("Certificate number"),
    "reported_on": _lazy("Search taken by the police on"),
    "notice_on": _lazy("Public notice for the parents given on"),
    "note": _lazy("Note"),
    "level": _lazy("Level"),
    "school": _lazy("School"),
    "is_full_time": _lazy("Full time"),
    "sensitivity": _lazy("Who may see it"),
    "words": _lazy("What it says"),
    "fen_per_month": _lazy("The child's own, yuan a month"),
    "household_fen_per_month": _lazy("The household's, yuan a month"),
    "members": _lazy("Heads of the household"),
    "papers": _lazy("Papers"),
}
NOUNS: dict[str, Promise] = {
    "guardian": _lazy("Guardian"),
    "parent": _lazy("Parent"),
    "circumstance": _lazy("Circumstance"),
    "study": _lazy("Study"),
    "health": _lazy("Health"),
    "aid": _lazy("Other aid"),
}
CONFIDENTIAL = {"circumstance.note", "health.words", "sealed"}
MASKED_NUMBERS = ("id_number", "certificate")


def column_title(column: str) -> str:
    """A column of a change: `ID number`, or `Guardian · Telephone` for a fact's attribute."""
    noun, _dot, attribute = column.partition(".")
    if attribute:
        return f"{NOUNS[noun]} · {ATTRIBUTES[attribute]}"
    return str(COLUMNS.get(column, column))


def value_words(column: str, value: str, *, is_masked: bool = True) -> str:
    """A value of a change as people say it; numbers and addresses stay masked unless somebody has just typed them."""
    if not value:
        return "—"
    attribute = column.rpartition(".")[2]
    if not is_masked:
        return _coded(column, attribute, value)
    if column in CONFIDENTIAL or attribute == "living_address":
        return "******"
    if attribute.endswith(MASKED_NUMBERS):
        return mask_id_number(value)
    if attribute.endswith("phone"):
        return mask_phone(value)
    return _coded(column, attribute, value)


def _coded(column: str, attribute: str, value: str) -> str:
    if attribute.endswith(("_on", "_date")) or attribute in {"category_from", "category_until"}:
        return day(date.fromisoformat(value))
    if attribute.endswith("division") or attribute == "moved_to":
        return path_names([value]).get(value, value)
    if attribute.endswith("fen_per_month"):
        return money(int(value))
    if attribute in {"is_unknown", "is_full_time"}:
        return _("yes") if value == "True" else _("no")
    if column == "category":
        return "、".join(category_title(code) for code in value.split() if code in CATEGORIES)
    if attribute.endswith("relation"):
        return relation_title(value)
    return _listed(column, value)


def _listed(column: str, value: str) -> str:
    match column:
        case "sex":
            return str(SEXES[Sex(value)])
        case "ethnic_group":
            return ethnic_title(value)
        case "closed_reason":
            return reason_title(value)
        case "guardian.kind":
            return str(GuardianKind(value).label)
        case "parent.role":
            return str(Role(value).label)
        case "circumstance.kind":
            return circumstance_title(value)
        case "circumstance.disability_class":
            return pair_title(CLASSES[value])
        case "study.level":
            return pair_title(LEVELS[value])
        case "health.kind":
            return str(HealthKind(value).label)
        case "health.sensitivity":
            return str(Sensitivity(value).label)
        case "aid.kind":
            return pair_title(AIDS[value])
    return value
