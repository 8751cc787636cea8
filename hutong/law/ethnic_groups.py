"""Ethnic groups (民族), codes of GB/T 3304."""

NAMES = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
ETHNIC_GROUPS = {f"{at:02d}": name for at, name in enumerate(NAMES, 1)} | {"97": "其他", "98": "外籍入籍"}
_READING = {name: code for code, name in ETHNIC_GROUPS.items()} | {code: code for code in ETHNIC_GROUPS}


def read_ethnic_group(text: str) -> str | None:
    """The code for `回`, `回族` or `03`. None: unknown."""
    return _READING.get(text) or _READING.get(text.removesuffix("族"))


def title(code: str) -> str:
    """`03` gives `回族`."""
    name = ETHNIC_GROUPS.get(code, "")
    return f"{name}族" if name and code < "97" else name
