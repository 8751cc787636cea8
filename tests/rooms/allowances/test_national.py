"""The national system: what is to be entered, marks one by one and together, what has changed or ended since."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import CopyState, Task, TrailEntry
from hutong.allowances.actions import national as marking
from hutong.allowances.actions.national import Mark
from hutong.allowances.models import NationalEntry
from hutong.allowances.national import changed, columns_today, due_on, ended, entered_as, entry_of, to_enter
from hutong.law.categories import Basis
from hutong.law.circumstances import HIDDEN
from hutong.registry.actions.copying import fetch_list
from hutong.registry.models import CategoryHolding, Child, Guardian
from tests.applications import DECIDED, Office
from tests.factories import NEXT_COUNTY, TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, child, holding, kin, person
from tests.facts import circumstance, joined_to, parent, study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SINCE, ENTERED, TODAY = date(2026, 6, 18), date(2026, 6, 22), date(2026, 6, 25)
AT = datetime(2026, 6, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def officer():
    return person("county_officer")


def recognised(category="de_facto", from_on=SINCE, **more):
    """A child who holds a category since the day."""
    whose = child(holdings=(), **more)
    holding(whose, category, from_on=from_on)
    return whose


def entered(by, whose, number="NX640122001", category="de_facto", **more):
    said = {"number": number, "entered_on": ENTERED, "on": TODAY} | more
    return marking.enter(by=by, child=whose, category=category, **said)


def waiting(by):
    return [one.child.leading for one in to_enter(by, on=TODAY)]


def test_who_is_confirmed_waits_to_be_entered_until_marked(officer):
    application = Office().confirmed()
    (one,) = to_enter(officer, on=TODAY)
    assert one.child == application.child and due_on(one) == date(2026, 6, 26)

    entry = entered(officer, application.child)
    assert waiting(officer) == []
    assert entry_of(application.child, "de_facto") == entry
    assert (entry.number, entry.entered_on, entry.entered_by) == ("NX640122001", ENTERED, officer)
    trail = TrailEntry.objects.get(act="enter_national")
    assert (trail.subject_key, trail.details) == (
        application.child.file_number, {"entry": entry.pk, "category": "de_facto"},
    )  # fmt: skip


def test_only_what_must_stand_there_waits_the_longest_held_first(officer):
    second, first = recognised(), recognised("orphan_kin", date(2026, 1, 5))
    recognised("left_behind"), recognised(from_on=date(2026, 7, 1)), recognised(living_code=VILLAGE_OF_NEXT_COUNTY)
    over, closed = recognised("orphan_institution"), recognised()
    CategoryHolding.objects.filter(child=over).update(until_on=ENTERED)
    Child.objects.filter(pk=closed.pk).update(closed_on=ENTERED, closed_reason="died")
    assert waiting(officer) == [first, second]
    assert waiting(person("approver")) == waiting(person("county_officer", NEXT_COUNTY, is_active=False)) == []


def test_what_stands_in_the_file_is_kept_with_the_mark(officer):
    whose = recognised(guardian={"phone": "13900000001"})
    circumstance(parent(whose, "father", name="柳安和"), "dead", from_on=date(2024, 5, 1))
    circumstance(parent(whose, "mother", name="尹素云"), "imprisoned", until_on=date(2026, 6, 1))
    study(whose, level="compulsory")
    said = entered_as(entered(officer, whose))
    assert said == columns_today([whose], on=TODAY)[whose.pk]
    assert (said["name"], said["id_number"], said["sex"]) == (whose.name, whose.id_number.open(), "女")
    assert (said["paid_category"], said["decided_on"]) == ("事实无人抚养", "2026-06-18")
    assert (said["guardian_name"], said["guardian_relation"], said["guardian_phone"]) == (
        "柳桂兰",
        "祖母",
        "13900000001",
    )
    assert (said["father_name"], said["father_situation"]) == ("柳安和", "死亡")
    assert (said["mother_name"], said["mother_situation"], said["study_level"]) == ("尹素云", "", "义务教育")


def test_nothing_outside_tells_whose_basis_is_sealed(officer):
    """《艾滋病防治条例》第三十九条: such a child is entered as one of the scattered standard, like all others."""
    one, other = recognised("orphan_kin"), recognised("orphan_kin")
    held = other.holdings.get()
    held.secret_basis = Basis.HIV.padded
    held.save()
    said = columns_today([one, other], on=TODAY)
    assert said[one.pk]["paid_category"] == said[other.pk]["paid_category"] == "散居孤儿标准保障"


def test_what_changes_later_is_a_difference_until_entered_anew(officer):
    whose = recognised(guardian={"phone": "13900000001"})
    entry = entered(officer, whose)
    assert changed(officer, on=TODAY) == []

    Guardian.objects.filter(child=whose).update(name="柳桂芳")
    (found,) = changed(officer, on=TODAY)
    (one,) = found.differences
    assert found.entry == entry and (one.column, one.ours, one.theirs) == ("guardian_name", "柳桂芳", "柳桂兰")

    anew = marking.update_entry(by=officer, entry=entry, number="NX640122001", entered_on=TODAY, on=TODAY)
    entry.refresh_from_db()
    assert (entry.ended_on, entry.ended_reason, entry.ended_by) == (TODAY, "anew", officer)
    assert changed(officer, on=TODAY) == [] and entry_of(whose, "de_facto") == anew
    assert list(TrailEntry.objects.order_by("id").values_list("act", flat=True)) == [
        "enter_national",
        "update_national",
    ]


def test_a_term_that_is_over_changes_what_was_entered_without_anybody_writing(officer):
    whose = recognised()
    circumstance(parent(whose, "mother"), "imprisoned", until_on=TODAY)
    entered(officer, whose)
    assert changed(officer, on=TODAY) == []
    ((difference,),) = (one.differences for one in changed(officer, on=date(2026, 6, 26)))
    assert (difference.column, difference.ours, difference.theirs) == ("mother_situation", "", "服刑在押")


def test_hidden_whereabouts_are_neither_kept_nor_compared(officer):
    whose = recognised(guardian={"phone": "13900000001"})
    circumstance(child=whose, parent=None, kind=HIDDEN)
    said = entered_as(entered(officer, whose))
    assert not {"living_place", "registered_place", "guardian_phone"} & set(said)
    guardian = whose.guardians.get()
    guardian.phone = "13900000002"
    guardian.save()
    assert changed(officer, on=TODAY) == []


def test_what_ended_here_is_to_be_dropped_there(officer):
    whose, closed, still = recognised(), recognised("orphan_kin"), recognised()
    entries = [
        entered(officer, one, number, category)
        for one, number, category in (
            (whose, "NX0001", "de_facto"), (closed, "NX0002", "orphan_kin"), (still, "NX0003", "de_facto"),
        )
    ]  # fmt: skip
    CategoryHolding.objects.filter(child=whose).update(until_on=TODAY)
    assert list(ended(officer, on=TODAY)) == []
    Child.objects.filter(pk=closed.pk).update(closed_on=TODAY, closed_reason="moved_out")
    assert list(ended(officer, on=date(2026, 6, 26))) == entries[:2]
    assert changed(officer, on=date(2026, 6, 26)) == []

    marking.end_entry(by=officer, entry=entries[0], reason="dropped", on=date(2026, 6, 26))
    assert list(ended(officer, on=date(2026, 6, 26))) == [entries[1]]
    assert TrailEntry.objects.get(act="end_national").details["reason"] == "dropped"


def test_a_mark_by_mistake_ends_in_words_and_the_child_waits_again(officer):
    whose = recognised()
    entry = entered(officer, whose)
    with pytest.raises(Refused, match="few words"):
        marking.end_entry(by=officer, entry=entry, reason="mistaken", on=TODAY)
    for reason in ("anew", "other"):
        with pytest.raises(Refused, match="Choose a reason"):
            marking.end_entry(by=officer, entry=entry, reason=reason, words="x", on=TODAY)
    marking.end_entry(by=officer, entry=entry, reason="mistaken", words="登记到了别的儿童", on=TODAY)
    assert waiting(officer) == [whose] and entry_of(whose, "de_facto") is None
    for again in (
        lambda: marking.end_entry(by=officer, entry=entry, reason="dropped", on=TODAY),
        lambda: marking.update_entry(by=officer, entry=entry, number="NX640122001", entered_on=TODAY, on=TODAY),
    ):
        with pytest.raises(Refused, match="ended already"):
            again()
    assert entered(officer, whose).pk != entry.pk


def test_a_joined_file_counts_for_the_one_that_leads(officer):
    whose, joined = recognised(), child(holdings=())
    entry = entered(officer, whose)
    joined_to(joined, whose)
    whose.refresh_from_db()
    assert waiting(officer) == [] and entry_of(whose.leading, "de_facto") == entry
    assert list(ended(officer, on=TODAY)) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"number": "12"}, "6 to 32"),
        ({"number": "编号NX0001"}, "6 to 32"),
        ({"entered_on": date(2026, 6, 26)}, "between"),
        ({"entered_on": date(2010, 1, 1)}, "between"),
        ({"category": "orphan_kin"}, "holds nothing"),
    ],
)
def test_what_cannot_be_is_not_marked(officer, said, why):
    whose = recognised()
    with pytest.raises(Refused, match=why):
        entered(officer, whose, **said)
    assert not NationalEntry.objects.exists()


def test_nobody_is_marked_twice_and_no_number_stands_with_two(officer):
    whose, other = recognised(), recognised()
    entered(officer, whose)
    with pytest.raises(Refused, match="already"):
        entered(officer, whose)
    with pytest.raises(Refused, match="another child"):
        entered(officer, other)


@pytest.mark.parametrize(
    ("role", "place"), [("approver", "640122"), ("township_supervisor", TOWNSHIP), ("county_officer", NEXT_COUNTY)]
)
def test_marks_are_kept_by_the_officer_of_the_county(officer, role, place):
    whose, by = recognised(), person(role, place)
    with pytest.raises(NotAllowed):
        entered(by, whose)
    entry = entered(officer, whose)
    with pytest.raises(NotAllowed):
        marking.update_entry(by=by, entry=entry, number="NX0009", entered_on=TODAY, on=TODAY)
    with pytest.raises(NotAllowed):
        marking.end_entry(by=by, entry=entry, reason="dropped", on=TODAY)


def test_nobody_marks_their_own_family(officer):
    whose = recognised()
    kin(officer, id_number=whose.id_number, id_index=whose.id_index)
    with pytest.raises(Refused, match="kin"):
        entered(officer, whose)


def test_many_are_marked_at_once_and_what_cannot_be_is_left_with_its_reason(officer):
    first, second, done, foreign = (
        recognised(), recognised(), recognised(), recognised(living_code=VILLAGE_OF_NEXT_COUNTY)
    )  # fmt: skip
    entered(officer, done)
    marks = [
        Mark(one.file_number, "de_facto", number)
        for one, number in ((first, "NX1001"), (second, "12"), (done, "NX1003"), (foreign, "NX1004"))
    ]
    marked = marking.enter_many(by=officer, marks=marks, entered_on=ENTERED, on=TODAY)
    assert [entry.child for entry in marked.entries] == [first]
    assert set(marked.left) == {second.file_number, done.file_number, foreign.file_number}
    assert "6 to 32" in marked.left[second.file_number]
    assert waiting(officer) == [second]
    with pytest.raises(Refused, match="At most"):
        marking.enter_many(by=officer, marks=marks * 51, entered_on=ENTERED, on=TODAY)


def test_a_county_has_one_task_once_a_last_day_has_come(officer):
    whose, other = recognised(), recognised()
    marking.watch_national(on=date(2026, 6, 25))
    assert not Task.objects.exists()
    for _ in range(2):
        marking.watch_national(on=date(2026, 6, 26))
    task = Task.objects.get()
    assert (task.kind, task.subject_key, task.role) == ("enter_national", "640122", "county_officer")
    assert (task.due_on, task.values, task.division_code) == (date(2026, 6, 26), {"children": 2}, "640122000000")

    later = date(2026, 6, 29)
    entered(officer, whose, on=later)
    assert Task.objects.get().values == {"children": 1}
    entered(officer, other, "NX640122002", on=later)
    assert Task.objects.get().closed_by == officer


def test_the_list_for_it_leaves_by_the_way_of_all_copies(officer):
    whose, hidden = recognised(guardian={"phone": "13900000001"}), recognised(guardian={"phone": "13900000002"})
    done = recognised()
    entered(officer, done)
    circumstance(child=hidden, parent=None, kind=HIDDEN)
    said = {"purpose": "national_entry", "receiver": "本单位", "on": TODAY, "at": AT}
    copy = marking.ask_for_national(by=officer, **said)
    assert copy.state == CopyState.GIVEN and set(copy.subjects) == {whose.file_number, hidden.file_number}

    content = fetch_list(by=officer, copy=copy, on=TODAY, at=AT)
    mark, titles, *rows = openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert copy.number in mark[0] and titles[1:5] == ("档案号", "姓名", "性别", "出生日期")
    by_file = {row[1]: dict(zip(titles, row, strict=True)) for row in rows}
    assert by_file[whose.file_number]["监护人电话"] == "13900000001"
    assert by_file[whose.file_number]["公民身份号码"] == whose.id_number.open()
    assert {by_file[hidden.file_number][title] for title in ("监护人电话", "现居住地", "户籍所在地")} == {"保密"}
    for by in (person("approver"), person("township_supervisor", TOWNSHIP)):
        with pytest.raises(Refused, match="nobody"):
            marking.ask_for_national(by=by, **said)


def test_a_county_is_read_in_few_questions(officer, django_assert_max_num_queries):
    for at in range(30):
        entered(officer, recognised(), f"NX{at:06}")
    for _ in range(30):
        recognised()
    with django_assert_max_num_queries(4):
        assert len([one.child.leading for one in to_enter(officer, on=TODAY)]) == 30
    with django_assert_max_num_queries(4):
        assert list(ended(officer, on=TODAY)) == []
    Guardian.objects.filter(child__national_entries__isnull=False).update(name="柳桂芳")
    with django_assert_max_num_queries(12):
        assert len(changed(officer, on=TODAY)) == 30
    with django_assert_max_num_queries(6):
        marking.watch_national(on=date(2026, 6, 29))


def test_the_day_of_the_decision_is_the_day_it_counts_from():
    application = Office().confirmed()
    assert application.child.holdings.get().from_on == DECIDED == SINCE
