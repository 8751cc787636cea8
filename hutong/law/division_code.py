"""Division codes (行政区划代码): twelve digits, 2-2-2-3-3, and which place is responsible for a child."""

import re
from enum import StrEnum

CODE = re.compile(r"\d{12}")
PREFIX_LENGTHS = (2, 4, 6, 9, 12)
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省",
    "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省",
    "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省",
    "44": "广东省", "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省",
    "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip


class Level(StrEnum):
    """Level of a division (行政层级)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LENGTH_OF = dict(zip(Level, PREFIX_LENGTHS, strict=True))


def is_code(text: str) -> bool:
    """Whether the text is written as a full code; whether the place exists is the register's to say."""
    return CODE.fullmatch(text) is not None


def level_of(code: str) -> Level:
    """The level that a full code names: `640122000000` is a county."""
    return next(level for level, length in LENGTH_OF.items() if not code[length:].strip("0"))


def prefix_of(code: str) -> str:
    """The digits that say something: `640122000000` gives `640122`."""
    return code[: LENGTH_OF[level_of(code)]]


def is_prefix(text: str) -> bool:
    """Whether the text names a jurisdiction: 2, 4, 6, 9 or 12 digits."""
    return text.isascii() and text.isdigit() and len(text) in PREFIX_LENGTHS


def full(prefix: str) -> str:
    """The twelve digits of a prefix: `640122` gives `640122000000`."""
    return prefix.ljust(12, "0")


def ancestors(code: str) -> list[str]:
    """The codes above one, the province first, without the code itself."""
    return [full(code[:length]) for length in PREFIX_LENGTHS if length < len(prefix_of(code))]


def meeting(one: str, other: str) -> str:
    """The lowest place that holds two codes (共同上级): of two villages of a township, the township."""
    shared = (one[:length] for length in reversed(PREFIX_LENGTHS) if one[:length] == other[:length])
    return full(next(shared, ""))


def responsible(*, stated: str, registered: str, living: str, categories: frozenset[str], province: str) -> str:
    """The responsible division (管辖地) of a child.

    The sheet's own column where given; else the registered place for left-behind children (按户籍地, Ningxia's
    plan of 2024), orphans and de facto unattended children (民发〔2019〕62号: 户籍所在地) who have one in the
    province; else the living place.
    """
    if stated:
        return stated
    by_registration = categories & {"left_behind", "orphan_institution", "orphan_kin", "de_facto"}
    if by_registration and registered.startswith(province):
        return registered
    return living
