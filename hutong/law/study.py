"""Study (就学): the levels of schooling that rules on older children and study aid ask for."""

LEVELS = {
    "preschool": ("学前", "Pre-school"),
    "compulsory": ("义务教育", "Compulsory schooling"),
    "senior_high": ("普通高中", "Senior high school"),
    "secondary_vocational": ("中等职业学校", "Secondary vocational school"),
    "vocational": ("技工学校", "Vocational school"),
    "higher_vocational": ("高等职业学校", "Higher vocational school"),
    "undergraduate": ("本科", "Undergraduate"),
    "master": ("硕士研究生", "Master's"),
}
"""Level by code; the order is that of schooling."""
