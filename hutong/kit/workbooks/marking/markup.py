"""Markup (标记): a part of a workbook as bytes, changed in place so that whatever is not known stays as it came."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import IO
from xml.parsers import expat

from hutong.kit.uploads import RefusedFile

CHUNK_BYTES = 1024 * 1024
HELD_AT_MOST_BYTES = 64 * CHUNK_BYTES
ATTRIBUTES = rb"""(?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
TAG = re.compile(rb"<(/?)((?:[\w.-]+:)?)([\w.-]+)(" + ATTRIBUTES + rb")\s*(/?)>")
ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?(?!xml\s).*?\?>", re.DOTALL)
DECLARED = re.compile(rb"""^(<\?xml[^>]*?\sencoding\s*=\s*["'])([\w.-]+)""")
REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def unescaped(text: bytes) -> str:
    """Text or an attribute's value as it reads."""
    return REFERENCE.sub(_character, text.decode())


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith("#"):
        return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
    return ENTITIES[name]


def escaped(text: str) -> bytes:
    """Text as it stands between tags or in a quoted value."""
    text = FORBIDDEN.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\r", "&#13;").encode()


@cache
def _finder(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""(\s""" + name + rb"""\s*=\s*)(?:"([^"]*)"|'([^']*)')""")


def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """The value of an attribute; None where there is none."""
    found = _finder(name).search(attributes)
    return None if found is None else found[2] if found[2] is not None else found[3]


def number_of(attributes: bytes, name: bytes, default: int = 0) -> int:
    """The number in an attribute; the default where there is none that can be read."""
    value = attribute(attributes, name)
    return int(value) if value is not None and value.isdigit() else default


def with_attribute(attributes: bytes, name: bytes, value: bytes) -> bytes:
    """The attributes with one changed or added."""
    if _finder(name).search(attributes):
        return _finder(name).sub(lambda found: found[1] + b'"' + value + b'"', attributes, count=1)
    return attributes + b" " + name + b'="' + value + b'"'


def without_attribute(attributes: bytes, name: bytes) -> bytes:
    """The attributes with one left out."""
    return _finder(name).sub(b"", attributes)


@cache
def element(name: bytes) -> re.Pattern[bytes]:
    """Finds elements of a name whatever their prefix: 1 prefix, 2 attributes, 3 what they hold (None: self-closed)."""
    return re.compile(
        rb"<((?:[\w.-]+:)?)" + name + rb"(" + ATTRIBUTES + rb")\s*(?:/>|>(.*?)</\1" + name + rb"\s*>)", re.DOTALL
    )


def tags(part: bytes, name: bytes) -> Iterator[bytes]:
    """The attributes of every tag of a name that opens."""
    return (found[4] for found in TAG.finditer(part) if found[3] == name and not found[1])


def with_last(part: bytes, name: bytes, made: Callable[[bytes], bytes]) -> bytes:
    """A part with something more at the end of its first element of a name; `made` is told the prefix."""
    found = element(name).search(part)
    if found is None:
        raise RefusedFile("unreadable")
    tag, inner = found[1] + name, (found[3] or b"") + made(found[1])
    return part[: found.start()] + b"<" + tag + found[2] + b">" + inner + b"</" + tag + b">" + part[found.end() :]


def read_utf8(stream: IO[bytes]) -> Iterator[bytes]:
    """A part's bytes in UTF-8 without a mark, whatever it is written in. Raises RefusedFile."""
    first = stream.read(CHUNK_BYTES)
    if first.startswith(codecs.BOM_UTF8):
        first = first[3:]
    name = _encoding(first)
    if name in ("utf-8", "ascii"):
        yield first
        yield from iter(lambda: stream.read(CHUNK_BYTES), b"")
        return
    try:
        decoder = codecs.getincrementaldecoder(name)()
        yield DECLARED.sub(rb"\1UTF-8", decoder.decode(first).lstrip("\ufeff").encode(), count=1)
        for chunk in iter(lambda: stream.read(CHUNK_BYTES), b""):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except (UnicodeError, LookupError) as error:
        raise RefusedFile("unreadable") from error


def _encoding(first: bytes) -> str:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first.startswith((b"<\0", b"\0<")):
        return "utf-16-le" if first.startswith(b"<\0") else "utf-16-be"
    declared = DECLARED.match(first)
    try:
        return codecs.lookup(declared[2].decode()).name if declared else "utf-8"
    except LookupError as error:
        raise RefusedFile("unreadable") from error


def plain(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same without comments and instructions, CDATA as escaped text; no tag opens in one chunk's last byte."""
    rest, start = b"", 0
    for chunk in chunks:
        text = rest + chunk
        if len(text) > HELD_AT_MOST_BYTES:
            raise RefusedFile("unreadable")
        if b"<!" in text or b"<?" in text:
            text = ASIDE.sub(lambda found: escaped(found[1].decode()) if found[1] else b"", text)
        cut = _unfinished(text, 2 if not start else 0)
        yield text[:cut]
        start, rest = 1, text[cut:]
    yield rest


def _unfinished(text: bytes, after: int) -> int:
    found = [at for sign in (b"<!", b"<?") if (at := text.find(sign, after)) >= 0]
    if text.endswith(b"<"):
        found.append(len(text) - 1)
    return min(found, default=len(text))


def require_well_formed(chunks: Iterable[bytes]) -> None:
    """Raises RefusedFile where a part is not XML, or declares entities of its own."""
    parser = expat.ParserCreate("UTF-8")
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise RefusedFile("unreadable") from error


def _refuse(*_: object) -> None:
    raise RefusedFile("unreadable")


def pieces(chunks: Iterable[bytes], cut: Callable[[bytes], int]) -> Iterator[bytes]:
    """The chunks parted anew, each ending where `cut` says that it may. Raises RefusedFile."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        if len(rest) > HELD_AT_MOST_BYTES:
            raise RefusedFile("unreadable")
        at = cut(rest)
        yield rest[:at]
        rest = rest[at:]
    yield rest
