"""The list of divisions that ships with the product (随附区划表), read without a database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hutong.divisions.models import Kind
from hutong.law.division_code import Level

FILES = {"64": (Path(__file__).parent / "data" / "divisions-64-2023.csv", "国家统计局统计用区划代码 2023-06-30")}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list (区划条目)."""

    code: str
    level: Level
    name: str

    @property
    def kind(self) -> Kind:
        """Told by the code at township level and by the name at village level."""
        if self.level == Level.TOWNSHIP and self.code[6:9] >= "400":
            return Kind.FUNCTIONAL
        if self.level == Level.VILLAGE and ("虚拟" in self.name or self.name.endswith("生活区")):
            return Kind.VIRTUAL
        return Kind.ADMINISTRATIVE


def listed(province: str) -> Iterator[Listed]:
    """The shipped lines of a province; nothing where none ships."""
    if province not in FILES:
        return
    with open(FILES[province][0], encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield Listed(line["code"], Level(line["level"]), line["name"])


def source_of(province: str) -> str:
    """Who published the shipped list and as of when."""
    return FILES[province][1]
