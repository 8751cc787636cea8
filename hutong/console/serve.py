"""Serve (运行服务): one process that runs the web server, the worker and the embedded database, and stops them all.

The children live in sessions of their own, so that an interrupt reaches this process alone and it stops them in
order; should it be killed, the kernel tells them to stop (on Linux). A lock in the data folder admits one `serve`.
"""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from hutong.accounts.queries import has_demonstration
from hutong.console.database import pending_migrations, with_database
from hutong.console.printing import Refusal, Status, answer, say
from hutong.gateways.embedded_postgres import locked
from hutong.logs import clean

HOST = "127.0.0.1"
MOST_WEB_PROCESSES = 4  # with the pool's 16 connections each they stay under PostgreSQL's 100
MOST_THREADS = 4  # that wait for the database at once, in each of them
START_SECONDS = 60
PORT_SECONDS = 10  # the web server of a killed `serve` lets go of the port
WEB_STOP_SECONDS = 10
WORKER_STOP_SECONDS = 60
HEARTBEAT_SECONDS = 60  # a worker silent for longer is dead
BACK_OFF_SECONDS = (0, 1, 2, 5, 10, 30)
STEADY_SECONDS = 60  # a child that lived so long starts afresh in the back-off
TICK_SECONDS = 0.2
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>

_libc: Any = ctypes.CDLL(None) if sys.platform == "linux" else None


def worker() -> None:
    with with_database(), _one_worker(), jobs.replace_connector(DjangoConnector().get_worker_connector()):
        asyncio.run(_work())


async def _work() -> None:
    async with jobs.open_async():
        # On the embedded server the lock of the worker says that every other worker is dead.
        await recover_jobs(HEARTBEAT_SECONDS if settings.DATABASE_URL else 0)
        recovery = asyncio.create_task(_keep_recovering())
        await jobs.run_worker_async(
            shutdown_graceful_timeout=WORKER_STOP_SECONDS - 5, stalled_worker_timeout=HEARTBEAT_SECONDS
        )
        recovery.cancel()


async def recover_jobs(silent_seconds: float) -> None:
    """Gives the jobs of dead workers (恢复中断的任务), those silent for so long, back to their queues."""
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds):
        await jobs.job_manager.retry_job(job)


async def _keep_recovering() -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        try:
            await recover_jobs(HEARTBEAT_SECONDS)
        except ConnectorException as error:
            say(_("The database is not available: %(reason)s") % {"reason": clean(str(error))})


def _one_worker() -> AbstractContextManager[object]:
    """One worker at a time on the embedded server: the next waits until a dying one has finished its job."""
    return nullcontext() if settings.DATABASE_URL else locked(settings.DATA_DIR / "worker.lock")


def serve() -> None:
    port = _port()
    with _one_serve(port):
        _wait_for_port(port)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with with_database():
            _refuse_unprepared()
            _refuse_invented_people()
            try:
                _Supervisor(port).run()
            finally:
                if not settings.DATABASE_URL:
                    settings.EMBEDDED_DATABASE.stop()
    say(_("Hutong has stopped."))


def _port() -> int:
    value = os.environ.get("HUTONG_PORT", "8000")
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Refusal(_("HUTONG_PORT is not a port number: %(value)s") % {"value": value}, Status.WRONG_CALL)
    return int(value)


@contextmanager
def _one_serve(port: int) -> Iterator[None]:
    """Holds the lock of `serve` in the data folder and writes into it who holds it."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.DATA_DIR / "serve.lock"
    try:
        with locked(path, wait=False) as file:
            file.truncate(0)
            file.write(f"{os.getpid()} http://{HOST}:{port}")
            file.flush()
            yield
    except BlockingIOError:
        process, _space, address = path.read_text().partition(" ")
        details = {"address": address, "process": process, "folder": settings.DATA_DIR}
        sentence = _("Hutong already runs for %(folder)s at %(address)s: process %(process)s.")
        raise Refusal(sentence % details) from None


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PORT_SECONDS
    while not _is_free(port):
        if time.monotonic() > deadline:
            sentence = _("Port %(port)s is taken by another program; set HUTONG_PORT to a free one.")
            raise Refusal(sentence % {"port": port})
        time.sleep(TICK_SECONDS)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _refuse_invented_people() -> None:
    if settings.PRODUCTION and has_demonstration():
        sentence = _("HUTONG_PRODUCTION=1, but this register holds the demonstration. Give it a database of its own.")
        raise Refusal(sentence)


def _refuse_unprepared() -> None:
    if pending_migrations():
        raise Refusal(_("The database is not prepared; run: hutong migrate"), Status.UNAVAILABLE)


class _Child:
    """A child process (子进程) that is started again, after a growing pause, when it dies."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.deaths = 0
        self.start_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        """Starts the process when it is time to, and notices when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self._start(now)
        elif (status := self.process.poll()) is not None:
            self._kill_remains()
            self.process = None
            self.deaths = 1 if now - self.start_at > STEADY_SECONDS else self.deaths + 1
            pause = BACK_OFF_SECONDS[min(self.deaths, len(BACK_OFF_SECONDS)) - 1]
            self.start_at = now + pause
            details = {"name": self.name, "status": status, "pause": pause}
            say(_("The %(name)s has died (%(status)s); it starts again in %(pause)s s.") % details)

    def _start(self, now: float) -> None:
        self.start_at = now
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()),
        )

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def has_stopped(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """Kills what is left of the child and of its own children."""
        if self.process is not None:
            self._kill_remains()
            self.process.wait()

    def _kill_remains(self) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class _Supervisor:
    """Supervisor (监管进程): keeps web server and worker running until an interrupt, then stops both."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.interrupts = 0
        self.announced = False
        self.began = time.monotonic()
        environment = {**os.environ, "HUTONG_DATA": str(settings.DATA_DIR)}
        self.web = _Child(_("web server"), _web_command(port), {**environment, "HUTONG_POOL": "1"})
        self.worker = _Child(_("worker"), [sys.executable, "-m", "hutong.console.main", "worker"], environment)

    def run(self) -> None:
        for interrupt in (signal.SIGINT, signal.SIGTERM):
            signal.signal(interrupt, self._interrupted)
        try:
            while not self.interrupts:
                self.web.tend()
                self.worker.tend()
                self._announce()
                time.sleep(TICK_SECONDS)
        finally:
            self._stop()

    def _interrupted(self, _signal: int, _frame: object) -> None:
        self.interrupts += 1

    def _announce(self) -> None:
        """Prints the address once the web server answers; gives up if it never does."""
        if self.announced:
            return
        if _is_healthy(self.port):
            self.announced = True
            address = f"http://{HOST}:{self.port}"
            answer({"address": address}, _("Hutong runs at %(address)s") % {"address": address}, as_json=False)
        elif time.monotonic() - self.began > START_SECONDS or self.web.deaths > 2:
            raise Refusal(_("The web server does not start; its messages are above."), Status.UNAVAILABLE)

    def _stop(self) -> None:
        """Asks both to stop and waits; a second interrupt, or too long a wait, kills what is left."""
        asked = self.interrupts
        began = time.monotonic()
        patience = {self.web: WEB_STOP_SECONDS, self.worker: WORKER_STOP_SECONDS}
        for child in patience:
            child.ask_to_stop()
        for child, seconds in patience.items():
            while not child.has_stopped() and self.interrupts <= asked and time.monotonic() - began < seconds:
                time.sleep(TICK_SECONDS / 4)
            child.kill()


def _web_command(port: int) -> list[str]:
    processors = os.cpu_count() or 1
    processes, threads = min(processors, MOST_WEB_PROCESSES), min(2 * processors + 1, MOST_THREADS)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "hutong.wsgi:application"),
        *("--host", HOST, "--port", str(port), "--no-ws", "--log-level", "warning"),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(WEB_STOP_SECONDS // 2)),
    ]
    if settings.STATIC_ROOT.is_dir():
        return [*command, "--static-path-route", "/static", "--static-path-mount", str(settings.STATIC_ROOT)]
    say(_("There are no style sheets in %(folder)s; run: make build") % {"folder": settings.STATIC_ROOT})
    return command


def _die_with(parent: int) -> Any:
    """What a child does before it becomes its program: asks the kernel for SIGTERM when its parent dies."""

    def prepare() -> None:
        _libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare if _libc is not None else None


def _is_healthy(port: int) -> bool:
    """Whether /healthz answers; asked without a proxy, under a host name that the settings accept."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
