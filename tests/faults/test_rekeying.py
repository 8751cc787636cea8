"""A change of keys against a kill half-way and against people who go on working: real processes, one database."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest
from django.db import connections, transaction
from psycopg.conninfo import make_conninfo

from hutong.accounts.actions.rekeying import KeyedField
from hutong.kit.cipher import BlindIndexField, SealedField, keys
from hutong.registry.actions.completing import complete_id_number
from hutong.registry.actions.rekeying import in_use
from hutong.registry.models import Child
from hutong.registry.queries import RowsRegister
from tests.factories import ON, child, id_number, person

CHILDREN = 60
SLOWLY = """
import time
from hutong.console import main
from hutong.accounts.actions import rekeying

rekeying.SLICE_ROWS = 4
renew = rekeying._Table._renew
def slowly(self, ids):
    time.sleep(0.03)
    return renew(self, ids)
rekeying._Table._renew = slowly
main.main()
"""


@pytest.fixture
def environment(committed_database: str, tmp_path: Path, settings) -> Iterator[dict[str, str]]:
    """What a console command needs to work on this test's database with this test's keys."""
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=committed_database)
    yield os.environ | {"DATABASE_URL": url, "HUTONG_KEYS": str(path), "HUTONG_LANGUAGE": "en"}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-c", SLOWLY, "keys", *arguments, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answered(process: subprocess.Popen) -> dict:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


def wait_until_half_way(process: subprocess.Popen, kind: type[KeyedField]) -> None:
    while len([count for count in in_use(kind).values() if count > 10]) < 2:
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.01)


def openings() -> dict[int, tuple[str, str]]:
    return {one.pk: (one.id_number.open(), one.address.open()) for one in Child.objects.all()}


@pytest.mark.slow
@pytest.mark.parametrize("verb, kind", [("rotate", SealedField), ("reindex", BlindIndexField)])
def test_a_killed_change_of_keys_goes_on_where_it_was(environment, verb, kind):
    for at in range(CHILDREN):
        child(address=f"{at} 号")
    before = openings()
    killed = start(environment, verb)
    wait_until_half_way(killed, kind)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    half = in_use(kind)
    assert openings() == before
    assert len(RowsRegister().by_id([number for number, _address in before.values()])) == CHILDREN

    done = answered(start(environment, "resume"))

    assert len(half) == 2
    renewed = done["resealed"] + done["reindexed"]
    assert 0 < renewed < CHILDREN + 1
    assert len(in_use(SealedField)) == len(in_use(BlindIndexField)) == 1
    assert openings() == before
    assert len(RowsRegister().by_id([number for number, _address in before.values()])) == CHILDREN
    assert list(keys().index) == [keys().current_index]


@pytest.mark.slow
def test_two_writers_and_a_reader_go_on_while_the_keys_change(environment):
    for at in range(CHILDREN):
        child(address=f"{at} 号")
    said = openings()
    missed: list[int] = []
    entered: dict[int, str] = {}
    officer, stop = person("county_officer"), Event()

    def look(chance: Random) -> None:
        at, (number, _address) = chance.choice(list(said.items()))
        known = RowsRegister().by_id([number])
        if number not in known or known[number].id != at:
            missed.append(at)

    def change(chance: Random) -> None:
        at = chance.choice(list(said))
        with transaction.atomic():
            one = Child.objects.select_for_update().get(pk=at)
            one.address = f"{chance.random()} 号"
            one.save()
        said[at] = said[at][0], one.address.open()

    def enter(chance: Random) -> None:
        one, number = child(id_number="", address="新"), id_number()
        complete_id_number(by=officer, child=one, number=number, on=ON)
        entered[one.pk] = number

    people = [Thread(target=work, args=(act, stop, missed)) for act in (look, change, enter)]
    for one in people:
        one.start()
    try:
        rotated = answered(start(environment, "rotate", "--algorithm", "sm4-gcm"))
        reindexed = answered(start(environment, "reindex"))
    finally:
        stop.set()
        for one in people:
            one.join(timeout=30)
    resumed = answered(start(environment, "resume"))

    assert missed == []
    assert rotated["algorithm"] == "sm4-gcm" and reindexed["dropped"] == [1]
    assert resumed["damaged"] == 0
    assert set(in_use(SealedField)) == {b"\2\2"} and set(in_use(BlindIndexField)) == {b"\2"}
    now = openings()
    assert {at: now[at] for at in said} == said
    assert entered and {at: now[at][0] for at in entered} == entered
    assert RowsRegister().by_id(list(entered.values())).keys() == set(entered.values())
    assert answered(start(environment, "retire")) == {"retired": [1]}
    assert openings() == now


def work(act: Callable[[Random], None], stop: Event, missed: list[int]) -> None:
    """Does one thing over and over; an error of it is reported as a miss."""
    chance = Random(64)
    try:
        while not stop.is_set():
            act(chance)
            time.sleep(0.02)
    except Exception:
        missed.append(-1)
        raise
    finally:
        connections.close_all()
