"""Money (金额): integer fen, how a sum is said, and how it is written into files and read from them."""

import re
import unicodedata

WRITTEN = re.compile(r"[¥￥]?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?元?", re.ASCII)


def yuan(fen: int) -> str:
    """`1200元`, `333.33元`: a sum as a decision says it."""
    part = fen % 100
    return f"{fen // 100}.{part:02d}元" if part else f"{fen // 100}元"


def decimal_yuan(fen: int) -> str:
    """`1200.00`: a sum as files hold it."""
    return f"{fen // 100}.{fen % 100:02d}"


def read_yuan(text: str) -> int | None:
    """The fen of `1200`, `1,200.00` or `￥1200.5元`, in full-width figures too. None: no sum beyond doubt."""
    found = WRITTEN.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
