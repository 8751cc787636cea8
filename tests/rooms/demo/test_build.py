"""Building: the same for the same seed, refused where something stands, and what the command answers."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.db import connection, transaction

from hutong.accounts.models import Grant, Person, Task
from hutong.console.demonstration import demo
from hutong.console.printing import Refusal, Status
from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.build import AlreadyThere, build
from hutong.kit.cipher import Sealed
from hutong.network.models import Organisation
from hutong.outreach.models import Statement, Visit
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Circumstance,
    Guardian,
    HealthFact,
    HouseholdMember,
    ImportBatch,
    Move,
    OtherAid,
    Parent,
    PayeeLink,
    Study,
)
from hutong.treasury.models import Attempt, Payee

CHILDREN = 400
pytestmark = pytest.mark.django_db


def _build(seed: int, children: int = CHILDREN) -> None:
    build(children=children, seed=seed, on=DEMONSTRATION_DAY)


def _plain(model: type, *columns: str, **narrowed: object) -> Iterator[str]:
    for row in model.objects.filter(**narrowed).order_by("pk").values_list(*columns):
        yield str([cell.open() if isinstance(cell, Sealed) else str(cell) for cell in row])


def _digest(seed: int) -> str:
    """Everything that must be the same by seed: plain values, neither nonces nor numbers of the sequences."""
    with transaction.atomic():
        _build(seed)
        rows = [
            *_plain(Child, "file_number", "registered_at", pk__lt=CHILDREN * 9 // 10),
            *_plain(Child, "name", "id_number", "no_id_reason", "address", "registered_code", "responsible_code"),
            *_plain(Child, "closed_on", "closed_reason", "revision"),
            *_plain(Guardian, "name", "relation", "id_number", "phone", "from_on"),
            *_plain(CategoryHolding, "category", "from_on", "until_on", "decision_number", "secret_basis", pk__gt=0),
            *_plain(Parent, "role", "name", "id_number", "phone"),
            *_plain(Circumstance, "kind", "from_on", "until_on", "reported_on", "certificate"),
            *_plain(HouseholdMember, "name", "relation", "from_on", "until_on"),
            *_plain(Study, "level", "school", "from_on", "until_on"),
            *_plain(HealthFact, "kind", "sensitivity", "words"),
            *_plain(OtherAid, "kind", "fen_per_month", "household_fen_per_month", "members", "from_on"),
            *_plain(Payee, "key", "holder_key", "name", "credit_code", "card", "opened_on", "closed_on"),
            *_plain(PayeeLink, "holder_key", "from_on", "until_on"),
            *_plain(Change, "kind", "on", "reason", "words", "before", "after", "bulk", "at", "by__username"),
            *_plain(Move, "stage", "from_code", "to_code", "on", "words", "at", "by__username"),
            *_plain(Organisation, "kind", "name", "credit_code", "division_code", "from_on", "until_on"),
            *_plain(
                Visit, "child__file_number", "visited_on", "by__username", "way", "purpose", "child_seen", "findings"
            ),
            *_plain(Statement, "relation_to_child", "name", "words"),
            *_plain(Placement, "child__file_number", "kind", "organisation__name", "carer", "from_on", "until_on"),
            *_plain(GuardianshipAgreement, "child__file_number", "kind", "signed_on", "recorded_by__username"),
            *_plain(Person, "username", "name", "organisation"),
            *_plain(Task, "kind", "subject_key", "due_on", "harm", "division_code", subject_kind="child"),
            *_plain(Grant, "person__username", "scope_key"),
            *_plain(ImportBatch, "digest", "counts"),
        ]
        transaction.set_rollback(True)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_the_same_seed_gives_the_same_province_and_another_seed_another() -> None:
    first = _digest(64)
    assert _digest(64) == first
    assert _digest(65) != first


@pytest.mark.parametrize("children", [1, 12, 75])
def test_there_are_as_many_children_as_were_asked_for(children: int) -> None:
    built = build(children=children, seed=64, on=DEMONSTRATION_DAY)
    assert built.children == Child.objects.count() == children
    assert built.payments == Attempt.objects.filter(state="paid").count()


def test_new_file_numbers_go_on_after_the_demonstration() -> None:
    _build(64, children=30)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registry_child_id_seq')")
        (following,) = cursor.fetchone()
    assert following > max(Child.objects.values_list("pk", flat=True))


def test_it_is_built_into_an_empty_register_only() -> None:
    _build(64, children=10)
    with pytest.raises(AlreadyThere):
        _build(64, children=10)
    assert Child.objects.count() == 10


def test_the_command_answers_with_counts(capsys: pytest.CaptureFixture[str]) -> None:
    demo(children=20, seed=64, if_empty=False, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer.keys() == {"children", "villages", "payments", "seconds"}
    paid = Attempt.objects.filter(state="paid").count()
    assert (answer["children"], answer["payments"]) == (20, paid) and paid


def test_the_command_lists_whom_one_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    demo(children=20, seed=64, if_empty=False, as_json=False)
    assert "yongning-officer" in capsys.readouterr().out


def test_the_command_refuses_a_register_that_is_there_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    _build(64, children=10)
    with pytest.raises(Refusal) as refusal:
        demo(children=20, seed=64, if_empty=False, as_json=True)
    assert refusal.value.status == Status.FOUND
    demo(children=20, seed=64, if_empty=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["children"] == 10


@pytest.mark.parametrize(("setting", "value"), [("PRODUCTION", True), ("PROVINCE", "62")])
def test_the_command_refuses_production_and_other_provinces(
    setting: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configured, setting, value)
    with pytest.raises(Refusal) as refusal:
        demo(children=20, seed=64, if_empty=True, as_json=True)
    assert refusal.value.status == Status.WRONG_CALL
    assert not Child.objects.exists()
