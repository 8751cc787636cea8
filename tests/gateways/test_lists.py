"""Lists that departments give: what every way must do, the fake and an uploaded workbook alike."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.fake_lists import FakeLists
from hutong.gateways.exchange.list_reading import UploadedList
from hutong.gateways.exchange.list_writing import template_name, write_template
from hutong.gateways.exchange.locking import lock
from hutong.gateways.exchange.questions import RefusedReturn
from hutong.law.data_sources import SOURCES
from hutong.law.leads import LISTED_BY, LISTS, kind_of, list_about
from tests.factories import id_number
from tests.gateways.clerk import ON, PASSWORD, saved

NAME, NUMBER = "柳安宁", id_number(date(1985, 3, 7), at=1)
SINCE = date(2024, 2, 29)


class InMemory(FakeLists):
    """The fake."""


class ByFile:
    """A workbook, which a clerk fills in from the template."""

    def __init__(self, source):
        self.source, self._book = source, openpyxl.load_workbook(BytesIO(write_template(source)))
        self.sign(ON.isoformat())

    def sign(self, on, by="贺兰县公安局 王清"):
        """Fills in who gives it and when."""
        page = self._book[layout.COVER]
        page["B3"], page["B4"] = by, on

    def say(self, kind, name, id_number, **values):
        """Types one row; a value by its word."""
        topic = list_about(self.source, kind)
        page, fields = self._book[topic.title_zh], topic.by_code
        typed = {fields[code].title_zh: _typed(fields[code], value) for code, value in values.items()}
        typed |= {layout.ID_NUMBER: id_number, layout.NAME: name}
        page.append([typed.get(cell.value, "") for cell in page[1]])

    def put(self, kind, row, header, value):
        """Types into one cell."""
        page = self._book[list_about(self.source, kind).title_zh]
        page.cell(row, next(cell.column for cell in page[1] if cell.value == header)).value = value

    def content(self):
        """The workbook as it is sent."""
        return saved(self._book)

    def given(self, *, on):
        return UploadedList(self.content()).given(on=on)


def _typed(field, value):
    return value.isoformat() if isinstance(value, date) else field.word(value)


@pytest.fixture(params=[InMemory, ByFile], ids=["fake", "file"])
def way(request):
    return request.param


def said(given):
    return [(kind_of(one.topic), one.row, one.name, one.id_number, dict(one.values)) for one in given.rows]


def wrong(given):
    return [(one.code, one.sheet, one.row, one.column) for one in given.problems]


@pytest.mark.parametrize("topic", LISTS, ids=lambda one: f"{one.source}-{kind_of(one)}")
def test_every_field_of_every_list_comes_as_it_is(way, topic):
    values = {field.code: field.choices[-1][0] if field.choices else SINCE for field in topic.fields}
    if "certificate_valid_until" in values:
        values["certificate_valid_until"] = ON + timedelta(1000)
    department = way(topic.source)
    department.say(kind_of(topic), NAME, NUMBER, **values)
    given = department.given(on=ON)
    assert said(given) == [(kind_of(topic), 2, NAME, NUMBER, values)]
    assert (given.source, given.problems, given.rows_total, given.repeated) == (topic.source, (), 1, 0)
    assert (given.given_on, bool(given.given_by)) == (ON, True)


def test_what_is_left_empty_is_not_there(way):
    department = way("funeral")
    department.say("dead", NAME, NUMBER)
    assert said(department.given(on=ON)) == [("dead", 2, NAME, NUMBER, {})]


@pytest.mark.parametrize(
    ("values", "code", "header"),
    [
        ({"from_on": ON + timedelta(1)}, "in_future", "起始日期"),
        ({"from_on": SINCE, "until_on": date(2024, 2, 28)}, "ends_before", "截止日期（已释放的填释放日期）"),
        ({"from_on": date(1985, 3, 6)}, "before_birth", "起始日期"),
    ],
)
def test_what_cannot_be_true_is_a_problem_and_the_other_rows_count(way, values, code, header):
    department = way("prison")
    department.say("imprisoned", NAME, NUMBER, **values)
    department.say("imprisoned", "柳清和", id_number(at=9), from_on=SINCE)
    given = department.given(on=ON)
    assert wrong(given) == [(code, "服刑情况", 2, header)]
    assert [one.name for one in given.rows] == ["柳清和"]
    assert given.rows_total == 2


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "id_empty"),
        (NUMBER[:-1], "id_length"),
        ("A" + NUMBER[1:], "id_characters"),
        (NUMBER[:10] + "1332" + NUMBER[14:], "id_birth_date"),
        (NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "id_check_character"),
    ],
)
def test_a_number_that_is_none_is_a_problem(way, number, code):
    department = way("funeral")
    department.say("dead", NAME, number)
    assert wrong(department.given(on=ON)) == [(code, "火化（安葬）登记", 2, layout.ID_NUMBER)]


def test_a_row_without_a_name_is_a_problem(way):
    department = way("funeral")
    department.say("dead", " ", NUMBER)
    assert wrong(department.given(on=ON)) == [("name_missing", "火化（安葬）登记", 2, layout.NAME)]


def test_the_same_twice_is_said_once_and_two_that_differ_are_not_taken(way):
    department = way("funeral")
    other = id_number(at=9)
    for name, number, day in (
        (NAME, NUMBER, SINCE), (NAME, NUMBER, SINCE), ("柳清和", other, SINCE), ("柳清和", other, ON),
    ):  # fmt: skip
        department.say("dead", name, number, died_on=day)
    given = department.given(on=ON)
    assert ([one.name for one in given.rows], given.repeated, given.rows_total) == ([NAME], 1, 4)
    assert [(one.code, one.row, one.values) for one in given.problems] == [
        ("listed_twice", 4, {"rows": "4、5"}), ("listed_twice", 5, {"rows": "4、5"}),
    ]  # fmt: skip


def test_the_same_list_has_the_same_digest_and_another_has_not(way):
    first, second = way("funeral"), way("funeral")
    for department in (first, second):
        department.say("dead", NAME, NUMBER)
    if way is ByFile:
        content = first.content()
        first.given = second.given = lambda on: UploadedList(content).given(on=on)
    assert first.given(on=ON).digest == second.given(on=ON).digest
    third = way("funeral")
    third.say("dead", NAME, NUMBER, died_on=SINCE)
    assert third.given(on=ON).digest != first.given(on=ON).digest


def test_there_is_no_list_of_what_a_source_does_not_know(way):
    with pytest.raises(LookupError):
        way("prison").say("dead", NAME, NUMBER)


@pytest.mark.parametrize("source", LISTED_BY)
def test_a_template_is_laid_out_by_its_topics_with_headers_that_are_locked(source):
    book = openpyxl.load_workbook(BytesIO(write_template(source)))
    assert book.sheetnames == [layout.COVER, *(one.title_zh for one in LISTS if one.source == source)]
    assert SOURCES[source].title_zh in template_name(source)
    for page in book.worksheets[1:]:
        assert page.protection.sheet
        assert page["A1"].protection.locked
        assert not page.column_dimensions["A"].protection.locked
        assert [cell.value for cell in page[1]][:2] == [layout.ID_NUMBER, layout.NAME]


def test_there_is_no_template_of_who_gives_no_lists():
    with pytest.raises(LookupError):
        write_template("marriage")


def test_an_empty_template_is_a_list_of_nobody():
    given = UploadedList(write_template("police")).given(on=ON)
    assert (given.rows, given.rows_total) == ((), 0)
    assert [one.code for one in given.problems] == ["given_by_missing", "given_on_missing"]
    assert not any(one.stops_row for one in given.problems)


def test_a_number_that_a_spreadsheet_made_a_figure_is_told():
    department = ByFile("funeral")
    department.say("dead", NAME, NUMBER)
    department.put("dead", 2, layout.ID_NUMBER, int(NUMBER[:15] + "000"))
    assert wrong(department.given(on=ON)) == [("id_numeric", "火化（安葬）登记", 2, layout.ID_NUMBER)]


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("残疾类别", "心情", "choice_unknown"),
        ("残疾等级", "五级", "choice_unknown"),
        ("残疾人证有效期至", "明年", "date_unreadable"),
        ("姓名", "=1+1", "formula_cell"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell(header, value, code):
    department = ByFile("disabled_federation")
    department.say("severe_disability", NAME, NUMBER, grade=1)
    department.put("severe_disability", 2, header, value)
    assert wrong(department.given(on=ON)) == [(code, "残疾人证", 2, header)]


def test_a_strange_sheet_a_missing_column_and_a_wrong_day_are_told():
    department = ByFile("court")
    department.say("dead", NAME, NUMBER, died_on=SINCE)
    department.sign((ON + timedelta(1)).isoformat(), by="")
    department._book.create_sheet("备注")["A1"] = "x"
    department._book["宣告失踪"]["A1"] = "证件"
    department._book["撤销监护人资格"]["C1"] = "生效日"
    given = department.given(on=ON)
    assert [one.code for one in given.problems] == [
        "given_by_missing", "given_on_wrong", "no_header", "missing_column", "unknown_sheet",
    ]  # fmt: skip
    assert (given.given_on, len(given.rows)) == (ON, 1)


def test_a_list_behind_a_password_opens_with_it_alone():
    department = ByFile("prison")
    department.say("imprisoned", NAME, NUMBER)
    locked = lock(department.content(), PASSWORD)
    assert len(UploadedList(locked, PASSWORD).given(on=ON).rows) == 1
    with pytest.raises(RefusedReturn) as refused:
        UploadedList(locked, "another password").given(on=ON)
    assert refused.value.code == "wrong_password"


def test_what_is_no_list_is_refused():
    book, target = openpyxl.Workbook(), BytesIO()
    book.active["A1"] = "x"
    book.save(target)
    for content, code in ((target.getvalue(), "no_list"), (b"", "empty"), (b"nothing", "not_xlsx")):
        with pytest.raises(RefusedReturn) as refused:
            UploadedList(content).given(on=ON)
        assert refused.value.code == code
    department = ByFile("prison")
    department._book[layout.COVER]["B2"] = "村委会"
    with pytest.raises(RefusedReturn, match="unknown_list_source"):
        department.given(on=ON)
