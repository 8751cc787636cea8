"""Placements (安置方式): where a child is raised."""

PLACEMENTS = {
    "institution": ("机构", "An institution"),
    "kin": ("亲属", "Relatives"),
    "foster": ("寄养家庭", "A foster family"),
    "independent": ("独立生活", "Living independently"),
}
"""Placement by code, in Chinese and English."""
