"""Money (金额): integer fen, and how a sum is said."""


def yuan(fen: int) -> str:
    """`1200元`, `333.33元`: a sum as a decision says it."""
    part = fen % 100
    return f"{fen // 100}.{part:02d}元" if part else f"{fen // 100}元"
