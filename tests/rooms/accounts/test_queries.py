"""What somebody may do and see on a day, and what waits for them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, require
from hutong.accounts.actions.looks import see_looks
from hutong.accounts.jurisdiction import Area, Jurisdiction
from hutong.accounts.models import Person, Purpose, Task, TrailEntry
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import TITLES, Permission
from hutong.accounts.queries import (
    jurisdiction_of,
    look_lines,
    lookers,
    looks,
    may,
    open_tasks,
    open_tasks_about,
    permissions_of,
    postings_on,
)
from hutong.accounts.roles import ROLES, roles_that_may
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    grant,
    person,
    posting,
    task,
    trail_entry,
)

DAY = timedelta(days=1)
SEE = Permission.SEE_CHILDREN


@pytest.mark.django_db
def test_a_posting_holds_from_its_first_to_its_last_day():
    holder = person()
    posting(holder, from_on=date(2025, 1, 1), until_on=date(2025, 6, 30))
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert [may(holder, SEE, code=VILLAGE, on=on) for on in days] == [False, True, True, False]
    assert [bool(permissions_of(holder, on=on)) for on in days] == [False, True, True, False]


@pytest.mark.django_db
def test_a_posting_without_an_end_goes_on():
    assert may(person("county_officer"), SEE, code=VILLAGE, on=date(2099, 1, 1))


@pytest.mark.django_db
def test_an_exclusion_takes_a_part_out():
    holder = person()
    posting(holder, exclusions=[TOWNSHIP])
    assert not may(holder, SEE, code=VILLAGE, on=ON)
    assert may(holder, SEE, code=VILLAGE_OF_NEXT_TOWNSHIP, on=ON)


@pytest.mark.django_db
def test_one_posting_excludes_what_another_gives():
    holder = person("county_officer", TOWNSHIP)
    posting(holder, exclusions=[TOWNSHIP])
    assert may(holder, SEE, code=VILLAGE, on=ON)


@pytest.mark.django_db
def test_a_permission_reaches_as_far_as_the_posting_that_gives_it():
    holder = person("county_officer", COUNTY)
    posting(holder, "approver", NEXT_COUNTY)
    assert not may(holder, Permission.ADMIT_CHILDREN, code=VILLAGE, on=ON)
    assert may(holder, Permission.ADMIT_CHILDREN, code=VILLAGE_OF_NEXT_COUNTY, on=ON)
    assert jurisdiction_of(holder, SEE, on=ON).prefixes == (COUNTY, NEXT_COUNTY)


@pytest.mark.django_db
def test_a_closed_account_may_nothing_and_sees_nothing():
    holder = person("county_officer", is_active=False)
    grant(holder, "64-0000-0001-K")
    task()
    assert not permissions_of(holder, on=ON)
    assert jurisdiction_of(holder, SEE, on=ON) == Jurisdiction()
    assert not open_tasks(holder, on=ON).exists()


@pytest.mark.django_db
def test_a_grant_opens_its_key_from_its_first_to_its_last_day():
    holder = person()
    grant(holder, "64-0000-0001-K", from_on=ON, until_on=ON + DAY)
    days = (ON - DAY, ON, ON + DAY, ON + 2 * DAY)
    opened = [jurisdiction_of(holder, SEE, on=on).granted("child") for on in days]
    assert opened == [frozenset(), {"64-0000-0001-K"}, {"64-0000-0001-K"}, frozenset()]
    assert not jurisdiction_of(holder, SEE, on=ON).granted("institution")


@pytest.mark.django_db
def test_require_says_no_with_the_permissions_own_words():
    with pytest.raises(NotAllowed, match=r"\w"):
        require(person("finance"), SEE, code=VILLAGE, on=ON)
    require(person("county_officer"), SEE, code=VILLAGE, on=ON)


@pytest.mark.parametrize("code", [COUNTY, COUNTY + "000000", VILLAGE, COUNTY + "999999"])
def test_an_area_covers_what_begins_with_its_prefix(code):
    assert Area((NEXT_COUNTY, COUNTY)).covers(code)
    assert not Area((NEXT_COUNTY,)).covers(code)
    assert not Area((COUNTY,), (COUNTY,)).covers(code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefixes", "exclusions"),
    [([COUNTY], []), (["64"], [COUNTY]), ([COUNTY, NEXT_COUNTY], [TOWNSHIP]), ([VILLAGE], []), (["62"], [])],
)
def test_an_area_in_python_and_in_the_database_is_the_same(prefixes, exclusions):
    codes = [VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, "640122000000", "640100000000", "640123000000"]
    for code in codes:
        task(division_code=code)
    area = Area(tuple(prefixes), tuple(exclusions))
    found = set(Task.objects.filter(area.where("division_code")).values_list("division_code", flat=True))
    assert found == {code for code in codes if area.covers(code)}


@pytest.mark.django_db
def test_tasks_come_by_harm_then_by_due_date():
    ordinary, late = task(due_on=ON), task(due_on=ON - DAY)
    loss, danger = task(harm=Harm.LOSS, due_on=ON + 9 * DAY), task(harm=Harm.DANGER, due_on=ON + 30 * DAY)
    assert list(open_tasks(person("county_officer"), on=ON)) == [danger, loss, late, ordinary]


@pytest.mark.django_db
def test_tasks_of_others_are_not_mine():
    asker, colleague = person("county_officer"), person("county_officer")
    mine, everybodys = task(holder=asker), task()
    task(holder=colleague), task(role="approver"), task(division_code=VILLAGE_OF_NEXT_COUNTY)
    task(closed_at="2025-06-01T08:00Z", closed_by=colleague, outcome="done")
    assert set(open_tasks(asker, on=ON)) == {mine, everybodys}
    assert list(open_tasks_about(asker, "import_batch", mine.subject_key, on=ON)) == [mine]


@pytest.mark.django_db
def test_postings_are_asked_for_once_an_object(django_assert_num_queries):
    holder = Person.objects.get(pk=person("county_officer").pk)
    with django_assert_num_queries(1):
        assert postings_on(holder, on=ON) == postings_on(holder, on=ON)


@pytest.mark.django_db
def test_everybody_who_looked_is_one_line_with_role_times_and_purpose():
    often, once = person(name="尹清和"), person(name="尹星月")
    for _ in range(3):
        trail_entry(act="open_child", subject_key="a", by=often, role="county_officer")
    grant(once, "a", reason="信访核查")
    trail_entry(act="open_with_purpose", subject_key="a", by=once, role="region_officer")
    trail_entry(act="open_child", subject_key="b", by=once)
    found = lookers("child", "a", since=timezone.now() - timedelta(days=1))
    assert {(who.name, who.times, who.purpose) for who in found} == {("尹清和", 3, ""), ("尹星月", 0, "信访核查")}


@pytest.mark.django_db
def test_purposes_stand_beside_grants_and_their_words_only_for_some():
    by, at = person(name="尹清和"), timezone.now()
    for reason, words in (("visit", "接母亲来信"), ("other", "核对信访来信")):
        stated = {"scope_kind": "child", "scope_key": "a", "reason": reason, "words": words, "opened_at": at}
        Purpose.objects.create(person=by, expires_at=at + timedelta(minutes=15), **stated)
    trail_entry(act="reveal", subject_key="a", by=by, role="county_officer")
    (without,) = lookers("child", "a", since=at - timedelta(days=1))
    (with_words,) = lookers("child", "a", since=at - timedelta(days=1), with_words=True)
    assert without.purpose.count("；") == 1 and "信访来信" not in without.purpose
    assert "核对信访来信" in with_words.purpose and "接母亲来信" in with_words.purpose


@pytest.mark.django_db
def test_each_single_look_says_as_whom_and_what_for(django_assert_num_queries):
    by, overseer, at = person(name="尹清和"), person(name="尹星月"), timezone.now()
    stated = Purpose.objects.create(
        person=by,
        scope_kind="child",
        scope_key="a",
        reason="visit",
        opened_at=at - timedelta(days=1),
        expires_at=at + timedelta(minutes=15) - timedelta(days=1),
    )
    given = grant(overseer, "a", reason="信访核查", from_on=date(2020, 1, 1), until_on=date(2020, 1, 1))
    trail_entry(act="open_child", subject_key="a", by=by, role="county_officer")
    trail_entry(act="state_purpose", subject_key="a", by=by, role="county_officer", details={"purpose": stated.pk})
    trail_entry(act="reveal", subject_key="a", by=by, role="approver,payer", details={"field": "address"})
    trail_entry(act="open_with_purpose", subject_key="a", by=overseer, details={"grant": given.pk})
    trail_entry(act="see_looks", subject_key="a", by=by), trail_entry(act="open_child", subject_key="b", by=by)
    with django_assert_num_queries(3):  # the looks, the purposes, the grants
        lines = look_lines(looks("child", "a"), with_words=False)
    assert [(line.act, line.field) for line in lines] == [
        ("open_with_purpose", ""), ("reveal", "address"), ("state_purpose", ""), ("open_child", ""),
    ]  # fmt: skip
    assert [line.purpose for line in lines] == ["信访核查", "", str(stated.get_reason_display()), ""]
    assert lines[1].roles == "、".join(str(ROLES[code].title) for code in ("approver", "payer"))


@pytest.mark.django_db
def test_a_purpose_covers_the_looks_of_its_person_in_its_minutes():
    by, at = person(), timezone.now() - timedelta(minutes=5)
    Purpose.objects.create(
        person=by,
        scope_kind="child",
        scope_key="a",
        reason="visit",
        opened_at=at,
        expires_at=at + timedelta(minutes=15),
    )
    trail_entry(act="reveal", subject_key="a", by=by), trail_entry(act="reveal", subject_key="a", by=person())
    assert [bool(line.purpose) for line in look_lines(looks("child", "a"), with_words=False)] == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["auditor", "audit_administrator", "county_officer", "approver"])
def test_seeing_the_looks_is_a_look_of_its_own(role):
    by = person(role, COUNTY)
    mine = trail_entry(act="open_child", subject_key="a", by=by, division_code=VILLAGE)
    trail_entry(act="open_child", subject_key="a", by=by, division_code=VILLAGE_OF_NEXT_COUNTY)
    assert list(see_looks(by=by, scope_kind="child", scope_key="a", on=ON).looks) == [mine]
    entry = TrailEntry.objects.get(act="see_looks")
    assert (entry.by, entry.subject_key, entry.division_code) == (by, "a", VILLAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["village_director", "finance", "security_administrator", "region_officer"])
def test_the_looks_are_not_for_everybody(role):
    with pytest.raises(NotAllowed):
        see_looks(by=person(role, COUNTY), scope_kind="child", scope_key="a", on=ON)


@pytest.mark.parametrize(
    ("prepares", "confirms"),
    [
        (Permission.IMPORT_CHILDREN, Permission.ADMIT_CHILDREN),
        (Permission.CHANGE_CHILDREN, Permission.CONFIRM_CHANGES),
        (Permission.CHANGE_IDENTITY, Permission.CONFIRM_CHANGES),
        (Permission.CLOSE_CHILDREN, Permission.CONFIRM_CHANGES),
    ],
)
def test_no_role_prepares_and_confirms(prepares, confirms):
    assert not set(roles_that_may(prepares)) & set(roles_that_may(confirms))


def test_every_permission_has_a_title_and_a_role_that_holds_it():
    assert set(TITLES) == set(Permission)
    assert all(roles_that_may(permission) for permission in Permission)


@pytest.mark.parametrize("role", ["payer", "village_director", "institution_staff", "psychologist", "social_worker"])
def test_sensitive_and_secret_fields_are_not_for_everybody_who_sees_a_child(role):
    assert not ROLES[role].may & {Permission.SEE_SENSITIVE, Permission.SEE_SECRET}


@pytest.mark.parametrize("code", ["system_administrator", "security_administrator", "audit_administrator", "finance"])
def test_administrators_and_finance_see_no_child(code):
    personal = {Permission.SEE_CHILDREN, Permission.REVEAL, Permission.OPEN_WITH_PURPOSE, Permission.SEE_SECRET}
    assert not ROLES[code].may & personal
