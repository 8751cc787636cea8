"""Applications (认定申请) of the featured counties in every state, each by the steps that lead there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import Image, ImageDraw

from hutong.accounts.models import Person
from hutong.allowances.actions import applying, checking, deciding, receiving
from hutong.allowances.actions.applying import Applicant, Letter
from hutong.allowances.actions.stepping import is_late
from hutong.allowances.cases import case_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import State
from hutong.demo.places import FEATURED_TOWNSHIP
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.governance.calendars import calendar_in_force
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.registry.actions.papers import add_paper
from hutong.registry.models import Change, Child, Circumstance, Evidence, Parent
from hutong.registry.models.change import Stage
from hutong.registry.models.parent import Role
from hutong.registry.queries import guardian_of

COUNTIES = ("640121", "640122")
OFFICE = "陕西省西安市雁塔区民政局"
LATE = "等待监狱方面书面答复"
BASE = ("household_book", "id_card")
DAYS_BACK = 120
DAY, LONG_AGO, STILL = timedelta(days=1), timedelta(days=500), timedelta(days=900)


@dataclass(frozen=True)
class Story:
    """Story of an application (申请经过): how far it went, and how many working days ago each step was.

    `is_shown`: both parents' situations are shown by papers, so that the law recognises the child. `is_away`: a
    township of the other county receives it. `is_by_letter`: an office of another province sent it.
    """

    state: State
    begun: int
    accepted: int = 0
    checked: int = 0
    decided: int = 0
    is_shown: bool = True
    is_away: bool = False
    is_by_letter: bool = False


STORIES = (
    Story(State.ACCEPTED, 3, 2),
    Story(State.CHECKED, 8, 7, 4),
    Story(State.SUBMITTED, 1),
    Story(State.DRAFT, 1),
    Story(State.SUBMITTED, 2, is_away=True),
    Story(State.REFUSED, 14, 12, 7, 2, is_shown=False, is_away=True),
    Story(State.CORRECTION, 6, is_shown=False),
    Story(State.CHECKED, 9, 7, 4, is_away=True),
    Story(State.ACCEPTED, 6, 4),
    Story(State.ACCEPTED, 9, 7),
    Story(State.RECHECK, 5, 3),
    Story(State.SUPPLEMENT, 8, 6),
    Story(State.CHECKED, 9, 8, 5),
    Story(State.CHECKED, 13, 12, 8),
    Story(State.REFUSED, 27, 25, 22, 18, is_shown=False),
    Story(State.WITHDRAWN, 14),
    Story(State.REVIEW, 18, 16, 12, 9, is_shown=False),
    Story(State.UPHELD, 47, 45, 41, 38, is_shown=False),
    Story(State.SUBMITTED, 2, is_shown=False),
    Story(State.ACCEPTED, 3, 2, is_by_letter=True),
)
RECOGNISED = (
    Story(State.CONFIRMED, 31, 30, 26, 18),
    Story(State.CONFIRMED, 52, 51, 48, 44),
    Story(State.CONFIRMED, 11, 10, 7, 3),
    Story(State.CONFIRMED, 9, 8, 4, 1, is_by_letter=True),
)
"""Of children who are paid for already: what their category rests on."""


class Applications:
    """Whoever makes applications up (虚构申请), by the verbs that officers use, as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], *, on: date) -> None:
        self._people, self._before = people, working_days_before(on)

    def apply(self, opened: Sequence[Filed]) -> None:
        """One application for each story and county, as long as there are children nobody is paid for."""
        for county in COUNTIES:
            for kind, stories in (("left_behind", STORIES), ("de_facto", RECOGNISED)):
                theirs = [filed[0] for filed in opened if fits(filed, county, kind)]
                free = Child.objects.filter(pk__in=theirs, canonical__isnull=True).exclude(
                    changes__stage=Stage.PROPOSED
                )
                for child, story in zip(free.order_by("pk"), stories, strict=False):
                    self._tell(child, story)

    def _tell(self, child: Child, story: Story) -> None:
        county, township = child.responsible_code[:6], child.responsible_code[:9]
        supervisor = self._people[username("township_supervisor", township)]
        officer, approver = (self._people[username(role, county)] for role in ("county_officer", "approver"))
        self._show(child, story, supervisor)
        front = self._away_from(county) if story.is_away else supervisor
        application = self._begin(child, story, front)
        if story.state == State.DRAFT:
            return
        begun_on, accepted_on = self.ago(story.begun), self.ago(story.accepted)
        application = applying.submit(by=front, application=application, on=begun_on)
        if story.state == State.CORRECTION:
            applying.ask_for_papers(by=front, application=application, words="", on=self.ago(story.begun - 1))
        elif story.state == State.WITHDRAWN:
            applying.withdraw(by=front, application=application, words="父亲已返乡照料", on=accepted_on)
        elif story.accepted:
            if not story.is_shown:
                applying.ask_for_papers(by=front, application=application, words="", on=begun_on)
                applying.bring_papers(by=front, application=application, on=begun_on)
            words = "" if story.is_shown else "家庭无法提供，由乡镇核实"
            application = applying.accept(by=front, application=application, words=words, on=accepted_on)
            self._check(application, story, officer)
            self._decide(application, story, approver)
            self._review(application, story, supervisor, self._people[username("approver", county, 2)])

    def _begin(self, child: Child, story: Story, by: Person) -> Application:
        guardian = guardian_of(child)
        applicant = (
            Applicant("guardian", guardian.name, guardian.relation) if guardian else Applicant("village", "村委会")
        )
        on, category = self.ago(story.begun), "de_facto"
        if not story.is_away or child.id_number is None:
            letter = Letter(OFFICE, on - timedelta(days=4), on) if story.is_by_letter else None
            return applying.begin_application(
                by=by, child=child, category=category, applicant=applicant, letter=letter, on=on
            )
        number = child.id_number.open()
        return receiving.receive_application(by=by, text=number, category=category, applicant=applicant, on=on)

    def _away_from(self, county: str) -> Person:
        """A township supervisor of the other county."""
        other = next(one for one in COUNTIES if one != county)
        place = FEATURED_TOWNSHIP if FEATURED_TOWNSHIP.startswith(other) else other
        named = username("township_supervisor", place)
        return next(one for name, one in sorted(self._people.items()) if name.startswith(named))

    def _check(self, application: Application, story: Story, by: Person) -> None:
        on = self.ago(story.checked or max(story.accepted - 1, 0))
        if story.state == State.RECHECK:
            checking.doubt(by=by, application=application, words="邻居称母亲上月回过家", on=on)
        elif story.state == State.SUPPLEMENT:
            checking.ask_for_more(by=by, application=application, words="判决书缺末页", on=on)
        elif story.state == State.ACCEPTED and story.accepted > 2:
            self._look(application, by, on=on, most=2)
        elif story.checked:
            self._look(application, by, on=on)
            opinion = "agrees" if story.is_shown else "disagrees"
            words = "" if story.is_shown else "经走访，母亲在家照料"
            checking.check(by=by, application=application, opinion=opinion, words=words, on=on)

    def _look(self, application: Application, by: Person, *, on: date, most: int = 9) -> None:
        for item in case_of(application, on=on).items[:most]:
            if item.papers:
                checking.look_at_item(by=by, application=application, item=item.key, verdict="fits", on=on)

    def _decide(self, application: Application, story: Story, by: Person) -> None:
        if not story.decided:
            return
        on = self.ago(story.decided)
        mark = self._mark(application, on=on)
        if story.state == State.CONFIRMED:
            late = LATE if is_late(application, on=on) else ""
            deciding.confirm(by=by, application=application, mark=mark, late_reason=late, on=on)
            at = datetime.combine(on, time(10), ZoneInfo(settings.TIME_ZONE))
            Change.objects.filter(child=application.child, on=on).update(at=at)
        else:
            words = "母亲在家并能照料儿童，不符合父母双方情形"
            deciding.refuse(by=by, application=application, mark=mark, ground="not_met", words=words, on=on)

    def _review(self, application: Application, story: Story, asks: Person, reviews: Person) -> None:
        if story.state not in (State.REVIEW, State.UPHELD):
            return
        on = self.ago(story.decided - 5)
        applying.ask_for_review(by=asks, application=application, words="母亲患病，无力照料", on=on)
        if story.state == State.UPHELD:
            on = self.ago(story.decided - 12)
            mark, words = self._mark(application, on=on), "未能提供诊断证明，维持原决定"
            deciding.uphold(by=reviews, application=application, mark=mark, words=words, on=on)

    def _mark(self, application: Application, *, on: date) -> str:
        return case_of(Application.objects.get(pk=application.pk), on=on).mark

    def _show(self, child: Child, story: Story, by: Person) -> None:
        """Papers for what holds of the parents: as it is of who is paid for already, else as the story says."""
        on = self.ago(story.begun)
        if story.state == State.CONFIRMED:
            child.holdings.filter(category="de_facto").delete()
        else:
            self._befall(child, story, by, on=on)
        for at, fact in enumerate(Circumstance.objects.filter(child=child), 1):
            fact.evidence.add(paper(child, CIRCUMSTANCES[fact.kind].papers[0], by, on=on, at=at))
        if story.is_shown:
            for kind in BASE:
                paper(child, kind, by, on=on)

    def _befall(self, child: Child, story: Story, by: Person, *, on: date) -> None:
        """The father dead and the mother in prison; or the father dead alone."""
        wanted: list[tuple[Role, str, date | None]] = [(Role.FATHER, "dead", None)]
        if story.is_shown:
            wanted.append((Role.MOTHER, "imprisoned", on + STILL))
        for role, kind, until_on in wanted:
            parent = Parent.objects.filter(child=child, role=role, until_on__isnull=True).first()
            if kind == "dead":
                Parent.objects.filter(pk=parent.pk if parent else 0).update(phone=None, phone_index=None)
            if parent and not parent.circumstances.exists():
                Circumstance.objects.create(
                    child=child, parent=parent, kind=kind, from_on=on - LONG_AGO, until_on=until_on, recorded_by=by
                )

    def ago(self, working_days: int) -> date:
        """The day so many working days ago (若干工作日前)."""
        return self._before[working_days]


def working_days_before(on: date) -> list[date]:
    """The day itself, then the working days before it (此前工作日)."""
    calendar, days = calendar_in_force(), (on - DAY * back for back in range(1, DAYS_BACK))
    return [on, *(day for day in days if calendar.is_working_day(day, COUNTIES[0]))]


def fits(filed: Filed, county: str, kind: str) -> bool:
    """Whether a child of a county is of a kind and can be found by its number (符合条件)."""
    _id, _number, child = filed
    is_of_kind = child.family.kind == kind and "id_number" in child.said
    return is_of_kind and child.responsible_code.startswith(county)


def paper(child: Child, kind: str, by: Person, *, on: date, at: int = 0, is_sealed: bool = False) -> Evidence:
    """A paper of a child; no two of one child are the same file, though both parents may be ill."""
    return add_paper(
        by=by,
        child=child,
        kind=kind,
        content=_drawn(f"{kind} {child.pk} {at}"),
        name=f"{kind}.png",
        issued_on=None,
        expires_on=None,
        note="",
        on=on,
        is_sealed=is_sealed,
    )


def _drawn(words: str) -> bytes:
    """A page that says of itself that it is an invented one."""
    page, target = Image.new("RGB", (420, 594), "white"), BytesIO()
    ImageDraw.Draw(page).multiline_text((40, 60), f"HUTONG DEMONSTRATION\n{words}", fill="black")
    page.save(target, "PNG")
    return target.getvalue()
