"""What other departments can be asked about applications, and how far it is."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hutong.allowances.cases import situation_key
from hutong.allowances.claims import AskedOf, read
from hutong.allowances.facts import facts_to_check
from hutong.allowances.models import Application, DataCheck
from hutong.allowances.models.application import State
from hutong.kit.cipher import Sealed
from hutong.law.data_checks import CHILD, Enquiry, Verdict, questions_about
from hutong.registry.models import Child, Circumstance, Parent
from hutong.registry.queries import leading_of

CHECKED_IN = (State.ACCEPTED, State.RECHECK, State.CHECKED)
"""States of applications that are checked with other departments (部门核对阶段)."""


@dataclass(frozen=True)
class Enquired:
    """One question that an application raises (应核对事项): of whom, and how far it is.

    `check` is the question that is open, else the last answer to what the file says now; None where nobody was asked.
    """

    application: Application
    enquiry: Enquiry
    item: str
    name: str
    id_number: Sealed | None
    check: DataCheck | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about, as a check has it."""
        return self.enquiry.source, self.enquiry.claim.fact.kind, self.enquiry.claim.whose, self.item

    @property
    def handle(self) -> str:
        """A name for addresses that tells nothing (事项代号)."""
        return hashlib.sha256("/".join(self.key).encode()).hexdigest()[:16]

    @property
    def waits(self) -> bool:
        """Whether it is still to be asked (待查询): nobody was asked, or the register could not be asked."""
        return self.check is None or self.check.verdict == Verdict.UNAVAILABLE

    @property
    def is_named(self) -> bool:
        """Whether a register can find the person: by name and ID number (可查询)."""
        return bool(self.name and self.id_number)

    @property
    def asked_of(self) -> AskedOf:
        """Who is asked about, as it goes out."""
        return AskedOf(self.name, self.id_number.open() if self.id_number else "", self.enquiry.claim)


def enquiries(applications: Sequence[Application], *, on: date) -> list[Enquired]:
    """What applications raise on a day (应核对事项), in a few questions for all."""
    files = {application.file.pk: application.file for application in applications}
    leading = leading_of(list(files))
    facts, people, checks = facts_to_check(list(files.values()), leading), _People(leading), _checks(applications)
    found: list[Enquired] = []
    for application in applications:
        file = application.file
        raised = [
            Enquired(application, enquiry, item, name, number, _check(enquiry, item, checks[application.pk]))
            for enquiry in questions_about(facts[file.pk], on=on)
            for item, name, number in people.asked(file, enquiry)
        ]
        found += {one.key: one for one in raised}.values()
    return found


def _checks(applications: Iterable[Application]) -> Mapping[int, list[DataCheck]]:
    found: dict[int, list[DataCheck]] = defaultdict(list)
    asked = DataCheck.objects.filter(application__in=[one.pk for one in applications]).select_related("batch")
    for check in asked.order_by("recorded_at", "id"):
        found[check.application_id].append(check)
    return found


def _check(enquiry: Enquiry, item: str, checks: Iterable[DataCheck]) -> DataCheck | None:
    """The open question, or the last answer to the same claim where that came since.

    An answer to what the file said before is none.
    """
    claim = enquiry.claim
    same = [check for check in checks if check.key == (enquiry.source, claim.fact.kind, claim.whose, item)]
    asked = next((check for check in same if not check.verdict), None)
    answers = (check for check in reversed(same) if check.verdict and read(check.claim.open()).claim.fact == claim.fact)
    answer = next(answers, None)
    if asked and asked.batch and answer and answer.recorded_at and answer.recorded_at < asked.batch.at:
        return asked
    return answer or asked


Asked = tuple[str, str, Sealed | None]
"""The item of a question, and the name and ID number of whom it is about."""


class _People:
    """Whom the questions about some children are about (被查询人), of all their files."""

    def __init__(self, leading: Mapping[int, int]) -> None:
        self._parents: dict[int, list[Parent]] = defaultdict(list)
        for parent in Parent.objects.filter(child__in=leading, until_on__isnull=True).order_by("id"):
            self._parents[leading[parent.child_id]].append(parent)
        self._told: dict[int, list[Circumstance]] = defaultdict(list)
        for one in Circumstance.objects.filter(child__in=leading).select_related("parent").order_by("from_on", "id"):
            self._told[leading[one.child_id]].append(one)

    def asked(self, file: Child, enquiry: Enquiry) -> Iterator[Asked]:
        """Of whom a question is; more than one where two files name different people in one role."""
        claim = enquiry.claim
        told = [one for one in self._told[file.pk] if _is(one, claim.whose) and _same(one, claim.fact)]
        if claim.whose == CHILD:
            yield (situation_key(told[0]) if told else "", file.name, file.id_number)
            return
        theirs = {one.parent.name: (one, one.parent) for one in reversed(told) if one.parent}
        for one, parent in theirs.values():
            yield situation_key(one), parent.name, self._number(file, parent)

    def _number(self, file: Child, parent: Parent) -> Sealed | None:
        """The ID number of a parent, from whichever file has it."""
        same = (one for one in self._parents[file.pk] if (one.role, one.name) == (parent.role, parent.name))
        return next((one.id_number for one in (parent, *same) if one.id_number), None)


def _is(one: Circumstance, whose: str) -> bool:
    return one.parent.role == whose and one.parent.until_on is None if one.parent else whose == CHILD


def _same(one: Circumstance, fact: object) -> bool:
    said = one.kind, one.from_on, one.until_on
    return said == tuple(getattr(fact, name) for name in ("kind", "from_on", "until_on"))
