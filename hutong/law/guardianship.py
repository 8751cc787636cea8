"""Guardianship (监护): what cannot be true of a child and the person who looks after it."""

PARENTS = frozenset({"51", "52"})
ORPHANS = frozenset({"orphan_institution", "orphan_kin"})


def contradicts(categories: frozenset[str], relation: str) -> bool:
    """Whether a living parent is named as guardian of an orphan (《孤儿基本生活费》: 失去父母或查找不到生父母)."""
    return relation in PARENTS and bool(categories & ORPHANS)
