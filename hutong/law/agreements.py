"""Agreements (协议) by which somebody takes on a child's care (《未成年人保护法》第二十二条、《家庭寄养管理办法》)."""

AGREEMENTS = {
    "guardianship": ("监护责任确认书", "Confirmation of guardianship"),
    "entrusted_care": ("委托照护协议", "Agreement on entrusted care"),
    "foster": ("寄养协议", "Agreement on foster care"),
}
"""Agreement by code, in Chinese and English."""

ENTRUSTING = "entrusted_care"
"""The agreement with the person whom a guardian entrusts with the care."""
PAPER = "guardianship_agreement"
"""The kind of paper on which an agreement stands."""
