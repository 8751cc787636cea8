"""Other aid (其他待遇): payments of other programmes, which some of our sums count."""

AIDS = {
    "dibao": ("最低生活保障", "Subsistence allowance"),
    "tekun": ("特困人员供养", "Support in extreme hardship"),
    "disability_living": ("残疾人生活补贴", "Living subsidy for the disabled"),
    "disability_nursing": ("重度残疾人护理补贴", "Nursing subsidy for the severely disabled"),
    "other": ("其他", "Other"),
}
OF_HOUSEHOLD = frozenset({"dibao"})
"""Kinds that are paid to a household and counted per head."""
