"""Money (金额): integer fen, and how a sum is said."""


def yuan(fen: int) -> str:
    """`1200元`, `333.33元`: a sum as a decision says it."""
    whole, part = divmod(fen, 100)
    return f"{whole}.{part:02d}元" if part else f"{whole}元"
