"""The search and the list: how one finds a child among those one sees, and what of others is told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.law.calendar import age_on
from hutong.registry.actions.searching import Found, request_elsewhere, search
from hutong.registry.finding import (
    NUMBERS_AN_HOUR,
    Filters,
    Kind,
    child_counts,
    children,
    chosen,
    counted,
    listed,
    read_words,
    waits_until,
)
from hutong.registry.models import Child, Move, Parent
from hutong.registry.queries import nobody
from tests import factories
from tests.factories import (
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    grant,
    holding,
    person,
)

pytestmark = pytest.mark.django_db


def found(text: str = "", **more: object) -> set[Child]:
    return set(children(person("county_officer"), Filters(text, **more), on=ON))


def closed(whose: Child) -> Child:
    Child.objects.filter(pk=whose.pk).update(closed_on=ON, closed_reason="no_longer_fits")
    return whose


def entries() -> list[dict[str, object]]:
    return list(TrailEntry.objects.filter(act="search").order_by("id").values_list("details", flat=True))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("杨一诺", Kind.NAME, "杨一诺"),
        (" 杨 一诺 ", Kind.NAME, "杨一诺"),
        ("马·伊布拉欣", Kind.NAME, "马伊布拉欣"),
        ("ｙａｎｇ　ｙｉｎｕｏ", Kind.PINYIN, "yangyinuo"),
        ("Lü Na", Kind.PINYIN, "lvna"),
        ("yang-yi'nuo", Kind.PINYIN, "yangyinuo"),
        ("64-0031-7728-k", Kind.PINYIN, "6400317728k"),
        ("ls64012200001234k", Kind.FILE, "LS64012200001234K"),
        ("１３９ １２３４ ５６７８", Kind.PHONE, "13912345678"),
        ("99000020150307002X", Kind.ID, "99000020150307002X"),
        ("９９００００２０１５０３０７００２ｘ", Kind.ID, "99000020150307002X"),
    ],
)
def test_words_are_read_however_they_are_typed(text, kind, value):
    words = read_words(text)
    assert (words.kind, words.value, words.birth_date) == (kind, value, None)


@pytest.mark.parametrize(
    "text",
    [
        "杨一诺 2015-03-07", "杨一诺 20150307", "杨一诺20150307", "杨一诺　２０１５０３０７", "杨一诺，2015-3-7",
        "杨一诺 2015年3月7日", "杨一诺 2015.03.07", "杨一诺 2015/3/7",
    ],
)  # fmt: skip
def test_a_full_name_with_a_birth_date_is_read_as_both(text):
    words = read_words(text)
    assert (words.kind, words.value, words.birth_date) == (Kind.NAME, "杨一诺", date(2015, 3, 7))


@pytest.mark.parametrize("text", ["杨一诺 2015-13-07", "杨 20150307", "杨一诺 2015", "杨一诺 201503071"])
def test_half_a_name_or_no_day_is_no_full_name_with_birth_date(text):
    assert read_words(text).birth_date is None


@pytest.mark.parametrize(
    "text", ["单文静", "文静", " 单 文静 ", "shanwenjing", "ShanWen", "shan wen jing", "swj", "SW"]
)
def test_a_child_is_found_by_name_pinyin_and_initials(text):
    wanted, _other = child(name="单文静"), child(name="柳清和")
    assert found(text) == {wanted}


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda number: f" {number[:6]} {number[6:]} ", lambda number: f"'{number}"]
)
def test_a_child_is_found_by_its_number_however_it_is_typed(change):
    wanted, _other = child(id_number=factories.id_number(at=3)), child()
    assert found(change(wanted.id_number.open())) == {wanted}
    assert found(wanted.id_number.open()[:17]) == set()


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        ("13912345678", "139 1234 5678"),
        ("13912345678", "13912345678"),
        ("0951-1234567", "09511234567"),
        ("0951-1234567", "0951-1234567"),
    ],
)
def test_a_child_is_found_by_the_phone_of_the_guardian_of_today(phone, typed):
    wanted, former = child(guardian={"phone": phone}), child()
    factories.guardian_of(former, phone=phone, until_on=date(2024, 12, 31))
    assert found(typed) == {wanted}


def test_a_child_is_found_by_its_file_number():
    wanted, _other = child(), child()
    number = wanted.file_number
    assert found(number) == found(number.replace("-", "").lower()) == {wanted}


@pytest.mark.parametrize("text", ["单文静", "swj", "13912345678"])
def test_nothing_is_found_that_is_not_ones_own_to_see(text):
    child(name="单文静", living_code=VILLAGE_OF_NEXT_COUNTY, guardian={"phone": "13912345678"})
    assert found(text) == set()


def test_signs_that_databases_know_are_only_signs():
    child(name="柳安")
    assert [found(text) for text in ("%", "_", "柳%", "l_", "\\", "'; --", "柳\0")[:6]] == [set()] * 6


def test_filters_narrow():
    girl, boy = child(holdings=["orphan_kin"]), child(sex="1", living_code=VILLAGE_OF_NEXT_TOWNSHIP, id_number="")
    holding(girl, "migrant", until_on=date(2025, 1, 31))
    assert found(category="orphan_kin") == {girl}
    assert found(category="migrant") == set()
    assert found(division=f"{TOWNSHIP}000") == {girl}
    assert (found(sex="1"), found(without_id=True)) == ({boy}, {boy})
    assert found(sex="1", category="orphan_kin") == set()
    assert found() == {girl, boy}


@given(st.dates(date(2005, 1, 1), ON), st.integers(0, 19), st.integers(0, 19))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ages_are_full_years_from_and_to(born, age_from, age_to):
    Child.objects.all().delete()
    one = child(birth_date=born)
    assert (found(age_from=age_from, age_to=age_to) == {one}) == (age_from <= age_on(born, ON) <= age_to)


def test_a_page_of_children_takes_one_statement_for_many_as_for_one(django_assert_num_queries):
    user = person("county_officer")
    for _ in range(9):
        child(holdings=["dibao", "migrant"])
    visible = children(user, Filters(), on=ON)
    with django_assert_num_queries(1):
        rows = listed(visible, most=50)
    told = [(row.guardian, row.relation, row.categories) for row in rows]
    assert told == [("柳桂兰", "62", ["dibao", "migrant"])] * 9


def test_children_come_in_the_order_of_pinyin():
    for name in ("柳舟", "单安", "尹禾"):
        child(name=name)
    assert [one.name for one in children(person("county_officer"), Filters(), on=ON)] == ["柳舟", "单安", "尹禾"]


@pytest.mark.parametrize("text", ["马伊布", "伊布拉欣", "马·伊", "马•伊布拉欣", "诺", "一", "杨"])
def test_any_part_of_a_name_finds_it_with_or_without_the_dot(text):
    wanted = {name: child(name=name) for name in ("马·伊布拉欣", "杨一诺", "柳清和")}
    assert found(text) == {wanted["杨一诺" if text in "杨一诺" else "马·伊布拉欣"]}


@pytest.mark.parametrize(
    ("name", "text"), [("曾小雨", "zeng"), ("单文静", "shan wen"), ("吕娜", "lü na"), ("吕娜", "lvn")]
)
def test_surnames_are_found_by_their_own_readings(name, text):
    wanted, _other = child(name=name), child(name="柳清和")
    assert found(text) == {wanted}


def test_a_child_is_found_by_its_temporary_number():
    wanted, _other = child(id_number=""), child(id_number="")
    assert found(wanted.temporary_number.lower()) == {wanted}


def test_a_child_is_found_by_the_phone_of_a_parent_of_today():
    wanted, former = child(), child()
    reached = {"phone": "13912345678", "phone_index": factories.phone_index("13912345678"), "name": "柳大山"}
    Parent.objects.create(child=wanted, role="father", from_on=date(2015, 3, 7), **reached)
    Parent.objects.create(child=former, role="father", from_on=date(2015, 3, 7), until_on=date(2020, 1, 1), **reached)
    assert found("139 1234 5678") == {wanted}


def test_nothing_but_dots_finds_nobody():
    child()
    assert found("·") == set()


def test_closed_files_are_found_last_and_are_not_in_the_list():
    ended, going_on = closed(child(name="柳安安")), child(name="柳舟舟")
    user = person("county_officer")
    rows = listed(children(user, Filters("柳"), on=ON), most=9)
    assert [(row.name, row.is_closed) for row in rows] == [("柳舟舟", False), ("柳安安", True)]
    assert found() == {going_on}
    assert (found(state="closed"), found(state="all")) == ({ended}, {ended, going_on})
    assert found("柳", state="open") == {going_on}


def test_who_turns_18_soon_is_found_up_to_the_last_day():
    born = {days: ON.replace(year=ON.year - 18) + timedelta(days=days) for days in (0, 1, 60, 61)}
    made = {days: child(birth_date=day) for days, day in born.items()}
    assert found(soon_18=True) == {made[1], made[60]}


def test_counts_stop_where_nobody_works_a_list_down():
    for _ in range(4):
        child()
    visible = children(person("county_officer"), Filters(), on=ON)
    assert counted((visible, 2), (nobody(), 2), (visible, 9)) == [3, 0, 4]
    assert (Filters().counted_to, Filters(category="dibao").counted_to) == (10_000, 5_000)


def test_each_count_is_what_its_list_holds():
    child(), child(id_number=""), closed(child()), child(birth_date=ON.replace(year=ON.year - 18) + timedelta(days=9))
    child(living_code=VILLAGE_OF_NEXT_COUNTY)
    asked = [Filters(), Filters(without_id=True), Filters(soon_18=True), Filters(state="closed"), Filters()]
    assert child_counts(person("county_officer"), *asked, on=ON) == [3, 1, 1, 1, 3]


def test_a_grant_beside_an_area_is_listed_and_found_too():
    here, there = child(), child(living_code=VILLAGE_OF_NEXT_COUNTY)
    user = person("county_officer")
    grant(user, there.file_number)
    assert set(children(user, Filters(), on=ON)) == {here, there}
    assert set(children(user, Filters(there.name), on=ON)) == {there}


def test_chosen_children_are_those_one_sees():
    here, there = child(), child(living_code=VILLAGE_OF_NEXT_COUNTY)
    assert set(chosen(person("county_officer"), [here.file_number, there.file_number], on=ON)) == {here}


def test_a_search_is_trailed_once_without_a_word_of_it():
    wanted = child(name="柳清和")
    user = person("county_officer")
    assert search(by=user, text="柳清和", on=ON) == Found(1)
    search(by=user, text="qinghe", on=ON)
    search(by=user, text=wanted.id_number.open(), on=ON)
    first = TrailEntry.objects.filter(act="search").earliest("id")
    assert entries() == [{"kind": "name", "found": 1}, {"kind": "pinyin", "found": 0}, {"kind": "id", "found": 1}]
    assert (first.subject_kind, len(first.subject_key), first.by) == ("search", 16, user)
    assert "柳" not in first.subject_key


def test_the_same_words_leave_the_same_digest_however_typed():
    user = person("county_officer")
    for text in ("柳清和", " 柳 清和", "柳清"):
        search(by=user, text=text, on=ON)
    keys = list(TrailEntry.objects.filter(act="search").order_by("id").values_list("subject_key", flat=True))
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("how", ["number", "name and birth date"])
def test_another_place_is_told_of_for_exact_words_alone(how):
    there = child(name="柳清和", living_code=VILLAGE_OF_NEXT_COUNTY)
    user = person("county_officer")
    exact = there.id_number.open() if how == "number" else "柳清和 2015-03-07"
    assert search(by=user, text=exact, on=ON) == Found(0, is_elsewhere=True)
    for vague in ("柳清和", "liuqinghe", there.file_number, "柳清和 2015-03-08", "990000201503070017"):
        assert not search(by=user, text=vague, on=ON).is_elsewhere
    assert entries()[0] == {"kind": "elsewhere", "found": 1}


def test_whoever_has_no_place_is_told_of_no_other():
    there = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    user = person("social_worker")
    assert search(by=user, text=there.id_number.open(), on=ON) == Found(0)


def test_numbers_are_limited_by_the_hour_and_names_are_not():
    user, wanted = person("county_officer"), child(guardian={"phone": "13912345678"})
    for _ in range(NUMBERS_AN_HOUR):
        search(by=user, text="13912345678", on=ON)
    until = waits_until(user, at=timezone.now())
    assert until is not None and until > timezone.now()
    for text in ("13912345678", wanted.id_number.open(), "柳清和 20150307"):
        with pytest.raises(Refused, match=timezone.localtime(until).strftime("%H:%M")):
            search(by=user, text=text, on=ON)
    assert search(by=user, text=wanted.name, on=ON) == Found(1)
    assert waits_until(user, at=until + timedelta(seconds=1)) is None
    assert waits_until(person("county_officer"), at=timezone.now()) is None


def asked(by: object, text: str, **more: str) -> Move:
    said = {"to_code": VILLAGE, "living_code": VILLAGE, "reason": "family_moved", "words": ""} | more
    return request_elsewhere(by=by, text=text, on=ON, **said)


@pytest.mark.usefixtures("divisions")
def test_what_another_place_holds_can_be_asked_for_there():
    there = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    user = person("county_officer")
    move = asked(user, there.id_number.open())
    assert (move.child, move.from_code, move.to_code, move.by) == (there, VILLAGE_OF_NEXT_COUNTY, VILLAGE, user)
    assert not children(user, Filters(), on=ON).exists()


@pytest.mark.usefixtures("divisions")
def test_asking_is_refused_where_nothing_or_too_much_fits_and_to_whom_it_is_not_given():
    for _ in range(2):
        child(name="柳清和", living_code=VILLAGE_OF_NEXT_COUNTY)
    officer = person("county_officer")
    for text in ("柳清和 2015-03-08", "柳清和", "柳清和 2015-03-07"):
        with pytest.raises(Refused):
            asked(officer, text)
    only = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(NotAllowed):
        asked(person("payer"), only.id_number.open())
    with pytest.raises(NotAllowed):
        asked(person("county_officer", "640221"), only.id_number.open())
    assert not Move.objects.exists()
