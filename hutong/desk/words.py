"""Words (用语) for codes that rooms hand up: categories, relations, tasks, events of the timeline."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.models import Task
from hutong.divisions.queries import path_names
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.categories import CATEGORIES
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.law.fields import About, FieldClass
from hutong.law.form_questions import QUESTIONS, answer_titles
from hutong.law.identity import Sex
from hutong.law.relations import KIN, RELATIONS
from hutong.registry.finding import COUNTED_TO, Kind, read_words
from hutong.registry.models.child import SEXES

LATE, SOON_DAYS = "late", 3
ROOMS = {
    "registry": _lazy("Register of children"),
    "protection": _lazy("Protection"),
    "outreach": _lazy("Outreach"),
    "allowances": _lazy("Allowances"),
    "treasury": _lazy("Treasury"),
    "network": _lazy("Network of organisations"),
    "governance": _lazy("Governance"),
    "accounts": _lazy("Accounts"),
    "divisions": _lazy("Divisions"),
    "machinery": _lazy("Tables of the system"),
}
FIELD_CLASSES = {
    FieldClass.ORDINARY: _lazy("Ordinary"),
    FieldClass.SENSITIVE: _lazy("Sensitive"),
    FieldClass.SECRET: _lazy("Secret"),
}
NOUNS_ABOUT = {
    About.CHILD: _lazy("About children and their families"),
    About.STAFF: _lazy("About people of an office"),
    About.PLACE: _lazy("About places"),
    About.MACHINE: _lazy("About the system itself"),
}


def speaks_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


def category_title(code: str) -> str:
    """A category in the reader's language."""
    category = CATEGORIES[code]
    return category.title_zh if speaks_chinese() else category.title_en


def relation_title(code: str) -> str:
    """A relation in the reader's language."""
    return RELATIONS[code][0 if speaks_chinese() else 1] if code else ""


def kin_title(code: str) -> str:
    """A relation as seen from somebody of an office, in the reader's language."""
    return KIN[code][0 if speaks_chinese() else 1]


def coded(column: str, value: str) -> str:
    """A value of a workbook as people say it: a sex, a relation, a place or a day is more than its code."""
    if not value:
        return "—"
    if column == "sex":
        return str(SEXES[Sex(value)])
    if column == "guardian_relation":
        return relation_title(value)
    if column.endswith("division"):
        return path_names([value]).get(value, value)
    if column in QUESTIONS:
        return answer_words(column, value)
    return ethnic_title(value) if column == "ethnic_group" else value


def answer_words(question: str, kept: str) -> str:
    """An answer of a form in the reader's language; the words as written where the form does not offer them."""
    return "、".join(zh if speaks_chinese() else en for zh, en in answer_titles(question, kept))


@dataclass(frozen=True)
class TaskWords:
    """How one kind of task is said (待办用语): after the subject, beside it, below it, and the button."""

    sentence: Promise
    note: Promise
    label: Promise


TASKS = {
    "confirm_change": TaskWords(
        _lazy("has a change that waits for a second person"),
        _lazy("What moves money is proposed by one person and confirmed by another. Look at both sides, then decide."),
        _lazy("Look and decide"),
    ),
    "receive_child": TaskWords(
        _lazy("is to be taken on from another place"),
        _lazy("The other place hands this file over. Until you take it on, the other place is responsible."),
        _lazy("Look and answer"),
    ),
    "give_child": TaskWords(
        _lazy("is asked for by another place"),
        _lazy("Another place says that the child lives there now. Find out, then give the file or say why not."),
        _lazy("Look and answer"),
    ),
    "admit_batch": TaskWords(
        _lazy("has %(rows)s rows that may be admitted"),
        _lazy("Somebody else has to admit what one person imported. Nothing is in the register yet."),
        _lazy("Check and admit"),
    ),
    "mend_batch": TaskWords(
        _lazy("has %(rows)s rows to be mended"),
        _lazy("The marked workbook says at each cell what is wrong. Mend it and send it again."),
        _lazy("See the rows"),
    ),
    "confirm_delegation": TaskWords(
        _lazy("somebody is to stand in for a colleague"),
        _lazy("It holds only once you agree. See that nobody gets two duties of one decision."),
        _lazy("Look and decide"),
    ),
    "hand_over": TaskWords(
        _lazy("stands in a list of %(place)s too"),
        _lazy("Find out where the child lives now. One child has one file; a child who has moved is handed over."),
        _lazy("Open the file"),
    ),
    "second_file": TaskWords(
        _lazy("may have a second file in %(place)s"),
        _lazy("Find out where the child lives now. If both files are one child's, one place hands its file over."),
        _lazy("Open the file"),
    ),
    "get_id": TaskWords(
        _lazy("has no ID number yet"),
        _lazy("Without a number the child is easily missed or counted twice. Help the family to register the child."),
        _lazy("Open the file"),
    ),
    "turning_18": TaskWords(
        _lazy("turns 18 on %(on)s"),
        _lazy("Find out now whether the child goes on studying; nothing is stopped by itself."),
        _lazy("Open the file"),
    ),
    "split_place": TaskWords(
        _lazy("was divided; %(children)s children are still to be assigned"),
        _lazy("The place has more than one successor. Give each child the place where it lives now."),
        _lazy("See the children"),
    ),
    "guardian_phone": TaskWords(
        _lazy("has a guardian without a telephone number"),
        _lazy("Ask for a number at the next visit, so that the family can be reached."),
        _lazy("Open the file"),
    ),
    "judge_pairs": TaskWords(
        _lazy("has %(pairs)s pairs of files that may be one child each"),
        _lazy("A child with two files is counted and paid twice. Look at both files and say: one child or two."),
        _lazy("See the pairs"),
    ),
    "bring_together": TaskWords(
        _lazy("has %(pairs)s pairs of files of two counties that may be one child each"),
        _lazy("Neither county sees the other's file. Ask both to find out where the child lives now."),
        _lazy("See the pairs"),
    ),
    "confirm_merge": TaskWords(
        _lazy("two files are to be joined"),
        _lazy("One person takes two files for one child's. Look at both sides, then confirm or say why not."),
        _lazy("Look and decide"),
    ),
    "second_look": TaskWords(
        _lazy("is looked at a second time"),
        _lazy("Drawn at random, to see how good the answers are. You are not told what was answered."),
        _lazy("Look at it"),
    ),
    "answers_differ": TaskWords(
        _lazy("two people have answered differently"),
        _lazy("One says one child, the other two children. Find out, and undo what was wrong."),
        _lazy("Look at it"),
    ),
    "two_paid_categories": TaskWords(
        _lazy("is paid in two files; file %(file)s was joined"),
        _lazy("Both payments go on. Find out which one is due and end the other; nothing is stopped by itself."),
        _lazy("Open the categories"),
    ),
    "sort_facts": TaskWords(
        _lazy("was parted from file %(file)s; %(count)s entries were made meanwhile"),
        _lazy("They stay with this file. See whether one of them is about the other child, and enter it there."),
        _lazy("See the entries"),
    ),
    "review_emergency": TaskWords(
        _lazy("a file was opened in an emergency"),
        _lazy("Somebody of another place needed it at once. Look whether it was needed, and say so."),
        _lazy("Review it"),
    ),
    "emergency_unreviewed": TaskWords(
        _lazy("nobody has reviewed what was opened in an emergency"),
        _lazy("The county should have done it within three working days. Review it, or see that it does."),
        _lazy("Review it"),
    ),
    "decide_copy": TaskWords(
        _lazy("copy %(number)s of %(children)s children is asked for"),
        _lazy("For so many children in a day a second person agrees first. See what for, and who receives it."),
        _lazy("Look and decide"),
    ),
    "apply_for_child": TaskWords(
        _lazy("may be recognised, and nobody has applied"),
        _lazy("What the file says of the parents meets the conditions. Look, then help the family to apply."),
        _lazy("Look and apply"),
    ),
    "follow_leads": TaskWords(
        _lazy("by what other departments say may be recognised, and nobody has applied"),
        _lazy("What which department said stands on the page. Visit the family, then record it or say why not."),
        _lazy("See what is said"),
    ),
    "check_child": TaskWords(
        _lazy("is to be looked after: other departments report something about a parent"),
        _lazy("See who looks after the child now. What was said stands on the page; nothing is decided by it."),
        _lazy("See what is said"),
    ),
    "compare_name": TaskWords(
        _lazy("other departments say something of a parent’s number, but under another name"),
        _lazy("It may be another person. Compare number and name, then record it or close it."),
        _lazy("Compare"),
    ),
    "child_said_dead": TaskWords(
        _lazy("is on a list of the dead"),
        _lazy("Find out at once. If it is so, close the file, which a second person confirms; else close the lead."),
        _lazy("See what is said"),
    ),
    "rule_on_list": TaskWords(
        _lazy("a list of a department names %(children)s children of one county"),
        _lazy("That is more than can be believed unasked. Ask the department; until then nothing follows from it."),
        _lazy("Look and answer"),
    ),
    "visit_family": TaskWords(
        _lazy("is to be visited"),
        _lazy("Look in on the family and see how the child is. The township tells you more."),
        _lazy("Open the file"),
    ),
    "visit_adopted": TaskWords(
        _lazy("is to be visited after the adoption"),
        _lazy("With the institution, at the months that the notice sets. The visit is recorded in the file."),
        _lazy("Record a visit"),
    ),
    "accept_application": TaskWords(
        _lazy("an application waits to be accepted"),
        _lazy("See whether all papers are there. What is missing, the family is told once and all together."),
        _lazy("Look and accept"),
    ),
    "bring_papers": TaskWords(
        _lazy("a family was asked for papers"),
        _lazy("Help the family to bring them, and add them to the child’s papers."),
        _lazy("Open the application"),
    ),
    "check_application": TaskWords(
        _lazy("an application waits to be checked"),
        _lazy("Look at each thing it rests on, then give the township’s opinion."),
        _lazy("Look and check"),
    ),
    "decide_application": TaskWords(
        _lazy("an application waits to be decided"),
        _lazy("The law’s answer stands beside the evidence. You decide, and say why where you decide otherwise."),
        _lazy("Look and decide"),
    ),
    "review_application": TaskWords(
        _lazy("a refusal is to be reviewed"),
        _lazy("The family asks for it. Another person than the one who refused looks at everything again."),
        _lazy("Look and decide"),
    ),
    "tell_family": TaskWords(
        _lazy("a family waits to hear what was decided"),
        _lazy("It applied here for a child of another place. Give it the letter, then say that it knows."),
        _lazy("Open the application"),
    ),
    "reply_by_letter": TaskWords(
        _lazy("an office of another province waits to hear what was decided"),
        _lazy("It sent the application by letter. Issue the reply; it tells the family."),
        _lazy("Open the application"),
    ),
    "outgoing_send": TaskWords(
        _lazy("is to be sent on to another province"),
        _lazy("See whether all papers are there, then issue the letter and send it with copies of the papers."),
        _lazy("Look and send"),
    ),
    "outgoing_papers": TaskWords(
        _lazy("waits for papers of the family"),
        _lazy("Record them once they are there; then it is sent on to the other province."),
        _lazy("Open it"),
    ),
    "outgoing_answer": TaskWords(
        _lazy("waits for the answer of another province"),
        _lazy("By the last day home should have decided. Call its office, and record the answer when it comes."),
        _lazy("Open it"),
    ),
    "outgoing_tell": TaskWords(
        _lazy("was answered; the family waits to hear"),
        _lazy("Give it what came from the other province, then say that it knows."),
        _lazy("Tell the family"),
    ),
    "enter_national": TaskWords(
        _lazy("has %(children)s children whose last day to be entered in the national system has come"),
        _lazy("Enter them there, then mark each with its number. The list says who."),
        _lazy("See who"),
    ),
    "look_at_finding": TaskWords(
        _lazy("an audit before payment has found something"),
        _lazy("Look into it and say what came of it. The payment goes on until a person decides otherwise."),
        _lazy("Look into it"),
    ),
    "review_recognition": TaskWords(
        _lazy("is to be reviewed: once a year somebody looks whether the conditions are still met"),
        _lazy("See the child, the parents’ situation and the papers, then say what you found."),
        _lazy("Look and review"),
    ),
    "look_into_recognition": TaskWords(
        _lazy("by what the file says may not meet the conditions any more"),
        _lazy("What was found stands on the page. Find out, then suspend or propose the end. Nothing stops by itself."),
        _lazy("Look into it"),
    ),
    "settle_suspension": TaskWords(
        _lazy("is suspended"),
        _lazy("Nothing is paid. Find out, then lift the suspension or propose the end."),
        _lazy("Look and settle"),
    ),
    "confirm_end": TaskWords(
        _lazy("is to be paid for no longer; the end waits for a second person"),
        _lazy("See the reason, its day and the papers, then confirm it or say why not."),
        _lazy("Look and decide"),
    ),
    "confirm_standard": TaskWords(
        _lazy("has a standard from %(on)s on that waits for a second person"),
        _lazy("See the document, what it would cost, who gains and who loses; then confirm it or say why not."),
        _lazy("Look and decide"),
    ),
    "paper_expiring": TaskWords(
        _lazy("has papers that expire: %(count)s, the first on %(on)s"),
        _lazy("Ask the family or the office that issues it for the new one now, and add it under Papers."),
        _lazy("Open the papers"),
    ),
    "paper_expires_soon": TaskWords(
        _lazy("has papers that expire within 30 days: %(count)s, the first on %(on)s"),
        _lazy("What rests on the paper cannot be proved afterwards. See that the township brings the new one."),
        _lazy("Open the papers"),
    ),
    "approve_run": TaskWords(
        _lazy("the payments of %(month)s wait to be approved"),
        _lazy("See the exceptions first, then compare lines, total and money."),
        _lazy("Look and approve"),
    ),
    "mend_run": TaskWords(
        _lazy("the payments of %(month)s were sent back"),
        _lazy("The approver says what is to be mended. Mend it, prepare the run anew and hand it in."),
        _lazy("See what is to be mended"),
    ),
    "send_batch": TaskWords(
        _lazy("the payments of %(month)s are approved and wait to be sent"),
        _lazy("Choose the layout that your bank takes, download the file and hand it to the bank."),
        _lazy("Send to the bank"),
    ),
    "confirm_money": TaskWords(
        _lazy("money was entered that another person confirms"),
        _lazy("Compare sum and number with the document. Nothing is paid from it before."),
        _lazy("Look and decide"),
    ),
}
PLACES = {
    "paper_expiring": "desk:papers",
    "paper_expires_soon": "desk:papers",
    "two_paid_categories": "desk:standing",
    "apply_for_child": "desk:apply",
    "follow_leads": "desk:child_leads",
    "check_child": "desk:child_leads",
    "compare_name": "desk:child_leads",
    "child_said_dead": "desk:child_leads",
    "visit_adopted": "desk:record_visit",
}
"""Where a task about a child is done, if not on the first page of the file."""
PAGES_OF = {"run": "desk:run", "batch": "desk:batch", "fund": "desk:fund"}
"""Where a task about money is done, by what it is about."""


def spoken_values(task: Task) -> dict[str, object]:
    """What fills a task's sentence, with days as people write them."""
    spoken: dict[str, object] = dict(task.values)
    if "month" in spoken:
        spoken["month"] = date_format(date.fromisoformat(f"{spoken['month']}-01"), "YEAR_MONTH_FORMAT")
    if "on" in spoken:
        spoken["on"] = date_format(date.fromisoformat(str(spoken["on"])), "DATE_FORMAT")
    return spoken


def task_href(task: Task) -> str:
    """Where a task is done."""
    if task.subject_kind == "import_batch":
        return reverse("desk:import", args=[task.subject_key])
    if "move" in task.values:
        return reverse("desk:move_answer", args=[task.values["move"]])
    if task.kind == "confirm_change":
        return reverse("desk:changes", args=[task.subject_key])
    if task.kind == "sort_facts":
        return reverse("desk:undone_merge", args=[task.values["file"], task.values["merge"]])
    if task.subject_kind == "delegation":
        return reverse("desk:stand_in", args=[task.subject_key])
    if task.subject_kind == "pairs":
        return f"{reverse('desk:pairs')}?division={task.subject_key}"
    if task.subject_kind == "pair":
        return reverse("desk:second_look" if task.kind == "second_look" else "desk:pair", args=[task.subject_key])
    if task.subject_kind == "copy":
        return reverse("desk:copy", args=[task.subject_key])
    if task.subject_kind == "application":
        return reverse("desk:application", args=[task.subject_key])
    if task.subject_kind == "department_list":
        return reverse("desk:list", args=[task.subject_key])
    if task.subject_kind == "outgoing":
        return reverse("desk:outgoing_application", args=[task.subject_key])
    if task.subject_kind == "national":
        return reverse("desk:national")
    if task.subject_kind == "finding":
        return reverse("desk:finding", args=[task.subject_key])
    if task.subject_kind == "recognition":
        return reverse("desk:review", args=[task.subject_key])
    if task.subject_kind == "standard":
        return reverse("desk:standard", args=[task.subject_key])
    if task.subject_kind == "emergency":
        return reverse("desk:emergency", args=[task.subject_key])
    if task.subject_kind in PAGES_OF:
        return reverse(PAGES_OF[task.subject_kind], args=[task.subject_key])
    if task.subject_kind == "allocation":
        return reverse("desk:funds")
    if task.subject_kind == "division":
        return f"{reverse('desk:children')}?division={task.subject_key}"
    return reverse(PLACES.get(task.kind, "desk:child"), args=[task.subject_key])


def days_left(due_on: date, on: date) -> tuple[str, str]:
    """The tone and the words for a due date."""
    left = (due_on - on).days
    if left < 0:
        return LATE, ngettext("%(days)s day late", "%(days)s days late", -left) % {"days": -left}
    if left == 0:
        return LATE, _("Due today")
    tone = "soon" if left <= SOON_DAYS else "fine"
    return tone, ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}


def working_days_words(left: int) -> str:
    """Working days left as people say them (剩余工作日); negative ones are over."""
    if left < 0:
        return ngettext("%(days)s working day over", "%(days)s working days over", -left) % {"days": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}


def count_words(count: int, most: int = COUNTED_TO) -> str:
    """`1,284`, and `10,000+` where counting stopped."""
    return f"{intcomma(most)}+" if count > most else intcomma(count)


def search_words(text: str) -> str:
    """What was searched for, as a page repeats it: a number of identity or a telephone number masked."""
    words = read_words(text)
    if words.kind == Kind.ID:
        return mask_id_number(words.value)
    return mask_phone(words.value) if words.kind == Kind.PHONE else text


def age_words(age: int) -> str:
    """`9 岁`."""
    return ngettext("%(age)s year", "%(age)s years", age) % {"age": age}
