"""What a run pays is what the law answers to each child's own facts: the short texts leave nothing out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from hutong.allowances.facts import facts_to_check
from hutong.allowances.models import Beneficial, Overpaid, RunLine
from hutong.law.allowance import due_for
from hutong.law.circumstances import OF_PARENTS, WITH_GRADE
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.law.study import LEVELS
from hutong.registry.models import CategoryHolding, Child, OtherAid, Study
from hutong.registry.queries import leading_of
from hutong.treasury.models import Due
from tests import factories as make
from tests import facts
from tests.payments import Office, with_card

pytestmark = pytest.mark.django_db
FIRST, NOW = Month(2026, 8), Month(2026, 11)
CATEGORIES = ("de_facto", "orphan_kin", "orphan_institution")


class Lives:
    """Whoever makes lives up, strange ones too."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def day(self, first: date = date(2024, 1, 1), last: date = date(2027, 6, 1)) -> date:
        return first + timedelta(self._random.randrange((last - first).days))

    def span(self, first: date = date(2023, 1, 1)) -> dict[str, date | None]:
        begun = self.day(first)
        ends = self._random.random() < 0.6
        return {"from_on": begun, "until_on": begun + timedelta(self._random.randrange(900)) if ends else None}

    def child(self) -> Child:
        born = self.day(date(2007, 9, 1), date(2011, 1, 1)) if self._random.random() < 0.3 else date(2015, 3, 7)
        child = make.child(holdings=(), birth_date=born)
        with_card(child)
        make.holding(child, self._random.choice(CATEGORIES), from_on=self.day(last=date(2026, 12, 1)))
        if self._random.random() < 0.15:
            other = self._random.choice([one for one in CATEGORIES if not child.holdings.filter(category=one).exists()])
            make.holding(child, other, from_on=self.day(last=date(2026, 12, 1)))
        self.change(child)
        return child

    def change(self, child: Child) -> None:
        """Something of the child is another."""
        for role in ("father", "mother"):
            if self._random.random() < 0.6 and not child.parent_set.filter(role=role).exists():
                parent = facts.parent(child, role)
                for kind in self._random.sample(OF_PARENTS, self._random.choice((1, 1, 1, 2))):
                    self._circumstance(parent, kind)
        if self._random.random() < 0.3 and not OtherAid.objects.filter(child=child).exists():
            said = (
                {"household_fen_per_month": 90_000, "members": 4}
                if self._random.random() < 0.5
                else {"fen_per_month": 30_000}
            )
            kind = (
                "dibao"
                if "members" in said
                else self._random.choice(("tekun", "disability_living", "disability_nursing"))
            )
            OtherAid.objects.create(child=child, kind=kind, **said, **self.span())
        if self._random.random() < 0.5 and not Study.objects.filter(child=child).exists():
            Study.objects.create(child=child, level=self._random.choice(list(LEVELS)), **self.span())
        if self._random.random() < 0.15:
            CategoryHolding.objects.filter(child=child, until_on__isnull=True, from_on__lt=date(2026, 9, 1)).update(
                until_on=date(2026, self._random.choice((9, 10, 11)), 15)
            )

    def _circumstance(self, parent, kind: str) -> None:
        graded = {"grade": self._random.choice((1, 3)), "disability_class": "mental"} if kind in WITH_GRADE else {}
        span = self.span() if kind != "dead" else {"from_on": self.day(), "until_on": None}
        facts.circumstance(parent, kind, **span, **graded)


def known() -> Iterator[tuple[Child, ChildFacts]]:
    """All children with all that is known of them."""
    children = list(Child.objects.all())
    found = facts_to_check(children, leading_of([child.pk for child in children]))
    for child in children:
        held = child.holdings.order_by("from_on", "id")
        holdings = tuple(
            HoldingFact(
                category=one.category, decided_on=one.from_on, until_month=one.until_on and Month.of(one.until_on)
            )
            for one in held
        )
        aid = tuple(
            AidFact(
                kind=one.kind, from_on=one.from_on, until_on=one.until_on, fen_per_month=one.fen_per_month,
                household_fen_per_month=one.household_fen_per_month, members=one.members,
            )
            for one in OtherAid.objects.filter(child=child).order_by("from_on", "id")
        )  # fmt: skip
        yield child, replace(found[child.pk], holdings=holdings, other_aid=aid)


def due(known_facts: ChildFacts, month: Month) -> int:
    return due_for(entitlement_of(known_facts, Rules(shipped(), make.COUNTY)), month).amount_fen


@pytest.mark.parametrize("seed", range(3))
def test_each_month_is_what_the_law_answers_less_what_was_paid(seed):
    lives, office = Lives(seed), Office()
    office.funded(10**10)
    children = [lives.child() for _ in range(60)]
    first = office.approved(FIRST)
    for child, known_facts in known():
        line = RunLine.objects.filter(run=first, child=child, hold="").first()
        assert due(known_facts, FIRST) == (line.amount_fen if line else 0), known_facts

    for child in lives._random.sample(children, 30):
        lives.change(child)
    second = office.prepared(NOW)
    for child, known_facts in known():
        begun = min(Month.of(one.decided_on) for one in known_facts.holdings)
        for month in (FIRST, FIRST.plus(1), FIRST.plus(2), NOW):
            key = Beneficial.objects.filter(child=child).values("beneficiary")
            paid = sum(one.amount_fen for one in Due.objects.filter(beneficiary__in=key, month=month.first))
            line = RunLine.objects.filter(run=second, child=child, month=month.first, hold="").first()
            over = Overpaid.objects.filter(run=second, child=child, month=month.first).first()
            owed = due(known_facts, month) if month >= begun else 0
            assert max(owed - paid, 0) == (line.amount_fen if line else 0), (month, known_facts)
            if month != NOW:
                assert max(paid - owed, 0) == (over.amount_fen if over else 0), (month, known_facts)
