"""Categories of children (儿童类别): the code list, and which of them money is bound to.

A category is a dated fact about a child, not a property. The infection of a child is never a holding code: such
children are stored as holders of the scattered standard with a sealed basis (《艾滋病防治条例》第三十九条).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from hutong.law.parameters import shipped


@dataclass(frozen=True, slots=True)
class Category:
    """One category (类别): our code, the list's number, the Chinese title, and whether an allowance is bound to it."""

    code: str
    number: str
    title_zh: str
    title_en: str
    paid: bool = False


CATEGORIES = {
    category.code: category
    for category in (
        Category("orphan_institution", "01", "孤儿（集中养育）", "Orphan raised in an institution", True),
        Category("orphan_kin", "02", "散居孤儿标准保障", "At the scattered-orphan standard", True),
        Category("de_facto", "03", "事实无人抚养", "De facto unattended", True),
        Category("abandoned", "05", "弃婴弃儿（查找中）", "Abandoned, parents being sought"),
        Category("temporary_guardianship", "06", "临时监护", "Temporary guardianship"),
        Category("long_term_guardianship", "07", "长期监护（非孤儿）", "Long-term guardianship, not an orphan"),
        Category("left_behind", "08", "农村留守", "Left behind in the countryside"),
        Category("migrant", "09", "流动", "Migrant"),
        Category("severe_disability", "10", "重残", "Severe disability"),
        Category("severe_illness", "11", "重病", "Severe illness"),
        Category("disability", "12", "残疾（非重残）", "Disability, not severe"),
        Category("dibao", "13", "低保家庭", "Subsistence-allowance family"),
        Category("tekun", "14", "特困", "Extreme hardship"),
        Category("low_income", "15", "低保边缘家庭", "Near-subsistence family"),
        Category("vagrant", "16", "生活无着流浪", "Vagrant without means"),
        Category("harmed", "17", "受监护侵害", "Harmed by a guardian"),
        Category("guardianship_absent", "18", "监护缺失或不当", "Guardianship absent or improper"),
        Category("psychological", "19", "心理行为异常", "Abnormal psychology or behaviour"),
        Category("misconduct", "20", "有不良行为", "Bad behaviour"),
        Category("in_difficulty", "99", "其他困境", "Other difficulty"),
    )
}

WITH_SECRET_BASIS = frozenset({"orphan_kin"})
"""Categories whose holdings all carry a sealed basis, so that no outside sign tells them apart.

Their title names the standard, which is true of every holder, and not what it rests on.
"""


class Basis(StrEnum):
    """Sealed basis (密封依据) of the scattered standard; padded to one length before it is sealed."""

    ORPHAN = "orphan"
    HIV = "hiv"
    ADOPTED = "adopted"

    @property
    def padded(self) -> str:
        """As it is sealed."""
        return self.value.ljust(BASIS_LENGTH)


BASIS_LENGTH = 8
BASES: Mapping[str, tuple[str, str]] = {
    Basis.ORPHAN: ("孤儿", "Orphan"),
    Basis.HIV: ("艾滋病病毒感染", "Infection with HIV"),
    Basis.ADOPTED: ("被收养残疾孤儿", "Adopted disabled orphan"),
}
"""How a sealed basis is called, in Chinese and English; for named people alone."""


@lru_cache(maxsize=1024)
def age_limit(on: date, category: str = "") -> int:
    """The age under which somebody is a child on a day, or of a category (年龄上限，不满，不含本数).

    Left-behind and migrant children have limits of their own.
    """
    own = f"age_limit_{category}"
    is_own = any(parameter.code == own for parameter in shipped())
    return shipped().number(own if is_own else "age_limit", on=on)


SPOKEN = {
    "孤儿": "orphan_kin", "社会散居孤儿": "orphan_kin", "散居孤儿": "orphan_kin", "孤儿（社会散居）": "orphan_kin",
    "孤儿(社会散居)": "orphan_kin", "集中养育孤儿": "orphan_institution",
    "机构孤儿": "orphan_institution", "事实无人抚养儿童": "de_facto", "事实孤儿": "de_facto", "留守": "left_behind",
    "留守儿童": "left_behind", "农村留守儿童": "left_behind", "流动儿童": "migrant", "困境儿童": "in_difficulty",
    "重残儿童": "severe_disability", "重病儿童": "severe_illness", "残疾儿童": "disability", "低保": "dibao",
    "低保儿童": "dibao", "特困儿童": "tekun", "低保边缘": "low_income", "低收入家庭": "low_income",
    "弃婴": "abandoned", "弃儿": "abandoned", "流浪儿童": "vagrant",
}  # fmt: skip
HIV_WORDS = ("艾滋", "HIV", "hiv")


def read_category(text: str) -> str | None:
    """The code of one category as an officer writes it: title, everyday word, number or code. None: unknown."""
    return _READING.get(text)


_READING = (
    {category.title_zh: code for code, category in CATEGORIES.items()}
    | {category.title_zh.replace("（", "(").replace("）", ")"): code for code, category in CATEGORIES.items()}
    | {category.number: code for code, category in CATEGORIES.items()}
    | {code: code for code in CATEGORIES}
    | SPOKEN
)
