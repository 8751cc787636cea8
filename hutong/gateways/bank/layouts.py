"""Layouts of payment files (代发文件格式): their fields in order, as they go out and as they come back.

A layout with a `separator` begins with a row of headers and ends with a row of totals; one without has fields of fixed
widths in bytes, and records that begin with H, D and T.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LINE_END = "\r\n"
HEADER, DETAIL, TRAILER = "H", "D", "T"
TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Field:
    """Field (栏目) of a file; `width` in bytes where widths are fixed, and then figures are filled up with zeros."""

    code: str
    title_zh: str
    title_en: str
    width: int = 0
    is_figure: bool = False


@dataclass(frozen=True)
class Layout:
    """Layout (代发文件格式) of a payment file and of the file that comes back.

    `detail` are the fields of an order; a return adds `result` to them, and `paid` to the trailer.
    """

    code: str
    title_zh: str
    title_en: str
    suffix: str
    encoding: str
    separator: str
    detail: tuple[Field, ...]
    result: tuple[Field, ...]
    header: tuple[Field, ...] = ()
    trailer: tuple[Field, ...] = ()
    paid: tuple[Field, ...] = ()

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The headers by field."""
        return {one.code: one.title_zh for one in (*self.detail, *self.result)}

    def width(self, fields: Sequence[Field]) -> int:
        """The bytes that fields of fixed width take."""
        return sum(one.width for one in fields)


CSV_DETAIL = (
    Field("at", "序号", "Line"),
    Field("file", "代发文件编号", "Payment file"),
    Field("number", "支付编号", "Order"),
    Field("holder", "户名", "Holder"),
    Field("card", "账号", "Card or account"),
    Field("bank_name", "开户银行", "Bank"),
    Field("id_number", "证件号码", "ID number"),
    Field("kind", "账户类型", "Kind of account"),
    Field("amount", "金额（元）", "Amount in yuan"),
    Field("purpose", "用途", "Purpose"),
)
ONE_CARD_DETAIL = (
    Field("at", "序号", "Line"),
    Field("file", "代发文件编号", "Payment file"),
    Field("number", "支付编号", "Order"),
    Field("township_code", "乡镇（街道）代码", "Township"),
    Field("id_number", "身份证号码", "ID number"),
    Field("holder", "姓名", "Name"),
    Field("card", "一卡通账号", "One-card number"),
    Field("amount", "金额（元）", "Amount in yuan"),
    Field("purpose_code", "补贴项目代码", "Purpose code"),
)
RESULT = (
    Field("code", "结果代码", "Result code"),
    Field("on", "处理日期", "Day"),
    Field("words", "结果说明", "The bank's words"),
)

MARK = Field("mark", "记录标识", "Kind of record", 1)
FIXED_FILE = Field("file", "代发文件编号", "Payment file", 20)
FIXED_COUNT = Field("orders", "总笔数", "Orders", 8, is_figure=True)
FIXED_SUM = Field("amount", "总金额（分）", "Sum in fen", 15, is_figure=True)
FIXED_HEADER = (
    MARK,
    FIXED_FILE,
    Field("payer", "付款单位", "Payer", 60),
    Field("division_code", "行政区划代码", "Division", 12),
    Field("month", "发放月份", "Month", 6),
    Field("on", "制单日期", "Day", 8),
    FIXED_COUNT,
    FIXED_SUM,
)
FIXED_DETAIL = (
    MARK,
    Field("at", "序号", "Line", 8, is_figure=True),
    Field("number", "支付编号", "Order", 20),
    Field("card", "账号", "Card or account", 32),
    Field("holder", "户名", "Holder", 60),
    Field("kind", "账户类型", "Kind of account", 1),
    Field("bank_name", "开户银行", "Bank", 60),
    Field("id_number", "证件号码", "ID number", 18),
    Field("amount", "金额（分）", "Amount in fen", 15, is_figure=True),
    Field("purpose", "用途", "Purpose", 40),
)
FIXED_RESULT = (
    Field("code", "结果代码", "Result code", 10),
    Field("on", "处理日期", "Day", 8),
    Field("words", "结果说明", "The bank's words", 60),
)
FIXED_TRAILER = (MARK, FIXED_FILE, FIXED_COUNT, FIXED_SUM)
FIXED_PAID = (
    Field("paid_count", "成功笔数", "Paid orders", 8, is_figure=True),
    Field("paid_amount", "成功金额（分）", "Paid sum in fen", 15, is_figure=True),
)

LAYOUTS: Mapping[str, Layout] = {
    layout.code: layout
    for layout in (
        Layout("csv", "通用表格（CSV）", "Table (CSV)", "csv", "utf-8-sig", ",", CSV_DETAIL, RESULT),
        Layout(
            "fixed", "定长文本", "Fixed-width text", "txt", "gb18030", "", FIXED_DETAIL, FIXED_RESULT,
            FIXED_HEADER, FIXED_TRAILER, FIXED_PAID,
        ),
        Layout("yikatong", "惠民惠农“一卡通”", "One-card", "txt", "gb18030", "\t", ONE_CARD_DETAIL, RESULT),
    )
}  # fmt: skip
"""The layouts by code (格式目录)."""
KINDS = {False: ("对私", "1"), True: ("对公", "2")}
"""Whether an account is an organisation's (账户类型): the word in tables, the figure where widths are fixed."""
TOTALS = {
    "at": TOTAL,
    "file": "file",
    "number": "orders",
    "amount": "amount",
    "code": "paid_count",
    "words": "paid_amount",
}
"""Which total stands below which field of a table (合计行)."""
