"""What the national system asks for (全国系统栏目内容), filled from the files of children: Chinese texts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import override

from hutong.divisions.queries import path_names
from hutong.law import ethnic_groups, national_system
from hutong.law.categories import CATEGORIES
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.relations import RELATIONS
from hutong.law.study import LEVELS
from hutong.registry.models import CategoryHolding, Child, Circumstance, Guardian, Parent, Study
from hutong.registry.models.guardian import Kind as GuardianKind
from hutong.registry.queries import leading_of

PAID = [code for code, category in CATEGORIES.items() if category.paid]
FATHERS, MOTHERS = ("adoptive_father", "father"), ("adoptive_mother", "mother")
"""Roles of a father and of a mother, the one that counts first."""
Row = TypeVar("Row", bound=Model)


def national_columns(children: Sequence[Child], *, on: date) -> dict[int, dict[str, str]]:
    """The columns of the national system of many children (全国系统栏目内容), by id of the file that leads.

    A few questions for all. Whoever shows them keeps back what tells hidden whereabouts.
    """
    leading, asked = leading_of([child.pk for child in children]), national_system.columns(on)
    places = path_names(code for child in children for code in (child.registered_code, child.living_code))
    told = _Told(leading, on)
    with override("zh-hans"):
        return {
            child.pk: {code: text for code, text in _said(child, places, told).items() if code in asked}
            for child in children
        }


class _Told:
    """What stands about many children, by id of the file that leads (数据来源)."""

    def __init__(self, leading: Mapping[int, int], on: date) -> None:
        holds = Q(until_on__isnull=True) | Q(until_on__gte=on)
        begun = Q(from_on__lte=on)
        guardians = Guardian.objects.filter(until_on__isnull=True).exclude(kind=GuardianKind.ENTRUSTED)
        self.guardians = _by_child(guardians.order_by("pk"), leading)
        self.holdings = _by_child(CategoryHolding.objects.filter(holds, category__in=PAID).order_by("pk"), leading)
        self.parents = _by_child(Parent.objects.filter(until_on__isnull=True).order_by("pk"), leading)
        self.studies = _by_child(Study.objects.filter(holds, begun).order_by("-from_on", "-pk"), leading)
        self.situations: dict[int, list[str]] = defaultdict(list)
        for one in Circumstance.objects.filter(holds, begun, child__in=leading, parent__isnull=False).order_by("pk"):
            self.situations[one.parent_id].append(CIRCUMSTANCES[one.kind].title_zh)


def _by_child(rows: QuerySet[Row], leading: Mapping[int, int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.filter(child__in=leading):
        found[leading[row.child_id]].append(row)  # type: ignore[attr-defined]
    return found


def _said(child: Child, places: Mapping[str, str], told: _Told) -> dict[str, str]:
    said = {
        "name": child.name,
        "sex": str(child.get_sex_display()),
        "birth_date": child.birth_date.isoformat(),
        "id_number": child.id_number.open() if child.id_number else "",
        "ethnic_group": ethnic_groups.title(child.ethnic_group),
        "registered_place": places.get(child.registered_code, ""),
        "living_place": places.get(child.living_code, ""),
    }
    holding = next(iter(told.holdings[child.pk]), None)
    study = next(iter(told.studies[child.pk]), None)
    return (
        said
        | {
            "paid_category": CATEGORIES[holding.category].title_zh if holding else "",
            "decided_on": holding.from_on.isoformat() if holding else "",
            "decision_number": holding.decision_number if holding else "",
            "study_level": LEVELS[study.level][0] if study else "",
        }
        | _guardian(next(iter(told.guardians[child.pk]), None))
        | _parent("father", FATHERS, told.parents[child.pk], told)
        | _parent("mother", MOTHERS, told.parents[child.pk], told)
    )


def _guardian(guardian: Guardian | None) -> dict[str, str]:
    return {
        "guardian_name": guardian.name if guardian else "",
        "guardian_relation": RELATIONS[guardian.relation][0] if guardian and guardian.relation else "",
        "guardian_id_number": guardian.id_number.open() if guardian and guardian.id_number else "",
        "guardian_phone": guardian.phone.open() if guardian and guardian.phone else "",
    }


def _parent(whose: str, roles: Sequence[str], parents: Sequence[Parent], told: _Told) -> dict[str, str]:
    theirs = sorted((one for one in parents if one.role in roles), key=lambda one: roles.index(one.role))
    parent = next(iter(theirs), None)
    return {
        f"{whose}_name": parent.name if parent else "",
        f"{whose}_situation": "、".join(dict.fromkeys(told.situations[parent.pk])) if parent else "",
    }
