"""Reads of merges (合并情况): by which links a file is joined, and what was entered meanwhile.

Whoever calls has the child from `visible_to`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from hutong.law.categories import CATEGORIES
from hutong.registry.models import CategoryHolding, Change, Child, Evidence, Merge, Observation
from hutong.registry.models.change import Stage
from hutong.registry.models.merge import MergeStage
from hutong.registry.queries import files_of


def open_merge(child: Child) -> Merge | None:
    """The merge by which a file is joined now (生效的合并)."""
    found = Merge.objects.filter(joined=child, stage=MergeStage.DONE)
    return found.select_related("leading", "joined", "pair", "by", "decided_by").first()


def merges_above(child: Child) -> Iterator[Merge]:
    """The links from a file up to the one that leads (向上的合并): none where it stands alone."""
    merge = open_merge(child)
    while merge:
        yield merge
        merge = open_merge(merge.leading)


def paid_categories(child: Child) -> list[str]:
    """The paid categories that hold now in any file of a child (当前有待遇的类别), one for each holding."""
    held = CategoryHolding.objects.filter(child__in=files_of(child), until_on__isnull=True)
    return [code for code in held.values_list("category", flat=True) if CATEGORIES[code].paid]


@dataclass(frozen=True)
class Meanwhile:
    """What happened while a file was joined (合并期间事项): it stays with the file it was entered on.

    `ended` are categories of the joined file that ended meanwhile: undoing takes their ends back.
    """

    leading: Child
    changes: list[Change]
    papers: list[Evidence]
    answers: list[Observation]
    ended: list[CategoryHolding]

    @property
    def stays(self) -> int:
        """How much stays with the file that led."""
        return len(self.changes) + len(self.papers) + len(self.answers)


def meanwhile(merge: Merge) -> Meanwhile:
    """What was entered on the file that leads while a merge held, or holds, the latest first."""
    above = [merge.leading, *(one.leading for one in merges_above(merge.leading))]
    held, ended = (merge.decided_at, merge.undone_at or timezone.now()), [one["holding"] for one in merge.ended]
    changes = Change.objects.filter(child__in=above, at__range=held, stage=Stage.DONE).select_related("by", "child")
    papers = Evidence.objects.filter(child__in=above, added_at__range=held, is_sealed=False)
    answers = Observation.objects.filter(child__in=above, recorded_at__range=held)
    return Meanwhile(
        above[-1],
        list(changes.order_by("-id")),
        list(papers.select_related("added_by", "child").order_by("-id")),
        list(answers.order_by("-id")),
        list(CategoryHolding.objects.filter(pk__in=ended).select_related("child").order_by("id")),
    )
