"""What linkage knows of a child: eight fields, each of which may be missing."""

from datetime import date
from typing import NamedTuple


class Record(NamedTuple):
    """Record (记录): one child as one list tells of it; what is not known is empty.

    `sex` is a code of GB/T 2261.1; `living_division` a 12-digit code or, where there is none, words.
    """

    key: str
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    id_number: str = ""
    living_division: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
