"""Sheets that came back, whatever stands in their cells: nothing breaks, nothing impossible is taken, none is lost."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.questions import Question, Receipt, faults_of
from hutong.gateways.exchange.sheet import Cover, read_sheet, text_of
from hutong.kit.workbooks.book import Page
from hutong.law.data_sources import TOPICS, Outcome, topic
from tests.factories import id_number
from tests.gateways.clerk import DUE, ON

PEOPLE = [("柳安宁", id_number(date(1985, 3, 7), at=3)), ("柳月", id_number(at=2))]
DAYS = st.dates(date(1980, 1, 1), date(2030, 1, 1))
ODD = st.sampled_from(["", " ", "x", "是", "否", "查到", 0.0, 1.0, 2023.0, 45047.0, 1e300, float("nan"), True, False])
CELLS = st.one_of(
    ODD,
    DAYS,
    DAYS.map(date.isoformat),
    st.text(max_size=8),
    st.floats(),
    st.just(datetime(2023, 5, 1, 1)),
    st.just(time(1)),
    st.just(timedelta(1)),
)
COVER = Cover("prison", "某监狱 王清", ON)


@st.composite
def sheets(draw):
    """A topic, its questions and a sheet of it; most rows name a question, their answers may be anything."""
    asked = draw(st.sampled_from(TOPICS))
    questions = tuple(Question(f"k{at}", asked.source, asked.about[0], *one, ON) for at, one in enumerate(PEOPLE))
    rows = []
    for _row in range(draw(st.integers(0, 4))):
        question = draw(st.sampled_from(questions))
        fixed = [question.number, question.name, question.id_number, ON.isoformat()]
        if draw(st.integers(0, 4)) == 0:
            fixed[draw(st.integers(0, 2))] = draw(CELLS)
        outcome = draw(st.sampled_from([*layout.OUTCOMES.values(), "查到", "查到", ""]) | CELLS)
        rows.append([*fixed, outcome, *(draw(_typed(field) | CELLS) for field in asked.fields)])
    return asked, Receipt("LTLJ-2VCD-9", questions, ON, DUE), Page(asked.title_zh, [list(layout.headers(asked)), *rows])


def _typed(field):
    words = st.sampled_from([zh for _value, zh, _en in field.choices]) if field.choices else DAYS.map(date.isoformat)
    return st.just("") | words


def read(asked, receipt, page, **more):
    cover = Cover(asked.source, COVER.answered_by, COVER.answered_on)
    return read_sheet(page, asked, receipt, cover, **{"counts_from_1904": False} | more)


@given(sheets())
def test_whatever_is_typed_only_possible_answers_to_questions_come_back(sheet):
    asked, receipt, page = sheet
    found = read(asked, receipt, page)
    numbers = [answer.number for answer in found.answers]
    assert len(numbers) == len({*numbers}) and {*numbers} <= {*receipt.by_number}
    for answer in found.answers:
        assert not list(faults_of(receipt.by_number[answer.number], answer.values, on=ON))
        assert answer.outcome is Outcome.FOUND or not answer.values


@given(sheets())
def test_every_row_is_an_answer_a_problem_or_unanswered(sheet):
    asked, receipt, page = sheet
    found = read(asked, receipt, page)
    in_trouble = {problem.row for problem in found.problems}
    answered = {answer.number for answer in found.answers}
    for row, cells in enumerate(page.cells[1:], start=2):
        is_filled = any(text_of(cell) or str(cell).strip() for cell in cells[len(layout.FIXED) :])
        is_ours = cells[0] in receipt.by_number
        others = {at for at, other in enumerate(page.cells[1:], start=2) if other[0] == cells[0]}
        assert not is_filled or row in in_trouble or (is_ours and (cells[0] in answered or others & in_trouble))


@given(sheets())
def test_the_order_of_rows_changes_no_answer(sheet):
    asked, receipt, page = sheet
    turned = Page(page.name, [page.cells[0], *reversed(page.cells[1:])])
    answers = {answer.number: answer for answer in read(asked, receipt, page).answers}
    assert answers == {answer.number: answer for answer in read(asked, receipt, turned).answers}


def test_short_rows_and_empty_sheets_are_read():
    asked = topic("prison", "imprisoned")
    question = Question("k0", "prison", "imprisoned", *PEOPLE[0], ON)
    receipt, headers = Receipt("LTLJ-2VCD-9", (question,), ON, DUE), list(layout.headers(asked))
    row = ["k0", *PEOPLE[0], "", "查到"]
    assert read(asked, receipt, Page("服刑情况", [headers, row])).answers[0].values == {}
    assert [one.code for one in read(asked, receipt, Page("服刑情况", [])).problems] == ["no_header"]
    assert read(asked, receipt, Page("服刑情况", [headers])) == read(
        asked, receipt, Page("服刑情况", [headers, [], [""]])
    )


def test_headers_are_looked_for_in_the_first_rows():
    receipt = Receipt("LTLJ-2VCD-9", (Question("k0", "funeral", "dead", *PEOPLE[0], ON),), ON, DUE)
    table = [list(layout.headers(topic("funeral", "dead"))), ["k0", *PEOPLE[0], "", "未查到"]]
    for titles, found in ((9, 1), (10, 0)):
        page = Page("火化（安葬）登记", [["核对表"]] * titles + table)
        assert len(read(topic("funeral", "dead"), receipt, page).answers) == found


def test_figures_of_1904_are_counted_from_there():
    asked = topic("funeral", "dead")
    receipt = Receipt("LTLJ-2VCD-9", (Question("k0", "funeral", "dead", *PEOPLE[0], ON),), ON, DUE)
    page = Page("火化（安葬）登记", [list(layout.headers(asked)), ["k0", *PEOPLE[0], "", "查到", 45047.0 - 1462]])
    assert read(asked, receipt, page, counts_from_1904=True).answers[0].values == {"died_on": date(2023, 5, 1)}
    without = Page(page.name, [row[:-1] for row in page.cells])
    assert read(asked, receipt, without, counts_from_1904=True).answers[0].values == {}


def test_cells_are_read_as_texts():
    assert [text_of(cell) for cell in (3.0, 3, 1.5, True, False, " ａ ", ON, time(1))] == [
        "3", "3", "1.5", "是", "否", "a", "", "",
    ]  # fmt: skip
