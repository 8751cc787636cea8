"""Reviews (年度复核) of the children who are paid for, and in one county what else becomes of a recognition."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from hutong.accounts.models import Person
from hutong.allowances.actions import ending, reviewing, suspending
from hutong.allowances.actions.recognised import reasons_document
from hutong.allowances.models import RecognitionReview
from hutong.allowances.recognitions import Recognised, held_on, recognised, recognised_of_many
from hutong.demo.staff import username
from hutong.law.recognition_review import review_due
from hutong.registry.actions.holding import hold
from hutong.registry.models import CategoryHolding, Change
from hutong.registry.models.change import Stage

COUNTY = "640121"
DAYS, ENOUGH = (391, 352, 372, 345), 30
"""How many days ago the last review was of those that are late or due; for how long those chosen are held at least."""
RECENT, LONG = 20, 320
"""Of all others, so many days at least and at most."""
AT_ONCE = 2000


class Reviews:
    """Whoever makes reviews up (虚构复核), by the verbs of officers where something happens, as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], random: Random, *, on: date) -> None:
        self._people, self._random, self._on = people, random, on

    def write(self) -> None:
        """The reviews of a year, and a suspension, a proposed end and an end; then what is asked at night."""
        found = list(self._found())
        theirs = self._theirs(found)
        waiting = set(Change.objects.filter(stage=Stage.PROPOSED).values_list("child", flat=True))
        free = [one for one in theirs if one.file.pk not in waiting]
        busy = [one for one in theirs if one.file.pk in waiting]
        oldest, told, others = free[:1], free[1:3], [*busy, *free[3:]]
        for tell, one in zip((self._propose, self._end), told, strict=False):
            tell(one.holding)
        for one in others[:1]:
            self._suspend(one.holding)
        late = dict(zip((one.holding.pk for one in (*oldest, *others[1:])), DAYS, strict=False))
        reviews = (self._review(one, late.get(one.holding.pk)) for one in found)
        RecognitionReview.objects.bulk_create((one for one in reviews if one), batch_size=1000)
        reviewing.find_reviews_due(on=self._on)

    def _found(self) -> Iterator[Recognised]:
        holdings = list(held_on(self._on))
        for at in range(0, len(holdings), AT_ONCE):
            yield from recognised_of_many(holdings[at : at + AT_ONCE], on=self._on)

    def _theirs(self, found: Sequence[Recognised]) -> list[Recognised]:
        """Those of the county that go on because of both parents, the oldest first."""
        theirs = [
            one
            for one in found
            if one.file.responsible_code.startswith(COUNTY)
            and one.holding.category == "de_facto"
            and one.holding.from_on < self._ago(ENOUGH)
            and not one.examination.is_news
        ]
        return sorted(theirs, key=lambda one: (one.holding.from_on, one.holding.pk))

    def _review(self, one: Recognised, days: int | None) -> RecognitionReview | None:
        """A review that found nothing new; none of those whose recognition is young, or has changed."""
        on = self._ago(days or self._random.randint(RECENT, LONG))
        if one.holding.from_on >= on or one.examination.is_news:
            return None
        place = one.file.responsible_code
        by = self._people[username("county_officer", place[:6])]
        examined = one.shown_to(by)
        return RecognitionReview(
            child=one.holding.child,
            holding=one.holding,
            division_code=place,
            due_on=review_due(one.holding.from_on, on=on, jurisdiction=place),
            finding="continues",
            answer=examined.finding.value,
            reasons=reasons_document(examined.answer.reasons),
            differs=False,
            on=on,
            by=by,
        )

    def _suspend(self, holding: CategoryHolding) -> None:
        by = self._people[username("county_officer", COUNTY)]
        words = "母亲的残疾人证已过期，尚未换领"
        suspending.suspend(by=by, holding=holding, reason="paper_expired", words=words, on=self._ago(8))

    def _propose(self, holding: CategoryHolding, days: int = 2) -> None:
        on = self._ago(days)
        ending.propose_end(
            by=self._people[username("county_officer", COUNTY)],
            holding=holding,
            mark=_mark(holding, on=on),
            reason="parent_back",
            happened_on=on - timedelta(days=20),
            words="母亲已返乡定居，经走访确能照料",
            on=on,
        )

    def _end(self, holding: CategoryHolding) -> None:
        self._propose(holding, days=26)
        on = self._ago(22)
        ending.confirm_end(
            by=self._people[username("approver", COUNTY)],
            holding=holding,
            mark=_mark(holding, on=on),
            words="村委会和邻居均证实",
            on=on,
        )
        hold(holding.child.leading, "in_difficulty", from_on=on)
        at = datetime.combine(on, time(10), ZoneInfo(settings.TIME_ZONE))
        Change.objects.filter(child=holding.child.leading, on=on).update(at=at)

    def _ago(self, days: int) -> date:
        return self._on - timedelta(days=days)


def _mark(holding: CategoryHolding, *, on: date) -> str:
    return recognised(CategoryHolding.objects.get(pk=holding.pk), on=on).mark
