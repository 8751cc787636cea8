"""Across the border by page: an application to another province, one that came by letter, a child no place holds."""

import re
from datetime import date

import pytest
from django.urls import reverse

from hutong.accounts.documents import documents_about
from hutong.allowances.actions import outgoing
from hutong.allowances.models import Application, OutgoingApplication
from hutong.allowances.models.outgoing import OutgoingState
from hutong.law.calendar import age_on
from hutong.registry.models import Child
from tests import factories as make
from tests.applications import BEGUN, unattended
from tests.outgoing import BORN, HOME, received, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
THERE = make.VILLAGE_OF_NEXT_COUNTY[:9]
APPLICANT = {"category": "de_facto", "kind": "guardian", "name": "柳桂兰", "relation": "62"}


@pytest.fixture(autouse=True)
def on_that_day_in_english(settings) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.TODAY = BEGUN


@pytest.fixture
def supervisor():
    return make.person("township_supervisor", make.TOWNSHIP)


def typed(**more) -> dict[str, object]:
    return {
        "child_name": "柳新禾", "birth_date": str(BORN), "id_number": make.id_number(BORN), "home": HOME,
        "address": "锦屏镇关村三组", "phone": "13900000001", "situation": "父亲病故，母亲服刑",
        "papers": ["household_book", "id_card"], **APPLICANT,
    } | more  # fmt: skip


def page_of(made: OutgoingApplication) -> str:
    return reverse("desk:outgoing_application", args=[made.pk])


def step_of(made: OutgoingApplication, step: str) -> str:
    return reverse("desk:take_outgoing_step", args=[made.pk, step])


def test_from_intake_to_telling(signed_in, supervisor):
    client = signed_in(supervisor)
    begin = reverse("desk:begin_outgoing")
    assert begin in client.get(reverse("desk:outgoing")).content.decode()
    assert client.post(begin, typed(address="")).status_code == 422
    refused = client.post(begin, typed(home=make.VILLAGE))
    assert refused.status_code == 422 and "another province" in refused.content.decode()
    assert client.post(begin, typed()).status_code == 302
    made = OutgoingApplication.objects.get()
    assert "柳新禾" in client.get(reverse("desk:outgoing")).content.decode()
    assert step_of(made, "send") in client.get(page_of(made)).content.decode()
    assert client.get(step_of(made, "send")).status_code == 200
    assert client.post(step_of(made, "send"), {"words": ""}).status_code == 302
    letter = documents_about("outgoing", str(made.pk)).get()
    fetched = client.get(reverse("desk:fetch_outgoing_document", args=[made.pk, letter.pk]))
    assert fetched.status_code == 200 and fetched.content.startswith(b"%PDF")
    made.refresh_from_db()
    answer = {"outcome": "refused", "decided_on": str(made.sent_on), "words": "母亲在家照料"}
    assert client.post(step_of(made, "answer"), answer | {"outcome": ""}).status_code == 422
    assert client.post(step_of(made, "answer"), answer).status_code == 302
    assert client.post(step_of(made, "tell"), {"words": ""}).status_code == 302
    made.refresh_from_db()
    assert made.state == OutgoingState.TOLD
    page = client.get(page_of(made)).content.decode()
    assert "What home decided" in page and "母亲在家照料" in page
    assert "柳新禾" in client.get(reverse("desk:outgoing"), {"list": "ended"}).content.decode()


def test_what_is_closed_is_shown_when_asked_for_and_that_is_recorded(signed_in, supervisor):
    client, made = signed_in(supervisor), received(supervisor)
    number, address, phone = made.id_number.open(), made.address.open(), made.phone.open()
    page = client.get(page_of(made)).content.decode()
    assert not [one for one in (number, address, phone) if one in page]
    page = client.post(page_of(made), {"csrf": "x"}).content.decode()
    assert all(one in page for one in (number, address, phone))


def test_papers_that_are_missing(signed_in, supervisor):
    client, made = signed_in(supervisor), received(supervisor, papers=("household_book",), id_number="")
    page = client.get(page_of(made)).content.decode()
    assert "missing" in page and "Home’s own list is not known here" in page
    refused = client.post(step_of(made, "send"), {"words": "x"})
    assert refused.status_code == 422 and "Papers are missing" in refused.content.decode()
    assert client.post(step_of(made, "ask"), {"words": ""}).status_code == 302
    assert client.post(step_of(made, "bring"), {"papers": ["id_card"]}).status_code == 302
    made.refresh_from_db()
    assert made.papers == ["household_book", "id_card"]


def test_a_step_that_is_not_possible_leads_back(signed_in, supervisor):
    client, made = signed_in(supervisor), sent(supervisor)
    assert client.get(step_of(made, "send")).url == page_of(made)
    assert client.get(step_of(made, "jump")).status_code == 404
    assert client.post(step_of(made, "withdraw"), {"words": ""}).status_code == 422
    refused = client.post(step_of(made, "tell"), {"words": ""})
    assert refused.status_code == 422 and "is not possible there" in refused.content.decode()


def test_late_is_said_why(signed_in, supervisor, settings):
    client, made = signed_in(supervisor), received(supervisor)
    assert "late_reason" not in client.get(step_of(made, "send")).content.decode()
    settings.TODAY = date(2026, 6, 16)
    assert "late_reason" in client.get(step_of(made, "send")).content.decode()
    answer = client.post(step_of(made, "send"), {"words": "", "late_reason": ""})
    assert answer.status_code == 422


def test_a_neighbour_a_village_and_an_approver_see_nothing(signed_in, supervisor):
    made = sent(supervisor)
    for role, prefix in (
        ("township_supervisor", THERE),
        ("village_director", make.VILLAGE),
        ("approver", make.COUNTY),
        ("region_officer", "64"),
    ):
        client = signed_in(make.person(role, prefix))
        letter = documents_about("outgoing", str(made.pk)).get()
        for address in (
            page_of(made),
            step_of(made, "answer"),
            reverse("desk:fetch_outgoing_document", args=[made.pk, letter.pk]),
        ):
            assert client.get(address).status_code == 404
    client = signed_in(supervisor)
    other = received(supervisor)
    assert client.get(reverse("desk:fetch_outgoing_document", args=[other.pk, letter.pk])).status_code == 404


def test_todays_work_leads_there(signed_in, supervisor):
    made = received(supervisor)
    page = signed_in(supervisor).get(reverse("desk:today")).content.decode()
    assert page_of(made) in page and made.number in page and made.child_name.open() not in page


def test_empty_lists_say_so(signed_in, supervisor):
    client = signed_in(supervisor)
    assert "None is under way" in client.get(reverse("desk:outgoing")).content.decode()
    assert "None has ended yet" in client.get(reverse("desk:outgoing"), {"list": "ended"}).content.decode()


def test_many_are_listed_page_by_page(signed_in, supervisor):
    for _at in range(51):
        received(supervisor)
    client = signed_in(supervisor)
    assert "51–51" in client.get(reverse("desk:outgoing"), {"page": 2}).content.decode()
    outgoing.watch_outgoing(on=BEGUN)


def test_an_application_that_came_by_letter(signed_in, supervisor):
    client, whose = signed_in(supervisor), unattended()
    address = reverse("desk:apply", args=[whose.file_number])
    assert "It came by letter" in client.get(address).content.decode()
    half = client.post(address, APPLICANT | {"sent_by": "某局"})
    assert half.status_code == 422 and "Of a letter say" in half.content.decode()
    letter = {"sent_by": "陕西省西安市雁塔区民政局", "sent_on": "2026-06-04", "came_on": "2026-06-08"}
    answer = client.post(address, APPLICANT | letter)
    made = Application.objects.get()
    assert answer.url == reverse("desk:application", args=[made.pk])
    assert "雁塔区民政局" in client.get(answer.url).content.decode()
    village = signed_in(make.person("village_director", make.VILLAGE))
    assert (
        "It came by letter" not in village.get(reverse("desk:apply", args=[make.child().file_number])).content.decode()
    )


def after_search(client, text: str) -> str:
    page = client.post(reverse("desk:search"), {"q": text}, follow=True).content.decode()
    return page if "No place holds such a file" in page else ""


def address_in(page: str, name: str) -> str:
    return re.search(rf"{re.escape(reverse(name))}\?said=\w+", page)[0]


def test_a_child_whom_no_place_holds_is_registered_for_its_home_place(signed_in):
    client, number = signed_in(make.person("township_supervisor", THERE)), make.id_number()
    page = after_search(client, number)
    address = address_in(page, "desk:receive_application")
    assert number in client.get(address).content.decode()
    child = {
        "name": "柳新禾", "sex": "2", "birth_date": str(make.BORN), "id_number": number, "home": make.VILLAGE,
        "living_division": make.VILLAGE_OF_NEXT_COUNTY, "guardian_name": "柳桂兰", "guardian_relation": "62",
    }  # fmt: skip
    sent_in = {f"child-{name}": value for name, value in child.items()} | APPLICANT
    assert client.post(address, sent_in | {"child-name": ""}).status_code == 422
    own = client.post(address, sent_in | {"child-home": make.VILLAGE_OF_NEXT_COUNTY})
    assert own.status_code == 422 and "your own" in own.content.decode()
    answer = client.post(address, sent_in)
    whose = Child.objects.get()
    assert answer.url == reverse("desk:application", args=[Application.objects.get().pk])
    assert whose.responsible_code == make.VILLAGE
    assert client.get(answer.url).status_code == 200
    home = signed_in(make.person("township_supervisor", make.TOWNSHIP))
    assert home.get(reverse("desk:child", args=[whose.file_number])).status_code == 200


def test_one_that_may_be_another_places_is_asked_about(signed_in):
    client = signed_in(make.person("township_supervisor", THERE))
    whose = make.child(id_number="", guardian={"guardian_name": "柳桂兰"})
    address = address_in(after_search(client, "柳无名 2015-03-08"), "desk:receive_application")
    child = {
        "name": whose.name, "sex": whose.sex, "birth_date": str(whose.birth_date), "no_id_reason": "户口待办",
        "home": make.VILLAGE, "living_division": make.VILLAGE_OF_NEXT_COUNTY, "guardian_name": "柳桂兰",
    }  # fmt: skip
    sent_in = {f"child-{name}": value for name, value in child.items()} | APPLICANT
    asked = client.post(address, sent_in)
    assert asked.status_code == 422 and 'type="checkbox" name="child-is_another"' in asked.content.decode()
    assert whose.file_number not in asked.content.decode()
    assert client.post(address, sent_in | {"child-is_another": "on"}).status_code == 302


def test_what_was_searched_for_is_not_typed_again_for_another_province(signed_in, supervisor):
    client = signed_in(supervisor)
    born = make.BORN
    assert age_on(born, BEGUN) < 18
    page = after_search(client, f"柳无名 {born}")
    begin = client.get(address_in(page, "desk:begin_outgoing")).content.decode()
    assert 'value="柳无名"' in begin and f'value="{born}"' in begin


def test_who_does_not_accept_applications_is_offered_neither(signed_in):
    client = signed_in(make.person("village_director", make.VILLAGE))
    assert after_search(client, make.id_number()) == ""
