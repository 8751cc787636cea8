"""What happens to children while money moves: they come, move, get cards and aid, are suspended, joined and parted."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.allowances.actions import ending, opening, suspending
from hutong.allowances.models import Opening
from hutong.allowances.recognitions import recognised
from hutong.law.division_code import full
from hutong.law.months import Month
from hutong.registry.actions.merging import confirm_merge, undo_merge
from hutong.registry.actions.moving import offer_move
from hutong.registry.models import CategoryHolding, Child, Merge, OtherAid
from hutong.treasury.actions.payees import change_card, close_payee
from hutong.treasury.models import Payee
from tests import factories as make
from tests import facts
from tests.money_model import Card, Kid, Model, first_of, month_of
from tests.payments import Office, paid_child, with_card

FIRST = month_of(date(2026, 1, 1))
VILLAGES = {make.COUNTY: make.VILLAGE, make.NEXT_COUNTY: make.VILLAGE_OF_NEXT_COUNTY}
One = TypeVar("One")


def as_month(month: int) -> Month:
    """A month of the model as the house has it."""
    return Month.of(first_of(month))


class Nothing(Exception):
    """There is nothing to do it with."""


class Lives:
    """Children of two counties, each in the database and in the model; `rows` says which is which."""

    def __init__(self, seed: int) -> None:
        self.random, self.day, self.model = Random(seed), first_of(FIRST).replace(day=6), Model(FIRST)
        self.offices = {county: Office(county) for county in VILLAGES}
        self.officer = make.person("county_officer", *VILLAGES)
        self.rows: dict[Any, Any] = {}
        self.done: Counter[str] = Counter()

    def one_of(self, found: Sequence[One]) -> One:
        """One of them by chance. Raises Nothing."""
        if not found:
            raise Nothing
        return self.random.choice(found)

    def twice(self, verb: Callable[[], object]) -> None:
        """Now and then somebody clicks twice: the second click is refused."""
        if self.random.random() < 0.2:
            with pytest.raises(Refused):
                verb()

    def kid_comes(self, county: str = "", *, is_first: bool = False) -> None:
        county = county or self.random.choice(list(VILLAGES))
        child = paid_child(card=False, living_code=VILLAGES[county])
        kid = Kid(child.pk, county)
        self.model.kids.append(kid)
        if is_first or self.random.random() < 0.8:
            is_new = not is_first and self.random.random() < 0.3
            self.card_of(kid, with_card(child), self.day if is_new else date(2024, 1, 1))
        if self.random.random() < 0.2:
            self.opened(kid, max(FIRST, month_of(self.day) - self.random.randrange(3)))

    def card_of(self, kid: Kid, payee: Payee, opened: date) -> None:
        Payee.objects.filter(pk=payee.pk).update(opened_on=opened)
        card = Card(payee.card.open(), opened)
        kid.cards.append(card)
        self.rows[card] = payee.pk

    def child(self, kid: Kid) -> Child:
        return Child.objects.get(pk=kid.pk)

    def card_changes(self) -> None:
        kid = self.one_of([kid for kid in self.model.kids if kid.cards and kid.cards[-1].closed is None])
        card, number = kid.cards[-1], f"62220212{make.serial():011}"
        said = {"by": self.officer, "division_code": full(kid.county), "card": number, "bank_name": "宁夏银行"}
        payee = Payee.objects.get(pk=self.rows[card])
        if card.opened >= self.day and payee.attempts.exists():
            with pytest.raises(Refused):
                change_card(payee=payee, on=self.day, **said)
            raise Nothing
        new = change_card(payee=payee, on=self.day, **said)
        if card.opened >= self.day:
            card.number = number
        else:
            card.closed = self.day - timedelta(1)
            kid.cards.append(Card(number, self.day))
            self.rows[kid.cards[-1]] = new.pk

    def card_closes(self) -> None:
        kid = self.one_of([kid for kid in self.model.kids if kid.cards and kid.cards[-1].closed is None])
        payee = Payee.objects.get(pk=self.rows[kid.cards[-1]])
        said = {"by": self.officer, "division_code": full(kid.county), "reason": "bank_refused", "on": self.day}
        close_payee(payee=payee, **said)
        self.twice(lambda: close_payee(payee=payee, **said))
        kid.cards[-1].closed = max(self.day, kid.cards[-1].opened)

    def card_comes(self) -> None:
        kid = self.one_of([kid for kid in self.model.kids if not kid.cards or kid.cards[-1].closed])
        if not kid.cards:
            return self.card_of(kid, with_card(self.child(kid)), self.day)
        last = Payee.objects.get(pk=self.rows[kid.cards[-1]])
        number, opened = f"62220212{make.serial():011}", max(self.day, kid.cards[-1].closed + timedelta(1))
        last.pk, last.key, last.card, last.card_index = (
            None,
            f"{make.serial():020x}",
            number,
            make.serial().to_bytes(16),
        )
        last.opened_on, last.closed_on, last.closed_reason = opened, None, ""
        last.save()
        kid.cards.append(Card(number, opened))
        self.rows[kid.cards[-1]] = last.pk
        return None

    def aid_comes(self) -> None:
        """The household turns out to have had relief for some months."""
        kid = self.one_of([kid for kid in self.model.kids if not kid.aid])
        fen, first = self.random.choice((30_000, 70_000)), month_of(self.day) - self.random.randrange(4)
        OtherAid.objects.create(child_id=kid.pk, kind="dibao", fen_per_month=fen, from_on=first_of(first))
        kid.aid.append((fen, first, None))

    def aid_ends(self) -> None:
        kid = self.one_of([kid for kid in self.model.kids if kid.aid and kid.aid[0][2] is None])
        fen, first, _none = kid.aid[0]
        last = max(first, month_of(self.day) - self.random.randrange(3))
        OtherAid.objects.filter(child=kid.pk).update(until_on=as_month(last).last)
        kid.aid[0] = (fen, first, last)

    def suspend(self) -> None:
        kid, holding = self.held()
        if kid.suspended and kid.suspended[-1][1] is None:
            raise Nothing
        said = {"by": self.officer, "holding": holding, "reason": "unclear", "words": "核实", "on": self.day}
        made = suspending.suspend(**said)
        kid.suspended.append((month_of(made.from_month), None))

    def lift(self) -> None:
        open_ones = [kid for kid in self.model.kids if kid.suspended and kid.suspended[-1][1] is None]
        kid = self.one_of([kid for kid in open_ones if kid.until is None])
        holding = self.child(kid).holdings.get()
        first, _open = kid.suspended[-1]
        again = self.random.choice(range(first, max(first, month_of(self.day) + 1) + 1))
        said = {"by": self.officer, "holding": holding, "again_from": first_of(again), "words": "相符", "on": self.day}
        suspending.lift(mark=recognised(holding, on=self.day).mark, **said)
        kid.suspended[-1] = (first, again)

    def end(self) -> None:
        kid, holding = self.held()
        if kid.until is not None or (holding.child.leading.pk != kid.pk and kid.leads is None):
            raise Nothing
        happened_on = self.day - timedelta(self.random.randrange(70))
        said = {"holding": holding, "on": self.day, "words": "核实"}
        county = (kid.leads or kid).county
        ending.propose_end(
            by=self.officer,
            mark=recognised(holding, on=self.day).mark,
            reason="released",
            happened_on=happened_on,
            **said,
        )
        found = ending.confirm_end(by=self.offices[county].approver, mark=recognised(holding, on=self.day).mark, **said)
        kid.until = month_of(found.from_month) - 1

    def held(self) -> tuple[Kid, CategoryHolding]:
        kid = self.one_of([kid for kid in self.model.kids if kid.until is None])
        return kid, self.child(kid).holdings.get()

    def merge(self) -> None:
        free = [kid for kid in self.model.leading() if len(self.model.files(kid)) == 1]
        joined = self.one_of(free)
        near = [kid for kid in self.model.leading() if kid.county == joined.county and kid is not joined]
        leading = self.one_of([kid for kid in near if self.rows.get((kid, joined)) is None])
        merge = facts.merge_proposed(self.child(leading), self.child(joined), by=self.officer)
        self.rows[leading, joined] = self.rows[joined, leading] = 1
        confirm_merge(by=self.offices[leading.county].approver, merge=merge, on=self.day)
        joined.leads, self.rows[joined], self.rows[joined, "until"] = leading, merge.pk, joined.until

    def undo(self) -> None:
        joined = self.one_of([kid for kid in self.model.kids if kid.leads])
        merge = Merge.objects.get(pk=self.rows[joined])
        undo_merge(by=self.officer, merge=merge, reason="twins", words="核实为双胞胎", on=self.day)
        joined.leads, joined.until = None, self.rows[joined, "until"]

    def move(self) -> None:
        kid = self.one_of(self.model.leading())
        county = next(one for one in VILLAGES if one != kid.county)
        child = self.child(kid)
        said = {"to_code": VILLAGES[county], "reason": "family_moved", "revision": child.revision, "on": self.day}
        offer_move(by=self.officer, child=child, words="随迁", **said)
        kid.county = county

    def opened(self, kid: Kid, through: int) -> None:
        office = self.offices[kid.county]
        made = opening.enter_opening(
            by=office.payer, child=self.child(kid), paid_through=as_month(through), source="清册", on=self.day
        )
        self.twice(
            lambda: opening.enter_opening(
                by=office.payer, child=self.child(kid), paid_through=as_month(through), source="清册", on=self.day
            )
        )
        opening.confirm_opening(by=office.approver, opening=made, on=self.day)
        kid.paid_through, self.rows[kid, "opening"] = through, made.pk

    def opening_changes(self) -> None:
        kid = self.one_of([kid for kid in self.model.leading() if kid.paid_through is not None])
        office, through = self.offices[kid.county], max(FIRST - 1, kid.paid_through - self.random.choice((1, 2)))
        made = opening.change_opening(
            by=office.payer, opening=Opening.objects.get(pk=self.rows[kid, "opening"]),
            paid_through=as_month(through), source="清册", words="漏发", on=self.day,
        )  # fmt: skip
        opening.confirm_opening(by=office.approver, opening=made, on=self.day)
        kid.paid_through, self.rows[kid, "opening"] = through, made.pk
