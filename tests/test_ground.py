"""The ground of the tests itself: the app role, copies that commit, and no way out of the machine."""

import socket

import pytest
from django.db import ProgrammingError, connection
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob


def _current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_ordinary_tests_work_as_the_app_role() -> None:
    assert _current_user() == "hutong_app"
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("TRUNCATE django_session")


@pytest.mark.parametrize("round_", [1, 2])
def test_a_committed_database_is_fresh_and_takes_commits(committed_database: str, round_: int) -> None:
    assert _current_user() == "hutong_app"
    assert not ProcrastinateJob.objects.exists()
    jobs.configure_task("nothing", allow_unknown=True).defer()
    connection.close()
    assert ProcrastinateJob.objects.count() == 1


def test_the_database_is_closed_to_tests_that_do_not_ask_for_it() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        _current_user()


def test_no_socket_leaves_the_machine() -> None:
    with socket.socket() as way_out, pytest.raises(AssertionError, match="leave the machine"):
        way_out.connect(("192.0.2.1", 80))
