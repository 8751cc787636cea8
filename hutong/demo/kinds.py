"""Kinds of children (儿童构成): how many of each, how old, what else they hold; scaled to the published totals."""

from collections.abc import Mapping

from hutong.law.categories import CATEGORIES

PER_50_000 = {
    "left_behind": 31_000, "migrant": 15_360, "de_facto": 2_200, "orphan_kin": 700, "orphan_institution": 250,
    "severe_disability": 160, "severe_illness": 50, "disability": 90, "dibao": 80, "in_difficulty": 40,
    "low_income": 20, "tekun": 15, "temporary_guardianship": 15, "abandoned": 10, "long_term_guardianship": 5,
    "harmed": 5,
}  # fmt: skip
"""Children by the category they were registered for; migrants among orphans come on top."""

PAID = frozenset(code for code, category in CATEGORIES.items() if category.paid)
IN_INSTITUTION = ("orphan_institution", "temporary_guardianship", "abandoned", "long_term_guardianship")
SURVEYED = ("left_behind", "migrant")

SCHOOL_AGE = (1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 12, 12, 11)
OLDER_ONES = (0.3, 0.5, 0.8, 1.2, 1.6, 2.2, 3, 3.6, 4.2, 5, 5.6, 6, 6.5, 7, 7.5, 8, 8, 8)
ALL_AGES = (2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 5)

EXTRAS = {
    "left_behind": {
        "dibao": 0.05, "low_income": 0.015, "disability": 0.012, "severe_disability": 0.006, "severe_illness": 0.003,
        "psychological": 0.008, "guardianship_absent": 0.004, "misconduct": 0.001,
    },
    "migrant": {"dibao": 0.015, "disability": 0.008, "severe_disability": 0.003, "psychological": 0.006},
    "de_facto": {"dibao": 0.35, "severe_disability": 0.06, "psychological": 0.05, "severe_illness": 0.01},
    "orphan_kin": {"tekun": 0.25, "severe_disability": 0.09, "psychological": 0.05},
    "orphan_institution": {"severe_disability": 0.45, "disability": 0.2},
    "severe_disability": {"dibao": 0.4},
    "severe_illness": {"dibao": 0.3},
    "harmed": {"psychological": 0.6, "guardianship_absent": 1.0},
}  # fmt: skip
"""What a child of a kind holds besides, and how likely."""

FORMER = {"left_behind": "migrant", "migrant": "left_behind"}
"""What children of a kind often were before: taken along, or left at home."""

BASES = {
    "left_behind": "摸底排查", "migrant": "摸底排查", "dibao": "低保名册", "low_income": "低保边缘名册",
    "tekun": "特困名册", "disability": "残疾人证", "severe_disability": "残疾人证", "severe_illness": "医院诊断",
    "psychological": "心理筛查",
    "guardianship_absent": "村级报告", "misconduct": "学校反映", "harmed": "强制报告", "abandoned": "公安移送",
    "temporary_guardianship": "未保中心接收", "long_term_guardianship": "福利机构接收", "in_difficulty": "村级报告",
}  # fmt: skip


def age_weights(kind: str) -> tuple[float, ...]:
    """How often each age from 0 upward occurs among a kind."""
    if kind in ("left_behind", "migrant"):
        return SCHOOL_AGE
    return OLDER_ONES if kind in ("de_facto", "orphan_kin") else ALL_AGES


def quotas(children: int, shares: Mapping[str, int] = PER_50_000) -> dict[str, int]:
    """How many of each kind make up so many children: shares rounded so that they add up (largest remainder)."""
    exact = {kind: children * share / sum(shares.values()) for kind, share in shares.items()}
    counts = {kind: int(number) for kind, number in exact.items()}
    short = children - sum(counts.values())
    for kind in sorted(exact, key=lambda kind: counts[kind] - exact[kind])[:short]:
        counts[kind] += 1
    return counts
