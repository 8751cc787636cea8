"""Review of a recognition (年度复核): when one is due, what the facts now say of it, why it ends or is suspended, and
from which month nothing is paid.

The law finds; a person ends. What the facts never showed, they do not end: many a child was recognised before this
register, and of some the ground stands under seal. Nothing here tells those two apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from hutong.law.calendar import age_on, months_after
from hutong.law.citation import Citation
from hutong.law.facts import ChildFacts, CircumstanceFact, Span
from hutong.law.months import Month
from hutong.law.over_18 import continues
from hutong.law.parameters import Parameters, shipped
from hutong.law.recognition import Outcome, Recognition, recognise
from hutong.law.rules import Rules

DAY = timedelta(days=1)
DIED, GROWN_UP, ADOPTED, OTHER_CATEGORY, NO_LONGER_FITS = (
    "died",
    "grown_up",
    "adopted",
    "other_category",
    "no_longer_fits",
)
STUDIES_ENDED, PAPER_EXPIRED, UNCLEAR = "studies_ended", "paper_expired", "unclear"


@dataclass(frozen=True, slots=True)
class Why:
    """Reason for which nothing is paid any more (终止或暂停原因); `paid` is the parameter of the months still paid."""

    title_zh: str
    title_en: str
    paid: str

    @property
    def titles(self) -> tuple[str, str]:
        """How it is called, in Chinese and English."""
        return self.title_zh, self.title_en


ENDINGS: Mapping[str, Why] = {
    DIED: Why("儿童死亡", "The child died", "ending_death"),
    GROWN_UP: Why("年满18周岁且未继续就学", "The child turned 18 and does not go on studying", "ending_birthday"),
    STUDIES_ENDED: Why("年满18周岁后学业结束", "Over 18, and the studies ended", "ending_circumstance"),
    ADOPTED: Why("被依法收养", "The child was adopted", "ending_adoption"),
    "released": Why("父母刑满释放或限制解除", "A parent was released", "ending_circumstance"),
    "rehabilitated": Why("父母戒毒期满", "A parent's compulsory rehabilitation ended", "ending_circumstance"),
    "contact_restored": Why("父母恢复联系", "A parent can be reached again", "ending_circumstance"),
    "recovered": Why("父母病残好转", "A parent has recovered", "ending_circumstance"),
    "guardianship_restored": Why("父母恢复监护资格", "A parent's guardianship was restored", "ending_circumstance"),
    "parent_back": Why("父母返回并履行监护职责", "A parent is back and looks after the child", "ending_circumstance"),
    OTHER_CATEGORY: Why("改按其他类别保障", "Another category holds instead", "ending_circumstance"),
    NO_LONGER_FITS: Why("不再符合认定条件", "The conditions are not met any more", "ending_circumstance"),
    "untrue": Why("申请材料或陈述不属实", "Papers or statements were not true", "ending_untrue"),
    "moved_out": Why("迁出本地", "Moved to another place", "ending_otherwise"),
    "other_programme": Why(
        "转入其他保障（如特困供养）", "Another programme provides for the child", "ending_otherwise"
    ),
    "voluntary": Why("监护人或本人自愿放弃", "As the family wishes", "ending_otherwise"),
    "other": Why("其他", "Another reason", "ending_otherwise"),
}
"""Why a recognition ends (终止原因)."""

SUSPENSIONS: Mapping[str, Why] = {
    DIED: Why("儿童死亡（待办理终止）", "The child died; the end is not decided yet", "ending_death"),
    PAPER_EXPIRED: Why("证明材料过期未换新", "A paper has expired and no other was brought", "suspension"),
    UNCLEAR: Why("情况有变，正在核实", "Something has changed and is being looked into", "suspension"),
    "study_unproved": Why("年满18周岁未提交在读证明", "Over 18, and no proof of study was brought", "suspension"),
    "unreachable": Why("年度复核联系不上儿童和监护人", "Neither child nor guardian can be reached", "suspension"),
    "other": Why("其他", "Another reason", "suspension"),
}
"""Why a recognition is suspended (暂停原因)."""

OPEN_REASONS = frozenset({DIED, GROWN_UP, STUDIES_ENDED, PAPER_EXPIRED})
"""What an examination may tell everybody who sees the file, whatever a recognition rests on (公开事由)."""

OF_KINDS: Mapping[str, str] = {
    "imprisoned": "released", "liberty_restricted": "released", "drug_rehab": "rehabilitated",
    "out_of_contact": "contact_restored", "severe_illness": "recovered", "severe_disability": "recovered",
    "guardianship_revoked": "guardianship_restored", "deported": "parent_back", "declared_missing": "contact_restored",
}  # fmt: skip
"""What it is called that a circumstance of a parent ends (情形消失)."""


class Finding(StrEnum):
    """Finding (复核发现): it goes on, the facts never showed it, a person has to look, it ends."""

    CONTINUES = "continues"
    UNSHOWN = "unshown"
    DOUBTFUL = "doubtful"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Examination:
    """Examination (复核结论): what the facts say today of a recognition, beside the law's whole answer.

    `reason` is one of the endings, or of the suspensions where it is doubtful; `happened_on` the last day of what has
    ended, or the first of what has begun; `from_month` the first month that is not paid.
    """

    finding: Finding
    answer: Recognition
    reason: str = ""
    happened_on: date | None = None
    from_month: Month | None = None

    @property
    def is_news(self) -> bool:
        """Whether somebody has to look into it (须核查)."""
        return self.finding in (Finding.DOUBTFUL, Finding.ENDS)


UNTOLD = Recognition(Outcome.MANUAL, None, ())
"""The law's answer where it is not told (不告知)."""


def without_ground(found: Examination, *, is_hidden: bool) -> Examination:
    """What an examination tells whoever may not know on what a recognition rests (不涉及密封依据的结论).

    Where somebody may know (`is_hidden`), nothing but what everybody may be told; else what is news besides.
    """
    if found.reason in OPEN_REASONS:
        return replace(found, answer=UNTOLD)
    if found.is_news and not is_hidden:
        return found
    return Examination(Finding.UNSHOWN, UNTOLD)


def review_due(since: date, *, on: date, jurisdiction: str = "", parameters: Parameters | None = None) -> date:
    """The last day of the next review (复核截止日), from the recognition or its last review; as of a day.

    What was recognised before there were reviews counts from their first day. Raises LookupError.
    """
    rules = Rules(parameters or shipped(), jurisdiction)
    begun = rules.history("recognition_review_months")[0].from_on
    return months_after(max(since, begun), rules.number("recognition_review_months", max(on, begun)))


def first_unpaid(
    why: Why, happened_on: date, *, jurisdiction: str = "", parameters: Parameters | None = None
) -> tuple[Month, Citation]:
    """The first month that is not paid (停发起始月), and what says so. Raises LookupError."""
    rules = Rules(parameters or shipped(), jurisdiction)
    said = rules.value(why.paid, happened_on)
    return Month.of(happened_on).plus(rules.number(why.paid, happened_on)), said.citation


def examine(
    child: ChildFacts,
    category: str,
    *,
    since: date,
    on: date,
    has_expired: bool = False,
    jurisdiction: str = "",
    parameters: Parameters | None = None,
) -> Examination:
    """Examines a recognition of a category since a day (复核), by the facts of a day.

    `has_expired`: a paper on which it rests has passed its last day.
    """
    found = _Held(child, category, jurisdiction, parameters or shipped())
    answer = found.answer(on)
    if child.died_on is not None and child.died_on <= on:
        return found.ends(answer, DIED, child.died_on)
    birthday, age = found.rules.of_age(child.birth_date)
    if age_on(child.birth_date, on) >= age:
        return found.of_age(answer, birthday, on)
    if found.fits(answer):
        finding, reason = (Finding.DOUBTFUL, PAPER_EXPIRED) if has_expired else (Finding.CONTINUES, "")
        return Examination(finding, answer, reason)
    last = found.last_day(since, on)
    if last is None:
        return Examination(Finding.UNSHOWN, answer)
    if answer.outcome is Outcome.MANUAL:
        return Examination(Finding.DOUBTFUL, answer, UNCLEAR, last)
    return found.ends(answer, *found.why(answer, last))


@dataclass(frozen=True, slots=True)
class _Held:
    """A recognition that is examined."""

    child: ChildFacts
    category: str
    jurisdiction: str
    parameters: Parameters

    @property
    def rules(self) -> Rules:
        return Rules(self.parameters, self.jurisdiction)

    def answer(self, on: date) -> Recognition:
        return recognise(self.child, on=on, jurisdiction=self.jurisdiction, parameters=self.parameters)

    def fits(self, answer: Recognition) -> bool:
        return answer.outcome is Outcome.RECOGNISED and self.category in answer.held

    def last_day(self, since: date, on: date) -> date | None:
        """The last day on which the facts showed it, from the recognition on; None: they never did."""
        turns = sorted({since, *(day for day in self._turns() if since < day <= on)})
        for at, day in reversed(list(enumerate(turns))):
            if self.fits(self.answer(day)):
                return turns[at + 1] - DAY if at + 1 < len(turns) else on
        return None

    def _turns(self) -> Iterator[date]:
        """The days on which something begins, or holds no more."""
        for span in self._spans():
            if span.from_on is not None:
                yield span.from_on
            if span.until_on is not None and span.until_on < date.max:
                yield span.until_on + DAY
        if self.child.adopted_on is not None:
            yield self.child.adopted_on

    def _spans(self) -> Iterator[Span]:
        yield from self._of_parents()
        yield from self.child.circumstances
        yield from self.child.placements

    def _of_parents(self) -> Iterator[CircumstanceFact]:
        for parent in self.child.parents:
            yield from parent.circumstances

    def why(self, answer: Recognition, last: date) -> tuple[str, date]:
        """What has ended with the last day on which it was shown, or begun on the next."""
        if answer.outcome is Outcome.RECOGNISED:
            return OTHER_CATEGORY, last + DAY
        if any(reason.code == ADOPTED for reason in answer.reasons):
            return ADOPTED, last + DAY
        ended = filter(None, (OF_KINDS.get(one.kind) for one in self._of_parents() if one.until_on == last))
        return next(((reason, last) for reason in ended), (NO_LONGER_FITS, last + DAY))

    def of_age(self, answer: Recognition, birthday: date, on: date) -> Examination:
        """Of somebody who has passed the age: goes on while studying."""
        if continues(self.child.study, self.category, on=on, rules=self.rules):
            return Examination(Finding.CONTINUES, answer)
        ended = [one.until_on for one in self.child.study if one.until_on and birthday <= one.until_on < on]
        studied = [day for day in ended if continues(self.child.study, self.category, on=day, rules=self.rules)]
        reason, last = (STUDIES_ENDED, max(studied)) if studied else (GROWN_UP, birthday)
        return self.ends(answer, reason, last)

    def ends(self, answer: Recognition, reason: str, happened_on: date) -> Examination:
        month, _citation = first_unpaid(
            ENDINGS[reason], happened_on, jurisdiction=self.jurisdiction, parameters=self.parameters
        )
        return Examination(Finding.ENDS, answer, reason, happened_on, month)
