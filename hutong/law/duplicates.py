"""Two files, one child or two (疑似重复): the reasons a person has for either answer, and the bands of a score."""

SAME = {
    "entered_twice": ("重复登记", "Entered twice"),
    "moved": ("迁居后重新登记", "Entered again after moving"),
    "renamed": ("更名或写法不同", "Renamed, or written differently"),
    "number_mended": ("证件号码更正或后补", "The number was mended or came later"),
    "other": ("其他", "Something else"),
}
"""Reasons why two files are of one child."""
DIFFERENT = {
    "twins": ("双胞胎或多胞胎", "Twins"),
    "siblings": ("兄弟姐妹", "Brothers or sisters"),
    "namesakes": ("同名的另一人", "Somebody else of that name"),
    "other": ("其他", "Something else"),
}
"""Reasons why two files are of two children."""
UNDOING = {
    "twins": ("误并双胞胎", "Twins were joined"),
    "siblings": ("误并兄弟姐妹", "Brothers or sisters were joined"),
    "namesakes": ("误并同名人", "Namesakes were joined"),
    "other": ("其他", "Something else"),
}
"""Reasons to undo a merge."""
WORDS_AT_LEAST, YEARS_APART = 4, 1
"""Characters of a reason in words; by how many years the birth years of one child's two files may differ."""
BANDS: tuple[tuple[str, float, float], ...] = (
    ("surest", 0.99, 1.01),
    ("likely", 0.9, 0.99),
    ("even", 0.5, 0.9),
    ("unlikely", 0.0, 0.5),
)
"""Bands of a probability (得分段): code, from, and below what."""


def band_of(probability: float) -> str:
    """The band of a probability."""
    return next(code for code, least, below in BANDS if least <= probability < below)


HELD_FROM = 0.5
"""From this probability on a workbook's row, or a child typed in, waits until a person has looked (先核对)."""
