"""Factories of payments: children who are paid for, people who prepare, approve and pay, money to pay from."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from stdnum import luhn

from hutong.accounts.models import Person
from hutong.allowances.actions import running
from hutong.allowances.models import AuditFinding, Run
from hutong.kit.cipher import keys
from hutong.law.division_code import full
from hutong.law.months import Month
from hutong.registry.models import Child
from hutong.treasury.actions import batches, funding
from hutong.treasury.models import Allocation, Batch, Fund, Payee, PayeeKind
from tests import factories as make
from tests import facts

ON = date(2026, 11, 5)
MONTH = Month(2026, 11)


def paid_child(category: str = "de_facto", *, since: date = date(2025, 3, 1), card: bool = True, **more: Any) -> Child:
    """A child of the county who holds a paid category, with a card to pay to."""
    child = make.child(holdings=(), birth_date=date(2015, 3, 7), **more)
    make.holding(child, category, from_on=since)
    if card:
        with_card(child)
    return child


def with_card(child: Child, *, from_on: date = date(2024, 1, 1), number: str = "", **more: Any) -> Payee:
    """A card of the grandmother to whom the child's money goes."""
    at = make.serial()
    number = number or f"999999{at:012}{luhn.calc_check_digit(f'999999{at:012}')}"
    holder = make.id_number(date(1958, 3, 7))
    known = {
        "kind": PayeeKind.PERSON, "name": "柳桂兰", "id_number": holder,
        "id_index": keys().blind(holder, kind="id_number"),
        "card": number, "card_index": keys().blind(number, kind="card"), "card_tail": number[-4:],
        "bank_name": "演示农村商业银行", "opened_on": from_on,
    }  # fmt: skip
    payee = Payee.objects.create(**known | more)
    facts.payee_link(child, holder_key=payee.holder_key, from_on=from_on)
    return payee


def finding(whose: Child | None = None, code: str = "not_seen", **more: Any) -> AuditFinding:
    """What an audit found of a child who is paid for."""
    whose = whose or paid_child()
    run = more.pop("run", None) or Run.objects.create(
        division_code=full(make.COUNTY), month=MONTH.first, cut_off_on=ON, prepared_on=ON, prepared_by=make.person(),
        state="cancelled",
    )  # fmt: skip
    known = {"child": whose, "code": code, "division_code": whose.responsible_code, "found_on": ON, "run": run}
    return AuditFinding.objects.create(**known | more)


@dataclass
class Office:
    """People of one county, each for one duty, with money to pay from."""

    county: str = make.COUNTY

    def _person(self, role: str) -> Person:
        return make.person(role, self.county)

    @cached_property
    def code(self) -> str:
        """The county's code."""
        return full(self.county)

    @cached_property
    def payer(self) -> Person:
        """Who prepares."""
        return self._person("payer")

    @cached_property
    def approver(self) -> Person:
        """Who approves."""
        return self._person("approver")

    @cached_property
    def finance(self) -> Person:
        """Who pays."""
        return self._person("finance")

    def funded(self, fen: int = 100_000_000, level: str = "county", document: str = "永财〔2026〕1号") -> Fund:
        """Money of the county, confirmed by another person."""
        fund = funding.enter_fund(
            by=self.finance, division_code=self.code, year=2026, level=level, nature="budget",
            amount_fen=fen, document=document, on=ON,
        )  # fmt: skip
        return funding.confirm_fund(by=self.approver, fund=fund, on=ON)

    def prepared(self, month: Month = MONTH, on: date | None = None) -> Run:
        """A run of a month."""
        return running.prepare(by=self.payer, division_code=self.code, month=month, on=on or date(*month, 5))

    def approved(self, month: Month = MONTH, on: date | None = None) -> Run:
        """A run that was approved."""
        on = on or date(*month, 6)
        run = running.hand_in(by=self.payer, run=self.prepared(month, on), on=on)
        return running.approve(by=self.approver, run=run, revision=run.revision, on=on)

    def sent(self, month: Month = MONTH, layout: str = "csv") -> tuple[Batch, bytes]:
        """A batch that was sent to the bank, and the file."""
        batch = self.approved(month).batch
        content = batches.send(by=self.finance, batch=batch, layout=layout, on=date(*month, 8))
        return Batch.objects.get(pk=batch.pk), content

    def approved_with_money(self) -> Run:
        """A run of one child that was approved, with money of its own."""
        self.funded(document=f"永财〔2026〕{make.serial() + 100}号")
        paid_child()
        run = self.approved()
        with connection.cursor() as cursor:  # an approval is a transaction of its own; a test's goes on
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return run

    def given(self) -> Allocation:
        """Part of the region's money for the county, which waits for a second person."""
        first, second = (make.person(role, "64") for role in ("region_officer", "region_approver"))
        fund = funding.enter_fund(
            by=first, division_code=full("64"), year=2026, level="central", nature="budget", amount_fen=10_000_000,
            document=f"财社〔2026〕{make.serial() + 100}号", on=ON,
        )  # fmt: skip
        fund = funding.confirm_fund(by=second, fund=fund, on=ON)
        return funding.allocate(
            by=first, fund=fund, division_code=self.code, amount_fen=1_000_000, document="宁民函〔2026〕41号", on=ON
        )
