"""Demonstration (演示): `hutong demo` builds the demonstration province."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from hutong.accounts.clock import today
from hutong.accounts.queries import demonstration_seats
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer, progress
from hutong.demo import build
from hutong.demo.staff import DEMONSTRATION_PASSWORD


def demo(
    children: Annotated[int, typer.Option(min=1, help=_("How many children."))] = 50_000,
    seed: Annotated[int, typer.Option(help=_("The same seed gives the same province."))] = 64,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help=_("Do nothing where a register is there already."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Builds the demonstration province (建造演示省)."""
    _refuse_elsewhere()
    with with_database():
        if if_empty and not build.is_empty():
            built, sentence = (
                build.standing(),
                _("There is a register already: %(children)s children. Nothing was done."),
            )
        else:
            built, sentence = _build(children, seed), _("%(children)s children in %(villages)s villages.")
        document = asdict(built)
        text = "\n".join([sentence % document, *_sign_ins()])
    answer(document, text, as_json=as_json)


def _refuse_elsewhere() -> None:
    if settings.PRODUCTION:
        sentence = _("HUTONG_PRODUCTION=1: invented children never stand beside real ones.")
        raise Refusal(sentence, Status.WRONG_CALL)
    if settings.PROVINCE != build.PROVINCE:
        raise Refusal(_("The demonstration is of Ningxia: HUTONG_PROVINCE must be 64."), Status.WRONG_CALL)


def _build(children: int, seed: int) -> build.Built:
    try:
        with _reporting() as report:
            return build.build(children=children, seed=seed, on=build.demonstration_day(), report=report)
    except build.AlreadyThere:
        raise Refusal(_("There is a register already. The demonstration is built into an empty one only.")) from None


@contextmanager
def _reporting() -> Iterator[build.Report]:
    """A bar on standard error for each thing that is being done."""
    with progress() as bars:
        tasks = {}

        def report(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=total)
            bars.update(tasks[doing], completed=done)

        yield report


def _sign_ins() -> list[str]:
    """Whom a visitor can be; nobody where the register is no demonstration."""
    seats = demonstration_seats(on=today())
    if not seats:
        return []
    sentence = _("Sign in with the password %(password)s as:") % {"password": DEMONSTRATION_PASSWORD}
    return [sentence, *(f"  {seat.username:24} {seat.role} {seat.organisation}" for seat in seats)]
