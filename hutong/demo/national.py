"""Marks of the national system (全国系统录入登记): of nearly all who are paid for, and of some not yet."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from hutong.accounts.models import Person
from hutong.allowances.actions.national import keep_national_tasks
from hutong.allowances.models import NationalEntry
from hutong.allowances.national import columns_today, holdings
from hutong.demo.applications import COUNTIES
from hutong.demo.staff import username
from hutong.law import national_system
from hutong.registry.models import CategoryHolding, Child

AT_ONCE, CHANGED, ENDED = 1000, 2, 2
NOT_YET, LATER, RECENT = timedelta(days=75), timedelta(days=3), timedelta(days=180)
BEFORE = {"study_level": "学前", "guardian_phone": ""}
"""What had been entered of those whose files say otherwise by now."""


class National:
    """Whoever makes marks up (虚构录入登记), as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], *, on: date) -> None:
        self._people, self._on = people, on

    def enter(self) -> None:
        """A mark for who is held long enough; in the first featured county two have changed and two ended since."""
        found = holdings(on=self._on).select_related("child__canonical").order_by("from_on", "pk")
        held = [one for one in found if self._is_in(one)]
        held += self._over()
        for at in range(0, len(held), AT_ONCE):
            NationalEntry.objects.bulk_create(self._entries(held[at : at + AT_ONCE]))
        self._change()
        keep_national_tasks(None, by=None, on=self._on)

    def _is_in(self, held: CategoryHolding) -> bool:
        is_featured = held.child.leading.responsible_code.startswith(COUNTIES)
        return not (is_featured and held.from_on > self._on - NOT_YET)

    def _over(self) -> list[CategoryHolding]:
        """Paid categories of files that were closed not long ago."""
        closed = Child.objects.filter(closed_on__gt=self._on - RECENT, canonical__isnull=True)
        asked = national_system.categories(self._on)
        held = CategoryHolding.objects.filter(child__in=closed, category__in=asked, child__county_prefix=COUNTIES[0])
        return list(held.select_related("child__canonical").order_by("-child__closed_on", "pk")[:ENDED])

    def _entries(self, held: Sequence[CategoryHolding]) -> Iterator[NationalEntry]:
        columns = columns_today([one.child.leading for one in held], on=self._on)
        for one in held:
            child = one.child.leading
            county = child.responsible_code[:6]
            yield NationalEntry(
                child=one.child,
                category=one.category,
                number=f"{county}{one.pk:08}",
                columns=json.dumps(columns[child.pk], ensure_ascii=False),
                division_code=child.responsible_code,
                entered_on=min(max(one.from_on, child.birth_date) + LATER, self._on),
                entered_by=self._people[username("county_officer", county)],
            )

    def _change(self) -> None:
        theirs = NationalEntry.objects.filter(division_code__startswith=COUNTIES[0], child__is_closed=False)
        for entry in theirs.order_by("-entered_on", "-pk")[:CHANGED]:
            said = json.loads(entry.columns.open()) | BEFORE
            entry.columns = json.dumps(said, ensure_ascii=False)
            entry.save(update_fields=["columns"])
