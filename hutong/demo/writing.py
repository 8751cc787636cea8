"""Writing (入库): invented children into the tables of the registry, by COPY."""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Model

from hutong.demo.children import InventedChild
from hutong.kit.names import initials, pinyin
from hutong.registry.actions.admission import CHILD_COLUMNS, GUARDIAN_COLUMNS
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import CategoryHolding, Child, Guardian

Filed = tuple[int, str, InventedChild]
"""A child with its id and its file number."""
Row = tuple[object, ...]

CHILD, GUARDIAN = Child._meta, Guardian._meta
HOLDING_COLUMNS = "child_id, category, from_on, until_on, basis, decision_number"


def write_children(filed: Iterable[Filed]) -> Iterator[Filed]:
    """Writes the children (写入儿童) and hands each one on when it is written."""
    with connection.cursor() as cursor, cursor.copy(_statement(Child, CHILD_COLUMNS)) as copy:
        for one in filed:
            copy.write_row(_child_row(*one))
            yield one


def write_guardians(filed: Iterable[Filed]) -> None:
    """Writes who looks after them (写入监护人)."""
    _copy(Guardian, GUARDIAN_COLUMNS, (_guardian_row(child_id, child) for child_id, _number, child in filed))


def write_holdings(filed: Iterable[Filed]) -> None:
    """Writes what they hold and have held (写入类别)."""
    _copy(CategoryHolding, HOLDING_COLUMNS, _holding_rows(filed))


def _copy(model: type[Model], columns: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(_statement(model, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def _statement(model: type[Model], columns: str) -> str:
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN"


def _child_row(child_id: int, number: str, child: InventedChild) -> Row:
    said = child.said
    return (
        child_id,
        number,
        said["name"],
        pinyin(said["name"]),
        initials(said["name"]),
        said["sex"],
        said["birth_date"],
        said["ethnic_group"],
        CHILD.get_field("id_number").seal(said.get("id_number", "")),
        id_index(said["id_number"]) if "id_number" in said else None,
        matching_index(said),
        said.get("no_id_reason", ""),
        said["registered_division"],
        said["living_division"],
        child.responsible_code,
        CHILD.get_field("address").seal(said["living_address"]),
        1,
        child.registered_at,
    )


def _guardian_row(child_id: int, child: InventedChild) -> Row:
    said = child.said
    return (
        child_id,
        said["guardian_name"],
        said["guardian_relation"],
        GUARDIAN.get_field("id_number").seal(said.get("guardian_id_number", "")),
        id_index(said["guardian_id_number"]) if "guardian_id_number" in said else None,
        GUARDIAN.get_field("phone").seal(said.get("guardian_phone", "")),
        phone_index(said["guardian_phone"]) if "guardian_phone" in said else None,
        child.holdings[0].from_on,
    )


def _holding_rows(filed: Iterable[Filed]) -> Iterator[Row]:
    for child_id, _number, child in filed:
        for held in child.holdings:
            yield child_id, held.category, held.from_on, held.until_on, held.basis, held.decision_number
