"""Reads of what audits found. The first argument is who asks; nothing is found that is not theirs to see."""

from collections import Counter
from datetime import date

from django.db.models import Count, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.models import AuditFinding
from hutong.allowances.models.finding import Outcome
from hutong.registry.queries import visible_to

SETTLED = "settled"
READERS = (Permission.REVIEW_RECOGNITIONS, Permission.END_RECOGNITIONS, Permission.PREPARE_RUNS)
"""Who reads findings (可见权限): whoever looks into them, decides, or prepares what they are about."""


def findings(user: Person, *, on: date, code: str = "") -> QuerySet[AuditFinding]:
    """Open findings about children a person sees (待核查发现), of one audit or all; `settled`: those that are done."""
    seen = AuditFinding.objects.filter(child__in=visible_to(user, on=on).order_by().values("pk"))
    seen = seen.select_related("child__canonical", "settled_by")
    if code == SETTLED:
        return seen.exclude(outcome="").exclude(outcome=Outcome.GONE).order_by("-settled_on", "-id")
    return seen.filter(outcome="", **({"code": code} if code else {}))


def counts(user: Person, *, on: date) -> Counter[str]:
    """How many open findings a person sees, by audit (核查发现数); one question."""
    rows = findings(user, on=on).order_by().values_list("code").annotate(Count("pk"))
    return Counter(dict(rows))


def may_settle(user: Person, finding: AuditFinding, *, on: date) -> bool:
    """Whether a person may say what came of a finding."""
    place = finding.child.leading.responsible_code
    return not finding.outcome and may(user, Permission.REVIEW_RECOGNITIONS, code=place, on=on)
