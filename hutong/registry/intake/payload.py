"""What a staged row keeps (暂存内容): the values and the responsible division, sealed as one."""

import json
from collections.abc import Mapping

from hutong.kit.batches import Kind
from hutong.kit.cipher import Keys, keys, unseal
from hutong.kit.staging import Verdict, read_problems
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.models import ImportBatch, ImportFile, ImportRow, SenderLayout

IMPORT = Kind(CHILDREN, ImportBatch, ImportFile, ImportRow, SenderLayout, own=("child_id",))
"""Workbooks of children (儿童表格)."""

_PAYLOAD = ImportRow._meta.get_field("payload")
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode


def staged_columns(batch: ImportBatch, row: JudgedRow) -> tuple[object, ...]:
    """The columns of COPY for a judged row: batch_id, number, verdict, problems, payload, child_id.

    What was sealed under another key than the current one is sealed again.
    """
    is_current = row.sealed.startswith(_PAYLOAD.mark())
    sealed = row.sealed if is_current else seal_payload(keys(), row.responsible_code, row.values)
    problems = _AS_JSON([problem.stored() for problem in row.problems]) if row.problems else "[]"
    return batch.pk, row.number, str(row.verdict), problems, sealed, row.known and row.known.id


def seal_payload(held: Keys, responsible_code: str, values: Mapping[str, str]) -> bytes:
    """What a staged row keeps, sealed."""
    return held.seal(_AS_JSON([responsible_code, values]), field=_PAYLOAD.bound_to)


def open_payload(token: bytes) -> tuple[str, dict[str, str]]:
    """What a staged row keeps, opened: the responsible division, and the values by column code. Raises CannotOpen."""
    responsible_code, values = json.loads(unseal(token, field=_PAYLOAD.bound_to))
    return responsible_code, values


def read_payload(row: ImportRow) -> JudgedRow:
    """Opens a staged row, as it was judged."""
    responsible_code, values = open_payload(row.payload.token)
    problems = list(read_problems(row.problems))
    return JudgedRow(row.number, Verdict(row.verdict), values, problems, responsible_code)
