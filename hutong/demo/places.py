"""Places (地点): the villages children live in and come from, each as often as is believable."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from hutong.divisions.models import Division, Kind
from hutong.divisions.reference import Listed
from hutong.law.division_code import Level


@dataclass(frozen=True, slots=True)
class Share:
    """A county's part (比重) of the left-behind and of the migrant children, and of Hui among them; invented."""

    left_behind: float
    migrant: float
    hui: float


SHARES = {
    "640104": Share(1.0, 15.0, 0.17), "640105": Share(0.8, 9.0, 0.17), "640106": Share(0.9, 17.0, 0.19),
    "640121": Share(4.2, 9.0, 0.18), "640122": Share(3.2, 8.0, 0.20), "640181": Share(2.8, 4.5, 0.42),
    "640202": Share(0.5, 4.0, 0.13), "640205": Share(1.0, 2.5, 0.15), "640221": Share(3.0, 2.2, 0.30),
    "640302": Share(3.0, 6.0, 0.50), "640303": Share(6.0, 2.5, 0.50), "640323": Share(4.0, 2.0, 0.03),
    "640324": Share(12.0, 1.8, 0.72), "640381": Share(2.5, 2.5, 0.17), "640402": Share(11.0, 3.5, 0.40),
    "640422": Share(14.0, 1.0, 0.47), "640423": Share(5.5, 0.5, 0.09), "640424": Share(4.0, 0.4, 0.66),
    "640425": Share(7.0, 0.8, 0.25), "640502": Share(4.0, 4.0, 0.05), "640521": Share(4.0, 3.5, 0.20),
    "640522": Share(13.0, 0.8, 0.60),
}  # fmt: skip
CAPITAL_DISTRICTS = ("640104", "640105", "640106")
HOMES_BEYOND = {
    "620821": 5, "620823": 3, "620825": 9, "620826": 9, "621022": 8, "621023": 4, "621121": 8, "621124": 3,
    "622921": 4, "622925": 3, "610824": 5, "610825": 6, "610881": 2, "150221": 2, "411625": 4, "411627": 2,
    "511324": 3, "500236": 2, "630222": 2, "342225": 2, "371722": 1,
}  # fmt: skip
"""Counties of other provinces that families come from; who reads them sees their province alone."""

FEATURED_TOWNSHIP = "640121101"


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community (村/社区) as the demonstration needs it."""

    code: str
    kind: Kind

    @property
    def county(self) -> str:
        """The six digits of its county."""
        return self.code[:6]

    @property
    def is_rural(self) -> bool:
        """Whether it is a village (村委会); communities have numbers below 200 in their last three digits."""
        return self.code[9:] >= "200"


class Places:
    """Every village with its weights (地点表)."""

    def __init__(self, divisions: Iterable[Division | Listed], random: Random) -> None:
        self._within: dict[str, list[Village]] = {}
        ordered = sorted(divisions, key=lambda division: division.code)
        self.names = {division.code: division.name for division in ordered}
        self.villages = [
            Village(division.code, Kind(division.kind))
            for division in ordered
            if division.level == Level.VILLAGE and division.code[:6] in SHARES
        ]
        sizes = [_size(village, random) for village in self.villages]
        self._rural = self._running_weights(sizes, _rural, "left_behind")
        self._urban = self._running_weights(sizes, _urban, "migrant")

    def _running_weights(self, sizes: list[float], factor: Callable[[Village], float], share: str) -> list[float]:
        """The county's share, split over its villages by size and factor, and summed up along the way."""
        parts = [size * factor(village) for size, village in zip(sizes, self.villages, strict=True)]
        totals: dict[str, float] = {}
        for village, part in zip(self.villages, parts, strict=True):
            totals[village.county] = totals.get(village.county, 0) + part
        return list(
            accumulate(
                getattr(SHARES[village.county], share) * part / totals[village.county]
                for village, part in zip(self.villages, parts, strict=True)
            )
        )

    def rural(self, random: Random) -> Village:
        """A place where left-behind children live: mostly villages, mostly in the south."""
        return random.choices(self.villages, cum_weights=self._rural)[0]

    def urban(self, random: Random) -> Village:
        """A place where migrant children live: mostly communities, mostly around the capital."""
        return random.choices(self.villages, cum_weights=self._urban)[0]

    def home_of_migrants(self, living: Village, random: Random) -> str:
        """The registered place of a family that lives in another county: half of them in the south, or beyond."""
        while random.random() < 0.62:
            home = self.rural(random)
            if not _is_one_county(home.county, living.county):
                return home.code
        county = random.choices(list(HOMES_BEYOND), list(HOMES_BEYOND.values()))[0]
        return f"{county}{random.randint(100, 112)}{random.randint(200, 219)}"

    def within(self, prefix: str) -> list[Village]:
        """The villages below a prefix where somebody lives."""
        if prefix not in self._within:
            self._within[prefix] = [
                village for village in self.villages if village.code.startswith(prefix) and village.kind != Kind.VIRTUAL
            ]
        return self._within[prefix]


def _is_one_county(one: str, other: str) -> bool:
    """Moves inside the capital are no moves across counties (宁夏2024年方案)."""
    return one == other or {one, other} <= set(CAPITAL_DISTRICTS)


def _size(village: Village, random: Random) -> float:
    size = random.lognormvariate(0, 0.7)
    if village.kind == Kind.VIRTUAL:
        return 0
    if village.code[6:9] >= "400":  # farms and development zones
        return size * 0.3
    return size * 1.6 if village.code.startswith(FEATURED_TOWNSHIP) else size


def _rural(village: Village) -> float:
    return 1 if village.is_rural else 0.06


def _urban(village: Village) -> float:
    return 0.4 if village.is_rural else 1
