"""An import killed again and again, by the console and by the worker, ends as one that nobody disturbed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from hutong.gateways.embedded_postgres import EmbeddedPostgres
from tests.factories import COUNTY, ON, VILLAGE, id_number, line, workbook

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
SCRIPT = Path(__file__).parent / "small_slices.py"
OFFICER, APPROVER = "officer", "approver"
KNOWN, NEW = 300, 300
JUDGED, ADMITTED = "judged", "admitted"


@dataclass
class House:
    """An installation of its own."""

    data: Path

    @property
    def environment(self) -> dict[str, str]:
        unwanted = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        own = [name for name in os.environ if name.startswith("HUTONG_") or name in unwanted]
        kept = {name: value for name, value in os.environ.items() if name not in own}
        root = {"PYTHONPATH": str(Path(__file__).parents[2])}
        return kept | root | {"HUTONG_DATA": str(self.data), "HUTONG_TODAY": ON.isoformat()}

    @property
    def server(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data / "postgres")

    def start(self, *command: object) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        call = [sys.executable, str(SCRIPT), *map(str, command)]
        return subprocess.Popen(call, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *command: object) -> str:
        process = self.start(*command)
        said, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return said

    def ask(self, question: str) -> int:
        """One number from the batch in hand, the last one."""
        with psycopg.connect(self.server.url("hutong_owner"), autocommit=True) as connection:
            row = connection.execute(question).fetchone()
        return row[0] if row else 0

    def told(self) -> dict[str, object]:
        """What the register says."""
        return json.loads(self.run("tell"))


BATCH = "FROM registry_importbatch ORDER BY id DESC LIMIT 1"
ROWS_DONE = f"SELECT rows_done {BATCH}"
ROWS_IN = (
    f"SELECT count(*)::int FROM registry_importrow WHERE admitted_at IS NOT NULL AND batch_id = (SELECT id {BATCH})"
)


def state(house: House) -> str:
    return str(house.ask(f"SELECT state {BATCH}"))


def kill_at_random(house: House, command: Sequence[object], count: str, until: str, times: int = 2) -> int:
    """Starts and kills, each time some way into the work; how many times it was killed before the end."""
    chance, killed = random.Random(len(count)), 0
    for _ in range(times):
        before, process = house.ask(count), house.start(*command)
        while process.poll() is None and state(house) != until and house.ask(count) in (0, before):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        killed += process.poll() is None and state(house) != until
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return killed


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A first workbook, and one that changes its children and brings others."""
    folder = tmp_path_factory.mktemp("books")
    known = [line(living_division=VILLAGE, id_number=id_number(at=at, region="0301")) for at in range(KNOWN)]
    changed = [
        row | {"living_address": f"甘露街 {at} 号", "guardian_name": "汤桂英" if at % 2 else "柳桂兰"}
        for at, row in enumerate(known)
    ]
    new = [line(living_division=VILLAGE, id_number=id_number(at=at, region="0302")) for at in range(NEW)]
    first, second = folder / "first.xlsx", folder / "second.xlsx"
    first.write_bytes(workbook(known))
    second.write_bytes(workbook([row for pair in zip(changed, new, strict=True) for row in pair]))
    return first, second


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, Path]) -> Path:
    """A data folder whose register has admitted the first workbook; its server is down."""
    house = House(tmp_path_factory.mktemp("prepared") / "data")
    house.run("migrate")
    with house.server.attached():
        house.run("people", OFFICER, APPROVER, COUNTY)
        house.run("whole", files[0], OFFICER, APPROVER)
    return house.data


@contextmanager
def copy_of(prepared: Path, folder: Path) -> Iterator[House]:
    """The same installation once more, with its server up."""
    subprocess.run(["cp", "-a", prepared, folder / "data"], check=True)
    house = House(folder / "data")
    with house.server.attached():
        yield house


@pytest.fixture(scope="module")
def undisturbed(
    prepared: Path, files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """What the register says where nobody was killed."""
    with copy_of(prepared, tmp_path_factory.mktemp("undisturbed")) as house:
        house.run("whole", files[1], OFFICER, APPROVER)
        told = house.told()
    assert len(told) == KNOWN + NEW
    return told


def test_the_console_goes_on_with_the_same_command(
    prepared: Path, undisturbed: dict[str, object], files: tuple[Path, Path], tmp_path: Path
) -> None:
    with copy_of(prepared, tmp_path) as house:
        check = ("import", files[1], "--by", OFFICER)
        admit = ("admit", 2, "--by", APPROVER, "--only", "new,changed")
        killed = [kill_at_random(house, check, ROWS_DONE, JUDGED)]
        house.run(*check)
        assert state(house) == JUDGED
        killed.append(kill_at_random(house, admit, ROWS_IN, ADMITTED))
        house.run(*admit)
        assert state(house) == ADMITTED
        assert all(killed)
        assert house.told() == undisturbed


def test_a_worker_goes_on_with_the_job_of_a_killed_one(
    prepared: Path, undisturbed: dict[str, object], files: tuple[Path, Path], tmp_path: Path
) -> None:
    with copy_of(prepared, tmp_path) as house:
        killed = []
        for job, count, until in (
            (("import", files[1], OFFICER), ROWS_DONE, JUDGED),
            (("admit", 2, APPROVER), ROWS_IN, ADMITTED),
        ):
            house.run("defer", *job)
            killed.append(kill_at_random(house, ("worker",), count, until, times=1))
            finish(house, until)
        assert all(killed)
        assert house.told() == undisturbed


def finish(house: House, until: str) -> None:
    """Lets a worker come to the end."""
    worker, deadline = house.start("worker"), time.monotonic() + 60
    while state(house) != until:
        assert time.monotonic() < deadline and worker.poll() is None
        time.sleep(0.05)
    worker.send_signal(signal.SIGINT)
    worker.communicate(timeout=60)
