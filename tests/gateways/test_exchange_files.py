"""Workbooks for departments: what stands in them, and how what comes back is read, whatever a clerk has done to it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.conf import settings

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.files import FileExchange
from hutong.gateways.exchange.locking import is_locked, lock, new_password, unlock
from hutong.gateways.exchange.questions import Question, Receipt, RefusedReturn, receipt_for
from hutong.gateways.exchange.returned import read_returned
from hutong.gateways.exchange.writing import file_name, write_workbooks
from hutong.law.copies import SERIAL_CHARACTERS
from hutong.law.data_sources import TOPICS, Outcome
from tests.factories import id_number, wrong_last
from tests.gateways import libreoffice
from tests.gateways.clerk import (
    DUE,
    OFFICE,
    ON,
    PASSWORD,
    closed,
    column,
    opened,
    put,
    row_of,
    saved,
    sign,
)  # fmt: skip

PEOPLE = [
    ("柳安宁", id_number(date(1985, 3, 7), at=3)),
    ("柳月", id_number(at=2)),
    ("柳清和", id_number(date(1990, 1, 2), at=1)),
]
UNTIL = "截止日期（已释放的填释放日期）"
DIED = date(2023, 5, 1)


def questions(source="police", asks="dead"):
    return [Question(f"k{at}", source, asks, *person, ON) for at, person in enumerate(PEOPLE)]


def sent(*asked):
    receipt = receipt_for(asked or questions(), on=ON, due_on=DUE)
    return receipt, write_workbooks(receipt, OFFICE, password=PASSWORD)


@pytest.fixture
def police():
    """Three questions to the police, and their workbook, signed."""
    receipt, workbooks = sent()
    return receipt, sign(opened(workbooks["police"]))


def read(receipt, book, on=ON):
    return read_returned(closed(book), receipt, password=PASSWORD, on=on)


def answers(returned):
    return {answer.number: (answer.outcome, dict(answer.values)) for answer in returned.answers}


def problems(returned):
    return [(one.code, one.sheet, one.row, one.column) for one in returned.problems]


FOUND_DEAD = {"outcome": "查到", "是否已死亡": "是", "死亡日期": "2023-05-01"}
IS_DEAD = Outcome.FOUND, {"dead": True, "died_on": DIED}


# what goes out


def test_each_source_gets_a_workbook_of_its_own_with_a_sheet_a_topic():
    receipt, workbooks = sent(
        *questions(),
        Question("c1", "police", "alive", *PEOPLE[0], ON),
        Question("c2", "police", "out_of_contact", *PEOPLE[1], ON),
        Question("c3", "prison", "imprisoned", *PEOPLE[1], ON),
    )
    assert sorted(workbooks) == ["police", "prison"]
    assert opened(workbooks["police"]).sheetnames == ["填写说明", "生存状况", "查找情况"]
    assert opened(workbooks["prison"]).sheetnames == ["填写说明", "服刑情况"]
    assert file_name(receipt, "prison") == f"{receipt.batch}-监狱服刑信息.xlsx"


def test_the_cover_says_what_a_clerk_needs():
    receipt, workbooks = sent()
    page = opened(workbooks["police"])[layout.COVER]
    said = {page.cell(row, 1).value: page.cell(row, 2).value for row in range(2, 12)}
    assert said == {
        "批次编号": receipt.batch,
        "数据来源": "公安机关人口信息",
        "委托单位": "贺兰县民政局",
        "联系人及电话": "李梅 0951-8060000",
        "发出日期": "2026-11-28",
        "请于此日前返回": "2026-12-05",
        "查询依据": "《政务数据共享条例》（国务院令第809号）；《中华人民共和国个人信息保护法》第三十四条",
        "用途": "民政服务对象资格核对，不作他用",
        "答复单位及填报人": None,
        "答复日期": None,
    }
    assert [page.cell(row, 2).value[:2] for row in range(13, 19)] == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: f"{one.source}-{one.about[0]}")
def test_a_sheet_asks_for_its_fields_and_offers_their_choices(topic):
    _receipt, workbooks = sent(*questions(topic.source, topic.about[0]))
    page = opened(workbooks[topic.source])[topic.title_zh]
    titles = [field.title_zh for field in topic.fields]
    assert [cell.value for cell in page[1]] == [
        "查询编号（请勿改动）", "姓名", "公民身份号码", "查询基准日", "查询结果", *titles,
    ]  # fmt: skip
    offered = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation if one.type == "list"}
    expected = {"E2:E4": '"查到,未查到,无法查询"'}
    for at, field in enumerate(topic.fields):
        if field.choices:
            letter = page.cell(1, 6 + at).column_letter
            expected[f"{letter}2:{letter}4"] = '"' + ",".join(zh for _value, zh, _en in field.choices) + '"'
    assert offered == expected


def test_rows_are_texts_in_the_order_of_id_numbers_and_numbers_are_hidden():
    _receipt, workbooks = sent()
    page = opened(workbooks["police"])["生存状况"]
    rows = [[cell.value for cell in row[:4]] for row in page.iter_rows(min_row=2)]
    assert rows == sorted(
        ([f"k{at}", *person, "2026-11-28"] for at, person in enumerate(PEOPLE)), key=lambda row: row[2]
    )
    assert page.column_dimensions["A"].hidden
    assert (page.freeze_panes, page.auto_filter.ref) == ("D2", "A1:G4")
    assert all(cell.number_format == "@" for row in page.iter_rows(min_row=2) for cell in row)
    assert all(cell.quotePrefix for row in page.iter_rows(min_row=2, max_col=4) for cell in row)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+柳安", "@SUM(A1)", "-柳", "{=1}", "http://a.b"])
def test_no_cell_becomes_a_formula_or_a_link(name):
    receipt, workbooks = sent(replace(questions()[0], name=name))
    book = opened(workbooks["police"])
    cell = book["生存状况"]["B2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    put(book["生存状况"], "k0", **FOUND_DEAD)
    assert answers(read(receipt, sign(book))) == {"k0": IS_DEAD}


@pytest.mark.parametrize("name", ["\U00030edd月", "\U00031350月", "柳\ue000", "买买提·艾力", "Anna Liu"])
def test_rare_characters_stay_in_a_name(name):
    receipt, workbooks = sent(replace(questions()[0], name=name))
    book = sign(opened(workbooks["police"]))
    assert book["生存状况"]["B2"].value == name
    put(book["生存状况"], "k0", **FOUND_DEAD)
    assert answers(read(receipt, book)) == {"k0": IS_DEAD}


def test_nothing_in_a_workbook_tells_why_somebody_is_asked_about():
    every = [Question(f"n{at}", topic.source, kind, *PEOPLE[0], ON) for at, (topic, kind) in
             enumerate((topic, kind) for topic in TOPICS for kind in topic.about)]  # fmt: skip
    _receipt, workbooks = sent(*every)
    for content in workbooks.values():
        with ZipFile(BytesIO(unlock(content, PASSWORD))) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
        assert not [
            word for word in ("儿童", "孤儿", "抚养", "父亲", "母亲", "艾滋", "alive", "imprisoned") if word in text
        ]


def test_workbooks_are_locked_as_office_programs_do(slow_locks):
    _receipt, workbooks = sent()
    content = workbooks["police"]
    assert is_locked(content)
    assert PEOPLE[0][1].encode() not in content
    assert "EncryptedPackage".encode("utf-16-le") in content
    assert b'spinCount="100000"' in content
    assert b'cipherAlgorithm="AES"' in content
    assert b'keyBits="256"' in content
    assert b"SHA512" in content
    assert unlock(content, f" {PASSWORD} ").startswith(b"PK")


def test_a_password_is_long_and_made_anew():
    password = new_password()
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
    assert set(password) <= {*SERIAL_CHARACTERS, "-"}
    assert password != new_password()
    assert lock(saved(openpyxl.Workbook()), "12characters")
    with pytest.raises(ValueError, match="too short"):
        lock(saved(openpyxl.Workbook()), "11character")


# what comes back


def test_nothing_filled_in_is_nothing_answered(police):
    receipt, book = police
    returned = read(receipt, book)
    assert (returned.answers, returned.problems, returned.waiting) == ((), (), ("k0", "k1", "k2"))


def test_a_part_may_come_back(police):
    receipt, book = police
    put(book["生存状况"], "k1", **FOUND_DEAD)
    put(book["生存状况"], "k2", outcome="未查到")
    returned = read(receipt, book)
    assert answers(returned) == {"k1": IS_DEAD, "k2": (Outcome.NOT_FOUND, {})}
    assert (returned.problems, returned.waiting) == ((), ("k0",))
    assert {(one.answered_on, one.answered_by) for one in returned.answers} == {(ON, "贺兰县公安局 王清")}


def test_rows_may_be_sorted_and_left_out_and_columns_moved(police):
    receipt, book = police
    page = book["生存状况"]
    put(page, "k0", **FOUND_DEAD)
    put(page, "k2", outcome="无法查询")
    page.delete_rows(row_of(page, "k1"))
    page.move_range("A2:G2", rows=4)
    page.move_range("F1:F9", cols=5)
    page.insert_rows(1, 2)
    page["B1"] = "核对结果表"
    returned = read(receipt, book)
    assert answers(returned) == {"k0": IS_DEAD, "k2": (Outcome.UNAVAILABLE, {})}
    assert (returned.problems, returned.waiting) == ((), ("k1",))


DATES = [
    "2023-05-01", "2023.5.1", "2023/5/1", "2023年5月1日", "2023年05月01日", "20230501", 20230501, "二〇二三年五月一日",
    "２０２３－０５－０１", " 2023-5-1 ", "'2023-05-01", "2023-05-01 00:00:00", DIED,
    datetime(2023, 5, 1, 9, 30), 45047,
]  # fmt: skip


@pytest.mark.parametrize("typed", DATES, ids=str)
def test_days_are_read_as_people_type_them(police, typed):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD | {"死亡日期": typed})
    returned = read(receipt, book)
    assert (answers(returned), returned.problems) == ({"k0": IS_DEAD}, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2023-05", "date_incomplete"), (2023, "date_incomplete"), ("01/05/2023", "date_ambiguous"),
        ("农历三月初五", "date_lunar"), ("2023-02-30", "date_unreadable"), ("不详", "date_unreadable"),
        (True, "date_unreadable"), (1.5, "date_unreadable"), ("2026-11-29", "in_future"),
        ("1985-03-06", "before_birth"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_named_with_its_cell_and_other_rows_are_kept(police, typed, code):
    receipt, book = police
    page = book["生存状况"]
    put(page, "k0", **FOUND_DEAD | {"死亡日期": typed})
    put(page, "k1", **FOUND_DEAD)
    returned = read(receipt, book)
    assert problems(returned) == [(code, "生存状况", row_of(page, "k0"), "死亡日期")]
    assert (answers(returned), returned.waiting) == ({"k1": IS_DEAD}, ("k0", "k2"))


def test_a_book_that_counts_from_1904_is_read_so(police):
    receipt, book = police
    book.epoch = datetime(1904, 1, 1)
    put(book["生存状况"], "k0", **FOUND_DEAD | {"死亡日期": 45047 - 1462})
    assert answers(read(receipt, book)) == {"k0": IS_DEAD}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"outcome": "查无此人"}, [("outcome_unknown", "查询结果", "查到、未查到、无法查询")]),
        ({"outcome": ON}, [("outcome_missing", "查询结果", "查到、未查到、无法查询")]),
        ({"是否已死亡": "是"}, [("outcome_missing", "查询结果", "查到、未查到、无法查询")]),
        ({"outcome": "未查到", "是否已死亡": "否"}, [("values_without_record", "是否已死亡", "是、否")]),
        (
            {"outcome": "无法查询", "是否已死亡": "否", "死亡日期": "x"},
            [("values_without_record", "是否已死亡", "是、否"), ("values_without_record", "死亡日期", "")],
        ),
        ({"outcome": "查到", "是否已死亡": "已故"}, [("choice_unknown", "是否已死亡", "是、否")]),
        ({"outcome": "查到", "是否已死亡": 1}, [("choice_unknown", "是否已死亡", "是、否")]),
        ({"outcome": "查到", "是否已死亡": "否", "死亡日期": "2023-05-01"}, [("alive_with_death", "死亡日期", "")]),
        (
            {"outcome": "查到", "是否已死亡": "x", "死亡日期": "y"},
            [("choice_unknown", "是否已死亡", "是、否"), ("date_unreadable", "死亡日期", "")],
        ),
        ({"outcome": "=1+1"}, [("formula_cell", "查询结果", "查到、未查到、无法查询")]),
        ({"outcome": "查到", "死亡日期": "=TODAY()"}, [("formula_cell", "死亡日期", "")]),
        ({"outcome": "查到", "name": "=A1"}, [("formula_cell", "姓名", "")]),
        ({"outcome": "查到", "name": "柳安"}, [("name_changed", "姓名", "")]),
        ({"outcome": "查到", "name": None}, [("name_changed", "姓名", "")]),
        ({"outcome": "查到", "id_number": wrong_last(PEOPLE[0][1])}, [("id_changed", "公民身份号码", "")]),
        ({"outcome": "查到", "id_number": int(PEOPLE[0][1][:17])}, [("id_changed", "公民身份号码", "")]),
        ({"name": "柳", "id_number": None}, [("name_changed", "姓名", ""), ("id_changed", "公民身份号码", "")]),
        ({"outcome": "查到", "number": "k9"}, [("unknown_number", "查询编号（请勿改动）", "")]),
        ({"outcome": "查到", "number": None}, [("number_missing", "查询编号（请勿改动）", "")]),
    ],
)
def test_what_is_wrong_with_a_row_is_named_and_the_row_is_refused(police, cells, found):
    receipt, book = police
    page = book["生存状况"]
    row = row_of(page, "k0")
    put(page, "k1", outcome="未查到")
    put(page, "k0", **cells)
    returned = read(receipt, book)
    assert problems(returned) == [(code, "生存状况", row, header) for code, header, _choices in found]
    assert [one.values.get("choices", "") for one in returned.problems] == [choices for *_, choices in found]
    assert all(one.stops_row for one in returned.problems)
    assert (answers(returned), returned.waiting) == ({"k1": (Outcome.NOT_FOUND, {})}, ("k0", "k2"))


def test_a_formula_with_its_value_is_refused_too(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD)
    row = row_of(book["生存状况"], "k0")
    plain, target = saved(book), BytesIO()
    with ZipFile(BytesIO(plain)) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                cell = text[text.index(f'<c r="G{row}"'.encode()) :]
                cell = cell[: cell.index(b"</c>") + 4]
                text = text.replace(cell, f'<c r="G{row}" t="str"><f>"2023-05-01"</f><v>2023-05-01</v></c>'.encode())
            new.writestr(name, text)
    returned = read_returned(lock(target.getvalue(), PASSWORD), receipt, password=PASSWORD, on=ON)
    assert problems(returned) == [("formula_cell", "生存状况", row, "死亡日期")]
    assert not returned.answers


@pytest.mark.parametrize("typed", ["三级", "3", 3, "3级", " 三 级 ".replace(" ", ""), "３级"])
def test_grades_are_read_as_words_and_figures(typed):
    receipt, workbooks = sent(*questions("disabled_federation", "disability"))
    book = sign(opened(workbooks["disabled_federation"]))
    put(book["残疾人证"], "k0", outcome="查到", 残疾等级=typed, 残疾类别="精神")
    assert answers(read(receipt, book)) == {"k0": (Outcome.FOUND, {"grade": 3, "disability_class": "mental"})}


def test_what_holds_but_is_over_and_what_ends_before_it_begins_is_named():
    receipt, workbooks = sent(*questions("prison", "imprisoned"))
    book = sign(opened(workbooks["prison"]), on="2026-12-01")
    page = book["服刑情况"]
    put(page, "k0", outcome="查到", 目前是否在押="是", 起始日期="2023-05-01", **{UNTIL: "2026-11-30"})
    put(page, "k1", outcome="查到", 目前是否在押="否", 起始日期="2023-05-01", **{UNTIL: "2023-04-30"})
    put(page, "k2", outcome="查到", 目前是否在押="是", 起始日期="2026-12-01", **{UNTIL: "2026-12-01"})
    returned = read(receipt, book, on=DUE)
    assert {(code, row) for code, _sheet, row, header in problems(returned) if header == UNTIL} == {
        ("holds_but_over", row_of(page, "k0")),
        ("ends_before", row_of(page, "k1")),
    }
    assert [*answers(returned)] == ["k2"]


def test_a_name_and_a_number_may_be_typed_otherwise_but_not_changed(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD, name=" 柳 安宁", id_number=f"'{PEOPLE[0][1].lower()} ")
    assert answers(read(receipt, book)) == {"k0": IS_DEAD}


def twice(book, number, **cells):
    page = book["生存状况"]
    page.append([cell.value for cell in page[row_of(page, number)]])
    for header, value in cells.items():
        page.cell(page.max_row, column(page, header)).value = value
    return page.max_row


def test_the_same_answer_twice_counts_once(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD)
    twice(book, "k0")
    twice(book, "k0", 查询结果=None, 是否已死亡=None, 死亡日期=None)
    returned = read(receipt, book)
    assert [answer.number for answer in returned.answers] == ["k0"]
    assert returned.problems == ()


def test_two_answers_that_differ_are_none(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD)
    first, last = row_of(book["生存状况"], "k0"), twice(book, "k0", 死亡日期="2023-05-02")
    returned = read(receipt, book)
    assert problems(returned) == [("answered_twice", "生存状况", last, "查询结果")]
    assert returned.problems[0].values == {"rows": f"{first}、{last}"}
    assert (returned.answers, returned.waiting) == ((), ("k0", "k1", "k2"))


def test_an_answer_is_not_taken_where_another_row_of_it_is_wrong(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD)
    last = twice(book, "k0", 死亡日期="不详")
    returned = read(receipt, book)
    assert (problems(returned), returned.answers) == ([("date_unreadable", "生存状况", last, "死亡日期")], ())


def test_what_stands_on_another_sheet_is_not_taken():
    receipt, workbooks = sent(questions()[0], Question("c2", "police", "out_of_contact", *PEOPLE[0], ON))
    book = sign(opened(workbooks["police"]))
    put(book["生存状况"], "k0", number="c2", outcome="未查到")
    returned = read(receipt, book)
    assert problems(returned) == [("other_sheet", "生存状况", 2, "查询编号（请勿改动）")]
    assert returned.answers == ()


def test_a_number_of_another_source_is_unknown_here():
    receipt, workbooks = sent(questions()[0], Question("c2", "prison", "imprisoned", *PEOPLE[0], ON))
    book = sign(opened(workbooks["police"]))
    put(book["生存状况"], "k0", number="c2", outcome="未查到")
    assert [code for code, *_ in problems(read(receipt, book))] == ["unknown_number"]


def test_columns_that_are_gone_or_there_twice_are_named(police):
    receipt, book = police
    page = book["生存状况"]
    put(page, "k0", **FOUND_DEAD)
    page.cell(1, column(page, "死亡日期")).value = "时间"
    page.cell(1, 9).value = "查询结果"
    returned = read(receipt, book)
    assert problems(returned) == [
        ("same_column", "生存状况", 1, "查询结果"),
        ("missing_column", "生存状况", 1, "死亡日期"),
    ]


@pytest.mark.parametrize("header", [layout.NUMBER, layout.NAME, layout.OUTCOME])
def test_without_its_columns_no_row_of_a_sheet_is_read(police, header):
    receipt, book = police
    page = book["生存状况"]
    put(page, "k0", **FOUND_DEAD)
    page.delete_cols(column(page, header))
    returned = read(receipt, book)
    assert (problems(returned), returned.answers) == ([("missing_column", "生存状况", 1, header)], ())


def test_a_day_of_reference_may_go(police):
    receipt, book = police
    put(book["生存状况"], "k0", **FOUND_DEAD)
    book["生存状况"].delete_cols(column(book["生存状况"], layout.AS_OF))
    returned = read(receipt, book)
    assert (answers(returned), returned.problems) == ({"k0": IS_DEAD}, ())


def test_a_sheet_without_headers_and_a_strange_sheet_are_named(police):
    receipt, book = police
    book["生存状况"].delete_rows(1)
    book.create_sheet("草稿")["A1"] = "x"
    book.create_sheet("空")
    returned = read(receipt, book)
    assert problems(returned) == [("no_header", "生存状况", 0, ""), ("unknown_sheet", "草稿", 0, "")]


def test_the_cover_may_stand_last_and_a_sheet_may_be_gone():
    receipt, workbooks = sent(questions()[0], Question("c2", "police", "out_of_contact", *PEOPLE[0], ON))
    book = sign(opened(workbooks["police"]))
    del book["查找情况"]
    book.move_sheet(layout.COVER, 1)
    put(book["生存状况"], "k0", outcome="未查到")
    returned = read(receipt, book)
    assert (answers(returned), returned.problems, returned.waiting) == ({"k0": (Outcome.NOT_FOUND, {})}, (), ("c2",))


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (None, "answered_on_missing"),
        ("11月", "date_unreadable"),
        ("2026-11-27", "answered_on_wrong"),
        ("2026-12-02", "answered_on_wrong"),
    ],
)
def test_an_answer_without_its_day_counts_from_the_day_it_came(on, code):
    receipt, workbooks = sent()
    book = sign(opened(workbooks["police"]), on=on)
    put(book["生存状况"], "k0", outcome="未查到")
    returned = read(receipt, book, on=date(2026, 12, 1))
    assert problems(returned) == [(code, "填写说明", 11, "答复日期")]
    assert not returned.problems[0].stops_row
    assert returned.answers[0].answered_on == date(2026, 12, 1)


@pytest.mark.parametrize("on", ["2026-11-28", date(2026, 12, 1), "2026年12月1日"])
def test_the_day_of_an_answer_lies_between_asking_and_reading(on):
    receipt, workbooks = sent()
    book = sign(opened(workbooks["police"]), on=on)
    put(book["生存状况"], "k0", outcome="未查到")
    returned = read(receipt, book, on=date(2026, 12, 1))
    assert returned.problems == ()
    assert returned.answers[0].answered_on in (ON, date(2026, 12, 1))


def test_who_answered_is_asked_for(police):
    receipt, book = police
    sign(book, by="")
    put(book["生存状况"], "k0", outcome="未查到")
    returned = read(receipt, book)
    assert problems(returned) == [("answered_by_missing", "填写说明", 10, "答复单位及填报人")]
    assert (returned.answers[0].answered_by, returned.problems[0].stops_row) == ("", False)


def test_a_file_whose_password_was_taken_off_is_read_with_a_word(police):
    receipt, book = police
    put(book["生存状况"], "k0", outcome="未查到")
    returned = read_returned(saved(book), receipt, password=PASSWORD, on=ON)
    assert problems(returned) == [("unprotected", "填写说明", 0, "")]
    assert not returned.problems[0].stops_row
    assert answers(returned) == {"k0": (Outcome.NOT_FOUND, {})}


# files that are not read


def refused(content, receipt, password=PASSWORD):
    with pytest.raises(RefusedReturn) as said:
        read_returned(content, receipt, password=password, on=ON)
    return said.value.code, said.value.values


def changed(book, label, value):
    page = book[layout.COVER]
    next(row[1] for row in page.iter_rows(max_col=2) if row[0].value == label).value = value
    return book


def test_a_wrong_password_is_told(police):
    receipt, book = police
    assert refused(closed(book), receipt, password="7K2M-9QXC-T4WD-HN3C") == ("wrong_password", {})


def test_another_batch_and_a_mistyped_one_are_told(police):
    receipt, book = police
    other = Receipt("LTLJ-2VCD-9", receipt.questions, ON, DUE)
    assert refused(closed(book), other) == ("another_batch", {"found": receipt.batch, "batch": "LTLJ-2VCD-9"})
    wrong = receipt.batch[:-1] + ("2" if receipt.batch[-1] != "2" else "3")
    for typed in (wrong, None, 7):
        assert refused(closed(changed(book, "批次编号", typed)), receipt) == (
            "mistyped_batch",
            {"batch": receipt.batch},
        )


def test_a_batch_number_may_be_typed_otherwise(police):
    receipt, book = police
    put(book["生存状况"], "k0", outcome="未查到")
    typed = f" {receipt.batch.lower().replace('-', '')} "
    assert answers(read(receipt, changed(book, "批次编号", typed))) == {"k0": (Outcome.NOT_FOUND, {})}


@pytest.mark.parametrize("source", ["监狱服刑信息", "公安", None])
def test_a_source_that_was_not_asked_is_told(police, source):
    receipt, book = police
    assert refused(closed(changed(book, "数据来源", source)), receipt) == ("unknown_source", {"batch": receipt.batch})


def test_a_workbook_of_ours_names_its_batch(police):
    receipt, book = police
    del book[layout.COVER]
    assert refused(closed(book), receipt) == ("not_ours", {})
    assert refused(lock(saved(openpyxl.Workbook()), PASSWORD), receipt) == ("not_ours", {})


OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not_xlsx"),
        ("姓名,结果\n柳安宁,查到\n".encode(), "not_xlsx"),
        (b"<html><table></table></html>", "not_xlsx"),
        (b"PK\x03\x04 and no more", "unreadable"),
        (OLD_WORKBOOK, "unreadable"),
    ],
    ids=["empty", "pdf", "csv", "html", "torn", "compound"],
)
def test_what_is_no_workbook_is_told(police, content, code):
    assert refused(content, police[0]) == (code, {})


def test_a_damaged_file_is_told(police):
    receipt, book = police
    whole = closed(book)
    assert refused(whole[: len(whole) // 2], receipt)[0] == "unreadable"
    at = len(whole) * 2 // 3
    torn = whole[:at] + bytes(byte ^ 255 for byte in whole[at : at + 64]) + whole[at + 64 :]
    assert refused(torn, receipt)[0] == "unreadable"


def test_a_locked_document_that_is_no_workbook_is_told(police):
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
        )
        archive.writestr("word/document.xml", "<a/>" + " " * 5000)
    assert refused(lock(target.getvalue(), PASSWORD), police[0]) == ("not_xlsx", {})


def test_what_would_turn_the_password_for_hours_is_not_tried(police, monkeypatch):
    receipt, book = police
    busy = closed(book).replace(b'spinCount="1000"', b'spinCount="9999"')
    assert refused(busy, receipt)[0] == "wrong_password"
    monkeypatch.setattr("hutong.gateways.exchange.locking.SPINS_AT_MOST", 9998)
    assert refused(busy, receipt)[0] == "unreadable"


def test_a_huge_file_is_told_before_it_is_opened(police, monkeypatch, tmp_path):
    receipt, book = police
    content = closed(book)
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", len(content) - 1)
    assert refused(content, receipt) == ("too_large", {})
    plain = saved(book)
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", len(plain) - 1)
    assert refused(plain, receipt) == ("too_large", {})


def test_a_cell_far_out_is_told(police):
    receipt, book = police
    book["生存状况"]["XFD1048576"] = "x"
    assert refused(closed(book), receipt) == ("too_many_cells", {})


# the folder


def test_files_lie_for_their_owner_alone_and_none_is_half_written(tmp_path):
    way = FileExchange(tmp_path / "exchange", OFFICE, password=PASSWORD)
    receipt = way.ask(questions(), on=ON, due_on=DUE)
    (file,) = way.out.iterdir()
    assert file.name == f"{receipt.batch}-公安机关人口信息.xlsx"
    assert (file.stat().st_mode & 0o777, way.out.stat().st_mode & 0o777) == (0o600, 0o700)
    assert way.answers(receipt, on=ON).waiting == ("k0", "k1", "k2")


def test_several_files_of_a_source_are_read_together(tmp_path):
    way = FileExchange(tmp_path, OFFICE, password=PASSWORD)
    receipt = way.ask(questions(), on=ON, due_on=DUE)
    content = next(way.out.iterdir()).read_bytes()
    for at, (number, later) in enumerate([("k0", "k1"), ("k1", "k2")]):
        book = sign(opened(content), on=ON + timedelta(at))
        put(book["生存状况"], number, outcome="未查到")
        put(book["生存状况"], later, outcome="未查到" if at else "查到")
        (way.back / f"{at}.xlsx").write_bytes(closed(book))
    returned = way.answers(receipt, on=DUE)
    assert answers(returned) == {"k0": (Outcome.NOT_FOUND, {}), "k2": (Outcome.NOT_FOUND, {})}
    assert problems(returned) == [("files_differ", "生存状况", 0, "")]
    assert returned.waiting == ("k1",)


def test_what_lies_about_in_the_folder_stops_nothing(tmp_path, monkeypatch):
    way = FileExchange(tmp_path, OFFICE, password=PASSWORD)
    receipt = way.ask(questions(), on=ON, due_on=DUE)
    other = way.ask(questions(), on=ON, due_on=DUE)
    for one, name in ((receipt, "a.xlsx"), (receipt, "same.xlsx"), (other, "b.xlsx")):
        book = sign(opened((way.out / file_name(one, "police")).read_bytes()))
        put(book["生存状况"], "k0", outcome="未查到")
        (way.back / name).write_bytes(closed(book))
    (way.back / "~$a.xlsx").write_bytes(b"lock")
    (way.back / ".a.xlsx").write_bytes(b"half")
    (way.back / "note.txt").write_bytes(b"see you")
    (way.back / "z.xlsx").write_bytes(closed(book) + bytes(50_000))
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", 50_000)
    returned = way.answers(receipt, on=ON)
    assert [answer.number for answer in returned.answers] == ["k0"]
    assert problems(returned) == [("not_xlsx", "note.txt", 0, ""), ("too_large", "z.xlsx", 0, "")]


# as other programs save it


@pytest.mark.skipif(libreoffice.PROGRAM is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_we_lock_and_we_read_what_it_saves(slow_locks, tmp_path):
    receipt, workbooks = sent(*questions(), Question("c2", "police", "out_of_contact", *PEOPLE[0], ON))
    book = sign(opened(workbooks["police"]), on=ON)
    put(book["生存状况"], "k0", **FOUND_DEAD)
    put(book["生存状况"], "k1", **FOUND_DEAD | {"死亡日期": DIED})
    put(book["生存状况"], "k2", outcome="未查到")
    put(book["查找情况"], "c2", outcome="查到", 目前是否仍未找到="是", 受理查找日期="2026年1月2日")
    again = libreoffice.opened_and_saved(closed(book), PASSWORD, tmp_path)
    returned = read_returned(lock(again, PASSWORD), receipt, password=PASSWORD, on=ON)
    assert returned.problems == ()
    assert answers(returned) == {
        "k0": IS_DEAD,
        "k1": IS_DEAD,
        "k2": (Outcome.NOT_FOUND, {}),
        "c2": (Outcome.FOUND, {"holds": True, "reported_on": date(2026, 1, 2)}),
    }
    assert {(answer.answered_by, answer.answered_on) for answer in returned.answers} == {("贺兰县公安局 王清", ON)}
    page = openpyxl.load_workbook(BytesIO(again))["生存状况"]
    assert page.column_dimensions["A"].hidden
    assert len(page.data_validations.dataValidation) == 3
