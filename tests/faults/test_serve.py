"""`hutong serve` against interrupts, kills and rivals: the real product, in processes of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from hutong.gateways.embedded_postgres import EmbeddedPostgres
from tests.ports import free_port

pytestmark = pytest.mark.slow
CONSOLE = [sys.executable, "-m", "hutong.console.main"]
DEFER = """
import sys, django
django.setup()
from procrastinate.contrib.django import app
app.configure_task("dawdle").defer(notes=sys.argv[1], seconds=float(sys.argv[2]))
"""


@dataclass
class House:
    """One installation under test: a data folder, a port and, where the tests run outside, a database."""

    data: Path
    port: int
    database_url: str = ""
    supervisors: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUTONG_")}
        return kept | {
            "HUTONG_DATA": str(self.data),
            "HUTONG_PORT": str(self.port),
            "HUTONG_LANGUAGE": "en",
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "slow_job.settings",
            "PYTHONPATH": str(Path(__file__).parent),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*CONSOLE, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def serve(self) -> subprocess.Popen[str]:
        """Starts `serve` in a session of its own, as a terminal would, and waits for the printed address."""
        supervisor = subprocess.Popen(
            [*CONSOLE, "serve"], env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.supervisors.append(supervisor)
        assert supervisor.stdout is not None
        assert f"http://127.0.0.1:{self.port}" in supervisor.stdout.readline()
        return supervisor

    def is_healthy(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def database_process(self) -> int | None:
        file = self.data / "postgres" / "postmaster.pid"
        return int(file.read_text().split()[0]) if file.exists() else None

    def defer(self, notes: Path, seconds: float) -> None:
        subprocess.run([sys.executable, "-c", DEFER, str(notes), str(seconds)], env=self.environment, check=True)

    def clean_up(self) -> None:
        for supervisor in self.supervisors:
            if supervisor.poll() is None:
                supervisor.terminate()
                supervisor.wait(90)
            if supervisor.stdout is not None:
                supervisor.stdout.close()


@pytest.fixture(scope="module")
def prepared(is_embedded: bool) -> Iterator[Path]:
    """A data folder whose database is migrated, kept for all tests of this module."""
    folder = Path(tempfile.mkdtemp(prefix="hutong-serve-"))
    if is_embedded:
        done = House(folder, 1).run("migrate")
        assert done.returncode == 0, done.stderr
    yield folder
    EmbeddedPostgres(folder / "postgres").stop()
    shutil.rmtree(folder)


@pytest.fixture
def house(request: pytest.FixtureRequest, prepared: Path, is_embedded: bool) -> Iterator[House]:
    port = free_port()
    url = ""
    if not is_embedded:
        url = make_conninfo(os.environ["DATABASE_URL"], dbname=request.getfixturevalue("committed_database"))
    house = House(prepared, port, url)
    yield house
    house.clean_up()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Whether it runs; one that is dead but not yet waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def descendants(process: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    return found


def child_named(process: int, part: str) -> int:
    (child,) = [
        int(child)
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        if part in Path(f"/proc/{child}/cmdline").read_text().split("\0")
    ]
    return child


def words(notes: Path) -> list[str]:
    return notes.read_text().split() if notes.exists() else []


@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_one_interrupt_stops_everything(house: House, interrupt: signal.Signals) -> None:
    supervisor = house.serve()
    assert house.is_healthy()
    processes = [*descendants(supervisor.pid), *filter(None, [house.database_process()])]
    assert len(processes) >= 3
    supervisor.send_signal(interrupt)
    assert supervisor.wait(30) == 0
    assert not any(map(is_alive, processes))
    assert house.database_process() is None
    assert not house.is_healthy()


def test_an_interrupt_from_the_terminal_lets_the_running_job_finish(house: House, tmp_path: Path) -> None:
    supervisor = house.serve()
    house.defer(tmp_path / "notes", seconds=3)
    wait_until(lambda: words(tmp_path / "notes") == ["begun"])
    os.killpg(supervisor.pid, signal.SIGINT)
    assert supervisor.wait(30) == 0
    assert words(tmp_path / "notes") == ["begun", "ended"]


def test_a_second_serve_is_refused_and_the_first_goes_on(house: House) -> None:
    first = house.serve()
    second = house.run("serve")
    assert second.returncode == 1
    assert f"process {first.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    assert house.is_healthy()


def test_a_console_neither_stops_nor_disturbs_it(house: House) -> None:
    supervisor = house.serve()
    before = house.database_process(), descendants(supervisor.pid)
    done = house.run("doctor", "--json")
    checks = {finding["check"]: finding["state"] for finding in json.loads(done.stdout)["findings"]}
    assert checks["database"] == checks["migrations"] == checks["role"] == checks["worker"] == "fine"
    assert house.run("migrate").returncode == 0
    assert house.is_healthy()
    assert (house.database_process(), descendants(supervisor.pid)) == before


def test_a_killed_serve_takes_its_children_along_and_the_next_one_starts(house: House) -> None:
    killed = house.serve()
    children = descendants(killed.pid)
    killed.kill()
    killed.wait()
    after = house.serve()
    assert house.is_healthy()
    wait_until(lambda: not any(map(is_alive, children)))
    after.send_signal(signal.SIGINT)
    assert after.wait(30) == 0
    assert house.database_process() is None


def test_a_killed_web_server_comes_back(house: House) -> None:
    supervisor = house.serve()
    web = child_named(supervisor.pid, "granian")
    family = [web, *descendants(web)]
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, family)))
    wait_until(house.is_healthy)


def test_a_job_of_a_killed_serve_is_done_by_the_next(house: House, tmp_path: Path, is_embedded: bool) -> None:
    killed = house.serve()
    worker = child_named(killed.pid, "worker")
    house.defer(tmp_path / "notes", seconds=2)
    wait_until(lambda: words(tmp_path / "notes") == ["begun"])
    os.kill(killed.pid, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    killed.wait()
    house.serve()
    # On a server that others may use too, a worker counts as dead after a minute of silence.
    wait_until(lambda: words(tmp_path / "notes") == ["begun", "begun", "ended"], 30 if is_embedded else 150)


def test_a_taken_port_is_named(house: House) -> None:
    with socket.create_server(("127.0.0.1", house.port)):
        done = house.run("serve")
    assert done.returncode == 1
    assert re.search(rf"Port {house.port} is taken.*HUTONG_PORT", done.stderr)
    assert house.database_process() is None


def test_a_port_that_is_none_is_a_wrong_call(house: House) -> None:
    house.port = 99999
    done = house.run("serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert "99999" in done.stderr


def test_without_migrations_it_says_what_to_run(house: House, is_embedded: bool) -> None:
    if not is_embedded:
        pytest.skip("the database given is migrated")
    house.data = house.data / "unprepared"
    done = house.run("serve")
    assert done.returncode == 3
    assert done.stderr.strip().endswith("hutong migrate")
    assert house.database_process() is None
