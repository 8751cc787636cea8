"""Recording visits: each stays as it was written, and a correction is one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.law.visits import PURPOSES, SEEING, WAYS
from hutong.outreach.models import Statement, Visit
from hutong.outreach.models.visit import FINDINGS_AT_MOST, RELATION_AT_MOST
from hutong.registry.actions.changes import locked, require_open
from hutong.registry.models import Child
from hutong.registry.queries import files_of


@dataclass(frozen=True)
class Said:
    """What a neighbour or a relative said (证言内容): as what to the child, in which words, and who where named."""

    relation_to_child: str
    words: str
    name: str = ""


@transaction.atomic
def record_visit(
    *,
    by: Person,
    child: Child,
    visited_on: date,
    way: str,
    purpose: str,
    child_seen: bool,
    findings: str,
    on: date,
    statements: Sequence[Said] = (),
    corrects: Visit | None = None,
) -> Visit:
    """Record a visit (登记走访) to a child, or the correction of one. Raises NotAllowed and Refused."""
    require(by, Permission.RECORD_VISITS, code=child.responsible_code, on=on)
    child = locked(child, by=by, on=on)
    require_open(child)
    _require_day(child, visited_on, on=on)
    _require_way(way, purpose, child_seen=child_seen)
    _require_words(findings, statements)
    if corrects:
        _require_correctable(child, corrects)
    visit: Visit = Visit.objects.create(
        child=child,
        visited_on=visited_on,
        by=by,
        way=way,
        purpose=purpose,
        child_seen=child_seen,
        findings=findings.strip(),
        division_code=child.responsible_code,
        corrects=corrects,
    )
    Statement.objects.bulk_create(_statement(visit, said) for said in statements)
    _record(visit, len(statements), on=on)
    return visit


def _require_day(child: Child, visited_on: date, *, on: date) -> None:
    if visited_on > on:
        raise Refused(_("The day of the visit lies in the future. Record it once it has taken place."))
    if visited_on < child.birth_date:
        raise Refused(_("On the day of the visit the child was not born yet."))


def _require_way(way: str, purpose: str, *, child_seen: bool) -> None:
    if way not in WAYS:
        raise Refused(_("Choose the way of the visit."))
    if purpose not in PURPOSES:
        raise Refused(_("Choose what the visit was for."))
    if child_seen and way not in SEEING:
        raise Refused(_("A child is seen at its home or by video, not in this way."))


def _require_words(findings: str, statements: Sequence[Said]) -> None:
    if not 0 < len(findings.strip()) <= FINDINGS_AT_MOST:
        raise Refused(_("Say what was found, in at most %(most)s characters.") % {"most": FINDINGS_AT_MOST})
    for said in statements:
        if not 0 < len(said.words.strip()) <= FINDINGS_AT_MOST:
            raise Refused(_("Say what was stated, in at most %(most)s characters.") % {"most": FINDINGS_AT_MOST})
        if not 0 < len(said.relation_to_child.strip()) <= RELATION_AT_MOST:
            raise Refused(_("Say who stated it: a neighbour, a teacher, the grandmother."))


def _require_correctable(child: Child, corrects: Visit) -> None:
    if corrects.child_id not in [file.pk for file in files_of(child)]:
        raise Refused(_("The visit to be corrected is one to another child."))
    if corrects.corrections.exists():
        raise Refused(_("This visit has been corrected already. Correct the correction."))


def _statement(visit: Visit, said: Said) -> Statement:
    name, relation = said.name.strip() or None, said.relation_to_child.strip()
    return Statement(visit=visit, relation_to_child=relation, name=name, words=said.words.strip())


def _record(visit: Visit, statements: int, *, on: date) -> None:
    details = {"visit": visit.pk, "way": visit.way, "statements": statements}
    record(
        by=visit.by,
        act="correct_visit" if visit.corrects_id else "record_visit",
        subject_kind="child",
        subject_key=visit.child.file_number,
        division_code=visit.division_code,
        on=on,
        details=details | ({"corrects": visit.corrects_id} if visit.corrects_id else {}),
    )
