"""Documents (公文): what an office signs, written as PDF in the official format (GB/T 9704), the same bytes each time.

The fonts come with the product, as a package. What an office lays into `settings.FONTS_DIR` is used too: its own
FangSong (仿宋) for the text before Song, and any other for characters that the fonts of the product lack.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import segno
import typst
from django.conf import settings
from PIL import ImageFont
from pylopdf_fonts_zh_cn import serif_path
from pypdf import PdfReader

from hutong.kit.names import INVISIBLE

LETTER = Path(__file__).with_name("letter.typ").read_bytes()
SONG, BLACK = "Noto Serif SC", "Noto Sans SC"
FANGSONG = re.compile("FangSong|仿宋", re.IGNORECASE)
UNSEEN = ("Cc", "Cf", "Cs")  # what steers a text and is not seen: it could turn a name round
Said = dict[str, object]
NO_CHARACTER = "\uffff"  # in no font: drawn as what stands for a missing one


class Unprintable(Exception):
    """Characters that no font here has (无法印出的字); `characters` are these."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Table:
    """Table (附表) of a document: heads, the share of the width of each column, rows of texts.

    Columns of `figures` are set to the right. What a table is called stands over it.
    """

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """Document (公文): what a letter, a decision or a notice says; texts are printed as they are.

    Lines of the title stand under each other, those of a text are paragraphs. Tables stand before the last text.
    """

    title: str
    paragraphs: tuple[str, ...]
    recipient: str = ""
    basis: tuple[str, ...] = ()
    remedy: str = ""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuing:
    """Issuing (签发): by which office, on which day, and as what. Without a check code it is a draft, with nothing at
    the foot."""

    office: str
    signed_on: date
    number: str = ""
    check_code: str = ""
    confirm_url: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A written document (成文): the file, and how many pages it has."""

    content: bytes
    pages: int


def write_document(document: Document, issuing: Issuing) -> Written:
    """Write a document (制作公文) as PDF/A that also a screen reader reads. Raises Unprintable."""
    said = _said(document) | _signed(issuing)
    _require_printable(_texts(said))
    content = typst.compile(
        LETTER,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(said | _look(issuing))},
        pdf_standards=["a-2a", "ua-1"],
    )
    return Written(content, len(PdfReader(BytesIO(content)).pages))


def _said(document: Document) -> Said:
    """What the document says, in plain texts."""
    return {
        "title": _lines(document.title),
        "recipient": _plain(document.recipient).rstrip("：:"),
        "paragraphs": [line for text in document.paragraphs for line in _lines(text)],
        "basis": [_plain(text) for text in document.basis],
        "remedy": _lines(document.remedy),
        "tables": [_table(one) for one in document.tables],
    }


def _table(table: Table) -> Said:
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    heads = [_plain(head) for head in table.heads]
    return {
        "title": _plain(table.title),
        "heads": heads,
        "rows": rows,
        "widths": list(table.widths),
        "figures": sorted(table.figures),
    }


def _signed(issuing: Issuing) -> Said:
    """Who signs, when and as what, in plain texts."""
    day = issuing.signed_on
    return {
        "office": _plain(issuing.office),
        "number": _plain(issuing.number),
        "date": f"{day.year}年{day.month}月{day.day}日",
        "code": issuing.check_code,
        "address": issuing.confirm_url,
    }


def _look(issuing: Issuing) -> dict[str, object]:
    """How it is printed: the fonts, the square code, and the day that the file bears."""
    day, fonts = issuing.signed_on, fonts_in_use()
    return {
        "song": fonts,
        "black": [BLACK, *fonts],
        "square": _square(f"{issuing.confirm_url}#{issuing.check_code}"),
        "signed_on": {"year": day.year, "month": day.month, "day": day.day},
    }


def fonts_in_use() -> list[str]:
    """The fonts that a text is written in (正文字体) in order: an office's own FangSong, Song, what else there is."""
    return sorted(_fonts().families(), key=lambda name: (not FANGSONG.search(name), name != SONG, name != BLACK))


def _lines(text: str) -> list[str]:
    return [line for line in map(_plain, text.splitlines()) if line]


def _plain(text: str) -> str:
    spaced = " ".join(text.translate(INVISIBLE).split())
    return "".join(character for character in spaced if unicodedata.category(character) not in UNSEEN)


def _square(address: str) -> str:
    """A QR code (二维码) as SVG."""
    kept = BytesIO()
    segno.make(address, error="m", micro=False).save(kept, kind="svg", border=2, xmldecl=False)
    return kept.getvalue().decode()


@cache
def _fonts() -> typst.Fonts:
    folders = [serif_path().parent, settings.FONTS_DIR]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _texts(one)


def _require_printable(texts: Iterable[str]) -> None:
    missing = sorted(character for character in set("".join(texts)) if not _is_printable(character))
    if missing:
        raise Unprintable("".join(missing))


@lru_cache(maxsize=20_000)
def _is_printable(character: str) -> bool:
    """Whether a font draws a character: not the box that stands for a missing one."""
    return any(_drawn(font, character) != _drawn(font, NO_CHARACTER) for font in _faces())


@cache
def _faces() -> list[ImageFont.FreeTypeFont]:
    faces = [(font.path, font.index) for font in _fonts().fonts() if font.path]
    return [ImageFont.truetype(path, 24, index, layout_engine=ImageFont.Layout.BASIC) for path, index in faces]


def _drawn(face: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    drawn = face.getmask(character)
    return drawn.size, bytes(drawn)
