"""Keeping cases of the law as an office's own test."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.governance.models import CaseSet
from hutong.governance.models.case_set import NAME_AT_MOST, TEXT_AT_MOST
from hutong.governance.queries import case_sets
from hutong.governance.wording import fault_of
from hutong.law.cases import read_cases
from hutong.law.division_code import full
from hutong.law.texts import WrongText

NUMBER = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
"""What only an ID number or a telephone number looks like."""


@transaction.atomic
def keep_cases(*, by: Person, name: str, text: str, revision: int | None, on: date, at: datetime) -> CaseSet:
    """Keep cases (保存案例集) under a name in one's own place; with a `revision` over what was kept before.

    Raises NotAllowed, and Refused where the text is no list of cases, names a real number, or was changed meanwhile.
    """
    prefixes = jurisdiction_of(by, Permission.TRY_LAW, on=on).prefixes
    if not prefixes:
        raise NotAllowed(Permission.TRY_LAW)
    name, code = name.strip(), full(prefixes[0])
    _require_text(name, text)
    Person.objects.select_for_update().get(pk=by.pk)
    kept = CaseSet.objects.select_for_update().filter(division_code=code, name=name).first()
    if (kept.revision if kept else None) != revision:
        raise Refused(_("A set of this name is kept already, or somebody has changed it meanwhile. Open it again."))
    kept = kept or CaseSet(division_code=code, name=name, revision=0)
    kept.text, kept.kept_by, kept.kept_at, kept.revision = text, by, at, kept.revision + 1
    kept.save()
    _record(by, "keep_cases", kept, on=on)
    return kept


def _require_text(name: str, text: str) -> None:
    if not 0 < len(name) <= NAME_AT_MOST:
        raise Refused(_("Give the cases a name of at most %(most)s characters.") % {"most": NAME_AT_MOST})
    if len(text) > TEXT_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": TEXT_AT_MOST})
    if NUMBER.search(text):
        raise Refused(_("Cases are invented: no ID number and no telephone number may stand in them."))
    try:
        read_cases(text, name=name)
    except WrongText as wrong:
        raise Refused(fault_of(wrong)) from wrong


@transaction.atomic
def remove_cases(*, by: Person, number: int, on: date) -> None:
    """Remove a set of cases (删除案例集) of one's place. Raises NotAllowed and Refused."""
    kept = case_sets(by, on=on).filter(pk=number).first()
    if kept is None:
        raise Refused(_("This set of cases is not there any more."))
    require(by, Permission.TRY_LAW, code=kept.division_code, on=on)
    _record(by, "remove_cases", kept, on=on)
    kept.delete()


def _record(by: Person, act: str, kept: CaseSet, *, on: date) -> None:
    key, code, details = str(kept.pk), kept.division_code, {"revision": kept.revision}
    record(by=by, act=act, subject_kind="case_set", subject_key=key, division_code=code, on=on, details=details)
