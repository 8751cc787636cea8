"""Papers: told by their content, written anew without what nobody sees, sealed on disk under random names."""

import os
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from hutong.kit import uploads
from hutong.kit.cipher import CannotOpen
from hutong.kit.uploads import RefusedFile, new_file, read_file, read_paper, reseal_file, write_file
from tests.factories import picture

CANARY = "北纬三十八度密语"


def refusal(content: bytes) -> str:
    with pytest.raises(RefusedFile) as refused:
        read_paper(content)
    return refused.value.code


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def pdf(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 100)
    return writer


def written(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def photograph() -> bytes:
    """A photograph of a telephone: on its side, with place, thumbnail, comment, XMP and colour profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = CANARY
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(38), IFDRational(28), IFDRational(1))})
    target = BytesIO()
    lying = Image.new("RGB", (60, 40), "red")
    lying.paste("blue", (0, 0, 30, 40))
    more = {"comment": CANARY.encode(), "icc_profile": CANARY.encode() * 20, "xmp": CANARY.encode()}
    lying.save(target, "JPEG", exif=exif, **more)
    return target.getvalue()


def test_a_photograph_stands_upright_and_says_nothing_but_the_picture():
    paper = read_paper(photograph() + b"PK\x03\x04" + CANARY.encode())

    with opened(paper.content) as kept:
        assert (paper.media_type, kept.format, kept.size) == ("image/jpeg", "JPEG", (40, 60))
        assert kept.getpixel((20, 10))[2] > 200 and kept.getpixel((20, 50))[0] > 200
        assert not kept.getexif() and set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert opened(photograph()).getexif().get_ifd(0x8825)
    assert CANARY.encode() in photograph()
    assert CANARY.encode() not in paper.content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "CMYK", "LA"])
def test_every_form_and_mode_is_kept_as_a_jpeg(form, mode):
    if (form, mode) in {("JPEG", "RGBA"), ("JPEG", "LA"), ("JPEG", "P"), ("PNG", "CMYK")}:
        pytest.skip("there is no such file")
    paper = read_paper(picture(form, mode))

    with opened(paper.content) as kept:
        assert (kept.format, kept.size) == ("JPEG", (30, 20))


def test_a_scan_of_sixteen_bits_is_not_blank():
    target = BytesIO()
    Image.new("I;16", (10, 10), 30_000).save(target, "PNG")

    with opened(read_paper(target.getvalue()).content) as kept:
        assert 110 < kept.getpixel((5, 5))[0] < 125


def test_what_is_seen_through_lies_on_white():
    clear = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(clear, "PNG")

    with opened(read_paper(clear.getvalue()).content) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photograph_becomes_smaller():
    with opened(read_paper(picture("JPEG", size=(7000, 3500))).content) as kept:
        assert kept.size == (3500, 1750)


def test_the_second_picture_of_a_telephone_stays_behind():
    target = BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    frames[0].save(target, "MPO", save_all=True, append_images=frames[1:])

    with opened(read_paper(target.getvalue()).content) as kept:
        assert (kept.format, getattr(kept, "n_frames", 1)) == ("JPEG", 1)
        assert kept.getpixel((5, 5))[0] > 200


def moving(form: str) -> bytes:
    target = BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    frames[0].save(target, form, save_all=True, append_images=frames[1:])
    return target.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A picture of a few bytes that would fill the memory."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def gif() -> bytes:
    target = BytesIO()
    Image.new("P", (3, 2)).save(target, "GIF")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (gif(), "not_a_paper"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "not_a_paper"),
        (b"<html><body>x</body></html>", "not_a_paper"),
        (b"MZ" + bytes(100), "not_a_paper"),
        (b"PK\x03\x04" + bytes(100), "not_a_paper"),
        (b"<html>" + photograph(), "not_a_paper"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "heic"),
        (b"\x00\x00\x00\x18ftypmif1" + bytes(100), "heic"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(100), "not_a_paper"),
        (png_bomb(30_000, 30_000), "too_many_pixels"),
        (png_bomb(8_000, 6_000), "too_many_pixels"),
        (png_bomb(60, 40), "unreadable"),
        (moving("PNG"), "moving"),
        (moving("WEBP"), "moving"),
        (photograph()[:-200], "unreadable"),
        (picture("PNG")[:-30], "unreadable"),
        (picture("WEBP")[:-10], "unreadable"),
        (b"\xff\xd8\xff" + bytes(200), "unreadable"),
        (b"%PDF-1.7\n<html><script>1</script></html>", "unreadable"),
        (b"%PDF-1.7\n" + bytes(200) + b"\n%%EOF", "unreadable"),
        (written(pdf(61)), "too_many_pages"),
        (written(pdf(0)), "unreadable"),
    ],
    ids=[
        *(
            "nothing",
            "gif",
            "svg",
            "html",
            "program",
            "zip",
            "html before a photograph",
            "heic",
            "avif or heif",
            "film",
        ),
        *("bomb", "too many points", "too few points", "moving png", "moving webp"),
        *("half a photograph", "half a png", "half a webp", "jpeg in name", "html as pdf", "pdf in name"),
        *("61 pages", "no page"),
    ],
)
def test_what_is_not_taken_says_why(content, code):
    assert refusal(content) == code


def test_the_limit_is_ten_megabytes(settings):
    assert settings.PAPER_LIMIT_BYTES == 10 * 1024 * 1024
    assert refusal(picture("JPEG") + bytes(10 * 1024 * 1024)) == "too_large"


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_half_a_pdf_is_refused(cut):
    content = written(pdf(20))
    assert refusal(content[: int(len(content) * cut)]) == "unreadable"


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_locked_pdf_is_refused(password):
    writer = pdf()
    writer.encrypt(password, "owner", algorithm="RC4-128")
    assert refusal(written(writer)) == "password"


def stream(content: bytes, **keys: object) -> StreamObject:
    made = StreamObject()
    made.set_data(content)
    made.update({NameObject(f"/{key}"): value for key, value in keys.items()})
    return made


def loaded_pdf() -> bytes:
    """A PDF with all that should not come along, a photograph with a place, and a seal on its page."""
    writer = pdf()
    page = writer.pages[0]
    writer.add_metadata({"/Title": "TITLE-CANARY", "/Author": "AUTHOR-CANARY"})
    writer.add_attachment("NAME-CANARY.txt", b"ATTACHED-CANARY")
    writer._root_object[NameObject("/Metadata")] = writer._add_object(stream(b"XMP-CANARY"))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("JS-CANARY")}
    )
    writer._root_object[NameObject("/OpenAction")] = action
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    size = {"Width": NumberObject(60), "Height": NumberObject(40), "BitsPerComponent": NumberObject(8)}
    kind = {"Type": NameObject("/XObject"), "Subtype": NameObject("/Image"), "ColorSpace": NameObject("/DeviceRGB")}
    photo = stream(photograph(), Filter=NameObject("/DCTDecode"), **size, **kind)
    photo[NameObject("/Metadata")] = writer._add_object(stream(b"PHOTO-XMP-CANARY"))
    pictures = DictionaryObject({NameObject("/A"): writer._add_object(photo)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    page[NameObject("/Contents")] = writer._add_object(stream(b"q 200 0 0 100 0 0 cm /A Do Q"))
    box = writer.pages[0].mediabox
    look = stream(b"1 0 0 rg 0 0 10 10 re f %SEAL", Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=box)
    seal = {"Type": NameObject("/Annot"), "Subtype": NameObject("/Widget"), "Rect": box, "FT": NameObject("/Sig")}
    seal |= {"A": action, "AP": DictionaryObject({NameObject("/N"): writer._add_object(look)})}
    writer.add_annotation(0, DictionaryObject({NameObject(f"/{key}"): value for key, value in seal.items()}))
    return written(writer)


def test_a_pdf_keeps_its_pages_and_seals_and_nothing_behind_them():
    content = loaded_pdf()
    paper = read_paper(content + b"\nPK\x03\x04 APPENDED-CANARY")

    assert content.count(b"CANARY") >= 7 and CANARY.encode() in content
    assert (paper.media_type, paper.content[:5]) == ("application/pdf", b"%PDF-")
    for unseen in (b"CANARY", CANARY.encode(), b"/JavaScript", b"/JS", b"/AA", b"/EmbeddedFile", b"/Info", b"Exif"):
        assert unseen not in paper.content, unseen
    reader = PdfReader(BytesIO(paper.content))
    page = reader.pages[0]
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"} and not reader.metadata
    assert (len(reader.pages), page.mediabox.width, page.images[0].image.size) == (1, 200, (60, 40))
    (seal,) = page["/Annots"]
    assert b"%SEAL" in seal.get_object()["/AP"]["/N"].get_data()
    assert set(seal.get_object()) == {"/Type", "/Subtype", "/Rect", "/F", "/AP"}


def test_a_pdf_of_sixty_pages_is_taken():
    assert len(PdfReader(BytesIO(read_paper(written(pdf(60))).content)).pages) == 60


def test_the_digest_tells_the_file_that_came():
    first, again, other = read_paper(picture("PNG")), read_paper(picture("PNG")), read_paper(picture("JPEG"))
    assert first.digest == again.digest != other.digest
    assert len(first.digest) == 64


def kept(content: bytes) -> str:
    with new_file() as name:
        write_file(name, content)
    return name


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def test_a_kept_file_is_sealed_and_its_owners_alone(folder):
    name = kept(CANARY.encode())

    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    assert (path.parent.name, path.name, len(name)) == (name[:2], name, 64)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert CANARY.encode() not in path.read_bytes()
    assert read_file(name) == CANARY.encode()


def test_a_file_that_was_touched_or_swapped_does_not_open(folder):
    one, two = kept(b"one"), kept(b"two")
    first, second = folder / one[:2] / one, folder / two[:2] / two
    second.write_bytes(first.read_bytes())
    first.write_bytes(first.read_bytes()[:-1] + b"\x00")

    for name in (one, two):
        with pytest.raises(CannotOpen):
            read_file(name)


def test_what_fails_leaves_no_file(folder):
    with pytest.raises(ZeroDivisionError), new_file() as name:
        write_file(name, b"x")
        _ = 1 / 0
    with pytest.raises(ZeroDivisionError), new_file():
        _ = 1 / 0

    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_under_an_old_key_is_sealed_anew_once(folder, monkeypatch):
    name = kept(b"content")
    before = (folder / name[:2] / name).read_bytes()
    assert reseal_file(name) is False

    _change_keys(monkeypatch)
    resealed = [reseal_file(name), reseal_file(name)]

    after = (folder / name[:2] / name).read_bytes()
    assert resealed == [True, False]
    assert (before[1], after[1]) == (1, 7)
    assert read_file(name) == b"content"


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    name = kept(b"content")
    _change_keys(monkeypatch)
    monkeypatch.setattr(os, "fsync", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        reseal_file(name)

    assert read_file(name) == b"content"


def _change_keys(monkeypatch) -> None:
    from dataclasses import replace

    now = uploads.keys()
    later = replace(now, data=now.data | {7: bytes(range(32))}, current=7)
    monkeypatch.setattr(uploads, "keys", lambda: later)
