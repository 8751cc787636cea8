"""Applying (申请认定): who may apply, which papers show what is said, on what grounds a recognition is refused.

Nothing is put up in public (不设公示): no step publishes who applied or was recognised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.parameters import Parameters, shipped

INSTITUTION = "institution"
APPLICANTS = {
    "guardian": ("监护人", "The guardian"),
    "relative": ("受监护人委托的近亲属", "A close relative whom the guardian has entrusted"),
    "village": ("村（居）民委员会", "The village committee"),
    INSTITUTION: ("儿童福利机构", "The welfare institution that raises the child"),
}
"""Who applies (申请人); an institution files with its county, and only for children it raises."""

APPLIED_FOR = ("de_facto", "orphan_kin", "orphan_institution")
"""The categories that an application is for (申请类别), as a holding names them."""

GROUNDS = {
    "not_met": ("父母情形不符合认定条件", "The parents' situations do not meet the conditions"),
    "not_shown": ("经一次性告知，未能补齐证明材料", "Papers asked for in the one-time notice were not brought"),
    "untrue": ("申请材料或陈述不属实", "Papers or statements are not true"),
    "of_age": ("申请时已满18周岁", "The child is 18 already"),
    "adopted": ("儿童已被依法收养", "The child has been adopted"),
    "other_place": ("不属本地管辖，已告知向户籍地申请", "Another place is responsible; the family was told which"),
    "other": ("其他", "Another ground"),
}
"""Grounds of a refusal (不予确认理由)."""


class Standing(StrEnum):
    """Standing of a paper (材料状态): none, past its last day, or there."""

    MISSING = "missing"
    EXPIRED = "expired"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper as the law sees it (证明材料): its kind and its last day, where it has one."""

    kind: str
    expires_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it still counts on a day."""
        return self.expires_on is None or day <= self.expires_on


def papers_of_everybody(*, on: date, jurisdiction: str, parameters: Parameters | None = None) -> tuple[str, ...]:
    """The papers every application needs on a day and at a place (基本材料). Raises LookupError."""
    found = (parameters or shipped()).value("recognition_papers", on=on, jurisdiction=jurisdiction).value
    return found if isinstance(found, tuple) else ()


def standing(asked: Sequence[str], held: Iterable[PaperFact], *, on: date) -> Standing:
    """Whether one of the kinds of papers asked for is there on a day (核对材料)."""
    fitting = [paper for paper in held if paper.kind in asked]
    if any(paper.counts_on(on) for paper in fitting):
        return Standing.THERE
    return Standing.EXPIRED if fitting else Standing.MISSING
