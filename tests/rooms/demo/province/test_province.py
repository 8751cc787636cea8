"""The province that was built: children, guardians, people, tasks and batches that hold together."""

import re
from collections import Counter

import pytest
from django.contrib.auth.hashers import check_password
from django.db.models import Count, F

from hutong.accounts.models import Grant, Person, Posting, Task, TrailEntry
from hutong.accounts.queries import demonstration_seats, open_tasks
from hutong.accounts.roles import ROLES
from hutong.allowances.models import Application, DataBatch, DataCheck, DepartmentList, Lead, application
from hutong.allowances.models.lead import How
from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.faults import ERRORS, WARNINGS
from hutong.demo.kinds import PAID
from hutong.demo.staff import DEMONSTRATION_PASSWORD, FEATURED, SECOND
from hutong.kit.names import clean_name, is_name
from hutong.kit.staging import State, Verdict
from hutong.law.calendar import age_on, nth_birthday
from hutong.law.categories import age_limit
from hutong.law.data_checks import VERDICTS
from hutong.law.division_code import responsible
from hutong.law.guardianship import ORPHANS, contradicts
from hutong.law.identity import judge_id_number, read_file_number
from hutong.registry.intake.reading import PHONE_FORM
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch, Parent
from hutong.registry.queries import visible_to
from tests.rooms.demo.province.conftest import CHILDREN

ON = DEMONSTRATION_DAY


def _children() -> list[Child]:
    return list(Child.objects.prefetch_related("holdings", "guardians"))


def _held(child: Child) -> frozenset[str]:
    return frozenset(holding.category for holding in child.holdings.all() if holding.until_on is None)


def test_every_id_number_is_valid_unique_and_nobodys() -> None:
    numbers = [(child.id_number.open(), child) for child in Child.objects.filter(id_number__isnull=False)]
    assert len({number for number, _ in numbers}) == len(numbers)
    for number, child in numbers:
        judged = judge_id_number(number, on=ON, tests_allowed=True)
        assert number.startswith("99") and (judged.fault, judged.normalised) == ("", number)
        assert (judged.birth_date, judged.sex) == (child.birth_date, child.sex)


def test_guardians_numbers_are_nobodys_and_grown_up() -> None:
    for guardian in Guardian.objects.filter(id_number__isnull=False):
        judged = judge_id_number(guardian.id_number.open(), on=ON, tests_allowed=True)
        assert judged.normalised.startswith("99")
        assert judged.birth_date and age_on(judged.birth_date, ON) >= 18


def test_phones_have_the_form_and_an_unassigned_prefix() -> None:
    for guardian in Guardian.objects.filter(phone__isnull=False):
        phone = guardian.phone.open()
        assert PHONE_FORM.fullmatch(phone) and phone.startswith("154")


def test_one_or_two_in_a_hundred_have_no_number() -> None:
    without = Child.objects.filter(id_number__isnull=True)
    assert 0.008 < without.count() / CHILDREN < 0.025
    assert set(without.values_list("no_id_reason", flat=True)) <= {"出生未登记", "弃婴", "户口待办", "境外或无国籍"}


def test_names_are_names() -> None:
    names = [*Child.objects.values_list("name", flat=True), *Guardian.objects.values_list("name", flat=True)]
    assert all(is_name(name) and clean_name(name) == name for name in names)
    assert any("·" in name for name in names)


def test_file_numbers_have_their_check_character() -> None:
    assert all(read_file_number(number) == number for number in Child.objects.values_list("file_number", flat=True))


def test_the_kinds_are_in_the_published_proportion() -> None:
    held = Counter(CategoryHolding.objects.filter(until_on__isnull=True).values_list("category", flat=True))
    assert held["left_behind"] / CHILDREN == pytest.approx(0.62, abs=0.01)
    assert held["migrant"] / CHILDREN == pytest.approx(0.31, abs=0.01)
    assert held["de_facto"] / CHILDREN == pytest.approx(0.044, abs=0.004)
    assert held["orphan_kin"] and held["orphan_institution"]


def test_nobody_has_outgrown_a_category() -> None:
    for child in _children():
        age = age_on(child.birth_date, child.closed_on or ON)
        if child.closed_on:
            assert 0 <= age < 18
            continue
        assert 0 <= age < min(age_limit(ON, category) for category in _held(child))


def test_categories_begin_after_birth_and_files_after_categories() -> None:
    early = CategoryHolding.objects.filter(from_on__lt=F("child__birth_date"))
    late = CategoryHolding.objects.filter(from_on__gt=ON)
    assert not early.exists() and not late.exists()
    built = Child.objects.filter(pk__lte=CHILDREN - 60)
    assert all(child.birth_date <= child.registered_at.date() <= ON for child in built)


def test_no_orphan_has_a_living_parent_as_guardian() -> None:
    orphans = [child for child in _children() if _held(child) & ORPHANS]
    assert orphans
    for child in orphans:
        assert not any(contradicts(_held(child), guardian.relation) for guardian in child.guardians.all())


def test_the_responsible_division_follows_the_law() -> None:
    for child in _children():
        if child.closed_on:
            continue
        expected = responsible(
            stated="",
            registered=child.registered_code,
            living=child.living_code,
            categories=_held(child),
            province="64",
        )
        assert child.responsible_code == expected


def test_migrants_come_from_another_county_and_some_from_another_province() -> None:
    migrants = Child.objects.filter(holdings__category="migrant", holdings__until_on__isnull=True)
    assert all(child.registered_code[:6] != child.living_code[:6] for child in migrants)
    assert migrants.exclude(registered_code__startswith="64").exists()


def test_some_siblings_share_a_guardian() -> None:
    shared = Guardian.objects.exclude(id_index=None).values("id_index").annotate(children=Count("child"))
    assert shared.filter(children__gt=1).exists()


def test_every_featured_role_exists_and_is_shown() -> None:
    assert {role for role, _place in FEATURED} == set(ROLES)
    seats = demonstration_seats(on=ON)
    assert {seat.username for seat in seats} == {*FEATURED.values(), *SECOND.values()}
    assert all(re.search("[一-鿿]", seat.organisation) for seat in seats)


def test_people_can_sign_in_with_the_one_password() -> None:
    passwords = set(Person.objects.values_list("password", flat=True))
    assert len(passwords) == 1 and check_password(DEMONSTRATION_PASSWORD, passwords.pop())
    assert not Person.objects.filter(is_demonstration=False).exists()


def test_every_village_has_a_director_and_nobody_more_than_two() -> None:
    posts = Posting.objects.filter(role="village_director").values_list("prefixes", flat=True)
    villages = [prefix for prefixes in posts for prefix in prefixes]
    assert len(villages) == len(set(villages)) == 2912
    assert {len(prefixes) for prefixes in posts} <= {1, 2}


def test_specialists_see_the_children_they_are_granted() -> None:
    worker = Person.objects.get(username="yongning-social-worker")
    granted = set(Grant.objects.filter(person=worker).values_list("scope_key", flat=True))
    assert granted == set(visible_to(worker, on=ON).values_list("file_number", flat=True)) != set()


def test_tasks_are_true_of_children_who_exist() -> None:
    children = {child.file_number: child for child in _children()}
    for task in Task.objects.filter(subject_kind="child"):
        child = children[task.subject_key]
        assert child.closed_on is None
        assert task.division_code == child.responsible_code or task.kind == "receive_child"
        match task.kind:
            case "get_id":
                assert child.id_number is None
            case "guardian_phone":
                assert [guardian.phone for guardian in child.guardians.all()] == [None]
            case "turning_18":
                birthday = nth_birthday(child.birth_date, 18)
                assert _held(child) & PAID and task.values == {"on": birthday.isoformat()}
                assert 0 < (birthday - ON).days <= 60
            case "hand_over":
                assert task.values == {"place": "银川市 永宁县 李俊镇"} and not child.responsible_code.startswith(
                    "640121"
                )
            case "confirm_change":
                assert child.changes.get(stage="proposed").division_code == task.division_code
            case "visit_adopted":
                assert Parent.objects.filter(child=child, role="adoptive_mother").exists()
            case "receive_child" | "give_child":
                assert child.moves.get(pk=task.values["move"], decided_at=None).stage in ("offered", "requested")
            case "apply_for_child" | "visit_family":
                assert not _held(child) & PAID or task.kind == "visit_family"
            case "follow_leads" | "check_child" | "compare_name":
                assert child.leads.filter(end__isnull=True).exists()
            case other:
                raise AssertionError(other)


def test_lists_of_departments_have_leads_in_every_state() -> None:
    assert {how or "open" for how in Lead.objects.values_list("end__how", flat=True)} == {"open", *How.values}
    assert set(DepartmentList.objects.values_list("faulty", flat=True)) == {0, 6}
    assert Lead.objects.filter(names_agree=False).exists()
    assert Task.objects.filter(kind="follow_leads").exists()


def test_the_approver_has_batches_waiting_and_some_are_late() -> None:
    tasks = open_tasks(Person.objects.get(username="yongning-approver"), on=ON)
    assert tasks.filter(kind="admit_batch").count() == 6
    assert tasks.filter(due_on__lt=ON).exists()


def test_the_faulty_batch_shows_every_fault_and_every_verdict() -> None:
    batch = ImportBatch.objects.get(imported_by__username="lijun-supervisor")
    found = {problem["code"] for row in batch.rows.all() for problem in row.problems}
    assert found >= ERRORS.keys() | WARNINGS.keys() | {"adult", "changed", "exists_elsewhere", "possible_match"}
    assert batch.state == State.JUDGED
    assert all(batch.counts[verdict] for verdict in Verdict.values)


def test_one_batch_has_been_admitted_whole() -> None:
    batch = ImportBatch.objects.get(state=State.ADMITTED)
    assert (batch.imported_by.username, batch.admitted_by.username) == ("helan-officer", "helan-approver")
    assert batch.rows.filter(admitted_at__isnull=False).count() == batch.rows_total == 60


def test_every_child_has_its_entry_in_the_trail() -> None:
    registering = TrailEntry.objects.filter(act__in=("register_child", "admit_child"))
    entries = Counter(registering.values_list("subject_key", flat=True))
    assert entries == Counter(Child.objects.values_list("file_number", flat=True))


def test_other_departments_have_answered_in_every_way_and_one_batch_waits() -> None:
    waiting, answered = DataBatch.objects.order_by("-id")
    verdicts = {verdict.value for verdict in VERDICTS}
    assert set(answered.checks.values_list("verdict", flat=True)) == verdicts | {""}
    assert set(waiting.checks.values_list("verdict", flat=True)) == {""}
    (contradicted,) = DataCheck.objects.filter(verdict="contradicts")
    assert contradicted.application.state == "recheck"


def test_there_are_applications_in_every_state() -> None:
    for county in ("640121", "640122"):
        states = Application.objects.filter(division_code__startswith=county).values_list("state", flat=True)
        assert set(states) == set(application.State)
