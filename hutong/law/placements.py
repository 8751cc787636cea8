"""Placements (安置方式): where a child is raised, and why it ended."""

PLACEMENTS = {
    "institution": ("机构", "An institution"),
    "kin": ("亲属", "Relatives"),
    "foster": ("寄养家庭", "A foster family"),
    "independent": ("独立生活", "Living independently"),
}
"""Placement by code, in Chinese and English."""

WITH_CARER = ("kin", "foster")
"""The placements in which somebody by name raises the child."""

ENDING_PLACEMENTS = {
    "moved": ("变更安置", "Placed otherwise"),
    "returned": ("回归家庭", "Returned to the family"),
    "adopted": ("依法收养", "Adopted"),
    "grown_up": ("成年离院", "Grown up"),
    "died": ("死亡", "Died"),
    "entered_wrongly": ("录入有误", "Entered wrongly"),
}
"""Why a placement ended (终止原因), in Chinese and English."""
