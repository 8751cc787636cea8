"""Faults (差错) as they are made at a desk: each spoils one line so that the check finds just that."""

from collections.abc import Callable
from datetime import date, timedelta

from hutong.demo.workbook import Line
from hutong.law.categories import CATEGORIES
from hutong.law.identity import CHECK_CHARACTERS


def _set(column: str, cell: str) -> Callable[[Line], None]:
    def spoil(line: Line) -> None:
        line[column] = cell

    return spoil


def numeric_id(line: Line) -> None:
    """The spreadsheet made a figure of the number and lost its last digits."""
    line["id_number"] = float(str(line["id_number"])[:17] + "0")


def wrong_check_character(line: Line) -> None:
    """The last character was misread."""
    number = str(line["id_number"])
    line["id_number"] = number[:17] + CHECK_CHARACTERS[CHECK_CHARACTERS.index(number[17]) - 1]


def lost_digit(line: Line) -> None:
    """A digit was not typed."""
    line["id_number"] = str(line["id_number"])[:17]


def letter_for_digit(line: Line) -> None:
    """The letter O was typed for a zero."""
    number = str(line["id_number"])
    line["id_number"] = number[:6] + number[6:].replace("0", "O", 1)


def other_birth_date(line: Line) -> None:
    """Birth date and number contradict each other by a day."""
    born = date.fromisoformat(str(line["birth_date"]))
    line["birth_date"] = (born - timedelta(days=1)).isoformat()


def other_sex(line: Line) -> None:
    """Sex and number contradict each other."""
    line["sex"] = "女" if line["sex"] == "男" else "男"


def no_number_no_reason(line: Line) -> None:
    """Neither a number nor why there is none."""
    line["id_number"] = line["no_id_reason"] = ""


def shortened_code(line: Line) -> None:
    """The code of the township instead of the twelve digits of the village."""
    line["living_division"] = str(line["living_division"])[:9]


def unknown_village(line: Line) -> None:
    """A village that is on no list."""
    line["living_division"] = str(line["living_division"])[:9] + "999"


def parent_of_orphan(line: Line) -> None:
    """An orphan whose guardian is said to be the father."""
    line["category"] = CATEGORIES["orphan_kin"].title_zh
    line["guardian_relation"] = "父亲"


def guardians_number_twice(line: Line) -> None:
    """The child's number stands in the guardian's column."""
    line["guardian_id_number"] = line["id_number"]


def guardian_without_name(line: Line) -> None:
    """A telephone number and nobody it belongs to."""
    line["guardian_name"] = ""
    line["guardian_phone"] = "15400001111"


ERRORS: dict[str, Callable[[Line], None]] = {
    "numeric_id": numeric_id,
    "id_check_character": wrong_check_character,
    "birth_date_contradicts_id": other_birth_date,
    "phone_form": _set("guardian_phone", "见备注"),
    "division_unknown": unknown_village,
    "sex_contradicts_id": other_sex,
    "id_length": lost_digit,
    "category_unknown": _set("category", "特殊儿童"),
    "no_id_no_reason": no_number_no_reason,
    "code_form": shortened_code,
    "orphan_with_parent": parent_of_orphan,
    "date_unreadable": _set("birth_date", "2016年春"),
    "id_characters": letter_for_digit,
    "division_above_township": _set("living_division", "640121000000"),
    "guardian_is_child": guardians_number_twice,
    "name_form": _set("name", "小3"),
    "required": guardian_without_name,
    "sex_unknown": _set("sex", "不详"),
    "category_confidential": _set("category", "艾滋病病毒感染"),
    "formula_error": _set("guardian_phone", "#N/A"),
    "date_in_future": _set("category_from", "2036-03-01"),
}
"""By the code of the problem the check finds; the row is `invalid`. For lines that have an ID number."""

WARNINGS: dict[str, Callable[[Line], None]] = {
    "ethnic_group_unknown": _set("ethnic_group", "回回"),
    "relation_unknown": _set("guardian_relation", "老邻居"),
    "id_and_reason": _set("no_id_reason", "户口待办"),
}
"""The row comes in all the same."""
