"""Lives (生活): what holds of each child besides its categories: school, disability, health, other aid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hutong.demo.children import InventedChild
from hutong.demo.kinfolk import Kin
from hutong.demo.people import Invention
from hutong.demo.places import Places
from hutong.demo.plights import Misfortune, Plight
from hutong.law.calendar import age_on
from hutong.law.division_code import full

YUAN = 100
NOT_IN_KINDERGARTEN, NOT_AT_SCHOOL = 0.15, 0.07
STARTS = {"preschool": 3, "compulsory": 6, "junior": 12, "senior": 15}
AFTER_FIFTEEN = {"senior_high": 52, "secondary_vocational": 38, "vocational": 10}
SECRET_WORDS = "专案管理，情况另册保存"
ORDINARY = {
    "general": ("健康状况良好", "体质较弱，易感冒", "身高偏低，已列入定期随访", "轻度贫血，饮食调理"),
    "allergy": ("青霉素过敏", "花生过敏", "海鲜过敏", "花粉过敏，春季加重"),
    "medicine": ("每日服用抗癫痫药一次", "每日服用甲状腺素片", "定期注射生长激素"),
    "illness": ("哮喘，发作时需使用吸入剂", "近视，已配镜", "先天性心脏病术后，每半年复查"),
}
SENSITIVE = {
    "mind": ("情绪低落，少与同学来往，已转介心理服务站", "入睡困难，夜间惊醒", "对陌生人有明显的恐惧反应"),
    "illness": ("急性淋巴细胞白血病，维持治疗中", "慢性肾病，每周透析", "地中海贫血，定期输血"),
}
HEALTH_KNOWN, BY_CATEGORY = 0.02, {"psychological": "mind", "severe_illness": "illness"}


@dataclass(frozen=True, slots=True)
class InventedStudy:
    """Schooling (就学) of one level at one school since a day."""

    level: str
    school: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class InventedAid:
    """Aid (待遇) of another programme, by month; of the household where `members` says how many heads."""

    kind: str
    fen: int
    from_on: date
    members: int | None = None


@dataclass(frozen=True, slots=True)
class InventedHealth:
    """A health fact (健康情况) and its class."""

    kind: str
    sensitivity: str
    words: str
    from_on: date


class Lives:
    """Whoever makes up what holds of a child (虚构生活情况), of the day `on`."""

    def __init__(self, invention: Invention, misfortune: Misfortune, places: Places, *, on: date) -> None:
        self._random, self._misfortune, self._places, self._on = invention.random, misfortune, places, on

    def study(self, child: InventedChild) -> Iterator[InventedStudy]:
        """The school a child goes to by age, at the place where it lives."""
        day = child.closed_on or self._on
        age, chance = age_on(child.born, day), self._random.random()
        is_at_home = chance < (NOT_IN_KINDERGARTEN if age < STARTS["compulsory"] else 0)
        if age < STARTS["preschool"] or is_at_home or (age >= STARTS["senior"] and chance < NOT_AT_SCHOOL):
            return
        step = next(step for step in reversed(STARTS) if age >= STARTS[step])
        level = self._level(step)
        school = self._school(step, level, child.family.living.code)
        yield InventedStudy(level, school, _autumn(child.born.year + STARTS[step], before=day), child.closed_on)

    def _level(self, step: str) -> str:
        if step == "senior":
            return self._random.choices(list(AFTER_FIFTEEN), list(AFTER_FIFTEEN.values()))[0]
        return "preschool" if step == "preschool" else "compulsory"

    def _school(self, step: str, level: str, living: str) -> str:
        township, county = self._places.names[full(living[:9])], self._places.names[full(living[:6])]
        draw = self._random.randint
        match step:
            case "preschool":
                return f"{township}中心幼儿园" if draw(0, 1) else f"{township}第{'一二三'[draw(0, 2)]}幼儿园"
            case "compulsory":
                return f"{township}中心小学" if draw(0, 2) else f"{township}第{'一二三四'[draw(0, 3)]}小学"
            case "junior":
                return f"{township}中学" if draw(0, 1) else f"{county}第{'一二三四'[draw(0, 3)]}中学"
        if level == "senior_high":
            return f"{county}高级中学"
        return f"{county}职业教育中心" if level == "secondary_vocational" else f"{county}技工学校"

    def circumstances(self, child: InventedChild, *, is_found: bool) -> Iterator[Plight]:
        """What holds of the child itself; `is_found` says whether its parents are known."""
        for held in child.holdings:
            first = max(child.born, held.from_on - timedelta(days=200))
            match held.category:
                case "severe_disability":
                    yield self._misfortune.disability("disability", first, held.from_on)
                case "disability":
                    yield self._misfortune.lesser_disability(first, held.from_on)
                case "severe_illness":
                    yield Plight("severe_illness", self._between(first, held.from_on))
        if not is_found:
            yield self._search(child)

    def _search(self, child: InventedChild) -> Plight:
        """Police and a public notice look for the parents; nobody has come since, and the child is an orphan."""
        begun = child.holdings[0].from_on
        reported_on = max(child.born, begun - timedelta(days=90))
        notice_on = max(child.born, begun - timedelta(days=62 + reported_on.day % 20))
        return Plight("parents_not_found", reported_on, reported_on=reported_on, notice_on=notice_on)

    def aid(self, kin: Kin, child: InventedChild) -> Iterator[InventedAid]:
        """What it receives of other programmes, as its categories say."""
        since = {held.category: held.from_on for held in child.holdings if held.until_on is None}
        if "dibao" in since:
            per_head = 320 + (kin.children[0].born.toordinal() % 15) * 20
            yield InventedAid("dibao", per_head * kin.heads * YUAN, since["dibao"], kin.heads)
        if "tekun" in since:
            yield InventedAid("tekun", self._random.randrange(980, 1300, 20) * YUAN, since["tekun"])
        disabled = since.get("severe_disability") or since.get("disability")
        if disabled and "dibao" in since:
            yield InventedAid("disability_living", 115 * YUAN, max(disabled, since["dibao"]))
        if "severe_disability" in since:
            yield InventedAid("disability_nursing", 120 * YUAN, since["severe_disability"])

    def health(self, child: InventedChild) -> Iterator[InventedHealth]:
        """Now and then something about health; of some categories always."""
        for held in child.holdings:
            kind = BY_CATEGORY.get(held.category)
            if kind and held.until_on is None:
                yield InventedHealth(kind, "sensitive", self._random.choice(SENSITIVE[kind]), held.from_on)
                return
        if self._random.random() < HEALTH_KNOWN:
            kind = self._random.choice(list(ORDINARY))
            words = self._random.choice(ORDINARY[kind])
            yield InventedHealth(kind, "ordinary", words, child.registered_at.date())

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self._random.randint(0, max((last - first).days, 0)))


def _autumn(year: int, *, before: date) -> date:
    """The beginning of the school year, the last one where that of the year has not come."""
    latest = before.year if before >= date(before.year, 9, 1) else before.year - 1
    return date(min(year, latest), 9, 1)
