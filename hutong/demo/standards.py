"""Standards (保障标准) set by documents that nobody has issued: a city's, a county's that waits, one not agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hutong.accounts.models import Person
from hutong.allowances.actions.standards import confirm_standard, propose_standard, refuse_standard
from hutong.allowances.models import Standard
from hutong.demo.staff import username
from hutong.kit.documents import Document, Issuing, write_document
from hutong.law.division_code import full
from hutong.law.months import Month
from hutong.law.standards import SCHEMES

REGION, CITY, COUNTY, NEXT_COUNTY = "64", "6401", "640121", "640122"


@dataclass(frozen=True, slots=True)
class Invented:
    """A standard that is made up (虚构标准): months count from that of the demonstration's day."""

    scheme: str
    prefix: str
    yuan: int
    months: int
    asked_ago: int
    office: str
    number: str
    words: str = ""


HOLDING = Invented("scattered", CITY, 1720, -4, 150, "银川市民政局、银川市财政局", "银民规〔%s〕演3号")
NOT_AGREED = Invented(
    "scattered",
    NEXT_COUNTY,
    1660,
    1,
    40,
    "贺兰县民政局、贺兰县财政局",
    "贺民发〔%s〕演9号",
    "县级财力紧张，拟低于市标准执行",
)
WAITING = Invented("de_facto", COUNTY, 1720, -2, 5, "永宁县民政局、永宁县财政局", "永民发〔%s〕演21号")
WAITING_ABOVE = Invented("scattered", REGION, 1780, 2, 2, "宁夏回族自治区民政厅、财政厅", "宁民规〔%s〕演6号")


def write_standards(people: Mapping[str, Person], *, on: date) -> None:
    """Write the standards (写入标准): one that holds, one not agreed to, two that wait for a second person."""
    holding, refused = _proposed(HOLDING, people, on=on), _proposed(NOT_AGREED, people, on=on)
    above, county = people[username("region_approver", REGION)], people[username("approver", NEXT_COUNTY)]
    confirm_standard(by=above, standard=holding, on=_day(HOLDING, on) + timedelta(6))
    refuse_standard(
        by=county, standard=refused, words="不得低于银川市标准，请重新研究", on=_day(NOT_AGREED, on) + timedelta(3)
    )
    for one in (WAITING, WAITING_ABOVE):
        _proposed(one, people, on=on)


def _day(one: Invented, on: date) -> date:
    return on - timedelta(days=one.asked_ago)


def _proposed(one: Invented, people: Mapping[str, Person], *, on: date) -> Standard:
    day, from_on = _day(one, on), Month.of(on).plus(one.months).first
    number = one.number % day.year
    title = (
        f"关于提高{SCHEMES[one.scheme].zh}标准的通知"
        if not one.words
        else f"关于调整{SCHEMES[one.scheme].zh}标准的通知"
    )
    role = {len(REGION): "region_officer", len(CITY): "city_officer"}.get(len(one.prefix), "county_officer")
    return propose_standard(
        by=people[username(role, one.prefix)],
        scheme=one.scheme,
        division_code=full(one.prefix),
        from_on=from_on,
        until_on=None,
        amount_fen=one.yuan * 100,
        document_number=number,
        document_title=title,
        content=_document(one, title, number, from_on, day),
        name=f"{title}.pdf",
        words=one.words,
        on=day,
    )


def _document(one: Invented, title: str, number: str, from_on: date, day: date) -> bytes:
    said = f"自{from_on:%Y年}{from_on.month}月1日起，{SCHEMES[one.scheme].zh}标准调整为每人每月{one.yuan}元。"
    paragraphs = (said, "本文件为演示数据，并非真实文件。")
    return write_document(Document(title, paragraphs), Issuing(one.office, day, number)).content
