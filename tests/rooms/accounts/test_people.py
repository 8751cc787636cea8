"""Administering people and postings."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from hutong.accounts.actions import people, postings
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.directory import PeopleFilters, State, listed, postings_of, tasks_held_by
from hutong.accounts.directory import people as directory
from hutong.accounts.models import Notice, Person, Posting, Task, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, open_tasks, permissions_of
from hutong.accounts.roles import APART, ROLES, are_apart
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, person, posting, serial, task

DAY = timedelta(days=1)
AT = datetime(2025, 6, 2, 1, tzinfo=UTC)


def administrator(**more):
    return person("security_administrator", "64", **more)


def account(by, **more):
    values = {
        "username": f"wang-{serial()}", "name": "王清和", "organisation": "贺兰县民政局", "role": "county_officer",
        "prefix": COUNTY, "from_on": ON, "until_on": None, "on": ON, "at": AT,
    }  # fmt: skip
    return people.open_account(by=by, **values | more)


def post(by, whom, role="county_officer", prefix=COUNTY, **more):
    values = {"from_on": ON, "until_on": None, "on": ON}
    return postings.add_posting(by=by, person=whom, role=role, prefix=prefix, **values | more)


def fresh(whom):
    return Person.objects.get(pk=whom.pk)


@pytest.mark.django_db
def test_an_account_opens_with_a_posting_and_a_password_for_one_time():
    made, password = account(administrator(), until_on=ON + 9 * DAY)
    whom = fresh(made.person)
    assert whom.check_password(password) and whom.must_change_password and len(password) == 14
    assert may(whom, Permission.SEE_CHILDREN, code=VILLAGE, on=ON + 9 * DAY)
    assert not permissions_of(whom, on=ON + 10 * DAY)
    assert [entry.act for entry in TrailEntry.objects.order_by("id")] == ["open_account", "appoint"]
    assert password not in str(list(TrailEntry.objects.values_list("details", flat=True)))


@pytest.mark.django_db
def test_a_posting_takes_effect_on_its_first_day():
    made, _password = account(administrator(), from_on=ON + DAY)
    assert [bool(permissions_of(made.person, on=on)) for on in (ON, ON + DAY)] == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"role": "emperor"}, {"prefix": TOWNSHIP}, {"prefix": "64"}, {"from_on": ON - DAY}, {"until_on": ON - DAY},
        {"username": "taken"},
    ],
    ids=str,
)  # fmt: skip
def test_an_account_that_does_not_fit_is_refused(said):
    by = administrator()
    person(username="taken")
    with pytest.raises(Refused):
        account(by, **said)
    assert not TrailEntry.objects.filter(act="appoint").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"security_administrator"}))
def test_only_the_security_administrator_administers(role):
    by, whom = person(role, "64"), person("county_officer")
    for refused in (
        lambda: account(by),
        lambda: post(by, whom, "payer", NEXT_COUNTY),
        lambda: people.close_account(by=by, person=whom, reason="left", on=ON, at=AT),
        lambda: people.renew_password(by=by, person=whom, on=ON, at=AT),
        lambda: postings.end_posting(by=by, posting=whom.postings.get(), until_on=ON, on=ON),
    ):
        with pytest.raises(NotAllowed):
            refused()


@pytest.mark.django_db
def test_an_administrator_of_another_province_administers_nobody_here():
    by, whom = person("security_administrator", "62"), person("county_officer")
    with pytest.raises(NotAllowed):
        people.renew_password(by=by, person=whom, on=ON, at=AT)
    with pytest.raises(NotAllowed):
        account(by)


@pytest.mark.django_db
def test_nobody_administers_themselves():
    by = administrator()
    administrator()
    for refused in (
        lambda: post(by, by, "auditor", "64"),
        lambda: people.close_account(by=by, person=by, reason="left", on=ON, at=AT),
        lambda: people.renew_password(by=by, person=by, on=ON, at=AT),
        lambda: people.reopen_account(by=by, person=by, on=ON, at=AT),
        lambda: postings.end_posting(by=by, posting=by.postings.get(), until_on=ON, on=ON),
    ):
        with pytest.raises(Refused, match=r"own account|本人"):
            refused()


@pytest.mark.django_db
def test_the_last_security_administrator_without_an_end_stays():
    lasting, interim = administrator(), person()
    posting(interim, "security_administrator", "64", until_on=ON + 30 * DAY)
    with pytest.raises(Refused):
        people.close_account(by=interim, person=lasting, reason="left", on=ON, at=AT)
    with pytest.raises(Refused):
        postings.end_posting(by=interim, posting=lasting.postings.get(), until_on=ON + DAY, on=ON)
    administrator()
    people.close_account(by=interim, person=lasting, reason="left", on=ON, at=AT)
    assert not fresh(lasting).is_active


def test_two_administrators_who_close_each_other_leave_one(committed_database):
    pair = [administrator(), administrator()]
    refusals = []

    def close(by, whom):
        try:
            people.close_account(by=by, person=whom, reason="security", on=ON, at=AT)
        except Refused as refused:
            refusals.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=close, args=(fresh(by), fresh(whom))) for by, whom in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Person.objects.filter(is_active=True).count() == 1
    assert len(refusals) == 1


@pytest.mark.django_db
def test_closing_frees_what_is_held_and_tells_the_colleagues():
    by, leaver, colleague = administrator(), person("county_officer"), person("county_officer")
    held, done = task(holder=leaver), task(holder=leaver, closed_at="2025-06-01T08:00Z", outcome="done")
    assert tasks_held_by(leaver) == 1 and held not in open_tasks(colleague, on=ON)
    released = people.close_account(by=by, person=leaver, reason="retired", on=ON, at=AT)
    leaver = fresh(leaver)
    assert released == 1 and held in open_tasks(colleague, on=ON)
    assert Task.objects.get(pk=done.pk).holder == leaver
    assert (leaver.is_active, leaver.closed_on, leaver.closed_reason) == (False, ON, "retired")
    told = Notice.objects.get(kind="tasks_released")
    assert (told.role, told.values) == ("county_officer", {"tasks": 1})
    assert TrailEntry.objects.get(act="close_account").details == {"reason": "retired", "tasks": 1}
    with pytest.raises(Refused):
        people.close_account(by=by, person=leaver, reason="retired", on=ON, at=AT)


@pytest.mark.django_db
def test_an_account_is_closed_for_a_reason_of_the_list():
    with pytest.raises(Refused):
        people.close_account(by=administrator(), person=person("county_officer"), reason="bad mood", on=ON, at=AT)


@pytest.mark.django_db
def test_a_reopened_account_has_a_new_password_for_one_time():
    by, whom = administrator(), person("county_officer")
    people.close_account(by=by, person=whom, reason="mistaken", on=ON, at=AT)
    password = people.reopen_account(by=by, person=whom, on=ON, at=AT)
    whom = fresh(whom)
    assert whom.is_active and whom.check_password(password) and whom.must_change_password
    assert (whom.closed_on, whom.closed_reason) == (None, "")
    with pytest.raises(Refused):
        people.reopen_account(by=by, person=whom, on=ON, at=AT)


@pytest.mark.django_db
def test_ones_own_password_is_another_and_no_common_one():
    made, password = account(administrator())
    for refused in (password, "short", "password123"):
        with pytest.raises(Refused):
            people.choose_password(by=fresh(made.person), password=refused, on=ON, at=AT)
    people.choose_password(by=fresh(made.person), password="a-quiet-long-word", on=ON, at=AT)
    assert fresh(made.person).check_password("a-quiet-long-word") and not fresh(made.person).must_change_password


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (("county_officer", COUNTY), ("approver", COUNTY)),
        (("county_officer", COUNTY), ("township_supervisor", TOWNSHIP)),
        (("county_officer", COUNTY), ("county_officer", COUNTY)),
        (("auditor", "64"), ("system_administrator", "64")),
    ],
)
def test_nobody_holds_two_duties_of_one_decision(held, wanted):
    by, whom = administrator(), person(held[0], held[1])
    with pytest.raises(Refused):
        post(by, whom, *wanted)
    assert Posting.objects.filter(person=whom).count() == 1


@pytest.mark.django_db
def test_duties_meet_neither_elsewhere_nor_one_after_the_other():
    by, whom = administrator(), person()
    posting(whom, "county_officer", COUNTY, until_on=ON + 9 * DAY)
    post(by, whom, "approver", NEXT_COUNTY)
    post(by, whom, "approver", COUNTY, from_on=ON + 10 * DAY)
    with pytest.raises(Refused):
        post(by, whom, "payer", COUNTY, from_on=ON + 9 * DAY, until_on=ON + 9 * DAY)


def test_duties_that_are_apart_are_roles():
    assert frozenset().union(*APART) <= set(ROLES)
    assert are_apart("payer", "finance") and not are_apart("payer", "payer") and not are_apart("payer", "auditor")


@pytest.mark.django_db
def test_a_posting_ends_after_its_last_day_or_at_once():
    by, whom = administrator(), person("county_officer")
    held = whom.postings.get()
    postings.end_posting(by=by, posting=held, until_on=ON + DAY, on=ON)
    assert [bool(permissions_of(fresh(whom), on=on)) for on in (ON + DAY, ON + 2 * DAY)] == [True, False]
    postings.end_posting(by=by, posting=held, until_on=ON - DAY, on=ON)
    assert not permissions_of(fresh(whom), on=ON)
    with pytest.raises(Refused):
        postings.end_posting(by=by, posting=held, until_on=ON + DAY, on=ON)
    assert Notice.objects.filter(kind="posting_ended", recipient=whom).count() == 2
    assert TrailEntry.objects.filter(act="end_posting").count() == 2


@pytest.mark.django_db
def test_what_was_held_cannot_be_taken_back():
    by, whom = administrator(), person("county_officer")
    with pytest.raises(Refused):
        postings.end_posting(by=by, posting=whom.postings.get(), until_on=ON - 2 * DAY, on=ON)


@pytest.mark.django_db
def test_only_a_posting_that_has_not_begun_is_withdrawn():
    by, whom = administrator(), person("county_officer")
    coming = post(by, whom, "approver", NEXT_COUNTY, from_on=ON + DAY)
    with pytest.raises(Refused):
        postings.withdraw_posting(by=by, posting=whom.postings.get(role="county_officer"), on=ON)
    postings.withdraw_posting(by=by, posting=coming, on=ON)
    assert [one.role for one in whom.postings.all()] == ["county_officer"]
    assert TrailEntry.objects.filter(act="withdraw_posting").exists()


@pytest.mark.django_db
def test_the_console_appoints_without_an_administrator():
    made = people.appoint(
        by=None, username="first", name="王清和", organisation="", role="security_administrator", prefix="64",
        password="a-quiet-long-word", on=ON,
    )  # fmt: skip
    assert not made.person.must_change_password
    said = {"username": "second", "name": "王清和", "organisation": "", "role": "auditor", "prefix": "64", "on": ON}
    with pytest.raises(Refused):
        people.appoint(by=None, password="short", **said)


def found(by, **asked):
    return {row.person.username: row.state for row in listed(directory(by, PeopleFilters(**asked), on=ON))}


@pytest.mark.django_db
def test_the_directory_says_who_is_in_post_and_whose_post_ends():
    by = administrator(username="by")
    for username, more in {
        "stays": {}, "soon": {"until_on": ON + 30 * DAY}, "later": {"until_on": ON + 31 * DAY},
        "comes": {"from_on": ON + DAY}, "went": {"until_on": ON - DAY},
    }.items():  # fmt: skip
        posting(person(username=username), **more)
    person(username="idle"), person("county_officer", username="closed", is_active=False)
    expected = {
        "by": State.IN_POST, "stays": State.IN_POST, "later": State.IN_POST, "soon": State.ENDS_SOON,
        "comes": State.TO_COME, "went": State.NO_POST, "idle": State.NO_POST, "closed": State.CLOSED,
    }  # fmt: skip
    assert found(by) == expected
    for state in State:
        assert set(found(by, state=state)) == {name for name, held in expected.items() if held == state}


@pytest.mark.django_db
def test_the_directory_is_narrowed_by_words_role_and_place():
    by = administrator(username="by")
    person("county_officer", COUNTY, username="officer", name="王安宁", organisation="贺兰县民政局")
    person("village_director", "640122100201", VILLAGE, username="director")
    person("village_director", NEXT_COUNTY, username="neighbour")
    assert set(found(by, text="安宁")) == set(found(by, text="贺兰")) == set(found(by, text="OFFIC")) == {"officer"}
    assert set(found(by, place=COUNTY)) == {"officer", "director"}
    assert set(found(by, place=VILLAGE)) == {"director"}
    assert set(found(by, place=COUNTY, role="county_officer")) == {"officer"}
    assert set(found(by, role="village_director")) == {"director", "neighbour"}
    assert not found(person("county_officer"))


@pytest.mark.django_db
def test_postings_stand_by_time():
    whom = person()
    past, held, coming = (
        posting(whom, **span) for span in ({"until_on": ON - DAY}, {"until_on": ON}, {"from_on": ON + DAY})
    )
    assert postings_of(whom, on=ON).past == [past]
    assert postings_of(whom, on=ON).held == [held]
    assert postings_of(whom, on=ON).to_come == [coming]
