"""Console (命令行): the list of all commands, and what their errors look like.

An expected error is one sentence on standard error and an exit status, never a traceback.
"""

import os
import sys

import django
import psycopg
import typer
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.settings")
try:
    django.setup()
except (ImproperlyConfigured, OSError, ValueError, psycopg.Error) as error:
    sys.stderr.write(f"hutong: {error}\n")
    raise SystemExit(2) from None

from django.utils.translation import gettext as _

from hutong.console import (
    amounts,
    audit,
    children,
    database,
    deadlines,
    demonstration,
    divisions,
    doctor,
    holidays,
    identities,
    keys,
    linking,
    matching,
    messages,
    payments,
    people,
    printing,
    recognising,
    serve,
)
from hutong.logs import take_over

app = typer.Typer(
    name="hutong",
    help=_("Hutong: one register of a province's children in need."),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("template", help=_("Write the import template, pre-filled for a place."))(children.template)
app.command("check", help=_("Judge a workbook of children without admitting it."))(children.check)
app.command("import", help=_("Check a workbook and stage it."))(children.import_)
app.command("match", help=_("Say what the columns of an unknown sheet hold."))(matching.match)
app.command("admit", help=_("Admit a batch as a second person."))(children.admit)
app.command("cancel", help=_("End a check or an admission that runs or was interrupted."))(children.cancel)
app.command("withdraw", help=_("Take a batch back while nobody has built on it."))(children.withdraw)
app.command("link", help=_("Find records of one child in a list; needs no database."))(linking.link)
app.command("recognise", help=_("Recognise the children of law cases; needs no database."))(recognising.recognise)
app.command("amount", help=_("Count the allowance of law cases; needs no database."))(amounts.amount)
app.command("identity", help=_("Judge ID numbers and credit codes; needs no database."))(identities.identity)
app.command("deadline", help=_("Say when so many working days end; needs no database."))(deadlines.deadline)
app.command("holidays", help=_("Read a notice of holidays, and load it."))(holidays.holidays)
app.command("run", help=_("Prepare the payments of a month at a place."))(payments.run)
app.command("explain", help=_("Explain a child's month: facts, rule, citation and sum."))(payments.explain)
app.command("demo", help=_("Build the demonstration province."))(demonstration.demo)
app.command("appoint", help=_("Appoint somebody to a role; a new user name is a new account."))(people.appoint)
app.command("recode", help=_("Give places another code or name from a day on; children follow."))(divisions.recode)
app.command("messages", help=_("Compile the translations."))(messages.messages)
app.command("serve", help=_("Run the web server, the worker and the embedded database."))(serve.serve)
app.command("worker", help=_("Run the jobs of all queues (`serve` starts one of these)."))(serve.worker)
app.command("migrate", help=_("Prepare the database: roles, tables, reference data."))(database.migrate)
app.command("doctor", help=_("Say what is wrong with this installation and how to mend it."))(doctor.doctor)

app.add_typer(audit.app, name="audit", help=_("Seal the trail, prove that nobody has changed it, export it."))
app.add_typer(keys.app, name="keys", help=_("Change the keys while the server runs, and say what stands under which."))


def main() -> None:
    """The entry point (入口) `hutong`; a terminal of another encoding gets UTF-8."""
    take_over()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except Exception as error:
        refusal = error if isinstance(error, printing.Refusal) else database.explain(error)
        if refusal is None and isinstance(error, OSError):
            refusal = printing.Refusal(str(error), printing.Status.WRONG_CALL)
        if refusal is None:
            raise
        printing.say(str(refusal))
        sys.exit(refusal.status)


if __name__ == "__main__":
    main()
