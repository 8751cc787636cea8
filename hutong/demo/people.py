"""Invented people (虚构人物): names that fit decade and ethnic group, numbers that can be nobody's."""

from datetime import date, timedelta
from itertools import accumulate
from random import Random

from hutong.demo import words
from hutong.kit.names import MAX_LENGTH
from hutong.law.identity import TEST_PREFIX, Sex, check_character

HAN, HUI, UYGUR = "01", "03", "05"
DECADES = sorted(words.FIRST_CHARACTERS)
SERIALS = 1000
UNASSIGNED_PHONES = "154"  # a mobile prefix that no operator has been given


def _weighed(pool: dict[str, int]) -> tuple[list[str], list[int]]:
    return list(pool), list(accumulate(pool.values()))


SURNAMES = {HAN: _weighed(words.SURNAMES_HAN), HUI: _weighed(words.SURNAMES_HUI)}
SURNAMES_OF_OTHERS = _weighed(words.SURNAMES_OTHER)


class Invention:
    """Whoever makes up names and numbers (虚构者): one source of chance, and no number twice."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._numbers: set[str] = set()

    def beside(self, random: Random) -> "Invention":
        """Another source of chance (另一随机源) that gives no number which has been given already."""
        other = Invention(random)
        other._numbers = self._numbers
        return other

    def surname(self, ethnic_group: str) -> str:
        """A surname as common as it is in Ningxia among the group."""
        surnames, weights = SURNAMES.get(ethnic_group, SURNAMES_OF_OTHERS)
        return self.random.choices(surnames, cum_weights=weights)[0]

    def name(self, surname: str, *, sex: Sex, born: date, ethnic_group: str) -> str:
        """A whole name; among a thousand names a few are long, transcribed or hold a rare character."""
        chance = self.random.random()
        if ethnic_group == HUI and chance < 0.015:
            return f"{surname}·{self.random.choice(words.ARABIC_MALE if sex == Sex.MALE else words.ARABIC_FEMALE)}"
        if ethnic_group == UYGUR:
            return self._forebears(sex, longest=MAX_LENGTH if chance < 0.2 else 12)
        if chance > 0.9995:
            return surname + self.random.choice(words.RARE_CHARACTERS) + self._given(sex, born)[-1]
        return surname + self._given(sex, born)

    def _given(self, sex: Sex, born: date) -> str:
        decade = max(start for start in DECADES if start <= max(born.year, DECADES[0]))
        if self.random.random() < 0.45:
            return self.random.choice((words.GIVEN_MALE if sex == Sex.MALE else words.GIVEN_FEMALE)[decade])
        last = (words.LAST_MALE if sex == Sex.MALE else words.LAST_FEMALE)[decade]
        return self.random.choice(words.FIRST_CHARACTERS[decade]) + self.random.choice(last)

    def _forebears(self, sex: Sex, *, longest: int) -> str:
        """One's own name and the father's; where `longest` allows, more forebears."""
        name = self.random.choice(words.UYGUR_MALE if sex == Sex.MALE else words.UYGUR_FEMALE)
        for forebear in self.random.sample(words.UYGUR_MALE, len(words.UYGUR_MALE)):
            if len(name) + 1 + len(forebear) <= longest:
                name += f"·{forebear}"
        return name

    def sex(self) -> Sex:
        """Boys a little more often than girls."""
        return Sex.MALE if self.random.random() < 0.52 else Sex.FEMALE

    def id_number(self, *, region: str, born: date, sex: Sex) -> str:
        """A citizen ID number whose first digits name no division: 99 and four digits of the registered county."""
        while True:
            serial = self.random.randrange(SERIALS // 2) * 2 + (sex == Sex.MALE)
            body = f"{TEST_PREFIX}{region[2:6]}{born:%Y%m%d}{serial:03d}"
            number = body + check_character(body)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def phone(self) -> str:
        """Eleven digits that ring nowhere."""
        return f"{UNASSIGNED_PHONES}{self.random.randrange(10**8):08d}"

    def day_between(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included; `first` where they cross."""
        return first + timedelta(days=self.random.randint(0, max((last - first).days, 0)))
