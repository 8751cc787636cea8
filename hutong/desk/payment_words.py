"""Words for payments (发放用语): months, states of runs and batches, holds, what the bank said, what was compared."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _lazy

from hutong.allowances.models import Run
from hutong.allowances.models.run import RunState
from hutong.allowances.run_queries import (
    AID,
    CATEGORY,
    ENDED,
    GROWN_UP,
    HELD,
    MOVED,
    STANDARD,
    UNKNOWN,
)
from hutong.desk.bank_words import state_action, state_title
from hutong.desk.titles import pair_title
from hutong.desk.words import category_title, speaks_chinese
from hutong.law.bank_results import bank_results
from hutong.law.funds import LEVELS, NATURES
from hutong.law.holds import HOLDS, SUSPENDED
from hutong.treasury.models import Attempt, Batch
from hutong.treasury.models.batch import AttemptState, BatchState

RUN_TONES = {
    RunState.PREPARED: "soon",
    RunState.HANDED_IN: "soon",
    RunState.APPROVED: "fine",
    RunState.CANCELLED: "plain",
}
BATCH_TONES = {
    BatchState.APPROVED: "soon",
    BatchState.SENT: "info",
    BatchState.ANSWERED: "soon",
    BatchState.CLOSED: "fine",
}
ATTEMPT_TONES = {
    AttemptState.TO_SEND: "info",
    AttemptState.SENT: "info",
    AttemptState.PAID: "fine",
    AttemptState.FAILED: "late",
}
WHY_CHANGED = {
    STANDARD: _lazy("another standard"),
    CATEGORY: _lazy("another category"),
    AID: _lazy("other aid has changed"),
}
WHY_DROPPED = {
    SUSPENDED: _lazy("suspended"),
    GROWN_UP: _lazy("grown up"),
    ENDED: _lazy("ended"),
    MOVED: _lazy("moved to another place"),
    HELD: _lazy("held now"),
    UNKNOWN: _lazy("not known, look into it"),
}


def month(on: date) -> str:
    """A month as people write it."""
    return date_format(on, "YEAR_MONTH_FORMAT")


def run_title(run: Run) -> str:
    """`2026年11月 月度发放`."""
    return f"{month(run.month)} {run.get_purpose_display()}"


def batch_title(batch: Batch) -> str:
    """The same of a batch."""
    return f"{month(batch.month)} {batch.get_purpose_display()}"


def hold_title(code: str) -> str:
    """Why somebody waits."""
    return pair_title(HOLDS[code].titles)


def hold_action(code: str) -> str:
    """What is to be done about it."""
    hold = HOLDS[code]
    return hold.next_zh if speaks_chinese() else hold.next_en


def bank_title(code: str, *, on: date) -> str:
    """What the bank said of a payment that did not arrive."""
    known = bank_results(on).states.get(code)
    return state_title(known) if known else code


def bank_action(code: str, *, on: date) -> str:
    """What is done next about it."""
    known = bank_results(on).states.get(code)
    return state_action(known) if known else ""


def attempt_words(attempt: Attempt, *, on: date) -> tuple[str, str]:
    """The tone and the words for how an attempt stands."""
    tone = ATTEMPT_TONES[AttemptState(attempt.state)]
    if attempt.state == AttemptState.FAILED:
        return tone, bank_title(attempt.code, on=on)
    return tone, str(attempt.get_state_display())


def paid_category(code: str) -> str:
    """A category by which somebody is paid; nothing where none is held any more."""
    return category_title(code) if code else "—"


def level_title(code: str) -> str:
    """The level of a fund."""
    return pair_title(LEVELS[code])


def nature_title(code: str) -> str:
    """The nature of a fund."""
    return pair_title(NATURES[code])
