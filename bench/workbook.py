"""A children workbook of any size for benchmarks: 17 known and 23 other columns, invented people, test numbers."""

import random
from datetime import date, timedelta
from io import BytesIO

import xlsxwriter

from hutong.divisions.reference import listed
from hutong.law.division_code import Level
from hutong.law.identity import check_character
from hutong.registry.intake.columns import CHILDREN

SURNAMES, GIVEN = "马杨王李张哈海白虎锁拜纳兰田罗周丁", "一诺雨桐晓燕建军伟芳娜秀英敏静丽强磊洋艳勇杰娟涛明超霞平刚桂"
KNOWN = [column.header for column in CHILDREN.columns if column.in_template]
EXTRA = [f"备注{at}" for at in range(1, 24)]
HEADERS = KNOWN + EXTRA


def children_workbook(rows: int, *, seed: int = 1) -> bytes:
    """`rows` × 40 cells, every row new and without fault."""
    chance = random.Random(seed)
    villages = [line.code for line in listed("64") if line.level == Level.VILLAGE]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADERS)
        for at in range(1, rows + 1):
            page.write_row(at, 0, _row(at, chance, villages))
    return target.getvalue()


def _row(at: int, chance: random.Random, villages: list[str]) -> list[str]:
    born = date(2012, 1, 1) + timedelta(days=chance.randrange(4000))
    male = chance.random() < 0.5
    village = chance.choice(villages)
    return [
        _name(chance), "男" if male else "女", born.isoformat(), _number(at, born, male), "", "回族", village, village,
        f"{at % 9 + 1}组{at % 80 + 1}号", "", "农村留守", "2024-06-14", "", _name(chance), "祖母",
        _number(at, date(1960, 1, 1) + timedelta(days=at % 3000), False), f"199{at:08d}",
        *(f"说明{at % 97}" for _ in EXTRA),
    ]  # fmt: skip


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))


def _number(at: int, born: date, male: bool) -> str:
    body = f"99{at // 500 % 10_000:04d}{born:%Y%m%d}{at % 500 * 2 + male:03d}"
    return body + check_character(body)
