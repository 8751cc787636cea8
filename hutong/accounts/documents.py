"""Reads about issued documents (签发文书): those of a matter, and the one that a check code names."""

from dataclasses import dataclass

from django.db.models import QuerySet

from hutong.accounts.models import IssuedDocument
from hutong.divisions.naming import province_short
from hutong.divisions.queries import names_of
from hutong.law.division_code import LENGTH_OF, Level, full, level_of, prefix_of
from hutong.law.documents import read_check_code

CONTENT = ("content", "replaced_by__content")


@dataclass(frozen=True, slots=True)
class Office:
    """Office (签发机关): its division code, its name as it signs, and the short word that its numbers begin with."""

    code: str
    name: str
    word: str


def civil_affairs_office(place_code: str) -> Office:
    """The civil-affairs office (民政部门) of the county in which a place lies; of a city or a province its own.

    The short word is ours, `永宁民`, until the Department has said which word each office uses.
    """
    code = full(prefix_of(place_code)[: LENGTH_OF[Level.COUNTY]])
    name = names_of([code])[code]
    if level_of(code) == Level.PROVINCE:
        return Office(code, f"{name}民政厅", f"{province_short(name)}民")
    return Office(code, f"{name}民政局", f"{name[:-1]}民")


TOWNSHIPS = {"道": "办事处", "镇": "人民政府", "乡": "人民政府"}
"""How the office of a township is called, by the last character of its name."""


def township_office(place_code: str) -> Office:
    """The office of the township (乡镇人民政府、街道办事处) in which a place lies."""
    code = full(prefix_of(place_code)[: LENGTH_OF[Level.TOWNSHIP]])
    county = full(code[: LENGTH_OF[Level.COUNTY]])
    names = names_of([code, county])
    return Office(code, f"{names[county]}{names[code]}{TOWNSHIPS.get(names[code][-1], '管理委员会')}", names[code])


def documents_about(subject_kind: str, subject_key: str) -> QuerySet[IssuedDocument]:
    """The documents issued in a matter (相关文书), the latest first, without their content.

    Whether somebody may see them is for the room whose matter it is.
    """
    about = IssuedDocument.objects.filter(subject_kind=subject_kind, subject_key=subject_key)
    return about.defer(*CONTENT).select_related("issued_by", "withdrawn_by", "replaced_by")


def document_by_code(text: str) -> IssuedDocument | None:
    """The document that bears a check code (按核验码查文书), however the code was typed, without its content."""
    code = read_check_code(text)
    found = IssuedDocument.objects.filter(check_code=code).defer(*CONTENT).select_related("replaced_by")
    return found.first() if code else None
