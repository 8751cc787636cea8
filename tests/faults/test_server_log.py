"""The embedded server's own log: no value of a statement that fails is in it."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from hutong.gateways.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.embedded
CANARY = "柳不可见 99000020150307002X"
FAILING = [
    ("INSERT INTO person VALUES (%s), (%s)", 2),
    ("INSERT INTO person VALUES (%s || repeat('x', 300))", 1),
    ("INSERT INTO grown VALUES (%s, 7)", 1),
    ("SELECT %s::date", 1),
    ("SELECT %s::int", 1),
    ("SELECT * FROM missing WHERE name = %s", 1),
    ("DO $$ BEGIN RAISE WARNING '柳不可见 99000020150307002X'; END $$ -- %s", 1),
]


@pytest.mark.slow
def test_failing_statements_leave_no_value_in_any_log_of_the_server():
    folder = Path(tempfile.mkdtemp(prefix="hutong-log-"))
    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.ensure_running()
        with psycopg.connect(server.url("hutong_owner"), autocommit=True) as connection:
            connection.execute("CREATE TABLE person (name varchar(200) PRIMARY KEY)")
            connection.execute("CREATE TABLE grown (name text, age int CHECK (age > 17))")
            for cursor in (connection.cursor(), psycopg.ClientCursor(connection)):
                for statement, count in FAILING:
                    fail(cursor, statement, [CANARY] * count)
            with pytest.raises(psycopg.Error), connection.cursor().copy("COPY grown FROM STDIN") as copy:
                copy.write_row((CANARY, CANARY))
    finally:
        server.stop()
    written = {file.name: file.read_text(errors="replace") for file in logs_of(server)}
    shutil.rmtree(folder)

    assert any("database system is ready" in text for text in written.values())
    assert [name for name, text in written.items() if "柳不可见" in text or "99000020150307002X" in text] == []


def fail(cursor: psycopg.Cursor, statement: str, values: list[str]) -> None:
    try:
        cursor.execute(statement.encode(), values if "RAISE" not in statement else None)
    except psycopg.Error:
        return
    assert "RAISE" in statement


def logs_of(server: EmbeddedPostgres) -> list[Path]:
    """Every file beside the tables and their journal."""
    tables = ("base", "global", "pg_wal", "pg_xact")
    return [
        file
        for file in server.data.rglob("*")
        if file.is_file() and file.relative_to(server.data).parts[0] not in tables
    ]
