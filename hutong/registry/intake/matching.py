"""What the columns of an unknown sheet may be (列对应): shown with samples, proposed by what they hold, never taken
before a person has said so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hutong.kit.names import is_name, mask_id_number
from hutong.kit.workbooks.book import Book, Cell, Page
from hutong.kit.workbooks.layout import Layout, find_header, layout_at
from hutong.law.calendar import age_on
from hutong.law.categories import UNDER_18, read_category
from hutong.law.division_code import is_code
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.identity import judge_id_number
from hutong.law.relations import read_relation
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.reading import SEX_WORDS, _date, is_phone

ROWS_SEARCHED, ROWS_LOOKED_AT, SAMPLES, FITTING = 30, 200, 3, 0.6
LONG_NUMBER = 11


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet (表格中的列): its position, header, three samples, and the code it is read as.

    `is_proposed` where the code was only told from what the column holds.
    """

    at: int
    header: str
    samples: tuple[str, ...]
    code: str
    is_proposed: bool = False


@dataclass(frozen=True)
class Preview:
    """A sheet before its columns are matched (列对应预览): rows are numbered as a person counts, 0 is no header."""

    names: tuple[str, ...]
    layout: Layout
    columns: tuple[SheetColumn, ...]
    top: tuple[tuple[int, str], ...]
    rows: int

    def with_codes(self, codes: Mapping[int, str]) -> "Preview":
        """The same with columns read as somebody has said before."""
        said = (
            replace(column, code=codes[column.at], is_proposed=False) if column.at in codes else column
            for column in self.columns
        )
        return replace(self, columns=tuple(said))


def preview(book: Book, *, on: date, page: int | None = None, header_row: int | None = None) -> Preview:
    """The columns of a sheet; the first that holds anything, by its likeliest header row. Raises RefusedFile."""
    at = _first_filled(book) if page is None else page
    sheet = book.page(at)
    layout = layout_at(book, at, _likely_header(sheet) if header_row is None else header_row, CHILDREN)
    below = [row for row in sheet.cells[layout.header_row :] if any(map(_text, row))]
    return Preview(tuple(book.names), layout, tuple(_columns(layout, below, on=on)), tuple(_top(sheet)), len(below))


def _first_filled(book: Book) -> int:
    filled = (at for at in book.visible if any(any(map(_text, row)) for row in book.page(at).cells))
    return next(filled, 0)


def _likely_header(page: Page) -> int:
    known = find_header(page, CHILDREN)
    if known:
        return known
    rows = enumerate(page.cells[:ROWS_SEARCHED], 1)
    return next((number for number, row in rows if _reads_like_headers(row)), 0)


def _reads_like_headers(row: list[Cell]) -> bool:
    texts = [cell for cell in row if cell != ""]
    return len(texts) > 1 and all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in texts)


def _top(page: Page) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(page.cells[:ROWS_SEARCHED], 1):
        texts = [_sample(text) for text in map(_text, row) if text]
        if texts:
            yield number, " · ".join(texts[:6])


def _columns(layout: Layout, rows: list[list[Cell]], *, on: date) -> Iterator[SheetColumn]:
    taken = set(layout.codes.values())
    for at in range(max([len(layout.headers), *(len(row) for row in rows[:ROWS_LOOKED_AT])], default=0)):
        if at in layout.ignored:
            continue
        header = layout.headers[at] if at < len(layout.headers) else ""
        held = [row[at] for row in rows[:ROWS_LOOKED_AT] if at < len(row) and _text(row[at])]
        if not (header or held):
            continue
        samples = tuple(_sample(_text(cell)) for cell in held[:SAMPLES])
        code = layout.codes.get(at, "")
        proposal = "" if code else propose(held, taken=taken, on=on)
        taken.add(proposal)
        yield SheetColumn(at, header, samples, code or proposal, bool(proposal))


def propose(cells: list[Cell], *, taken: set[str], on: date) -> str:
    """The column that most of these cells read like (列建议), among those not taken; empty where there is none."""
    for code, fits in _fitting(on).items():
        if code not in taken and cells and sum(fits(cell) for cell in cells) >= FITTING * len(cells):
            return code
    return ""


def _fitting(on: date) -> Mapping[str, Callable[[Cell], bool]]:
    return {
        "id_number": lambda cell: _age(_text(cell), on) < UNDER_18,
        "guardian_id_number": lambda cell: UNDER_18 <= _age(_text(cell), on) < NOBODY,
        "sex": lambda cell: _word(cell) in SEX_WORDS,
        "birth_date": lambda cell: (born := _date(_text(cell), cell)) is not None and 0 <= age_on(born, on) < 18,
        "living_division": lambda cell: is_code(_text(cell)),
        "guardian_phone": lambda cell: is_phone(_text(cell)),
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
    return "" if _text(cell).isdigit() else _text(cell)


def _is_short_name(cell: Cell) -> bool:
    return is_name(_text(cell)) and len(_text(cell)) <= 4


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell)


def _sample(text: str) -> str:
    """A sample as it may be shown: of long numbers the end alone."""
    digits = sum(character.isdigit() for character in text)
    return mask_id_number(text) if digits >= LONG_NUMBER and " " not in text else text[:40]
