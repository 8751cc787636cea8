"""Sealing: what is settled is chained in its order, once, by one sealer, and every change of it is found."""

import os
from random import Random
from threading import Thread

import psycopg
import pytest
from django.db import connection, transaction

from hutong.accounts.actions import sealing
from hutong.accounts.actions.checkpoints import make_checkpoint
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.sealing import seal_trail
from hutong.accounts.models import TrailEntry, TrailSeal
from hutong.accounts.sealed import Verified, unsealed_since, verify
from hutong.kit.cipher import keys
from tests.factories import person, trail_entry
from tests.mutations import Mutations, as_owner, run, undone

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK", 7)


@pytest.fixture
def other(committed_database):
    """Another connection, of the owner."""
    url = os.environ.get("HUTONG_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(url, dbname=committed_database, autocommit=True) as owner:
        yield owner


def checked(*checkpoints) -> Verified:
    return verify(checkpoints, public_key=keys().public_key)


def holds(entries: int, seals: int) -> Verified:
    return Verified(entries=entries, seals=seals, checkpoints=0, fault=None)


def positions() -> list[int]:
    return list(TrailSeal.objects.order_by("number").values_list("last_position", flat=True))


def test_an_empty_trail_holds():
    assert seal_trail() == 0
    assert make_checkpoint() is None
    assert checked() == holds(0, 0)


def test_what_is_sealed_is_not_sealed_again():
    for _ in range(5):
        trail_entry()
    assert (seal_trail(), seal_trail()) == (5, 0)
    trail_entry()
    assert seal_trail() == 1
    assert positions() == [5, 6]
    assert checked() == holds(6, 2)


def test_a_large_transaction_has_several_seals(small_blocks):
    with transaction.atomic():
        for _ in range(20):
            trail_entry()
    trail_entry()
    assert seal_trail() == 21
    assert positions() == [7, 14, 21]
    assert checked() == holds(21, 3)


def test_nothing_is_sealed_beyond_the_oldest_open_transaction(other):
    """A long transaction holds the later ones back, and its own entries have their place when it has ended."""
    trail_entry(subject_key="before")
    with other.transaction():
        other.execute(
            "INSERT INTO accounts_trailentry (role, act, subject_kind, subject_key, division_code, details)"
            " VALUES ('', 'look', 'child', 'long', '', '{}')"
        )
        trail_entry(subject_key="after")
        assert (seal_trail(), seal_trail()) == (1, 0)
        assert unsealed_since() is not None
    assert seal_trail() == 2
    assert unsealed_since() is None
    order = TrailEntry.objects.order_by("transaction_id", "id").values_list("subject_key", flat=True)
    assert list(order) == ["before", "long", "after"]
    assert checked() == holds(3, 2)


def test_what_was_rolled_back_leaves_no_hole():
    trail_entry()
    with undone():
        trail_entry()
    trail_entry()
    assert seal_trail() == 2
    assert checked() == holds(2, 1)


def test_what_is_written_while_others_seal_is_sealed_once(small_blocks):
    def write() -> None:
        for _ in range(40):
            with transaction.atomic():
                trail_entry()
                trail_entry()
        connection.close()

    def seal() -> None:
        for _ in range(30):
            seal_trail()
        connection.close()

    threads = [Thread(target=one) for one in (write, write, write, seal, seal)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_trail()
    assert checked() == holds(240, TrailSeal.objects.count())


def test_one_sealer_at_a_time(other):
    trail_entry()
    other.execute("SELECT pg_advisory_lock(%s)", [sealing.LOCK])
    assert seal_trail() == 0
    other.execute("SELECT pg_advisory_unlock(%s)", [sealing.LOCK])
    assert seal_trail() == 1


def test_a_server_that_counts_its_transactions_anew_is_refused():
    trail_entry()
    seal_trail()
    with as_owner():
        run("UPDATE accounts_trailseal SET until_transaction = until_transaction + 1000000")
    with pytest.raises(Refused):
        seal_trail()


def fill() -> None:
    """Some sixty entries of a dozen transactions under a dozen seals."""
    chance, somebody = Random(7), person("county_officer")
    for at in range(12):
        with transaction.atomic():
            for _ in range(chance.randint(1, 9)):
                trail_entry(
                    by=chance.choice((None, somebody)),
                    role=chance.choice(("", "county_officer")),
                    act=chance.choice(("open_child", "reveal")),
                    subject_key=f"64-{chance.randint(1, 5)}",
                    division_code="640122100200",
                    details=chance.choice(({}, {"purpose": at}, {"field": "child-id_number", "row": 0})),
                )
        if at % 3 == 0:
            seal_trail()
    person()
    seal_trail()


@pytest.mark.parametrize("trials", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_every_mutation_is_found(small_blocks, trials):
    """A superuser changes, removes, adds and exchanges entries and seals, one thing at a time."""
    fill()
    missed, tried = [], 0
    with as_owner():
        mutations = Mutations(Random(64))
        for at in range(trials):
            name = list(mutations.kinds)[at] if at < len(mutations.kinds) else mutations.any()
            with undone():
                mutations.one(name)
                tried += 1
                if checked().fault is None:
                    missed.append(name)
    assert (missed, tried) == ([], trials)
    assert checked().fault is None


@pytest.mark.parametrize(
    "statement, kind, position",
    [
        ("UPDATE accounts_trailentry SET act = 'nothing' WHERE subject_key = '9'", "entry_changed", 9),
        ("DELETE FROM accounts_trailentry WHERE subject_key = '9'", "entry_missing", 9),
        ("DELETE FROM accounts_trailseal WHERE number = 2", "seal_missing", 8),
        ("UPDATE accounts_trailseal SET sealed_at = now() WHERE number = 2", "seal_changed", 8),
        ("UPDATE accounts_trailseal SET marks = '' WHERE number = 2", "seal_changed", 8),
        ("UPDATE accounts_trailseal SET signature = link WHERE number = 2", "seal_unsigned", 8),
    ],
)
def test_the_place_is_named(small_blocks, statement, kind, position):
    for at in range(1, 21):
        trail_entry(subject_key=str(at))
    seal_trail()
    with as_owner():
        run(statement)
    fault = checked().fault
    assert (fault.kind, fault.position) == (kind, position)


def test_an_entry_put_in_between_is_named_with_its_place(small_blocks):
    for at in range(1, 21):
        trail_entry(subject_key=str(at))
    seal_trail()
    with as_owner():
        run(
            "INSERT INTO accounts_trailentry (transaction_id, role, act, subject_kind, subject_key, division_code,"
            " details) SELECT transaction_id, '', 'look', 'child', 'x', '', '{}' FROM accounts_trailentry"
            " WHERE subject_key = '9'"
        )
    fault = checked().fault
    assert (fault.kind, fault.position) == ("entry_added", 10)


def shorten(to_seal: int) -> None:
    """Everything after a seal is gone, and the seals with it."""
    run(
        "DELETE FROM accounts_trailentry USING accounts_trailseal AS seal WHERE seal.number = %(seal)s"
        " AND (transaction_id, accounts_trailentry.id) >= (until_transaction, until_id)",
        seal=to_seal,
    )
    run("DELETE FROM accounts_trailseal WHERE number > %(seal)s", seal=to_seal)


def test_a_truncation_after_a_checkpoint_is_found_and_before_one_is_not_hidden():
    for _ in range(3):
        for _ in range(5):
            trail_entry()
        seal_trail()
    outside = make_checkpoint()
    with as_owner():
        shorten(2)
    assert checked().fault is None  # without the checkpoint nobody can tell
    fault = checked(outside).fault
    assert (fault.kind, fault.position) == ("truncated", 11)


def test_a_tail_written_anew_differs_from_the_checkpoint():
    for _ in range(5):
        trail_entry()
    outside = make_checkpoint()
    with as_owner():
        shorten(0)
    for _ in range(7):
        trail_entry()
    seal_trail()
    assert checked(outside).fault.kind == "checkpoint_differs"


def test_a_checkpoint_of_another_register_is_refused():
    trail_entry()
    made = make_checkpoint()
    forged = type(made)(**made.__dict__ | {"position": 99})
    assert checked(made).fault is None
    assert checked(forged).fault.kind == "checkpoint_unsigned"
