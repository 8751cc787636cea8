"""Shifting (移列): references as they read once a new first column stands in a sheet."""

import re
from functools import cache, lru_cache

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils import column_index_from_string, get_column_letter

LAST_COLUMN = 16_384
ROW_NUMBER = re.compile(r"(?<=[A-Za-z$])[1-9][0-9]{0,6}(?![\w.!(])")
PIECE = re.compile(r"(\$?)([A-Za-z]{1,3})((?:\$?[1-9][0-9]{0,6})?)")
PART = re.compile(r"(?:^|:)((?:'(?:[^']|'')*'|[^':!]*)!)?([^:!']*)")


@cache
def next_column(letters: str) -> str:
    """The column to the right; the last one stays where it is."""
    at = column_index_from_string(letters.upper())
    return str(get_column_letter(min(at + 1, LAST_COLUMN)))


def is_column(letters: str) -> bool:
    """Whether a sheet has a column of this name."""
    return len(letters) < 3 or letters.upper() <= "XFD"


def shift_range(text: str) -> str:
    """One reference without a sheet's name: A1, A1:B2, A:B; rows (1:3) and names stay."""
    pieces = text.split(":")
    found = [PIECE.fullmatch(piece) for piece in pieces]
    whole = len(pieces) == 2 and all(piece and not piece[3] for piece in found)
    return ":".join(_shifted(piece, whole=whole) for piece in pieces)


def _shifted(text: str, *, whole: bool) -> str:
    piece = PIECE.fullmatch(text)
    if piece is None or not is_column(piece[2]) or not (piece[3] or whole):
        return text
    return piece[1] + next_column(piece[2]) + piece[3]


def shift_list(text: str) -> str:
    """References with spaces between."""
    return " ".join(map(shift_range, text.split()))


def shift_formula(text: str, *, sheet: str, inside: bool) -> str:
    """A formula without its equals sign; `inside` says that it stands in the sheet itself.

    Formulas that differ in row numbers alone are taken apart once.
    """
    if "'" in text:
        return _shift_formula(text, sheet, inside)
    numbers = iter(ROW_NUMBER.findall(text))
    shifted = _shift_formula(ROW_NUMBER.sub("1", text), sheet, inside)
    return ROW_NUMBER.sub(lambda _: next(numbers), shifted)


@lru_cache(maxsize=10_000)
def _shift_formula(text: str, sheet: str, inside: bool) -> str:
    try:
        tokens = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError):
        return text
    values = [token.value for token in tokens]
    if "".join(values) != text:
        return text
    places = [at for at, token in enumerate(tokens) if _is_reference(token)]
    for at in places:
        values[at] = shift_operand(values[at], sheet=sheet, inside=inside)
    return "".join(values)


def _is_reference(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def shift_operand(text: str, *, sheet: str, inside: bool) -> str:
    """A reference as a formula holds it, with or without the name of a sheet on either end."""
    parts = list(PART.finditer(text))
    prefixes = [part[1] or "" for part in parts]
    if "[" in text or "".join(part[0] for part in parts) != text:
        return text
    if any(prefixes) and not prefixes[0]:  # Sheet1:Sheet3!A1 looks through sheets
        return text
    if not (all(_names(prefix, sheet) for prefix in prefixes if prefix) if any(prefixes) else inside):
        return text
    bare = shift_range(":".join(part[2] for part in parts)).split(":")
    return ":".join(prefix + piece for prefix, piece in zip(prefixes, bare, strict=True))


def _names(prefix: str, sheet: str) -> bool:
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return name.casefold() == sheet.casefold()
