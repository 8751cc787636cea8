"""Visits (走访): in which way, what for, and in which ways a child is seen."""

WAYS = {
    "in_person": ("入户走访", "At the child’s home"),
    "telephone": ("电话", "By telephone"),
    "video": ("视频", "By video"),
    "neighbours": ("走访邻里亲属", "With neighbours or relatives"),
}
"""Way by code, in Chinese and English."""

SEEING = ("in_person", "video")
"""The ways in which a child can be seen."""

PURPOSES = {
    "application_check": ("申请入户核查", "Check of an application"),
    "routine": ("日常走访", "Routine visit"),
    "annual_review": ("年度复核", "Yearly review"),
    "reported": ("接报核实", "Following a report"),
}
"""Purpose by code, in Chinese and English."""
