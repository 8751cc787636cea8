"""Jobs of the registry: load, call a verb."""

from contextlib import suppress
from datetime import date, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.kit.uploads import sweep_files
from hutong.registry.actions import admission, emergency, judging, linking, papers
from hutong.registry.models import ImportBatch


@app.task(name="registry.judge_batch", queue="imports")
def judge_batch(*, batch_id: int, on: str) -> None:
    """Judges a received batch (判定批次)."""
    judging.judge(batch=ImportBatch.objects.get(pk=batch_id), on=date.fromisoformat(on))


@app.task(name="registry.admit_batch", queue="imports")
def admit_batch(*, batch_id: int, by_id: int, on: str) -> None:
    """Goes on with an admission that has begun (入库), slice by slice."""
    batch, by, day = ImportBatch.objects.get(pk=batch_id), Person.objects.get(pk=by_id), date.fromisoformat(on)
    with suppress(Refused):  # withdrawn between two slices
        admission.go_on(by=by, batch=batch, on=day)
        find_in_batch.defer(batch_id=batch_id)


@app.task(name="registry.find_in_batch", queue="imports")
def find_in_batch(*, batch_id: int) -> None:
    """Finds files that may be of the children a batch has brought (批次查重)."""
    linking.find_in_batch(ImportBatch.objects.get(pk=batch_id), on=today())


@app.task(name="registry.watch_papers", queue="nightly")
def watch_papers(timestamp: int) -> None:
    """Watches which papers expire (核对材料有效期)."""
    papers.watch_papers(on=today())


@app.task(name="registry.watch_emergencies", queue="nightly")
def watch_emergencies(timestamp: int) -> None:
    """Watches which emergencies nobody has reviewed in time (核对紧急查看复核)."""
    emergency.watch_emergencies(on=today())


@app.task(name="registry.find_in_register", queue="nightly")
def find_in_register(timestamp: int) -> None:
    """Finds files of the whole register that may be one child's (全库查重)."""
    linking.find_in_register(on=today())


@app.task(name="registry.sweep_files", queue="nightly")
def sweep_files_left(timestamp: int) -> None:
    """Removes files that an act left behind which never was (清理无主文件), when they are a day old."""
    sweep_files(before=timezone.now() - timedelta(days=1))
