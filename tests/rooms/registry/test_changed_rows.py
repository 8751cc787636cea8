"""What a changed row leaves behind: a change in the file, tasks that follow, a change back when it is withdrawn."""

import json

import pytest
from django.db.models import F

from hutong.accounts.models import Task, TrailEntry
from hutong.registry.actions import admission, judging, moving, staging
from hutong.registry.actions.altering import alter
from hutong.registry.actions.changes import read_document
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.batches import differing, history, reasons, staying, staying_lines
from hutong.registry.dossier import timeline
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.models import Change, Child
from tests import factories as make
from tests.factories import ON, VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, admitted, child, judged, line, line_of, person
from tests.facts import evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def csv_of(rows):
    codes = list(dict.fromkeys(code for row in rows for code in row))
    lines = [[CHILDREN.header_of(code) for code in codes], *([row.get(code, "") for code in codes] for row in rows)]
    return "\r\n".join(",".join(line) for line in lines).encode("gb18030")


def take_back(batch):
    return withdraw(by=person("approver"), batch=batch, on=ON)


def test_a_changed_row_tells_the_file_what_stood_there_and_what_stands():
    known = child(address="甘露街 1 号")
    batch = admitted([line_of(known, living_address="甘露街 2 号", category="残疾儿童")], only=["changed"])
    change = Change.objects.get()
    assert (change.child, change.kind, change.stage, change.reason) == (known, "alter", "done", "import")
    assert (change.by, change.division_code, change.on) == (batch.admitted_by, VILLAGE, ON)
    assert read_document(change) == (
        {"category": "dibao", "living_address": "甘露街 1 号"},
        {"category": "dibao disability", "living_address": "甘露街 2 号"},
    )
    told = [event for event in timeline(known, sensitive=False) if event.code == "file_alter"]
    assert [event.values["columns"] for event in told] == ["category living_address"]


def test_a_withdrawal_is_a_change_back():
    known = child(address="甘露街 1 号")
    batch = admitted([line_of(known, living_address="甘露街 2 号", category="残疾儿童")], only=["changed"])
    take_back(batch)
    there, back = Change.objects.order_by("pk")
    assert (back.reason, back.columns) == ("import_withdrawn", there.columns)
    assert read_document(back) == read_document(there)[::-1]
    known.refresh_from_db()
    assert (known.address.open(), known.revision, known.holdings.count()) == ("甘露街 1 号", 1, 1)


def test_nothing_personal_stands_in_the_trail_of_a_changed_row():
    admitted([line_of(child(), living_address="甘露街 2 号")], only=["changed"])
    assert "甘露街" not in json.dumps(list(TrailEntry.objects.values_list("details", flat=True)), ensure_ascii=False)


def test_open_tasks_go_where_the_child_goes_and_come_back_with_it():
    known, stays = child(), child()
    holder = person("township_supervisor", make.TOWNSHIP)
    for one in (known, stays):
        make.task(subject_kind="child", subject_key=one.file_number, division_code=VILLAGE, holder=holder)
    row = line_of(known, living_division=VILLAGE_OF_NEXT_TOWNSHIP)
    batch = admitted([row, line_of(stays, ethnic_group="回族")], only=["changed"])
    moved = Task.objects.get(subject_key=known.file_number)
    assert (moved.division_code, moved.holder) == (VILLAGE_OF_NEXT_TOWNSHIP, None)
    assert Task.objects.get(subject_key=stays.file_number).holder == holder
    take_back(batch)
    assert Task.objects.get(subject_key=known.file_number).division_code == VILLAGE


def test_while_a_hand_over_waits_a_row_does_not_decide_on_the_place():
    known = child()
    moving.offer_move(
        by=person("township_supervisor", make.TOWNSHIP),
        child=known,
        to_code=make.VILLAGE_OF_NEXT_COUNTY,
        reason="family_moved",
        revision=1,
        on=ON,
    )
    admitted([line_of(known, living_division=VILLAGE_OF_NEXT_TOWNSHIP)], only=["changed"])
    known.refresh_from_db()
    assert (known.living_code, known.responsible_code) == (VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE)


def test_a_child_changed_by_a_later_batch_goes_once_that_one_is_withdrawn():
    first = admitted([line()])
    made = Child.objects.get()
    second = admitted([line_of(made, ethnic_group="回族")], only=["changed"])
    assert [row.built_on for row in staying(first)] == ["changed_since"]
    take_back(second)
    assert take_back(first) == {"removed": 1, "restored": 0, "left": 0}
    assert not Child.objects.exists()


def test_statements_do_not_grow_with_changed_rows(django_assert_max_num_queries):
    known = [child() for _ in range(40)]
    rows = [line_of(one, ethnic_group="回族", guardian_name="汤桂英", category="残疾儿童") for one in known]
    batch, approver = judged(rows, by=person("county_officer")), person("approver")
    with django_assert_max_num_queries(52):
        assert admission.admit(by=approver, batch=batch, on=ON, only=["changed"]) == 40
    with django_assert_max_num_queries(60):
        assert withdraw(by=approver, batch=batch, on=ON)["restored"] == 40


def test_who_stays_is_told_with_the_reason():
    officer = person("county_officer")
    batch = admitted([line(), line(), line(), line()])
    touched, papered, other, _free = (row.child for row in batch.rows.order_by("number").select_related("child"))
    alter(by=officer, child=touched, values={"ethnic_group": "回族"}, revision=1, reason="checked", on=ON)
    evidence(child=papered)
    evidence(child=other, is_sealed=True, kind="other")
    lines = staying_lines(staying(batch))
    assert [(one.row, one.why, one.by) for one in lines] == [
        (2, "changed_since", officer.name),
        (3, "papers", ""),
        (4, "attached", ""),
    ]
    assert take_back(batch) == {"removed": 1, "restored": 0, "left": 3}
    assert staying_lines(staying(batch)) == lines


def test_reasons_stand_together_the_most_frequent_first():
    rows = [line(guardian_phone="无") for _ in range(7)] + [line(sex="x"), line(sex="x", guardian_phone="无")]
    twice = line()
    batch = judged([*rows, twice, twice, twice], by=person("county_officer"))
    told = [(one.problem.code, one.problem.column, one.rows, one.first) for one in reasons(batch)]
    assert told == [
        ("phone_form", "guardian_phone", 8, (2, 3, 4, 5, 6)),
        ("repeat", "id_number", 2, (12, 13)),
        ("sex_unknown", "sex", 2, (9, 10)),
    ]


def test_a_file_that_cannot_be_read_says_so_first_and_changed_rows_are_not_wrong():
    batch = judged([line_of(child(), ethnic_group="回族")], by=person("county_officer"))
    assert (reasons(batch), differing(batch)) == ([], [("ethnic_group", 1)])
    batch.counts = {"problems": [{"code": "no_rows", "column": "", "severity": "error", "values": {}}]}
    assert [(one.problem.code, one.rows) for one in reasons(batch)] == [("no_rows", 0)]


def test_values_that_differ_are_said_in_general():
    one, other = line(id_number="1" * 17), line(id_number="1" * 16)
    (same,) = reasons(judged([one], by=person("county_officer")))
    (mixed,) = reasons(judged([one, other], by=person("county_officer")))
    assert (same.is_alike, mixed.is_alike) == (True, False)


def test_the_history_tells_who_did_what():
    batch = admitted([line(), line()])
    take_back(batch)
    told = [(entry.act, entry.by and entry.by.pk) for entry in history(batch)]
    acts = [act for act, _by in told]
    assert acts == ["withdraw_import", "admit_import", "judge_import", "receive_import"]
    assert dict(told)["receive_import"] == batch.imported_by_id
    assert history(batch)[1].details["admitted"] == 2


@pytest.mark.parametrize("change", ["order", "columns", "csv"])
def test_the_same_rows_in_another_file_are_nobody_new(change):
    rows = [line(), line(no_id_reason="弃婴"), line()]
    admitted(rows)
    before = list(Child.objects.order_by("pk").values_list("pk", "revision"))
    content = {
        "order": lambda: make.workbook(rows[::-1], title_rows=["儿童信息"]),
        "columns": lambda: make.workbook([{"remark": "", **row} for row in rows], headers={"remark": "备注"}),
        "csv": lambda: csv_of(rows),
    }[change]()
    name = "children.csv" if change == "csv" else "more.xlsx"
    importer = person("county_officer")
    batch = staging.receive(by=importer, content=content, name=name, on=ON, division=make.COUNTY)
    batch = judging.judge(batch=batch, on=ON)
    assert batch.counts["same"] == 3, batch.counts
    assert admission.admit(by=person("approver"), batch=batch, on=ON, only=["new", "changed"]) == 0
    assert list(Child.objects.order_by("pk").values_list("pk", "revision")) == before


def test_a_child_that_somebody_touched_meanwhile_is_weighed_again():
    known = child()
    batch = judged([line_of(known, ethnic_group="回族")], by=person("county_officer"))
    Child.objects.filter(pk=known.pk).update(ethnic_group="03", revision=F("revision") + 1)
    assert admission.admit(by=person("approver"), batch=batch, on=ON, only=["changed"]) == 0
    assert (batch.rows.get().verdict, Change.objects.count()) == ("same", 0)
