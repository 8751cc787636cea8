"""Names (姓名): how Chinese names are cleaned, spelled in pinyin, shortened to initials and masked."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pypinyin import lazy_pinyin

MAX_LENGTH = 50
DOTS = dict.fromkeys(map(ord, "•‧∙⋅．・●᛫⸱.･ꞏ་༌◦⦁⸳"), "·")
INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u00ad\u180e\ufeff"),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    ]
)
"""What nobody sees: joiners, marks of direction, variants of a glyph."""
SPACES = re.compile(r"\s+")
PLAIN = re.compile(r"[\u4e00-\u9fff]+")
PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
ALLOWED = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffffA-Za-z· ]+")

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "尉迟",
        "皇甫",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "端木",
        "澹台",
        "呼延",
        "轩辕",
    ]
)
SURNAME_PINYIN = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "尉迟": "yu chi", "澹台": "tan tai", "万俟": "mo qi", "乐": "yue", "冼": "xian", "任": "ren", "缪": "miao",
    "翟": "zhai", "哈": "ha", "折": "she", "种": "chong", "覃": "qin", "员": "yun",
}  # fmt: skip


def has_private_character(text: str) -> bool:
    """Whether a character stands there that only one old input method knew (自造字): elsewhere it is another one."""
    return PRIVATE.search(text) is not None


def clean_name(text: str) -> str:
    """One form for a name: half-width, one kind of `·`, nothing invisible, no needless space."""
    if PLAIN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", text.translate(DOTS)).translate(INVISIBLE).translate(DOTS).strip()
    if re.search(r"[A-Za-z]", text):
        return SPACES.sub(" ", text)
    return SPACES.sub("", text)


def is_name(text: str) -> bool:
    """Whether a cleaned text can be a name: 2 to 50 characters, letters or Chinese characters with `·` inside."""
    return 2 <= len(text) <= MAX_LENGTH and ALLOWED.fullmatch(text) is not None and text.strip("·") == text


def surname_of(name: str) -> str:
    """The surname (姓), one or two characters."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES or name[:2] in SURNAME_PINYIN else name[:1]


@lru_cache(maxsize=20_000)
def _spell(character: str) -> str:
    return lazy_pinyin(character)[0].lower()


class Spelling(NamedTuple):
    """Spelling (拼写): what a name is found and listed by."""

    pinyin: str
    initials: str
    sorting: str


def spell(name: str) -> Spelling:
    """The pinyin of a name without spaces or tones, its first letters, and the key by which it is listed.

    `杨一诺` gives `yangyinuo` and `yyn`. In the key each syllable has its character, so that 白 and 拜 keep apart:
    `李雨` gives `li 李 yu 雨`; a shorter syllable comes before a longer one, 李 before 刘.
    """
    surname = surname_of(name)
    own = SURNAME_PINYIN.get(surname)
    readings = [*(own.split() if own else map(_spell, surname)), *map(_spell, name[len(surname) :])]
    read = list(zip(readings, name, strict=True))
    syllables = [reading for reading, character in read if character not in "· "]
    key = " ".join([f"{reading} {character}" for reading, character in read])
    return Spelling("".join(syllables), "".join([syllable[0] for syllable in syllables]), key)


def spelled(text: str) -> list[str]:
    """The plain syllables of any text, without the surnames' own readings: for places."""
    return [_spell(character) for character in text]


def spoken(text: str) -> list[str]:
    """The plain syllables of a text as its words are read: `重庆` is `chong qing`; slower than `spelled`."""
    return [syllable.lower() for syllable in lazy_pinyin(text)]


def mask_name(name: str) -> str:
    """The name outside an officer's duty: `张*三`, `欧阳**`, `李*` (脱敏)."""
    surname = surname_of(name)
    rest = len(name) - len(surname)
    if len(surname) == 2 or rest <= 1:
        return surname + "*" * rest
    return f"{surname}{'*' * (rest - 1)}{name[-1]}"


def mask_id_number(number: str) -> str:
    """At most the last two characters of an ID number."""
    return "*" * (len(number) - 2) + number[-2:]


def clean_phone(number: str) -> str:
    """A telephone number (规范电话) as it is compared: without country code, spaces and dashes."""
    if len(number) == 11 and number.isdecimal():
        return number
    return re.sub(r"^\+?86(?=1\d{10}$)|[-\s]", "", number)


def mask_phone(number: str) -> str:
    """`138****5678`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def mask_card(number: str) -> str:
    """At most the last four digits of a bank card: `****1234`."""
    return f"****{number[-4:]}"
