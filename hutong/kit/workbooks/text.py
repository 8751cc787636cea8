"""Tables in plain text (文本表格): csv, Excel's Unicode text, and blocks pasted from a chat."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from hutong.kit.uploads import RefusedFile

DELIMITERS = "\t,;，|、"
SPACES = "  "
GAP = re.compile(r"\t|[ \u3000]{2,}")
LINES_WEIGHED = 200


def read_text(content: bytes) -> tuple[list[list[str]], bool]:
    """The cells of a text, and whether mere spaces part them: then an empty cell cannot be seen. Raises RefusedFile."""
    text = _decode(content)
    delimiter = _delimiter(text)
    try:
        return list(_rows(text, delimiter)), delimiter == SPACES
    except csv.Error as error:
        raise RefusedFile("unreadable") from error


def _decode(content: bytes) -> str:
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedFile("unreadable")


def _delimiter(text: str) -> str:
    """The mark that parts most cells in lines of one width; a sign that stands in a few cells parts none."""
    sample = "\n".join(text[:400_000].splitlines()[:LINES_WEIGHED])
    best, best_weight = ",", 0
    for delimiter in (*DELIMITERS, SPACES):
        weight = _weight(sample, delimiter)
        if weight > best_weight:
            best, best_weight = delimiter, weight
    return best


def _weight(sample: str, delimiter: str) -> int:
    try:
        widths = Counter(len(row) for row in _rows(sample, delimiter))
    except csv.Error:
        return 0
    return max(((width - 1) * lines for width, lines in widths.items()), default=0)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    if delimiter != SPACES:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        return
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        yield GAP.split(line.strip(" \u3000")) if line.strip() else []
