"""Long work as pages show it (进度): how far a batch is, and the time left in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.models import Person
from hutong.divisions.queries import path_names
from hutong.kit.staging import State
from hutong.registry.batches import Progress, running_batches

TOLD_IN_STEPS_OF = 10


@dataclass(frozen=True)
class ProgressLine:
    """A running batch in words (进度行); `said` is for screen readers and changes seldom."""

    progress: Progress
    title: str
    words: str
    left: str
    said: str
    place: str


def progress_line(progress: Progress, place: str = "") -> ProgressLine:
    """How far a batch is, in words."""
    is_admitting = progress.batch.state == State.ADMITTING
    title = _("The rows are being admitted") if is_admitting else _("The workbook is being checked")
    counts = {"done_shown": intcomma(progress.done), "total_shown": intcomma(progress.total)}
    words = _("%(done_shown)s of %(total_shown)s rows") % counts if progress.total else _("Opening the file")
    percent = progress.percent // TOLD_IN_STEPS_OF * TOLD_IN_STEPS_OF
    said = _("%(percent)s %% done") % {"percent": percent}
    return ProgressLine(progress, title, words, time_words(progress.left), said, place)


def time_words(left: timedelta | None) -> str:
    """`2 minutes`, after “about”; nothing where nobody knows yet."""
    if left is None:
        return ""
    seconds = left.total_seconds()
    if seconds < 55:
        rounded = max(5, 5 * round(seconds / 5))
        return ngettext("%(count)s second", "%(count)s seconds", rounded) % {"count": rounded}
    minutes = max(1, round(seconds / 60))
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def running_lines(user: Person, *, on: date) -> list[ProgressLine]:
    """What is being checked or admitted at somebody's places (进行中的导入), in words."""
    running = running_batches(user, on=on)
    places = path_names(one.batch.division_code for one in running)
    return [progress_line(one, places[one.batch.division_code]) for one in running]
