"""Headers of several storeys (多级表头): 监护人 over 姓名 is one header, 监护人姓名."""

import re
from dataclasses import dataclass
from functools import cached_property

from hutong.kit.workbooks.book import Page, Span
from hutong.kit.workbooks.columns import Columns, clean_header

HEADER_SEARCH_ROWS = 30
STOREYS_AT_MOST = 4
LABEL_AT_MOST = 15
SPREAD_CELLS_AT_MOST = 100_000
EMPTY_WORDS = re.compile(r"(?:基本|相关)?(?:信息|情况|资料)$")


@dataclass(frozen=True)
class Heading:
    """What stands over one column (列头): its text, and the column that it means, if we know one."""

    text: str
    code: str | None


@dataclass(frozen=True)
class Head:
    """The first rows of a sheet (表头区), where headers are looked for; rows and columns count from 0."""

    page: Page

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells, cleaned as headers."""
        return [[clean_header(cell) for cell in row] for row in self.page.cells[: HEADER_SEARCH_ROWS + STOREYS_AT_MOST]]

    @cached_property
    def spans(self) -> list[Span]:
        """The merged cells that begin here."""
        return [span for span in self.page.merged if span.top < len(self.rows)]

    @cached_property
    def _span_at(self) -> dict[tuple[int, int], Span]:
        found: dict[tuple[int, int], Span] = {}
        width = max(map(len, self.rows), default=0)
        for span in self.spans:
            for row in range(span.top, min(span.bottom + 1, len(self.rows))):
                for column in range(span.left, min(span.right + 1, width)):
                    found.setdefault((row, column), span)
            if len(found) > SPREAD_CELLS_AT_MOST:
                break
        return found

    def headings(self, last: int, columns: Columns) -> list[Heading]:
        """What the header says that ends in a row, column by column."""
        if last >= len(self.rows):
            return []
        first = self.first_storey(last, columns)
        return [self._heading(first, last, column, columns) for column in range(len(self.rows[last]))]

    def first_storey(self, last: int, columns: Columns) -> int:
        """The first row of the header that ends in a row."""
        first = last
        while first > 0 and last - first < STOREYS_AT_MOST - 1 and self._stands_over(first - 1, columns):
            first -= 1
        return first

    def last_storey(self, row: int, columns: Columns) -> int:
        """The last row of the header of which a row is part."""
        while row + 1 < len(self.rows) and (self.is_linked(row) or self._goes_on(row + 1, columns)):
            row += 1
        return row

    def is_linked(self, row: int) -> bool:
        """Whether a merged header cell reaches from a row into the next."""
        return any(
            span.top <= row < span.bottom < span.top + STOREYS_AT_MOST and self._own(span.top, span.left)
            for span in self.spans
        )

    def _goes_on(self, row: int, columns: Columns) -> bool:
        said = [(column, text) for column, text in enumerate(self.rows[row]) if text]
        known = [
            text
            for column, text in said
            if columns.code_of(text) or columns.code_of(EMPTY_WORDS.sub("", self._over(row - 1, column)) + text)
        ]
        return len(known) >= 2 and len(known) * 2 >= len(said)

    def _stands_over(self, row: int, columns: Columns) -> bool:
        """Whether a row is a storey over the next and not a title: several short labels, or one over a few columns."""
        if self.is_linked(row):
            return True
        said = [(column, text) for column, text in enumerate(self.rows[row]) if text]
        if not said or any(len(text) > LABEL_AT_MOST or ":" in text for _, text in said):
            return False
        if any(span.top <= row <= span.bottom and span.right > span.left for span in self.spans):
            return len(said) > 1 or any(self.rows[row + 1][: said[0][0]])
        return len(said) > 1 and any(
            columns.code_of(EMPTY_WORDS.sub("", self._over(row, column)) + text) if text else self._own(row, column)
            for column, text in enumerate(self.rows[row + 1])
        )

    def _heading(self, first: int, last: int, column: int, columns: Columns) -> Heading:
        lower, row = self._lowest(first, last, column)
        if not lower:
            return Heading("", None)
        groups = [self._over(above, column) for above in range(row - 1, first - 1, -1)]
        return _meaning(lower, [group for group in groups if group and group != lower], columns)

    def _lowest(self, first: int, last: int, column: int) -> tuple[str, int]:
        """The lowest text over a column and the row it stands in; two columns merged into one count as the left."""
        for row in range(last, first - 1, -1):
            span = self._span_at.get((row, column))
            if span and row == last and column != span.left:
                return "", row
            if span and row == last and self._own(span.top, span.left):
                return self._own(span.top, span.left), span.top
            if self._own(row, column):
                return self._own(row, column), row
        return "", first

    def _over(self, row: int, column: int) -> str:
        """The label in a row that a column stands under: its merged cells', or where nothing is merged the last one."""
        if span := self._span_at.get((row, column)):
            return self._own(span.top, span.left)
        if own := self._own(row, column):
            return own
        if any((row, other) in self._span_at for other in range(len(self.rows[row]))):
            return ""
        return next((text for text in reversed(self.rows[row][:column]) if text), "")

    def _own(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def _meaning(lower: str, groups: list[str], columns: Columns) -> Heading:
    """A header by the groups over it, the nearest first: one about somebody else is never read as the child's own."""
    for group in [*groups, "".join(reversed(groups))]:
        for said in (group, EMPTY_WORDS.sub("", group)):
            if said and (code := columns.code_of(said + lower)):
                return Heading(said + lower, code)
    other = next((group for group in groups if columns.is_about_another(group)), "")
    if other and not columns.is_about_another(lower):
        return Heading(other + lower, None)
    return Heading(lower, columns.code_of(lower))
