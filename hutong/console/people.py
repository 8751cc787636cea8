"""Commands for people: `hutong appoint` makes the first accounts, and any later one."""

import sys
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.people import appoint as appoint_person
from hutong.accounts.clock import today
from hutong.accounts.roles import ROLES
from hutong.console.children import prefix_of_option
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, answer


def appoint(
    username: Annotated[str, typer.Argument(help=_("User name."))],
    name: Annotated[str, typer.Option(help=_("Name of the person."))],
    role: Annotated[str, typer.Option(help=", ".join(ROLES))],
    division: Annotated[str, typer.Option(help=_("Code or prefix of the place."))],
    organisation: Annotated[str, typer.Option(help=_("Name of the office."))] = "",
    as_json: AsJson = False,
) -> None:
    """Appoints somebody (任职); the password of a new account is asked for, or read from standard input."""
    prefix = prefix_of_option(division)
    password = _password()
    with with_database():
        try:
            posting = appoint_person(
                by=None,
                username=username,
                name=name,
                organisation=organisation,
                role=role,
                prefix=prefix,
                password=password,
                on=today(),
            )
        except Refused as refused:
            raise Refusal(str(refused.reason)) from refused
    text = _("%(name)s is %(role)s for %(place)s from today on.") % {
        "name": username,
        "role": ROLES[role].title,
        "place": prefix,
    }
    answer({"username": username, "role": role, "prefix": prefix, "posting": posting.pk}, text, as_json=as_json)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(_("Password"), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
