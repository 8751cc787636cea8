"""The letters of an application: real files, with ground, sources and remedy, confirmed by their code."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from hutong.accounts.actions.documents import fetch_document
from hutong.accounts.documents import document_by_code, documents_about
from hutong.allowances.actions import applying, deciding
from hutong.allowances.cases import case_of
from tests.applications import ACCEPTED, DECIDED, Office
from tests.factories import child
from tests.facts import circumstance, parent

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def read(application, by):
    """The latest letter of an application: its row, and its words without blanks."""
    issued = documents_about("application", str(application.pk)).first()
    return issued, printed(fetch_document(by=by, document=issued, on=DECIDED))


def printed(content):
    """The words of a letter without blanks."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return "".join(text.split())


def test_the_decision_that_recognises(office):
    application = office.confirmed()

    issued, text = read(application, office.approver)
    assert (issued.kind, issued.office, issued.issued_on) == ("recognition_decision", "贺兰县民政局", DECIDED)
    assert "事实无人抚养认定决定书" in text
    assert f"于2026年6月10日为{application.child.name}（2015年3月7日出生）提出的" in text
    assert "经查验、审查，符合认定条件，现予确认。" in text
    assert "自2026年7月起发放基本生活补贴" in text
    assert "民发〔2019〕62号" in text
    assert "60日内依法申请行政复议" in text
    assert application.child.id_number.open() not in text
    assert document_by_code(issued.check_code) == issued


def test_the_refusal_tells_ground_words_and_remedy(office):
    application = office.refused()

    issued, text = read(application, office.approver)
    assert issued.kind == "refusal_decision"
    assert "决定不予确认" in text
    assert "理由：申请材料或陈述不属实。经核实父亲健在" in text
    assert "在6个月内依法向人民法院提起行政诉讼" in text


def test_the_one_time_notice_lists_all_that_is_missing(office):
    whose = child(holdings=())
    circumstance(parent(whose, "father"), "dead")
    application = office.submitted(whose)
    applying.ask_for_papers(by=office.acceptor, application=application, words="监护人近照", on=ACCEPTED)

    issued, text = read(application, office.acceptor)
    assert (issued.kind, issued.office) == ("correction_notice", "贺兰县习岗镇人民政府")
    assert "1．户口簿" in text
    assert "2．身份证件" in text
    assert "3．父亲柳素云死亡的证明：死亡证明、户口注销证明、火化证明、法院裁判文书（任一）" in text
    assert "另需：监护人近照" in text


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (deciding.uphold, "经复核，维持不予确认的决定。理由：申请材料或陈述不属实。经复核"),
        (deciding.overturn, "经复核，撤销原决定，现予确认。自2026年7月起发放基本生活补贴"),
    ],
)
def test_the_decision_after_a_review(office, verb, said):
    application = office.reviewed()
    mark = case_of(application, on=DECIDED).mark
    verb(by=office.reviewer, application=application, mark=mark, words="经复核", on=DECIDED)

    issued, text = read(application, office.approver)
    assert issued.kind == "review_decision"
    assert said in text
    assert [one.kind for one in documents_about("application", str(application.pk))] == [
        "review_decision", "refusal_decision",
    ]  # fmt: skip


def test_a_decision_that_does_not_happen_leaves_no_letter(office):
    application = office.checked()
    with pytest.raises(deciding.CaseChanged):
        deciding.confirm(by=office.approver, application=application, mark="x", on=DECIDED)

    assert not documents_about("application", str(application.pk)).exists()
