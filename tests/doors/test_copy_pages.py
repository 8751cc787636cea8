"""Copies by page: a list from the list of children, a form from a child's file, a second person, the number again."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.clock import today
from hutong.accounts.models import Copy, SignIn
from hutong.law.circumstances import HIDDEN
from hutong.law.copies import FORMS, KINDS
from tests import factories as make
from tests import facts
from tests.doors.family import family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LIST = {"kind": "export_roster", "purpose": "work_plan", "receiver": "本单位会议"}


def text(answer) -> str:
    return answer.content.decode()


def sheet(client, child, kind: str) -> str:
    said = {"kind": kind, "purpose": KINDS[kind].purposes[0], "receiver": "本单位"}
    answer = client.post(reverse("desk:ask_form", args=[child.file_number]), said, follow=True)
    page = text(answer)
    return page[page.index("<article") : page.index("</article>")]


def test_a_list_is_asked_for_from_the_filters_and_fetched(signed_in):
    boy, _girl = make.child(sex="1", id_number=make.id_number(sex="1")), make.child()
    client = signed_in(make.person("county_officer"))
    listed = text(client.get(reverse("desk:children"), {"sex": "1"}))
    address = re.search(r'href="(/copies/ask/\?[^"]*)"', listed)[1].replace("&amp;", "&")

    assert "男" in text(client.get(address))
    answer = client.post(address, LIST)
    copy = Copy.objects.get()
    assert answer.url == reverse("desk:copy", args=[copy.pk]) and copy.subjects == [boy.file_number]
    fetched = client.get(reverse("desk:fetch_copy", args=[copy.pk]))
    assert copy.number in fetched["Content-Disposition"] and boy.name not in fetched["Content-Disposition"]
    assert openpyxl.load_workbook(BytesIO(fetched.content)).worksheets[0]["C3"].value == boy.name
    assert "登记销毁" in text(client.get(answer.url))
    client.post(reverse("desk:copy_destroyed", args=[copy.pk]))
    assert Copy.objects.get().destroyed_on == today()
    assert client.get(reverse("desk:fetch_copy", args=[copy.pk])).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"kind": ""}, {"kind": "print_file"}, {"purpose": ""}, {"purpose": "care"}, {"receiver": " "}], ids=str
)
def test_what_is_wrong_is_said_beside_it_and_nothing_leaves(signed_in, wrong):
    make.child()
    answer = signed_in(make.person("county_officer")).post(reverse("desk:ask_list"), LIST | wrong)
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert not Copy.objects.exists()


def test_a_purpose_that_does_not_fit_names_those_that_do(signed_in):
    make.child()
    answer = signed_in(make.person("county_officer")).post(reverse("desk:ask_list"), LIST | {"purpose": "care"})
    assert "工作安排、会商研判、审计或督查" in text(answer)


def test_nobody_in_the_list_is_said_and_nothing_is_kept(signed_in):
    answer = signed_in(make.person("county_officer")).post(reverse("desk:ask_list"), LIST)
    assert answer.status_code == 422 and not Copy.objects.exists()


def test_many_children_wait_for_a_second_person(signed_in):
    for _ in range(51):
        make.child()
    officer, approver = signed_in(make.person("county_officer")), signed_in(make.person("approver"))
    assert "须另一人审核" in text(officer.get(reverse("desk:ask_list")))
    officer.post(reverse("desk:ask_list"), LIST)
    copy = Copy.objects.get()
    page, decide = reverse("desk:copy", args=[copy.pk]), reverse("desk:decide_copy", args=[copy.pk])

    assert 'name="answer"' not in text(officer.get(page)) and officer.post(decide, {"answer": "yes"}).status_code == 404
    assert officer.get(reverse("desk:fetch_copy", args=[copy.pk])).status_code == 302
    assert copy.number in text(approver.get("/")) and LIST["receiver"] in text(approver.get(page))
    assert approver.post(decide, {"answer": "no"}).status_code == 422
    assert approver.post(decide, {}).status_code == 422
    assert approver.post(decide, {"answer": "yes"}).status_code == 302
    assert officer.get(reverse("desk:fetch_copy", args=[copy.pk])).status_code == 200
    assert approver.get(reverse("desk:fetch_copy", args=[copy.pk])).status_code == 404


def test_a_number_that_turned_up_leads_to_whose_it_is(signed_in):
    copy = facts.copy(make.child())
    auditor, address = signed_in(make.person("auditor", "64")), reverse("desk:copies")
    assert auditor.post(address, {"number": copy.number.lower()}).url == reverse("desk:copy", args=[copy.pk])
    assert copy.by.name in text(auditor.get(reverse("desk:copy", args=[copy.pk])))
    assert auditor.post(address, {"number": copy.number[:-1] + "!"}).status_code == 422
    stranger = signed_in(make.person("county_officer", make.NEXT_COUNTY))
    assert stranger.post(address, {"number": copy.number}).status_code == 422
    assert stranger.get(reverse("desk:copy", args=[copy.pk])).status_code == 404


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_holds_no_closed_value_but_for_visits_and_bears_its_number(signed_in, kind):
    known = family()
    page = sheet(signed_in(make.person("county_officer")), known.child, kind)
    told = [value for value in known.closed if value in page]
    assert not told or kind == "print_visit"
    assert page.count(Copy.objects.get().number) >= 3 and "尹清和" in page


def test_a_form_for_those_who_help_holds_no_name(signed_in):
    known = family()
    page = sheet(signed_in(make.person("county_officer")), known.child, "print_care")
    assert known.child.name not in page and known.child.file_number not in page


@pytest.mark.parametrize("kind", FORMS)
def test_hidden_whereabouts_stand_on_no_form(signed_in, kind):
    child = make.child(guardian={"phone": "13900000001"})
    child.address = "习岗镇新胜村1号"
    child.save()
    facts.study(child, school="贺兰县第一小学")
    facts.circumstance(child=child, parent=None, kind=HIDDEN)
    page = sheet(signed_in(make.person("county_officer")), child, kind)
    assert not [word for word in ("13900000001", "新胜", "习岗", "第一小学") if word in page]


def test_a_child_of_hidden_whereabouts_is_marked_and_its_address_closed(signed_in):
    child = make.child(guardian={"phone": "13900000001"})
    facts.circumstance(child=child, parent=None, kind=HIDDEN)
    director = signed_in(make.person("village_director", make.VILLAGE))
    page = text(director.get(reverse("desk:child", args=[child.file_number])))
    assert "住所保密" in page and "guardian-phone" not in page
    officer = signed_in(make.person("county_officer"))
    assert "guardian-phone" in text(officer.get(reverse("desk:child", args=[child.file_number])))


def test_what_a_joined_file_says_is_printed_too(signed_in):
    leading, joined = make.child(), make.child(guardian={"guardian_name": "柳素珍"})
    facts.joined_to(leading, joined)
    assert "柳素珍" in sheet(signed_in(make.person("county_officer")), leading, "print_file")


def test_a_form_is_gone_when_its_time_is_over(signed_in):
    child, client = make.child(), signed_in(make.person("county_officer"))
    sheet(client, child, "print_file")
    Copy.objects.update(fetch_until=timezone.now() - timedelta(minutes=1))
    copy = Copy.objects.get()
    assert client.get(reverse("desk:copy_paper", args=[copy.pk])).url == reverse("desk:copy", args=[copy.pk])


def test_whoever_has_no_form_to_print_sees_no_button(signed_in):
    child, payer = make.child(), signed_in(make.person("payer"))
    assert "/print/" not in text(payer.get(reverse("desk:child", args=[child.file_number])))
    assert payer.get(reverse("desk:ask_form", args=[child.file_number])).status_code == 404
    director = signed_in(make.person("village_director", make.VILLAGE))
    page = text(director.get(reverse("desk:ask_form", args=[child.file_number])))
    assert set(re.findall(r'value="(print_\w+)"', page)) == {"print_visit", "print_family"}


@pytest.mark.parametrize("name", ["ask_list", "fetch_copy", "copy_paper", "decide_copy", "ask_form"])
def test_what_leaves_opens_to_whoever_has_just_proved_who_they_are(signed_in, name):
    child = make.child()
    officer = make.person("county_officer")
    copy = facts.copy(child, by=officer)
    if name == "decide_copy":
        officer = make.person("approver")
    client = signed_in(officer)
    SignIn.objects.update(proved_at=timezone.now() - timedelta(hours=1))
    address = {"ask_list": [], "ask_form": [child.file_number]}.get(name, [copy.pk])
    assert client.get(reverse(f"desk:{name}", args=address)).url.startswith(reverse("desk:prove"))


def test_the_list_of_copies_is_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    for _ in range(12):
        facts.copy(make.child())
    client = signed_in(make.person("approver"))
    with django_assert_max_num_queries(12):
        assert text(client.get(reverse("desk:copies"))).count("/copies/") >= 12
