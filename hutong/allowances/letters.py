"""Letters of an application (认定文书): what the one-time notice, the decision and the review say to the family."""

import json
from datetime import date

from hutong.allowances.cases import Case, Item
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.decision import Outcome
from hutong.kit.documents import Document
from hutong.law.applying import GROUNDS
from hutong.law.categories import CATEGORIES, WITH_SECRET_BASIS
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.data_checks import WHOSE
from hutong.law.papers import PAPERS
from hutong.law.parameters import shipped
from hutong.law.rules import Rules

OPEN_SOURCES = ("age_limit", "orphan_situations", "allowance_scattered")
"""What every letter about the scattered standard rests on (公开依据), whatever the ground."""
REPORTING = "儿童或者父母的情况发生变化的，请及时告知所在乡镇人民政府（街道办事处）。"


def notice_of_missing(case: Case, words: str) -> Document:
    """The one-time notice (一次性告知书): all that is missing, of whom, and what else is needed."""
    application = case.application
    listed = [f"{at}．{_asked(item)}" for at, item in enumerate(case.missing, 1)]
    asked = f"您{_what(application)}，尚需补正下列材料："
    return Document(
        title="补正材料一次性告知书",
        recipient=application.applicant_name,
        paragraphs=(asked, *listed, *([f"另需：{words}"] if words else []), "材料补齐后即予受理。"),
    )


def _asked(item: Item) -> str:
    papers = "、".join(PAPERS[kind][0] for kind in item.asked)
    one = item.circumstance
    if one is None:
        return papers
    whose = f"{WHOSE[one.parent.role]}{one.parent.name}" if one.parent else "儿童"
    any_one = "（任一）" if len(item.asked) > 1 else ""
    return f"{whose}{CIRCUMSTANCES[one.kind].title_zh}的证明：{papers}{any_one}"


def decision_letter(case: Case, decision: Decision) -> Document:
    """The decision (认定决定书、不予认定决定书), with ground, sources, and the way to have it looked at again."""
    if decision.outcome == Outcome.CONFIRMED:
        return _letter(
            f"{_titled(case.application)}认定决定书",
            case,
            decision,
            (f"{_checked(case)}，符合认定条件，现予确认。", *_paid(decision)),
        )
    decided = f"{_checked(case)}，决定不予确认。"
    return _letter("不予认定决定书", case, decision, (decided, _why(decision)))


def review_letter(case: Case, decision: Decision) -> Document:
    """The decision after a review (复核决定书): the refusal stands, or the child is recognised after all."""
    asked = f"您{_what(case.application)}，不服不予确认的决定申请复核。"
    if decision.outcome == Outcome.CONFIRMED:
        decided = "经复核，撤销原决定，现予确认。"
        return _letter("复核决定书", case, decision, (asked + decided, *_paid(decision)))
    return _letter("复核决定书", case, decision, (f"{asked}经复核，维持不予确认的决定。", _why(decision)))


def _letter(title: str, case: Case, decision: Decision, paragraphs: tuple[str, ...]) -> Document:
    recipient = case.application.applicant_name
    return Document(
        title,
        paragraphs,
        recipient,
        _sources(case.application, decision),
        remedy(case.application.division_code, decision.on),
    )


def _sources(application: Application, decision: Decision) -> tuple[str, ...]:
    """What the letter rests on: the sources of the reasons; where a ground may be sealed, the same for every child."""
    if application.category in WITH_SECRET_BASIS:
        rules = Rules(shipped(), application.division_code).on(decision.on)
        return tuple(dict.fromkeys(rules.source(code).zh for code in OPEN_SOURCES))
    return tuple(dict.fromkeys(reason["citation"] for reason in json.loads(decision.reasons.open())))


def _what(application: Application) -> str:
    child, on = application.file, application.submitted_on or application.begun_on
    born = f"{_day(child.birth_date)}出生"
    return f"于{_day(on)}为{child.name}（{born}）提出的{_titled(application)}认定申请（受理编号{application.number}）"


def _checked(case: Case) -> str:
    return f"您{_what(case.application)}，经查验、审查"


def _titled(application: Application) -> str:
    return CATEGORIES[application.category].title_zh


def _paid(decision: Decision) -> tuple[str, ...]:
    month = decision.from_month
    first = f"自{month.year}年{month.month}月起发放基本生活补贴，标准以当月执行的标准为准。" if month else ""
    return (first, REPORTING)


def _why(decision: Decision) -> str:
    words = decision.words.open().rstrip("。") if decision.words else ""
    return "。".join(filter(None, (f"理由：{GROUNDS[decision.ground][0]}", words))) + "。"


def remedy(place: str, on: date) -> str:
    """The sentence of where to turn (救济途径) against what a place decided on a day."""
    days, months = (
        shipped().number(code, on=on, jurisdiction=place) for code in ("reconsideration_days", "lawsuit_months")
    )
    return (
        f"如不服本决定，可以自知道本决定之日起{days}日内依法申请行政复议，"
        f"或者在{months}个月内依法向人民法院提起行政诉讼。"
    )


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
