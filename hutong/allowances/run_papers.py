"""Papers of a run (发放文书): the application to the finance office, of sums alone; the list of payments, masked."""

from collections.abc import Iterable, Mapping

from hutong.accounts.documents import civil_affairs_office
from hutong.allowances.models import Run, RunLine
from hutong.allowances.run_queries import PAYS, Figure, lines, summary_of
from hutong.divisions.queries import names_of
from hutong.kit.documents import Document, Table
from hutong.kit.names import mask_card, mask_name
from hutong.law.categories import CATEGORIES
from hutong.law.division_code import Level, level_of
from hutong.law.funds import LEVELS, NATURES
from hutong.treasury.models import Attempt
from hutong.treasury.models.batch import DueKind
from hutong.treasury.queries import Source, sources_of

PURPOSE = "儿童基本生活费"
FINANCE_OFFICES = {Level.PROVINCE: "财政厅"}
KINDS = {DueKind.REGULAR: "当月", DueKind.ARREARS: "补发"}


def payment_application(run: Run) -> Document:
    """The application for payment (资金支付申请) of an approved run: head counts and sums, no names."""
    said, batch = summary_of(run), run.batch
    sources = sources_of(batch) if batch else []
    whole = f"共{said.pays.children}人、{said.pays.lines}笔，合计{_yuan(said.pays.fen)}元"
    held = sum(one.children for one in said.holds.values())
    arrears = f"，其中补发以前月份{said.arrears.lines}笔、{_yuan(said.arrears.fen)}元" if said.arrears.lines else ""
    approved = f"核定由{run.prepared_by.name}办理，{run.decided_by.name if run.decided_by else ''}审批"
    return Document(
        title=f"{_month(run)}{PURPOSE}支付申请",
        recipient=finance_office(run.division_code),
        paragraphs=(
            f"{_month(run)}{PURPOSE}已完成核定和审批，{whole}{arrears}。{approved}，批次号{batch or ''}。",
            f"暂缓发放{held}人，不在本次申请之内。领款人明细另送代发银行，不附名单。",
            "以上款项请予审核支付。",
        ),
        tables=(_of_categories(said.categories, said.pays), _of_sources(sources)),
    )


def finance_office(place_code: str) -> str:
    """The finance office (财政部门) of a county, a city or a province."""
    office = civil_affairs_office(place_code)
    return f"{names_of([office.code])[office.code]}{FINANCE_OFFICES.get(level_of(office.code), '财政局')}"


def _of_categories(categories: Mapping[str, Figure], whole: Figure) -> Table:
    rows = [
        (CATEGORIES[code].title_zh, str(one.children), str(one.lines), _yuan(one.fen))
        for code, one in categories.items()
    ]
    total = ("合计", str(whole.children), str(whole.lines), _yuan(whole.fen))
    return Table(
        "一、按保障类别", ("保障类别", "人数", "笔数", "金额（元）"), (6, 2, 2, 4), (*rows, total), frozenset({1, 2, 3})
    )


def _of_sources(sources: Iterable[Source]) -> Table:
    rows = [(LEVELS[one.level][0], NATURES[one.nature][0], one.document, _yuan(one.fen)) for one in sources]
    total = ("合计", "", "", _yuan(sum(one.fen for one in sources)))
    heads = ("资金层级", "资金性质", "下达文号", "金额（元）")
    return Table("二、按资金来源", heads, (4, 3, 6, 4), (*rows, total), frozenset({3}))


def payment_list(run: Run) -> Document:
    """The list of payments (发放明细清册) of an approved run: masked names and cards, one line a payment."""
    found = list(lines(run, PAYS))
    numbers = dict(Attempt.objects.filter(batch=run.batch_id).values_list("due__reference", "pk"))
    rows = tuple(_row(at, one, numbers) for at, one in enumerate(found, start=1))
    heads = ("序号", "支付编号", "儿童", "保障类别", "月份", "类型", "领款账户", "金额（元）")
    total = f"共{len(rows)}笔，合计{_yuan(sum(one.amount_fen for one in found))}元。"
    return Document(
        title=f"{_month(run)}{PURPOSE}发放明细清册",
        paragraphs=(
            f"批次号{run.batch or ''}。姓名和账号按规定部分隐藏，供归档和内部核对使用，不得公示。",
            total,
        ),
        tables=(Table("", heads, (4, 9, 5, 10, 6, 4, 6, 7), rows, frozenset({0, 7})),),
    )


def _row(at: int, line: RunLine, numbers: dict[int, int]) -> tuple[str, ...]:
    attempt = numbers.get(line.pk)
    card = mask_card(line.payee.card_tail) if line.payee else ""
    return (
        str(at), f"{attempt:012}" if attempt else "", mask_name(line.child.name), CATEGORIES[line.category].title_zh,
        f"{line.month:%Y-%m}", KINDS[DueKind(line.kind)], card, _yuan(line.amount_fen),
    )  # fmt: skip


def _month(run: Run) -> str:
    return f"{run.month.year}年{run.month.month}月"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"
