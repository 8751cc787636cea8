"""Holds (暂缓发放): why somebody entitled is not paid with a run, and what is to be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold (暂缓原因): its title and what to do next, in Chinese and English."""

    title_zh: str
    title_en: str
    next_zh: str
    next_en: str

    @property
    def titles(self) -> tuple[str, str]:
        """How it is called, in Chinese and English."""
        return self.title_zh, self.title_en


NO_PAYEE, SUSPENDED, TO_DECIDE, ENDED, TOPPED, BY_HAND = (
    "no_payee",
    "suspended",
    "to_decide",
    "ended",
    "topped",
    "by_hand",
)
HOLDS: Mapping[str, Hold] = {
    NO_PAYEE: Hold(
        "没有领款账户", "No card to pay to",
        "登记领款人和银行卡，或在下次单独发放时补发", "Enter payee and card; the next run pays it",
    ),
    SUSPENDED: Hold(
        "保障已暂停", "Suspended", "恢复或终止保障", "Lift the suspension or end the recognition",
    ),
    TO_DECIDE: Hold(
        "政策不能直接得出金额", "The law leaves the amount to a person",
        "核对其他待遇和标准，更正后重新核定", "Check other aid and the standard, correct it, and prepare the run anew",
    ),
    ENDED: Hold(
        "按登记情况本月不应发放", "By the facts nothing is due any more",
        "核实后办理终止，或更正登记情况", "Look into it, then end the recognition or correct the facts",
    ),
    TOPPED: Hold(
        "其他待遇已达标准，补差为零", "Other aid reaches the standard; nothing is left to pay",
        "无需办理；其他待遇变化后重新计算", "Nothing to do; it is counted anew once the other aid changes",
    ),
    BY_HAND: Hold(
        "经办人暂缓", "Held by an officer", "查明后解除", "Look into it, then release it",
    ),
}  # fmt: skip
"""Why a line waits (暂缓原因)."""
