"""The import template (导入模板), pre-filled for one place."""

from typing import BinaryIO

from hutong.divisions.queries import spoken
from hutong.divisions.reference import listed
from hutong.kit.workbooks.template import write_template
from hutong.law.division_code import Level
from hutong.registry.intake.columns import CHILDREN, PLACES_SHEET, SHEET


def children_template(target: BinaryIO, *, prefix: str) -> None:
    """Writes the template with the places of the place to pick from; a village's own code is filled in already."""
    lines = list(listed(prefix[:2]))
    names = {line.code: line.name for line in lines}
    rows = [["代码", "村（社区）", "乡镇（街道）", "县（市、区）", "可选填内容"]]
    for line in lines:
        if line.level == Level.VILLAGE and line.code.startswith(prefix):
            township, county = f"{line.code[:9]}000", f"{line.code[:6]}000000"
            rows.append([line.code, line.name, names[township], names[county], f"{line.code} {spoken(line.name)}"])
    filled = {"living_division": rows[1][0]} if len(rows) == 2 else {}
    offered = {"living_division": PLACES_SHEET}
    write_template(target, CHILDREN, sheet=SHEET, filled=filled, lists={PLACES_SHEET: rows}, offered=offered)
