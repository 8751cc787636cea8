"""Entering many children at once: the columns of COPY, one place for the import and for the demonstration."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Model

from hutong.kit.names import spell
from hutong.law.categories import WITH_SECRET_BASIS, Basis
from hutong.law.identity import file_number, temporary_number
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Circumstance,
    Guardian,
    HealthFact,
    Household,
    HouseholdMember,
    Move,
    Observation,
    OtherAid,
    Parent,
    PayeeLink,
    Study,
)
from hutong.treasury.models import Payee

Row = tuple[object, ...]


class ChildColumns(NamedTuple):
    """The columns of a child that do not depend on its id (儿童列), ready to be written."""

    name: str
    pinyin: str
    initials: str
    sorting: str
    sex: str
    birth_date: str
    ethnic_group: str
    id_number: bytes | None
    id_index: bytes | None
    matching_index: bytes
    no_id_reason: str
    registered_code: str
    living_code: str
    address: bytes | None


class GuardianColumns(NamedTuple):
    """The columns of a guardian (监护人列), ready to be written."""

    name: str
    relation: str
    id_number: bytes | None
    id_index: bytes | None
    phone: bytes | None
    phone_index: bytes | None


COLUMNS: dict[type[Model], str] = {
    Child: ", ".join(
        (
            "id",
            "file_number",
            "temporary_number",
            "responsible_code",
            "revision",
            "registered_at",
            *ChildColumns._fields,
        )
    ),
    Guardian: ", ".join(("child_id", "from_on", *GuardianColumns._fields)),
    CategoryHolding: "child_id, category, from_on, until_on, basis, decision_number, secret_basis",
    Parent: "id, child_id, role, is_unknown, name, id_number, id_index, phone, phone_index, recorded_at",
    Circumstance: "child_id, parent_id, kind, from_on, until_on, reported_on, notice_on, disability_class, grade, "
    "certificate, recorded_at",
    Household: "id, division_code, kind",
    HouseholdMember: "household_id, child_id, name, relation, from_on, until_on",
    Study: "child_id, level, school, is_full_time, from_on, until_on, recorded_at",
    HealthFact: "child_id, kind, sensitivity, words, from_on, recorded_at",
    OtherAid: "child_id, kind, fen_per_month, household_fen_per_month, members, from_on, until_on, recorded_at",
    Observation: "child_id, question, answer, observed_on, batch_id, recorded_at",
    Payee: "key, holder_key, kind, name, id_number, id_index, credit_code, card, card_index, card_tail, bank_name, "
    "opened_on, closed_on, closed_reason",
    PayeeLink: "child_id, holder_key, from_on, until_on, recorded_at",
    Change: 'child_id, kind, stage, "on", reason, words, columns, before, after, bulk, division_code, by_id, at, '
    "decided_by_id, decided_at",
    Move: 'id, child_id, stage, from_code, to_code, living_code, "on", reason, words, by_id, at, decided_by_id, '
    "decided_at, answer",
}
ID_NUMBER, ADDRESS, GUARDIAN_NUMBER, PHONE = (
    Child._meta.get_field("id_number"),
    Child._meta.get_field("address"),
    Guardian._meta.get_field("id_number"),
    Guardian._meta.get_field("phone"),
)
ADMISSION_LOCK = 0x6875746F6E67
"""Children come into the register one admission at a time: two batches may hold the same child."""


def lock_admissions() -> None:
    """Wait for the turn to enter children (入库锁); held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMISSION_LOCK])


def new_ids(count: int, model: type[Model] = Child) -> list[int]:
    """That many fresh ids of children, or of another table's rows, in order (取号)."""
    with connection.cursor() as cursor:
        sequence = f"{model._meta.db_table}_id_seq"
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]


def number_of(child_id: int) -> str:
    """The file number that belongs to an id (档案号)."""
    return file_number(settings.PROVINCE, child_id)


def enter(model: type[Model], rows: Iterable[Row], columns: str = "") -> None:
    """Writes rows of COLUMNS, or of the `columns` given, by COPY (批量写入)."""
    statement = f"COPY {model._meta.db_table} ({columns or COLUMNS[model]}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def child_row(child_id: int, number: str, said: ChildColumns, *, responsible_code: str, registered_at: datetime) -> Row:
    """A child's row (儿童行); `number` is its file number."""
    temporary = None if said.id_number else temporary_number(responsible_code, child_id)
    return child_id, number, temporary, responsible_code, 1, registered_at, *said


def child_columns(said: Mapping[str, str]) -> ChildColumns:
    """A child's columns as a row says them, by column code; sealed and indexed under the keys in force."""
    number = said.get("id_number", "")
    return ChildColumns(
        said["name"],
        *spell(said["name"]),
        said["sex"],
        said["birth_date"],
        said.get("ethnic_group", ""),
        ID_NUMBER.seal(number),
        id_index(number) if number else None,
        matching_index(said),
        "" if number else said["no_id_reason"],
        said.get("registered_division", ""),
        said["living_division"],
        ADDRESS.seal(said.get("living_address", "")),
    )


def guardian_row(child_id: int, said: GuardianColumns, *, from_on: date | None = None) -> Row:
    """A guardian's row (监护人行)."""
    return child_id, from_on, *said


def guardian_columns(said: Mapping[str, str]) -> GuardianColumns:
    """A guardian's columns as a row says them."""
    number, phone = said.get("guardian_id_number", ""), said.get("guardian_phone", "")
    return GuardianColumns(
        said["guardian_name"],
        said.get("guardian_relation", ""),
        GUARDIAN_NUMBER.seal(number),
        id_index(number) if number else None,
        PHONE.seal(phone),
        phone_index(phone) if phone else None,
    )


def holding_row(
    child_id: int,
    category: str,
    *,
    from_on: date | str,
    until_on: date | None = None,
    basis: str = "",
    decision_number: str = "",
    secret: Basis = Basis.ORPHAN,
) -> Row:
    """A holding's columns (类别列); `secret` is said of those categories alone that have a sealed basis."""
    token = sealed_basis(secret) if category in WITH_SECRET_BASIS else None
    return child_id, category, from_on, until_on, basis, decision_number, token


def sealed_basis(basis: Basis) -> bytes | None:
    """The token of a sealed basis (密封依据), of one length whatever it says."""
    return CategoryHolding._meta.get_field("secret_basis").seal(basis.padded)
