"""To whom a child's money goes: one holder at a time, the card by its last digits alone."""

from datetime import date, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.registry.actions.changes import Overtaken, read_document
from hutong.registry.actions.paying import payee_of, set_card, set_payee
from hutong.registry.models import Change, Child, PayeeLink
from hutong.treasury.actions.payees import Holder
from hutong.treasury.models import PayeeKind
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, child, id_number, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CARD, OTHER_CARD = "6222021234567890128", "6222021234567890136"
BANK, DAY = "宁夏银行", timedelta(days=1)
GRANDMOTHER, AUNT = id_number(date(1958, 3, 7), at=7), id_number(date(1980, 3, 7), at=8)


def said(whose, **more):
    now = Child.objects.get(pk=whose.pk)
    return {"child": now, "revision": now.revision, "reason": "happened", "on": ON, "bank_name": BANK} | more


def paid_to(by, whose, number=GRANDMOTHER, name="柳桂兰", card=CARD, **more):
    holder = Holder(PayeeKind.PERSON, name, id_number=number)
    return set_payee(by=by, holder=holder, card=card, **said(whose, **more))


def test_the_township_sets_a_payee_whose_number_stands_nowhere_open():
    supervisor, whose = person("township_supervisor", TOWNSHIP), child()

    change = paid_to(supervisor, whose)

    payee = payee_of(whose, on=ON)
    assert (payee.name, payee.card.open()) == ("柳桂兰", CARD)
    assert PayeeLink.objects.get().recorded_by == supervisor
    before, after = read_document(change)
    assert before == {} and after["payee"] == "柳桂兰" and after["bank"] == BANK
    assert after["card"].endswith("0128") and CARD not in after["card"]
    assert (change.division_code, Child.objects.get().revision) == (VILLAGE, 2)
    trail = str(list(TrailEntry.objects.values("subject_key", "details")))
    assert all(word not in trail for word in (CARD, GRANDMOTHER, "柳桂兰", "0128"))


def test_another_payee_is_it_from_today_and_the_one_before_was_it_until_yesterday():
    officer, whose = person("county_officer"), child()
    paid_to(officer, whose, on=ON - 10 * DAY)

    change = paid_to(officer, whose, AUNT, "柳桂英", OTHER_CARD)

    assert payee_of(whose, on=ON - DAY).name == "柳桂兰" and payee_of(whose, on=ON).name == "柳桂英"
    assert [part["payee"] for part in read_document(change)] == ["柳桂兰", "柳桂英"]


def test_one_set_by_mistake_today_is_mended_in_place():
    officer, whose = person("county_officer"), child()
    paid_to(officer, whose)
    paid_to(officer, whose, AUNT, "柳桂英", OTHER_CARD)
    assert PayeeLink.objects.get().from_on == ON and payee_of(whose, on=ON).name == "柳桂英"


def test_another_card_leaves_the_holder():
    officer, whose = person("county_officer"), child()
    paid_to(officer, whose, on=ON - 10 * DAY)
    set_card(by=officer, card=OTHER_CARD, **said(whose))
    assert PayeeLink.objects.count() == 1
    assert payee_of(whose, on=ON).card.open() == OTHER_CARD and payee_of(whose, on=ON - DAY).card.open() == CARD


def test_a_card_with_the_same_last_digits_is_another_card():
    officer, whose = person("county_officer"), child()
    paid_to(officer, whose, on=ON - DAY)
    same_end = CARD[:12] + "999" + CARD[-4:]
    set_card(by=officer, card=same_end, is_sure=True, **said(whose))
    assert payee_of(whose, on=ON).card.open() == same_end and Change.objects.count() == 2


def test_what_does_not_fit_is_refused():
    officer, whose = person("county_officer"), child()
    doubtful = CARD[:-1] + "9"
    with pytest.raises(Refused, match="mistyped"):
        paid_to(officer, whose, card=doubtful)
    paid_to(officer, whose, card=doubtful, is_sure=True)
    with pytest.raises(Refused, match="Nothing differs"):
        paid_to(officer, whose, card=doubtful, is_sure=True)
    with pytest.raises(Refused, match="already"):
        set_card(by=officer, card=doubtful, is_sure=True, **said(whose))
    with pytest.raises(Refused, match="another holder"):
        paid_to(officer, child(), AUNT, "柳桂英", doubtful, is_sure=True)
    with pytest.raises(Refused, match="no payee yet"):
        set_card(by=officer, card=CARD, **said(child()))
    with pytest.raises(Refused, match="Choose a reason"):
        paid_to(officer, whose, card=CARD, reason="died")
    with pytest.raises(Overtaken):
        paid_to(officer, whose, card=CARD, revision=9)
    with pytest.raises(Refused, match="closed"):
        paid_to(officer, child(closed_on=ON, closed_reason="died", holdings=[]), card=OTHER_CARD)


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", NEXT_COUNTY), ("approver", COUNTY), ("village_director", VILLAGE)]
)
def test_the_neighbour_and_the_wrong_role_set_neither_payee_nor_card(role, prefix):
    whose, stranger = child(), person(role, prefix)
    paid_to(person("county_officer"), whose)
    with pytest.raises(NotAllowed):
        paid_to(stranger, whose, AUNT, "柳桂英", OTHER_CARD)
    with pytest.raises(NotAllowed):
        set_card(by=stranger, card=OTHER_CARD, **said(whose))


def test_brothers_and_sisters_share_a_holder_and_a_card():
    officer, whose, sister = person("county_officer"), child(), child()
    paid_to(officer, whose), paid_to(officer, sister)
    assert payee_of(whose, on=ON) == payee_of(sister, on=ON)
