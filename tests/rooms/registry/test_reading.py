"""Rows read cell by cell: every problem has a code, a row and a column, and one sentence in people's words."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from django.utils.translation import override

from hutong.divisions.queries import KnownPlaces
from hutong.kit.staging import Problem, RowProblem, Severity, Verdict, marks
from hutong.registry.intake.answer import as_document, row_problems
from hutong.registry.intake.checking import open_children
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.problems import WORDS, sentence
from hutong.registry.intake.reading import ReadRow, read_row
from tests.factories import (
    ENCRYPTED,
    ON,
    VILLAGE,
    VILLAGE_OF_ANOTHER_PROVINCE,
    VILLAGE_OF_NEXT_COUNTY,
    bomb,
    circumstances,
    id_number,
    judge_rows,
    line,
    workbook,
    wrong_last,
    zipped,
)


def stray_cell() -> bytes:
    """A workbook with one cell in the very last place of the sheet."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["姓名", "性别"])
        page.write_string(1_048_575, 16_383, "x")
    return target.getvalue()


NUMBER = id_number(at=7)
ERRORS = [
    ("required", {"name": None}, ["姓名"]),
    ("required", {"sex": None}, ["性别"]),
    ("required", {"birth_date": None, "id_number": NUMBER}, ["出生日期"]),
    ("required", {"living_division": None}, ["现居住地行政区划代码"]),
    ("required", {"guardian_name": None}, ["监护人姓名"]),
    ("formula_error", {"guardian_phone": "#N/A"}, ["监护人电话"]),
    ("formula_error", {"ethnic_group": "#REF!"}, ["民族"]),
    ("turned_into_date", {"living_address": date(2025, 3, 2)}, ["现居住地详细地址"]),
    ("private_character", {"name": "柳\ue815安"}, ["姓名"]),
    ("private_character", {"guardian_name": "柳\U000f0001"}, ["监护人姓名"]),
    ("name_form", {"name": "小3"}, ["姓名"]),
    ("name_form", {"guardian_name": "奶奶2"}, ["监护人姓名"]),
    ("sex_unknown", {"sex": "不详", "id_number": NUMBER}, ["性别"]),
    ("date_unreadable", {"birth_date": "2015年春", "id_number": NUMBER}, ["出生日期"]),
    ("date_unreadable", {"category_from": "去年"}, ["类别起始日期"]),
    ("date_in_future", {"birth_date": date(2025, 6, 3), "no_id_reason": "弃婴"}, ["出生日期"]),
    ("date_in_future", {"category_from": date(2025, 6, 3)}, ["类别起始日期"]),
    ("no_child", {"birth_date": "1015-03-07", "no_id_reason": "弃婴"}, ["出生日期"]),
    ("category_before_birth", {"category_from": "2015-03-06"}, ["类别起始日期"]),
    ("birth_date_contradicts_id", {"birth_date": "2015-03-08", "id_number": NUMBER}, ["出生日期", "证件号码"]),
    ("sex_contradicts_id", {"sex": "男", "id_number": NUMBER}, ["性别", "证件号码"]),
    ("numeric_id", {"id_number": 990000201503070000}, ["证件号码"]),
    ("numeric_id", {"guardian_id_number": 990000197003070000}, ["监护人证件号码"]),
    ("numeric_id", {"id_number": "9.9E+17"}, ["证件号码"]),
    ("numeric_id", {"id_number": "9.90000201503E+17"}, ["证件号码"]),
    ("numeric_id", {"id_number": "990000201503070000.0"}, ["证件号码"]),
    ("id_length", {"id_number": NUMBER[:17]}, ["证件号码"]),
    ("id_characters", {"id_number": NUMBER[:16] + "O" + NUMBER[17]}, ["证件号码"]),
    ("id_birth_date", {"id_number": "990000201502300021"}, ["证件号码"]),
    ("id_check_character", {"id_number": wrong_last(NUMBER)}, ["证件号码"]),
    ("id_check_character", {"guardian_id_number": wrong_last(NUMBER)}, ["监护人证件号码"]),
    ("no_id_no_reason", {"id_number": " "}, ["证件号码"]),
    ("no_id_no_reason", {"id_number": "-"}, ["证件号码"]),
    ("code_form", {"living_division": "640122100"}, ["现居住地行政区划代码"]),
    ("code_form", {"registered_division": "640122"}, ["户籍地行政区划代码"]),
    ("place_unknown", {"living_division": "习岗"}, ["现居住地行政区划代码"]),
    ("place_ambiguous", {"registered_division": "西湖区"}, ["户籍地行政区划代码"]),
    ("division_unknown", {"living_division": "640122100999"}, ["现居住地行政区划代码"]),
    ("division_unknown", {"registered_division": "990122100200"}, ["户籍地行政区划代码"]),
    ("division_unknown", {"registered_division": "330199000000"}, ["户籍地行政区划代码"]),
    ("division_withdrawn", {"living_division": "110103001001"}, ["现居住地行政区划代码"]),
    ("division_above_township", {"living_division": "640122000000"}, ["现居住地行政区划代码"]),
    ("division_above_township", {"responsible_division": "640100000000"}, ["管辖地"]),
    ("category_unknown", {"category": "低保家庭、特殊儿童"}, ["儿童类别"]),
    ("category_confidential", {"category": "艾滋病病毒感染"}, ["儿童类别"]),
    ("category_confidential", {"category": "孤儿，HIV"}, ["儿童类别"]),
    ("orphan_with_parent", {"category": "孤儿", "guardian_relation": "父亲"}, ["儿童类别", "监护人与儿童关系"]),
    ("guardian_is_child", {"id_number": NUMBER, "guardian_id_number": NUMBER}, ["监护人证件号码"]),
    ("phone_form", {"guardian_phone": "见备注"}, ["监护人电话"]),
]
WARNINGS = [
    ("id_and_reason", {"id_number": NUMBER, "no_id_reason": "户口待办"}, ["无证件原因"]),
    ("division_township", {"living_division": "640122100000"}, ["现居住地行政区划代码"]),
    ("registered_unknown", {"registered_division": "甘肃省静安县"}, ["户籍地行政区划代码"]),
    ("place_partly", {"registered_division": "永宁县民族村"}, ["户籍地行政区划代码"]),
    ("place_name_differs", {"living_division": f"{VILLAGE} 新胜村"}, ["现居住地行政区划代码"]),
    ("answer_unknown", {"income": "彩票"}, ["收入来源"]),
    ("answer_no_date", {"father_birth_date": "1986年"}, ["父亲出生日期"]),
    ("division_abolished", {"registered_division": "110103000000"}, ["户籍地行政区划代码"]),
    ("category_age", {"category": "农村留守", "birth_date": "2009-06-02"}, ["儿童类别"]),
    ("adult", {"birth_date": "2007-06-02"}, ["出生日期"]),
    ("ethnic_group_unknown", {"ethnic_group": "回回"}, ["民族"]),
    ("relation_unknown", {"guardian_relation": "老邻居"}, ["监护人与儿童关系"]),
]
FILES = [
    ("empty", b"", []),
    ("too_large", bomb(), []),
    ("not_a_workbook", zipped({"word/document.xml": b""}), []),
    ("password", ENCRYPTED, []),
    ("unreadable", workbook([line()])[:-40], []),
    ("no_rows", workbook([], columns=list(line())), []),
    ("too_many_cells", stray_cell(), []),
    ("no_header", workbook([{"备注": "柳安"}]), []),
    ("missing_column", workbook([line(living_division=None)]), ["现居住地行政区划代码"]),
    ("missing_column", workbook([line(id_number=None)]), ["证件号码"]),
    ("same_column", workbook([line()], headers={"guardian_name": "儿童姓名"}), ["姓名"]),
]
BELOW = {"id_test_number", "date_incomplete", "date_ambiguous", "date_lunar"}
ON_A_CHILDS_PAGE = {
    "number_taken", "paid_categories", "ends_before", "certificate_form", "certificate_check_character",
    "certificate_person", "certificate_class", "certificate_grade", "final_has_no_end",
}  # fmt: skip
CONFLICTS = {"closed_file", "category_held_then", "paid_beside"}
IN_TEST_STRANGE = {
    "html_table", "other_workbook", "macros", "formulas_unsaved", "another_sheet", "mended_sheet", "hidden_column",
    "hidden_row", "not_a_row", "uneven_row", "merged_identity", "formula_cell",
}  # fmt: skip
IN_TEST_JUDGE = {"outside", "repeat", "exists_elsewhere", "possible_match", "changed", *CONFLICTS}
IN_TEST_LINKING = {"alike_in_sheet"}
IN_TEST_KINSHIP, IN_TEST_TELLING = {"declared_kin"}, {"may_exist_elsewhere"}
IN_TESTS = IN_TEST_JUDGE | IN_TEST_STRANGE | IN_TEST_LINKING | IN_TEST_KINSHIP | IN_TEST_TELLING | ON_A_CHILDS_PAGE


def told(rows: list[dict], at: int = 1, **more: object) -> list[tuple]:
    """Row, column, code and severity of each problem of one row."""
    documents = [as_document(problem) for problem in row_problems([judge_rows(rows, **more)[at]])]
    return [(one["row"], one["column"], one["code"], one["severity"]) for one in documents]


@pytest.mark.parametrize(("code", "cells", "columns"), ERRORS)
def test_an_error_says_row_and_column_and_stops_the_row(code, cells, columns):
    rows = [line(), line(**cells), line()]
    assert told(rows) == [(3, column, code, "error") for column in columns]
    assert [row.verdict for row in judge_rows(rows)] == [Verdict.NEW, Verdict.INVALID, Verdict.NEW]


@pytest.mark.parametrize(("code", "cells", "columns"), WARNINGS)
def test_a_warning_says_row_and_column_and_lets_the_row_pass(code, cells, columns):
    rows = [line(), line(**cells)]
    assert told(rows) == [(3, column, code, "warning") for column in columns]
    assert [row.verdict for row in judge_rows(rows)] == [Verdict.NEW, Verdict.NEW]


@pytest.mark.parametrize(("code", "content", "columns"), FILES)
def test_a_file_that_cannot_be_judged_says_why(code, content, columns):
    opened = open_children(content, name="children.xlsx")
    documents = [as_document(RowProblem(None, problem)) for problem in opened.problems]
    expected = [(None, column, code) for column in columns or [None]]
    assert [(one["row"], one["column"], one["code"]) for one in documents] == expected
    assert (opened.rows, opened.is_readable) == (0, False)


def test_every_problem_is_tried():
    assert {code for code, _, _ in ERRORS + WARNINGS + FILES} | BELOW | IN_TESTS == set(WORDS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", WORDS)
def test_every_problem_has_a_sentence(code, language):
    values = {
        "header": "姓名",
        "length": "17",
        "place": "贺兰县",
        "row": "2",
        "columns": "姓名",
        "year": "2010",
        "count": "2",
        "sheet": "二",
        "rows": "3",
    }
    with override(language):
        said = sentence(Problem(code, values=values))
    assert said and "{" not in said
    assert any("一" <= character <= "鿿" for character in said) or language == "en"


def test_a_test_number_is_refused_where_tests_are_not_allowed():
    assert told([line()], 0, given=circumstances(tests_allowed=False)) == [(2, "证件号码", "id_test_number", "error")]


def test_a_withdrawn_code_is_called_so():
    gone = replace(circumstances(), places=KnownPlaces({}, frozenset([VILLAGE])))
    assert told([line()], 0, given=gone) == [(2, "现居住地行政区划代码", "division_withdrawn", "error")]


def test_no_problem_holds_a_personal_value():
    rows = [line(**{"name": "柳安"} | cells) for _, cells, _ in ERRORS + WARNINGS]
    for row in judge_rows(rows):
        for problem in row.problems:
            assert set(problem.values) <= {"length", "year", "count", "place"}


def read(**cells: object) -> ReadRow:
    return read_row(2, line(**cells), circumstances())


@pytest.mark.parametrize(
    "said",
    [
        "2015-03-07", "2015-3-7", "2015/3/7", "2015.03.07", "2015年3月7日", "２０１５－０３－０７", "20150307",
        20150307.0, " 2015-03-07 ", "2015-03-07 00:00:00", date(2015, 3, 7), datetime(2015, 3, 7, 0, 0),
        "2015-03-07T00:00:00", "2015/3/7 0:00", "2015 03 07", "2015 年 3 月 7 日", "2015年3月7号", "2015—03—07",
        "'2015-03-07", "2015-03\n-07", "\u200e2015-03-07", "二〇一五年三月七日", "二○一五年三月七日",
        "二零一五年三月七号",
        "二O一五年 三月七日",
        42070, 42070.0, 42070.6, "２０１５年３月７日", '="2015-03-07"', "2015\u00a003\u00a007",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(said):
    row = read_row(2, line() | {"birth_date": said, "id_number": NUMBER}, circumstances())
    assert (row.values["birth_date"], row.problems) == ("2015-03-07", [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("date_unreadable", ["2015-02-29", "2015-13-01", "二月三十", "2015年2月30日", "20150230", "春"]),
        ("date_unreadable", [99.0, 1e300, True]),
        ("date_unreadable", ["2015-03-06T16:00:00Z", "2015-3-7-8", "7-Mar-2015", "42070", 20150230.0, float("nan")]),
        ("date_ambiguous", ["07.03.2015", "3/7/2015", "07/03/15", "15-03-07", "15年3月7日", "150307"]),
        ("date_ambiguous", ["3-7-15 00:00:00"]),
        ("date_incomplete", ["2015-03", "2015年3月", "2015年3月份", "2015.3", "201503", "2015", "2015年"]),
        ("date_incomplete", ["二〇一五年三月"]),
        ("date_incomplete", [2015.0, 2015.3, 201503.0]),
        ("date_lunar", ["农历2015年三月初七", "二〇一五年正月初五", "2015年腊月廿三", "阴历二月十二", "三月初七"]),
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed(code, said):
    for one in said:
        row = read_row(2, line() | {"birth_date": one, "id_number": NUMBER}, circumstances())
        assert [problem.code for problem in row.problems] == [code], one
        row = read_row(2, line() | {"category_from": one}, circumstances())
        assert [problem.code for problem in row.problems] == [code], one


@pytest.mark.parametrize("said", ["13912345678", 13912345678.0, "139 1234 5678", "0951-1234567", "010-12345678"])
def test_phones_of_all_kinds_are_taken(said):
    assert read(guardian_phone=said).problems == []


@pytest.mark.parametrize("said", ["女", "2", 2.0, "女性", " 女 "])
def test_sex_in_words_and_codes(said):
    assert read_row(2, line() | {"sex": said}, circumstances()).values["sex"] == "2"


@pytest.mark.parametrize(
    "said", ["孤儿、低保", "孤儿,低保", "孤儿；低保；", "02 13", "孤儿（社会散居）/低保家庭", "orphan_kin dibao"]
)
def test_several_categories_are_parted_by_any_mark(said):
    assert read(category=said).categories == {"orphan_kin", "dibao"}


def test_a_code_stored_as_a_figure_is_a_code():
    row = read(living_division=640122100200.0)
    assert (row.values["living_division"], row.problems) == (VILLAGE, [])


def test_an_empty_cell_says_nothing():
    row = read(ethnic_group="", living_address="  ", guardian_phone=None, category="")
    assert not {"ethnic_group", "living_address", "guardian_phone", "category"} & set(row.values)


def test_an_untidy_number_is_put_right():
    row = read(id_number=f"'{NUMBER[:6]} {NUMBER[6:]}\u200b".lower())
    assert (row.values["id_number"], row.problems) == (NUMBER, [])


def test_a_place_in_another_province_is_a_known_place():
    assert read(registered_division=VILLAGE_OF_ANOTHER_PROVINCE).problems == []


def test_a_warning_is_not_an_error():
    row = ReadRow(2)
    row.mark("adult", "birth_date", severity=Severity.WARNING)
    assert not row.is_bad
    row.mark("required", "name")
    assert row.is_bad


@pytest.mark.parametrize("header", sorted(CHILDREN.headers))
def test_every_header_leads_to_a_column(header):
    assert CHILDREN.code_of(header) in CHILDREN.by_code


def test_no_header_names_two_columns():
    said = [header for column in CHILDREN.columns for header in (column.header, column.code, *column.also)]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    "headers",
    [{column.code: column.code for column in CHILDREN.columns}, {"name": "儿童姓名", "id_number": "身份证号"}],
)
def test_english_and_everyday_headers_are_read(headers):
    opened = open_children(workbook([line()], headers=headers, title_rows=["登记表"]), name="a.xlsx")
    assert (opened.rows, opened.sheet.layout.unknown, opened.problems) == (1, [], [])


def test_marks_stand_at_the_cell_or_else_at_the_row():
    rows = [line(guardian_phone="见备注"), line(guardian_phone="13912345678", guardian_name=None)]
    opened = open_children(workbook(rows, columns=["备注", *rows[1], "guardian_phone"]), name="a.xlsx")
    found = list(marks(row_problems(judge_rows(rows)), opened.sheet.layout, sentence))
    assert [(mark.row, mark.column is None) for mark in found] == [(2, False), (3, True)]
    assert opened.sheet.layout.headers[found[0].column] == "监护人电话"


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({}, VILLAGE),
        ({"registered_division": VILLAGE_OF_NEXT_COUNTY}, VILLAGE),
        ({"registered_division": VILLAGE_OF_NEXT_COUNTY, "category": "农村留守"}, VILLAGE_OF_NEXT_COUNTY),
        ({"registered_division": VILLAGE_OF_ANOTHER_PROVINCE, "category": "孤儿"}, VILLAGE),
        ({"responsible_division": VILLAGE_OF_NEXT_COUNTY, "category": "孤儿"}, VILLAGE_OF_NEXT_COUNTY),
    ],
)
def test_the_responsible_place_of_a_row(cells, place):
    assert [row.responsible_code for row in judge_rows([line(**cells)], prefix="64")] == [place]


def test_ages_are_weighed_as_of_the_day():
    assert [problem.code for problem in read(birth_date="2007-06-03", category="低保").problems] == []
    assert [problem.code for problem in read(birth_date="2009-06-03", category="流动").problems] == []
    assert date(2025, 6, 2) == ON
