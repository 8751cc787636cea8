"""Database (数据库): commands reach it through `with_database`; `hutong migrate` prepares it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, ProgrammingError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.actions.guard import NotAllowed, Refused, noting_refusals
from hutong.accounts.actions.refusing import NOT_ALLOWED, REFUSED, record_refusal
from hutong.accounts.actions.trail import TrailNotWritten
from hutong.accounts.clock import today
from hutong.accounts.queries import person_named
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.divisions.actions.load import load_shipped
from hutong.gateways.embedded_postgres import DatabaseProblem, RolesRefused, prepare_roles
from hutong.logs import clean

OWNER_ALIAS = "owner"


@contextmanager
def with_database(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """With the database (连接数据库): also a decorator of commands, `@with_database()`.

    Starts or attaches the embedded server unless DATABASE_URL names another, and tries a connection. Raises
    Refusal with status 3 where there is no database.
    """
    try:
        with nullcontext() if settings.DATABASE_URL else _embedded():
            connections[alias].ensure_connection()
            with _refusals_recorded():
                yield
    except Exception as error:
        refusal = explain(error)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def _refusals_recorded() -> Iterator[None]:
    """What a verb refuses to whoever a command names leaves its entry, after the act has been rolled back."""
    with noting_refusals() as noted:
        try:
            yield
        finally:
            if noted:
                _record(noted)


def _record(noted: list[Refused]) -> None:
    _program, *words = sys.argv
    named = words[words.index("--by") + 1 :][:1] if "--by" in words else []
    record_refusal(
        by=person_named(named[0]) if named else None,
        act=words[0] if words else "",
        why=NOT_ALLOWED if any(isinstance(one, NotAllowed) for one in noted) else REFUSED,
        subject_kind="command",
        subject_key="",
        division_code="",
        on=today(),
    )


@contextmanager
def _embedded() -> Iterator[None]:
    with settings.EMBEDDED_DATABASE.attached():
        try:
            yield
        finally:
            connections.close_all()


def explain(error: Exception) -> Refusal | None:
    """The sentence and status (说明) for an error of the database that a person can mend; None for any other."""
    match error:
        case RolesRefused():
            return Refusal(_(error.sentence) % error.details)
        case TrailNotWritten():
            return Refusal(_("The trail cannot be written; so nothing was done."))
        case DatabaseProblem():
            return Refusal(_(error.sentence) % error.details, Status.UNAVAILABLE)
        case ProgrammingError() if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            return Refusal(_("The database is not prepared; run: hutong migrate"), Status.UNAVAILABLE)
        case OperationalError() | InterfaceError() | psycopg.OperationalError():
            reason = clean(str(error))
            sentence = _("The database is not available: %(reason)s") % {"reason": reason}
            if "role" in reason and "does not exist" in reason:
                sentence += " " + _("Has it been prepared? Run: hutong migrate")
            return Refusal(sentence, Status.UNAVAILABLE)
    return None


def pending_migrations(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Migrations that the database has not had yet (待执行的迁移), as `app.name`."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


@with_database(OWNER_ALIAS)
def migrate(as_json: AsJson = False) -> None:
    connections[OWNER_ALIAS].ensure_connection()
    prepare_roles(connections[OWNER_ALIAS].connection)
    applied = pending_migrations(OWNER_ALIAS)
    call_command("migrate", database=OWNER_ALIAS, interactive=False, verbosity=0)
    divisions = load_shipped(settings.PROVINCE)
    text = ngettext("%(count)s migration applied.", "%(count)s migrations applied.", len(applied))
    answer({"applied": applied, "divisions_added": divisions}, text % {"count": len(applied)}, as_json=as_json)
