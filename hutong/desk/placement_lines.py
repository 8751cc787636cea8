"""Lines of placements and agreements (安置与协议行) on a child's file."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.clock import today
from hutong.desk.file_lines import Entry, Masked
from hutong.desk.titles import day, pair_title, span
from hutong.desk.words import relation_title
from hutong.law.agreements import AGREEMENTS
from hutong.law.placements import ENDING_PLACEMENTS, PLACEMENTS
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.models import Child

HIDDEN = "******"


def placement_line(child: Child, one: Placement, *, can_end: bool, sensitive: bool, is_hidden: bool) -> Entry:
    """One placement in words; where the child is, is left out for whoever may not know it."""
    where = "" if is_hidden or one.organisation is None else one.organisation.name
    notes = [where, _("decided on %(on)s") % {"on": day(one.decided_on)}]
    if one.decision_number:
        notes.append(_("Document %(number)s") % {"number": one.decision_number})
    if one.ended_reason:
        notes.append(pair_title(ENDING_PLACEMENTS[one.ended_reason]))
    hrefs = {}
    if can_end and one.until_on is None:
        hrefs["end"] = reverse("desk:end_placement", args=[child.file_number, one.pk])
    return Entry(
        pair_title(PLACEMENTS[one.kind]),
        "",
        span(one.from_on, one.until_on),
        [note for note in notes if note],
        _carer(child, one, sensitive=sensitive),
        is_past=one.until_on is not None and one.until_on < today(),
        hrefs=hrefs,
        file="" if one.child_id == child.pk else one.child.file_number,
    )


def _carer(child: Child, one: Placement, *, sensitive: bool) -> list[Masked]:
    if not one.carer:
        return []
    url = reverse("desk:reveal", args=[child.file_number, "placement-carer", one.pk]) if sensitive else ""
    return [Masked(_("Who raises the child"), HIDDEN, url)]


def agreement_line(child: Child, one: GuardianshipAgreement, *, can_end: bool) -> Entry:
    """One agreement in words."""
    signer = f"{relation_title(one.guardian.relation)} {one.guardian.name}".strip()
    notes = [_("signed on %(on)s by %(who)s") % {"on": day(one.signed_on), "who": signer}]
    if one.paper:
        notes.append(_("paper %(number)s") % {"number": one.paper.pk})
    is_past = one.until_on is not None and one.until_on < today()
    hrefs = {}
    if can_end and not is_past:
        hrefs["end"] = reverse("desk:end_agreement", args=[child.file_number, one.pk])
    return Entry(
        pair_title(AGREEMENTS[one.kind]),
        "",
        span(one.from_on, one.until_on),
        notes,
        [],
        is_past=is_past,
        hrefs=hrefs,
        file="" if one.child_id == child.pk else one.child.file_number,
    )
