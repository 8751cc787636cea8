"""Funds and what of them is given to counties: one person enters, another confirms, then it is booked."""

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.divisions.queries import valid_on
from hutong.law.division_code import Level, full, level_of, prefix_of
from hutong.law.funds import LEVELS, NATURES
from hutong.law.task_days import due_on
from hutong.treasury.books import Matter, NotEnough, book_of, lock_money, post
from hutong.treasury.models import Allocation, Fund
from hutong.treasury.models.book import BookKind, EntryKind

TASK = "confirm_money"
TEXT_AT_MOST, WORDS_AT_MOST, FEN_AT_MOST = 60, 300, 10**13
Entered = TypeVar("Entered", Fund, Allocation)


@transaction.atomic
def enter_fund(
    *, by: Person, division_code: str, year: int, level: str, nature: str, amount_fen: int, document: str, on: date
) -> Fund:
    """Enter a fund (登记资金) as a document grants it; another person confirms it. Raises NotAllowed and Refused."""
    require(by, Permission.KEEP_FUNDS, code=division_code, on=on)
    if level not in LEVELS or nature not in NATURES:
        raise Refused(_("Choose the level and the nature of the money."))
    if not on.year - 2 <= year <= on.year + 1:
        raise Refused(_("The year lies too far away. A fund is entered for last year, this year or the next."))
    fund = Fund(
        division_code=division_code, year=year, level=level, nature=nature,
        amount_fen=_amount(amount_fen), document_number=_document(document), entered_by=by, entered_on=on,
    )  # fmt: skip
    known = Fund.objects.filter(
        division_code=division_code, document_number=fund.document_number, level=level, nature=nature, refused_words=""
    )
    if known.exists():
        raise Refused(_("Money of this document, level and nature has been entered already."))
    return _wait_for_another(fund, "fund", by=by, on=on)


@transaction.atomic
def allocate(*, by: Person, fund: Fund, division_code: str, amount_fen: int, document: str, on: date) -> Allocation:
    """Allocate (分配资金) part of a fund to a county; another person confirms it. Raises NotAllowed and Refused."""
    require(by, Permission.KEEP_FUNDS, code=fund.division_code, on=on)
    if fund.confirmed_by_id is None:
        raise Refused(_("The fund has not been confirmed yet."))
    if level_of(fund.division_code) is Level.COUNTY:
        raise Refused(_("A county’s own money need not be handed out: the county pays from it."))
    if level_of(division_code) is not Level.COUNTY or not division_code.startswith(prefix_of(fund.division_code)):
        raise Refused(_("Money is given to counties of the place that hands it out. Choose one of them."))
    if not valid_on(on).filter(code=full(division_code[:6])).exists():
        raise Refused(_("Choose the place from the list that opens as you type."))
    allocation = Allocation(
        fund=fund, division_code=full(division_code[:6]), amount_fen=_amount(amount_fen),
        document_number=_document(document), entered_by=by, entered_on=on,
    )  # fmt: skip
    return _wait_for_another(allocation, "allocation", by=by, on=on)


@transaction.atomic
def confirm_fund(*, by: Person, fund: Fund, on: date) -> Fund:
    """Confirm a fund (确认资金): now a county can pay from its own, others can hand theirs out. Raises as above."""
    fund = _locked(fund, fund.division_code, by=by, on=on)
    matter = Matter(EntryKind.RECEIVED, "fund", str(fund.pk), fund.division_code, by, on)
    is_county = level_of(fund.division_code) is Level.COUNTY
    source = book_of(fund, fund.division_code, BookKind.SOURCE)
    target = book_of(fund, fund.division_code, BookKind.AVAILABLE if is_county else BookKind.UNDIVIDED)
    post(matter, {source: -fund.amount_fen, target: fund.amount_fen})
    return _confirmed(fund, "fund", fund.division_code, by=by, on=on)


@transaction.atomic
def confirm_allocation(*, by: Person, allocation: Allocation, on: date) -> Allocation:
    """Confirm an allocation (确认分配): now the county can pay from it. Raises NotAllowed, NotEnough and Refused."""
    place = allocation.fund.division_code
    allocation = _locked(allocation, place, by=by, on=on)
    lock_money(place)
    undivided = book_of(allocation.fund, place, BookKind.UNDIVIDED)
    if undivided.balance_fen < allocation.amount_fen:
        raise NotEnough(allocation.amount_fen - undivided.balance_fen)
    available = book_of(allocation.fund, allocation.division_code, BookKind.AVAILABLE)
    matter = Matter(EntryKind.ALLOCATED, "allocation", str(allocation.pk), allocation.division_code, by, on)
    post(matter, {undivided: -allocation.amount_fen, available: allocation.amount_fen})
    return _confirmed(allocation, "allocation", place, by=by, on=on)


@transaction.atomic
def refuse_money(*, by: Person, entered: Entered, words: str, on: date) -> Entered:
    """Refuse (不同意) what another entered, with a reason; whoever entered it may take it back. Raises as above."""
    kind, place = ("fund", entered.division_code) if isinstance(entered, Fund) else ("allocation", _home(entered))
    entered = _locked(entered, place, by=by, on=on, may_be_own=True)
    if not words.strip() or len(words.strip()) > WORDS_AT_MOST:
        raise Refused(_("Say in a few words why."))
    entered.refused_words = words.strip()
    entered.save()
    return _settled(entered, kind, place, "refuse", by=by, on=on)


def _home(allocation: Allocation) -> str:
    return str(allocation.fund.division_code)


def _locked(entered: Entered, place: str, *, by: Person, on: date, may_be_own: bool = False) -> Entered:
    now: Entered = type(entered).objects.select_for_update().get(pk=entered.pk)
    is_own = now.entered_by_id == by.pk
    require(by, Permission.KEEP_FUNDS if is_own else Permission.CONFIRM_FUNDS, code=place, on=on)
    if not now.is_waiting:
        raise Refused(_("This has been decided already. Load the page again."))
    if is_own and not may_be_own:
        raise Refused(_("Another person than the one who entered it must confirm."))
    return now


def _wait_for_another(entered: Entered, kind: str, *, by: Person, on: date) -> Entered:
    entered.save()
    place = entered.division_code if isinstance(entered, Fund) else _home(entered)
    role = "approver" if level_of(place) is Level.COUNTY else "region_approver"
    open_task(
        kind=TASK, subject_kind=kind, subject_key=str(entered.pk), division_code=place, role=role,
        due_on=due_on(TASK, on=on, jurisdiction=place), harm=Harm.LOSS, values={"besides": [by.pk]},
    )  # fmt: skip
    _record(f"enter_{kind}", kind, entered, place, by=by, on=on)
    return entered


def _confirmed(entered: Entered, kind: str, place: str, *, by: Person, on: date) -> Entered:
    entered.confirmed_by, entered.confirmed_on = by, on
    entered.save()
    return _settled(entered, kind, place, "confirm", by=by, on=on)


def _settled(entered: Entered, kind: str, place: str, act: str, *, by: Person, on: date) -> Entered:
    close_tasks(by=by, subject_kind=kind, subject_key=str(entered.pk), kinds=[TASK], outcome=act)
    _record(f"{act}_{kind}", kind, entered, place, by=by, on=on)
    return entered


def _record(act: str, kind: str, entered: Fund | Allocation, place: str, *, by: Person, on: date) -> None:
    record(
        by=by, act=act, subject_kind=kind, subject_key=str(entered.pk), division_code=place, on=on,
        details={"fen": entered.amount_fen},
    )  # fmt: skip


def _amount(fen: int) -> int:
    if not 0 < fen <= FEN_AT_MOST:
        raise Refused(_("Give the amount: more than nothing, at most 100 billion yuan."))
    return fen


def _document(number: str) -> str:
    number = number.strip()
    if not number or len(number) > TEXT_AT_MOST:
        raise Refused(_("Give the number of the document that grants it, at most 60 characters."))
    return number
