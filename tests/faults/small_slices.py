"""The console with slices of sixty rows, so that a short file has many; and what a test does and asks beside it."""

import json
import sys
from collections import Counter
from pathlib import Path

from django.db import transaction

from hutong.console import main  # sets Django up; the rest is imported after it

ACTS = ("admit_child", "change_child")


def console() -> None:
    """Any command; its second process helps with every file."""
    from hutong.kit import batches
    from hutong.registry.actions import admission, preparing
    from hutong.registry.intake import judge

    judge.SLICE = admission.SLICE = 60
    judge.PART = preparing.PART = 15
    batches.LARGE_BYTES = 0
    main.main()


def tell() -> None:
    """All that the register says of its children, by ID number: what a kill must neither lose nor double."""
    from hutong.accounts.models import TrailEntry
    from hutong.registry.actions.changes import read_document
    from hutong.registry.models import Child
    from hutong.registry.queries import said_of

    entries = TrailEntry.objects.filter(subject_kind="child", act__in=ACTS).values_list("subject_key", "act")
    acts = Counter(entries)
    told = {
        child.id_number.open(): {
            "said": said_of(child),
            "revision": child.revision,
            "guardians": sorted(guardian.name for guardian in child.guardians.all()),
            "holdings": sorted(holding.category for holding in child.holdings.all()),
            "changes": [read_document(change) for change in child.changes.all()],
            "trail": {act: acts[child.file_number, act] for act in ACTS},
        }
        for child in Child.objects.prefetch_related("guardians", "holdings", "changes")
    }
    sys.stdout.write(json.dumps(told))


def defer(what: str, of: str, by: str) -> None:
    """What the pages do: receives a workbook, or begins an admission, and leaves the rest to the worker."""
    from hutong.accounts.clock import today
    from hutong.accounts.queries import person_named
    from hutong.registry import jobs
    from hutong.registry.actions import admission, staging
    from hutong.registry.models import ImportBatch

    person, on = person_named(by), today()
    if what == "import":
        batch = staging.receive(by=person, content=Path(of).read_bytes(), name="children.xlsx", on=on)
        jobs.judge_batch.defer(batch_id=batch.pk, on=on.isoformat())
    else:
        batch = ImportBatch.objects.get(pk=int(of))
        admission.begin_admission(by=person, batch=batch, on=on, only=["new", "changed"])
        jobs.admit_batch.defer(batch_id=batch.pk, by_id=person.pk, on=on.isoformat())


def people(officer: str, approver: str, division: str) -> None:
    """Who imports and who admits."""
    from hutong.accounts.actions.people import appoint
    from hutong.accounts.clock import today

    for username, role in ((officer, "county_officer"), (approver, "approver")):
        said = {"name": "尹清和", "organisation": "", "password": "hutong-trial-2026"}
        appoint(by=None, username=username, role=role, prefix=division, on=today(), **said)


def whole(book: str, officer: str, approver: str) -> None:
    """An import from beginning to end that nobody disturbs."""
    from hutong.accounts.clock import today
    from hutong.accounts.queries import person_named
    from hutong.registry.actions import admission, judging, staging

    by, on = person_named(officer), today()
    batch = staging.receive(by=by, content=Path(book).read_bytes(), name="children.xlsx", on=on)
    judging.judge(batch=batch, on=on)
    admission.admit(by=person_named(approver), batch=batch, on=on, only=["new", "changed"])


ACTS_OF_TEST = {"tell": tell, "defer": defer, "people": people, "whole": whole}

if __name__ == "__main__":
    if sys.argv[1] in ACTS_OF_TEST:
        with main.database.with_database(), transaction.atomic():
            ACTS_OF_TEST[sys.argv[1]](*sys.argv[2:])
    else:
        console()
