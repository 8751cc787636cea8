"""Changes (人员变更): the words officers have for what happens to a file, and the reasons each may have."""

LEAVING = {
    "died": ("死亡", "Died"),
    "grown_up": ("年满18周岁", "Turned 18"),
    "adopted": ("被收养", "Adopted"),
    "guardianship_restored": ("父母恢复履行监护职责", "Parents look after the child again"),
    "no_longer_fits": ("不再符合条件", "Conditions no longer met"),
    "moved_out": ("迁出本省", "Left the province"),
    "entered_wrongly": ("误登记", "Entered by mistake"),
}
"""Reasons of a 减员. Duplicates are not among them: they are joined, not closed."""
RETURNING = {
    "came_back": ("返回本地", "Came back"),
    "fits_again": ("重新符合条件", "Conditions are met again"),
    "closed_wrongly": ("误减员", "Closed by mistake"),
}
"""Reasons of a 减员恢复."""
ALTERING = {
    "corrected": ("更正登记错误", "An entry was wrong"),
    "happened": ("实际情况变化", "Something has changed"),
    "renamed": ("依法更名", "The name was changed by law"),
    "id_issued": ("新办或换发证件", "A number was issued or changed"),
    "checked": ("核查发现", "Found when checking"),
}
"""Reasons of a 信息变更."""
IMPORTING = {
    "import": ("表格导入", "By a workbook"),
    "import_withdrawn": ("撤回表格导入", "A workbook was taken back"),
}
"""Reasons of a 信息变更 that nobody types: a batch was admitted, or withdrawn."""
LATE = {
    "never_entered": ("应登未登", "Should have been entered before"),
    "still_studying": ("满18周岁仍在就学", "Over 18 and still studying"),
    "back_pay": ("补发待遇需要", "Needed for payments in arrears"),
}
"""Reasons of a 超龄补录."""
MOVING = {
    "family_moved": ("家庭搬迁", "The family moved"),
    "with_parents": ("随父母迁移", "Went with the parents"),
    "guardian_changed": ("监护人变更", "Another guardian"),
    "registered_elsewhere": ("户籍迁移", "The household registration moved"),
    "placed": ("安置", "Placed by decision"),
    "wrong_place": ("管辖登记有误", "Filed at the wrong place"),
}
"""Reasons of a move (迁入、迁出)."""
IDENTITY_COLUMNS = frozenset({"name", "sex", "birth_date", "id_number"})
"""What says who somebody is: changed by the county only."""
