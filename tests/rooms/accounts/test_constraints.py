"""What the database itself refuses in the accounts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from hutong.accounts.models import (
    Copy,
    DeclaredKin,
    EmergencyAccess,
    IssuedDocument,
    Notice,
    NoticeRead,
    Purpose,
    SavedFilter,
    SignIn,
)
from tests.factories import ON, VILLAGE, delegation, grant, person, posting, task

BEFORE = ON - timedelta(days=1)
AT = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
ALIKE = {"kind": "mend_batch", "subject_key": "7"}


def purpose(**more):
    values = {"scope_kind": "child", "scope_key": "x", "reason": "visit", "opened_at": AT}
    return Purpose.objects.create(person=person(), **{"expires_at": AT + timedelta(minutes=15)} | values | more)


def notice(**more):
    return Notice.objects.create(kind="posting_given", subject_kind="posting", subject_key="1", **more)


def kin(holder=None, **more):
    values = {"name": "柳安宁", "relation": "20", "from_on": ON}
    return DeclaredKin.objects.create(person=holder or person(), **values | more)


def emergency(**more):
    values = {"reason": "found", "division_code": VILLAGE, "from_code": VILLAGE, "opened_at": AT, "due_on": ON}
    return EmergencyAccess.objects.create(grant=grant(person(), "x"), **values | more)


def copy(**more):
    values = {
        "number": "7K2M-9QXC-T", "kind": "export_roster", "purpose": "audit", "by": person(), "asked_at": AT,
        "division_code": VILLAGE, "subjects": [], "state": "asked",
    }  # fmt: skip
    return Copy.objects.create(**values | more)


def document(**more):
    values = {
        "kind": "letter", "number": "贺兰民〔2025〕1号", "office": "贺兰县民政局", "office_code": "640122000000",
        "year": 2025, "serial": 1, "check_code": "7K2M", "subject_kind": "child", "subject_key": "x", "pages": 1,
        "division_code": VILLAGE, "content": b"x", "issued_on": ON, "issued_at": AT, "issued_by": person(),
    }  # fmt: skip
    return IssuedDocument.objects.create(**values | more)


def given(**more):
    return copy(**{"state": "given", "decided_at": AT, "fetch_until": AT} | more)


def decided_alone():
    made = given()
    made.decided_by = made.by
    made.save()


def kept(holder=None, **more):
    values = {"room": "children", "name": "常用", "query": {"age": "17"}, "position": 1}
    return SavedFilter.objects.create(person=holder or person(), **values | more)


def read_twice():
    reader, said = person(), notice(recipient=person())
    return [NoticeRead.objects.create(person=reader, notice=said) for _ in range(2)]


def signed_in(**more):
    moments = dict.fromkeys(("begun_at", "seen_at", "proved_at"), AT)
    return SignIn.objects.create(person=person(), way="code", **moments | more)


def confirmed_by(who):
    made = delegation(person())
    made.confirmed_by = getattr(made, who)
    made.save()


def twice(made, first, second):
    holder = person()
    return made(holder, **first), made(holder, **second)


VIOLATIONS = [
    ("posting_has_prefix", lambda: posting(person(), prefixes=[])),
    ("posting_role_known", lambda: posting(person(), "emperor")),
    ("posting_span_forward", lambda: posting(person(), from_on=ON, until_on=BEFORE)),
    ("grant_span_forward", lambda: grant(person(), "x", from_on=ON, until_on=BEFORE)),
    ("task_open_once", lambda: (task(**ALIKE), task(**ALIKE))),
    ("task_closed_with_outcome", lambda: task(closed_at="2025-06-01T08:00Z")),
    ("task_closed_with_outcome", lambda: task(outcome="admitted")),
    ("purpose_reason_known", lambda: purpose(reason="curiosity")),
    ("purpose_other_in_words", lambda: purpose(reason="other")),
    ("purpose_span_forward", lambda: purpose(expires_at=AT)),
    ("notice_has_one_address", notice),
    ("notice_has_one_address", lambda: notice(role="approver")),
    ("notice_has_one_address", lambda: notice(recipient=person(), role="approver", division_code=VILLAGE)),
    ("notice_read_once", read_twice),
    ("kin_number_once", lambda: twice(kin, {"id_index": b"1" * 16}, {"id_index": b"1" * 16, "name": "柳和清"})),
    ("kin_name_once", lambda: twice(kin, {}, {})),
    ("kin_relation_known", lambda: kin(relation="00")),
    ("kin_span_forward", lambda: kin(until_on=BEFORE)),
    ("emergency_reason_known", lambda: emergency(reason="tired")),
    ("emergency_reviewed_whole", lambda: emergency(verdict="justified", reviewed_by=person())),
    ("saved_filter_name_once", lambda: twice(kept, {}, {"position": 2})),
    ("saved_filter_position_once", lambda: twice(kept, {}, {"name": "别的"})),
    ("saved_filter_has_name", lambda: kept(name="")),
    ("saved_filter_at_most", lambda: kept(position=13)),
    ("sign_in_ended_with_reason", lambda: signed_in(ended_at=AT)),
    ("sign_in_ended_with_reason", lambda: signed_in(ending="idle")),
    ("delegation_has_prefix", lambda: delegation(person(), prefixes=[])),
    ("delegation_span_forward", lambda: delegation(person(), until_on=BEFORE)),
    ("delegation_by_two_people", lambda: confirmed_by("proposed_by")),
    ("delegation_not_by_oneself", lambda: confirmed_by("to")),
    ("copy_kind_known", lambda: copy(kind="x")),
    ("copy_purpose_known", lambda: copy(purpose="x")),
    ("copy_decided_whole", lambda: copy(decided_by=person())),
    ("copy_decided_whole", lambda: copy(state="declined", decided_at=AT)),
    ("copy_decided_by_another", decided_alone),
    ("copy_fetched_when_given", lambda: given(fetch_until=None)),
    ("copy_fetched_when_given", lambda: copy(first_fetched_at=AT)),
    ("copy_destroyed_after", lambda: given(destroyed_on=ON)),
    ("document_number_once", lambda: (document(), document(check_code="9QXC"))),
    ("check_code", lambda: (document(), document(serial=2))),
    ("document_has_pages", lambda: document(pages=0)),
    ("document_withdrawn_whole", lambda: document(withdrawn_on=ON)),
    ("document_withdrawn_whole", lambda: document(withdrawn_on=ON, withdrawn_by=person())),
    ("username", lambda: (person(username="a"), person(username="a"))),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_accounts_is_tried():
    models = apps.get_app_config("accounts").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared <= {constraint for constraint, _ in VIOLATIONS}


@pytest.mark.django_db
def test_a_span_may_be_one_day():
    posting(person(), from_on=ON, until_on=ON), grant(person(), "x", from_on=ON, until_on=ON)


@pytest.mark.django_db
def test_who_holds_a_posting_cannot_be_deleted():
    holder = person("county_officer")
    with pytest.raises(ProtectedError):
        holder.delete()


@pytest.mark.django_db
def test_an_entry_of_the_trail_belongs_to_somebody_who_exists():
    with pytest.raises(IntegrityError, match="by_id"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            """INSERT INTO accounts_trailentry
                      (by_id, role, act, subject_kind, subject_key, division_code, details)
               VALUES (987654321, '', 'look', 'child', 'x', '', '{}')"""
        )
