"""Transcriptions (译名): Arabic, Persian and Turkic names as Hui, Uyghur and others have them written."""

from functools import cache

SPELLINGS = """
伊布拉欣 易卜拉欣 伊卜拉欣 依布拉欣 伊不拉欣 易布拉欣 伊布拉黑麦
优素福 优素夫 尤素夫 尤素福 玉素甫 玉素福 约素夫 优苏福
尤努斯 优努斯 尤努司 于努斯
苏莱曼 苏来曼 苏赖曼 素来曼 苏来麦
哈桑 哈三 哈散
侯赛因 胡赛因 候赛因 侯赛尼 胡赛尼 候赛尼
欧麦尔 奥麦尔 欧买尔 乌麦尔 吾买尔 欧默尔
达吾德 达伍德 达吾代 达伍代 达吾提
伊斯玛尔 伊斯玛仪 易司马仪 伊斯马仪 司马仪 伊斯玛依 易斯马仪 伊斯马尔
法图麦 法蒂玛 法提麦 法土麦 法图美 法蒂麦 帕提曼
阿伊莎 阿依莎 阿以莎 阿依舍 阿伊舍 阿伊霞
麦尔彦 麦尔燕 买尔燕 麦里燕 麦尔耶姆 买尔彦 买丽燕
索菲亚 索菲娅 索飞亚 苏菲亚 索非亚 素菲亚
海迪彻 赫蒂彻 海底彻 海迪且 赫迪彻 海地且
茹给雅 如给雅 鲁给雅 茹盖叶 如盖耶
祖拜代 祖白代 祖拜达 祖贝代 竹拜代
阿米娜 阿米乃 阿迷乃 阿米奈
穆罕默德 穆罕麦德 默罕默德 买买提 麦麦提 买麦提
艾力 阿里 艾里 尔里 尔利
尔萨 尔撒 尔沙 伊萨
穆萨 穆撒 木萨 木沙 姆萨
阿卜杜拉 阿布都拉 阿不都拉 阿卜都拉 阿布杜拉
阿不都热依木 阿卜杜热依木 阿布都热依木 阿不都日衣木
吐尔逊 图尔荪 吐尔孙 图尔逊 托尔逊
热合曼 热赫曼 拉赫曼 热和曼
库尔班 古尔邦 库尔邦 古尔班
亚森 亚生 牙生 亚辛 雅森
阿迪力 阿地力 阿迪里 艾迪力
努尔艾力 努尔阿里 怒尔艾力
阿依古丽 阿衣古丽 阿伊古丽
古丽米热 古力米热 古丽米然
热依拉 热衣拉 热伊拉
帕提古丽 帕蒂古丽 派提古丽
米日古丽 米热古丽
迪丽娜尔 迪力娜尔 迪里娜尔 狄丽娜尔
"""

ENDINGS = frozenset(spelling[-1] for spelling in SPELLINGS.split())
"""The last characters of transcribed names."""


@cache
def _first_spellings() -> dict[str, str]:
    lines = [line.split() for line in SPELLINGS.strip().splitlines()]
    return {spelling: line[0] for line in lines for spelling in line}


def one_spelling(part: str) -> str:
    """One spelling (统一译写) for a part of a name: `易卜拉欣` is `伊布拉欣`, after a surname too; others stay."""
    known = _first_spellings()
    if part in known:
        return known[part]
    return part[:1] + known[part[1:]] if part[1:] in known else part
