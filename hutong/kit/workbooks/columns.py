"""The table of columns (列表) that a room knows: codes, headers, help; one for each kind of workbook."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hutong.kit.names import INVISIBLE

BRACKETED = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]?")
NUMBERED = re.compile(r"^\d{1,2}[.、](?=\D)")


@dataclass(frozen=True)
class Column:
    """One column (列): its code, the template's header, other headers people use, and help in plain words."""

    code: str
    header: str
    help: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    choices: Sequence[str] = ()
    width: int = 14
    in_template: bool = True
    own: bool = False
    """Whether no two rows share a value: it belongs to one child alone."""


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of workbook (列表); of each group in `one_of` one column at least must be there.

    `ignored` are headers of columns that we add ourselves; `others` are words by which a group of columns is about
    somebody else than the one whom a row is about, unless a word of `themselves` stands there.
    """

    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    ignored: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    themselves: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Column]:
        """The columns by code."""
        return {column.code: column for column in self.columns}

    @cached_property
    def _reading(self) -> dict[str, str]:
        return {
            clean_header(header): column.code
            for column in self.columns
            for header in (column.header, column.code, *column.also)
        }

    @property
    def headers(self) -> list[str]:
        """All headers that are known, cleaned."""
        return list(self._reading)

    def code_of(self, header: str) -> str | None:
        """The column that a cleaned header names, in Chinese, by an everyday word, or in English. None: unknown."""
        return self._reading.get(header)

    def is_about_another(self, text: str) -> bool:
        """Whether a header or a group of columns is about somebody else than the one whom a row is about."""
        for word in self.themselves:
            text = text.replace(word, "")
        return any(word in text for word in self.others)

    def header_of(self, code: str) -> str:
        """The template's Chinese header of a column code; what is not a code is the file's own header."""
        return self.by_code[code].header if code in self.by_code else code

    def missing(self, codes: set[str]) -> list[str]:
        """The columns without which no row can be judged and that are not among `codes`; of a group its first."""
        grouped = {code for group in self.one_of for code in group}
        alone = [column.code for column in self.columns if column.required and column.code not in grouped | codes]
        return alone + [group[0] for group in self.one_of if not codes & set(group)]


def is_date_column(code: str) -> bool:
    """Whether a column code is that of a date."""
    return code.endswith(("_date", "_from", "_until", "_on"))


def clean_header(value: object) -> str:
    """A header in one form: no spaces, line breaks, numbers before it, stars or bracketed remarks."""
    text = "".join(unicodedata.normalize("NFKC", str(value)).translate(INVISIBLE).split())
    return NUMBERED.sub("", BRACKETED.sub("", text)).strip("*:★※")
