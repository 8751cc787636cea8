"""What a staged row keeps (暂存内容): the values and the responsible division, sealed as one."""

import json
from dataclasses import dataclass

from hutong.kit.batches import Kind
from hutong.kit.staging import Verdict, read_problems
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.models import ImportBatch, ImportFile, ImportRow, SenderLayout

IMPORT = Kind(CHILDREN, ImportBatch, ImportFile, ImportRow, SenderLayout, own=("child_id",))
"""Workbooks of children (儿童表格)."""

_PAYLOAD = ImportRow._meta.get_field("payload")
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class StagedChild:
    """A staged row opened (暂存儿童), ready to be weighed again and admitted."""

    row: ImportRow
    judged: JudgedRow


def write_payload(batch: ImportBatch, row: JudgedRow) -> tuple[object, ...]:
    """The columns of COPY for a judged row: batch_id, number, verdict, problems, payload, child_id."""
    said = _AS_JSON([row.responsible_code, row.values])
    problems = _AS_JSON([problem.stored() for problem in row.problems])
    return (batch.pk, row.number, str(row.verdict), problems, _PAYLOAD.seal(said), row.known and row.known.id)


def read_payload(row: ImportRow) -> StagedChild:
    """Opens a staged row."""
    responsible_code, values = json.loads(row.payload.open())
    problems = list(read_problems(row.problems))
    return StagedChild(row, JudgedRow(row.number, Verdict(row.verdict), values, problems, responsible_code))
