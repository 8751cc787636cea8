"""Reads of standards: which hold, what the law answers by them, who sees which. `user` is who asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.allowances.models import Standard
from hutong.allowances.models.standard import StandardStage
from hutong.law.division_code import LENGTH_OF, Level, ancestors, full, prefix_of
from hutong.law.parameters import Parameters, Value, shipped
from hutong.law.standards import SCHEMES, LocalStandard, giving_way, lower_than, overlaid

SUBJECT, CONFIRM = "standard", "confirm_standard"
PROPOSE, DECIDE, READ = Permission.PROPOSE_STANDARDS, Permission.CONFIRM_STANDARDS, Permission.SEE_FIGURES
READERS = (PROPOSE, DECIDE)
"""Who works with standards (标准办理人员)."""
LENGTHS = tuple(LENGTH_OF[level] for level in (Level.PROVINCE, Level.CITY, Level.COUNTY))


def confirmed() -> list[LocalStandard]:
    """The standards that were confirmed (已确认标准), of all places and days."""
    return [one.fact for one in Standard.objects.filter(stage=StandardStage.CONFIRMED)]


def parameters_in_force() -> Parameters:
    """The parameters that came with the product, with the confirmed standards on top (现行参数): one question.

    Whoever answers for many children keeps them, and the Rules made of them, as long as that takes.
    """
    return overlaid(shipped(), confirmed())


def parameters_with(standard: Standard) -> tuple[Parameters, Parameters]:
    """The parameters without a standard, and with it as if it were confirmed (试算参数)."""
    others = Standard.objects.filter(stage=StandardStage.CONFIRMED).exclude(pk=standard.pk)
    before = [_as_before(one, standard) for one in others]
    return overlaid(shipped(), before), overlaid(shipped(), [*giving_way(before, standard.fact), standard.fact])


def _as_before(one: Standard, standard: Standard) -> LocalStandard:
    """A standard as it was before another took its place."""
    if standard.pk and one.replaced_by_id == standard.pk:
        one.until_on = None
    return one.fact


def lower_ones(standard: Standard) -> tuple[Value | None, Value | None]:
    """The standards that one lies below (不低于): of the place above it, and the one before it."""
    return lower_than(parameters_with(standard)[0], standard.fact)


def visible_standards(user: Person, *, on: date) -> QuerySet[Standard]:
    """The standards a person may read of (可见标准): all of their own places, and the confirmed ones above them."""
    area = jurisdiction_of(user, READ, on=on)
    above = {code for prefix in area.prefixes for code in ancestors(full(prefix))}
    return Standard.objects.filter(
        area.where("division_code") | Q(division_code__in=above, stage=StandardStage.CONFIRMED)
    )


def standard_with_number(user: Person, number: int, *, on: date) -> Standard | None:
    """One visible standard."""
    found = visible_standards(user, on=on).filter(pk=number)
    return found.select_related("proposed_by", "decided_by", "withdrawn_by", "replaced_by", "paper").first()


def own_places(user: Person, *, on: date) -> list[str]:
    """The codes of the places whose standards a person may propose (可提请地区): their own, none below, none above."""
    prefixes = jurisdiction_of(user, PROPOSE, on=on).prefixes
    return [full(prefix) for prefix in prefixes if len(prefix) in LENGTHS]


def shown_places(user: Person, *, on: date) -> list[str]:
    """The codes of the places whose standards are told apart (列示地区): one's own, and those below that have rows."""
    prefixes = [prefix[: LENGTHS[-1]] for prefix in jurisdiction_of(user, READ, on=on).prefixes]
    rows = visible_standards(user, on=on).filter(stage=StandardStage.CONFIRMED).order_by()
    below = [
        code for code in rows.values_list("division_code", flat=True).distinct() if code.startswith(tuple(prefixes))
    ]
    return sorted({*map(full, prefixes), *below})


@dataclass(frozen=True)
class InForce:
    """What holds at a place on a day (当地现行标准): the value, the row it comes from where it is one, and whether it
    lies below the place above."""

    scheme: str
    division_code: str
    value: Value | None
    standard: Standard | None
    is_below: bool


def in_force(codes: Iterable[str], *, on: date) -> list[InForce]:
    """What every scheme pays at places on a day (各地现行标准)."""
    rows = list(Standard.objects.filter(stage=StandardStage.CONFIRMED))
    parameters = overlaid(shipped(), [one.fact for one in rows])
    holding = {(one.scheme, one.division_code): one for one in rows if one.fact.holds_on(on)}
    return [_in_force(scheme, code, parameters, holding, on=on) for code in codes for scheme in SCHEMES]


def _in_force(
    scheme: str, code: str, parameters: Parameters, holding: Mapping[tuple[str, str], Standard], *, on: date
) -> InForce:
    value = _value(parameters, scheme, code, on)
    row = next(
        (holding[scheme, place] for place in (code, *reversed(ancestors(code))) if (scheme, place) in holding), None
    )
    above = _value(parameters, scheme, prefix_of(code)[:-2], on)
    return InForce(scheme, code, value, row, _amount(value) < _amount(above))


def _value(parameters: Parameters, scheme: str, place: str, on: date) -> Value | None:
    try:
        return parameters.value(SCHEMES[scheme].code, on=on, jurisdiction=place)
    except LookupError:
        return None


def _amount(value: Value | None) -> int:
    return value.value if value and isinstance(value.value, int) else 0


def acts_for(user: Person, standard: Standard, *, on: date) -> tuple[str, ...]:
    """What a person may do with a standard now (可办事项): confirm, refuse, withdraw."""
    may_decide = may(user, DECIDE, code=standard.division_code, on=on)
    is_waiting = standard.stage == StandardStage.PROPOSED
    decides = may_decide and is_waiting and standard.proposed_by_id != user.pk
    withdraws = standard.division_code in own_places(user, on=on) if is_waiting else may_decide
    possible = is_waiting or (standard.stage == StandardStage.CONFIRMED and on < standard.from_on)
    return (*(("confirm", "refuse") if decides else ()), *(("withdraw",) if withdraws and possible else ()))
