"""The text of a returned file (返回文件文本), whatever encoding it came in; what is no text is refused."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.kinds import (
    COMPOUND_SIGNATURE,
    CONTROL,
    LOOKED_AT_BYTES,
    OTHER_SIGNATURES,
    WEB_PAGE,
    ZIP_SIGNATURE,
    is_locked,
)

DAMAGED = "\ufffd"
LINE_END = re.compile(r"\r\n|\r|\n")
WIDE = (BOM_UTF16_LE, BOM_UTF16_BE)
LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
DAMAGED_AT_MOST = 100  # one character in so many


def lines_of(content: bytes) -> Iterator[tuple[int, str]]:
    """The lines with anything in them, by number (逐行读取); a character that cannot be read is U+FFFD.

    Raises RefusedFile with one of: empty, password, workbook, packed, web_page, not_text.
    """
    _refuse_what_is_no_text(content)
    text = _decoded(content)
    if not text.strip():
        raise RefusedFile("empty")
    for number, line in enumerate(LINE_END.split(text), start=1):
        if line.strip():
            yield number, line


def _refuse_what_is_no_text(content: bytes) -> None:
    if content.startswith(ZIP_SIGNATURE):
        if content[6:7] and content[6] & 1:
            raise RefusedFile("password")
        raise RefusedFile("workbook" if b"xl/" in content else "packed")
    if content.startswith(COMPOUND_SIGNATURE):
        raise RefusedFile("password" if LOCKED_PACKAGE in content or is_locked(content) else "workbook")
    if WEB_PAGE.search(content[:LOOKED_AT_BYTES].replace(b"\0", b"")):
        raise RefusedFile("web_page")
    if content.startswith(OTHER_SIGNATURES) or (not content.startswith(WIDE) and CONTROL.search(content)):
        raise RefusedFile("not_text")


def _decoded(content: bytes) -> str:
    """As it says itself, or else UTF-8 where all of it is, or else as UTF-8 or GB18030, whichever reads more of it."""
    if content.startswith(WIDE):
        return _checked(content.decode("utf-16", "replace"))
    if content.startswith(BOM_UTF8):
        return _checked(content.decode("utf-8-sig", "replace"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _checked(min((content.decode(one, "replace") for one in ("gb18030", "utf-8")), key=_damages))


def _checked(text: str) -> str:
    if _damages(text) * DAMAGED_AT_MOST > len(text) + DAMAGED_AT_MOST:
        raise RefusedFile("not_text")
    return text


def _damages(text: str) -> int:
    return text.count(DAMAGED)
