"""Opening a file of another place in an emergency: told at once, for a day, reviewed by somebody else in time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import EmergencyAccess, Notice, Person, Task, TrailEntry
from hutong.accounts.models.task import Harm
from hutong.accounts.queries import notices
from hutong.governance.actions.notices import Pasted, load_notice
from hutong.registry.actions.emergency import open_in_emergency, review_emergency, watch_emergencies
from hutong.registry.actions.opening import look, reveal
from hutong.registry.models import Child
from hutong.registry.queries import visible_to
from tests.factories import COUNTY, NEXT_COUNTY, ON, PROVINCE, VILLAGE, child, kin, person, posting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SAID = {"reason": "found", "words": "夜间在车站发现", "on": ON, "at": AT}


@pytest.fixture
def whose():
    return child(guardian={"phone": "13900000001"})


@pytest.fixture
def stranger():
    return person("county_officer", NEXT_COUNTY)


@pytest.fixture
def opened(whose, stranger):
    open_in_emergency(by=stranger, text=whose.id_number.open(), **SAID)
    return EmergencyAccess.objects.get()


def test_the_file_opens_for_two_days_and_no_longer(whose, stranger, opened):
    assert look(by=stranger, file_number=whose.file_number, on=ON + timedelta(days=1)) == whose
    assert not visible_to(stranger, on=ON + timedelta(days=2)).exists()
    assert not visible_to(person("county_officer", NEXT_COUNTY), on=ON).exists()


def test_those_who_should_know_are_told_at_once(whose, stranger, opened):
    told = {(notice.role, notice.division_code) for notice in Notice.objects.filter(kind="opened_in_emergency")}
    assert told == {("approver", f"{NEXT_COUNTY}000000"), ("approver", VILLAGE), ("county_officer", VILLAGE)}
    assert notices(person("approver", NEXT_COUNTY), on=ON).exists() and notices(person("approver"), on=ON).exists()
    task = Task.objects.get()
    assert (task.kind, task.role, task.due_on) == ("review_emergency", "approver", opened.due_on)


def test_the_trail_says_who_and_why_and_no_words(whose, stranger, opened):
    entry = TrailEntry.objects.get(act="open_in_emergency")
    assert (entry.by, entry.subject_key) == (stranger, whose.file_number)
    assert entry.details == {"reason": "found", "emergency": opened.pk}


def test_address_and_telephone_are_shown_for_a_purpose_and_nothing_else(whose, stranger, opened):
    guardian = whose.guardians.get()
    scope = {"scope_kind": "child", "scope_key": whose.file_number, "division_code": whose.responsible_code}
    stranger = Person.objects.get(pk=stranger.pk)  # the next request
    state_purpose(by=stranger, **scope, reason="contact", on=ON, at=AT)

    assert reveal(by=stranger, child=whose, value="guardian-phone", number=guardian.pk, on=ON, at=AT) == "13900000001"
    with pytest.raises(NotAllowed):
        reveal(by=stranger, child=whose, value="child-id_number", number=whose.pk, on=ON, at=AT)


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "x"}, {"words": " 夜 "}, {"words": "夜" * 201}], ids=str)
def test_without_a_reason_nothing_opens(whose, stranger, wrong):
    with pytest.raises(Refused):
        open_in_emergency(by=stranger, text=whose.id_number.open(), **SAID | wrong)
    assert not EmergencyAccess.objects.exists() and not visible_to(stranger, on=ON).exists()


def test_a_name_alone_opens_nothing_and_a_name_with_its_birth_date_does(whose, stranger):
    with pytest.raises(Refused):
        open_in_emergency(by=stranger, text=whose.name, **SAID)

    assert open_in_emergency(by=stranger, text=f"{whose.name} {whose.birth_date:%Y-%m-%d}", **SAID) == whose


@pytest.mark.parametrize("role", ["approver", "finance", "auditor", "village_director", "social_worker"])
def test_who_works_on_no_cases_opens_nothing(whose, role):
    with pytest.raises(NotAllowed):
        open_in_emergency(by=person(role, NEXT_COUNTY), text=whose.id_number.open(), **SAID)


def test_nobody_opens_the_file_of_their_own_family(whose, stranger):
    kin(stranger, id_number=whose.id_number, id_index=whose.id_index)
    with pytest.raises(Refused, match="kin"):
        open_in_emergency(by=stranger, text=whose.id_number.open(), **SAID)


def test_who_has_three_unreviewed_opens_no_fourth(stranger):
    for _ in range(3):
        open_in_emergency(by=stranger, text=child().id_number.open(), **SAID)
    fourth = child()

    with pytest.raises(Refused, match="not been reviewed"):
        open_in_emergency(by=stranger, text=fourth.id_number.open(), **SAID)

    review_emergency(
        by=person("approver"), access=EmergencyAccess.objects.first(), verdict="justified", words="", on=ON, at=AT
    )
    assert open_in_emergency(by=stranger, text=fourth.id_number.open(), **SAID) == fourth


def test_somebody_else_reviews_it_once(stranger, opened):
    posting(stranger, "approver", COUNTY)
    stranger = Person.objects.get(pk=stranger.pk)  # the next request
    with pytest.raises(Refused, match="Somebody else"):
        review_emergency(by=stranger, access=opened, verdict="justified", words="", on=ON, at=AT)
    with pytest.raises(NotAllowed):
        review_emergency(by=person("approver", NEXT_COUNTY), access=opened, verdict="justified", words="", on=ON, at=AT)

    review_emergency(by=person("approver"), access=opened, verdict="justified", words="", on=ON, at=AT)

    with pytest.raises(Refused, match="already"):
        review_emergency(by=person("approver"), access=opened, verdict="unjustified", words="不必要", on=ON, at=AT)
    assert Task.objects.get().outcome == "justified"
    assert Notice.objects.filter(recipient=stranger, kind="emergency_justified").exists()


def test_one_that_was_not_needed_is_said_why_and_told_to_the_audit(opened):
    with pytest.raises(Refused, match="why"):
        review_emergency(by=person("approver"), access=opened, verdict="unjustified", words="", on=ON, at=AT)

    review_emergency(by=person("approver"), access=opened, verdict="unjustified", words="儿童在家", on=ON, at=AT)

    assert Notice.objects.filter(role="audit_administrator", kind="emergency_misused").exists()


def test_three_working_days_later_the_city_is_alarmed_until_it_is_reviewed(opened):
    assert opened.due_on == ON + timedelta(days=3)  # a Tuesday: no weekend between
    watch_emergencies(on=opened.due_on)
    assert not Task.objects.filter(kind="emergency_unreviewed").exists()

    watch_emergencies(on=opened.due_on + timedelta(days=1))

    alarm = Task.objects.get(kind="emergency_unreviewed")
    assert (alarm.role, alarm.harm, alarm.closed_at) == ("city_officer", Harm.LOSS, None)
    city = person("city_officer", "6401")
    review_emergency(by=city, access=opened, verdict="justified", words="", on=opened.due_on, at=AT)
    assert not Task.objects.filter(closed_at__isnull=True).exists()


def test_a_weekend_does_not_count(whose, stranger):
    friday = ON + timedelta(days=(4 - ON.weekday()) % 7)
    open_in_emergency(by=stranger, text=whose.id_number.open(), **SAID | {"on": friday})

    assert EmergencyAccess.objects.get().due_on == friday + timedelta(days=5)
    assert Child.objects.count() == 1


def test_a_notice_of_holidays_loaded_later_moves_the_review_and_that_is_recorded(opened, settings, tmp_path):
    settings.NOTICES_DIR = tmp_path
    before, off = opened.due_on, opened.due_on
    text = f"一、节日：{off.month}月{off.day}日放假。"
    said = Pasted(prefix="", year=off.year, number="甲1号", issued_on=ON, text=text)
    load_notice(by=person("region_officer", PROVINCE), pasted=said, on=ON, at=AT)

    for _again in range(2):
        watch_emergencies(on=ON)

    opened.refresh_from_db()
    assert opened.due_on == date(2025, 6, 9)  # the 6th is Corban in Ningxia
    assert Task.objects.get(kind="review_emergency", closed_at=None).due_on == opened.due_on
    (entry,) = TrailEntry.objects.filter(act="move_deadline")
    assert entry.details == {"before": f"{before}", "after": f"{opened.due_on}"}
