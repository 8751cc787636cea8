"""Today's work."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.clock import today
from hutong.accounts.models import Person, Task
from hutong.accounts.queries import open_tasks
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.words import LATE, TASKS, count_words, days_left, spoken_values, task_href, working_days_words
from hutong.divisions.queries import short_names
from hutong.governance.calendars import calendar_in_force
from hutong.law.recognition_clock import days_left as working_days_left
from hutong.registry.finding import Filters, child_counts
from hutong.registry.queries import names_of

SHOWN = 60
OF_PLACES = frozenset(
    {"division", "pairs", "emergency", "delegation", "copy", "national", "department_list", "standard"}
    | {"run", "batch", "fund", "allocation"}
)
"""Subjects whose tasks are called by the place (以地名显示的待办)."""
SOON_DAYS = 3


@dataclass(frozen=True)
class TaskLine:
    """One line of today's work (待办行)."""

    tone: str
    when: str
    title: str
    sentence: str
    place: str
    note: str
    href: str
    label: str


@signed_in
def show(request: OfficeRequest) -> HttpResponse:
    """Today (今天): tasks by harm and due date, each with its reason, days left and one button."""
    on = today()
    page = Paginator(open_tasks(request.user, on=on), SHOWN).get_page(request.GET.get("page"))
    first = list(page.object_list)
    urgent = [task for task in first if (task.due_on - on).days <= SOON_DAYS]
    later = [task for task in first if (task.due_on - on).days > SOON_DAYS]
    lines = dict(zip([*urgent, *later], task_lines(request.user, [*urgent, *later], on=on), strict=True))
    return render(
        request,
        "desk/today/today.html",
        {
            "total": page.paginator.count,
            "page": page,
            "urgent": [lines[task] for task in urgent],
            "later": [lines[task] for task in later],
            "figures": _figures(request.user, on=on),
        },
    )


@dataclass(frozen=True)
class Figure:
    """A number that opens to its list (可打开的数字)."""

    label: str
    value: str
    href: str


def _figures(user: Person, *, on: date) -> list[Figure]:
    """The few numbers of the children a person may see; none where they see none."""
    asked = Filters(), Filters(without_id=True), Filters(age_from=17, age_to=17)
    registered, without_id, aged_17 = child_counts(user, *asked, on=on)
    if not registered:
        return []
    children = reverse("desk:children")
    return [
        Figure(_("Children in the register"), count_words(registered), children),
        Figure(_("Without ID number"), count_words(without_id), f"{children}?without_id=on"),
        Figure(_("Aged 17, soon 18"), count_words(aged_17), f"{children}?age=17"),
    ]


def task_lines(user: Person, tasks: list[Task], *, on: date) -> list[TaskLine]:
    """Tasks in words (待办用语), with the names of the children the user may see."""
    names = names_of(user, [file_of(task) for task in tasks], on=on)
    places = short_names(task.division_code for task in tasks)
    return [_line(task, names, places, on=on) for task in tasks]


BY_WORKING_DAYS = frozenset(
    {
        "check_application",
        "decide_application",
        "tell_family",
        "reply_by_letter",
        "outgoing_send",
        "outgoing_answer",
        "outgoing_tell",
        "enter_national",
    }
)


def _when(task: Task, *, on: date) -> tuple[str, str]:
    """The tone and the words for its last day: in working days where the law counts those."""
    tone, when = days_left(task.due_on, on)
    if task.kind not in BY_WORKING_DAYS:
        return tone, when
    left = working_days_left(task.due_on, on=on, jurisdiction=task.division_code, calendar=calendar_in_force())
    tone = LATE if left <= 0 else "soon" if left <= SOON_DAYS else "fine"
    return tone, working_days_words(left)


def file_of(task: Task) -> str:
    """The file a task is about (所涉档案), for its name; nothing where it is about none."""
    if task.subject_kind in ("application", "recognition"):
        return str(task.values["file"])
    return task.subject_key if task.subject_kind == "child" else ""


def _line(task: Task, names: dict[str, str], places: dict[str, str], *, on: date) -> TaskLine:
    words = TASKS[task.kind]
    tone, when = _when(task, on=on)
    title = names.get(file_of(task), task.subject_key)
    if task.subject_kind == "import_batch":
        title = _("Batch %(number)s") % {"number": task.subject_key}
    if task.subject_kind == "outgoing":
        title = _("Application %(number)s") % task.values
    if task.subject_kind == "pair":
        title = _("Pair %(number)s") % {"number": task.subject_key}
    if task.subject_kind in OF_PLACES:
        title = places[task.division_code]
    return TaskLine(
        tone,
        when,
        title,
        str(words.sentence) % spoken_values(task),
        places[task.division_code],
        str(words.note),
        task_href(task),
        str(words.label),
    )
