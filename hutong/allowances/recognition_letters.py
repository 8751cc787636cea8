"""Letters about a recognition suspended or ended (暂停、停止发放文书): why, from which month, where to turn."""

from datetime import date

from hutong.allowances.letters import REPORTING, remedy
from hutong.allowances.models import RecognitionEnd, RecognitionSuspension
from hutong.allowances.recognitions import Recognised
from hutong.kit.documents import Document
from hutong.law.categories import CATEGORIES
from hutong.law.citation import Citation
from hutong.law.recognition_review import ENDINGS, SUSPENSIONS, Finding
from hutong.registry.queries import guardian_of

ASKED = "请及时与所在乡镇人民政府（街道办事处）联系并说明情况；经核实符合条件的，恢复发放。"
AGAIN = "情况再次变化、符合条件的，可以重新申请。"


def suspension_letter(now: Recognised, suspension: RecognitionSuspension, citation: Citation) -> Document:
    """The notice of a suspension (暂停发放告知书): what the family can do so that it is paid again."""
    why = SUSPENSIONS[suspension.reason].title_zh
    said = f"{_whose(now)}，自{_month(suspension.from_month)}起暂停发放。原因：{why}。"
    return Document(
        title="暂停发放告知书",
        paragraphs=(said, ASKED, REPORTING),
        recipient=_recipient(now),
        basis=(citation.zh,),
        remedy=remedy(now.file.responsible_code, suspension.on),
    )


def end_letter(now: Recognised, end: RecognitionEnd, citation: Citation) -> Document:
    """The decision to stop (停止发放决定书): the reason with its day, the first month that is not paid."""
    why, on = ENDINGS[end.reason].title_zh, end.decided_on or end.on
    words = end.words.open().rstrip("。") + "。" if end.words else ""
    said = f"{_whose(now)}，自{_month(end.from_month)}起停止发放，认定同时终止。"
    return Document(
        title="停止发放决定书",
        paragraphs=(said, f"理由：{why}（{_day(end.happened_on)}）。{words}", AGAIN),
        recipient=_recipient(now),
        basis=tuple(dict.fromkeys((*_sources(now), citation.zh))),
        remedy=remedy(now.file.responsible_code, on),
    )


def _sources(now: Recognised) -> tuple[str, ...]:
    """What the law's answer rests on, where it is the law that finds the end and no ground stands under seal."""
    is_found = not now.is_sealed and now.examination.finding is Finding.ENDS
    return tuple(one.citation.zh for one in now.examination.answer.reasons) if is_found else ()


def _whose(now: Recognised) -> str:
    category = CATEGORIES[now.holding.category].title_zh
    return f"{now.file.name}（{_day(now.file.birth_date)}出生）按{category}发放的基本生活补贴"


def _recipient(now: Recognised) -> str:
    guardian = guardian_of(now.file)
    return guardian.name if guardian else f"{now.file.name}的监护人"


def _month(on: date) -> str:
    return f"{on.year}年{on.month}月"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
