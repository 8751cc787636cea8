"""Uploads (上传文件): what a file really is, told by its first bytes, before anything opens it."""

import re
import zlib
from io import BytesIO
from pathlib import PurePath
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.db import models

from hutong.kit.cipher import SealedField

ZIP_SIGNATURE = b"PK\x03\x04"
COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
EXPANDED_LIMIT_BYTES = 600 * 1024 * 1024
GRID_LIMIT_CELLS = 12_000_000
CHUNK_BYTES, OVERLAP_BYTES = 4 * 1024 * 1024, 200
ROW = re.compile(rb'<row\b[^>]*?\br="(\d{1,7})"')
FAR_COLUMN = re.compile(rb'\br="([A-Z]{2,3})\d')


class RefusedFile(Exception):
    """A file that is not opened; `code` says why: empty, too_large, not_a_workbook, password, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of_workbook(content: bytes, *, name: str) -> str:
    """`xlsx`, `xls` or `csv` by content, the name deciding only between texts. Raises RefusedFile."""
    if not content:
        raise RefusedFile("empty")
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedFile("too_large")
    if content.startswith(ZIP_SIGNATURE):
        return _zipped_kind(content)
    if content.startswith(COMPOUND_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise RefusedFile("password")
        return "xls"
    if PurePath(name).suffix.lower() in {".csv", ".txt"} and b"\0" not in content:
        return "csv"
    raise RefusedFile("not_a_workbook")


def _zipped_kind(content: bytes) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_what_is_no_sheet(archive)
    except (BadZipFile, NotImplementedError, ValueError, zlib.error, EOFError) as error:
        raise RefusedFile("unreadable") from error
    return "xlsx"


def _refuse_what_is_no_sheet(archive: ZipFile) -> None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > EXPANDED_LIMIT_BYTES:
        raise RefusedFile("too_large")
    if not any(member.filename.startswith("xl/") for member in members):
        raise RefusedFile("not_a_workbook")
    for member in members:
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            with archive.open(member) as sheet:
                _refuse_wide_grid(sheet)


def _refuse_wide_grid(sheet: IO[bytes]) -> None:
    """A reader fills the whole rectangle up to the last cell: one stray cell far out would take all memory."""
    rows, columns, rest = 1, 26, b""
    while chunk := sheet.read(CHUNK_BYTES):
        text = rest + chunk
        rows = max([rows, *map(int, ROW.findall(text)[-1:])])
        columns = max([columns, *map(_column_number, set(FAR_COLUMN.findall(text)))])
        if rows * columns > GRID_LIMIT_CELLS:
            raise RefusedFile("too_many_cells")
        rest = text[-OVERLAP_BYTES:]


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


class Attachment(models.Model):
    """Attachment (附件): a checked file that lies sealed on disk under a random name; one concrete table per room.

    `digest` is keyed: it tells the same file again, and nothing else.
    """

    stored_name = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=60)
    size_bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    original_name = SealedField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.stored_name
