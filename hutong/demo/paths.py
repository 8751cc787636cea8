"""Recognitions by their own paths (专门路径): in confidence, of an adopted disabled orphan, of an institution."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings

from hutong.accounts.models import Person
from hutong.allowances.actions import applying, checking, confiding, deciding, following_up
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.cases import PAPER, SEALED, case_of
from hutong.allowances.models import Application
from hutong.demo.applications import COUNTIES, paper, working_days_before
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.law.applying import INSTITUTION
from hutong.law.calendar import months_after
from hutong.law.relations import RELATIONS
from hutong.protection.queries import placements_on
from hutong.registry.actions.holding import hold, put_ended
from hutong.registry.models import Change, Child, Circumstance, Parent
from hutong.registry.models.change import Stage
from hutong.registry.models.parent import Role
from hutong.registry.queries import guardian_of

COUNTY = COUNTIES[0]
ADOPTED_MONTHS, YOUNG_MONTHS, FOUND_DAYS, NOTICE_DAYS, LONG_AGO = 5, 16 * 12, 40, 25, 900
SON_OR_DAUGHTER = next(code for code in RELATIONS if code.startswith("5"))


class Paths:
    """Whoever makes such recognitions up (虚构专门路径), by the verbs that officers use, as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], *, on: date) -> None:
        self._people, self._on = people, on
        self._before = working_days_before(on)

    def write(self, opened: Sequence[Filed]) -> None:
        """Two in confidence, an adopted orphan, an orphan of an institution, a foundling whose notice is running."""
        for child, is_decided in zip(self._free(opened, "left_behind"), (True, False), strict=False):
            self._confide(child, is_decided=is_decided)
        orphans = (child for child in self._free(opened, "orphan_kin") if self._is_adoptable(child))
        for child in islice(orphans, 1):
            self._adopt(child)
        raised = (child for child in self._free(opened, "orphan_institution") if self._is_foundling(child))
        for child, is_sought in zip(raised, (False, True), strict=False):
            self._raise(child, is_sought=is_sought)
        following_up.find_follow_ups(on=self._on)

    def _free(self, opened: Sequence[Filed], kind: str) -> Iterator[Child]:
        """Children of a kind whom nothing else is told of, the featured county's first, of it the last first."""
        numbers = [filed[0] for filed in opened if filed[2].family.kind == kind]
        waiting = Change.objects.filter(stage=Stage.PROPOSED).values("child")
        found = Child.objects.filter(pk__in=numbers, applications__isnull=True, canonical__isnull=True)
        rows = found.exclude(pk__in=waiting).order_by("-pk")
        return iter(sorted(rows, key=lambda child: not child.responsible_code.startswith(COUNTY)))

    def _person(self, role: str, child: Child, at: int = 1) -> Person:
        """Somebody in post at the child's county, as they are now: they may have been named since."""
        return Person.objects.get(pk=self._people[username(role, child.responsible_code[:6], at)].pk)

    def _confide(self, child: Child, *, is_decided: bool) -> None:
        officer, other, approver = (
            self._person("county_officer", child),
            self._person("county_officer", child, 2),
            self._person("approver", child),
        )
        guardian = guardian_of(child)
        applicant = Applicant("guardian", guardian.name if guardian else "家长", guardian.relation if guardian else "")
        begun_on = self._before[12 if is_decided else 3]
        application = confiding.begin_confidential(
            by=officer,
            child=child,
            basis="hiv",
            named=[other, approver],
            reason="个案责任人和审批人",
            applicant=applicant,
            on=begun_on,
        )
        self._deal(application, begun_on, is_decided=is_decided)

    def _is_adoptable(self, child: Child) -> bool:
        """Whether it was an orphan well before, and is young enough."""
        adopted_on = months_after(self._on, -ADOPTED_MONTHS)
        is_young = months_after(child.birth_date, YOUNG_MONTHS) > self._on
        return is_young and child.holdings.filter(category="orphan_kin", from_on__lt=adopted_on).exists()

    def _adopt(self, child: Child) -> None:
        """Adopted months ago; its recognition ended then, and the new family applies to keep receiving."""
        by = self._person("county_officer", child)
        begun_on, adopted_on = self._before[14], months_after(self._on, -ADOPTED_MONTHS)
        for held in child.holdings.filter(until_on__isnull=True, category="orphan_kin"):
            put_ended(held, max(adopted_on, held.from_on))
        guardian = guardian_of(child)
        surname = (guardian.name if guardian else child.name)[:1]
        for role, given in ((Role.ADOPTIVE_FATHER, "建平"), (Role.ADOPTIVE_MOTHER, "春梅")):
            Parent.objects.create(child=child, role=role, name=surname + given, from_on=adopted_on, recorded_by=by)
        Circumstance.objects.get_or_create(
            child=child,
            parent=None,
            kind="disability",
            defaults={"grade": 2, "disability_class": "hearing", "from_on": child.birth_date, "recorded_by": by},
        )
        applicant = Applicant("guardian", surname + "建平", SON_OR_DAUGHTER)
        application = applying.begin_application(
            by=by, child=child, category="orphan_kin", applicant=applicant, on=begun_on
        )
        self._deal(application, begun_on, is_decided=True)

    def _home(self, child: Child) -> str:
        placed = (one for one in placements_on(child, self._on) if one.kind == "institution" and one.organisation)
        return next((one.organisation.name for one in placed if one.organisation), "")

    def _is_foundling(self, child: Child) -> bool:
        """Whether an institution raises it, and its parents are not found."""
        is_lost = Circumstance.objects.filter(child=child, kind="parents_not_found").exists()
        return is_lost and bool(self._home(child))

    def _raise(self, child: Child, *, is_sought: bool) -> None:
        """An institution applies; the parents were sought in vain, or the public notice is still running."""
        by = self._person("county_officer", child)
        begun_on = self._before[3 if is_sought else 13]
        child.holdings.filter(category="orphan_institution").delete()
        found_on = self._on - timedelta(days=FOUND_DAYS if is_sought else LONG_AGO)
        notice_on = self._on - timedelta(days=NOTICE_DAYS) if is_sought else found_on + timedelta(days=NOTICE_DAYS)
        days = {"from_on": found_on, "reported_on": found_on, "notice_on": notice_on}
        Circumstance.objects.filter(child=child, kind="parents_not_found").update(**days)
        place = child.responsible_code
        Child.objects.filter(pk=child.pk).update(registered_code=place, living_code=place)
        hold(child, "abandoned", from_on=found_on)
        applicant = Applicant(INSTITUTION, self._home(child))
        application = applying.begin_application(
            by=by, child=child, category="orphan_institution", applicant=applicant, on=begun_on
        )
        self._deal(application, begun_on, is_decided=not is_sought)

    def _deal(self, application: Application, begun_on: date, *, is_decided: bool) -> None:
        """Handed in and accepted by one officer; checked by another and confirmed by an approver."""
        child, at = application.child, self._before.index(begun_on)
        by = self._person("county_officer", child)
        self._complete(application, by, on=begun_on)
        application = applying.submit(by=by, application=application, on=begun_on)
        application = applying.accept(by=by, application=application, on=self._before[at - 1])
        if not is_decided:
            return
        other, checked_on = self._person("county_officer", child, 2), self._before[at - 3]
        for item in case_of(application, on=checked_on).items:
            checking.look_at_item(by=other, application=application, item=item.key, verdict="fits", on=checked_on)
        application = checking.check(by=other, application=application, opinion="agrees", on=checked_on)
        decided_on = self._before[at - 5]
        mark = case_of(Application.objects.get(pk=application.pk), on=decided_on).mark
        deciding.confirm(by=self._person("approver", child), application=application, mark=mark, on=decided_on)
        at_ten = datetime.combine(decided_on, time(10), ZoneInfo(settings.TIME_ZONE))
        Change.objects.filter(child=child, on=decided_on).update(at=at_ten)

    def _complete(self, application: Application, by: Person, *, on: date) -> None:
        """All papers that are missing."""
        child = application.child
        for at, item in enumerate(case_of(application, on=on).missing):
            found = paper(child, item.asked[0], by, on=on, at=at, is_sealed=item.key == f"{PAPER}-{SEALED}")
            if item.circumstance:
                item.circumstance.evidence.add(found)
