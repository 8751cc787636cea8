"""Admission by a second person, in slices, once; and withdrawal of what nobody has built on."""

from collections.abc import Iterable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.divisions.actions.load import load_shipped
from hutong.kit.staging import State
from hutong.law.identity import read_file_number
from hutong.registry.actions import admission
from hutong.registry.actions.withdrawal import withdraw as withdraw_batch
from hutong.registry.intake.judge import id_index
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch
from hutong.registry.queries import rows_left
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    admitted,
    child,
    id_number,
    judged,
    line,
    line_of,
    person,
    received,
)

in_the_province = pytest.mark.usefixtures("divisions")


def admit(batch: ImportBatch, *only: str) -> int:
    return admission.admit(by=person("approver"), batch=batch, on=ON, only=only or ("new",))


def withdraw(batch: ImportBatch) -> dict[str, int]:
    return dict(withdraw_batch(by=person("approver"), batch=batch, on=ON))


def said(children: Iterable[Child]) -> list[dict]:
    """Everything the register says of children, sealed values opened; revisions and row ids aside."""
    return [
        {
            "child": (one.name, one.pinyin, one.initials, one.sex, one.birth_date, one.ethnic_group, one.no_id_reason),
            "places": (one.registered_code, one.living_code, one.responsible_code),
            "sealed": [value and value.open() for value in (one.id_number, one.address)],
            "indexes": (one.id_index and bytes(one.id_index), bytes(one.matching_index)),
            "guardians": [
                (who.name, who.relation, who.phone and who.phone.open(), who.until_on) for who in one.guardians.all()
            ],
            "holdings": list(one.holdings.values_list("category", "from_on", "until_on", "decision_number")),
        }
        for one in children
    ]


@in_the_province
def test_an_admitted_row_is_a_child_with_guardian_and_holdings():
    number = id_number(at=3)
    row = line(
        name="单文静", id_number=number, ethnic_group="回族", living_address="甘露街 1 号",
        guardian_phone="13912345678", registered_division="620825103205", category="低保、残疾儿童",
        category_from="2024-06-14", decision_number="贺民发1号",
    )  # fmt: skip
    admitted([row])
    made = Child.objects.get()
    (found,) = said([made])
    assert found.pop("indexes")[0] == id_index(number)
    assert found == {
        "child": ("单文静", "shanwenjing", "swj", "2", date(2015, 3, 7), "03", ""),
        "places": ("620825103205", VILLAGE, VILLAGE),
        "sealed": [number, "甘露街 1 号"],
        "guardians": [("柳桂兰", "62", "13912345678", None)],
        "holdings": [
            ("dibao", date(2024, 6, 14), None, "贺民发1号"), ("disability", date(2024, 6, 14), None, "贺民发1号"),
        ],
    }  # fmt: skip
    assert read_file_number(made.file_number) == made.file_number


@in_the_province
def test_an_admission_closes_its_task_and_says_who():
    batch, approver = judged([line()], by=person("county_officer")), person("approver")
    assert admission.admit(by=approver, batch=batch, on=ON) == 1
    assert (batch.state, batch.admitted_by, batch.only) == (State.ADMITTED, approver, ["new"])
    assert Task.objects.get(kind="admit_batch").closed_by == approver
    assert TrailEntry.objects.get(act="admit_import").details == {"only": ["new"], "admitted": 1}


@in_the_province
def test_every_child_has_an_entry_in_the_trail():
    batch = admitted([line(), line(), line()])
    entries = TrailEntry.objects.filter(act="admit_child", subject_kind="child")
    assert set(entries.values_list("subject_key", flat=True)) == set(
        Child.objects.values_list("file_number", flat=True)
    )
    assert {(entry.division_code, entry.details["import_batch"]) for entry in entries} == {(VILLAGE, batch.pk)}


@in_the_province
def test_the_importer_does_not_admit_whatever_else_they_may():
    importer = person("county_officer")
    batch = judged([line()], by=importer)
    importer.postings.update(role="approver")
    with pytest.raises(Refused):
        admission.admit(by=type(importer).objects.get(pk=importer.pk), batch=batch, on=ON)
    assert not Child.objects.exists()


@in_the_province
def test_the_database_wants_a_second_person_too():
    batch = judged([line()], by=person("county_officer"))
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(admitted_by=F("imported_by"), admitted_at=timezone.now())


@in_the_province
@pytest.mark.parametrize(
    ("role", "prefix"),
    [
        ("county_officer", COUNTY),
        ("approver", NEXT_COUNTY),
        ("approver", TOWNSHIP),
        ("payer", COUNTY),
        ("auditor", "64"),
    ],
)
def test_who_is_no_approver_of_the_place_does_not_admit(role, prefix):
    batch = judged([line()], by=person("county_officer"))
    with pytest.raises(NotAllowed):
        admission.admit(by=person(role, prefix), batch=batch, on=ON)
    batch.refresh_from_db()
    assert (batch.state, Child.objects.count()) == (State.JUDGED, 0)


@in_the_province
@pytest.mark.parametrize("only", [[], ["same"], ["possible"], ["new", "invalid"], ["everything"]])
def test_only_new_and_changed_rows_may_be_asked_for(only):
    batch = judged([line()], by=person("county_officer"))
    with pytest.raises(Refused):
        admission.admit(by=person("approver"), batch=batch, on=ON, only=only)


@in_the_province
def test_what_is_not_judged_is_not_admitted():
    batch = received([line()], by=person("county_officer"))
    with pytest.raises(Refused):
        admit(batch)


@in_the_province
def test_a_partial_admission_leaves_the_rest_for_later():
    known = child()
    rows = [line(), line_of(known, guardian_phone="13912345678"), line(guardian_phone="无")]
    batch = judged(rows, by=person("county_officer"))
    assert admit(batch, "new") == 1
    assert list(rows_left(batch).values_list("number", "verdict")) == [(3, "changed"), (4, "invalid")]
    assert admit(batch, "changed") == 1
    assert list(rows_left(batch).values_list("number", "verdict")) == [(4, "invalid")]
    assert admit(batch, "new", "changed") == 0
    assert Child.objects.count() == 2


@in_the_province
def test_rows_that_may_not_come_in_never_do():
    elsewhere = child(living_code="640121100200")
    rows = [
        line_of(elsewhere, living_division=VILLAGE),
        line(guardian_phone="无"),
        line(living_division="640121100200"),
    ]
    batch = judged(rows, by=person("county_officer"))
    assert admit(batch, "new", "changed") == 0
    assert said(Child.objects.all()) == said([elsewhere])


@in_the_province
def test_the_same_rows_in_another_file_admit_nothing_twice():
    rows = [
        line(),
        line(no_id_reason="弃婴"),
        line(no_id_reason="出生未登记", guardian_name=None, guardian_relation=None),
    ]
    first, second = (judged(order, by=person("county_officer")) for order in (rows, rows[::-1]))
    assert (admit(first), admit(second, "new", "changed")) == (3, 0)
    assert set(second.rows.values_list("verdict", flat=True)) == {"same"}
    assert Child.objects.count() == TrailEntry.objects.filter(act="admit_child").count() == 3


@in_the_province
def test_an_admission_twice_admits_nothing_more():
    batch = admitted([line(), line()])
    assert (admit(batch), Child.objects.count(), batch.state) == (0, 2, State.ADMITTED)


@in_the_province
def test_a_changed_row_changes_what_it_says_and_nothing_else():
    known = child(guardian={"phone": "13912345678"}, address="甘露街 1 号", ethnic_group="03")
    row = line_of(known, living_address="甘露街 2 号", category="残疾儿童", category_from="2025-05-01")
    (before,) = said([known])
    admitted([row], only=("changed",))
    (after,) = said(Child.objects.all())
    assert after["sealed"] == [known.id_number.open(), "甘露街 2 号"]
    assert after["holdings"] == [*before["holdings"], ("disability", date(2025, 5, 1), None, "")]
    assert {key: after[key] for key in ("child", "places", "guardians", "indexes")} == {
        key: before[key] for key in ("child", "places", "guardians", "indexes")
    }
    assert Child.objects.get().revision == 2
    assert TrailEntry.objects.get(act="change_child").subject_key == known.file_number


@in_the_province
def test_a_changed_name_is_found_by_its_new_spelling():
    known = child(name="柳安")
    admitted([line_of(known, name="柳清和")], only=("changed",))
    known.refresh_from_db()
    assert (known.name, known.pinyin, known.initials) == ("柳清和", "liuqinghe", "lqh")


@in_the_province
def test_a_new_guardian_comes_to_a_child_that_had_none():
    known = child()
    known.guardians.all().delete()
    admitted([line() | {"name": known.name, "id_number": known.id_number.open()}], only=("changed",))
    assert known.guardians.get().name == "柳桂兰"


@in_the_province
def test_withdrawing_removes_what_the_batch_made():
    batch = admitted([line(), line(no_id_reason="弃婴")])
    numbers = set(Child.objects.values_list("file_number", flat=True))
    assert withdraw(batch) == {"removed": 2, "restored": 0, "left": 0}
    assert [model.objects.count() for model in (Child, Guardian, CategoryHolding)] == [0, 0, 0]
    assert set(TrailEntry.objects.filter(act="withdraw_child").values_list("subject_key", flat=True)) == numbers
    assert (batch.state, rows_left(batch).count()) == (State.WITHDRAWN, 2)


@in_the_province
def test_withdrawing_restores_what_the_batch_changed():
    known = child(guardian={"phone": "13912345678"}, address="甘露街 1 号", ethnic_group="03")
    before = said([known])
    row = line_of(
        known, name="柳清和", living_division="640122101200", living_address="甘露街 2 号", ethnic_group="汉族"
    )
    row |= {"guardian_phone": "13900000000", "guardian_relation": "外祖母", "category": "残疾儿童"}
    batch = admitted([row, line()], only=("new", "changed"))
    assert said(Child.objects.filter(pk=known.pk)) != before
    assert withdraw(batch) == {"removed": 1, "restored": 1, "left": 0}
    assert said(Child.objects.all()) == before
    assert TrailEntry.objects.get(act="restore_child").subject_key == known.file_number


@in_the_province
def test_withdrawing_takes_a_guardian_away_that_the_batch_brought():
    known = child()
    known.guardians.all().delete()
    batch = admitted([line() | {"name": known.name, "id_number": known.id_number.open()}], only=("changed",))
    withdraw(batch)
    assert not known.guardians.exists()


@in_the_province
def test_withdrawing_leaves_what_was_touched_and_says_so():
    known = child()
    batch = admitted([line(), line(), line_of(known, ethnic_group="回族")], only=("new", "changed"))
    touched = batch.rows.get(number=2).child
    Child.objects.filter(pk__in=[touched.pk, known.pk]).update(revision=F("revision") + 1)
    assert withdraw(batch) == {"removed": 1, "restored": 0, "left": 2}
    assert set(Child.objects.all()) == {touched, known}
    assert list(batch.rows.filter(admitted_at__isnull=False).values_list("number", flat=True)) == [2, 4]
    known.refresh_from_db()
    assert known.ethnic_group == "03"


@in_the_province
def test_a_later_change_by_another_file_keeps_the_child():
    batch = admitted([line()])
    made = Child.objects.get()
    admitted([line_of(made, ethnic_group="回族")], only=("changed",))
    assert withdraw(batch) == {"removed": 0, "restored": 0, "left": 1}
    assert Child.objects.get() == made


@in_the_province
def test_the_same_file_may_come_again_after_a_withdrawal():
    rows, importer = [line(), line()], person("county_officer")
    first = judged(rows, by=importer)
    admit(first)
    withdraw(first)
    second = judged(rows, by=importer)
    assert second != first
    assert (admit(second), Child.objects.count()) == (2, 2)


@in_the_province
def test_a_batch_is_withdrawn_once_and_not_admitted_afterwards():
    batch = judged([line()], by=person("county_officer"))
    assert withdraw(batch) == {"removed": 0, "restored": 0, "left": 0}
    assert not Task.objects.filter(closed_at=None).exists()
    with pytest.raises(Refused):
        withdraw(batch)
    with pytest.raises(Refused):
        admit(batch)


@in_the_province
@pytest.mark.parametrize(
    ("role", "prefix"), [("payer", COUNTY), ("approver", NEXT_COUNTY), ("village_director", VILLAGE)]
)
def test_who_neither_imports_nor_admits_here_does_not_withdraw(role, prefix):
    batch = admitted([line()])
    with pytest.raises(NotAllowed):
        withdraw_batch(by=person(role, prefix), batch=batch, on=ON)
    assert Child.objects.count() == 1


@in_the_province
def test_an_admission_interrupted_between_slices_goes_on_to_the_same_register(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    rows = [line(no_id_reason="弃婴" if at % 2 else None) for at in range(5)]
    batch = judged(rows, by=person("county_officer"))

    def interrupt(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        admission.admit(by=person("approver"), batch=batch, on=ON, progress=interrupt)
    batch.refresh_from_db()
    assert (batch.state, Child.objects.count()) == (State.ADMITTING, 2)
    assert admit(batch) == 3
    assert sorted(Child.objects.values_list("name", flat=True)) == sorted(row["name"] for row in rows)
    assert [model.objects.count() for model in (Guardian, CategoryHolding)] == [5, 5]
    assert TrailEntry.objects.filter(act="admit_child").count() == 5
    assert batch.state == State.ADMITTED


@in_the_province
def test_slices_tell_how_far_they_are(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    batch, told = judged([line() for _ in range(5)], by=person("county_officer")), []
    assert admission.admit(by=person("approver"), batch=batch, on=ON, progress=told.append) == 5
    assert told == [2, 4, 5]


@in_the_province
def test_statements_do_not_grow_with_the_rows(django_assert_max_num_queries):
    batch, approver = judged([line() for _ in range(60)], by=person("county_officer")), person("approver")
    with django_assert_max_num_queries(50):
        assert admission.admit(by=approver, batch=batch, on=ON) == 60


def test_two_batches_admitted_at_once_make_one_child_of_one(committed_database, monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 5)
    load_shipped("64")
    rows = [line(no_id_reason="弃婴" if at % 2 else None) for at in range(20)]
    batches = [judged(order, by=person("county_officer")) for order in (rows, rows[::-1])]
    together, counts = Barrier(2), []

    def work(batch: ImportBatch) -> None:
        approver = person("approver")
        together.wait(timeout=20)
        counts.append(admission.admit(by=approver, batch=batch, on=ON, only=["new", "changed"]))
        connections.close_all()

    threads = [Thread(target=work, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(counts) == Child.objects.count() == TrailEntry.objects.filter(act="admit_child").count() == 20
    assert sorted(Child.objects.values_list("name", flat=True)) == sorted(row["name"] for row in rows)
    left = [rows_left(batch).values_list("verdict", flat=True) for batch in batches]
    assert {verdict for verdicts in left for verdict in verdicts} == {"same"}


@in_the_province
def test_another_guardian_ends_the_one_before_and_inherits_nothing_from_them():
    known = child(guardian={"phone": "13912345678", "id_number": id_number(date(1960, 1, 1))})
    admitted([line_of(known, guardian_name="汤桂英", guardian_relation="外祖母")], only=("changed",))
    former, present = known.guardians.order_by("id")
    assert (former.name, former.phone.open(), former.until_on) == ("柳桂兰", "13912345678", ON - timedelta(days=1))
    assert (present.name, present.relation, present.from_on, present.until_on) == ("汤桂英", "64", ON, None)
    assert (present.phone, present.phone_index, present.id_number, present.id_index) == (None, None, None, None)


@in_the_province
def test_withdrawing_gives_a_child_its_former_guardian_back():
    known = child(guardian={"phone": "13912345678"})
    before = said([known])
    batch = admitted([line_of(known, guardian_name="汤桂英", guardian_phone="13900000000")], only=("changed",))
    assert said(Child.objects.all()) != before
    assert withdraw(batch)["restored"] == 1
    assert said(Child.objects.all()) == before
