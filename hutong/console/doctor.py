"""Doctor (体检): `hutong doctor` says what is wrong with an installation and how to mend it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import typer
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hutong.accounts.clock import today
from hutong.accounts.queues import queue_health
from hutong.accounts.sealed import unsealed_since
from hutong.console.database import pending_migrations, with_database
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.gateways.embedded_postgres import APP_ROLE
from hutong.governance.calendars import calendar_in_force
from hutong.kit.documents import SONG, fonts_in_use
from hutong.law.parameters import NATIONAL, shipped
from hutong.treasury.queries import books_off, entries_off

OLDEST_POSTGRESQL = 15
APPEND_ONLY_TABLES = {
    "accounts_trailentry": "id",
    "accounts_trailseal": "number",
    "accounts_trailcheckpoint": "id",
    "allowances_departmentlist": "id",
    "allowances_lead": "id",
    "allowances_leadend": "id",
    "allowances_listruling": "id",
    "outreach_visit": "id",
    "outreach_statement": "id",
    "treasury_entry": "id",
    "treasury_posting": "id",
    "treasury_beneficiary": "id",
    "treasury_due": "id",
    "treasury_bankreturn": "id",
    "allowances_basis": "id",
    "allowances_beneficial": "id",
}
REFUSALS = ("42501", "P0001")  # SQLSTATE: no privilege; raised by a trigger
HEARTBEAT = timedelta(seconds=60)
UNSEALED = timedelta(minutes=10)
SHOWN = 10
DISK_WRONG_BYTES = 1 * 1024**3
DISK_WARNING_BYTES = 5 * 1024**3
NOTICE_MONTH = 11  # the next year's notice is published by then
ABOVE_ERRORS = ("log", "fatal", "panic")
QUIET_LOG: dict[str, tuple[str, ...]] = {
    "log_min_messages": ABOVE_ERRORS,
    "log_min_error_statement": ("panic", "fatal", "log"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
}
"""The settings under which PostgreSQL writes no values, each with its quiet ones."""
BALANCES = (
    "UPDATE treasury_book SET balance_fen = (SELECT coalesce(sum(amount_fen), 0)"
    " FROM treasury_posting WHERE book_id = treasury_book.id)"
)

FINE, WARNING, WRONG = "fine", "warning", "wrong"


@dataclass(frozen=True)
class Finding:
    """A finding (发现): its `state` is fine, warning or wrong; `mend` tells what to do about it."""

    check: str
    state: str
    text: str
    mend: str = ""


def doctor(as_json: AsJson = False) -> None:
    findings = list(_examine())
    wrong = sum(finding.state == WRONG for finding in findings)
    document = {"findings": [asdict(finding) for finding in findings], "wrong": wrong}
    answer(document, "\n".join(map(_line, findings)), as_json=as_json)
    if wrong:
        raise typer.Exit(Status.FOUND)


def _line(finding: Finding) -> str:
    sign = {FINE: "✓", WARNING: "!", WRONG: "✗"}[finding.state]
    return f"{sign} {finding.text}" + (f" {finding.mend}" if finding.mend else "")


def _examine() -> Iterator[Finding]:
    try:
        with with_database():
            yield from _database()
    except Refusal as refusal:
        yield Finding("database", WRONG, str(refusal))
    for check in MACHINE_CHECKS:
        yield from check()


def _database() -> Iterator[Finding]:
    yield _version()
    pending = pending_migrations()
    if pending:
        text = _("%(count)s migrations are missing.") % {"count": len(pending)}
        yield Finding("migrations", WRONG, text, _("Run: hutong migrate"))
        return
    yield Finding("migrations", FINE, _("All migrations are applied."))
    yield _role()
    yield from _append_only()
    yield _books()
    yield _entries()
    yield _sealing()
    yield from _queues()
    yield _server_log()


def _version() -> Finding:
    version = connection.connection.info.server_version // 10000
    text = _("PostgreSQL %(version)s answers.") % {"version": version}
    if version < OLDEST_POSTGRESQL:
        mend = _("Hutong needs PostgreSQL %(oldest)s or newer.") % {"oldest": OLDEST_POSTGRESQL}
        return Finding("database", WRONG, text, mend)
    return Finding("database", FINE, text)


def _role() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
            " AND pg_has_role(current_user, %s, 'USAGE')",
            [APP_ROLE],
        )
        name, is_superuser = cursor.fetchone() or ("", False)
    if not name or is_superuser:
        text = _("The application does not work as the role %(role)s.") % {"role": APP_ROLE}
        return Finding("role", WRONG, text, _("Run: hutong migrate, and give DATABASE_URL a user of that role."))
    return Finding("role", FINE, _("The application works as the role %(role)s.") % {"role": name})


def _append_only() -> Iterator[Finding]:
    """Tries on every append-only table what must be refused, in a transaction that is rolled back."""
    present = connection.introspection.table_names()
    for table, column in APPEND_ONLY_TABLES.items():
        if table not in present:
            continue
        statements = {
            "UPDATE": f"UPDATE {table} SET {column} = {column} WHERE false",
            "DELETE": f"DELETE FROM {table} WHERE false",
            "TRUNCATE": f"TRUNCATE {table}",
        }
        allowed = [name for name, statement in statements.items() if not _is_refused(statement)]
        if allowed:
            text = _("The table %(table)s allows %(statements)s.")
            details = {"table": table, "statements": ", ".join(allowed)}
            mend = _("Run: hutong migrate, with an owner (HUTONG_OWNER_URL) other than the application's user.")
            yield Finding("append_only", WRONG, text % details, mend)
        else:
            text = _("The table %(table)s can only be added to.") % {"table": table}
            yield Finding("append_only", FINE, text)


def _is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") in REFUSALS
    return False


def _books() -> Finding:
    off = books_off()
    if not off:
        return Finding("books", FINE, _("The balance of every book is the sum of its postings."))
    text = _("The balance of these books is not the sum of their postings: %(books)s.") % {"books": _numbers(off)}
    mend = _("Nothing is to be paid until the owner of the database has found out why; then the owner runs: %(sql)s")
    return Finding("books", WRONG, text, mend % {"sql": f"{BALANCES} WHERE id IN ({', '.join(map(str, off))});"})


def _entries() -> Finding:
    off = entries_off()
    if not off:
        return Finding("entries", FINE, _("The postings of every entry sum to nothing."))
    text = _("The postings of these entries do not sum to nothing: %(entries)s.") % {"entries": _numbers(off)}
    mend = _("Nothing is to be paid. Compare with the last copy of the database that was fine, and restore it.")
    return Finding("entries", WRONG, text, mend)


def _numbers(off: Sequence[int]) -> str:
    return ", ".join(map(str, off[:SHOWN])) + ("…" if len(off) > SHOWN else "")


def _sealing() -> Finding:
    since = unsealed_since()
    if since is None or timezone.now() - since < UNSEALED:
        return Finding("sealing", FINE, _("The trail is sealed."))
    text = _("Entries of the trail are not sealed since %(moment)s.") % {"moment": timezone.localtime(since)}
    mend = _("The worker of hutong serve seals them; a transaction that stays open for long holds it back.")
    return Finding("sealing", WARNING, text, mend)


def _queues() -> Iterator[Finding]:
    health = queue_health(alive_since=timezone.now() - HEARTBEAT)
    if not health.workers:
        yield Finding("worker", WARNING, _("No worker is running."), _("Jobs wait until: hutong serve"))
    else:
        yield Finding("worker", FINE, _("A worker is running."))
    if health.stalled:
        text = _("%(count)s jobs were left by a worker that died.") % {"count": health.stalled}
        yield Finding("queues", WRONG, text, _("The next start of hutong serve takes them up again."))
    if health.failed:
        text = _("%(count)s jobs have failed for good.") % {"count": health.failed}
        yield Finding("queues", WARNING, text, _("Look into the log of hutong serve."))
    if not health.stalled and not health.failed:
        yield Finding("queues", FINE, _("No job is stuck or has failed."))


def _server_log() -> Finding:
    """Whether the database server writes statements, parameters or rows into a log of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET_LOG)])
        found = dict(cursor.fetchall())
        cursor.execute("SELECT quote_ident(current_database())")
        (database,) = cursor.fetchone()
    loud = [name for name, quiet in QUIET_LOG.items() if found.get(name, quiet[0]) not in quiet]
    if not loud:
        return Finding("server_log", FINE, _("The database server writes no values into its log."))
    text = _("The database server may write personal values into its log: %(settings)s.")
    mend = _("Its administrator runs: %(statements)s")
    statements = " ".join(f"ALTER DATABASE {database} SET {name} = {QUIET_LOG[name][0]};" for name in loud)
    settings_found = ", ".join(f"{name} = {found[name]}" for name in loud)
    return Finding("server_log", WARNING, text % {"settings": settings_found}, mend % {"statements": statements})


def _keys() -> Iterator[Finding]:
    file = settings.KEYS_FILE
    details = {"file": file}
    if not file.exists():
        mend = _("Bring it back from its safe copy: without it values stay sealed.")
        yield Finding("keys", WRONG, _("There is no key file %(file)s.") % details, mend)
    elif file.stat().st_mode & 0o077:
        mend = _("Run: chmod 600 %(file)s") % details
        yield Finding("keys", WRONG, _("The key file %(file)s can be read by others.") % details, mend)
    elif file.is_relative_to(settings.EMBEDDED_DATABASE.data):
        mend = _("Move it out and set HUTONG_KEYS: a copied database brings its keys.")
        yield Finding("keys", WRONG, _("The key file %(file)s lies in the database folder.") % details, mend)
    else:
        yield Finding("keys", FINE, _("The keys are in %(file)s.") % details)


def _parameters() -> Iterator[Finding]:
    """Which values of the law are still to be confirmed (待民政厅确认参数), parameter by parameter."""
    held = shipped()
    days: dict[str, list[str]] = {}
    for parameter, value in held.to_confirm():
        layer = parameter.jurisdiction or NATIONAL
        days.setdefault(f"{parameter.code} ({layer})", []).append(value.from_on.isoformat())
    if not days:
        yield Finding("parameters", FINE, _("Every parameter of the law is confirmed."))
        return
    text = _("%(count)s values of the law's parameters are still to be confirmed by the Department.")
    listed = "; ".join(f"{code}: {', '.join(since)}" for code, since in days.items())
    yield Finding("parameters", WARNING, text % {"count": len(held.to_confirm())}, listed)


def _calendar() -> Iterator[Finding]:
    """Which years' notices of holidays are loaded (节假日安排通知), and whether one is due."""
    years, on = calendar_in_force().years(), today()
    details = {"first": years[0], "last": years[-1], "year": on.year if on.year not in years else on.year + 1}
    due = on.year not in years or (on.month >= NOTICE_MONTH and on.year + 1 not in years)
    if due:
        mend = _("Until the notice is loaded, deadlines in %(year)s are provisional.") % details
        yield Finding("calendar", WARNING, _("The notice of holidays of %(year)s is not loaded.") % details, mend)
    else:
        yield Finding("calendar", FINE, _("Notices of holidays are loaded from %(first)s to %(last)s.") % details)


def _documents() -> Iterator[Finding]:
    """What documents are written in (公文字体), and the address at which somebody can confirm one (核验地址)."""
    fonts, address = fonts_in_use(), {"address": settings.CONFIRM_URL}
    if SONG in fonts:
        yield Finding("fonts", FINE, _("Documents are written in %(fonts)s.") % {"fonts": ", ".join(fonts)})
    else:
        mend = _("Run: make build")
        yield Finding("fonts", WRONG, _("The fonts that documents are written in are missing."), mend)
    if settings.PRODUCTION and settings.ADDRESS == settings.OWN_ADDRESS:
        mend = _("Set HUTONG_ADDRESS to the address under which people reach this system.")
        yield Finding("address", WARNING, _("Documents tell people to confirm them at %(address)s.") % address, mend)
    else:
        yield Finding("address", FINE, _("Documents are confirmed at %(address)s.") % address)


def _disk() -> Iterator[Finding]:
    folder = next(folder for folder in (settings.DATA_DIR, *settings.DATA_DIR.parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    state = WRONG if free < DISK_WRONG_BYTES else WARNING if free < DISK_WARNING_BYTES else FINE
    details = {"free": f"{free / 1024**3:.1f}", "folder": settings.DATA_DIR}
    text = _("%(free)s GiB are free for %(folder)s.") % details
    yield Finding("disk", state, text, "" if state == FINE else _("Make room, or move HUTONG_DATA."))


MACHINE_CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (_keys, _parameters, _calendar, _documents, _disk)
