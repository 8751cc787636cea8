"""Uploads (上传文件): what a file really is, told by its first bytes, before anything opens it."""

from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from django.conf import settings

ZIP_SIGNATURE = b"PK\x03\x04"
COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
EXPANDED_LIMIT_BYTES = 600 * 1024 * 1024


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
            members = archive.infolist()
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise RefusedFile("unreadable") from error
    if sum(member.file_size for member in members) > EXPANDED_LIMIT_BYTES:
        raise RefusedFile("too_large")
    if not any(member.filename.startswith("xl/") for member in members):
        raise RefusedFile("not_a_workbook")
    return "xlsx"
