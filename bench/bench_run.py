"""A month prepared and approved for a whole province, against a bare COPY of the same rows and against a naive way.

    python -m bench.bench_run --children 550000

`prepare` and `approve` are seconds of the two verbs. `copy_lines` is a COPY of the run's lines, byte for byte, into an
empty table with the same indexes, checks and foreign keys; `copy_all` of its lines, due lines and attempts. The naive
way asks the database for each child's facts, the law, and saves a line, one child after another: measured on NAIVE
children and scaled. `months` are the runs of a province of 10,000, one after another: nothing may grow with them.
"""

import argparse
import io
import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import date

from django.db import connections, transaction

from bench.paid import PROVINCE, paid_children  # first: it sets Django up
from hutong.accounts.models import Person
from hutong.allowances.actions import running
from hutong.allowances.facts import facts_to_check
from hutong.allowances.models import Basis, Run, RunLine
from hutong.law.allowance import due_for
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, HoldingFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.registry.models import Child, OtherAid
from hutong.registry.queries import leading_of
from hutong.treasury.queries import paid_to_on

FIRST, SMALL, MONTHS, NAIVE = Month(2026, 1), 10_000, 36, 300
KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
TABLES = ("allowances_runline", "treasury_due", "treasury_attempt")


def measured(month: Month, payer: Person, approver: Person) -> dict[str, float]:
    """Seconds of preparing and of approving a month."""
    on = date(*month, 6)
    started = time.perf_counter()
    run = running.prepare(by=payer, division_code=PROVINCE, month=month, on=on)
    prepared = time.perf_counter()
    run = running.hand_in(by=payer, run=run, on=on)
    handed_in = time.perf_counter()
    running.approve(by=approver, run=run, revision=run.revision, on=on)
    ended = time.perf_counter()
    return {"prepare": round(prepared - started, 2), "approve": round(ended - handed_in, 2)}


def copied(table: str) -> float:
    """Seconds of a COPY of a table's rows into an empty one with the same indexes, checks and foreign keys."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(KEYS, [table])
        keys = ", ".join(f"ADD {definition}" for (definition,) in cursor.fetchall())
        rows = io.BytesIO()
        with cursor.copy(f"COPY {table} TO STDOUT") as source:
            for block in source:
                rows.write(block)
        cursor.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"ALTER TABLE copied {keys}")
        started = time.perf_counter()
        with cursor.copy("COPY copied FROM STDIN") as target:
            target.write(rows.getvalue())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - started
        transaction.set_rollback(True, using="owner")
    return seconds


def naive(payer: Person) -> float:
    """Seconds a child of asking for its facts, asking the law, and saving a line, one child after another."""
    month, rules, day = FIRST, Rules(shipped(), PROVINCE[:2]), date(*FIRST, 5)
    with transaction.atomic():
        run = Run.objects.create(
            division_code=PROVINCE, month=month.first, cut_off_on=day, prepared_on=day, prepared_by=payer
        )
        basis = Basis.objects.create(digest="naive", facts=[], lines=[])
        started = time.perf_counter()
        for child in Child.objects.order_by("pk")[:NAIVE].iterator():
            _naive_line(child, run, basis, rules, month, day)
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds / NAIVE


def _naive_line(child: Child, run: Run, basis: Basis, rules: Rules, month: Month, day: date) -> None:
    holdings = tuple(
        HoldingFact(category=one.category, decided_on=one.from_on) for one in child.holdings.order_by("from_on")
    )
    aid = tuple(
        AidFact(
            kind=one.kind, from_on=one.from_on, until_on=one.until_on, fen_per_month=one.fen_per_month,
            household_fen_per_month=one.household_fen_per_month, members=one.members,
        )
        for one in OtherAid.objects.filter(child=child)
    )  # fmt: skip
    known = facts_to_check([child], leading_of([child.pk]))[child.pk]
    due = due_for(entitlement_of(replace(known, holdings=holdings, other_aid=aid), rules), month)
    cards = paid_to_on([link.holder_key for link in child.payeelink_set.all()], on=day)
    card = next(iter(cards.values()), None)
    RunLine.objects.create(
        run=run, child=child, month=month.first, kind="regular", category="de_facto", amount_fen=due.amount_fen,
        basis=basis, payee=card, hold="" if card and due.amount_fen else "no_payee",
        division_code=child.responsible_code,
    )  # fmt: skip


def one_month(children: int) -> dict[str, object]:
    """One month of so many children, and what it is compared with."""
    with paid_children(children) as (payer, approver):
        per_child = naive(payer)
        seconds = measured(FIRST, payer, approver)
        lines, bases, paid = RunLine.objects.count(), Basis.objects.count(), RunLine.objects.filter(hold="").count()
        copies = [copied(table) for table in TABLES]
    total = seconds["prepare"] + seconds["approve"]
    return {
        "children": children,
        "lines": lines,
        "paid": paid,
        "texts": bases,
        "seconds": seconds,
        "copy_lines": round(copies[0], 2),
        "copy_all": round(sum(copies), 2),
        "prepare_to_copy_of_lines": round(seconds["prepare"] / copies[0], 2),
        "ratio_to_copy_of_all": round(total / sum(copies), 2),
        "naive_measured_children": NAIVE,
        "naive_seconds_scaled": round(per_child * children, 1),
        "times_faster_than_naive": round(per_child * children / total, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def many_months(months: int) -> dict[str, object]:
    """A small province, month after month."""
    with paid_children(SMALL) as (payer, approver):
        taken = [measured(FIRST.plus(at), payer, approver) for at in range(months)]
    return {"children": SMALL, "months": months, "first": taken[0], "second": taken[1 % months], "last": taken[-1]}


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=550_000)
    parser.add_argument("--months", type=int, default=MONTHS)
    said = parser.parse_args()
    load = os.getloadavg()[0]
    document: dict[str, object] = {"one_month": one_month(said.children), "load_before": round(load, 2)}
    if said.months:
        document["months"] = many_months(said.months)
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
