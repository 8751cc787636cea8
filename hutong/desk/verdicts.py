"""How the seven verdicts of an import are shown (判定结果)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.kit.staging import Verdict
from hutong.registry.models import ImportBatch

MEANING: dict[str, tuple[str, Promise]] = {
    Verdict.NEW: ("fine", _("Not in the register yet")),
    Verdict.CHANGED: ("info", _("Something differs from the register")),
    Verdict.SAME: ("plain", _("Nothing to do")),
    Verdict.POSSIBLE: ("soon", _("A person has to decide")),
    Verdict.REPEAT: ("soon", _("The same child again in this file")),
    Verdict.OUTSIDE: ("soon", _("Belongs to another place")),
    Verdict.INVALID: ("late", _("Mend and send again")),
}


@dataclass(frozen=True)
class VerdictLine:
    """One verdict with its count (判定计数)."""

    verdict: str
    label: str | Promise
    tone: str
    meaning: Promise
    count: int
    is_current: bool


def verdict_lines(batch: ImportBatch, current: str) -> list[VerdictLine]:
    """All seven, in the order in which people read them."""
    return [
        VerdictLine(verdict, Verdict(verdict).label, tone, meaning, batch.counts.get(verdict, 0), verdict == current)
        for verdict, (tone, meaning) in MEANING.items()
    ]
