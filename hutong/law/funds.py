"""Funds (资金来源): the levels and natures of the money that allowances are paid from."""

LEVELS = {
    "central": ("中央", "Central"),
    "region": ("自治区（省级）", "Region or province"),
    "city": ("设区的市", "City"),
    "county": ("县（市、区）", "County"),
}
"""Level of a fund (资金层级); what is paid is taken from the higher level first."""

NATURES = {
    "budget": ("财政预算", "Budget"),
    "lottery": ("彩票公益金", "Lottery"),
    "donation": ("社会捐赠", "Donation"),
}
"""Nature of a fund (资金性质)."""
