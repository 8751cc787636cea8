"""Circumstances (情形): what can hold of a parent or a child, from when to when, and which papers show it.

The two sets of 民发〔2019〕62号 and 民发〔2020〕125号 are made of these kinds. The infection of a child is never among
them: it is kept sealed with the category (《艾滋病防治条例》第三十九条).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One kind of circumstance (情形种类): whose it may be, and which papers show it, the usual one first."""

    code: str
    title_zh: str
    title_en: str
    of_parent: bool
    of_child: bool
    papers: tuple[str, ...]


CIRCUMSTANCES = {
    kind.code: kind
    for kind in (
        Circumstance(
            "dead", "死亡", "Dead", True, False,
            ("death_certificate", "household_cancellation", "cremation_certificate", "court_judgment"),
        ),
        Circumstance("declared_missing", "宣告失踪", "Declared missing", True, False, ("court_judgment",)),
        Circumstance("severe_disability", "重残", "Severe disability", True, False, ("disability_certificate",)),
        Circumstance("severe_illness", "重病", "Severe illness", True, True, ("diagnosis", "medical_assistance")),
        Circumstance("imprisoned", "服刑在押", "Imprisoned", True, False, ("court_judgment", "custody_paper")),
        Circumstance("drug_rehab", "强制隔离戒毒", "In compulsory rehabilitation", True, False, ("custody_paper",)),
        Circumstance(
            "liberty_restricted", "被执行其他限制人身自由的措施", "Otherwise deprived of liberty", True, False,
            ("custody_paper", "court_judgment"),
        ),
        Circumstance("out_of_contact", "失联", "Out of contact", True, False, ("police_receipt",)),
        Circumstance(
            "guardianship_revoked", "被撤销监护资格", "Guardianship revoked", True, False, ("court_judgment",)
        ),
        Circumstance("deported", "被遣送（驱逐）出境", "Deported", True, False, ("immigration_paper",)),
        Circumstance(
            "parents_not_found", "查找不到生父母", "Parents cannot be found", False, True, ("police_receipt",)
        ),
        Circumstance("disability", "残疾", "Disability", False, True, ("disability_certificate",)),
        Circumstance(
            "hidden_whereabouts", "住所保密", "Whereabouts kept secret", False, True,
            ("protection_order", "court_judgment", "police_receipt"),
        ),
    )
}  # fmt: skip
WITH_GRADE = frozenset({"severe_disability", "disability"})
"""Kinds that carry a disability class and grade."""
WITH_REPORT = frozenset({"out_of_contact", "parents_not_found"})
"""Kinds that begin with a search by the police, whose day is kept."""
WITH_NOTICE = frozenset({"parents_not_found"})
"""Kinds that a public notice comes before, whose day is kept."""
OF_PARENTS = tuple(code for code, kind in CIRCUMSTANCES.items() if kind.of_parent)
OF_CHILDREN = tuple(code for code, kind in CIRCUMSTANCES.items() if kind.of_child)
HIDDEN = "hidden_whereabouts"
"""Holds while nobody may learn where a child is (住所保密): no copy tells it, and few are shown it."""
FINAL = frozenset({"dead"})
"""Kinds that have no last day."""
IN_ONE_PLACE = {"unable_to_work": "精神疾病完全丧失劳动能力"}
"""Kinds that single places add to the national list (地方增列情形): titles by code; their tables are parameters."""
SEALED = {"hiv": "艾滋病病毒感染"}
"""Kinds that only cases and the sealed basis of a category say (密封情形)."""


def title(kind: str) -> str:
    """How a kind is called (情形名称), a local and a sealed one too."""
    found = CIRCUMSTANCES.get(kind)
    return found.title_zh if found else (IN_ONE_PLACE | SEALED)[kind]
