"""Words of the duplicates desk (疑似重复用语): how a score came about, bands, answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BANDS: dict[str, Promise] = {
    "surest": _("99 % and more"),
    "likely": _("90 % to 99 %"),
    "even": _("50 % to 90 %"),
    "unlikely": _("below 50 %"),
}
STATES: dict[str, Promise] = {
    "open": _("Not answered"),
    "waiting": _("Waits for a second person"),
    "same": _("One child"),
    "different": _("Two children"),
    "answered": _("Answered"),
}
CHECKED: dict[str, Promise] = {
    "any": _("Looked at a second time"),
    "same": _("Second look: one child"),
    "different": _("Second look: two children"),
    "differs": _("Second look and answer differ"),
}
FIELDS: dict[str, Promise] = {
    "start": _("Before anything is compared"),
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_date": _("Birth date"),
    "id_number": _("ID number"),
    "living_division": _("Living place"),
    "guardian_name": _("Guardian"),
    "guardian_phone": _("Telephone of the guardian"),
    "others": _("Other explanations"),
}
MISSING = _("is missing on one side")
LEVELS: dict[str, dict[str, Promise]] = {
    "start": {"": _("two files are seldom one child's")},
    "name": {
        "identical": _("written the same"),
        "variant": _("a variant of the same characters"),
        "sound": _("of one sound, other characters"),
        "look": _("characters that look alike"),
        "order": _("the same characters in another order"),
        "part": _("a short form of the other"),
        "given": _("the same given name, another surname"),
        "one_character": _("one character differs"),
        "surname": _("the same surname, another given name"),
        "different": _("different"),
    },
    "sex": {"same": _("the same"), "different": _("different")},
    "birth_date": {
        "same": _("the same day"),
        "swapped": _("day and month swapped"),
        "one_digit": _("one digit differs"),
        "rough": _("one of them is a rough date"),
        "month": _("the same month"),
        "day_of_year": _("the same day of another year"),
        "year": _("the same year"),
        "different": _("different"),
    },
    "id_number": {
        "same": _("the same"),
        "one_slip": _("one digit differs"),
        "two_slips": _("two digits differ"),
        "both_valid_one_day": _("two valid numbers of one birth date, as twins have"),
        "both_valid": _("two valid numbers, which are two people's"),
        "unlike": _("different"),
    },
    "living_division": {
        "village": _("the same village"),
        "township": _("the same township"),
        "county": _("the same county"),
        "different": _("different"),
    },
    "guardian_name": {
        "same": _("the same"),
        "near": _("almost the same"),
        "surname": _("the same surname"),
        "different": _("different"),
    },
    "guardian_phone": {
        "same": _("the same"),
        "one_slip": _("one digit differs"),
        "different": _("different"),
    },
    "others": {"": _("twins, brothers and sisters, or namesakes would look like this, too")},
}


@dataclass(frozen=True)
class WeightLine:
    """One step of a score in words (权重说明): what speaks for one child, or against; `share` of 100 by weight."""

    field: str
    sentence: str
    weight: str
    is_for: bool
    share: int


HEAVIEST = 12.0


def weight_lines(waterfall: list[Mapping[str, object]]) -> list[WeightLine]:
    """The steps of a score in words, in its own order."""
    return [_line(str(step["field"]), str(step["level"]).lower(), float(str(step["weight"]))) for step in waterfall]


def _line(field: str, level: str, weight: float) -> WeightLine:
    levels = LEVELS.get(field, {})
    sentence = MISSING if level == "missing" else levels.get(level) or levels.get("") or level
    share = round(100 * min(abs(weight), HEAVIEST) / HEAVIEST)
    return WeightLine(str(FIELDS.get(field, field)), str(sentence), signed(weight), weight >= 0, share)


def signed(weight: float) -> str:
    """`+4.1`, `−2.0`."""
    return f"{'−' if weight < 0 else '+'}{abs(weight):.1f}"


def percent(probability: float) -> str:
    """`97.3 %`; never 100 for what is not certain."""
    return f"{min(probability * 100, 99.9):.1f} %"
