"""Keeping the filters that somebody uses again and again."""

import pytest

from hutong.accounts.actions.filters import remove_filter, save_filter
from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import SavedFilter, TrailEntry
from hutong.accounts.queries import saved_filters
from tests.factories import ON, id_number, person

pytestmark = pytest.mark.django_db
QUERY = {"category": "dibao", "age": "17", "division": "640122100000"}


def save(by, name="十七岁低保", query=QUERY, room="children"):
    return save_filter(by=by, room=room, name=name, query=query, on=ON)


def test_a_filter_is_kept_for_its_person_and_room():
    officer = person("county_officer")
    kept = save(officer)
    save(officer, room="imports"), save(person("county_officer"))
    assert saved_filters(officer, "children") == [kept]
    assert SavedFilter.objects.get(pk=kept.pk).query == QUERY
    assert TrailEntry.objects.filter(act="save_filter", subject_key=str(kept.pk), details={}).exists()


def test_the_same_name_is_replaced_in_its_place():
    officer = person("county_officer")
    first, _second = save(officer), save(officer, name="无证件号")
    again = save(officer, query={"without_id": "on"})
    assert (again.pk, again.position) == (first.pk, 1)
    assert [one.query for one in saved_filters(officer, "children")] == [{"without_id": "on"}, QUERY]


@pytest.mark.parametrize(
    "typed", ["柳安宁", "13900000000", id_number(at=1), "a b", "", "x" * 41, "说"], ids=lambda typed: typed or "nothing"
)
def test_what_was_typed_is_never_kept(typed):
    with pytest.raises(Refused):
        save(person("county_officer"), query={"text": typed})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("said", [{"query": {}}, {"name": " "}, {"name": "名" * 21}], ids=str)
def test_an_empty_filter_and_a_long_name_are_refused(said):
    with pytest.raises(Refused):
        save(person("county_officer"), **said)


def test_at_most_twelve_are_kept_and_a_freed_place_is_used_again():
    officer = person("county_officer")
    kept = [save(officer, name=f"第{at}个") for at in range(12)]
    with pytest.raises(Refused):
        save(officer, name="第十三个")
    remove_filter(by=officer, number=kept[4].pk, on=ON)
    assert save(officer, name="第十三个").position == 5


def test_nobody_removes_what_somebody_else_keeps():
    kept = save(person("county_officer"))
    with pytest.raises(Refused):
        remove_filter(by=person("county_officer"), number=kept.pk, on=ON)
    assert SavedFilter.objects.filter(pk=kept.pk).exists()
