"""Lines of visits (走访行) on a child's file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.models import Person
from hutong.desk.file_lines import Entry, Masked
from hutong.desk.titles import day, pair_title
from hutong.law.visits import PURPOSES, WAYS
from hutong.outreach.actions.opening import is_own
from hutong.outreach.models import Statement, Visit
from hutong.registry.models import Child

HIDDEN = "******"


class VisitLines:
    """Puts the visits to one child into words (走访行制作) for somebody who may, or may not, see what is sensitive."""

    def __init__(self, child: Child, seen_by: Person, *, sensitive: bool, can_record: bool) -> None:
        self._child, self._user, self._sensitive, self._can_record = child, seen_by, sensitive, can_record

    def line(self, visit: Visit) -> Entry:
        """One visit with the statements made at it."""
        corrected = list(visit.corrections.all())
        seen = _("the child was seen") if visit.child_seen else _("the child was not seen")
        notes = [pair_title(WAYS[visit.way]), seen, f"{visit.by.name} {visit.by.organisation}".strip()]
        if visit.corrects_id:
            notes.append(_("corrects an earlier record"))
        hrefs = {}
        if self._can_record and not corrected:
            where = reverse("desk:record_visit", args=[self._child.file_number])
            hrefs["correct"] = f"{where}?corrects={visit.pk}"
        return Entry(
            pair_title(PURPOSES[visit.purpose]),
            "",
            day(visit.visited_on),
            notes,
            self._closed(visit, "visit-findings", _("What was found")),
            is_past=False,
            hrefs=hrefs,
            under=[self._statement(visit, one) for one in visit.statements.all()],
            file="" if visit.child_id == self._child.pk else visit.child.file_number,
        )

    def _statement(self, visit: Visit, said: Statement) -> Entry:
        name = self._closed(visit, "statement-name", _("Name"), said) if said.name else []
        words = self._closed(visit, "statement-words", _("What they said"), said)
        return Entry(_("Statement"), said.relation_to_child, day(visit.visited_on), [], [*name, *words], is_past=False)

    def _closed(self, visit: Visit, value: str, label: str, said: Statement | None = None) -> list[Masked]:
        """A closed value, with a way to open it for whoever may."""
        may_open = self._sensitive or (self._can_record and is_own(self._user, visit))
        number = said.pk if said else visit.pk
        return [
            Masked(
                label, HIDDEN, reverse("desk:reveal", args=[self._child.file_number, value, number]) if may_open else ""
            )
        ]
