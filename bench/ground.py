"""The ground of the benchmarks: a migrated database of their own on an embedded server, dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ["HUTONG_DATA"] = str(ROOT / ".build" / "bench")
os.environ["DJANGO_SETTINGS_MODULE"] = "hutong.settings"
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "bench"]  # the peer's table
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from hutong.accounts.models import Person, Posting  # noqa: E402
from hutong.divisions.actions.load import load_shipped  # noqa: E402

TODAY = date(2026, 11, 24)


@contextmanager
def province() -> Iterator[tuple[Person, Person]]:
    """A migrated province without children, with an importer and an approver for all of it."""
    with settings.EMBEDDED_DATABASE.attached():
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        load_shipped("64")
        yield _somebody("importer", "county_officer"), _somebody("approver", "approver")
        connections.close_all()


def _somebody(username: str, role: str) -> Person:
    person, _ = Person.objects.get_or_create(username=username, defaults={"name": username})
    if not person.postings.exists():
        Posting.objects.create(person=person, role=role, prefixes=["64"], from_on=date(2020, 1, 1))
    return person
