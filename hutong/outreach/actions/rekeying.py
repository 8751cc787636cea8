"""Changing keys in outreach: what is sealed of visits. Nothing is found by a blind index here."""

from collections import Counter
from datetime import date

from django.db.models import QuerySet

from hutong.accounts.actions.rekeying import KeyedField, Progress, Renewed, renew, sealed_rows, values_by_key
from hutong.accounts.models import Person
from hutong.kit.cipher import BlindIndexField, SealedField


def reseal(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-seal (重新加密) every sealed value of outreach under the current data key. Raises NotAllowed."""
    return renew(by=by, rows=tables(SealedField), kind=SealedField, on=on, progress=progress)


def reindex(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-index (重建盲索引) outreach under the current index key. Raises NotAllowed."""
    return renew(by=by, rows=tables(BlindIndexField), kind=BlindIndexField, on=on, progress=progress)


def in_use(kind: type[KeyedField]) -> Counter[bytes]:
    """How many values of outreach stand under which key (密钥使用情况), by their first bytes."""
    return values_by_key(tables(kind), kind)


def tables(kind: type[KeyedField]) -> list[QuerySet]:
    """The tables of outreach that hold such values."""
    return sealed_rows("outreach", kind)
