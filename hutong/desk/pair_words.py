"""Words of the duplicates desk (疑似重复用语): how a score came about, bands, answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True)
class WeightLine:
    """One step of a score in words (权重说明): what speaks for one child, or against; `share` of 100 by weight."""

    sentence: str
    weight: str
    side: str
    share: int


HEAVIEST, LIGHTEST = 12.0, 0.05


def weight_lines(waterfall: list[Mapping[str, object]]) -> list[WeightLine]:
    """The steps of a score in words, in its own order; what one file lacks weighs nothing and is left out."""
    steps = [(str(step["field"]), str(step["level"]), float(str(step["weight"]))) for step in waterfall]
    return [_line(*step) for step in steps if step[1] != MISSING and not (step[0] == OTHERS and _is_light(step[2]))]


def sentences(steps: Iterable[Step]) -> list[str]:
    """What is alike and what is not, field by field (逐项比对), without its weight."""
    lines = weight_lines([step._asdict() for step in steps if step.field not in (OTHERS, START)])
    return [line.sentence for line in lines]


def _line(field: str, level: str, weight: float) -> WeightLine:
    share = round(100 * min(abs(weight), HEAVIEST) / HEAVIEST)
    side = "" if _is_light(weight) else "for" if weight > 0 else "against"
    return WeightLine(str(WORDS.get((field, level), f"{field} {level}")), signed(weight), side, share)


def _is_light(weight: float) -> bool:
    return abs(weight) < LIGHTEST


def signed(weight: float) -> str:
    """`+4.1`, `−2.0`, and `0.0` for next to nothing."""
    sign = "" if _is_light(weight) else "−" if weight < 0 else "+"
    return f"{sign}{abs(weight):.1f}"


def percent(probability: float) -> str:
    """`97.3 %`; never 100 for what is not certain."""
    return f"{min(probability * 100, 99.9):.1f} %"
