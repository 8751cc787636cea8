"""Logs: planted values are in none of them, and what is needed to mend an error is."""

import io
import logging
import sys
from collections.abc import Iterator

import procrastinate
import psycopg
import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.testing import InMemoryConnector

from hutong import logs
from hutong.desk.views import sign_in
from hutong.registry.models import Child
from tests.factories import child

NUMBER, NAME, PHONE = "99000020150307002X", "柳不可见", "13900007788"
PLANTED = (NUMBER, NAME, PHONE)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the settings' own logging writes, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.PlainFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def none_of(text: str) -> bool:
    return not any(value in text for value in PLANTED)


def test_the_settings_write_through_the_formatter_alone():
    assert settings.LOGGING["formatters"]["plain"]["()"] == "hutong.logs.PlainFormatter"
    assert all(handler["formatter"] == "plain" for handler in settings.LOGGING["handlers"].values())
    for name in ("django", "django.request", "django.server", "procrastinate"):
        assert not logging.getLogger(name).handlers, f"{name} has a handler of its own"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code, breach",
    [
        ("23505 registry_child", lambda one: child(file_number=one.file_number)),
        ("23514 registry_child", lambda one: Child.objects.filter(pk=one.pk).update(sex="7")),
        ("22003", lambda one: connection.cursor().execute("SELECT %s::int", [NUMBER])),
        ("22007", lambda one: connection.cursor().execute("SELECT %s::date", [NAME])),
    ],
    ids=["unique", "check", "range", "form"],
)
def test_an_error_of_the_database_is_told_without_its_row(written, code, breach):
    one = child(name=NAME)
    with pytest.raises((IntegrityError, DataError)) as caught, transaction.atomic():
        breach(one)
    own_words = str(caught.value)
    assert "Key (" in own_words or not none_of(own_words)

    logging.getLogger("hutong.trial").error("It failed: %s", caught.value, exc_info=caught.value)

    said = written.getvalue()
    assert none_of(said) and "Key (" not in said and "Failing row" not in said
    assert "test_logs.py" in said and code in said


@pytest.mark.django_db
def test_a_failed_request_is_told_without_what_was_sent(written, monkeypatch):
    def fail(username: str, password: str, **_: object) -> None:
        raise ValueError(f"cannot read {password} of {username}")

    monkeypatch.setattr(sign_in, "check_password", fail)

    answer = Client(raise_request_exception=False).post(reverse("desk:sign_in"), {"username": NAME, "password": NUMBER})

    said = written.getvalue()
    assert answer.status_code == 500
    assert "ERROR django.request" in said and "builtins.ValueError" in said and "in fail" in said
    assert none_of(said)


def test_a_failed_job_is_told_by_name_and_number_alone(written):
    jobs = procrastinate.App(connector=InMemoryConnector())

    @jobs.task(name="trial.fail")
    def fail(**said: str) -> None:
        raise ValueError(f"cannot read {said}")

    with jobs.open():
        fail.defer(number=NUMBER, name=NAME)
        jobs.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)

    said = written.getvalue()
    assert "job_error trial.fail[" in said and "ValueError" in said
    assert none_of(said)


def test_an_error_that_nobody_catches_is_printed_the_same_way(capsys, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    logs.take_over()
    try:
        try:
            raise KeyError(NUMBER)
        except KeyError as first:
            raise ValueError(NAME) from first
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)

    said = capsys.readouterr().err
    assert none_of(said)
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")


def test_a_database_that_is_away_is_told_in_its_words():
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("postgresql://hutong@127.0.0.1:1/hutong")

    assert "127.0.0.1" in logs.described(caught.value)
    assert (
        logs.described(OperationalError(f"lost\nDETAIL:  Key (name)=({NAME})"))
        == "django.db.utils.OperationalError: lost"
    )


@pytest.mark.parametrize(
    "text, kept",
    [
        (f"duplicate key\nDETAIL:  Key (name)=({NAME}) already exists.", "duplicate key"),
        (f"new row\nDETAIL:  Failing row contains (1, {NAME}).", "new row"),
        (f'bad\nCONTEXT:  COPY registry_child, line 3: "{NAME}"', "bad"),
        (f"syntax\nLINE 1: SELECT '{NAME}'\n               ^", "syntax"),
        (f"number {NUMBER}, telephone {PHONE}.", "number •••, telephone •••."),
        ("division 640122100200 of 2026-11-24", "division 640122100200 of 2026-11-24"),
    ],
)
def test_lines_of_rows_and_numbers_of_people_go(text, kept):
    assert logs.clean(text) == kept
