"""The registration form of left-behind children: its own headers, its answers, and places in words."""

from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from hutong.kit.staging import Verdict
from hutong.kit.workbooks.columns import clean_header
from hutong.law.form_questions import QUESTIONS
from hutong.registry.intake.checking import open_children
from hutong.registry.intake.columns import CHILDREN, PLACES_SHEET, SHEET
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.reading import Circumstances, ReadRow, read_row
from hutong.registry.intake.template import children_template
from tests.factories import (
    COUNTY,
    ON,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_ANOTHER_PROVINCE,
    circumstances,
    id_number,
    judge_rows,
    line,
    workbook,
)

NEW_VILLAGE = "640122100205"
BLANKS = [
    "姓名", "性别", "民族", "出生日期", "身份证号", "是否登记户口", "户籍地址", "现居住地址",
    "身体状况", "残疾类别", "残疾等级", "患病病种", "是否寄宿", "就学情况",
    "祖父姓名", "祖父出生日期", "祖母姓名", "祖母出生日期",
    "外祖父姓名", "外祖父出生日期", "外祖母姓名", "外祖母出生日期",
    "父亲姓名", "父亲出生日期", "父亲现务工地（至省市）", "父亲联系电话", "父亲身份证号",
    "母亲姓名", "母亲出生日期", "母亲现务工地（至省市）", "母亲联系电话", "母亲身份证号",
    "父母外出情况", "无监护能力一方", "是否委托监护",
    "受委托人姓名", "受委托人联系电话", "受委托人身份证号", "受委托人与儿童关系", "受委托人地址",
    "监护类型", "收入来源", "受助情况",
]  # fmt: skip
"""The 43 blanks of 《农村留守儿童基本情况登记表》, two storeys read as one."""
OTHERS = [
    "父亲务工地址", "母亲务工地点", "父亲电话", "父亲身份证号码", "受委托监护人姓名", "委托监护人联系电话",
    "被委托人与儿童的关系", "现住址", "家庭住址", "户籍所在地", "健康状况", "监护情况", "填表日期", "父亲出生年月",
    "家庭收入来源", "救助情况", "是否住校", "祖父",
]  # fmt: skip
FILLED = {
    "is_registered": "是", "health": "残疾", "disability_class": "肢体", "disability_grade": "二级",
    "boarding": "否", "schooling": "小学",
    "paternal_grandfather_name": "柳长河", "paternal_grandfather_birth_date": "1953-02-01",
    "father_name": "柳大山", "father_birth_date": "1986年4月1日", "father_workplace": "浙江省杭州市",
    "mother_name": "汤素云", "mother_phone": "13900011144",
    "absence": "双方外出", "is_entrusted": "是", "carer_address": "习岗镇新胜村3组",
    "guardianship_type": "一般", "income": "务工，务农", "aid": "低保", "filled_on": "2025-05-20",
}  # fmt: skip


def read(**cells: object) -> ReadRow:
    said = line(living_division=cells.pop("living_division", None), **cells)
    return read_row(2, said, circumstances_of(COUNTY))


def circumstances_of(within: str) -> Circumstances:
    given = circumstances()
    return Circumstances(given.on, given.places, given.province, given.tests_allowed, within)


def told(row: ReadRow | JudgedRow) -> list[tuple[str, str]]:
    return [(problem.code, problem.column) for problem in row.problems]


def test_the_form_has_forty_three_blanks_and_each_has_a_column_of_its_own():
    codes = [CHILDREN.code_of(clean_header(header)) for header in BLANKS]
    assert len(BLANKS) == 43 and None not in codes
    assert len(set(codes)) == 43


@pytest.mark.parametrize("header", OTHERS)
def test_other_words_for_the_blanks_are_known(header):
    assert CHILDREN.code_of(clean_header(header))


def test_no_header_leads_to_two_columns():
    headers = Counter(
        header
        for column in CHILDREN.columns
        for header in {clean_header(word) for word in (column.header, column.code, *column.also)}
    )
    assert [header for header, columns in headers.items() if columns > 1] == []
    assert CHILDREN.code_of("联系电话") == "guardian_phone"


def test_every_question_has_a_column_and_the_template_has_none_of_them():
    assert QUESTIONS.keys() <= CHILDREN.by_code.keys()
    assert not any(CHILDREN.by_code[code].in_template for code in QUESTIONS)


def test_a_whole_form_is_read():
    row = read(living_address="贺兰县习岗镇新胜村3组12号", registered_division="习岗镇新胜村", **FILLED)
    assert told(row) == []
    assert row.values | {
        "living_division": NEW_VILLAGE, "living_address": "3组12号", "registered_division": NEW_VILLAGE,
        "is_registered": "yes", "health": "disabled", "disability_class": "physical", "disability_grade": "2",
        "boarding": "no", "schooling": "primary", "paternal_grandfather_birth_date": "1953-02-01",
        "father_name": "柳大山", "father_birth_date": "1986-04-01", "mother_phone": "13900011144",
        "absence": "both_away", "is_entrusted": "yes", "guardianship_type": "fair", "income": "wages、farming",
        "aid": "dibao", "filled_on": "2025-05-20",
    } == row.values  # fmt: skip


def test_a_form_has_no_category_of_its_own():
    assert "category" not in read(living_address="习岗镇新胜村", category=None, **FILLED).values


def test_a_form_without_a_column_of_codes_is_a_readable_file():
    row = line(living_address="习岗镇新胜村3组", **FILLED)
    row.pop("living_division")
    opened = open_children(workbook([row]), name="form.xlsx")
    assert opened.is_readable
    row.pop("living_address")
    assert [problem.column for problem in open_children(workbook([row]), name="form.xlsx").problems] == [
        "living_division"
    ]


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"living_address": "3组12号"}, [("place_unknown", "living_address")]),
        ({"living_address": ""}, [("required", "living_address")]),
        ({"living_address": "贺兰县3组"}, [("division_above_township", "living_address")]),
        ({"living_address": "习岗镇新盛村3组"}, [("division_township", "living_address")]),
        ({"living_division": "", "living_address": "习岗镇新胜村"}, [("required", "living_division")]),
        ({"living_division": VILLAGE, "father_id_number": id_number(at=3)[:-1]}, [("id_length", "father_id_number")]),
        ({"living_division": VILLAGE, "mother_id_number": 990000198001010000}, [("numeric_id", "mother_id_number")]),
        ({"living_division": VILLAGE, "mother_phone": "13900011144"}, [("required", "mother_name")]),
        ({"living_division": VILLAGE, "father_name": "爸3"}, [("name_form", "father_name")]),
        ({"living_division": VILLAGE, "filled_on": "去年"}, [("date_unreadable", "filled_on")]),
        ({"living_division": VILLAGE, "filled_on": date(2025, 6, 3)}, [("date_in_future", "filled_on")]),
        ({"living_division": VILLAGE, "health": "还行"}, [("answer_unknown", "health")]),
        ({"living_division": VILLAGE, "father_birth_date": "1986年"}, [("answer_no_date", "father_birth_date")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_said_where_it_stands(cells, problems):
    assert told(read(**cells)) == problems


def test_a_childs_own_number_is_no_parents():
    number = id_number(at=9)
    row = read(living_division=VILLAGE, id_number=number, father_name="柳大山", father_id_number=number)
    assert told(row) == [("guardian_is_child", "father_id_number")]


def test_an_answer_that_is_not_offered_is_kept_as_written():
    values = read(living_division=VILLAGE, health="还行", mother_birth_date="1988年").values
    assert (values["health"], values["mother_birth_date"]) == ("还行", "1988年")


@pytest.mark.parametrize(
    ("written", "kept", "problems"),
    [
        (f"{NEW_VILLAGE} 新胜村", NEW_VILLAGE, []),
        (f"{NEW_VILLAGE}新胜村委会", NEW_VILLAGE, []),
        (f"{NEW_VILLAGE}（习岗镇新胜村）", NEW_VILLAGE, []),
        (f"{VILLAGE} 新胜村", VILLAGE, [("place_name_differs", "living_division")]),
        ("640122100999 新胜村", None, [("division_unknown", "living_division")]),
        ("原隆村", None, [("place_unknown", "living_division")]),
    ],
)
def test_a_code_may_stand_beside_its_name(written, kept, problems):
    row = read(living_division=written)
    assert (row.values.get("living_division"), told(row)) == (kept, problems)


def test_an_address_that_is_written_is_not_written_over():
    row = read(living_division="习岗镇新胜村3组", living_address="12号")
    assert (row.values["living_division"], row.values["living_address"]) == (NEW_VILLAGE, "12号")
    assert read(living_division="习岗镇新胜村3组").values["living_address"] == "3组"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("甘肃省平凉市静宁县城川镇", f"{VILLAGE_OF_ANOTHER_PROVINCE[:2]}0826000000"),
        ("静宁县", "620826000000"),
        ("贺兰县", "640122000000"),
        (VILLAGE_OF_ANOTHER_PROVINCE, VILLAGE_OF_ANOTHER_PROVINCE),
    ],
)
def test_a_registered_place_may_lie_anywhere(written, kept):
    row = read(living_division=VILLAGE, registered_division=written)
    assert (row.values["registered_division"], told(row)) == (kept, [])


def test_a_place_of_another_province_is_no_living_place():
    assert told(read(living_division="甘肃省静宁县")) == [("place_unknown", "living_division")]


def test_a_name_is_looked_for_in_the_place_the_file_is_judged_for():
    rows = [line(living_division="新胜村")]
    verdicts = {
        within: judge_rows(rows, prefix=within, given=circumstances_of(within))[0].verdict
        for within in (TOWNSHIP, COUNTY, "640181")
    }
    assert verdicts == {TOWNSHIP: Verdict.NEW, COUNTY: Verdict.NEW, "640181": Verdict.INVALID}
    row = read_row(2, line(living_division="新民村"), circumstances_of(PROVINCE))
    assert told(row) == [("place_ambiguous", "living_division")]
    assert int(row.problems[0].values["count"]) > 1


def test_a_date_typed_as_a_date_is_one():
    values = read(living_division=VILLAGE, maternal_grandmother_birth_date=date(1956, 3, 7)).values
    assert values["maternal_grandmother_birth_date"] == "1956-03-07"


def test_the_day_of_the_form_is_not_the_day_of_reading():
    assert read(living_division=VILLAGE, filled_on=date(2025, 5, 1)).values["filled_on"] == "2025-05-01"
    assert date(2025, 5, 1) < ON


def test_the_template_offers_the_places_of_the_place_and_what_it_offers_is_read():
    target = BytesIO()
    children_template(target, prefix=TOWNSHIP)
    book = load_workbook(target)
    offered = [row[-1] for row in book[PLACES_SHEET].iter_rows(min_row=2, values_only=True)]
    assert f"{NEW_VILLAGE} 新胜村" in offered
    sources = [one.formula1 for one in book[SHEET].data_validations.dataValidation]
    assert PLACES_SHEET in sources
    for text in offered:
        row = read(living_division=text)
        assert (row.values["living_division"], told(row)) == (text[:12], [])
