"""Unknown sheets: said once what each column holds, known the next time."""

from io import BytesIO

import pytest
import xlsxwriter

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.kit.staging import State
from hutong.kit.workbooks.book import read_book
from hutong.registry.actions import admission, judging, matching, staging
from hutong.registry.actions.changes import WrongValues
from hutong.registry.intake.matching import preview_children
from hutong.registry.models import Child, ImportBatch, SenderLayout
from tests.factories import NEXT_COUNTY, ON, VILLAGE, id_number, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
HEADERS = ["序号", "娃娃", "男女", "哪天生的", "身份证", "带娃的人", "手机"]
CODES = {1: "name", 2: "sex", 3: "birth_date", 4: "id_number", 5: "guardian_name", 6: "guardian_phone"}


def sheet(*rows: list[object], headers: list[str] | None = None, title: str = "", extra: str = "") -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("名单")
        lines = [[title]] * bool(title) + [headers or HEADERS, *rows]
        for at, line in enumerate(lines):
            page.write_row(at, 0, line)
        if extra:
            book.add_worksheet(extra).write_row(0, 0, ["x"])
    return target.getvalue()


def row(name: str, at: int) -> list[object]:
    return [at, name, "女", "2015-03-07", id_number(at=at), "柳桂兰", "13912345678"]


def sent(content: bytes, by) -> ImportBatch:
    return judging.judge(batch=staging.receive(by=by, content=content, name="village.xlsx", on=ON), on=ON)


def matched(batch: ImportBatch, by, **more) -> ImportBatch:
    said = {"page": 0, "header_row": 1, "codes": CODES, "fixed": {"living_division": VILLAGE}} | more
    return judging.judge(batch=matching.match_columns(by=by, batch=batch, on=ON, **said), on=ON)


def test_an_unknown_sheet_waits_for_its_columns_and_is_then_judged():
    officer = person("county_officer")
    waiting = sent(sheet(row("柳安", 1), row("柳宁", 2)), officer)
    assert waiting.state == State.UNMATCHED
    assert not Task.objects.filter(subject_key=str(waiting.pk)).exists()

    batch = matched(waiting, officer)

    assert (batch.state, batch.counts["new"], batch.rows_total) == (State.JUDGED, 2, 2)
    admission.admit(by=person("approver"), batch=batch, on=ON)
    assert set(Child.objects.values_list("name", "living_code")) == {("柳安", VILLAGE), ("柳宁", VILLAGE)}


def test_what_was_said_once_is_known_for_the_next_sheet_of_the_same_sender():
    officer, other = person("county_officer"), person("county_officer")
    headers = [*HEADERS, "现居住地"]
    first = sheet([*row("柳安", 1), VILLAGE], headers=headers)
    matched(sent(first, officer), officer, codes=CODES | {7: "living_division"}, fixed={})

    again = sheet([*row("柳宁", 2), VILLAGE], headers=headers)
    assert sent(again, other).state == State.UNMATCHED
    known = sent(sheet([*row("柳和", 3), VILLAGE], headers=headers), officer)

    assert (known.state, known.counts["new"]) == (State.JUDGED, 1)


def test_what_holds_for_every_row_is_asked_again():
    officer = person("county_officer")
    matched(sent(sheet(row("柳安", 1)), officer), officer)
    second = sent(sheet(row("柳宁", 2)), officer)
    assert second.state == State.UNMATCHED
    shown = matching.look_at_columns(by=officer, batch=second, on=ON)
    assert {column.at: column.code for column in shown.columns if column.code} == CODES
    assert not any(column.is_proposed for column in shown.columns)


def test_columns_are_proposed_by_what_they_hold_and_samples_hide_numbers():
    content = sheet(*(row(name, at) for at, name in enumerate(["柳安", "柳宁", "柳和"], 1)), title="习岗镇2026年名单")
    shown = preview_children(read_book(content, name="a.xlsx"), on=ON)
    assert shown.layout.header_row == 2
    said = {column.at: column.code for column in shown.columns}
    assert said == {
        0: "",
        1: "name",
        2: "sex",
        3: "birth_date",
        4: "id_number",
        5: "guardian_name",
        6: "guardian_phone",
    }
    assert all(column.is_proposed for column in shown.columns if column.at)
    assert not any(
        "99" in sample or "1391" in sample
        for column in shown.columns[4:5] + shown.columns[6:]
        for sample in column.samples
    )


def test_a_proposal_alone_admits_nothing():
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1)), officer)
    assert (batch.state, batch.rows.count(), SenderLayout.objects.count()) == (State.UNMATCHED, 0, 0)


def test_a_pasted_block_without_headers_is_matched_by_position_and_not_remembered():
    officer = person("county_officer")
    block = "\n".join("\t".join(map(str, row(name, at))) for at, name in enumerate(["柳安", "柳宁"], 1))
    batch = staging.receive(by=officer, content=block.encode(), name="pasted.txt", on=ON)
    assert judging.judge(batch=batch, on=ON).state == State.UNMATCHED
    done = matched(batch, officer, header_row=0)
    assert (done.counts["new"], SenderLayout.objects.count()) == (2, 0)


@pytest.mark.parametrize(
    ("codes", "fixed", "problem"),
    [
        (CODES, {}, ("missing_column", "living_division")),
        (CODES | {5: "name"}, {"living_division": VILLAGE}, ("same_column", "name")),
        (
            {at: code for at, code in CODES.items() if code != "id_number"},
            {"living_division": VILLAGE},
            ("missing_column", "id_number"),
        ),
    ],
)
def test_what_nobody_could_judge_by_is_refused(codes, fixed, problem):
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1)), officer)
    with pytest.raises(WrongValues) as refused:
        matching.match_columns(by=officer, batch=batch, page=0, header_row=1, codes=codes, fixed=fixed, on=ON)
    assert problem in [(one.code, one.column) for one in refused.value.problems]
    batch.refresh_from_db()
    assert batch.state == State.UNMATCHED


def test_a_judged_batch_is_read_differently_until_something_is_admitted():
    officer = person("county_officer")
    batch = matched(sent(sheet(row("柳安", 1)), officer), officer)
    batch = matched(batch, officer, codes={at: code for at, code in CODES.items() if at != 6})
    assert batch.counts["new"] == 1
    admission.admit(by=person("approver"), batch=batch, on=ON)
    batch.refresh_from_db()
    with pytest.raises(Refused):
        matching.look_at_columns(by=officer, batch=batch, on=ON)


def test_only_who_imports_here_sees_the_samples_and_the_look_is_recorded():
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1)), officer)
    for stranger in (person("approver"), person("county_officer", NEXT_COUNTY)):
        with pytest.raises(NotAllowed):
            matching.look_at_columns(by=stranger, batch=batch, on=ON)
    matching.look_at_columns(by=officer, batch=batch, on=ON)
    assert TrailEntry.objects.filter(act="look_at_columns", subject_key=str(batch.pk)).count() == 1


def test_another_sheet_of_the_workbook_can_be_chosen():
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1), extra="说明"), officer)
    shown = matching.look_at_columns(by=officer, batch=batch, on=ON, page=1)
    assert (shown.names, shown.layout.page) == (("名单", "说明"), 1)
    with pytest.raises(Refused):
        matching.look_at_columns(by=officer, batch=batch, on=ON, page=2)


@pytest.mark.parametrize("header_row", [9, 30])
def test_a_header_row_below_the_data_leaves_columns_without_names(header_row):
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1)), officer)
    shown = matching.look_at_columns(by=officer, batch=batch, on=ON, header_row=header_row)
    assert (shown.columns, shown.rows) == ((), 0)


def test_headers_are_not_looked_for_further_down():
    officer = person("county_officer")
    batch = sent(sheet(row("柳安", 1)), officer)
    with pytest.raises(Refused):
        matching.look_at_columns(by=officer, batch=batch, on=ON, header_row=31)
