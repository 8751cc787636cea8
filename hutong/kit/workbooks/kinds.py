"""Kinds of workbooks (表格种类): what a file really is, told by its content, before anything opens it."""

import lzma
import re
import struct
import zlib
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from django.conf import settings

from hutong.kit.uploads import RefusedFile

ZIP_SIGNATURE = b"PK\x03\x04"
COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
OTHER_SIGNATURES = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
OTHER_COMPOUNDS = ("WordDocument", "PowerPoint Document")
SECTOR_BYTES, SMALL_SECTOR_BYTES, RECORDS_LOOKED_AT = 512, 64, 10
BEGIN_OF_WORKBOOK, LOCK = b"\x09\x08", b"\x2f\x00"
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
ZIP_DAMAGES = (BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error, lzma.LZMAError, struct.error)
EXPANDED_LIMIT_BYTES = 600 * 1024 * 1024
TEXT_NAMES = {".csv", ".txt", ".tsv", ".xls", ".et"}
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")
WEB_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|table|meta)\b|urn:schemas-microsoft-com:office:spreadsheet", re.I
)
LOOKED_AT_BYTES = 2000


def kind_of_workbook(content: bytes, *, name: str) -> str:
    """`xlsx`, `xls` or `csv` by content, the name deciding only between texts. Raises RefusedFile."""
    if not content:
        raise RefusedFile("empty")
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedFile("too_large")
    if content.startswith(ZIP_SIGNATURE):
        return _zipped_kind(content)
    if content.startswith(COMPOUND_SIGNATURE):
        return _compound_kind(content)
    if WEB_PAGE.search(content[:LOOKED_AT_BYTES].replace(b"\0", b"")):
        raise RefusedFile("html_table")
    if PurePath(name).suffix.lower() in TEXT_NAMES and _is_text(content):
        return "csv"
    raise RefusedFile("not_a_workbook")


def _is_text(content: bytes) -> bool:
    if content.startswith(WIDE_MARKS):
        return True
    return not content.startswith(OTHER_SIGNATURES) and CONTROL.search(content) is None


def _compound_kind(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RefusedFile("password")
    if any(stream.encode("utf-16-le") in content for stream in OTHER_COMPOUNDS):
        raise RefusedFile("not_a_workbook")
    return "xls"


def is_locked(content: bytes) -> bool:
    """Whether an xls says among its first records that a password is needed (FILEPASS)."""
    for begin in range(SECTOR_BYTES, len(content), SMALL_SECTOR_BYTES):
        if content.startswith(BEGIN_OF_WORKBOOK, begin) and _has_lock(content, begin):
            return True
    return False


def _has_lock(content: bytes, at: int) -> bool:
    for _ in range(RECORDS_LOOKED_AT):
        if content.startswith(LOCK, at):
            return True
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return False


def _zipped_kind(content: bytes) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_what_is_no_workbook(archive)
    except ZIP_DAMAGES as error:
        raise RefusedFile("unreadable") from error
    return "xlsx"


def _refuse_what_is_no_workbook(archive: ZipFile) -> None:
    names = [member.filename for member in archive.infolist()]
    if sum(member.file_size for member in archive.infolist()) > EXPANDED_LIMIT_BYTES:
        raise RefusedFile("too_large")
    if "xl/workbook.bin" in names or ("mimetype" in names and b"spreadsheet" in archive.read("mimetype")):
        raise RefusedFile("other_workbook")
    if not any(name.startswith("xl/") for name in names):
        raise RefusedFile("not_a_workbook")
