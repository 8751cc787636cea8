"""The words for every step of a score (评分用语), for a clerk: what agrees, how far, and what it weighs."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from hutong.registry.linkage.rivals import Kind
from hutong.registry.linkage.scoring import OTHERS, START, Explained, Step

MISSING = "missing"
WORDS = {
    ("name", "identical"): _("Name: the same"),
    ("name", "variant"): _(
        "Name: the same, written another way (traditional or variant characters, dots, transcription)"
    ),
    ("name", "sound"): _("Name: other characters of the same sound, or pinyin"),
    ("name", "look"): _("Name: characters that look alike"),
    ("name", "order"): _("Name: the same characters in another order"),
    ("name", "short_form"): _("Name: one is a short form of the other"),
    ("name", "part"): _("Name: one has a character more than the other"),
    ("name", "given"): _("Name: the same given name, another surname"),
    ("name", "one_character"): _("Name: one character of the given name differs"),
    ("name", "surname"): _("Name: only the surname agrees"),
    ("name", "different"): _("Name: different"),
    ("sex", "same"): _("Sex: the same"),
    ("sex", "different"): _("Sex: different"),
    ("birth_date", "same"): _("Birth date: the same"),
    ("birth_date", "swapped"): _("Birth date: month and day have changed places"),
    ("birth_date", "one_digit"): _("Birth date: one digit differs, or two have changed places"),
    ("birth_date", "rough"): _("Birth date: one is only rough (the first of the month or year)"),
    ("birth_date", "month"): _("Birth date: the same year and month, another day"),
    ("birth_date", "day_of_year"): _("Birth date: the same month and day, another year"),
    ("birth_date", "year"): _("Birth date: only the year agrees"),
    ("birth_date", "different"): _("Birth date: different"),
    ("id_number", "same"): _("ID number: the same"),
    ("id_number", "one_slip"): _("ID number: one slip of typing apart, and one of them cannot be right"),
    ("id_number", "two_slips"): _("ID number: two digits differ, and one of them cannot be right"),
    ("id_number", "both_valid"): _("ID number: two right numbers, so most likely two people"),
    ("id_number", "unlike"): _("ID number: different, and one of them cannot be right"),
    ("living_division", "village"): _("Living place: the same village"),
    ("living_division", "township"): _("Living place: the same township, another village"),
    ("living_division", "county"): _("Living place: the same county, another township"),
    ("living_division", "different"): _("Living place: another county"),
    ("guardian_name", "same"): _("Guardian: the same name"),
    ("guardian_name", "near"): _("Guardian: almost the same name"),
    ("guardian_name", "surname"): _("Guardian: the same surname or one character different"),
    ("guardian_name", "different"): _("Guardian: another name"),
    ("guardian_phone", "same"): _("Phone: the same"),
    ("guardian_phone", "one_slip"): _("Phone: one slip of typing apart"),
    ("guardian_phone", "different"): _("Phone: different"),
    (START, Kind.TWIN): _("To begin with: one child listed twice, or twins?"),
    (START, Kind.SIBLING): _("To begin with: one child listed twice, or brothers and sisters?"),
    (START, Kind.BORROWED): _("To begin with: one child listed twice, or somebody else's number?"),
    (START, Kind.NAMESAKE): _("To begin with: one child listed twice, or a namesake?"),
    (START, Kind.STRANGER): _("To begin with: one child listed twice, or two children by chance?"),
    (OTHERS, ""): _("What else it could be"),
}


class Line(NamedTuple):
    """Line of an explanation (评分明细): field, level and weight in bits, and the words of it."""

    field: str
    level: str
    weight: float
    text: str


def lines(explained: Explained) -> list[Line]:
    """The sum of a score in words; what one record lacks, and what weighs nothing at the end, is left out."""
    steps = [step for step in explained.steps if step.level != MISSING]
    if abs(steps[-1].weight) < 0.05:
        steps.pop()
    return [_line(step) for step in steps]


def _line(step: Step) -> Line:
    return Line(step.field, step.level, round(step.weight, 1), str(WORDS[step.field, step.level]))
