"""Family relations (家庭关系) to the child, codes of GB/T 4761."""

RELATIONS = {
    "51": ("父亲", "Father"),
    "52": ("母亲", "Mother"),
    "57": ("继父或养父", "Step or adoptive father"),
    "58": ("继母或养母", "Step or adoptive mother"),
    "61": ("祖父", "Paternal grandfather"),
    "62": ("祖母", "Paternal grandmother"),
    "63": ("外祖父", "Maternal grandfather"),
    "64": ("外祖母", "Maternal grandmother"),
    "71": ("兄", "Elder brother"),
    "75": ("姐", "Elder sister"),
    "81": ("伯父", "Father's elder brother"),
    "82": ("伯母", "Wife of father's elder brother"),
    "83": ("叔父", "Father's younger brother"),
    "84": ("婶母", "Wife of father's younger brother"),
    "85": ("舅父", "Mother's brother"),
    "86": ("舅母", "Wife of mother's brother"),
    "87": ("姨父", "Husband of mother's sister"),
    "88": ("姨母", "Mother's sister"),
    "89": ("姑父", "Husband of father's sister"),
    "90": ("姑母", "Father's sister"),
    "97": ("其他亲属", "Other relative"),
    "99": ("非亲属", "Not a relative"),
}

KIN = {
    "01": ("本人", "Myself"),
    "10": ("配偶", "Spouse"),
    "20": ("子", "Son"),
    "27": ("养子或继子", "Adopted son or stepson"),
    "28": ("女婿", "Son-in-law"),
    "30": ("女", "Daughter"),
    "37": ("养女或继女", "Adopted daughter or stepdaughter"),
    "38": ("儿媳", "Daughter-in-law"),
    "41": ("孙子", "Son's son"),
    "42": ("孙女", "Son's daughter"),
    "43": ("外孙子", "Daughter's son"),
    "44": ("外孙女", "Daughter's daughter"),
    "51": ("父亲", "Father"),
    "52": ("母亲", "Mother"),
    "53": ("公公", "Husband's father"),
    "54": ("婆婆", "Husband's mother"),
    "55": ("岳父", "Wife's father"),
    "56": ("岳母", "Wife's mother"),
    "57": ("继父或养父", "Step or adoptive father"),
    "58": ("继母或养母", "Step or adoptive mother"),
    "61": ("祖父", "Paternal grandfather"),
    "62": ("祖母", "Paternal grandmother"),
    "63": ("外祖父", "Maternal grandfather"),
    "64": ("外祖母", "Maternal grandmother"),
    "71": ("兄", "Elder brother"),
    "72": ("嫂", "Wife of elder brother"),
    "73": ("弟", "Younger brother"),
    "74": ("弟媳", "Wife of younger brother"),
    "75": ("姐", "Elder sister"),
    "76": ("姐夫", "Husband of elder sister"),
    "77": ("妹", "Younger sister"),
    "78": ("妹夫", "Husband of younger sister"),
    "93": ("侄子", "Brother's son"),
    "94": ("侄女", "Brother's daughter"),
    "95": ("外甥", "Sister's son"),
    "96": ("外甥女", "Sister's daughter"),
    "97": ("其他亲属", "Other relative"),
}
"""Kin (亲属) as seen from somebody of an office, by GB/T 4761: what that person declares about the own family."""

SPOKEN = {
    "父": "51", "爸爸": "51", "父子": "51", "父女": "51", "母": "52", "妈妈": "52", "母子": "52", "母女": "52",
    "继父": "57", "养父": "57", "继母": "58", "养母": "58", "爷爷": "61", "奶奶": "62", "外公": "63", "姥爷": "63",
    "外婆": "64", "姥姥": "64", "哥哥": "71", "姐姐": "75", "伯伯": "81", "大伯": "81", "叔叔": "83", "舅舅": "85",
    "婶婶": "84", "舅妈": "86", "姨妈": "88", "姑姑": "90", "亲属": "97", "其他": "97", "福利机构": "99",
}  # fmt: skip
_READING = {zh: code for code, (zh, _) in RELATIONS.items()} | {code: code for code in RELATIONS} | SPOKEN


def read_relation(text: str) -> str | None:
    """The code of a relation as an officer writes it. None: unknown."""
    return _READING.get(text)
