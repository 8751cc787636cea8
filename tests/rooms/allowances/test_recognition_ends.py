"""A recognition ends by two people: with a reason, a day, a month, a change in the file and a letter."""

from datetime import date

import pytest
from django.utils.translation import override

from hutong.accounts.actions.documents import fetch_document
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.documents import documents_about
from hutong.accounts.models import Notice, Task
from hutong.allowances.actions import ending
from hutong.allowances.actions.deciding import CaseChanged
from hutong.allowances.models import RecognitionEnd
from hutong.registry.actions.changes import read_document
from hutong.registry.models import CategoryHolding, Change
from tests.factories import child, person
from tests.facts import change, joined_to
from tests.recognitions import ON, RELEASED, Reviewers, held, mark, released
from tests.rooms.allowances.test_letters import printed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def office():
    return Reviewers()


def decide(office, end, verb=ending.confirm_end, **more):
    values = {"by": office.approver, "holding": end.holding, "mark": mark(end.holding), "on": ON}
    return verb(**values | more)


def test_a_confirmed_end_ends_the_category_with_the_last_month_paid(office):
    end = office.ended()

    of = CategoryHolding.objects.get(pk=end.holding_id)
    assert (end.stage, end.decided_by, end.from_month) == ("confirmed", office.approver, date(2026, 5, 1))
    assert of.until_on == RELEASED
    written = Change.objects.get(child=of.child)
    assert read_document(written)[1] == {"category": "de_facto", "category_until": "2026-04-30"}
    assert Notice.objects.filter(kind="recognition_ended").count() == 2
    assert not Task.objects.filter(subject_kind="recognition", closed_at__isnull=True)


def test_the_letter_tells_reason_day_month_and_remedy(office):
    end = office.ended()

    letter = documents_about("recognition", str(end.holding_id)).get()
    text = printed(fetch_document(by=office.approver, document=letter, on=ON))
    assert (letter.kind, letter.office) == ("stop_decision", "贺兰县民政局")
    assert "自2026年5月起停止发放，认定同时终止" in text
    assert "理由：父母刑满释放或限制解除（2026年4月30日）" in text
    assert "民发〔2019〕62号" in text and "在6个月内依法向人民法院提起行政诉讼" in text


def test_who_proposed_does_not_decide_nor_does_anybody_else_than_the_county(office):
    end = office.proposed()
    for stranger in (office.supervisor, office.officer, person("approver", "640121")):
        with pytest.raises(NotAllowed):
            decide(office, end, by=stranger)
    RecognitionEnd.objects.update(by=office.approver)
    with pytest.raises(Refused, match="Another person"):
        decide(office, end)


def test_a_rejected_end_goes_on_and_is_told_to_who_proposed_it(office):
    end = office.proposed()
    with pytest.raises(Refused, match="why"):
        decide(office, end, ending.reject_end, words="")
    rejected = decide(office, end, ending.reject_end, words="母亲仍在押")

    assert (rejected.stage, rejected.answer_words.open()) == ("rejected", "母亲仍在押")
    assert CategoryHolding.objects.get(pk=end.holding_id).until_on is None
    assert Notice.objects.get(kind="recognition_end_rejected").recipient == office.supervisor
    assert not documents_about("recognition", str(end.holding_id)).exists()
    office.proposed(end.holding)


def test_otherwise_than_the_law_both_say_why(office):
    of = held()
    with pytest.raises(Refused, match="why"):
        office.proposed(of, reason="voluntary", happened_on=ON)
    end = office.proposed(of, reason="voluntary", happened_on=ON, words="祖母书面放弃")
    assert end.differs and end.from_month == date(2026, 7, 1)
    with pytest.raises(Refused, match="why"):
        decide(office, end)
    decide(office, end, words="已当面确认")
    assert CategoryHolding.objects.get(pk=of.pk).until_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": "mood"}, "reason"),
        ({"happened_on": date(2026, 6, 12)}, "birth"),
        ({"happened_on": date(2015, 1, 1)}, "birth"),
        ({"happened_on": None}, "birth"),
        ({"reason": "grown_up"}, "18"),
    ],
)
def test_what_makes_no_sense_is_refused(office, said, why):
    with pytest.raises(Refused, match=why):
        office.proposed(**said)


def test_one_end_is_proposed_at_a_time(office):
    end = office.proposed()
    with pytest.raises(Refused, match="already"):
        office.proposed(end.holding)


def test_what_was_untrue_ends_with_the_month_before_it_was_found(office):
    end = office.proposed(released(), reason="untrue", happened_on=ON, words="父亲健在")
    assert end.from_month == date(2026, 6, 1)


def test_it_never_ends_before_it_began(office):
    of = held(from_on=date(2026, 6, 10))
    end = office.proposed(of, reason="untrue", happened_on=ON, words="父亲健在")
    decide(office, end, words="属实")
    assert CategoryHolding.objects.get(pk=of.pk).until_on == date(2026, 6, 10)


def test_while_something_else_waits_it_is_not_confirmed(office):
    end = office.proposed()
    change(end.child, stage="proposed")
    with pytest.raises(Refused, match="second person"):
        decide(office, end)


def test_what_changed_since_is_shown_again_and_what_was_decided_is_decided(office):
    end = office.proposed()
    with pytest.raises(CaseChanged):
        decide(office, end, mark="an older one")
    decide(office, end, ending.reject_end, words="不同意")
    with pytest.raises(Refused, match="decided"):
        decide(office, end)


def test_what_a_joined_file_holds_ends_on_the_file_that_leads(office):
    leading, of = child(holdings=()), released()
    joined_to(leading, of.child)
    of = CategoryHolding.objects.get(pk=of.pk)
    end = office.ended(of)

    assert end.child_id == of.child_id
    written = Change.objects.get(child=leading, reason="happened")
    assert read_document(written)[1]["file"] == of.child.file_number
