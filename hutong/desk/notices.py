"""How notices are said (通知用语), and where they lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models import Notice
from hutong.accounts.roles import ROLES
from hutong.divisions.queries import path_names


@dataclass(frozen=True)
class NoticeWords:
    """How one kind of notice is said: the sentence, and what it means for the reader."""

    sentence: Promise
    note: Promise


NOTICES = {
    "posting_given": NoticeWords(
        _("You are %(role)s of %(place)s from %(on)s on"),
        _("Your first screen shows what waits for you from that day on."),
    ),
    "application_soon": NoticeWords(
        _("Application %(number)s: few working days are left, until %(on)s"),
        _("It waits for your office. The days counted stand on its page."),
    ),
    "application_due_today": NoticeWords(
        _("Application %(number)s: today is its last day"), _("Whoever takes longer says why.")
    ),
    "application_overdue": NoticeWords(
        _("Application %(number)s: its last day was %(on)s"),
        _("It is still to be done, with a word why it took longer."),
    ),
    "application_confirmed": NoticeWords(
        _("Application %(number)s was confirmed"),
        _("Give the family the letter. The child is paid for from the month after."),
    ),
    "application_refused": NoticeWords(
        _("Application %(number)s was not confirmed"),
        _("Give the family the letter: it says why, and where to turn."),
    ),
    "application_upheld": NoticeWords(
        _("The refusal of application %(number)s was upheld"),
        _("Tell the family why, and that it may still go to law."),
    ),
    "opened_to_receive": NoticeWords(
        _("File %(file)s was opened in another place, where the family applies"),
        _("The township there receives the application and passes it on to you. Who opened it stands in the file."),
    ),
    "registered_to_receive": NoticeWords(
        _("File %(file)s was registered for your place where the family applies"),
        _("No place held one. The file is yours: see that it is right; the application is passed on to you."),
    ),
    "recognition_suspended": NoticeWords(
        _("What is paid for the child of file %(file)s was suspended"),
        _("Give the family the letter: it says why, and what to do."),
    ),
    "recognition_lifted": NoticeWords(
        _("What is paid for the child of file %(file)s is paid again"), _("Tell the family from which month.")
    ),
    "recognition_ended": NoticeWords(
        _("What is paid for the child of file %(file)s has ended"),
        _("Give the family the letter: it says why, from which month, and where to turn."),
    ),
    "recognition_end_rejected": NoticeWords(
        _("The end you proposed for file %(file)s was not agreed to"), _("The reason stands on its page.")
    ),
    "standard_confirmed": NoticeWords(
        _("The standard you proposed for %(place)s from %(on)s on was confirmed"), _("It holds from that day on.")
    ),
    "standard_refused": NoticeWords(
        _("The standard you proposed for %(place)s from %(on)s on was not agreed to"), _("The reason stands with it.")
    ),
    "standard_withdrawn": NoticeWords(
        _("The standard you proposed for %(place)s from %(on)s on was withdrawn before it held"),
        _("The reason stands with it. What held before goes on."),
    ),
    "standard_holds": NoticeWords(
        _("A new standard of %(place)s holds from %(on)s on"),
        _("What is paid from that month on is counted by it. Its document can be opened there."),
    ),
    "change_confirmed": NoticeWords(_("What you proposed for file %(file)s was confirmed"), _("It has taken effect.")),
    "change_refused": NoticeWords(
        _("What you proposed for file %(file)s was not agreed to"), _("The reason stands with the change.")
    ),
    "move_accepted": NoticeWords(
        _("File %(file)s has been handed over"), _("The receiving place is responsible from now on.")
    ),
    "move_taken_back": NoticeWords(
        _("The hand-over of file %(file)s was taken back"), _("The place that holds the file has closed it.")
    ),
    "move_refused": NoticeWords(
        _("The hand-over of file %(file)s was not agreed to"), _("The reason stands with the move.")
    ),
    "merge_done": NoticeWords(
        _("Files %(first)s and %(second)s, which you took for one child's, are joined"),
        _("Another person has confirmed it."),
    ),
    "merge_refused": NoticeWords(
        _("The joining of files %(first)s and %(second)s was not agreed to"),
        _("The reason stands with the pair; it is asked again."),
    ),
    "merge_undone": NoticeWords(
        _("The joining of files %(first)s and %(second)s was undone"),
        _("Both are again what they were before they were joined."),
    ),
    "pair_reopened": NoticeWords(
        _("What you answered of files %(first)s and %(second)s is asked anew"),
        _("Who asks and why stands with the pair; your answer stays readable there."),
    ),
    "opened_from_above": NoticeWords(
        _("Somebody of the city or region opened file %(file)s"),
        _("Who it was, and what for, stands under “Who looked”."),
    ),
    "opened_in_emergency": NoticeWords(
        _("Somebody opened the file of another place in an emergency"),
        _("Who, why and what happened stands with it; an approver of the child's county reviews it."),
    ),
    "emergency_justified": NoticeWords(
        _("What you opened in an emergency was reviewed: it was needed"), _("There is nothing more for you to do.")
    ),
    "emergency_unjustified": NoticeWords(
        _("What you opened in an emergency was reviewed: it was not needed"), _("The audit administrator was told.")
    ),
    "emergency_misused": NoticeWords(
        _("A file was opened in an emergency that was none"), _("Who reviewed it, and why they say so, stands with it.")
    ),
    "copy_given": NoticeWords(
        _("Copy %(number)s, which you asked for, was agreed to"), _("It can be fetched for a day.")
    ),
    "copy_declined": NoticeWords(
        _("Copy %(number)s, which you asked for, was not agreed to"), _("The reason stands with it.")
    ),
    "copy_to_destroy": NoticeWords(
        _("Copy %(number)s is to be destroyed"),
        _("Destroy every file and every sheet of it, then say so on its page."),
    ),
    "posting_ended": NoticeWords(
        _("Your posting as %(role)s of %(place)s ends; its last day is %(on)s"),
        _("Hand over what you have begun. Your security administrator can say more."),
    ),
    "posting_withdrawn": NoticeWords(
        _("Your coming posting as %(role)s of %(place)s was withdrawn"),
        _("It had not begun. Your security administrator can say more."),
    ),
    "factors_reset": NoticeWords(
        _("Your second factor was reset"),
        _("If you did not ask for it, call the security administrator at once."),
    ),
    "factors_reset_of": NoticeWords(
        _("The second factor of somebody of %(place)s was reset"),
        _("Who, by whom and why stands in the trail. Ask whether it was wanted."),
    ),
    "stands_in": NoticeWords(
        _("You stand in as %(role)s of %(place)s from %(on)s to %(until)s"),
        _("On these days the duty is yours too. It cannot be passed on."),
    ),
    "is_stood_in_for": NoticeWords(
        _("Somebody stands in for you as %(role)s of %(place)s from %(on)s to %(until)s"),
        _("You keep the duty; you can end the stand-in at any time."),
    ),
    "stand_in_refused": NoticeWords(
        _("A stand-in as %(role)s of %(place)s was not agreed to"), _("Ask the security administrator why.")
    ),
    "tasks_handed_over": NoticeWords(
        _("%(tasks)s tasks of a colleague are yours now"), _("They are among today's work.")
    ),
    "tasks_released": NoticeWords(
        _("%(tasks)s tasks of a colleague are free"),
        _("The colleague's account was closed. The tasks are among today's work of everybody in your role."),
    ),
}


UNNAMED = {"first": "—", "second": "—"}
"""What a notice about a pair says that was written before file numbers were kept with it."""


@dataclass(frozen=True)
class NoticeLine:
    """One line of the notices (通知行)."""

    number: int
    at: datetime
    sentence: str
    note: str
    is_read: bool
    href: str


def notice_lines(found: Iterable[Notice]) -> list[NoticeLine]:
    """Notices in words, with the names of the places."""
    rows = list(found)
    places = path_names(str(notice.values["place"]) for notice in rows if "place" in notice.values)
    return [_line(notice, places) for notice in rows]


def _line(notice: Notice, places: dict[str, str]) -> NoticeLine:
    words = NOTICES[notice.kind]
    is_read = bool(getattr(notice, "is_read", True))
    sentence = str(words.sentence) % _spoken(notice, places)
    return NoticeLine(notice.pk, notice.created_at, sentence, str(words.note), is_read, notice_href(notice))


def _spoken(notice: Notice, places: dict[str, str]) -> dict[str, object]:
    spoken: dict[str, object] = UNNAMED | notice.values
    if "place" in spoken:
        spoken["place"] = places.get(str(spoken["place"]), spoken["place"])
    if "role" in spoken:
        spoken["role"] = ROLES[str(spoken["role"])].title
    for day in ("on", "until"):
        if day in spoken:
            spoken[day] = date_format(date.fromisoformat(str(spoken[day])), "DATE_FORMAT")
    return spoken


def notice_href(notice: Notice) -> str:
    """Where a notice leads; nothing where there is no more to see."""
    match notice.subject_kind:
        case "child":
            return reverse("desk:child", args=[notice.subject_key])
        case "pair":
            return reverse("desk:pair", args=[notice.subject_key])
        case "copy":
            return reverse("desk:copy", args=[notice.subject_key])
        case "emergency":
            return reverse("desk:emergency", args=[notice.subject_key])
        case "application":
            return reverse("desk:application", args=[notice.subject_key])
        case "standard":
            return reverse("desk:standard", args=[notice.subject_key])
        case "recognition":
            return reverse("desk:child", args=[notice.values["file"]])
        case "move":
            return reverse("desk:move_answer", args=[notice.subject_key])
        case "import_batch":
            return reverse("desk:import", args=[notice.subject_key])
        case "delegation":
            return reverse("desk:stand_in", args=[notice.subject_key])
        case "task":
            return reverse("desk:today")
        case _:
            return ""
