"""The peer of the import benchmark: django-import-export, as its documents tell, into two targets.

`register` is our own register (`bench/register_peer.py`): the same children come out. `plain` is one table of text: the
workbook's 40 columns as they are written, an index on the ID number, and nothing else: no guardian, no category, no
check, no seal, no trail. Its bulk mode is as its page "Bulk imports" advises: batches of 1,000 in one INSERT,
differences not worked out, what is there already asked for in one question. Each mode first makes a trial run
(`dry_run`), as its "Getting started" does: that is its check, as our admission follows on ours.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.db import connections, models, transaction
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from tablib import Dataset

from bench.register_peer import BulkRegisterResource, RegisterResource
from bench.workbook import HEADERS

KEY = HEADERS.index("证件号码")
NAMES = [f"column_{at}" for at in range(len(HEADERS))]


class PlainRow(models.Model):
    """Plain row (平表行): a row of the workbook as it stands there."""

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_plainrow"

    def __str__(self) -> str:
        return f"{self.pk}"


for name in NAMES:
    PlainRow.add_to_class(name, models.TextField(null=True))

FIELDS = {name: Field(attribute=name, column_name=header) for name, header in zip(NAMES, HEADERS, strict=True)}


class PlainResource(ModelResource):
    """Plain resource: the default mode."""

    locals().update(FIELDS)

    class Meta:
        model = PlainRow
        fields = NAMES
        import_id_fields = (NAMES[KEY],)


class BulkResource(PlainResource):
    """Bulk resource: the bulk mode."""

    class Meta:
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        instance_loader_class = CachedInstanceLoader


WAYS: dict[str, type[ModelResource]] = {
    "register, default": RegisterResource,
    "register, bulk": BulkRegisterResource,
    "plain, default": PlainResource,
    "plain, bulk": BulkResource,
}


@dataclass(frozen=True)
class PeerSeconds:
    """Seconds of the peer (对照用时) for all rows of a workbook into one target, in one mode."""

    reading: float
    trial: float
    importing: float

    @property
    def whole(self) -> float:
        """Reading, trial run and import, as its documents tell: what checking and admitting is here."""
        return self.alone + self.trial

    @property
    def alone(self) -> float:
        """Reading and import, without a look before."""
        return self.reading + self.importing


def measure_peer(content: bytes, sample: int) -> dict[str, PeerSeconds]:
    """Reads the whole workbook once and imports its first `sample` rows in each way: the seconds of all rows."""
    started = time.perf_counter()
    whole = Dataset().load(BytesIO(content), format="xlsx")
    reading = time.perf_counter() - started
    part = Dataset(*whole[:sample], headers=whole.headers)
    times = len(whole) / sample
    found = {way: _import_seconds(resource, part) for way, resource in WAYS.items()}
    return {way: PeerSeconds(reading, trial * times, real * times) for way, (trial, real) in found.items()}


def _import_seconds(made: type[ModelResource], rows: Dataset) -> tuple[float, float]:
    with _plain_table(), transaction.atomic():
        started = time.perf_counter()
        made().import_data(rows, dry_run=True, raise_errors=True)
        tried = time.perf_counter()
        result = made().import_data(rows, raise_errors=True)
        ended = time.perf_counter()
        if (result.totals["new"], made._meta.model.objects.count()) != (len(rows), len(rows)):
            raise SystemExit("the peer did not import its rows")
        transaction.set_rollback(True)
    return tried - started, ended - tried


@contextmanager
def _plain_table() -> Iterator[None]:
    """The empty table, for as long as one measurement takes."""
    columns = ", ".join(f"{name} text" for name in NAMES)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plainrow")
        cursor.execute(f"CREATE TABLE bench_plainrow (id bigserial PRIMARY KEY, {columns})")
        cursor.execute(f"CREATE INDEX bench_plainrow_key ON bench_plainrow ({NAMES[KEY]})")
        cursor.execute("GRANT ALL ON bench_plainrow, bench_plainrow_id_seq TO hutong_app")
        yield
        cursor.execute("DROP TABLE bench_plainrow")
