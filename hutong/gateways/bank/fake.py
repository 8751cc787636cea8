"""A bank in memory (银行替身): takes the bytes of payment files and answers as banks do, late, in parts, twice.

It reads files by itself, not with what wrote them. It never pays one number twice, whatever it is told; its ledger says
what it has paid.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO

from hutong.gateways.bank.layouts import LAYOUTS, LINE_END, TOTAL, TOTALS, Field, Layout
from hutong.law.money import decimal_yuan

ANSWERS: Mapping[str, tuple[str, str]] = {
    "paid": ("0000", "交易成功"),
    "pending": ("P001", "银行处理中"),
    "uncertain": ("T001", "交易超时"),
    "duplicate": ("D001", "重复的支付编号"),
    "holder_died": ("A011", "客户已死亡"),
    "account_closed": ("A001", "账户已销户"),
    "name_mismatch": ("A002", "户名与账号不符"),
    "card_lost": ("A003", "账户已挂失"),
    "card_expired": ("A004", "卡已过期"),
    "identity_expired": ("A005", "身份证件已过期，请更新"),
    "dormant": ("A006", "久悬户"),
    "account_frozen": ("A007", "账户已冻结"),
    "limit": ("A008", "超过账户年累计限额"),
    "payer_balance": ("B001", "付款账户余额不足"),
    "bank_unreachable": ("A009", "收款行不支持"),
    "card_not_found": ("A010", "账号不存在"),
    "bank_error": ("S001", "系统异常，未处理"),
    "other": ("Z001", "详见柜面通知"),
    "unclear": ("0000", "交易失败"),
}
"""What this bank says for each state of the law (替身应答)."""
ARRIVED = frozenset({"uncertain", "pending"})
"""States in which this bank has paid all the same (实已入账): whoever sends those again would pay twice."""


@dataclass(frozen=True, slots=True)
class Told:
    """One order as the bank was told it (收到的指令), and its answer: a state of the law."""

    row: Mapping[str, str]
    amount_fen: int
    state: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Taking of a file (收件): what the bank made of it that time."""

    file_number: str
    on: date
    told: tuple[Told, ...]


class FakeBank:
    """Stands in for the bank (替身). `fails` names a state of the law by card; `days`: how long it takes to answer."""

    def __init__(self, layout: str, *, fails: Mapping[str, str] | None = None, days: int = 0) -> None:
        self.layout, self.fails, self.days = LAYOUTS[layout], dict(fails or {}), days
        self.ledger: Counter[str] = Counter()
        self.paid: dict[str, int] = {}
        self.takings: list[Taking] = []
        self._told: set[str] = set()

    def take(self, content: bytes, *, on: date) -> Taking:
        """Takes a file and pays (收件入账); a number it knows is refused. Raises ValueError for a wrong file."""
        file_number, rows = _read(self.layout, content)
        taking = Taking(file_number, on, tuple(self._told_of(row) for row in rows))
        self.takings.append(taking)
        return taking

    def _told_of(self, row: Mapping[str, str]) -> Told:
        amount = int(row["amount"].replace(".", ""))
        if row["number"] in self._told:
            return Told(row, amount, "duplicate")
        self._told.add(row["number"])
        state = self.fails.get(row["card"], "paid")
        if state == "paid" or state in ARRIVED:
            self.ledger[row["card"]] += amount
            self.paid[row["number"]] = amount
        return Told(row, amount, state)

    def settled(self, taking: Taking) -> Taking:
        """The same taking once nothing is open any more (最终结果): what had arrived is said to be paid."""
        told = (replace(one, state="paid") if one.state in ARRIVED else one for one in taking.told)
        return replace(taking, told=tuple(told))

    def returns(self, taking: Taking, *, on: date, parts: int = 1) -> tuple[bytes, ...]:
        """What it answers to a taking (返回文件), in so many files; none while it is still busy, and the same again."""
        answered_on = taking.on + timedelta(self.days)
        if on < answered_on:
            return ()
        size = -(-len(taking.told) // parts)
        slices = (taking.told[at : at + size] for at in range(0, len(taking.told), size))
        return tuple(_answer(self.layout, taking.file_number, part, answered_on) for part in slices)


def _read(layout: Layout, content: bytes) -> tuple[str, list[Mapping[str, str]]]:
    """The number of a file and its rows, whose count and sum fit."""
    text = content.decode(layout.encoding)
    number, rows, count, amount = _read_table(layout, text) if layout.separator else _read_fixed(layout, text)
    if count != len(rows) or amount != sum(int(row["amount"].replace(".", "")) for row in rows):
        raise ValueError("totals")
    return number, rows


def _read_table(layout: Layout, text: str) -> tuple[str, list[Mapping[str, str]], int, int]:
    titles = {one.title_zh: one.code for one in layout.detail}
    read = csv.DictReader(StringIO(text, newline=""), delimiter=layout.separator, strict=True)
    rows: list[Mapping[str, str]] = [{titles[title]: value for title, value in row.items()} for row in read]
    last = rows.pop()
    if last["at"] != TOTAL or {row["file"] for row in rows} != {last["file"]}:
        raise ValueError("trailer")
    return last["file"], rows, int(last["number"]), int(last["amount"].replace(".", ""))


def _read_fixed(layout: Layout, text: str) -> tuple[str, list[Mapping[str, str]], int, int]:
    first, *lines, last, nothing = (line.encode(layout.encoding) for line in text.split(LINE_END))
    header, trailer = _taken_apart(layout.header, first), _taken_apart(layout.trailer, last)
    marks = header["mark"] + "".join(line[:1].decode() for line in lines) + trailer["mark"]
    if nothing or marks != f"H{'D' * len(lines)}T" or header["file"] != trailer["file"]:
        raise ValueError("records")
    rows = [_taken_apart(layout.detail, line) for line in lines]
    return header["file"], rows, int(trailer["orders"]), int(trailer["amount"])


def _taken_apart(fields: Sequence[Field], line: bytes) -> Mapping[str, str]:
    if len(line) != sum(field.width for field in fields):
        raise ValueError("width")
    at, row = 0, {}
    for field in fields:
        row[field.code] = line[at : at + field.width].decode("gb18030").rstrip()
        at += field.width
    return row


def _answer(layout: Layout, file_number: str, told: Sequence[Told], on: date) -> bytes:
    answer = _answer_table if layout.separator else _answer_fixed
    return "".join(answer(layout, file_number, told, on)).encode(layout.encoding)


def _answered(one: Told, on: date, *, at: int) -> Mapping[str, str]:
    code, words = ANSWERS[one.state]
    return {**one.row, "at": str(at), "code": code, "on": f"{on:%Y%m%d}", "words": words}


def _answer_table(layout: Layout, file_number: str, told: Sequence[Told], on: date) -> Iterator[str]:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(layout.titles), delimiter=layout.separator, lineterminator=LINE_END)
    writer.writerow(layout.titles)
    writer.writerows(_answered(one, on, at=at) for at, one in enumerate(told, start=1))
    totals = _totals(told)
    sums = {code: decimal_yuan(totals[code]) for code in ("amount", "paid_amount")}
    below = {"file": file_number, "orders": totals["orders"], "paid_count": totals["paid_count"], **sums}
    writer.writerow({column: below.get(total, total) for column, total in TOTALS.items()})
    yield text.getvalue()


def _answer_fixed(layout: Layout, file_number: str, told: Sequence[Told], on: date) -> Iterator[str]:
    totals = {"file": file_number, **_totals(told)}
    day = f"{on:%Y%m%d}"
    yield _record(layout.header, {"mark": "H", "payer": "", "month": day[:6], "on": day, "division_code": "", **totals})
    for at, one in enumerate(told, start=1):
        yield _record((*layout.detail, *layout.result), _answered(one, on, at=at))
    yield _record((*layout.trailer, *layout.paid), {"mark": "T", **totals})


def _totals(told: Sequence[Told]) -> dict[str, int]:
    paid = [one.amount_fen for one in told if one.state == "paid"]
    return {
        "orders": len(told),
        "amount": sum(one.amount_fen for one in told),
        "paid_count": len(paid),
        "paid_amount": sum(paid),
    }


def _record(fields: Sequence[Field], values: Mapping[str, object]) -> str:
    return "".join(_filled(field, str(values[field.code])) for field in fields) + LINE_END


def _filled(field: Field, text: str) -> str:
    if field.is_figure:
        return text.zfill(field.width)
    return text + " " * (field.width - len(text.encode("gb18030")))
