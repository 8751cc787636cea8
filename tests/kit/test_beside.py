"""A second process helps: the results and their order are the same with it, without it, and when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import pytest

from hutong.kit import beside as module
from hutong.kit.beside import Other, beside, shared

PIECES = 200


@pytest.fixture
def other() -> Iterator[Other]:
    """A helper of the test's own."""
    with beside(wanted=True) as helper:
        assert helper
        yield helper


def doubled(seconds: float, at: int) -> tuple[int, int]:
    """Twice a number, and who worked it out."""
    time.sleep(seconds)
    return at * 2, os.getpid()


def refused(at: int) -> int:
    if at == 90:
        raise ValueError("ninety")
    time.sleep(0.02)
    return at


def numbers(results: list[tuple[int, int]]) -> list[int]:
    return [number for number, _by in results]


def workers(results: list[tuple[int, int]]) -> set[int]:
    return {by for _number, by in results}


def until_it_has_begun(other: Other, *, more: int = 0) -> Iterator[int]:
    """Pieces until the other process has answered that it is there, late on a busy machine; then some more."""
    at = 0
    while other._owed == 1 and at < 3000:
        yield at
        at += 1
    yield from range(at, at + more)


def test_both_processes_work_and_the_order_stays(other):
    results = list(shared(partial(doubled, 0.02), until_it_has_begun(other, more=50), other=other))
    assert numbers(results) == [at * 2 for at in range(len(results))]
    assert workers(results) == {os.getpid(), other._process.pid}


def test_alone_it_is_the_same():
    with beside(wanted=False) as nobody:
        results = list(shared(partial(doubled, 0), range(5), other=nobody))
    assert nobody is None
    assert results == [(at * 2, os.getpid()) for at in range(5)]


def test_a_helper_that_is_killed_loses_nothing(other):
    results = []
    for one in shared(partial(doubled, 0.02), range(PIECES), other=other):
        results.append(one)
        if other._process.pid in workers([one]) and other._process.poll() is None:
            other._process.send_signal(signal.SIGKILL)
            other._process.wait()
    assert numbers(results) == [at * 2 for at in range(PIECES)]
    assert other._process.pid in workers(results)


def test_a_helper_that_never_comes_is_not_waited_for(other):
    other._process.send_signal(signal.SIGKILL)
    other._process.wait()
    results = list(shared(partial(doubled, 0), range(50), other=other))
    assert (numbers(results), workers(results)) == ([at * 2 for at in range(50)], {os.getpid()})


def test_what_goes_wrong_there_is_told_here(other):
    with pytest.raises(ValueError, match="ninety"):
        list(shared(partial(refused), range(PIECES), other=other))


def test_few_pieces_do_not_wait_for_it(other):
    assert numbers(list(shared(partial(doubled, 0), [7], other=other))) == [14]
    assert list(shared(partial(doubled, 0), [], other=other)) == []


def test_it_is_kept_for_the_next_block_with_other_work():
    with beside(wanted=True) as first:
        list(shared(partial(doubled, 0.02), until_it_has_begun(first), other=first))
    with beside(wanted=True) as second:
        assert second is first
        assert list(shared(partial(pow, 2), range(PIECES), other=second)) == [2**at for at in range(PIECES)]


def test_one_that_still_owes_an_answer_is_not_kept():
    with beside(wanted=True) as first:
        for _one in shared(partial(doubled, 0.02), range(PIECES), other=first):
            if not first.is_idle and first._owed > 1:
                break
    assert first not in module._idle
    assert first._process.poll() is not None


def test_it_ends_with_whoever_started_it():
    program = (
        "import sys, time; from hutong.kit.beside import _started; "
        "print(_started()._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as starter:
        helper = int(starter.stdout.readline())
        starter.send_signal(signal.SIGKILL)
    for _ in range(200):
        try:
            os.kill(helper, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the helper goes on alone")
