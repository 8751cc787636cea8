"""Words for an import batch (批次用语): reasons together, columns that differ, who stays and why, who did what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.models import TrailEntry
from hutong.desk.words import category_title, coded
from hutong.kit.staging import Severity, State, Verdict
from hutong.registry.batches import ATTACHED, CHANGED_SINCE, PAPERS, Difference, Reason, Staying
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.known import CATEGORY
from hutong.registry.intake.problems import general_sentence, sentence


@dataclass(frozen=True)
class ReasonLine:
    """One reason in words (原因行): how many rows, of which column, what to do, and the first rows."""

    rows: int
    column: str
    is_error: bool
    is_question: bool
    message: str
    first: tuple[int, ...]
    has_more: bool


def reason_line(reason: Reason) -> ReasonLine:
    """A reason in the reader's language."""
    problem = reason.problem
    return ReasonLine(
        reason.rows,
        CHILDREN.header_of(problem.column),
        problem.severity == Severity.ERROR,
        problem.code == "possible_match",
        sentence(problem) if reason.is_alike else general_sentence(problem),
        reason.first,
        reason.rows > len(reason.first),
    )


@dataclass(frozen=True)
class DifferenceLine:
    """One difference of a row in words (变更对照行)."""

    column: str
    title: str
    before: str
    after: str
    is_taken: bool
    is_out_of_all: bool


def difference_line(one: Difference, out_of_all: Iterable[str]) -> DifferenceLine:
    """A difference as people say it."""
    before, after = (_said(one.column, value) for value in (one.before, one.after))
    return DifferenceLine(
        one.column, CHILDREN.header_of(one.column), before, after, one.is_taken, one.column in out_of_all
    )


def _said(column: str, value: str) -> str:
    if column != CATEGORY:
        return coded(column, value)
    return "、".join(category_title(code) for code in value.split()) or "—"


def why_words(one: Staying) -> str:
    """Why a row stays."""
    if one.why == CHANGED_SINCE and one.by:
        return _("%(who)s has changed the child since, on %(when)s") % {"who": one.by, "when": moment(one.at)}
    words = {
        CHANGED_SINCE: _("The child has been changed since"),
        PAPERS: _("Papers have been added to the file"),
        ATTACHED: _("Something else has been recorded about the child"),
    }
    return words[one.why]


def moment(at: datetime | None) -> str:
    """A moment as people write it."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


@dataclass(frozen=True)
class HistoryLine:
    """What somebody did with a batch (批次经过)."""

    at: datetime
    by: str
    title: str
    note: str


def history_line(entry: TrailEntry) -> HistoryLine:
    """An entry of the trail about a batch, in words."""
    title, note = _act_words(entry.act, entry.details)
    return HistoryLine(entry.at, entry.by.name if entry.by else "", title, note)


def _act_words(act: str, said: Mapping[str, Any]) -> tuple[str, str]:
    match act:
        case "receive_import":
            return _("Sent"), ""
        case "match_columns":
            return _("Columns matched"), "、".join(map(CHILDREN.header_of, said["columns"]))
        case "judge_import":
            counts = [f"{Verdict(name).label} {intcomma(rows)}" for name, rows in said.items() if rows]
            return _("Checked"), "，".join(counts)
        case "choose_import":
            columns = "、".join(CHILDREN.header_of(column) for column in said["left_out"])
            note = _("left out: %(columns)s") % {"columns": columns} if columns else ""
            return _("Chosen what of the changed rows is taken"), note
        case "admit_import":
            return _("Admitted"), rows_words(said.get("admitted", 0))
        case "cancel_import":
            is_check = said["phase"] != State.ADMITTING
            return _("The check was cancelled") if is_check else _("The admission was stopped"), ""
        case _:
            return _("Withdrawn"), withdrawn_words(said) if "removed" in said else ""


def rows_words(rows: int) -> str:
    """`1,204 行`."""
    return ngettext("%(rows)s row", "%(rows)s rows", rows) % {"rows": intcomma(rows)}


def withdrawn_words(counts: Mapping[str, int]) -> str:
    """What a withdrawal did."""
    words = ngettext(
        "Withdrawn: %(removed)s child removed, %(restored)s changes taken back, %(left)s rows stay.",
        "Withdrawn: %(removed)s children removed, %(restored)s changes taken back, %(left)s rows stay.",
        counts["removed"],
    )
    return words % {name: intcomma(counts[name]) for name in ("removed", "restored", "left")}
