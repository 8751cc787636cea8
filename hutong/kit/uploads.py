"""Uploads (上传文件): what a paper really is, told by its first bytes, before anything opens it.

A paper is written anew: what nobody sees on it, where it was photographed for example,
does not stay. Papers lie sealed under random names in `settings.FILES_DIR`.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from hutong.kit.cipher import SealedField, keys

PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
APPLE_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
PDF_SIGNATURE, PDF_END, PDF_END_WITHIN_BYTES = b"%PDF-", b"%%EOF", 1024
PIXELS_AT_MOST, LONG_EDGE_AT_MOST, PAGES_AT_MOST = 40_000_000, 3500, 60
JPEG_QUALITY = 90
HIDDEN, PRINTED = 0b100010, 0b100  # flags of an annotation: hidden or not for the screen; for the printer too
PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents")
UNSEEN_KEYS = {
    *("/A", "/AA", "/Dest", "/JS", "/JavaScript", "/OpenAction", "/URI", "/Ref", "/OPI"),
    *("/AF", "/EF", "/Names", "/OC", "/RichMediaContent", "/Parent", "/StructParent", "/StructParents", "/Thumb"),
    *("/LastModified", "/Metadata", "/PieceInfo"),
}
"""What a page is drawn without: actions, scripts, what lies elsewhere, embedded files, metadata."""
NAMED_BY_THE_MAKER = {
    *("/CharProcs", "/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject"),
}
"""What these hold is called as its maker pleased, `/A` for example."""
JPEG_NEEDED = (0xE0, 0xEE)
"""The application segments that a picture is drawn with: JFIF, and Adobe's, which says how colours are meant."""

Image.MAX_IMAGE_PIXELS = PIXELS_AT_MOST


class RefusedFile(Exception):
    """A file that is not taken; `code` says why, and the room that asked has the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Paper:
    """Paper (材料): a picture or a PDF as it is kept; `digest` is keyed and tells the file that came, not this one."""

    media_type: str
    content: bytes
    digest: str


def read_paper(content: bytes) -> Paper:
    """A JPEG, PNG, WebP or PDF by its content, written anew without what nobody sees. Raises RefusedFile."""
    if not content:
        raise RefusedFile("empty")
    if len(content) > settings.PAPER_LIMIT_BYTES:
        raise RefusedFile("too_large")
    digest = keys().digest(["file", hashlib.sha256(content).hexdigest()])
    if content.startswith(PDF_SIGNATURE):
        return Paper("application/pdf", _pages_anew(content), digest)
    return Paper("image/jpeg", _picture_anew(content, _form_of_picture(content)), digest)


def _form_of_picture(content: bytes) -> str:
    for signature, form in PICTURES.items():
        if content.startswith(signature):
            return form
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    raise RefusedFile("heic" if content[4:8] == b"ftyp" and content[8:12] in APPLE_PICTURES else "not_a_paper")


def _picture_anew(content: bytes, form: str) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > PIXELS_AT_MOST:
                raise RefusedFile("too_many_pixels")
            if form != "JPEG" and getattr(picture, "n_frames", 1) > 1:
                raise RefusedFile("moving")
            picture.draft("RGB", _size_at_most(picture))
            return _drawn_anew(picture)
    except RefusedFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedFile("too_many_pixels") from error
    except Exception as error:  # a reader fed by strangers fails in every way there is
        raise RefusedFile("unreadable") from error


def _size_at_most(picture: Image.Image) -> tuple[int, int]:
    shrunk = min(1.0, LONG_EDGE_AT_MOST / max(picture.size))
    return max(1, int(picture.width * shrunk)), max(1, int(picture.height * shrunk))


def _drawn_anew(picture: Image.Image) -> bytes:
    """Only the points go over: upright, on white, no larger than needed. The second picture of a phone's stays."""
    picture.load()
    if picture.mode.startswith("I"):  # a scanner's sixteen bits of grey
        picture = picture.convert("I").point(lambda shade: shade / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    drawn = picture if picture.mode == mode else picture.convert(mode)
    drawn.thumbnail((LONG_EDGE_AT_MOST, LONG_EDGE_AT_MOST))
    drawn = ImageOps.exif_transpose(drawn)
    sheet, target = Image.new("RGB", drawn.size, "white"), BytesIO()
    sheet.paste(drawn, mask=drawn if drawn.mode == "RGBA" else None)
    sheet.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def _pages_anew(content: bytes) -> bytes:
    """The pages as they are drawn, in a new file: what was appended, hidden or kept from before does not go over."""
    if PDF_END not in content[-PDF_END_WITHIN_BYTES:]:
        raise RefusedFile("unreadable")
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise RefusedFile("password")
        if len(reader.pages) > PAGES_AT_MOST:
            raise RefusedFile("too_many_pages")
        if not reader.pages:
            raise RefusedFile("unreadable")
        writer, target = PdfWriter(), BytesIO()
        for page in reader.pages:
            _draw_page(writer, page)
        writer.metadata = None
        writer.write(target)
    except RefusedFile:
        raise
    except Exception as error:  # a reader fed by strangers fails in every way there is
        raise RefusedFile("unreadable") from error
    return target.getvalue()


def _draw_page(writer: PdfWriter, page: DictionaryObject) -> None:
    kept = DictionaryObject({NameObject(key): page.raw_get(key) for key in PAGE_KEYS if key in page})
    kept[NameObject("/Annots")] = ArrayObject(_marks_on(page))
    _forget_unseen(kept)
    writer.add_blank_page(1, 1).update(kept.clone(writer))


def _marks_on(page: DictionaryObject) -> Iterator[DictionaryObject]:
    """What stands on a page by itself, a seal or a filled-in field for example: its look alone, as a stamp."""
    for reference in _inside(page, "/Annots", ArrayObject()):
        mark = reference.get_object()
        look = _inside(_inside(mark, "/AP", DictionaryObject()), "/N", DictionaryObject())
        if not isinstance(look, StreamObject):
            look = _inside(look, _inside(mark, "/AS", NameObject("/Off")), DictionaryObject())
        if isinstance(look, StreamObject) and not _inside(mark, "/F", NumberObject(0)) & HIDDEN:
            yield DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Subtype"): NameObject("/Stamp"),
                    NameObject("/Rect"): mark["/Rect"],
                    NameObject("/F"): NumberObject(PRINTED),
                    NameObject("/AP"): DictionaryObject({NameObject("/N"): look.indirect_reference}),
                }
            )


def _inside(whole: DictionaryObject, key: Any, otherwise: PdfObject) -> Any:
    return whole.get(key, otherwise).get_object()


def _forget_unseen(root: PdfObject) -> None:
    """Takes out of all that hangs on an object what nobody sees, and out of photographs their own metadata."""
    waiting: list[tuple[Any, bool]] = [(root, False)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found, is_list_of_names = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in seen:
                continue
            seen.add((found.idnum, found.generation))
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            if not is_list_of_names:
                _forget_in(found)
            waiting.extend((part, key in NAMED_BY_THE_MAKER) for key, part in found.items())
        elif isinstance(found, ArrayObject):
            waiting.extend((part, False) for part in found)


def _forget_in(found: DictionaryObject) -> None:
    for key in UNSEEN_KEYS & found.keys():
        del found[key]
    if isinstance(found, StreamObject):
        found.pop("/F", None)  # here it names a file elsewhere
        if found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            found._data = _without_segments(found._data)


def _without_segments(photograph: bytes) -> bytes:
    """A JPEG without its application segments and comments: place, time, camera, a small second picture."""
    kept, at = bytearray(photograph[:2]), 2
    while photograph[at : at + 1] == b"\xff" and photograph[at + 1 : at + 2] not in (b"", b"\xda"):
        marker, end = photograph[at + 1], at + 2 + int.from_bytes(photograph[at + 2 : at + 4], "big")
        if marker in JPEG_NEEDED or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept += photograph[at:end]
        at = end
    end = photograph.find(b"\xff\xd9", at)
    return bytes(kept) + photograph[at : end + 2 if end >= 0 else None]


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


@contextmanager
def new_file() -> Iterator[str]:
    """A random name for a new file (新文件名); what was written under it goes again where what follows fails.

    Inside, in one transaction: first the row that names it, then `write_file`. So a change of keys, which waits for
    whoever writes rows, waits for the file too; where the machine stops in between, `sweep_files` takes it away.
    """
    name = secrets.token_hex(32)
    try:
        yield name
    except BaseException:
        _path(name).unlink(missing_ok=True)
        raise


def write_file(name: str, content: bytes) -> None:
    """Writes a file (写入文件) sealed and whole, for its owner alone."""
    _write(name, _sealed(content, name))


def read_file(name: str) -> bytes:
    """The content of a kept file. Raises CannotOpen where it is damaged or not the one of this name; OSError."""
    return keys().open(_path(name).read_bytes(), field=f"file:{name}")


def file_mark(name: str) -> bytes:
    """The first two bytes of a kept file: algorithm and key; nothing where there is no file."""
    try:
        with _path(name).open("rb") as file:
            return file.read(2)
    except FileNotFoundError:
        return b""


def reseal_file(name: str) -> bool:
    """Seals a kept file with the key in force (重新加密文件), whole or not at all; whether it had to be."""
    token = _path(name).read_bytes()
    if token.startswith(keys().mark):
        return False
    _write(name, _sealed(keys().open(token, field=f"file:{name}"), name))
    return True


def sweep_files(*, before: datetime) -> int:
    """Removes files that no row names (清理无主文件) and that are older than a moment; how many.

    A folder of which the database knows nothing at all is left alone: it may be that of another database.
    """
    found = {path.name: path for path in settings.FILES_DIR.glob("??/*")}
    tables = [model for model in apps.get_models() if issubclass(model, Attachment)]
    known = {name for table in tables for name in table._default_manager.values_list("stored_name", flat=True)}
    if not known & found.keys():
        return 0
    old = [found[name] for name in found.keys() - known if found[name].stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink()
    return len(old)


def _sealed(content: bytes, name: str) -> bytes:
    return keys().seal(content, field=f"file:{name}")


def _path(name: str) -> Path:
    return Path(settings.FILES_DIR, name[:2], name)


def _write(name: str, token: bytes) -> None:
    """Puts a file there whole, for its owner alone; a draft that is left behind is swept like any other."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
