"""Applications in words (申请用语): states, the clock, the items, the law's answer, what was done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from hutong.accounts.models import Person
from hutong.allowances.cases import PAPER, SEALED, Case, Item, Progress, clock_of
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import State, Step
from hutong.allowances.queries import open_application
from hutong.desk.law_words import citation_words
from hutong.desk.titles import circumstance_title, day, disability_words, pair_title, span
from hutong.desk.words import category_title, working_days_words
from hutong.divisions.queries import short_names
from hutong.law.applying import Standing
from hutong.law.calendar import Why
from hutong.law.citation import Reason
from hutong.law.data_checks import Verdict
from hutong.law.deadlines import Deadline
from hutong.law.papers import PAPERS
from hutong.law.recognition import PAID, Outcome, Recognition
from hutong.law.recognition_clock import Leg, LegClock, Light, RecognitionClock
from hutong.registry.models import Child
from hutong.registry.models.parent import Role

TONES = {
    State.DRAFT: "plain",
    State.CONFIRMED: "fine",
    State.REFUSED: "late",
    State.WITHDRAWN: "plain",
    State.UPHELD: "late",
}
LIGHTS = {
    Light.AMPLE: "fine",
    Light.RUNNING: "info",
    Light.SOON: "soon",
    Light.OVERDUE: "late",
    Light.PAUSED: "info",
    Light.IN_TIME: "fine",
    Light.LATE: "late",
}
LEGS = {
    Leg.RECEIVING: _lazy("receiving township"),
    Leg.TOWNSHIP: _lazy("township"),
    Leg.COUNTY: _lazy("county"),
    Leg.TELLING: _lazy("receiving township"),
    Leg.HOME: _lazy("other province"),
}
WAITS_WITH = {
    State.DRAFT: _lazy("not handed in yet"),
    State.SUBMITTED: _lazy("township, to accept"),
    State.CORRECTION: _lazy("family, to bring papers"),
    State.SUPPLEMENT: _lazy("family, to bring papers"),
    State.ACCEPTED: _lazy("township, to check"),
    State.RECHECK: _lazy("township, to check"),
    State.CHECKED: _lazy("county, to decide"),
    State.REVIEW: _lazy("county, to review"),
}
WAITS_AT_COUNTY = {
    State.SUBMITTED: _lazy("county, to accept"),
    State.ACCEPTED: _lazy("county, to check"),
    State.RECHECK: _lazy("county, to check"),
}
PROGRESS = {
    Progress.BLOCKED: ("late", _lazy("paper missing")),
    Progress.TO_DO: ("plain", _lazy("to be looked at")),
    Progress.DOUBTFUL: ("soon", _lazy("doubtful")),
    Progress.DONE: ("fine", _lazy("fits")),
}
OFF = {
    Why.WEEKEND: _lazy("weekend"),
    Why.HOLIDAY: _lazy("holiday"),
    Why.LOCAL_HOLIDAY: _lazy("local holiday"),
}
ANSWERS = {
    Outcome.RECOGNISED: ("fine", _lazy("The law recognises: %(category)s")),
    Outcome.REFUSED: ("late", _lazy("The law does not recognise")),
    Outcome.MANUAL: ("soon", _lazy("The law leaves it to a person")),
}


def clock_words(clock: RecognitionClock) -> tuple[str, str]:
    """The tone and the words of a clock (时限用语); nothing where none has run."""
    if clock.light is None:
        return "plain", ""
    tone = LIGHTS[clock.light]
    if clock.light is Light.IN_TIME:
        return tone, _("in time")
    if clock.light is Light.LATE:
        return tone, _("later than the last day")
    left = clock.days_left or 0
    if clock.light is Light.PAUSED:
        return tone, _("paused, %(left)s") % {"left": working_days_words(left)}
    return tone, working_days_words(left)


@dataclass(frozen=True)
class ApplicationLine:
    """One line of the applications (申请列表行)."""

    application: Application
    category: str
    state: str
    state_tone: str
    holder: str
    tone: str
    when: str
    place: str
    ended_on: date | None


def application_lines(applications: Iterable[Application], *, on: date) -> list[ApplicationLine]:
    """Applications as a list shows them, each with its clock."""
    rows = list(applications)
    places = short_names(one.division_code for one in rows)
    return [_line(one, places[one.division_code], on=on) for one in rows]


def open_application_line(user: Person, child: Child, *, on: date) -> ApplicationLine | None:
    """The application for a child that is not decided yet, as a line; its days are read where there is one."""
    found = open_application(user, child, on=on)
    return next(iter(application_lines([found], on=on)), None) if found else None


def _line(application: Application, place: str, *, on: date) -> ApplicationLine:
    tone, when = clock_words(clock_of(application, on=on))
    return ApplicationLine(
        application,
        category_title(application.category),
        str(application.get_state_display()),
        state_tone(application),
        waits_with(application),
        tone,
        when,
        place,
        _ended_on(application),
    )


def waits_with(application: Application) -> str:
    """Who has an application now, and what for; nothing where nobody has it."""
    if application.is_to_tell and application.sent_by:
        return _("township, to answer by letter")
    if application.is_to_tell:
        return _("receiving township, to tell the family")
    if application.received_at and application.state == State.SUBMITTED:
        return _("receiving township, to pass it on")
    waits = WAITS_WITH | WAITS_AT_COUNTY if application.is_at_county else WAITS_WITH
    return str(waits.get(State(application.state), ""))


def _ended_on(application: Application) -> date | None:
    steps = list(application.steps.all())
    return steps[-1].on if steps and not application.is_open else None


def state_tone(application: Application) -> str:
    """The tone of a state."""
    return TONES.get(State(application.state), "info")


@dataclass(frozen=True)
class LegLine:
    """One leg of the clock in words (环节时限行), with the days that were counted and those that were not.

    `note` says at a glance from when to when, by whom, and how long it was paused.
    """

    title: str
    done: int
    total: int
    used: str
    note: str
    until: str
    tone: str
    counted: list[str]
    skipped: list[str]
    pauses: list[str]


def leg_lines(clock: RecognitionClock, whom: Mapping[Leg, str] | None = None) -> list[LegLine]:
    """The legs of a clock and the whole (时限明细); `whom` names who ended each."""
    whom = whom or {}
    legs = [_leg(leg, str(LEGS[leg.leg]), whom.get(leg.leg, "")) for leg in clock.legs]
    return [*legs, _leg(clock.whole, _("altogether"))] if clock.whole else legs


def hands_of(application: Application) -> dict[Leg, str]:
    """Who ended each leg (各环节经办人), by name; the last one where it was ended twice."""
    ended = {
        Step.CHECK: Leg.TOWNSHIP,
        Step.CONFIRM: Leg.COUNTY,
        Step.REFUSE: Leg.COUNTY,
        Step.TELL: Leg.TELLING,
    } | ({Step.ACCEPT: Leg.RECEIVING} if application.received_at else {})
    return {ended[Step(one.step)]: one.by.name for one in application.steps.all() if one.step in ended}


def _leg(leg: LegClock, title: str, who: str = "") -> LegLine:
    used = _("%(used)s of %(days)s working days") % {"used": leg.used, "days": leg.days}
    until = _("until %(last)s") % {"last": day(leg.deadline.due_on)}
    is_over = leg.is_late or (leg.ended_on is None and leg.used > leg.days)
    tone = "late" if is_over else "plain"
    done, note = min(leg.used, leg.days), _leg_note(leg, who)
    return LegLine(title, done, leg.days, used, note, until, tone, *_sums(leg.deadline))


def _leg_note(leg: LegClock, who: str) -> str:
    """From when to when, by whom, and the days on which nothing ran."""
    paused = sum((pause.until_on - pause.from_on).days + 1 for pause in leg.deadline.pauses)
    ended = day(leg.ended_on) if leg.ended_on else _("today")
    words = ngettext("paused for %(days)s day", "paused for %(days)s days", paused) % {"days": paused} if paused else ""
    return " · ".join(filter(None, (f"{day(leg.began_on)} – {ended}", who, words)))


def _sums(deadline: Deadline) -> tuple[list[str], list[str], list[str]]:
    counted = [day(one) for one in deadline.counted]
    skipped = [f"{day(one.day)} {OFF[one.why]}" for one in deadline.skipped]
    pauses = [span(one.from_on, one.until_on) for one in deadline.pauses]
    return counted, skipped, pauses


@dataclass(frozen=True)
class ItemLine:
    """One item in words (核对事项行)."""

    item: Item
    title: str
    note: str
    tone: str
    state: str
    papers: list[tuple[str, str, str]]
    look: str


def item_lines(case: Case) -> list[ItemLine]:
    """The items of a case (核对事项), each with its papers: title, day, address."""
    return evidence_lines(case.items, case.application.file)


def evidence_lines(items: Iterable[Item], child: Child) -> list[ItemLine]:
    """What a recognition of a child rests on (核对事项)."""
    return [_item_line(item, child) for item in items]


def _item_line(item: Item, child: Child) -> ItemLine:
    tone, state = PROGRESS[item.progress]
    if item.standing is Standing.EXPIRED:
        state = _lazy("paper expired")
    return ItemLine(item, _item_title(item), _item_note(item), tone, str(state), _papers(item, child), _look(item))


def _item_title(item: Item) -> str:
    if item.key == f"{PAPER}-{SEALED}":
        return _("Sealed paper")
    if item.circumstance is None:
        return paper_title(item.asked[0])
    whose = item.circumstance.parent
    title = circumstance_title(item.circumstance.kind)
    return f"{Role(whose.role).label} {whose.name} · {title}" if whose else f"{_('The child')} · {title}"


def _item_note(item: Item) -> str:
    one = item.circumstance
    if one is None:
        return ""
    said = [span(one.from_on, one.until_on), disability_words(one.disability_class, one.grade)]
    if one.reported_on:
        said.append(_("search taken by the police on %(on)s") % {"on": day(one.reported_on)})
    if one.notice_on:
        said.append(_("public notice given on %(on)s") % {"on": day(one.notice_on)})
    if not item.papers:
        said.append(_("shown by: %(papers)s") % {"papers": "、".join(map(paper_title, item.asked))})
    said += [check.text.open() for check in item.checks if check.verdict == Verdict.CONTRADICTS and check.text]
    return " · ".join(filter(None, said))


def _papers(item: Item, child: Child) -> list[tuple[str, str, str]]:
    return [
        (paper_title(paper.kind), _until(paper.expires_on), reverse("desk:paper", args=[child.file_number, paper.pk]))
        for paper in item.papers
    ]


def _until(expires_on: date | None) -> str:
    return _("until %(last)s") % {"last": day(expires_on)} if expires_on else ""


def _look(item: Item) -> str:
    if item.look is None:
        return ""
    said = {"who": item.look.by.name, "on": day(item.look.on)}
    words = _("looked at by %(who)s, %(on)s") % said
    return f"{words}：{item.look.words.open()}" if item.look.words else words


def paper_title(kind: str) -> str:
    """A kind of paper."""
    return pair_title(PAPERS[kind])


@dataclass(frozen=True)
class AnswerLine:
    """One reason of the law (法定理由行)."""

    text: str
    citation: str
    is_provisional: bool


def answer_words(answer: Recognition) -> tuple[str, str]:
    """The tone and the words of the law's answer."""
    tone, words = ANSWERS[answer.outcome]
    return tone, str(words) % {"category": pair_title(PAID[answer.category]) if answer.category else ""}


def answer_lines(reasons: Iterable[Reason]) -> list[AnswerLine]:
    """Why the law answers so, each with its source."""
    return [AnswerLine(one.text, citation_words(one.citation), one.citation.is_provisional) for one in reasons]


STEPS: dict[str, Promise] = {
    Step.SUBMIT: _lazy("applied"),
    Step.ASK: _lazy("told the family once what is missing"),
    Step.BRING: _lazy("brought papers"),
    Step.ACCEPT: _lazy("accepted"),
    Step.DOUBT: _lazy("looks into it again"),
    Step.ASK_MORE: _lazy("asked for more papers"),
    Step.BRING_MORE: _lazy("brought more papers"),
    Step.CHECK: _lazy("checked"),
    Step.SEND_BACK: _lazy("sent it back to the township"),
    Step.CONFIRM: _lazy("confirmed"),
    Step.REFUSE: _lazy("did not confirm"),
    Step.WITHDRAW: _lazy("took it back"),
    Step.ASK_REVIEW: _lazy("asked for a review"),
    Step.UPHOLD: _lazy("upheld the refusal"),
    Step.OVERTURN: _lazy("confirmed after all"),
    Step.TELL: _lazy("told the family"),
}


@dataclass(frozen=True)
class StepLine:
    """One step in words (办理记录行)."""

    step: ApplicationStep
    title: str
    note: str


def step_lines(application: Application, *, sensitive: bool) -> list[StepLine]:
    """What was done (办理记录), the latest first; words and papers only for whoever sees sensitive facts."""
    return [_step_line(step, sensitive=sensitive) for step in reversed(application.steps.all())]


def _step_line(step: ApplicationStep, *, sensitive: bool) -> StepLine:
    said = []
    if sensitive and step.missing:
        said.append("、".join(map(paper_title, step.missing)))
    if sensitive and step.words:
        said.append(step.words.open())
    if sensitive and step.late_reason:
        said.append(_("why it took longer: %(why)s") % {"why": step.late_reason.open()})
    return StepLine(step, str(STEPS[step.step]), "；".join(said))
