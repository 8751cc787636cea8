"""Changing keys in the registry: what is sealed about children and those around them."""

from collections import Counter
from datetime import date

from django.db.models import Prefetch, QuerySet

from hutong.accounts.actions.rekeying import KeyedField, Progress, Renewed, renew, sealed_rows, values_by_key
from hutong.accounts.models import Person
from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.registry.actions.papers import files_by_key, reseal_all_files
from hutong.registry.models import Child, Guardian


def reseal(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-seal (重新加密) every sealed value of the registry, and the files of papers, under the current data key.

    Raises NotAllowed.
    """
    done = renew(by=by, rows=tables(SealedField), kind=SealedField, on=on, progress=progress)
    return done + reseal_all_files()


def reindex(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-index (重建盲索引) the registry under the current index key. Raises NotAllowed."""
    return renew(by=by, rows=tables(BlindIndexField), kind=BlindIndexField, on=on, progress=progress)


def in_use(kind: type[KeyedField]) -> Counter[bytes]:
    """How many values of the registry and files of papers stand under which key (密钥使用情况), by first bytes."""
    return values_by_key(tables(kind), kind) + (files_by_key() if kind is SealedField else Counter())


def tables(kind: type[KeyedField]) -> list[QuerySet]:
    """The tables of the registry that hold such values; a child comes with the guardian it is known by."""
    current = Prefetch("guardians", Guardian.objects.filter(until_on__isnull=True))
    rows = sealed_rows("registry", kind)
    return [table.prefetch_related(current) if table.model is Child else table for table in rows]
