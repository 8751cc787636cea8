"""Recognitions in words (认定状态用语): lists, how one stands, what was done, what the law finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.models import Task
from hutong.allowances.models import RecognitionEnd, RecognitionSuspension
from hutong.allowances.models.recognition import EndStage, Finding
from hutong.allowances.recognition_queries import Course, holdings_by_number
from hutong.allowances.recognitions import Standing
from hutong.desk.titles import day, pair_title
from hutong.desk.words import category_title, days_left
from hutong.divisions.queries import short_names
from hutong.law.recognition_review import ENDINGS, SUSPENSIONS, Examination
from hutong.law.recognition_review import Finding as Examined
from hutong.registry.models import CategoryHolding

FINDINGS = {
    Examined.CONTINUES: ("fine", _lazy("By the facts of the file it goes on")),
    Examined.UNSHOWN: ("plain", _lazy("The file does not say what it rests on: look at the papers of the office")),
    Examined.DOUBTFUL: ("soon", _lazy("By the facts of the file it is doubtful")),
    Examined.ENDS: ("late", _lazy("By the facts of the file it has ended")),
}


def month(on: date) -> str:
    """A month as people write it."""
    return date_format(on, "YEAR_MONTH_FORMAT")


def ending_title(code: str) -> str:
    """Why a recognition ends."""
    return pair_title(ENDINGS[code].titles)


def suspension_title(code: str) -> str:
    """Why a recognition is suspended."""
    return pair_title(SUSPENSIONS[code].titles)


SEALED = _lazy("On what this standard rests stands under seal; only the people named for the child open it")


def found_words(found: Examination, *, is_sealed: bool = False) -> tuple[str, str, str]:
    """The tone and the words of what the law finds (复核结论用语), and what happened when."""
    tone, words = FINDINGS[found.finding]
    if found.finding is Examined.UNSHOWN and is_sealed:
        return tone, str(SEALED), ""
    if found.finding is Examined.ENDS and found.happened_on and found.from_month:
        said = {"day": day(found.happened_on), "month": month(found.from_month.first)}
        return tone, str(words), f"{ending_title(found.reason)} · {_('%(day)s, not paid from %(month)s') % said}"
    if found.finding is Examined.DOUBTFUL:
        return tone, str(words), suspension_title(found.reason)
    return tone, str(words), ""


@dataclass(frozen=True)
class RecognitionLine:
    """One line of the reviews (复核列表行)."""

    holding: CategoryHolding
    category: str
    place: str
    on: date
    tone: str
    state: str


def task_lines(tasks: Iterable[Task], *, on: date) -> list[RecognitionLine]:
    """Recognitions that something is asked about, with the days left."""
    rows = list(tasks)
    keys = [int(one.subject_key) for one in rows]
    held = holdings_by_number(keys)
    said = [(held[key], one.due_on, days_left(one.due_on, on)) for key, one in zip(keys, rows, strict=True)]
    return _lines(said)


def suspension_lines(found: Iterable[RecognitionSuspension]) -> list[RecognitionLine]:
    """Suspended recognitions, each with the first month that is not paid."""
    return _lines([(one.holding, one.on, ("late", _suspended(one))) for one in found])


def _suspended(one: RecognitionSuspension) -> str:
    return _("suspended from %(month)s") % {"month": month(one.from_month)}


def end_lines(found: Iterable[RecognitionEnd]) -> list[RecognitionLine]:
    """Ends, proposed or decided, each with the first month that is not paid."""
    return _lines([(one.holding, one.decided_on or one.on, _end_state(one)) for one in found])


def _end_state(end: RecognitionEnd) -> tuple[str, str]:
    said = {"month": month(end.from_month)}
    if end.stage == EndStage.PROPOSED:
        return "soon", _("end proposed, from %(month)s") % said
    return "late", _("ended, not paid from %(month)s") % said


def _lines(said: Sequence[tuple[CategoryHolding, date, tuple[str, str]]]) -> list[RecognitionLine]:
    places = short_names(holding.child.leading.responsible_code for holding, _on, _state in said)
    return [
        RecognitionLine(
            holding, category_title(holding.category), places[holding.child.leading.responsible_code], on, *state
        )
        for holding, on, state in said
    ]


@dataclass(frozen=True)
class StandingLine:
    """How a recognition stands (认定状态): its state in a word, then what is to be known; where it is dealt with."""

    category: str
    since: str
    tone: str
    state: str
    notes: list[str]
    href: str


def standing_line(now: Standing, *, sensitive: bool, can_open: bool) -> StandingLine:
    """How one recognition stands; reasons only for whoever sees sensitive facts."""
    tone, state, notes = _standing(now, sensitive=sensitive)
    href = reverse("desk:review", args=[now.holding.pk]) if can_open else ""
    since = _("since %(on)s") % {"on": day(now.holding.from_on)}
    return StandingLine(category_title(now.holding.category), since, tone, state, notes, href)


def _standing(now: Standing, *, sensitive: bool) -> tuple[str, str, list[str]]:
    ended = now.ended
    if not now.is_held or (ended and now.holding.until_on):
        until = now.holding.until_on or now.on
        if ended is None:
            return "plain", _("ended"), [_("until %(last)s") % {"last": day(until)}]
        why = [ending_title(ended.reason)] if sensitive else []
        return "late", _("ended, not paid from %(month)s") % {"month": month(ended.from_month)}, why
    notes = [_("next review until %(on)s") % {"on": day(now.due_on)}]
    if now.end:
        why = [ending_title(now.end.reason)] if sensitive else []
        return "soon", _end_state(now.end)[1], why + notes
    if now.suspension:
        why = [suspension_title(now.suspension.reason)] if sensitive else []
        return "late", _suspended(now.suspension), why + notes
    if now.due_on < now.on:
        return "late", _("review overdue"), notes
    return "fine", _("recognised"), notes


@dataclass(frozen=True)
class CourseLine:
    """One thing that was done (认定经过行)."""

    on: date
    by: str
    title: str
    note: str


REVIEWED = {
    Finding.CONTINUES: _lazy("reviewed: it goes on"),
    Finding.SUSPENDED: _lazy("reviewed: to be suspended"),
    Finding.ENDS: _lazy("reviewed: to end"),
}


def course_lines(course: Course, *, sensitive: bool) -> list[CourseLine]:
    """What was done about a recognition (认定经过), the latest first; reasons and words only for who sees them."""
    lines = []
    for review in course.reviews:
        note = [review.words.open()] if review.words and sensitive else []
        lines.append(CourseLine(review.on, review.by.name, str(REVIEWED[Finding(review.finding)]), "；".join(note)))
    for one in course.suspensions:
        lines += _of_suspension(one, sensitive=sensitive)
    for end in course.ends:
        lines += _of_end(end, sensitive=sensitive)
    return sorted(lines, key=lambda line: line.on, reverse=True)


def _of_suspension(one: RecognitionSuspension, *, sensitive: bool) -> list[CourseLine]:
    lines = []
    if one.lifted_on and one.lifted_by and one.again_from:
        title = _("lifted the suspension, paid again from %(month)s") % {"month": month(one.again_from)}
        note = one.answer_words.open() if one.answer_words and sensitive else ""
        lines.append(CourseLine(one.lifted_on, one.lifted_by.name, title, note))
    said = [suspension_title(one.reason), one.words.open() if one.words else ""] if sensitive else []
    return [*lines, CourseLine(one.on, one.by.name, _suspended(one), "；".join(filter(None, said)))]


def _of_end(end: RecognitionEnd, *, sensitive: bool) -> list[CourseLine]:
    lines = []
    if end.decided_on and end.decided_by:
        title = _("confirmed the end") if end.stage == EndStage.CONFIRMED else _("rejected the end")
        note = end.answer_words.open() if end.answer_words and sensitive else ""
        lines.append(CourseLine(end.decided_on, end.decided_by.name, title, note))
    said = [ending_title(end.reason), day(end.happened_on), end.words.open() if end.words else ""] if sensitive else []
    title = _("proposed the end, not paid from %(month)s") % {"month": month(end.from_month)}
    return [*lines, CourseLine(end.on, end.by.name, title, "；".join(filter(None, said)))]
