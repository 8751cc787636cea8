"""Recoding divisions: the old code ends, the new one begins, postings go along and history is still found."""

from datetime import date, timedelta

import pytest

from hutong.accounts.actions.divisions import Recode, RefusedRecodes, recode_division, recode_divisions
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.jurisdiction import widest
from hutong.accounts.models import Person, Posting, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may, open_tasks, postings_on
from hutong.divisions.models import Division, Succession
from hutong.divisions.queries import names_of, valid_on
from hutong.law.division_code import Level, full
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    person,
    posting,
    task,
)

pytestmark = pytest.mark.usefixtures("divisions")
EVE = ON - timedelta(days=1)
NEW_VILLAGE, OTHER_NEW_VILLAGE = "640122100290", "640122100291"
NEW_TOWNSHIP, OTHER_NEW_TOWNSHIP, NEW_COUNTY = "640122190", "640122191", "640190"
SEE = Permission.SEE_CHILDREN


def recode(before: str = VILLAGE, after: str = NEW_VILLAGE, *, by: Person | None = None, **more: object) -> int:
    values = {"effective_on": ON, "document": "宁民发〔2025〕9号", "on": ON} | more
    return recode_division(by=by or admin(), from_code=full(before), to_code=full(after), **values)


def admin() -> Person:
    return person("system_administrator", "64")


def stands(code: str, on: date = ON) -> bool:
    return valid_on(on).filter(code=full(code)).exists()


def line(before: str, after: str, name: str = "", on: date = ON) -> Recode:
    return Recode(full(before), full(after), name, on, "宁民发〔2025〕9号")


def test_a_village_gets_another_code_and_name():
    assert recode(name="黎明新村") == 1

    old, new = Division.objects.get(code=VILLAGE), Division.objects.get(code=NEW_VILLAGE)
    assert (old.valid_until, new.valid_from, new.valid_until) == (EVE, ON, None)
    assert (new.name, new.pinyin, new.initials, new.level) == ("黎明新村", "limingxincun", "lmxc", Level.VILLAGE)
    assert (new.kind, new.source) == (old.kind, "宁民发〔2025〕9号")
    assert [stands(VILLAGE, EVE), stands(VILLAGE), stands(NEW_VILLAGE, EVE), stands(NEW_VILLAGE)] == [
        True, False, False, True,
    ]  # fmt: skip
    succession = Succession.objects.get()
    assert (succession.from_code, succession.to_code, succession.on) == (VILLAGE, NEW_VILLAGE, ON)


def test_without_a_name_the_name_stays():
    recode()
    assert names_of([NEW_VILLAGE]) == {NEW_VILLAGE: "黎明村"}


@pytest.mark.parametrize(("before", "after"), [(TOWNSHIP, NEW_TOWNSHIP), (COUNTY, NEW_COUNTY)])
def test_what_lies_in_a_place_goes_along(before, after):
    inside = set(Division.objects.filter(code__startswith=before).values_list("code", flat=True))

    assert recode(before, after) == len(inside)

    moved = {after + code[len(before) :] for code in inside}
    assert set(valid_on(ON).filter(code__startswith=after).values_list("code", flat=True)) == moved
    assert not valid_on(ON).filter(code__startswith=before).exists()
    assert Succession.objects.count() == len(inside)


def test_a_place_may_be_merged_into_one_that_stands():
    recode(after=NEXT_VILLAGE)
    assert Division.objects.filter(code=NEXT_VILLAGE).count() == 1
    assert stands(NEXT_VILLAGE) and not stands(VILLAGE)


def test_a_place_may_be_split_on_one_day():
    recode(after=NEW_VILLAGE), recode(after=OTHER_NEW_VILLAGE)
    assert set(Succession.objects.values_list("to_code", flat=True)) == {NEW_VILLAGE, OTHER_NEW_VILLAGE}
    with pytest.raises(Refused, match=VILLAGE):
        recode(after=NEXT_VILLAGE, effective_on=ON + timedelta(days=1))


def test_a_rename_keeps_code_and_leaves_no_succession():
    inside = Division.objects.filter(code__startswith=TOWNSHIP).count()
    assert recode(TOWNSHIP, TOWNSHIP, name="新习岗镇") == 1
    assert names_of([full(TOWNSHIP)]) == {full(TOWNSHIP): "新习岗镇"}
    assert not Succession.objects.exists()
    assert valid_on(ON).filter(code__startswith=TOWNSHIP).count() == inside


def test_it_leaves_its_entry_without_a_word_typed_by_hand():
    by = admin()
    recode(by=by)
    entry = TrailEntry.objects.get(act="recode_division")
    assert (entry.by, entry.subject_key, entry.division_code) == (by, VILLAGE, NEW_VILLAGE)
    assert entry.details == {"to": NEW_VILLAGE, "effective_on": ON.isoformat(), "below": 0}


@pytest.mark.parametrize("role", ["county_officer", "approver", "security_administrator", "region_officer"])
def test_nobody_else_recodes(role):
    with pytest.raises(NotAllowed):
        recode(by=person(role, "64"))
    assert stands(VILLAGE)


REFUSED = [
    ({"before": "640122100999"}, "640122100999"),
    ({"before": "620825103205"}, "620825103205"),
    ({"after": TOWNSHIP}, "level|级"),
    ({"after": "640199190001"}, "640199190001"),
    ({"after": "64012210029x"}, "12"),
    ({"before": "64", "after": "65"}, "province|省"),
    ({"after": VILLAGE}, "change|变"),
    ({"after": NEXT_VILLAGE, "name": "别的村"}, NEXT_VILLAGE),
    ({"document": " "}, "document|文件"),
    ({"document": "文" * 201}, "long|长"),
    ({"before": TOWNSHIP, "after": "640122101"}, "640122101"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(given, said):
    rows = Division.objects.count()
    with pytest.raises(Refused, match=said):
        recode(**given)
    assert (Division.objects.count(), Succession.objects.count()) == (rows, 0)
    assert stands(VILLAGE) and not TrailEntry.objects.exists()


def test_a_code_is_never_given_twice_and_none_ends_before_it_begins():
    recode()
    later = ON + timedelta(days=30)
    with pytest.raises(Refused, match=VILLAGE):
        recode(NEXT_VILLAGE, VILLAGE, effective_on=later)
    with pytest.raises(Refused, match=NEW_VILLAGE):
        recode(NEW_VILLAGE, OTHER_NEW_VILLAGE, effective_on=ON)
    with pytest.raises(Refused, match=VILLAGE):
        recode(VILLAGE, OTHER_NEW_VILLAGE, effective_on=later)


def test_many_are_checked_as_a_whole():
    recodes = [
        line(VILLAGE, NEW_VILLAGE), line("640122100999", "640122100998"), line("x", "y"), line(NEXT_VILLAGE, TOWNSHIP),
    ]  # fmt: skip
    with pytest.raises(RefusedRecodes) as refused:
        recode_divisions(by=admin(), recodes=recodes, on=ON)
    assert list(refused.value.problems) == [1, 2, 3]
    assert stands(VILLAGE) and not Succession.objects.exists()


def test_a_code_is_not_given_up_and_taken_on_the_same_day():
    with pytest.raises(RefusedRecodes) as refused:
        recode_divisions(by=admin(), recodes=[line(VILLAGE, NEXT_VILLAGE), line(NEXT_VILLAGE, NEW_VILLAGE)], on=ON)
    assert list(refused.value.problems) == [0]


def test_a_village_named_by_itself_does_not_go_with_its_township():
    recodes = [line(TOWNSHIP, NEW_TOWNSHIP, "新镇"), line(TOWNSHIP, OTHER_NEW_TOWNSHIP, "另镇"),
               line(VILLAGE, OTHER_NEW_TOWNSHIP + "200")]  # fmt: skip
    recode_divisions(by=admin(), recodes=recodes, on=ON)
    assert stands(OTHER_NEW_TOWNSHIP + "200") and not stands(NEW_TOWNSHIP + "200")
    assert stands(NEW_TOWNSHIP + "201") and stands(NEW_TOWNSHIP) and stands(OTHER_NEW_TOWNSHIP)
    assert not valid_on(ON).filter(code__startswith=TOWNSHIP).exists()


def test_postings_go_along_and_the_old_ones_end_the_day_before():
    here, village, county = person(), person("village_director", VILLAGE), person("county_officer")
    posting(here, "township_supervisor", TOWNSHIP, NEXT_COUNTY, exclusions=[VILLAGE])
    later = posting(person(), "village_director", NEXT_VILLAGE, from_on=ON + timedelta(days=9))
    gone = posting(person(), "village_director", VILLAGE, until_on=EVE)

    recode(TOWNSHIP, NEW_TOWNSHIP)

    old, new = Posting.objects.filter(person=here)
    assert (old.until_on, new.from_on, new.until_on) == (EVE, ON, None)
    assert (new.prefixes, new.exclusions) == ([NEW_TOWNSHIP, NEXT_COUNTY], [NEW_TOWNSHIP + "200"])
    assert (old.prefixes, old.exclusions) == ([TOWNSHIP, NEXT_COUNTY], [VILLAGE])
    assert [one.prefixes for one in Posting.objects.filter(person=village)] == [[VILLAGE], [NEW_TOWNSHIP + "200"]]
    assert Posting.objects.get(person=county).until_on is None
    later.refresh_from_db(), gone.refresh_from_db()
    assert (later.prefixes, later.from_on) == ([NEW_TOWNSHIP + "201"], ON + timedelta(days=9))
    assert gone.prefixes == [VILLAGE]
    assert TrailEntry.objects.filter(act="recode_posting").count() == 3


def test_a_recode_of_tomorrow_changes_nothing_today():
    holder = person("village_director", VILLAGE)
    recode(effective_on=ON + timedelta(days=1))
    assert may(holder, SEE, code=VILLAGE, on=ON)
    again = Person.objects.get(pk=holder.pk)
    assert may(again, SEE, code=NEW_VILLAGE, on=ON + timedelta(days=1))


def test_who_is_posted_to_the_new_code_sees_what_was_under_the_old_one():
    before, elsewhere = task(division_code=VILLAGE), task(division_code=VILLAGE_OF_NEXT_TOWNSHIP)
    recode(TOWNSHIP, NEW_TOWNSHIP)
    holder = person("county_officer", NEW_TOWNSHIP)

    assert list(open_tasks(holder, on=ON)) == [before] and elsewhere.closed_at is None
    assert may(holder, SEE, code=VILLAGE, on=ON) and not may(holder, SEE, code=VILLAGE_OF_NEXT_TOWNSHIP, on=ON)
    jurisdiction = jurisdiction_of(holder, SEE, on=ON)
    assert jurisdiction.prefixes == (NEW_TOWNSHIP,)
    assert [area.former for area in jurisdiction.areas] == [(TOWNSHIP,)]


def test_history_is_followed_over_several_recodes_and_only_once_they_hold():
    recode(TOWNSHIP, NEW_TOWNSHIP), recode(NEW_TOWNSHIP, OTHER_NEW_TOWNSHIP, effective_on=ON + timedelta(days=9))
    holder = person("county_officer", OTHER_NEW_TOWNSHIP)
    assert not may(holder, SEE, code=VILLAGE, on=ON)
    assert may(holder, SEE, code=VILLAGE, on=ON + timedelta(days=9))


def test_what_is_excluded_is_excluded_under_its_old_code_too():
    recode()
    holder = person()
    posting(holder, exclusions=[NEW_VILLAGE])
    assert not may(holder, SEE, code=VILLAGE, on=ON) and may(holder, SEE, code=NEXT_VILLAGE, on=ON)


def test_a_place_that_still_stands_is_nobody_elses_past():
    Succession.objects.create(from_code=VILLAGE_OF_NEXT_COUNTY, to_code=VILLAGE, on=EVE)
    assert not may(person("county_officer"), SEE, code=VILLAGE_OF_NEXT_COUNTY, on=ON)


def test_history_costs_no_question_more(django_assert_num_queries):
    recode(TOWNSHIP, NEW_TOWNSHIP)
    holder = Person.objects.get(pk=person("county_officer", NEW_TOWNSHIP).pk)
    with django_assert_num_queries(1):
        assert len(postings_on(holder, on=ON)) == 1


def test_the_widest_prefixes_are_kept():
    assert widest(["640122100", "640122", "6401", "640122100200", "62"]) == ("62", "6401")


def test_a_village_that_went_along_is_known_by_its_code_of_before_wherever_it_goes():
    recode(COUNTY, NEW_COUNTY)
    tomorrow = ON + timedelta(days=1)
    recode(NEW_COUNTY + "100200", "640121100290", effective_on=tomorrow)
    for prefix in (NEXT_COUNTY, "640121100290"):
        areas = jurisdiction_of(person("county_officer", prefix), SEE, on=tomorrow).areas
        assert [area.former for area in areas] == [(VILLAGE, NEW_COUNTY + "100200")], prefix
    (stayed,) = jurisdiction_of(person("county_officer", NEW_COUNTY + "100"), SEE, on=tomorrow).areas
    assert stayed.former == (TOWNSHIP,)
    (whole,) = jurisdiction_of(person("region_officer", "64"), Permission.SEE_FIGURES, on=tomorrow).areas
    assert whole.former == ()
