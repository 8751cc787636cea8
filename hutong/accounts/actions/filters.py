"""Keeping the filters that somebody uses again and again."""

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, SavedFilter
from hutong.accounts.models.saved import FILTERS_AT_MOST

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
TELLING = re.compile(r"\d{11}|\d{15}|\d{17}[\dXx]")
"""What only a telephone number or an ID number looks like; a division code has twelve digits."""
NAME_AT_MOST = 20


@transaction.atomic
def save_filter(*, by: Person, room: str, name: str, query: Mapping[str, str], on: date) -> SavedFilter:
    """Save a filter (保存常用筛选) of one's own; one of the same name is replaced. Raises Refused."""
    name = name.strip()
    if not 0 < len(name) <= NAME_AT_MOST:
        raise Refused(_("Give the filter a short name of at most 20 characters."))
    _require_codes(query)
    Person.objects.select_for_update().get(pk=by.pk)
    kept = SavedFilter.objects.filter(person=by, room=room)
    saved = kept.filter(name=name).first() or SavedFilter(person=by, room=room, name=name, position=_free(kept))
    saved.query = dict(query)
    saved.save()
    record(by=by, act="save_filter", subject_kind="saved_filter", subject_key=str(saved.pk), on=on)
    return saved


def _require_codes(query: Mapping[str, str]) -> None:
    said = [*query, *query.values()]
    if not query or not all(CODE.fullmatch(word) and not TELLING.fullmatch(word) for word in said):
        raise Refused(_("Only chosen filters are kept, never a name or a number that was typed. Choose one first."))


def _free(kept: QuerySet[SavedFilter]) -> int:
    taken = set(kept.values_list("position", flat=True))
    for position in range(1, FILTERS_AT_MOST + 1):
        if position not in taken:
            return position
    raise Refused(_("You keep %(most)s filters here already. Remove one first.") % {"most": FILTERS_AT_MOST})


@transaction.atomic
def remove_filter(*, by: Person, number: int, on: date) -> None:
    """Remove a filter (删除常用筛选) of one's own. Raises Refused where there is none."""
    removed, _kinds = SavedFilter.objects.filter(person=by, pk=number).delete()
    if not removed:
        raise Refused(_("This filter is not there any more."))
    record(by=by, act="remove_filter", subject_kind="saved_filter", subject_key=str(number), on=on)
