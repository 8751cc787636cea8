"""Changing keys in the allowances: what is sealed about applications and decisions."""

from collections import Counter
from datetime import date

from django.db.models import QuerySet

from hutong.accounts.actions.rekeying import KeyedField, Progress, Renewed, renew, sealed_rows, values_by_key
from hutong.accounts.models import Person
from hutong.allowances.models import StandardPaper
from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.registry.actions.papers import files_by_key, reseal_all_files


def reseal(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-seal (重新加密) every sealed value of the allowances, and the documents of standards, under the current data
    key. Raises NotAllowed."""
    done = renew(by=by, rows=tables(SealedField), kind=SealedField, on=on, progress=progress)
    return done + reseal_all_files(StandardPaper)


def reindex(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-index (重建盲索引) the allowances under the current index key. Raises NotAllowed."""
    return renew(by=by, rows=tables(BlindIndexField), kind=BlindIndexField, on=on, progress=progress)


def in_use(kind: type[KeyedField]) -> Counter[bytes]:
    """How many values of the allowances and documents stand under which key (密钥使用情况), by their first bytes."""
    files = files_by_key(StandardPaper) if kind is SealedField else Counter()
    return values_by_key(tables(kind), kind) + files


def tables(kind: type[KeyedField]) -> list[QuerySet]:
    """The tables of the allowances that hold such values."""
    return sealed_rows("allowances", kind)
