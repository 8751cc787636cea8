"""The command that counts the allowance of law cases."""

from django.utils.translation import gettext as _

from hutong.console.law import Answer, Cases, finish, mark, read, source, why_not
from hutong.console.printing import AsJson
from hutong.law.amount_cases import answer_cases
from hutong.law.money import yuan
from hutong.law.parameters import shipped


def amount(cases: Cases, as_json: AsJson = False) -> None:
    """Counts the allowance of law cases month by month (核算), with lines and citations; needs no database."""
    found = answer_cases(read(cases), shipped())
    finish(found, "\n\n".join(map(_as_text, found)), as_json=as_json)


def _as_text(one: Answer) -> str:
    if "error" in one:
        return f"{one['name']}  {mark(one)}\n  {why_not(one)}"
    head = "  ".join(filter(None, (one["name"], one["month"], yuan(one["amount_fen"]), mark(one))))
    lines = [f"  {line['amount_fen'] / 100:+.2f}  {line['text']}，{source(line, one)}" for line in one["lines"]]
    overpaid = [
        "  " + _("overpaid for %(month)s: %(amount)s") % {"month": more["month"], "amount": yuan(more["amount_fen"])}
        for more in one.get("proposals", ())
    ]
    return "\n".join([head, *lines, *overpaid])
