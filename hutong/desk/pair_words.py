"""Words of the duplicates desk (疑似重复用语): how a score came about, bands, answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.registry.contradictions import Contradiction
from hutong.registry.linkage.scoring import OTHERS, START, Step
from hutong.registry.linkage.wording import MISSING, WORDS

BANDS: dict[str, Promise] = {
    "surest": _("99 % and more"),
    "likely": _("90 % to 99 %"),
    "even": _("50 % to 90 %"),
    "unlikely": _("below 50 %"),
}
STATES: dict[str, Promise] = {
    "open": _("Not answered"),
    "waiting": _("Waits for a second person"),
    "same": _("One child"),
    "different": _("Two children"),
    "answered": _("Answered"),
}
CHECKED: dict[str, Promise] = {
    "any": _("Looked at a second time"),
    "same": _("Second look: one child"),
    "different": _("Second look: two children"),
    "differs": _("Second look and answer differ"),
}


HEADINGS: dict[str, Promise] = {
    "open": _("One child or two?"),
    "waiting": _("Taken for one child; waits for a second person"),
    "same": _("One child: the files are joined"),
    "different": _("Answered: two children"),
}
CONTRADICTIONS: dict[str, Promise] = {
    Contradiction.SEX: _("The sex is not the same."),
    Contradiction.NUMBERS: _("Both have a valid ID number, and not the same."),
    Contradiction.BIRTH_YEARS: _("The birth years are more than one year apart."),
    Contradiction.SCORE: _("The score is so low that the system would not have asked."),
}
CANNOT_LEAD: dict[str, Promise] = {
    "number": _("cannot lead: the other file has the ID number"),
    "open": _("cannot lead: this file is closed, the other is open"),
}
SUGGESTED: dict[str, Promise] = {
    "open": _("%(side)s is chosen for you: it is the open file."),
    "number": _("%(side)s is chosen for you: it has the ID number."),
    "paid": _("%(side)s is chosen for you: it holds a paid category."),
    "first": _("%(side)s is chosen for you: it was registered first."),
}


@dataclass(frozen=True)
class WeightLine:
    """One step of a score in words (权重说明): what speaks for one child, or against; `share` of 100 by weight."""

    sentence: str
    weight: str
    side: str
    share: int


@dataclass(frozen=True)
class Evidence:
    """What a score rests on, in plain words (评分依据): for one child, against, neither; then in figures."""

    speaks_for: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    neither: list[str] = field(default_factory=list)
    weights: list[WeightLine] = field(default_factory=list)


HEAVIEST, LIGHTEST = 12.0, 0.05
ALIKE = {"identical", "variant", "same", "village"}
UNLIKE = {"different", "unlike", "both_valid"}


def weight_lines(waterfall: list[Mapping[str, object]]) -> list[WeightLine]:
    """The steps of a score in words, in its own order; what one file lacks weighs nothing and is left out."""
    steps = _steps(waterfall)
    return [_line(*step) for step in steps if step[1] != MISSING and not (step[0] == OTHERS and _is_light(step[2]))]


def _steps(waterfall: list[Mapping[str, object]]) -> list[tuple[str, str, float]]:
    return [(str(step["field"]), str(step["level"]), float(str(step["weight"]))) for step in waterfall]


def evidence(waterfall: list[Mapping[str, object]]) -> Evidence:
    """What a score rests on. A step whose weight says another thing than its words says nothing."""
    found = Evidence(weights=weight_lines(waterfall))
    for noun, level, weight in _told(waterfall):
        _group(found, level, weight).append(_sentence(noun, level))
    return found


def main_difference(waterfall: list[Mapping[str, object]]) -> str:
    """What speaks most against one child (主要不同), in one sentence; nothing where nothing does."""
    steps = [step for step in _told(waterfall) if step[2] <= -LIGHTEST and step[1] not in ALIKE]
    return _sentence(*min(steps, key=lambda step: step[2])[:2]) if steps else ""


def _told(waterfall: list[Mapping[str, object]]) -> list[tuple[str, str, float]]:
    return [step for step in _steps(waterfall) if step[0] not in (START, OTHERS) and step[1] != MISSING]


def _group(found: Evidence, level: str, weight: float) -> list[str]:
    if _is_light(weight) or (weight < 0 and level in ALIKE) or (weight > 0 and level in UNLIKE):
        return found.neither
    return found.speaks_for if weight > 0 else found.against


def sentences(steps: Iterable[Step]) -> list[str]:
    """What is alike and what is not, field by field (逐项比对), without its weight."""
    lines = weight_lines([step._asdict() for step in steps if step.field not in (OTHERS, START)])
    return [line.sentence for line in lines]


def _line(noun: str, level: str, weight: float) -> WeightLine:
    share = round(100 * min(abs(weight), HEAVIEST) / HEAVIEST)
    side = "" if _is_light(weight) else "for" if weight > 0 else "against"
    return WeightLine(_sentence(noun, level), signed(weight), side, share)


def _sentence(noun: str, level: str) -> str:
    return str(WORDS.get((noun, level), f"{noun} {level}"))


def _is_light(weight: float) -> bool:
    return abs(weight) < LIGHTEST


def signed(weight: float) -> str:
    """`+4.1`, `−2.0`, and `0.0` for next to nothing."""
    sign = "" if _is_light(weight) else "−" if weight < 0 else "+"
    return f"{sign}{abs(weight):.1f}"


def percent(probability: float) -> str:
    """`97.3 %`; never 100 for what is not certain."""
    return f"{min(probability * 100, 99.9):.1f} %"
