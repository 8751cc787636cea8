"""Logs (日志): what is written of an event or an error holds no value of anybody's.

Of an error there remain its type, where it happened, and of the database's errors the code, table, column and
constraint. Its own words go: a database's say `Key (…)=(…) already exists` and `Failing row contains (…)`, and
others quote what they could not read. Of a job there remain its name and number, not what it was called with.
"""

import copy
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from psycopg import InterfaceError as DriverInterfaceError
from psycopg import OperationalError as DriverOperationalError

SAYS_NOTHING_PERSONAL = (
    ImproperlyConfigured, OperationalError, InterfaceError, DriverOperationalError, DriverInterfaceError,
)  # fmt: skip
LONG_NUMBER = re.compile(r"(?<![\da-zA-Z])(\d{15,20}|\d{17}[xX]|1[3-9]\d{9})(?![\da-zA-Z])")
ROW_LINE = re.compile(r"\s*(DETAIL|CONTEXT|HINT|QUERY|STATEMENT|LINE \d+)\b|.*(Failing row contains|Key \()|\s*\^\s*$")


class PlainFormatter(logging.Formatter):
    """Plain lines (无值日志): level, logger, message, and the way of an error without its words."""

    def format(self, record: logging.LogRecord) -> str:
        lines = [f"{record.levelname} {record.name}: {_message(record)}"]
        if record.exc_info and record.exc_info[1]:
            lines.append(trace(record.exc_info[1]))
        return "\n".join(lines)


def clean(text: str) -> str:
    """A message (去值) without the lines in which a database shows rows, and without numbers of people."""
    kept = [line for line in text.splitlines() if not ROW_LINE.match(line)]
    return LONG_NUMBER.sub("•••", " ".join(" ".join(kept).split()))


def described(error: BaseException) -> str:
    """An error by its type (错误说明), and what of it is nobody's."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    diag = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diag is not None and diag.sqlstate:
        found = (diag.sqlstate, diag.table_name, diag.column_name, diag.constraint_name)
        return f"{name} [{' '.join(filter(None, found))}]"
    if isinstance(error, SAYS_NOTHING_PERSONAL):
        return f"{name}: {clean(str(error))}"
    return f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name


def trace(error: BaseException) -> str:
    """Where an error came from (错误路径), its causes first: files, lines and types."""
    parts = [
        "".join(["Traceback:\n", *traceback.format_tb(one.__traceback__), described(one)]) for one in _chain(error)
    ]
    return "\n".join(reversed(parts))


def take_over() -> None:
    """Errors that nobody catches (未捕获的错误) are printed the same way."""
    sys.excepthook = _print_uncaught
    threading.excepthook = lambda caught: _print_uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def _print_uncaught(kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    sys.stderr.write((trace(error) if error else kind.__name__) + "\n")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _message(record: logging.LogRecord) -> str:
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        return f"{getattr(record, 'action', 'job')} {job.get('task_name')}[{job.get('id')}]"
    if isinstance(record.msg, BaseException):
        return described(record.msg)
    said = copy.copy(record)
    if isinstance(record.args, tuple):
        said.args = tuple(described(one) if isinstance(one, BaseException) else one for one in record.args)
    return clean(said.getMessage())
