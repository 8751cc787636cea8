"""Printing (输出): one way for commands to answer: text for people, or one JSON document with `--json`.

The answer goes to standard output; progress, messages and errors go to standard error.
"""

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Any

import typer
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

WIDTH_OF_A_FILE = 160  # columns of a table that is not printed on a terminal

AsJson = Annotated[bool, typer.Option("--json", help=_("Print one JSON document instead of text."))]


class Status(IntEnum):
    """Exit status (退出状态)."""

    DONE = 0
    FOUND = 1
    WRONG_CALL = 2
    UNAVAILABLE = 3


class Refusal(Exception):
    """Refusal (拒绝执行): ends the command with one sentence on standard error and an exit status."""

    def __init__(self, sentence: str, status: Status = Status.FOUND) -> None:
        self.status = status
        super().__init__(sentence)


def answer(document: Mapping[str, Any], text: RenderableType, *, as_json: bool) -> None:
    """Prints the answer (答复): the document with `--json`, otherwise the text (a string or a rich table)."""
    if as_json:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(json.dumps(document, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n")
        sys.stdout.flush()
    else:
        _console(stderr=False).print(text, markup=False, highlight=False, soft_wrap=isinstance(text, str))


def say(sentence: str) -> None:
    """Prints a message (提示) to standard error."""
    _console(stderr=True).print(sentence, markup=False, highlight=False, soft_wrap=True)


def progress() -> Progress:
    """A progress bar (进度条) on standard error that counts what is done, of how many, and the time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=_console(stderr=True),
    )


def _console(*, stderr: bool) -> Console:
    on_a_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, width=None if on_a_terminal else WIDTH_OF_A_FILE)
