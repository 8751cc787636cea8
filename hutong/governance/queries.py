"""Reads of governance. The first argument is who asks."""

from datetime import date

from django.db.models import QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.governance.models import CaseSet


def case_sets(user: Person, *, on: date) -> QuerySet[CaseSet]:
    """The case sets of the places where somebody tries the law (可用案例集)."""
    tried = jurisdiction_of(user, Permission.TRY_LAW, on=on)
    return CaseSet.objects.filter(tried.where("division_code")).select_related("kept_by")
