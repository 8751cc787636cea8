"""Chips (分组标签): lists of one page that are one press away."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Chip:
    """One of the lists of a page (列表分组), with how many stand in it."""

    label: str | Promise
    href: str
    is_current: bool
    count: int
