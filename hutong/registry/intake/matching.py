"""What the columns of an unknown sheet of children may be (列建议), told by what they hold; a person says so first."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from hutong.kit.names import is_name
from hutong.kit.workbooks.book import Book, Cell
from hutong.kit.workbooks.preview import Preview, preview, text_of
from hutong.law.calendar import age_on
from hutong.law.categories import age_limit, read_category
from hutong.law.division_code import is_code
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.identity import SEX_WORDS, judge_id_number
from hutong.law.relations import read_relation
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.reading import is_phone, read_date

FITTING = 0.6
VILLAGE = re.compile(r"[\u4e00-\u9fff](?:村|社区|居委会|嘎查)")


def preview_children(book: Book, *, on: date, page: int | None = None, header_row: int | None = None) -> Preview:
    """The columns of a sheet of children (儿童表预览), with what they may be. Raises RefusedFile."""
    return preview(
        book, CHILDREN, lambda cells, taken: propose(cells, taken=taken, on=on), page=page, header_row=header_row
    )


def propose(cells: list[Cell], *, taken: set[str], on: date) -> str:
    """The column that most of these cells read like (列建议), among those not taken; empty where there is none."""
    for code, fits in _fitting(on).items():
        if code not in taken and cells and sum(fits(cell) for cell in cells) >= FITTING * len(cells):
            return code
    return ""


def _fitting(on: date) -> Mapping[str, Callable[[Cell], bool]]:
    limit = age_limit(on)
    return {
        "id_number": lambda cell: _age(text_of(cell), on) < limit,
        "guardian_id_number": lambda cell: limit <= _age(text_of(cell), on) < NOBODY,
        "sex": lambda cell: _word(cell) in SEX_WORDS,
        "birth_date": lambda cell: (
            (born := read_date(text_of(cell), cell)) is not None and 0 <= age_on(born, on) < limit
        ),
        "living_division": lambda cell: is_code(text_of(cell)) or VILLAGE.search(text_of(cell)) is not None,
        "guardian_phone": lambda cell: is_phone(text_of(cell)),
        "guardian_relation": lambda cell: read_relation(_word(cell)) is not None,
        "category": lambda cell: read_category(_word(cell)) is not None,
        "ethnic_group": lambda cell: read_ethnic_group(_word(cell)) is not None,
        "name": _is_short_name,
        "guardian_name": _is_short_name,
    }


NOBODY = 200


def _age(text: str, on: date) -> int:
    """The age that an ID number tells; of what is none: of nobody alive."""
    judged = judge_id_number(text, on=on, tests_allowed=True)
    return NOBODY if judged.fault or judged.birth_date is None else age_on(judged.birth_date, on)


def _word(cell: Cell) -> str:
    """A text that is no number: numbers of rows read like codes."""
    return "" if text_of(cell).isdigit() else text_of(cell)


def _is_short_name(cell: Cell) -> bool:
    return is_name(text_of(cell)) and len(text_of(cell)) <= 4
