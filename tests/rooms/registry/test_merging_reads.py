"""Whatever asks the register meets a child of two files once, as the file that leads."""

from datetime import date, timedelta

import pytest

from hutong.accounts.models import Task, TrailEntry
from hutong.divisions.models import Division
from hutong.kit.staging import Verdict
from hutong.registry import dossier
from hutong.registry.actions.admission import admit
from hutong.registry.actions.bulk import Wanted, try_bulk
from hutong.registry.actions.enrolling import AlreadyThere, MayBeThere, enrol
from hutong.registry.actions.facts import record_fact
from hutong.registry.actions.merging import undo_merge
from hutong.registry.actions.opening import look
from hutong.registry.actions.papers import watch_papers
from hutong.registry.actions.searching import search
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.batches import staying
from hutong.registry.finding import Filters, Words, children, elsewhere, listed
from hutong.registry.finding import Kind as Search
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Child, Circumstance, ImportRow
from hutong.registry.queries import expiring, names_of, visible_children, visible_to
from tests.factories import (
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    admitted,
    child,
    grant,
    id_number,
    judged,
    line,
    line_of,
    nearby_places,
    person,
)
from tests.facts import evidence, household, joined_to, member, observation, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def places():
    nearby_places()
    assert Division.objects.exists()


def two_files(**of_the_joined):
    leading, joined = child(), child(**of_the_joined)
    return leading, joined, joined_to(leading, joined)


def verdicts(*rows):
    batch = judged(rows, by=person("county_officer"))
    return batch, [(row.verdict, row.child) for row in batch.rows.order_by("number")]


def test_a_row_with_the_number_of_a_joined_file_meets_the_leading_one(places):
    leading, joined, _merge = two_files()
    _batch, found = verdicts(line_of(joined))
    assert found == [(Verdict.CHANGED, leading)]


def test_what_a_joined_file_holds_is_no_news(places):
    leading, _joined, _merge = two_files(holdings=["migrant"])
    _batch, found = verdicts(line_of(leading, category="低保家庭、流动"))
    assert found[0][0] == Verdict.SAME


def test_a_child_without_a_number_is_known_again_by_a_joined_file(places):
    leading, joined, _merge = two_files(id_number="")
    _batch, found = verdicts(line_of(joined))
    assert found[0][1] == leading


def test_a_namesake_of_a_joined_file_is_a_possible_match_with_the_leading_one(places):
    leading, joined, _merge = two_files(id_number="")
    _batch, found = verdicts(line(name=joined.name))
    assert found == [(Verdict.POSSIBLE, leading)]


def test_two_rows_of_one_child_are_one_and_a_repeat(places):
    leading, joined, _merge = two_files()
    batch, found = verdicts(line_of(leading, guardian_name="柳素芳"), line_of(joined))
    assert [verdict for verdict, _child in found] == [Verdict.CHANGED, Verdict.REPEAT]
    assert admit(by=person("approver"), batch=batch, on=ON, only=["changed"]) == 1
    joined.refresh_from_db()
    assert joined.guardians.get().name == "柳桂兰"


def test_a_row_checked_before_the_files_were_joined_comes_to_the_leading_one(places):
    leading, joined = child(), child()
    batch, _found = verdicts(line_of(joined, guardian_name="柳素芳"))
    joined_to(leading, joined)
    admit(by=person("approver"), batch=batch, on=ON, only=["changed"])
    assert joined.guardians.get().name == "柳桂兰"
    assert leading.guardians.filter(until_on__isnull=True).get().name == "柳素芳"


def test_a_batch_is_not_taken_back_under_a_merge(places):
    batch = admitted([line(), line()])
    made = list(Child.objects.order_by("pk"))
    joined_to(child(), made[0])
    assert [(row.child, row.built_on) for row in staying(batch)] == [(made[0], "joined")]
    counts = withdraw(by=person("approver"), batch=batch, on=ON)
    assert (counts["removed"], counts["left"]) == (1, 1)
    assert ImportRow.objects.get(child=made[0]).admitted_at


def test_typed_entry_meets_the_leading_file(places):
    leading, joined, _merge = two_files()
    said = {"name": joined.name, "sex": "2", "birth_date": "2015-03-07", "living_division": VILLAGE}
    common = {"by": person("county_officer"), "on": ON}
    guardian = {"guardian_name": "柳桂兰", "guardian_relation": "62", "category": "dibao"}
    with pytest.raises(AlreadyThere) as refused:
        enrol(values=said | guardian | {"id_number": joined.id_number.open()}, **common)
    assert refused.value.file_number == leading.file_number
    with pytest.raises(MayBeThere) as refused:
        enrol(values=said | guardian | {"id_number": id_number(date(2015, 3, 7))}, **common)
    assert refused.value.file_number == leading.file_number


def test_lists_and_counts_hold_a_child_once_with_the_categories_of_both():
    leading, _joined, _merge = two_files(holdings=["dibao", "migrant"])
    officer = person("county_officer")
    (told,) = listed(children(officer, Filters(), on=ON), most=10)
    assert (told.file_number, sorted(told.categories)) == (leading.file_number, ["dibao", "migrant"])
    assert list(children(officer, Filters(category="migrant"), on=ON)) == [leading]
    assert visible_children(officer, on=ON).count() == 1
    assert visible_to(officer, on=ON).count() == 2


@pytest.mark.parametrize("kind", ["name", "pinyin", "initials", "id", "file", "phone", "birth"])
def test_a_search_for_the_joined_file_finds_the_leading_one_once(kind):
    leading, joined, _merge = two_files(guardian={"phone": "13900000007"}, name="欧阳安澜")
    text = {
        "name": "安澜",
        "pinyin": joined.pinyin[:6],
        "initials": joined.initials,
        "id": joined.id_number.open(),
        "file": joined.file_number,
        "phone": "13900000007",
        "birth": f"{joined.name} 2015-03-07",
    }[kind]
    officer = person("county_officer")
    assert list(children(officer, Filters(text=text), on=ON)) == [leading]
    assert search(by=officer, text=text, on=ON).here == 1


def test_elsewhere_both_files_are_one_child():
    number = id_number()
    leading = child(name="欧阳安澜", birth_date=date(2015, 3, 7))
    joined_to(leading, child(name="欧阳安澜", birth_date=date(2015, 3, 7), id_number=number))
    neighbour = person("county_officer", NEXT_COUNTY)
    assert elsewhere(neighbour, Words(Search.ID, number), on=ON) == [leading]
    assert elsewhere(neighbour, Words(Search.NAME, "欧阳安澜", date(2015, 3, 7)), on=ON) == [leading]


def test_a_joined_file_is_seen_where_the_leading_one_is():
    leading, joined, _merge = two_files()
    Child.objects.filter(pk=leading.pk).update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    ours, theirs = person("county_officer"), person("county_officer", NEXT_COUNTY)
    assert not visible_to(ours, on=ON).exists()
    assert set(visible_to(theirs, on=ON)) == {leading, joined}
    assert names_of(theirs, [joined.file_number], on=ON) == {joined.file_number: joined.name}


def test_a_grant_of_one_file_opens_it_and_one_of_the_leading_file_opens_both():
    leading, joined, _merge = two_files()
    one, both = person("institution_staff"), person("institution_staff")
    grant(one, joined.file_number), grant(both, leading.file_number)
    assert set(visible_to(one, on=ON)) == {joined}
    assert set(visible_to(both, on=ON)) == {leading, joined}


def test_a_household_and_brothers_and_sisters_name_each_child_once():
    leading, joined, sister = child(), child(), child()
    home = household()
    for one in (leading, joined, sister):
        member(home, child=one, from_on=ON)
    merge = joined_to(leading, joined)
    officer = person("county_officer")
    assert {row.child for row in dossier.household(sister)} == {leading, sister}
    assert dossier.siblings(officer, sister, on=ON) == [leading]
    assert dossier.siblings(officer, Child.objects.get(pk=leading.pk), on=ON) == [sister]
    undo_merge(by=officer, merge=merge, reason="twins", on=ON)
    assert len(dossier.household(Child.objects.get(pk=sister.pk))) == 3


def test_a_circumstance_recorded_with_siblings_leaves_joined_files_alone():
    number = id_number(date(1985, 1, 1))
    said = {"id_number": number, "name": "柳素云"}
    leading, joined, sister = child(), child(), child()
    parents = [parent(one, id_index=id_index(number), **said) for one in (leading, joined, sister)]
    joined_to(leading, joined)
    fresh = Child.objects.get(pk=leading.pk)
    values = {"parent": parents[0], "kind": "imprisoned", "from_on": ON}
    record_fact(by=person("county_officer"), child=fresh, noun="circumstance", values=values, with_siblings=True,
                revision=fresh.revision, reason="happened", on=ON)  # fmt: skip
    assert set(Circumstance.objects.values_list("child", flat=True)) == {leading.pk, sister.pk}


def test_a_paper_of_a_joined_file_is_asked_for_with_the_leading_one():
    leading, joined, merge = two_files()
    evidence(joined, kind="other", expires_on=ON + timedelta(days=9))
    watch_papers(on=ON)
    asked = Task.objects.filter(kind__startswith="paper", closed_at__isnull=True)
    assert {task.subject_key for task in asked} == {leading.file_number}
    evidence(leading, kind="other", expires_on=ON + timedelta(days=900))
    assert not expiring(on=ON, within_days=60).exists()
    undo_merge(by=person("county_officer"), merge=merge, reason="twins", on=ON)
    assert {task.subject_key for task in asked.all()} == {joined.file_number}


def test_answers_of_forms_are_those_of_all_files():
    leading, joined, _merge = two_files()
    observation(joined)
    said = dossier.observations_of(Child.objects.get(pk=leading.pk), sensitive=True)
    assert [one.child for one in said] == [joined]


def test_a_bulk_change_leaves_a_joined_file_and_names_the_leading_one(places):
    leading, joined, _merge = two_files()
    wanted = Wanted("place", {"place": NEXT_VILLAGE}, "happened")
    numbers = [leading.file_number, joined.file_number]
    outcomes = try_bulk(by=person("county_officer"), file_numbers=numbers, wanted=wanted, on=ON)
    why = {outcome.child: outcome.why for outcome in outcomes}
    assert why[leading] == "" and leading.file_number in why[joined]


def test_a_look_at_the_leading_file_is_one_at_those_joined_to_it():
    leading, joined, _merge = two_files()
    officer = person("county_officer")
    look(by=officer, file_number=leading.file_number, on=ON)
    seen = TrailEntry.objects.filter(act="open_child", by=officer).values_list("subject_key", flat=True)
    assert set(seen) == {leading.file_number, joined.file_number}
    look(by=officer, file_number=joined.file_number, on=ON)
    assert TrailEntry.objects.filter(act="open_child", subject_key=leading.file_number).count() == 1
