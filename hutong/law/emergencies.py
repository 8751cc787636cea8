"""Looking at a child's file in an emergency (紧急查看): the reasons there are."""

REASONS = {
    "life": ("生命安全", "Life or health in danger"),
    "found": ("发现无人照料的儿童", "A child found without anybody"),
    "missing": ("走失或失联", "Missing, or out of reach"),
    "hospital": ("紧急救治", "Urgent treatment"),
    "violence": ("受侵害或家庭暴力", "Violence or abuse"),
    "other": ("其他紧急情况", "Another emergency"),
}
