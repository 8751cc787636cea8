"""The ground every test stands on: a real PostgreSQL, worked on as the app role, and no way out of the machine.

The server is DATABASE_URL or an embedded one under .build/, kept between runs. The owner migrates a template
once per state of the code; each test process works on a copy of it. Ordinary tests (`django_db`) roll back;
`committed_database` gives a test that commits a copy of its own, for the app role may not truncate.
"""

import atexit
import hashlib
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import hypothesis
import procrastinate
import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from hutong.gateways.embedded_postgres import EmbeddedPostgres, prepare_roles

ROOT = Path(__file__).resolve().parent.parent
PREFIX, SUPERUSER = "hutong_test_", "postgres"
EMBEDDED = EmbeddedPostgres(ROOT / ".build" / "test-postgres")
# The processes of one run inherit the address that its first process has set.
IS_EMBEDDED = os.environ.get("DATABASE_URL") in (None, "", EMBEDDED.url("hutong_app"))


def _set_environment() -> None:
    """Test keys, a test folder and the test server, whatever the caller's shell says; Django reads it next."""
    for name in [name for name in os.environ if name.startswith("HUTONG_") and name != "HUTONG_OWNER_URL"]:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "hutong.settings"
    os.environ["HUTONG_DATA"] = tempfile.mkdtemp(prefix="hutong-test-")
    atexit.register(shutil.rmtree, os.environ["HUTONG_DATA"], ignore_errors=True)
    if IS_EMBEDDED:
        os.environ["DATABASE_URL"] = EMBEDDED.url("hutong_app")
        os.environ["HUTONG_OWNER_URL"] = EMBEDDED.url("hutong_owner")


_set_environment()
django.setup()

# What is hashed here is nobody's password: one pass over little memory will do (the fewest that Argon2 takes).
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

# The same examples on every machine, however slow it is.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the tests run that call verbs at random: a little for `make check`, all of it for `make proof`."""
    parser.addoption("--calls", type=int, default=800, help="calls of the tests that call verbs at random")
    parser.addoption("--operations", type=int, default=500, help="steps of the tests that move money at random")


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """No test leaves the machine: a socket connects to the machine itself or to a file, or the test fails."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and not _is_this_machine(str(address[0])):
            raise AssertionError(f"a test tried to leave the machine: {address}")
        return connect(self, address)

    return guarded


def _is_this_machine(host: str) -> bool:
    try:
        return host in ("", "localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def is_embedded() -> bool:
    """Whether the tests run on the embedded server, not on one that DATABASE_URL names."""
    return IS_EMBEDDED


@pytest.fixture(scope="session")
def template_database(django_db_blocker: Any) -> Iterator[str]:
    """The name of a migrated database that others are copied from; made once per state of the migrations."""
    name = f"{PREFIX}template_{_state_of_the_code()}"
    with EMBEDDED.attached() if IS_EMBEDDED else nullcontext(), _administration() as administration:
        if IS_EMBEDDED:
            _spare_the_disk()
        with _exclusive(administration, "template"):
            _drop_left_overs(administration, keep=name)
            if not _is_complete(administration, name):
                with django_db_blocker.unblock():
                    _make_template(administration, name)
            administration.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", (name,))
        yield name


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: this process's working copy, as the app role."""
    with _copy_of(template_database):
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def committed_database(django_db_setup: None, template_database: str, django_db_blocker: Any) -> Iterator[str]:
    """The name of a fresh copy for a test that commits, in any number of connections; dropped afterwards."""
    with django_db_blocker.unblock():
        connections.close_all()
        with _copy_of(template_database) as name:
            yield name
            connections.close_all()


@pytest.fixture(autouse=True)
def no_names_in_memory() -> None:
    """No test knows the places of another, whose transaction was rolled back."""
    from hutong.divisions.queries import forget_names

    forget_names()


@pytest.fixture
def divisions(db: None) -> None:
    """The shipped divisions of the province, in the test's own transaction."""
    from hutong.divisions.actions.load import load_shipped

    load_shipped("64")


def _spare_the_disk() -> None:
    """What the test server holds may be lost with the machine: it waits for no disk."""
    (EMBEDDED.data / "local.conf").write_text("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    with psycopg.connect(EMBEDDED.url(SUPERUSER), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")


def _state_of_the_code() -> str:
    """A digest of all that the template is made from."""
    digest = hashlib.sha256(f"{django.__version__} {procrastinate.__version__}".encode())
    made_from = ("hutong/*/migrations/*.py", "hutong/kit/*.py", "hutong/gateways/embedded_postgres.py")
    for file in sorted(path for pattern in made_from for path in ROOT.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    """A connection of the owner, outside the databases under test."""
    url = os.environ.get("HUTONG_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def _exclusive(connection: psycopg.Connection, name: str) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
    yield
    connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", (name,))


def _drop_left_overs(connection: psycopg.Connection, keep: str) -> None:
    """Drops the databases of runs that were killed and templates of older code; those in use are locked."""
    rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (PREFIX,))
    for (name,) in rows.fetchall():
        (is_unused,) = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,)).fetchone()
        if is_unused:
            if name != keep:
                _drop(connection, name)
            connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", (name,))


def _is_complete(connection: psycopg.Connection, name: str) -> bool:
    """A finished template takes no connections; one that does was left half-made."""
    row = connection.execute("SELECT datallowconn FROM pg_database WHERE datname = %s", (name,)).fetchone()
    return row is not None and not row[0]


def _make_template(administration: psycopg.Connection, name: str) -> None:
    _drop(administration, name)
    _make_empty(administration, name)
    with pointed_at("owner", name):
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    administration.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))


def _make_empty(administration: psycopg.Connection, name: str) -> None:
    administration.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with pointed_at("owner", name):
        connections["owner"].ensure_connection()
        prepare_roles(connections["owner"].connection)


def _make_copy(administration: psycopg.Connection, name: str, template: str) -> None:
    names = sql.Identifier(name), sql.Identifier(template)
    administration.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


@contextmanager
def _copy_of(template: str) -> Iterator[str]:
    """A new database with the template's contents, which `default` uses until it is dropped."""
    with _new_database(partial(_make_copy, template=template)) as name:
        yield name


@contextmanager
def empty_database() -> Iterator[str]:
    """A new database without a table, which `default` uses until it is dropped."""
    with _new_database(_make_empty) as name:
        yield name


@contextmanager
def _new_database(make: Callable[[psycopg.Connection, str], None]) -> Iterator[str]:
    name = f"{PREFIX}{uuid4().hex[:12]}"
    with _administration() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
        make(connection, name)
        with pointed_at("default", name):
            yield name
        _drop(connection, name)


@contextmanager
def pointed_at(alias: str, database: str) -> Iterator[None]:
    settings = connections[alias].settings_dict
    before = settings["NAME"]
    connections[alias].close()
    settings["NAME"] = database
    yield
    connections[alias].close()
    settings["NAME"] = before


def _drop(connection: psycopg.Connection, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        connection.execute(statement + sql.SQL(" WITH (FORCE)"))
    except psycopg.errors.InsufficientPrivilege:  # a vacuum process, which the owner may not end, is at work there
        connection.execute(statement)
