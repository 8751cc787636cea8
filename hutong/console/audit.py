"""Audit (审计): `hutong audit` seals the trail, proves it, and gives it to those who check it themselves."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions import checkpoints as kept
from hutong.accounts.actions.exporting import export_trail
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.sealing import seal_trail
from hutong.accounts.chain import Checkpoint
from hutong.accounts.clock import today
from hutong.accounts.sealed import Fault, kept_checkpoints
from hutong.accounts.sealed import verify as verify_trail
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer, progress
from hutong.kit.cipher import keys

app = typer.Typer(no_args_is_help=True, add_completion=False)

FAULTS = {
    "entry_changed": _lazy("An entry is not what was sealed, from position %(position)s on (seal %(seal)s)."),
    "entry_missing": _lazy("An entry is missing, from position %(position)s on (seal %(seal)s)."),
    "entry_added": _lazy("An entry was added that was never sealed, at position %(position)s (seal %(seal)s)."),
    "entry_of_no_time": _lazy("An entry stands after position %(position)s that says it is of a time to come."),
    "seal_missing": _lazy("Seal %(seal)s is missing; nothing is proven from position %(position)s on."),
    "seal_changed": _lazy("Seal %(seal)s was changed; nothing is proven from position %(position)s on."),
    "seal_unsigned": _lazy(
        "Seal %(seal)s is not signed with this register's trail key; nothing is proven from position %(position)s on."
    ),
    "truncated": _lazy("The trail ends before position %(position)s; the checkpoint of %(made_at)s reaches further."),
    "checkpoint_differs": _lazy(
        "At position %(position)s the trail is another than the one the checkpoint of %(made_at)s was made of."
    ),
    "checkpoint_unsigned": _lazy("The checkpoint of %(made_at)s is not signed with this register's trail key."),
}


@contextmanager
def _refusing() -> Iterator[None]:
    with with_database():
        try:
            yield
        except Refused as refused:
            raise Refusal(str(refused.reason)) from refused


@app.command("verify", help=_("Walk along the trail's chain and say whether anything was changed."))
def verify(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help=_("A checkpoint that was kept elsewhere; several are possible."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verifies the trail (校验留痕) against the checkpoints given, those in the folder and those in the database."""
    given = [_read(path) for path in checkpoint or ()]
    with with_database(), progress() as bars:
        bar = bars.add_task(_("Verifying the trail"), total=None)
        found = verify_trail(
            [*given, *_in_folder(), *kept_checkpoints()],
            public_key=keys().public_key,
            report=lambda done, total: bars.update(bar, completed=done, total=total),
        )
    text = _("%(entries)s entries under %(seals)s seals are what was sealed; %(checkpoints)s checkpoints agree.")
    sentence = text % asdict(found) if found.fault is None else sentence_of(found.fault)
    answer(asdict(found) | {"sentence": sentence}, sentence, as_json=as_json)
    if found.fault:
        raise typer.Exit(Status.FOUND)


def sentence_of(fault: Fault) -> str:
    """A fault in one sentence (异常说明)."""
    return str(FAULTS[fault.kind]) % asdict(fault)


def _read(path: Path) -> Checkpoint:
    try:
        return Checkpoint.read(path.read_text())
    except ValueError:
        raise Refusal(_("%(file)s is no checkpoint of a trail.") % {"file": path}, Status.WRONG_CALL) from None


def _in_folder() -> list[Checkpoint]:
    return [_read(path) for path in kept.files_of_checkpoints()]


@app.command("seal", help=_("Seal what is written and settled; the worker does it every minute."))
def seal(as_json: AsJson = False) -> None:
    """Seals the trail now (立即封存)."""
    with _refusing():
        sealed = seal_trail()
    answer({"sealed": sealed}, _("%(count)s entries were sealed.") % {"count": sealed}, as_json=as_json)


@app.command("checkpoint", help=_("Say where the trail stands, signed, for keeping elsewhere."))
def checkpoint(
    output: Annotated[Path | None, typer.Option("--output", "-o", help=_("The file; else it is printed."))] = None,
    as_json: AsJson = False,
) -> None:
    """Makes a checkpoint (生成校验点); what is printed is the checkpoint itself."""
    with _refusing():
        made = kept.make_checkpoint()
    if made is None:
        raise Refusal(_("Nothing is sealed yet: there is nothing to make a checkpoint of."))
    if output is None:
        answer(made.document(), "", as_json=True)
        return
    kept.write_checkpoint(made, output)
    details = {"position": made.position, "file": output}
    answer(made.document(), _("Checkpoint at position %(position)s: %(file)s") % details, as_json=as_json)


@app.command("export", help=_("Write the sealed trail to a file that others can verify without Hutong."))
def export(file: Annotated[Path, typer.Argument(help=_("The file, or - for standard output."))]) -> None:
    """Exports the sealed trail (导出留痕): one JSON line an entry and one a seal."""
    with with_database(), _opened(file) as target:
        for line in export_trail(by=None, on=today()):
            target.write(line + b"\n")


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        yield target
