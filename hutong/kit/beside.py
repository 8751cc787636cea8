"""Work beside (并行处理): what needs no database is shared with a second process, and its results keep their order.

The second process is a helper and nothing more: where it is not there, is late or is killed, the work is done here.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

import django

from hutong.kit.collecting import collecting_seldom

AT_ONCE, HELD_AT_MOST = 6, 16
PATIENCE_SECONDS, PIPE_BYTES = 60, 1024 * 1024
SWITCH_SECONDS = 0.0005  # listening must not wait long for work


class Other:
    """The second process (第二进程) as this one sees it: it gets work, then items, and answers each in its order."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("its input and output must be pipes")
        self._process, self._owed = process, 0
        self._items, self._answers = (Connection(os.dup(pipe.fileno())) for pipe in (process.stdin, process.stdout))
        process.stdin.close()
        process.stdout.close()

    @property
    def is_idle(self) -> bool:
        """Whether it lives and owes nothing."""
        return self._process.poll() is None and not self._owed

    def send(self, what: object) -> None:
        """Sends work or an item. Raises OSError where nobody is there any more."""
        self._items.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
        self._owed += 1

    def has_answered(self) -> bool:
        """Whether an answer, or its end, can be received without waiting."""
        return self._answers.poll()

    def receive(self) -> Any:
        """The next answer: None to work, a result to an item. Raises EOFError or OSError where it has ended."""
        answer = self._answers.recv()
        self._owed -= 1
        return answer

    def end(self) -> None:
        """Ends it."""
        self._items.close()
        self._answers.close()
        self._process.wait()


_idle: list[Other] = []


@contextmanager
def beside(*, wanted: bool) -> Iterator[Other | None]:
    """A second process (第二进程) for as long as the block lasts, where it is wanted: it takes a second to start.

    It is kept for the next block, and ends by itself where there is none for a minute.
    """
    if not wanted or (os.cpu_count() or 1) < 2:
        yield None
        return
    other = _idle_one() or _started()
    try:
        yield other
    finally:
        _idle.append(other) if other.is_idle else other.end()


def _idle_one() -> Other | None:
    while _idle:
        other = _idle.pop()
        if other.is_idle:
            return other
        other.end()
    return None


def _started() -> Other:
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "hutong.kit.beside"]
    return Other(subprocess.Popen(command, stdin=pipe, stdout=pipe, pipesize=PIPE_BYTES))


def shared(work: partial[Any], items: Iterable[Any], *, other: Other | None) -> Iterator[Any]:
    """The results of all items in their order (分工处理), each worked on wherever there is time. `work` and items must
    be such as can be pickled."""
    if other is None:
        yield from map(work, items)
    else:
        yield from _Sharing(work, items, other).results()


class _Sharing:
    """`_order` holds what is not handed out yet: items that are there, results that are here."""

    def __init__(self, work: partial[Any], items: Iterable[Any], other: Other) -> None:
        self._work, self._items, self._other = work, iter(items), other
        self._order: deque[tuple[bool, Any]] = deque()
        self._there, self._is_ready, self._is_alive, self._has_more = 0, False, True, True
        self._try(other.send, work)

    def results(self) -> Iterator[Any]:
        while self._fill():
            is_there, what = self._order[0]
            if is_there and self._may_go_on() and not self._other.has_answered():
                self._take(self._do)
                continue
            self._order.popleft()
            yield self._answer(what) if is_there else what

    def _may_go_on(self) -> bool:
        return self._has_more and len(self._order) < HELD_AT_MOST

    def _fill(self) -> bool:
        """Gives the other process enough to do; whether anything is left to hand out."""
        if not self._is_ready and self._other.has_answered():
            self._try(self._other.receive)
            self._is_ready = True
        while self._has_more and self._is_ready and self._is_alive and self._there < AT_ONCE:
            self._take(self._give)
        if not self._order:
            self._take(self._do)
        return bool(self._order)

    def _take(self, put: Callable[[Any], None]) -> None:
        try:
            item = next(self._items)
        except StopIteration:
            self._has_more = False
        else:
            put(item)

    def _do(self, item: Any) -> None:
        self._order.append((False, self._work(item)))

    def _give(self, item: Any) -> None:
        self._try(self._other.send, item)
        self._there += 1
        self._order.append((True, item))

    def _answer(self, item: Any) -> Any:
        self._there -= 1
        result = self._try(self._other.receive)
        return result if self._is_alive else self._work(item)

    def _try(self, call: Callable[..., Any], *arguments: Any) -> Any:
        if self._is_alive:
            try:
                return call(*arguments)
            except (EOFError, OSError):
                self._is_alive = False
        return None


def _help() -> None:
    """The second process. It says nothing but answers: what goes wrong here goes wrong once more in the first one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(SWITCH_SECONDS)
    received, answers = Connection(os.dup(0)), Connection(os.dup(1))
    os.dup2(2, 1)
    inbox: SimpleQueue[bytes] = SimpleQueue()
    outbox: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(received, inbox), daemon=True).start()
    Thread(target=_answer, args=(answers, outbox), daemon=True).start()
    try:
        django.setup()
        with collecting_seldom():
            _work(inbox, outbox)
    except Exception:
        os._exit(1)


def _work(inbox: "SimpleQueue[bytes]", outbox: "SimpleQueue[bytes]") -> None:
    work: Callable[[Any], Any] | None = None
    while True:
        what = pickle.loads(inbox.get())
        if isinstance(what, partial):
            work, answer = what, None
        elif work:
            answer = work(what)
        outbox.put(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _listen(received: Connection, inbox: "SimpleQueue[bytes]") -> None:
    """Takes items as they come, so that whoever sends them need not wait; ends with whoever sent them, or when long
    nothing comes."""
    try:
        while received.poll(PATIENCE_SECONDS):
            inbox.put(received.recv_bytes())
    except (EOFError, OSError):
        pass
    os._exit(0)


def _answer(answers: Connection, outbox: "SimpleQueue[bytes]") -> None:
    """Gives answers as they are taken, so that the next item need not wait."""
    try:
        while True:
            answers.send_bytes(outbox.get())
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    _help()
