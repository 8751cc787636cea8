"""Letters to and from offices of other provinces (异地申请往来函件): what goes with the papers, what is answered."""

from datetime import date

from hutong.accounts.documents import Office, civil_affairs_office, township_office
from hutong.allowances.models import Application, Decision, OutgoingApplication
from hutong.allowances.models.application import State
from hutong.allowances.models.decision import Outcome
from hutong.allowances.outgoing import PaperList
from hutong.divisions.queries import path_names
from hutong.kit.documents import Document
from hutong.law.applying import APPLICANTS, GROUNDS
from hutong.law.categories import CATEGORIES
from hutong.law.division_code import LENGTH_OF, Level, prefix_of
from hutong.law.papers import PAPERS

REPLY_WANTED = "请贵单位依法办理，并将办理结果（决定及作出日期）函告我单位，由我单位告知申请人。"


def office_of(code: str) -> Office:
    """The office that signs for a place (签发单位): its township's, or the civil-affairs office of a county."""
    is_township = len(prefix_of(code)) >= LENGTH_OF[Level.TOWNSHIP]
    return township_office(code) if is_township else civil_affairs_office(code)


def notice_of_missing(application: OutgoingApplication, missing: tuple[str, ...], words: str) -> Document:
    """The one-time notice (一次性告知书) of what the deciding place asks for and the family has not brought."""
    listed = [f"{at}．{PAPERS[kind][0]}" for at, kind in enumerate(missing, 1)]
    asked = f"您{_what(application)}，按户籍地要求尚需补正下列材料："
    return Document(
        title="补正材料一次性告知书",
        recipient=application.applicant_name,
        paragraphs=(asked, *listed, *([f"另需：{words}"] if words else []), "材料补齐后即转送户籍地办理。"),
    )


def transfer_letter(application: OutgoingApplication, asked: PaperList, words: str) -> Document:
    """The letter that goes with the papers (转办函): whose application, what is enclosed, whom to answer."""
    return Document(
        title=f"关于转办{_titled(application)}认定申请的函",
        recipient=application.home_office,
        paragraphs=(*_case(application), _enclosed(application, asked), *([words] if words else []), REPLY_WANTED),
    )


def withdrawal_letter(application: OutgoingApplication, words: str) -> Document:
    """The letter that takes it back (撤回函) after it went out."""
    sent = f"我单位于{_day(application.sent_on)}转送的" if application.sent_on else "我单位转送的"
    said = f"{sent}{_whose(application)}{_titled(application)}认定申请（转办编号{application.number}），现予撤回。"
    paragraphs = (said, f"原因：{words.rstrip('。')}。", "请不再办理，已收材料请退回我单位。")
    return Document(title="关于撤回转办申请的函", recipient=application.home_office, paragraphs=paragraphs)


def reply_letter(application: Application, decision: Decision) -> Document:
    """The answer to the office that sent an application by letter (复函): what was decided, when, and why not."""
    child, on = application.file, application.sent_on
    born = _day(child.birth_date)
    said = f"贵单位{_day(on) if on else ''}转来的为{child.name}（{born}出生）提出的"
    said += f"{CATEGORIES[application.category].title_zh}认定申请（受理编号{application.number}）收悉，现函复如下："
    return Document(
        title="关于认定申请办理结果的复函",
        recipient=application.sent_by,
        paragraphs=(said, _decided(application, decision), "请贵单位及时告知申请人，决定书随函转交。"),
    )


def _decided(application: Application, decision: Decision) -> str:
    office = civil_affairs_office(application.division_code).name
    if decision.outcome == Outcome.CONFIRMED:
        month = decision.from_month
        first = f"，自{month.year}年{month.month}月起发放基本生活补贴" if month else ""
        return f"{office}于{_day(decision.on)}决定予以确认{first}。"
    upheld = "经复核维持不予确认的决定" if application.state == State.UPHELD else "决定不予确认"
    ground = GROUNDS[decision.ground][0] if decision.ground else ""
    words = decision.words.open().rstrip("。") if decision.words else ""
    return f"{office}于{_day(decision.on)}{upheld}。理由：{'；'.join(filter(None, (ground, words)))}。"


def _case(application: OutgoingApplication) -> tuple[str, ...]:
    home = path_names([application.home_code])[application.home_code]
    kind, name = APPLICANTS[application.applicant_kind][0], application.applicant_name
    number = f"，公民身份号码{application.id_number.open()}" if application.id_number else "，暂无公民身份号码"
    opened = f"{name}（{kind}）于{_day(application.begun_on)}向我单位{_for(application)}。"
    registered = f"儿童户籍地：{home}{application.address.open()}{number}。"
    situation = f"申请人陈述的父母情况：{application.situation.open().rstrip('。')}。"
    return (
        opened,
        registered,
        situation,
        f"申请人联系电话：{application.phone.open()}。转办编号：{application.number}。",
    )


def _enclosed(application: OutgoingApplication, asked: PaperList) -> str:
    papers = "、".join(PAPERS[kind][0] for kind in application.papers)
    missing = "、".join(PAPERS[kind][0] for kind in asked.papers if kind not in application.papers)
    said = f"随函附送材料：{papers or '无'}。"
    return f"{said}经一次性告知，申请人未能提供：{missing}。" if missing else said


def _what(application: OutgoingApplication) -> str:
    return f"于{_day(application.begun_on)}{_for(application)}（转办编号{application.number}）"


def _for(application: OutgoingApplication) -> str:
    return f"为{_whose(application)}提出{_titled(application)}认定申请"


def _whose(application: OutgoingApplication) -> str:
    return f"{application.child_name.open()}（{_day(application.birth_date)}出生）"


def _titled(application: OutgoingApplication) -> str:
    return CATEGORIES[application.category].title_zh


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
