"""Copies: who may ask for which, when a second person agrees, what stands in them, what the trail keeps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from hutong.accounts import copies as reads
from hutong.accounts.actions.copies import decide_copy, destroy_copy, watch_copies
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.copies import copied_alone, copies
from hutong.accounts.models import Copy, CopyState, Notice, Task, TrailEntry
from hutong.law.circumstances import HIDDEN
from hutong.law.copies import FORMS, KINDS, LISTS_BY_FILTERS, NATIONAL, copy_rules
from hutong.registry.actions import copying, opening
from hutong.registry.finding import Filters
from hutong.registry.models import Child, Circumstance
from tests import facts
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    kin,
    person,
    posting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]
AT = datetime(2025, 6, 2, 3, 0, tzinfo=UTC)


def asked(by, kind="export_roster", filters=None, at=AT, **more) -> Copy:
    said = {"purpose": KINDS[kind].purposes[0], "receiver": "本单位"} | more
    return copying.ask_for_list(by=by, kind=kind, filters=filters or Filters(), on=ON, at=at, **said)


def form(by, whose, kind="print_file", **more) -> Copy:
    said = {"purpose": KINDS[kind].purposes[0], "receiver": "本单位"} | more
    return copying.ask_for_form(by=by, child=whose, kind=kind, on=ON, at=AT, **said)


def fetched(by, copy, at=AT) -> list[list[str]]:
    content = copying.fetch_list(by=by, copy=copy, on=ON, at=at)
    rows = openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [[str(cell) for cell in row] for row in rows]


def hidden(whose) -> Circumstance:
    return facts.circumstance(child=whose, parent=None, kind=HIDDEN)


@pytest.fixture
def officer():
    return person("county_officer")


@pytest.fixture
def few_alone(monkeypatch):
    """As if three children in a day were all that one person copies alone."""
    monkeypatch.setattr(reads, "copy_rules", lambda on: replace(copy_rules(on), children_alone=3))


def test_a_short_list_is_given_at_once_and_holds_what_its_reader_needs(officer):
    whose = child(guardian={"phone": "13900000001"}, holdings=("dibao", "harmed"))
    copy = asked(officer)
    assert (copy.state, copy.subjects, copy.division_code) == (CopyState.GIVEN, [whose.file_number], VILLAGE)
    titles, row = fetched(officer, copy)
    assert titles == ["序号", "档案号", "姓名", "性别", "年龄", "村（社区）", "监护人", "类别"]
    assert row[1:4] == [whose.file_number, whose.name, "女"] and row[7] == "低保家庭"
    assert not {"13900000001", whose.id_number.open()} & set(row)


def test_a_number_leaves_in_the_kind_for_it_and_a_telephone_for_visits(officer):
    whose = child(guardian={"phone": "13900000001"})
    whose.address = "习岗镇新胜村1号"
    whose.save()
    assert whose.id_number.open() in fetched(officer, asked(officer, "export_comparison"))[1]
    visiting = fetched(officer, asked(officer, "export_visiting"))[1]
    assert {"13900000001", "习岗镇新胜村1号"} <= set(visiting) and whose.id_number.open() not in visiting
    care = fetched(officer, asked(officer, "export_care"))[1]
    assert whose.name not in care and care[1].startswith("柳*")


@pytest.mark.parametrize("kind", LISTS_BY_FILTERS)
def test_where_whereabouts_are_secret_no_list_tells_them(officer, kind):
    whose = child(guardian={"phone": "13900000001"})
    whose.address = "习岗镇新胜村1号"
    whose.save()
    hidden(whose)
    told = " ".join(fetched(officer, asked(officer, kind))[1])
    assert not [word for word in ("13900000001", "新胜", "习岗") if word in told]


def test_whereabouts_that_a_joined_file_keeps_secret_are_secret(officer):
    whose, joined = child(guardian={"phone": "13900000001"}), child()
    hidden(joined)
    facts.joined_to(whose, joined)
    assert "13900000001" not in fetched(officer, asked(officer, "export_visiting"))[1]


def test_secret_whereabouts_are_shown_to_few(officer):
    whose, director = child(guardian={"phone": "13900000001"}), person("village_director", VILLAGE)
    assert opening.may_find(director, whose, on=ON)
    held = hidden(whose)
    assert not opening.may_find(director, whose, on=ON) and opening.may_find(officer, whose, on=ON)
    with pytest.raises(Refused, match="kept secret"):
        opening.reveal(by=director, child=whose, value="guardian-phone", number=0, on=ON, at=AT)
    type(held).objects.filter(pk=held.pk).update(until_on=ON - timedelta(days=1))
    assert opening.may_find(director, whose, on=ON)


def test_the_file_is_the_same_each_time_and_goes_when_its_time_is_over(officer):
    whose, copy = child(), asked(officer)
    first = copying.fetch_list(by=officer, copy=copy, on=ON, at=AT)
    Child.objects.filter(pk=whose.pk).update(name="柳别")
    assert copying.fetch_list(by=officer, copy=copy, on=ON, at=AT + timedelta(hours=23)) == first
    over = AT + timedelta(hours=24)
    with pytest.raises(Refused, match="time to fetch"):
        copying.fetch_list(by=officer, copy=copy, on=ON, at=over)
    watch_copies(on=ON, at=over)
    copy.refresh_from_db()
    assert copy.content is None and copy.first_fetched_at


def test_the_trail_keeps_who_asked_who_fetched_and_whose_children(officer):
    whose = child()
    copy = asked(officer)
    for _ in range(2):
        copying.fetch_list(by=officer, copy=copy, on=ON, at=AT)
    acts = list(TrailEntry.objects.order_by("id").values_list("act", "subject_kind"))
    assert acts == [("ask_copy", "copy"), ("fetch_copy", "copy"), ("copy_out", "child"), ("fetch_copy", "copy")]
    assert TrailEntry.objects.get(act="copy_out").subject_key == whose.file_number
    assert TrailEntry.objects.get(act="copy_out").details == {"field": copy.number, "kind": copy.kind}


def test_over_a_number_of_children_a_second_person_agrees_first(officer, few_alone):
    for _ in range(4):
        child()
    copy = asked(officer)
    assert copy.state == CopyState.ASKED
    task = Task.objects.get()
    assert (task.kind, task.role, task.division_code) == ("decide_copy", "approver", copy.division_code)
    with pytest.raises(Refused):
        copying.fetch_list(by=officer, copy=copy, on=ON, at=AT)
    approver = person("approver")
    decide_copy(by=approver, copy=copy, is_agreed=True, words="", on=ON, at=AT)
    assert len(fetched(officer, copy)) == 5
    assert Task.objects.get().closed_by == approver
    assert Notice.objects.get().kind == "copy_given"


def test_what_was_copied_before_counts_within_a_day(officer, few_alone):
    for _ in range(2):
        child()
    assert asked(officer).state == CopyState.GIVEN
    later = AT + timedelta(hours=23)
    assert copied_alone(officer, at=later) == 2
    assert asked(officer, "export_visiting", at=later).state == CopyState.ASKED
    assert asked(person("county_officer"), at=later).state == CopyState.GIVEN
    assert asked(officer, at=AT + timedelta(hours=48)).state == CopyState.GIVEN


def test_what_a_second_person_agreed_to_does_not_count(officer, few_alone):
    for _ in range(4):
        child()
    copy = asked(officer)
    assert form(officer, Child.objects.first()).state == CopyState.GIVEN
    decide_copy(by=person("approver"), copy=copy, is_agreed=True, words="", on=ON, at=AT)
    assert copied_alone(officer, at=AT) == 1


def test_a_form_counts_like_a_list_of_one(officer, few_alone):
    children = [child() for _ in range(4)]
    assert [form(officer, one).state for one in children] == ["given"] * 3 + ["asked"]


def test_nobody_agrees_to_their_own_nor_elsewhere_nor_twice(officer, few_alone):
    for _ in range(4):
        child()
    copy = asked(officer)
    both = person("approver")
    Copy.objects.filter(pk=copy.pk).update(by=both)
    with pytest.raises(Refused, match="Somebody else"):
        decide_copy(by=both, copy=copy, is_agreed=True, words="", on=ON, at=AT)
    with pytest.raises(NotAllowed):
        decide_copy(by=person("approver", NEXT_COUNTY), copy=copy, is_agreed=True, words="", on=ON, at=AT)
    other = person("approver")
    with pytest.raises(Refused, match="why not"):
        decide_copy(by=other, copy=copy, is_agreed=False, words="", on=ON, at=AT)
    with pytest.raises(Refused, match="At most"):
        decide_copy(by=other, copy=copy, is_agreed=False, words="长" * 201, on=ON, at=AT)
    decide_copy(by=other, copy=copy, is_agreed=False, words="不需要", on=ON, at=AT)
    with pytest.raises(Refused, match="already"):
        decide_copy(by=other, copy=copy, is_agreed=True, words="", on=ON, at=AT)
    assert Notice.objects.get().kind == "copy_declined"


@pytest.mark.parametrize(
    ("role", "place", "kind", "allowed"),
    [
        ("township_supervisor", TOWNSHIP, "export_visiting", True),
        ("township_supervisor", TOWNSHIP, "export_comparison", False),
        ("village_director", VILLAGE, "export_roster", False),
        ("approver", COUNTY, "export_roster", False),
        ("county_officer", NEXT_COUNTY, "export_roster", False),
    ],
)
def test_each_list_has_a_permission_of_its_own(role, place, kind, allowed):
    child()
    by = person(role, place)
    if allowed:
        assert asked(by, kind).subjects
    else:
        with pytest.raises(Refused, match="nobody"):
            asked(by, kind)


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("village_director", {"print_visit", "print_family"}),
        ("township_supervisor", {"print_file", "print_visit", "print_family"}),
        ("county_officer", set(FORMS)),
        ("approver", {"print_file"}),
        ("payer", set()),
    ],
)
def test_each_form_has_a_permission_of_its_own(role, kinds):
    by, whose = person(role, VILLAGE if role == "village_director" else COUNTY), child()
    for kind in FORMS:
        if kind in kinds:
            assert copying.open_form(by=by, copy=form(by, whose, kind), on=ON, at=AT) == whose
        else:
            with pytest.raises(NotAllowed):
                form(by, whose, kind)


def test_a_list_is_of_the_places_where_its_permission_holds(officer):
    """A township's supervisor who is county officer of another county has ID numbers of that county alone."""
    by = person("township_supervisor", TOWNSHIP)
    posting(by, "county_officer", NEXT_COUNTY)
    child()
    there = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    assert asked(by, "export_comparison").subjects == [there.file_number]
    assert len(asked(by, "export_roster").subjects) == 2


def test_the_place_of_a_copy_holds_all_its_children(officer):
    child(), child(living_code=VILLAGE_OF_NEXT_TOWNSHIP)
    assert asked(officer).division_code == f"{COUNTY}000000"


def test_children_of_ones_own_kin_are_left_out(officer):
    own, other = child(), child()
    kin(officer, id_number=own.id_number, id_index=own.id_index)
    assert asked(officer).subjects == [other.file_number]
    with pytest.raises(Refused, match="kin"):
        form(officer, own)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"purpose": "care"}, "what the copy is for"),
        ({"purpose": "x"}, "what the copy is for"),
        ({"receiver": " "}, "who receives"),
        ({"receiver": "长" * 201}, "At most"),
    ],
)
def test_without_purpose_and_receiver_there_is_no_copy(officer, said, why):
    whose = child()
    with pytest.raises(Refused, match=why):
        asked(officer, **said)
    with pytest.raises(Refused, match=why):
        form(officer, whose, **said)


def test_a_list_is_no_form_and_a_form_no_list(officer):
    whose = child()
    with pytest.raises(Refused, match="which list"):
        copying.ask_for_list(
            by=officer, kind="print_file", filters=Filters(), purpose="archive", receiver="本单位", on=ON, at=AT
        )
    with pytest.raises(Refused, match="which form"):
        copying.ask_for_form(
            by=officer, child=whose, kind="export_roster", purpose="audit", receiver="本单位", on=ON, at=AT
        )
    with pytest.raises(NotAllowed):
        copying.open_form(by=officer, copy=asked(officer), on=ON, at=AT)


def test_a_long_list_is_to_be_narrowed(officer, monkeypatch):
    monkeypatch.setattr(copying, "copy_rules", lambda on: replace(copy_rules(on), children_at_most=1))
    child(), child()
    with pytest.raises(Refused, match="Narrow"):
        asked(officer)


def test_who_has_moved_on_since_is_in_no_file(officer):
    gone, here = child(), child()
    copy = asked(officer)
    Child.objects.filter(pk=gone.pk).update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    assert [row[1] for row in fetched(officer, copy)[1:]] == [here.file_number]
    alone = form(officer, here)
    Child.objects.filter(pk=here.pk).update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(NotAllowed):
        copying.open_form(by=officer, copy=alone, on=ON, at=AT)


def test_a_copy_is_fetched_by_whom_it_was_given_to_alone(officer):
    whose = child()
    for copy in (asked(officer), form(officer, whose)):
        for other in (person("county_officer"), person("approver")):
            with pytest.raises(NotAllowed):
                copying.fetch_list(by=other, copy=copy, on=ON, at=AT)
            with pytest.raises(NotAllowed):
                copying.open_form(by=other, copy=copy, on=ON, at=AT)


def test_whoever_lost_the_right_fetches_nothing(officer):
    child()
    copy = asked(officer)
    officer.postings.update(until_on=ON - timedelta(days=1))
    with pytest.raises(NotAllowed):
        copying.fetch_list(by=type(officer).objects.get(pk=officer.pk), copy=copy, on=ON, at=AT)


def test_a_copy_is_destroyed_and_whoever_keeps_it_is_told_once(officer):
    child()
    copy = asked(officer)
    with pytest.raises(Refused):
        destroy_copy(by=officer, copy=copy, on=ON, at=AT)
    copying.fetch_list(by=officer, copy=copy, on=ON, at=AT)
    copy.refresh_from_db()
    assert copy.destroy_on == ON + timedelta(days=30)
    for _ in range(2):
        watch_copies(on=copy.destroy_on, at=AT + timedelta(days=30))
    assert Notice.objects.get().kind == "copy_to_destroy"
    with pytest.raises(NotAllowed):
        destroy_copy(by=person("county_officer"), copy=copy, on=ON, at=AT)
    destroy_copy(by=officer, copy=copy, on=ON, at=AT)
    with pytest.raises(Refused):
        destroy_copy(by=officer, copy=copy, on=ON, at=AT)
    copy.refresh_from_db()
    assert copy.destroyed_on == ON and copy.fetch_until == AT


def test_copies_are_seen_by_who_asked_who_decides_and_who_audits(officer):
    child()
    copy = asked(officer)
    for role, place, sees in (
        ("approver", COUNTY, True), ("auditor", "64", True), ("county_officer", COUNTY, False),
        ("approver", NEXT_COUNTY, False), ("city_officer", "6401", False),
    ):  # fmt: skip
        assert copies(person(role, place), on=ON).filter(pk=copy.pk).exists() == sees, role
    assert list(copies(officer, on=ON)) == [copy]


def test_no_copy_is_ever_deleted(officer):
    child()
    asked(officer)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Copy.objects.all().delete()


def test_a_county_is_listed_in_few_questions(officer, django_assert_max_num_queries):
    for _ in range(30):
        child()
    copy = asked(officer)
    with django_assert_max_num_queries(16):
        copying.fetch_list(by=officer, copy=copy, on=ON, at=AT)


def test_the_list_for_the_national_system_is_not_asked_for_by_filters(officer):
    child()
    with pytest.raises(Refused):
        asked(officer, NATIONAL, purpose="national_entry")
