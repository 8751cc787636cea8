"""Placements (安置) of children of institutions and of orphans outside them, and agreements (监护协议) of guardians."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hutong.accounts.models import Person
from hutong.demo.children import InventedChild
from hutong.demo.happenings import office_hour, record_acts
from hutong.demo.kinds import IN_INSTITUTION
from hutong.demo.organisations import REGIONAL
from hutong.demo.people import Invention
from hutong.demo.staff import username
from hutong.demo.writing import Filed, seal
from hutong.law.placements import WITH_CARER
from hutong.network.models import Organisation
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.actions.entering import Row, enter
from hutong.registry.models import Guardian

WITH_KIN, WITH_FOSTER = 0.75, 0.06
SIGNED = {"left_behind": 0.08, "de_facto": 0.4, "orphan_kin": 0.5}
"""How many of a kind have a confirmation of guardianship on file."""
REASONS = {"adopted": "adopted", "died": "died", "grown_up": "grown_up"}
"""Why a placement ended, by the reason for which the file was closed."""


@dataclass(frozen=True, slots=True)
class InventedPlacement:
    """A placement (安置) before it is written."""

    filed: Filed
    kind: str
    from_on: date
    organisation: int | None = None
    carer: str = ""


class Placements:
    """Whoever makes up where children are raised (虚构安置), of the day `on`."""

    def __init__(
        self, invention: Invention, organisations: Iterable[Organisation], people: dict[str, Person], *, on: date
    ) -> None:
        self._invention, self._random, self._people, self._on = invention, invention.random, people, on
        self._homes = {one.name: one for one in organisations if one.kind == "welfare_institution"}

    def write(self, filed: Sequence[Filed]) -> None:
        """Writes placements and agreements (写入安置与协议), with their entries in the trail."""
        placed = [one for each in filed for one in self._placed(each)]
        enter(Placement, (self._row(one, at) for at, one in enumerate(placed)), PLACEMENT_COLUMNS)
        ids = Guardian.objects.filter(until_on__isnull=True).exclude(kind="entrusted").values_list("child_id", "pk")
        agreed = list(self._agreed(filed, dict(ids)))
        enter(GuardianshipAgreement, (row for _filed, row in agreed), AGREEMENT_COLUMNS)
        acts = [(_officer(one.filed[2]), "place_child", *_subject(one.filed)) for one in placed]
        acts += [(_supervisor(one[2]), "sign_agreement", *_subject(one)) for one, _row in agreed]
        record_acts(sorted(acts), self._people, on=self._on)

    def _placed(self, filed: Filed) -> Iterator[InventedPlacement]:
        child = filed[2]
        held = next((one for one in child.holdings if one.category in IN_INSTITUTION), None)
        if held:
            home = self._homes.get(child.family.address) or self._homes[REGIONAL]
            yield InventedPlacement(filed, "institution", max(held.from_on, home.from_on), home.pk)
        elif child.family.kind == "orphan_kin":
            yield from self._outside(filed)

    def _outside(self, filed: Filed) -> Iterator[InventedPlacement]:
        """With relatives mostly, now and then with a foster family."""
        child, chance = filed[2], self._random.random()
        carer, begun = child.family.guardian.get("guardian_name", ""), child.holdings[0].from_on
        if chance < WITH_FOSTER:
            carer = self._invention.surname(child.family.ethnic_group) + self._random.choice(("秀英", "玉梅", "建华"))
            yield InventedPlacement(filed, "foster", begun, carer=carer)
        elif carer and chance < WITH_FOSTER + WITH_KIN:
            yield InventedPlacement(filed, "kin", begun, carer=carer)

    def _row(self, one: InventedPlacement, at: int) -> Row:
        child_id, _number, child = one.filed
        ended = max(child.closed_on, one.from_on) if child.closed_on else None
        reason = REASONS.get(child.closed_reason, "returned") if ended else ""
        decision = next((held.decision_number for held in child.holdings if held.decision_number), "")
        carer = seal(Placement, "carer", one.carer) if one.kind in WITH_CARER else None
        what = (child_id, one.kind, one.organisation, carer, one.from_on, decision, one.from_on, ended, reason)
        by = self._people[_officer(child)].pk
        return *what, child.responsible_code, by, office_hour(min(one.from_on, self._on), at)

    def _agreed(self, filed: Sequence[Filed], guardians: Mapping[int, int]) -> Iterator[tuple[Filed, Row]]:
        for at, one in enumerate(filed):
            child_id, _number, child = one
            is_signed = self._random.random() < SIGNED.get(child.family.kind, 0)
            if not is_signed or child_id not in guardians or child.closed_on:
                continue
            on = min(child.registered_at.date() + timedelta(days=self._random.randint(0, 40)), self._on)
            by = self._people[_supervisor(child)].pk
            what = (child_id, "guardianship", guardians[child_id], on, on, None, None)
            yield one, (*what, child.responsible_code, by, office_hour(on, at))


PLACEMENT_COLUMNS = (
    "child_id, kind, organisation_id, carer, decided_on, decision_number, from_on, until_on, ended_reason, "
    "division_code, recorded_by_id, recorded_at"
)
AGREEMENT_COLUMNS = (
    "child_id, kind, guardian_id, signed_on, from_on, until_on, paper_id, division_code, recorded_by_id, recorded_at"
)


def _officer(child: InventedChild) -> str:
    return username("county_officer", child.responsible_code[:6])


def _supervisor(child: InventedChild) -> str:
    return username("township_supervisor", child.responsible_code[:9])


def _subject(filed: Filed) -> tuple[str, str]:
    return filed[1], filed[2].responsible_code
