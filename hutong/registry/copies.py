"""What stands in copies of lists (发出件内容): each column as the reader of that kind may have it, in Chinese."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import Prefetch, QuerySet
from django.utils.translation import override

from hutong.divisions.queries import names_of, short_names
from hutong.kit.cipher import Sealed
from hutong.kit.names import mask_name
from hutong.law.calendar import age_on
from hutong.law.categories import CATEGORIES
from hutong.law.copies import COLUMNS, NATIONAL, UNSPOKEN, WHEREABOUTS, CopyKind
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.relations import RELATIONS
from hutong.registry.models import CategoryHolding, Child
from hutong.registry.national import national_columns
from hutong.registry.queries import guardian_of, hidden_among

WITHHELD = "保密"
"""What stands where a child's whereabouts are kept secret."""
NOTHING: Mapping[str, str] = MappingProxyType({})
Value = Callable[[Child, date], str]


def _sealed(value: Sealed | None) -> str:
    return value.open() if value else ""


def _guardian(child: Child, on: date) -> str:
    guardian = guardian_of(child)
    relation = RELATIONS[guardian.relation][0] if guardian and guardian.relation else ""
    return " ".join(filter(None, (relation, guardian.name))) if guardian else ""


def _guardian_phone(child: Child, on: date) -> str:
    guardian = guardian_of(child)
    return _sealed(guardian.phone) if guardian else ""


def _categories(child: Child, on: date) -> str:
    files = (child, *child.joined_files.all())
    held = dict.fromkeys(holding.category for file in files for holding in file.holdings.all())
    return "、".join(CATEGORIES[code].title_zh for code in held if code not in UNSPOKEN)


def _township(child: Child, on: date) -> str:
    code = full(child.responsible_code[: LENGTH_OF[Level.TOWNSHIP]])
    return names_of([code]).get(code, "")


VALUES: dict[str, Value] = {
    "file_number": lambda child, on: child.file_number,
    "name": lambda child, on: child.name,
    "masked_name": lambda child, on: mask_name(child.name),
    "sex": lambda child, on: str(child.get_sex_display()),
    "birth_date": lambda child, on: child.birth_date.isoformat(),
    "age": lambda child, on: str(age_on(child.birth_date, on)),
    "id_number": lambda child, on: _sealed(child.id_number),
    "place": lambda child, on: short_names([child.responsible_code])[child.responsible_code],
    "township": _township,
    "address": lambda child, on: _sealed(child.address),
    "guardian": _guardian,
    "guardian_phone": _guardian_phone,
    "categories": _categories,
}


def _value(column: str, child: Child, on: date) -> str:
    return VALUES[column](child, on) if column in VALUES else ""


@dataclass(frozen=True)
class Roster:
    """The cells of a list (名册): a title for each column, and a text for each child and column."""

    titles: list[str]
    rows: list[list[str]]


def roster(kind: CopyKind, children: QuerySet[Child], *, on: date) -> Roster:
    """The list of one kind, of these children in their order."""
    holdings = Prefetch("holdings", CategoryHolding.objects.filter(until_on__isnull=True).order_by("from_on", "pk"))
    joined = Prefetch("joined_files__holdings", holdings.queryset)
    found = list(children.prefetch_related("guardians", holdings, joined))
    hidden, columns = hidden_among(found, on=on), kind.columns_on(on)
    told = national_columns(found, on=on) if kind.code == NATIONAL else {}
    with override("zh-hans"):
        rows = [
            cells(columns, child, is_hidden=child.pk in hidden, on=on, told=told.get(child.pk, {})) for child in found
        ]
    return Roster([COLUMNS[column][0] for column in columns], rows)


def cells(
    columns: Sequence[str], child: Child, *, is_hidden: bool, on: date, told: Mapping[str, str] = NOTHING
) -> list[str]:
    """The texts of one child, a column each (栏目内容), some already `told`; of hidden whereabouts none."""
    return [
        WITHHELD if is_hidden and column in WHEREABOUTS else told.get(column) or _value(column, child, on)
        for column in columns
        if column in COLUMNS
    ]
