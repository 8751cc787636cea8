"""Checks with other departments in words (部门核对用语): enquiries with their lights, batches, who cannot be found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.allowances.cases import Case
from hutong.allowances.enquiries import CHECKED_IN, Enquired, enquiries
from hutong.allowances.models import Application, DataBatch, DataCheck
from hutong.desk.titles import circumstance_title, day, pair_title
from hutong.law.data_checks import CHILD, VERDICTS, Verdict
from hutong.law.data_sources import LIFE_SIGNS, SOURCES
from hutong.registry.models.parent import Role

TONES = {
    Verdict.CONSISTENT: "fine",
    Verdict.CONTRADICTS: "late",
    Verdict.NO_DATA: "soon",
    Verdict.UNAVAILABLE: "plain",
}
NEXT = {
    Verdict.NO_DATA: _lazy("No pass: look at it by other means."),
    Verdict.UNAVAILABLE: _lazy("No pass: it is asked again with the next batch."),
}


@dataclass(frozen=True)
class EnquiryLine:
    """One enquiry in words (核对事项行): which register, of whom, what, how far, and what was found.

    `handle` is empty where the file does not raise it any more.
    """

    handle: str
    source: str
    whose: str
    asks: str
    tone: str
    state: str
    text: str
    note: str


def panel_lines(case: Case, *, on: date) -> list[EnquiryLine]:
    """All enquiries of an application, contradictions first: those it raises while it is checked, and every answer."""
    application = case.application
    is_checked = application.state in CHECKED_IN
    raised = [one for one in enquiries([application], on=on) if is_checked or one.check]
    shown = {one.check.pk for one in raised if one.check}
    earlier = [_earlier(check) for check in case.checks if check.pk not in shown]
    lines = [*(enquiry_line(one, on=on) for one in raised), *earlier]
    return sorted(lines, key=lambda line: line.tone != "late")


def enquiry_line(one: Enquired, *, on: date) -> EnquiryLine:
    """One enquiry."""
    return EnquiryLine(one.handle, *_titles(*one.key), *_state(one, on=on))


def _earlier(check: DataCheck) -> EnquiryLine:
    """An answer to what the file said before, or one that is asked anew."""
    tone, state, text, note = _answered(check)
    return EnquiryLine("", *_titles(*check.key), tone, state, text, f"{note} · {_('An earlier answer.')}")


def _titles(source: str, asks: str, whose: str, _item: str) -> tuple[str, str, str]:
    return source_title(source), whose_title(whose), asks_title(asks)


def _state(one: Enquired, *, on: date) -> tuple[str, str, str, str]:
    check = one.check
    if check is None:
        note = "" if one.is_named else _("No ID number in the file: no register can be asked.")
        return "plain", _("not asked"), "", note
    if check.verdict:
        return _answered(check)
    said = {"asked": day(check.as_of), "due": day(check.batch.due_on) if check.batch else ""}
    note = _("asked on %(asked)s, answer wanted by %(due)s") % said
    if check.batch and check.batch.due_on < on:
        return "soon", _("answer overdue"), "", note
    return "info", _("asked"), "", note


def _answered(check: DataCheck) -> tuple[str, str, str, str]:
    verdict = Verdict(check.verdict)
    said = [_("answered on %(on)s") % {"on": day(check.answered_on)}, check.answered_by, check.get_way_display()]
    said += [str(NEXT.get(verdict, "")), check.citation if verdict == Verdict.CONTRADICTS else ""]
    text = check.text.open() if check.text else ""
    return TONES[verdict], pair_title(VERDICTS[verdict]), text, " · ".join(filter(None, said))


def source_title(code: str) -> str:
    """A register of a department."""
    return pair_title((SOURCES[code].title_zh, SOURCES[code].title_en))


def whose_title(whose: str) -> str:
    """Of whom it is, by the role alone."""
    return _("The child") if whose == CHILD else str(Role(whose).label)


def asks_title(kind: str) -> str:
    """What is asked."""
    return pair_title(LIFE_SIGNS[kind]) if kind in LIFE_SIGNS else circumstance_title(kind)


@dataclass(frozen=True)
class BatchLine:
    """One batch in words (批次行), with what came back; `asked` and `answered` are counted by the query."""

    batch: DataBatch
    asked: int
    answered: int
    tone: str
    state: str


def batch_lines(batches: Iterable[DataBatch], *, on: date) -> list[BatchLine]:
    """Batches as a list shows them."""
    return [_batch_line(batch, on=on) for batch in batches]


def _batch_line(batch: DataBatch, *, on: date) -> BatchLine:
    asked, answered = batch.asked, batch.answered  # type: ignore[attr-defined]
    if asked == answered:
        return BatchLine(batch, asked, answered, "fine", _("all answered"))
    if batch.due_on < on:
        return BatchLine(batch, asked, answered, "late", _("answers overdue"))
    return BatchLine(batch, asked, answered, "info", _("waiting for answers"))


@dataclass(frozen=True)
class SourceLine:
    """One source of a batch (来源行): how many questions it was asked, and how many it has answered."""

    code: str
    title: str
    asked: int
    answered: int


def source_lines(counted: dict[str, tuple[int, int]]) -> list[SourceLine]:
    """The sources of a batch."""
    return [SourceLine(code, source_title(code), *counts) for code, counts in counted.items()]


@dataclass(frozen=True)
class UnnamedLine:
    """Who no register can find (无法查询人员), by application and role."""

    application: Application
    whose: str


def unnamed_lines(found: Iterable[Enquired]) -> list[UnnamedLine]:
    """Who has no ID number, once for each application."""
    roles: dict[Application, dict[str, None]] = defaultdict(dict)
    for one in found:
        roles[one.application][whose_title(one.enquiry.claim.whose)] = None
    return [UnnamedLine(application, "、".join(whose)) for application, whose in roles.items()]
