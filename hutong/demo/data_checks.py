"""Checks with other departments (部门核对) of a featured county: a batch that came back in part, one that waits."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hutong.accounts.models import Person
from hutong.allowances.actions.data_checking import ask_departments, receipt_of, take_answers
from hutong.allowances.claims import read
from hutong.allowances.enquiries import CHECKED_IN
from hutong.allowances.models import Application, DataBatch, DataCheck
from hutong.allowances.models.application import State
from hutong.demo.staff import username
from hutong.gateways.exchange.fake import FakeExchange
from hutong.gateways.exchange.questions import Receipt
from hutong.law.data_sources import AIDS_ASKED, Value

COUNTY = "640121"
DAYS = {"police": 1, "social_assistance": 30}
"""How long registers take; one of them has not answered yet."""
DOWN = ("health",)
ASKED_AGO, WAITING_AGO = timedelta(5), timedelta(1)


def check_applications(people: Mapping[str, Person], *, on: date) -> None:
    """Ask about the applications that are being checked: most of them some time ago, the last one just now."""
    found = Application.objects.filter(state__in=CHECKED_IN, division_code__startswith=COUNTY, is_confidential=False)
    rows = list(found.select_related("child__canonical").order_by("accepted_on", "id"))
    officer = people[username("county_officer", COUNTY)]
    if len(rows) > 1:
        _answer(_ask(rows[:-1], officer, on=on - ASKED_AGO), officer, on=on)
        _ask(rows[-1:], officer, on=on - WAITING_AGO)


def _ask(applications: Sequence[Application], officer: Person, *, on: date) -> DataBatch | None:
    return next(iter(ask_departments(by=officer, applications=applications, on=on).batches), None)


def _answer(batch: DataBatch | None, officer: Person, *, on: date) -> None:
    """The registers answer family by family: files of brothers and sisters do not always say the same."""
    by_application: dict[int, list[DataCheck]] = defaultdict(list)
    for check in batch.checks.select_related("application") if batch else ():
        by_application[check.application_id].append(check)
    for checks in by_application.values():
        exchange = FakeExchange(days=DAYS, down=DOWN)
        for check in checks:
            asked = read(check.claim.open())
            if known := _known(check):
                exchange.record(check.source, check.asks, asked.name, asked.id_number, **known)
        if batch:
            returned = exchange.answers(_receipt(batch, {check.number for check in checks}), on=on)
            take_answers(by=officer, batch=batch, returned=returned, on=on)


def _receipt(batch: DataBatch, numbers: Collection[str]) -> Receipt:
    whole = receipt_of(batch)
    return replace(whole, questions=tuple(one for one in whole.questions if one.number in numbers))


def _known(check: DataCheck) -> Mapping[str, Value]:
    """What a register knows: what the file says, but of a mother who was released where the township has doubts."""
    fact = read(check.claim.open()).claim.fact
    died: dict[str, Value] = {"died_on": fact.from_on} if fact.from_on else {}
    match check.source, check.asks:
        case "police", "alive":
            return {"dead": False}
        case "police", "dead":
            return {"dead": True} | died
        case "funeral", "dead":
            return died
        case "prison", "imprisoned":
            is_there = check.application.state != State.RECHECK
            days = {"from_on": fact.from_on, "until_on": fact.until_on if is_there else None}
            return {"holds": is_there} | {name: day for name, day in days.items() if day}
        case "social_assistance", _:
            return {f"aid_{kind}": False for kind in AIDS_ASKED}
    return {}
