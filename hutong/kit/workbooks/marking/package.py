"""The package (文件包) of an xlsx: its parts, how they lead to each other, and the way back into one zip."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.markup import (
    attribute,
    element,
    escaped,
    plain,
    read_utf8,
    require_well_formed,
    tags,
    unescaped,
    with_last,
)

RELATIONS = b"http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CONTENT_TYPES = "[Content_Types].xml"
YIELDED_BYTES = 256 * 1024
Streams = Mapping[str, Iterable[bytes]]
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Relation:
    """What one part is to another: its number, its kind, and the part that it leads to."""

    id: str
    kind: str
    target: str


class Package:
    """Parts by name, whatever the case and the slashes; changed ones stand beside the archive until it is written."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._held = {_plain_name(info.filename).casefold(): info for info in archive.infolist()}
        self.changed: dict[str, bytes] = {}
        self.added: dict[str, bytes] = {}
        self.dropped: set[str] = set()

    def name_of(self, part: str) -> str:
        """The part as the archive calls it. Raises RefusedFile where it is missing."""
        if part in self.added:
            return part
        if part.casefold() not in self._held:
            raise RefusedFile("unreadable")
        return self._held[part.casefold()].filename

    def has(self, part: str) -> bool:
        """Whether the archive holds it."""
        return part.casefold() in self._held

    def parts(self) -> list[str]:
        """All parts that came, by plain names."""
        return [_plain_name(info.filename) for info in self._held.values()]

    def utf8(self, part: str) -> Iterator[bytes]:
        """A part as it came, in UTF-8, without comments."""
        with self._archive.open(self.name_of(part)) as stream:
            yield from plain(read_utf8(stream))

    def require_xml(self, part: str) -> None:
        """Raises RefusedFile where a part is not well-formed."""
        with self._archive.open(self.name_of(part)) as stream:
            require_well_formed(read_utf8(stream))

    def text(self, part: str) -> bytes:
        """A part as it now stands, whole."""
        name = self.name_of(part)
        return self.changed.get(name) or self.added.get(name) or b"".join(self.utf8(part))

    def change(self, part: str, text: bytes) -> None:
        """Another text for a part."""
        self.changed[self.name_of(part)] = text

    def add(self, pattern: str, text: bytes, content_type: str = "") -> str:
        """A new part, numbered where the pattern says; its ending may say already what it holds."""
        at = 1
        while self.has(pattern % at) or pattern % at in self.added:
            at += 1
        self.added[pattern % at] = text
        if content_type:
            name = (pattern % at).encode()
            self._declare(b'Override PartName="/%s" ContentType="%s"' % (name, content_type.encode()))
        return pattern % at

    def declare_ending(self, ending: bytes, content_type: bytes) -> None:
        """Says what parts of an ending hold, where nothing says so yet."""
        text = self.text(CONTENT_TYPES)
        if ending not in [(attribute(one, b"Extension") or b"").lower() for one in tags(text, b"Default")]:
            self._declare(b'Default Extension="%s" ContentType="%s"' % (ending, content_type))

    def _declare(self, what: bytes) -> None:
        text = self.text(CONTENT_TYPES)
        self.change(CONTENT_TYPES, with_last(text, b"Types", lambda prefix: b"<" + prefix + what + b"/>"))

    def drop(self, part: str) -> None:
        """Leaves a part out."""
        self.dropped.add(self.name_of(part))
        text, name = self.text(CONTENT_TYPES), b"/" + part.encode()
        self.change(CONTENT_TYPES, _without(text, b"Override", b"PartName", name))

    def relations(self, part: str) -> list[Relation]:
        """What a part leads to inside the package."""
        if not self.has(relations_of(part)):
            return []
        found = tags(self.text(relations_of(part)), b"Relationship")
        return [_relation(part, one) for one in found if attribute(one, b"TargetMode") != b"External"]

    def relate(self, part: str, kind: str, target: str) -> str:
        """A new relation; its number."""
        rels = relations_of(part)
        if not self.has(rels) and rels not in self.added:
            self.added[rels] = XML + b'<Relationships xmlns="' + RELATIONS + b'"></Relationships>'
        text = self.text(rels)
        taken = {attribute(one, b"Id") for one in tags(text, b"Relationship")}
        number = next(b"rId%d" % at for at in range(len(taken) + 1, len(taken) * 2 + 3) if b"rId%d" % at not in taken)
        office = OFFICE_STRICT if OFFICE_STRICT.encode() in text else OFFICE
        way = posixpath.relpath(target, posixpath.dirname(part))
        said = b'Relationship Id="%s" Type="%s/%s" Target="%s"' % (
            *(number, office.encode(), kind.encode(), escaped(way)),
        )
        self.put(rels, with_last(text, b"Relationships", lambda prefix: b"<" + prefix + said + b"/>"))
        return number.decode()

    def unrelate(self, part: str, relation: Relation) -> None:
        """Leaves a relation out."""
        rels = relations_of(part)
        self.put(rels, _without(self.text(rels), b"Relationship", b"Id", relation.id.encode()))

    def put(self, part: str, text: bytes) -> None:
        """Another text for a part, one that came or one that is new."""
        if part in self.added:
            self.added[part] = text
        else:
            self.change(part, text)

    def written(self, streamed: Streams, last: Streams) -> Iterator[bytes]:
        """The zip again: every part as it came, as changed, or as streamed; then those that are added, and the last."""
        sink = _Sink()
        with ZipFile(sink, "w", ZIP_DEFLATED) as target:
            for info in self._archive.infolist():
                if info.filename not in self.dropped and info.filename not in last:
                    yield from _write(target, sink, _info(info), self._chunks(info, streamed))
            for name, text in self.added.items():
                if name not in last:
                    yield from _write(target, sink, _info(ZipInfo(name)), [text])
            for name, chunks in last.items():
                yield from _write(target, sink, _info(ZipInfo(name)), chunks)
        yield sink.taken()

    def _chunks(self, info: ZipInfo, streamed: Streams) -> Iterator[bytes]:
        if info.filename in streamed:
            yield from streamed[info.filename]
        elif info.filename in self.changed:
            yield self.changed[info.filename]
        else:
            with self._archive.open(info) as stream:
                yield from iter(lambda: stream.read(YIELDED_BYTES), b"")


class _Sink:
    """What a zip is written to when nobody can go back in it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing stays open."""

    def taken(self) -> bytes:
        held, self._held, self.size = b"".join(self._held), [], 0
        return held


def _write(target: ZipFile, sink: _Sink, info: ZipInfo, chunks: Iterable[bytes]) -> Iterator[bytes]:
    with target.open(info, "w") as part:
        for chunk in chunks:
            part.write(chunk)
            if sink.size > YIELDED_BYTES:
                yield sink.taken()


def _info(source: ZipInfo) -> ZipInfo:
    made = ZipInfo(source.filename, source.date_time)
    made.compress_type = ZIP_STORED if source.is_dir() else ZIP_DEFLATED
    made.external_attr = source.external_attr
    return made


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def relations_of(part: str) -> str:
    """The part that holds what another part leads to."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(part: str, attributes: bytes) -> Relation:
    target = unescaped(attribute(attributes, b"Target") or b"").replace("\\", "/")
    way = target[1:] if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    kind = unescaped(attribute(attributes, b"Type") or b"").rpartition("/")[2]
    return Relation(unescaped(attribute(attributes, b"Id") or b""), kind, posixpath.normpath(way))


def _without(text: bytes, name: bytes, by: bytes, value: bytes) -> bytes:
    def kept(found: re.Match[bytes]) -> bytes:
        return b"" if (attribute(found[2], by) or b"").lower() == value.lower() else found[0]

    return element(name).sub(kept, text)
