"""Audits before payment: what they find becomes a task for a person; what is found no more closes by itself."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import Wanted, close_tasks, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.auditing import found_in
from hutong.allowances.models import AuditFinding, Run
from hutong.allowances.models.finding import Outcome
from hutong.law.audits import AUDITS
from hutong.law.calendar import months_after
from hutong.law.parameters import shipped
from hutong.law.task_days import due_on
from hutong.registry.models import Child

TASK, SUBJECT = "look_at_finding", "finding"
OF_TOWNSHIP = frozenset({"grown_up", "not_seen", "moved_out", "stale_dibao", "papers_expired"})
"""What the township looks into; the rest is the county's."""


@transaction.atomic
def audit(*, by: Person, run: Run, on: date) -> Mapping[str, int]:
    """Audit a run (发放前核查): how many children each audit found. Nothing of the run changes.

    Raises NotAllowed.
    """
    require(by, Permission.PREPARE_RUNS, code=run.division_code, on=on)
    found = found_in(run, on=on)
    _keep(run, found, by=by, on=on)
    counts = {code: len(children) for code, children in found.items()}
    record(
        by=by, act="audit_run", subject_kind="run", subject_key=str(run.pk), division_code=run.division_code, on=on,
        details={"found": sum(counts.values())},
    )  # fmt: skip
    return counts


def _keep(run: Run, found: Mapping[str, list[int]], *, by: Person, on: date) -> None:
    """Open findings as they are now: new ones are added, those found no more are settled."""
    wanted = {(child, code) for code, children in found.items() for child in children}
    theirs = run.lines.values("child")
    open_ones = AuditFinding.objects.filter(outcome="", child__in=theirs)
    known = set(open_ones.values_list("child", "code"))
    resting = _resting(run, on=on)
    places = dict(Child.objects.filter(pk__in={child for child, _code in wanted}).values_list("pk", "responsible_code"))
    AuditFinding.objects.bulk_create(
        AuditFinding(run=run, child_id=child, code=code, division_code=places[child], found_on=on)
        for child, code in sorted(wanted - known - resting)
    )
    gone = [one.pk for one in open_ones if (one.child_id, one.code) not in wanted]
    AuditFinding.objects.filter(pk__in=gone).update(outcome=Outcome.GONE, settled_on=on)
    keep_finding_tasks(run.division_code, by=by, on=on)


def _resting(run: Run, *, on: date) -> set[tuple[int, str]]:
    """What somebody has lately found to be nothing: it is not asked again for a while."""
    months = shipped().number("finding_rests_months", on=on, jurisdiction=run.division_code)
    lately = AuditFinding.objects.filter(outcome=Outcome.NOTHING, settled_on__gte=months_after(on, -months))
    return set(lately.filter(child__in=run.lines.values("child")).values_list("child", "code"))


def keep_finding_tasks(division_code: str, *, by: Person | None, on: date) -> None:
    """Keep the tasks of a place's open findings as they ought to be (核对核查待办)."""
    prefix = division_code[:6]
    rows = AuditFinding.objects.filter(outcome="", division_code__startswith=prefix).select_related("child")
    wanted: dict[tuple[str, Harm], list[Wanted]] = defaultdict(list)
    for one in rows:
        role = "township_supervisor" if one.code in OF_TOWNSHIP else "county_officer"
        harm = Harm.LOSS if AUDITS[one.code].is_grave else Harm.ORDINARY
        values = {"file": one.child.file_number, "code": one.code}
        due = due_on(TASK, on=one.found_on, jurisdiction=one.division_code)
        wanted[role, harm].append(Wanted(str(one.pk), one.division_code, due, values))
    among = [
        str(pk) for pk in AuditFinding.objects.filter(division_code__startswith=prefix).values_list("pk", flat=True)
    ]
    for role in ("township_supervisor", "county_officer"):
        for harm in (Harm.LOSS, Harm.ORDINARY):
            others = [one.subject_key for at, found in wanted.items() if at != (role, harm) for one in found]
            keep_tasks(
                kind=TASK, subject_kind=SUBJECT, role=role, harm=harm, wanted=wanted[role, harm], outcome="done", by=by,
                among=[key for key in among if key not in set(others)],
            )  # fmt: skip


@transaction.atomic
def settle_finding(*, by: Person, finding: AuditFinding, outcome: str, words: str, on: date) -> AuditFinding:
    """Settle a finding (办结核查) after looking, with what was found, in words. Raises NotAllowed and Refused."""
    now = AuditFinding.objects.select_for_update().get(pk=finding.pk)
    require(by, Permission.REVIEW_RECOGNITIONS, code=now.child.leading.responsible_code, on=on)
    if now.outcome:
        raise Refused(_("This has been decided already. Load the page again."))
    if outcome not in (Outcome.MENDED, Outcome.NOTHING):
        raise Refused(_("Say what you found."))
    now.outcome, now.words = outcome, require_words(words)
    now.settled_by, now.settled_on = by, on
    now.save()
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=str(now.pk), kinds=[TASK], outcome=outcome)
    record(
        by=by, act="settle_finding", subject_kind="child", subject_key=now.child.file_number,
        division_code=now.division_code, on=on, details={"code": now.code, "outcome": outcome},
    )  # fmt: skip
    return now
