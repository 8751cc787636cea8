"""A paper whose act is killed between its file and its row: nothing is half there, and the night clears up."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from hutong.kit import uploads
from hutong.kit.uploads import read_file, sweep_files
from hutong.registry.actions.papers import add_paper, reseal_files
from hutong.registry.models import Child, Evidence
from tests.factories import ON, child, person, picture

ADDING = """
import os, signal, sys
import django
django.setup()
from hutong.accounts.models import Person
from hutong.kit import uploads
from hutong.registry.actions import papers
from hutong.registry.models import Child
from tests.factories import ON, picture

def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

{fault}
values = dict(kind="photo", content=picture("PNG", shade=2), name="x.png", issued_on=None, expires_on=None, note="")
papers.add_paper(by=Person.objects.get(), child=Child.objects.get(), on=ON, **values)
"""
RESEALING = """
import os, signal
import django
django.setup()
from dataclasses import replace
from hutong.kit import uploads
from hutong.registry.actions.papers import reseal_files

later = replace(uploads.keys(), data=uploads.keys().data | {7: bytes(range(32))}, current=7)
uploads.keys = lambda: later
begun = iter(range(3))
write = uploads._write
def writing(name, token):
    next(begun, None) is None and os.kill(os.getpid(), signal.SIGKILL)
    write(name, token)
uploads._write = writing
reseal_files()
"""


@pytest.fixture
def environment(committed_database: str, tmp_path: Path, settings) -> Iterator[dict[str, str]]:
    """What another process needs to work on this test's database and files with this test's keys."""
    path = tmp_path / "data" / "keys.json"
    path.parent.mkdir()
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE, settings.FILES_DIR = path, path.parent / "files"
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=committed_database)
    root = str(Path(__file__).resolve().parents[2])
    named = {"HUTONG_DATA": str(path.parent), "HUTONG_KEYS": str(path), "PYTHONPATH": root}
    yield os.environ | named | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hutong.settings"}


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)


def files(settings) -> list[Path]:
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]


def add(shade: int = 1) -> Evidence:
    one = Child.objects.first() or child()
    by = person("county_officer") if not Evidence.objects.exists() else Evidence.objects.first().added_by
    values = {"kind": "photo", "name": "x.png", "issued_on": None, "expires_on": None, "note": ""}
    return add_paper(by=by, child=one, content=picture("PNG", shade=shade), on=ON, **values)


FAULTS = {
    "before the file is whole": "uploads.os.fsync = killed",
    "between row and file": "papers.write_file = killed",
    "before the commit": "papers.record = killed",
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_kill_leaves_no_row_and_the_sweep_takes_the_file(environment, settings, fault):
    paper = add()

    done = run(ADDING.format(fault=fault), environment)
    left = len(files(settings))
    now = timezone.now()
    swept = [sweep_files(before=now - timedelta(days=1)), sweep_files(before=now + timedelta(days=1))]

    assert done.returncode == -signal.SIGKILL, done.stderr
    begun = "write_file" not in fault
    assert (left, swept) == (1 + begun, [0, begun])
    assert list(Evidence.objects.values_list("pk", flat=True)) == [paper.pk]
    assert [path.name for path in files(settings)] == [paper.stored_name]
    assert Child.objects.get().revision == 2


@pytest.mark.slow
def test_a_killed_resealing_leaves_every_file_readable_and_goes_on(environment, settings, monkeypatch):
    papers = [add(shade) for shade in range(6)]
    done = run(RESEALING, environment)
    now = uploads.keys()
    later = replace(now, data=now.data | {7: bytes(range(32))}, current=7)
    monkeypatch.setattr(uploads, "keys", lambda: later)
    marks = sorted(path.read_bytes()[1] for path in files(settings))

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert marks == [1, 1, 1, 7, 7, 7]
    assert all(read_file(paper.stored_name).startswith(b"\xff\xd8") for paper in papers)
    assert reseal_files().renewed == 3
