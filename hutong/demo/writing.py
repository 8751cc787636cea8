"""Writing (入库): invented children into the tables of the registry, by COPY."""

from collections.abc import Callable, Iterable, Iterator

from hutong.demo.children import InventedChild
from hutong.registry.actions.entering import Row, child_row, enter, guardian_row, holding_row
from hutong.registry.models import CategoryHolding, Child, Guardian

Filed = tuple[int, str, InventedChild]
"""A child with its id and its file number."""


def write_children(filed: Iterable[Filed], written: Callable[[int], None]) -> None:
    """Writes the children (写入儿童); `written` is told after each how many there are."""
    enter(Child, _child_rows(filed, written))


def _child_rows(filed: Iterable[Filed], written: Callable[[int], None]) -> Iterator[Row]:
    for done, (child_id, _number, child) in enumerate(filed, 1):
        yield child_row(
            child_id, child.said, responsible_code=child.responsible_code, registered_at=child.registered_at
        )
        written(done)


def write_guardians(filed: Iterable[Filed]) -> None:
    """Writes who looks after them (写入监护人)."""
    enter(Guardian, (guardian_row(at, child.said, from_on=child.holdings[0].from_on) for at, _number, child in filed))


def write_holdings(filed: Iterable[Filed]) -> None:
    """Writes what they hold and have held (写入类别)."""
    enter(CategoryHolding, _holding_rows(filed))


def _holding_rows(filed: Iterable[Filed]) -> Iterator[Row]:
    for child_id, _number, child in filed:
        for held in child.holdings:
            yield holding_row(
                child_id,
                held.category,
                from_on=held.from_on,
                until_on=held.until_on,
                basis=held.basis,
                decision_number=held.decision_number,
            )
