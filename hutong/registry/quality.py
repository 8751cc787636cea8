"""Quality of the pairs (疑似重复质量): how often people agree with a band of scores, and with each other.

Every figure is a list of `pairs.pairs`, which takes the same filters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.db.models import Count, F, Q

from hutong.accounts.models import Person
from hutong.law.duplicates import BANDS
from hutong.registry.models import Pair
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import all_pairs, within_band

Z = 1.959964  # 95 %
SECOND = Q(second_look__answer__gt="")


@dataclass(frozen=True)
class Share:
    """Share (比例): so many of so many, with the 95 % interval of Wilson; None where there are none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which two shares the true one lies, 95 times of 100."""
        if not self.whole:
            return None
        share, n = self.part / self.whole, self.whole
        centre = share + Z * Z / (2 * n)
        spread = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        low, high = ((centre + sign * spread) / (1 + Z * Z / n) for sign in (-1, 1))
        return max(low, 0.0), min(high, 1.0)


@dataclass(frozen=True)
class BandQuality:
    """What became of the pairs of one band (分段质量).

    `precision` is the share of those looked at a second time that are one child by the second look; `agreement` the
    share of them in which both answers are the same.
    """

    band: str
    open: int
    answered: int
    same: int
    asked: int
    precision: Share
    agreement: Share


COUNTS = {
    "open": Count("pk", filter=Q(state__in=[PairState.OPEN, PairState.WAITING])),
    "answered": Count("pk", filter=Q(state__in=[PairState.SAME, PairState.DIFFERENT])),
    "same": Count("pk", filter=Q(state=PairState.SAME)),
    "asked": Count("pk", filter=Q(second_look__isnull=False)),
    "seen": Count("pk", filter=SECOND),
    "confirmed": Count("pk", filter=Q(second_look__answer=PairState.SAME)),
    "agreed": Count("pk", filter=SECOND & Q(second_look__answer=F("state"))),
}


def by_band(user: Person, *, on: date) -> list[BandQuality]:
    """The quality of each band, over the pairs that a person sees."""
    return [_quality(user, band, on=on) for band, _least, _below in BANDS]


def _quality(user: Person, band: str, *, on: date) -> BandQuality:
    counts = all_pairs(user, on=on).filter(within_band(band)).order_by().aggregate(**COUNTS)
    seen = counts["seen"]
    return BandQuality(
        band,
        counts["open"],
        counts["answered"],
        counts["same"],
        counts["asked"],
        Share(counts["confirmed"], seen),
        Share(counts["agreed"], seen),
    )


def over_all(bands: Iterable[BandQuality]) -> BandQuality:
    """All bands together (合计)."""
    rows = list(bands)

    def total(shares: Iterable[Share]) -> Share:
        found = list(shares)
        return Share(sum(one.part for one in found), sum(one.whole for one in found))

    return BandQuality(
        "",
        sum(row.open for row in rows),
        sum(row.answered for row in rows),
        sum(row.same for row in rows),
        sum(row.asked for row in rows),
        total(row.precision for row in rows),
        total(row.agreement for row in rows),
    )


def pair_to_look_at(user: Person, number: int, *, on: date) -> Pair | None:
    """A pair that is asked a second time and that a person sees."""
    asked = all_pairs(user, on=on).filter(pk=number, second_look__isnull=False)
    return asked.select_related("second_look").first()
