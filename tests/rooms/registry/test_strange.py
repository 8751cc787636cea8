"""Every workbook of the strange collection comes to what is written beside it, and to nothing else."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.accounts.jurisdiction import Area
from hutong.kit.staging import RowProblem, count_verdicts
from hutong.registry.intake.answer import as_document, row_problems
from hutong.registry.intake.checking import judge_sheet, open_children
from hutong.registry.intake.judge import JudgedRow, NoRegister
from tests.factories import COUNTY, circumstances
from tests.kit.strange import cells, files, headers
from tests.kit.strange.making import HEAD, Case, Told, rows, text, two

CASES = headers.CASES | cells.CASES | files.CASES


def look_at(content: bytes, name: str) -> tuple[int, list[JudgedRow], list[RowProblem]]:
    """How many rows a file holds, all of them judged without a register, and all that is said of it."""
    opened = open_children(content, name=name)
    if opened.sheet is None or not opened.is_readable:
        return opened.rows, [], [RowProblem(None, problem) for problem in opened.problems]
    sheet = judge_sheet(opened.sheet, given=circumstances(), covers=Area((COUNTY,)).covers, register=NoRegister())
    judged = [row for some in sheet.slices for row in some]
    return opened.rows, judged, opened.notes + list(row_problems(judged)) + sheet.at_the_end()


def told(problems: list[RowProblem]) -> list[Told]:
    return [(one["row"], one["column"], one["code"]) for one in map(as_document, problems)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_strange_workbook_comes_to_what_is_expected(case: Case):
    count, judged, problems = look_at(case.make(), case.name)

    assert sorted(told(problems), key=str) == sorted(case.told, key=str), case.line
    assert (count, count_verdicts(Counter(row.verdict for row in judged))) == (
        case.rows,
        count_verdicts(Counter(case.verdicts)),
    )
    by_number = {row.number: row.values for row in judged}
    for number, values in case.values.items():
        assert by_number[number] | values == by_number[number]


def test_the_collection_is_large_and_no_case_says_the_same_as_another():
    lines = [case.line for case in CASES.values()]
    assert len(CASES) == len(headers.CASES) + len(cells.CASES) + len(files.CASES) >= 100
    assert len(set(lines)) == len(lines)


GOOD = {
    "a.xlsx": rows(HEAD, *two()),
    "b.xlsx": files.kept("storeys.xlsx"),
    "a.xls": files.kept("storeys.xls"),
    "a.csv": text([HEAD, *two()]),
    "a.txt": text([HEAD, *two()], "\t", "utf-16"),
}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_damaged_file_is_read_or_refused_and_never_raises(name: str, data: st.DataObject):
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, 40))]
        content = content or bytearray(b"x")
    count, judged, problems = look_at(bytes(content), name)
    assert len(judged) == count
    assert count or problems
