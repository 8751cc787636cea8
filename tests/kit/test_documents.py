"""Documents: the official format, the same bytes each time, and texts that stay texts whatever stands in them."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from shutil import copy
from unittest.mock import Mock

import pytest
import segno
from pylopdf_fonts_zh_cn import sans_path, serif_path
from pypdf import PdfReader

from hutong.kit import documents
from hutong.kit.documents import Document, Issuing, Table, Unprintable, fonts_in_use, write_document

NAME = "阿卜杜热依木·买买提吐尔逊·艾合买提江·古丽巴哈尔·阿不都克里木·努尔买买提·沙吾提·热合曼"
LETTER = Document(
    title="不予认定决定书",
    recipient="柳安宁",
    paragraphs=("经审核，现决定不予认定。", "理由如下：父亲仍有监护能力。"),
    basis=("《民法典》第二十七条", "民发〔2019〕62号第一条"),
    remedy="如不服本决定，可以自收到之日起60日内申请行政复议。",
)
DRAFT = Issuing("永宁县民政局", date(2026, 11, 8))
ISSUED = replace(
    DRAFT,
    number="永民〔2026〕12号",
    check_code="ABCD-EFGH-JKLM-NPQR",
    confirm_url="https://hutong.example/confirm/",
)
MILLIMETRE = 72 / 25.4


def read(document: Document = LETTER, issuing: Issuing = ISSUED) -> PdfReader:
    return PdfReader(BytesIO(write_document(document, issuing).content))


def pages(document: Document = LETTER, issuing: Issuing = ISSUED) -> list[str]:
    """The texts of the pages."""
    return [page.extract_text() for page in read(document, issuing).pages]


def lines(issuing: Issuing = ISSUED, **more: object) -> list[str]:
    return [line for page in pages(replace(LETTER, **more), issuing) for line in page.splitlines()]


def test_a_letter_says_everything_in_the_order_of_the_standard():
    assert lines() == [
        "永宁县民政局",
        "永民〔2026〕12号",
        "不予认定决定书",
        "柳安宁：",
        "经审核，现决定不予认定。",
        "理由如下：父亲仍有监护能力。",
        "依据：",
        "1．《民法典》第二十七条",
        "2．民发〔2019〕62号第一条",
        "如不服本决定，可以自收到之日起60日内申请行政复议。",
        "永宁县民政局",
        "2026年11月8日",
        "　— 1 —　",
        "核验码：ABCD-EFGH-JKLM-NPQR　共1页",
        "扫描二维码，或在下列网址输入核验码，可核对本文书的文号、日期、页数以及是否有效。",
        "https://hutong.example/confirm/",
    ]


def test_the_square_code_carries_the_page_and_behind_a_hash_the_code(monkeypatch):
    made, asked = segno.make, []
    monkeypatch.setattr(segno, "make", lambda address, **more: asked.append(address) or made(address, **more))
    write_document(LETTER, ISSUED)
    assert asked == ["https://hutong.example/confirm/#ABCD-EFGH-JKLM-NPQR"]


def test_what_is_not_there_leaves_no_trace():
    (page,) = pages(Document("函", ("请予协查。",)), DRAFT)
    assert page.splitlines() == ["永宁县民政局", "函", "请予协查。", "永宁县民政局", "2026年11月8日", "　— 1 —　"]


def test_one_basis_has_no_number():
    assert "依据：《民法典》第二十七条" in lines(basis=("《民法典》第二十七条",))


def test_the_same_letter_is_the_same_file():
    first = write_document(LETTER, ISSUED)
    assert first == write_document(replace(LETTER), replace(ISSUED))
    assert first != write_document(LETTER, replace(ISSUED, signed_on=date(2026, 11, 9)))


def test_the_file_bears_the_day_and_the_title_and_is_made_to_be_kept_and_read_aloud():
    reader = read()
    assert (reader.metadata.title, reader.metadata.author) == ("不予认定决定书", "永宁县民政局")
    assert reader.metadata.creation_date_raw.startswith("D:20261108")
    assert reader.root_object["/MarkInfo"]["/Marked"].value and reader.root_object["/Lang"] == "zh-CN"
    kept = reader.root_object["/Metadata"].get_object().get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in kept and b"<pdfuaid:part>1</pdfuaid:part>" in kept


MARKUP = [
    '#import "x.typ": *',
    "#eval(sys.inputs.document)",
    "*粗* _斜_ `码` $x^2$",
    "= 标题",
    "<a> @b // 注 /* 注 */",
    "\\u{41} ~ -- ... \"引\" 'x'",
    "https://example.org/#x",
    "{{ x }} {% y %} &amp;",
    "] #panic() [",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_as_it_stands(text):
    issuing = replace(ISSUED, office=text, number=text)
    said = lines(issuing, title=text, recipient=text, paragraphs=(text,), basis=(text, text), remedy=text)
    squeezed = [line.replace(" ", "") for line in said]
    wanted = text.replace(" ", "")
    for printed in (wanted, f"{wanted}：", f"1．{wanted}", f"2．{wanted}"):
        assert printed in squeezed
    assert squeezed.count(wanted) == 6  # name, number, title, paragraph, remedy, signature


def test_what_steers_a_text_unseen_is_left_out():
    assert "柳安宁：" in lines(recipient="\u202e柳\u200b安\x07\U000e0100宁\ud800：")


def test_a_name_of_fifty_characters_and_a_long_title_are_broken_not_cut():
    long = NAME.ljust(50, "阿")
    said = "".join(lines(recipient=long, title=f"关于不予认定{long}为事实无人抚养儿童的决定书"))
    assert said.count(long) == 2


def test_lines_of_a_title_stand_as_they_were_written():
    said = lines(title="永宁县民政局\n不予认定决定书")
    assert said[2:4] == ["永宁县民政局", "不予认定决定书"]


def test_lines_of_a_text_are_paragraphs():
    assert lines(paragraphs=("甲。\n\n乙。\r\n丙。",))[4:7] == ["甲。", "乙。", "丙。"]


LONG = replace(LETTER, paragraphs=("宁" * 28 * 60,))


def test_a_full_page_has_22_lines_of_28_characters():
    second = pages(LONG)[1].splitlines()
    text = [line for line in second if set(line) == {"宁"}]
    assert [len(line) for line in text] == [28] * 22


def test_the_text_keeps_the_margins_of_the_standard():
    found: list[tuple[float, float]] = []

    def visit(text, page, _text, _font, _size):
        if "宁" in text:
            found.append((page[4] / MILLIMETRE, 297 - page[5] / MILLIMETRE))

    page = read(LONG).pages[1]
    page.extract_text(visitor_text=visit)
    assert [round(float(side) / MILLIMETRE) for side in page.mediabox[2:]] == [210, 297]
    assert {round(left, 1) for left, _foot in found} == {28.0}
    size = 16 / MILLIMETRE
    assert found[0][1] - 0.8 * size == pytest.approx(37, abs=0.1)
    assert found[-1][1] + 0.2 * size == pytest.approx(37 + 225 - (225 / 22 - size), abs=0.1)


def test_pages_are_numbered_outside_and_each_bears_the_code():
    written = write_document(replace(LETTER, paragraphs=("经查。" * 600,)), ISSUED)
    found = [page.extract_text() for page in PdfReader(BytesIO(written.content)).pages]
    assert written.pages == len(found) == 4
    for number, page in enumerate(found, 1):
        assert f"— {number} —" in page and "核验码：ABCD-EFGH-JKLM-NPQR　共4页" in page


@pytest.mark.parametrize("count", range(8, 20))
def test_no_page_begins_with_the_signature(count):
    last = pages(Document("函", ("请予协查。",) * count), DRAFT)[-1]
    assert "请予协查。" in last


def test_a_character_that_no_font_has_is_told():
    with pytest.raises(Unprintable) as refused:
        write_document(replace(LETTER, recipient="柳😀安\ue123", remedy="😀"), ISSUED)
    assert refused.value.characters == "\ue123😀"


@pytest.mark.parametrize("name", ["㐱", "䶮", "𬭚", "𠅤", "·", "é"])
def test_rare_characters_of_names_are_printed(name):
    assert f"柳{name}：" in lines(recipient=f"柳{name}")


CACHES = (documents._fonts, documents._faces, documents._is_printable)
ONLY_IN_BLACK = "\uf900"


def forget_fonts():
    for one in CACHES:
        one.cache_clear()


@pytest.fixture
def fewer_fonts(tmp_path, settings, monkeypatch):
    """As if Song alone came with the product; the folder in which an office lays its own fonts."""
    product, settings.FONTS_DIR = tmp_path / "product", tmp_path / "own"
    product.mkdir(), settings.FONTS_DIR.mkdir()
    copy(serif_path(), product)
    monkeypatch.setattr(documents, "serif_path", lambda: product / serif_path().name)
    forget_fonts()
    yield settings.FONTS_DIR
    forget_fonts()


def test_a_font_of_the_office_is_used_for_what_ours_lack(fewer_fonts):
    with pytest.raises(Unprintable):
        write_document(replace(LETTER, recipient=ONLY_IN_BLACK), ISSUED)
    copy(sans_path(), fewer_fonts)
    forget_fonts()
    assert f"{ONLY_IN_BLACK}：" in lines(recipient=ONLY_IN_BLACK)


@pytest.mark.parametrize("name", ["FZFangSong-Z02", "仿宋_GB2312"])
def test_an_office_with_its_own_fangsong_prints_in_it(monkeypatch, name):
    held = Mock(families=lambda: ["Noto Sans SC", "Another", "Noto Serif SC", name])
    monkeypatch.setattr(documents, "_fonts", lambda: held)
    assert fonts_in_use() == [name, "Noto Serif SC", "Noto Sans SC", "Another"]


def test_a_table_stands_before_the_last_text_with_its_heads_on_every_page():
    rows = tuple((str(at), "儿童", "1,640.00") for at in range(120))
    table = Table("一、明细", ("序号", "名称", "金额（元）"), (1, 4, 2), rows, frozenset({0, 2}))
    document = Document(title="清册", paragraphs=("开头。", "以上请予审核。"), tables=(table,))
    written = write_document(document, ISSUED)
    told = [page.extract_text() for page in PdfReader(BytesIO(written.content)).pages]

    assert written.pages == len(told) > 2
    assert all("金额（元）" in page for page in told[:-1])
    assert "开头" in told[0] and "审核" in told[-1] and "审核" not in told[0]
    assert write_document(document, ISSUED) == written
