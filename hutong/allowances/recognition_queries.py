"""Reads of recognitions. The first argument is who asks; nothing is found that is not theirs to see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from hutong.accounts.models import Person, Task
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import allowed_to, may
from hutong.allowances.models import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.models.recognition import EndStage
from hutong.allowances.recognitions import LOOK_INTO, PAID, REVIEW, SUBJECT, Recognised, held_on
from hutong.law.recognition_review import DIED
from hutong.registry.models import CategoryHolding, Child
from hutong.registry.queries import files_of, visible_to


class Step(StrEnum):
    """What can be done about a recognition (认定后续办理)."""

    REVIEW = "review"
    SUSPEND = "suspend"
    LIFT = "lift"
    PROPOSE_END = "propose_end"
    CONFIRM_END = "confirm_end"
    REJECT_END = "reject_end"


NEEDS = dict.fromkeys(Step, Permission.REVIEW_RECOGNITIONS) | {
    Step.CONFIRM_END: Permission.END_RECOGNITIONS,
    Step.REJECT_END: Permission.END_RECOGNITIONS,
}
"""What somebody must be allowed for a step (环节权限)."""


def steps_for(user: Person, now: Recognised) -> tuple[Step, ...]:
    """The steps a person may take now (可办环节): possible, and not after an earlier one of their own."""
    place = now.file.responsible_code
    decides = now.end is not None and now.end.by != user and now.may_be_ended_by(user)
    possible = {
        Step.REVIEW: now.reviewed_on is None or now.reviewed_on < now.on,
        Step.SUSPEND: now.suspension is None,
        Step.LIFT: now.suspension is not None and not (now.suspension.reason == DIED and now.suspension.by == user),
        Step.PROPOSE_END: now.end is None,
        Step.CONFIRM_END: decides,
        Step.REJECT_END: decides,
    }
    return tuple(
        step for step in Step if now.is_held and possible[step] and may(user, NEEDS[step], code=place, on=now.on)
    )


def holding(user: Person, number: int, *, on: date) -> CategoryHolding | None:
    """One recognition a person sees, also one that has ended."""
    return _seen(user, CategoryHolding.objects.filter(pk=number), on=on).first()


def _seen(user: Person, holdings: QuerySet[CategoryHolding], *, on: date) -> QuerySet[CategoryHolding]:
    seen = visible_to(user, on=on).order_by().values("pk")
    return holdings.filter(category__in=PAID, child__in=seen).select_related("child__canonical")


def holdings_of(child: Child) -> QuerySet[CategoryHolding]:
    """The paid categories of a child (认定记录), of all its files, the latest first."""
    held = CategoryHolding.objects.filter(child__in=files_of(child), category__in=PAID)
    return held.select_related("child__canonical").order_by("-from_on", "-id")


def holdings_by_number(numbers: Collection[int]) -> dict[int, CategoryHolding]:
    """Recognitions that tasks name, whose asker has been asked already (按编号取认定)."""
    return CategoryHolding.objects.select_related("child__canonical").in_bulk(numbers)


def asked(user: Person, kind: str, *, on: date) -> QuerySet[Task]:
    """What is asked about the recognitions a person sees, whoever is asked (待复核、待核查), by its last day."""
    keys = _seen(user, held_on(on), on=on).order_by().annotate(key=Cast("pk", CharField())).values("key")
    waiting = Task.objects.filter(allowed_to(user), kind=kind, subject_kind=SUBJECT, closed_at__isnull=True)
    return waiting.filter(subject_key__in=keys).order_by("due_on", "id")


def due(user: Person, *, on: date, is_late: bool) -> QuerySet[Task]:
    """Reviews that are due soon, or were due (待复核、逾期复核)."""
    found = asked(user, REVIEW, on=on)
    return found.filter(due_on__lt=on) if is_late else found.filter(due_on__gte=on)


def looked_into(user: Person, *, on: date) -> QuerySet[Task]:
    """Recognitions whose conditions may have ended (待核查)."""
    return asked(user, LOOK_INTO, on=on)


def suspended(user: Person, *, on: date) -> QuerySet[RecognitionSuspension]:
    """Suspensions nobody has lifted of what is still held (暂停中), the oldest first."""
    found = RecognitionSuspension.objects.filter(
        lifted_on__isnull=True, holding__in=_seen(user, held_on(on), on=on).order_by()
    )
    return found.select_related("holding__child__canonical").order_by("on", "id")


def ends(user: Person, *, on: date, stage: EndStage) -> QuerySet[RecognitionEnd]:
    """Ends by their stage (终止): proposed ones the oldest first, decided ones the latest."""
    seen = visible_to(user, on=on).order_by().values("pk")
    found = RecognitionEnd.objects.filter(stage=stage, child__in=seen).select_related("holding__child__canonical")
    return found.order_by("on", "id") if stage == EndStage.PROPOSED else found.order_by("-decided_on", "-id")


@dataclass(frozen=True)
class Course:
    """Course of a recognition (认定经过): its reviews, suspensions and ends, the latest first."""

    reviews: tuple[RecognitionReview, ...]
    suspensions: tuple[RecognitionSuspension, ...]
    ends: tuple[RecognitionEnd, ...]


def course_of(holding: CategoryHolding) -> Course:
    """What was done about a recognition."""
    return Course(
        tuple(RecognitionReview.objects.filter(holding=holding).select_related("by").order_by("-on", "-id")),
        tuple(
            RecognitionSuspension.objects.filter(holding=holding)
            .select_related("by", "lifted_by")
            .order_by("-on", "-id")
        ),
        tuple(RecognitionEnd.objects.filter(holding=holding).select_related("by", "decided_by").order_by("-on", "-id")),
    )
