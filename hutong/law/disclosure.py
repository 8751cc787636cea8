"""Disclosure (小数保护): figures that would tell of a few single children are folded together or not said."""

from datetime import date

from hutong.law.parameters import shipped


def small_count(*, on: date, jurisdiction: str = "") -> int:
    """The largest count that is not said by itself (小数上限)."""
    return shipped().number("small_count_at_most", on=on, jurisdiction=jurisdiction)


def is_small(count: int, at_most: int) -> bool:
    """Whether a count would tell of a few single children; none at all tells of nobody."""
    return 0 < count <= at_most
