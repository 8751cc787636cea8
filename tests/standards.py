"""Factories of standards: proposed, confirmed, and rows as the database would keep them."""

from datetime import date
from typing import Any

from hutong.accounts.models import Person
from hutong.allowances.actions.standards import confirm_standard, propose_standard
from hutong.allowances.models import Standard, StandardPaper
from hutong.law.division_code import full
from tests.factories import CITY, COUNTY, PROVINCE, person, picture, serial

ON = date(2026, 11, 24)
PLACE = full(COUNTY)
OFFICERS = {COUNTY: "county_officer", CITY: "city_officer", PROVINCE: "region_officer"}


def proposed(by: Person | None = None, *, prefix: str = COUNTY, on: date = ON, **more: Any) -> Standard:
    """A standard of the county from next year on, higher than the region's."""
    said = {
        "scheme": "de_facto", "division_code": full(prefix), "from_on": date(2027, 1, 1), "until_on": None,
        "amount_fen": 172_000, "document_number": "贺民发〔2026〕演21号", "document_title": "关于提高标准的通知",
        "content": picture(shade=serial() % 250), "name": "通知.jpg",
    }  # fmt: skip
    return propose_standard(by=by or person(OFFICERS.get(prefix, "county_officer"), prefix), on=on, **said | more)


def confirmed(by: Person | None = None, *, prefix: str = COUNTY, on: date = ON, **more: Any) -> Standard:
    """One that somebody else has confirmed."""
    above = by or (person("approver") if prefix == COUNTY else person("region_approver", PROVINCE))
    return confirm_standard(by=above, standard=proposed(prefix=prefix, on=on, **more), on=on)


def row(**more: Any) -> Standard:
    """A proposed standard as a row, with a document of which there is no file."""
    by = more.get("proposed_by") or person()
    said = {
        "scheme": "de_facto", "division_code": PLACE, "from_on": date(2027, 1, 1), "amount_fen": 172_000,
        "document_number": "贺民发〔2026〕演21号", "document_title": "关于提高标准的通知", "is_lower": False,
        "proposed_on": ON, "proposed_by": by,
    }  # fmt: skip
    made = Standard.objects.create(**said | more)
    StandardPaper.objects.create(
        standard=made,
        stored_name=f"{serial():064x}",
        media_type="image/jpeg",
        size_bytes=1,
        digest="0" * 64,
        added_by=by,
    )
    return made
