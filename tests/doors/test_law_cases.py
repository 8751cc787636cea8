"""Trying the law by page: cases, answers with reasons and sources, comparison, and an office's own sets."""

import html
import re

import pytest
from django.urls import reverse

from hutong.desk.law_cases import EXAMPLE as SHAPE
from hutong.governance.models import CaseSet
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
EXAMPLE = SHAPE % {"first": "父亲死亡", "second": "家庭低保三人"}
PAGE = reverse("desk:law_cases")
WRONG = "- {name: 写错的, child: {birth_date: 2015-03-07, colour: red}}\n"


def told(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", answer.content.decode().split("<main")[1]))


@pytest.fixture
def officer(signed_in):
    return signed_in(make.person("county_officer"))


def test_it_opens_with_an_example_and_its_answer(officer):
    page = told(officer.get(PAGE))
    assert "认定" in page and "事实无人抚养" in page and "与预期一致" in page and "民发〔2019〕62号" in page


def test_one_wrong_case_is_named_and_the_others_are_answered(officer):
    page = told(officer.post(PAGE, {"text": WRONG + EXAMPLE}))
    assert "colour" in page and "写错的" in page and "事实无人抚养" in page
    assert "3 个与预期一致，0 个与预期不符，1 个无法读取" in page


def test_what_was_expected_and_is_not_so_is_said(officer):
    page = told(officer.post(PAGE, {"text": EXAMPLE.replace("outcome: recognised", "outcome: refused")}))
    assert "与预期不符" in page and "2 个与预期一致，1 个与预期不符" in page


def test_another_day_and_another_place_are_compared(officer):
    page = told(officer.post(PAGE, {"text": EXAMPLE, "other_day": "2018-06-03"}))
    assert "结论不同" in page and "2018-06-03" in page
    same = told(officer.post(PAGE, {"text": EXAMPLE, "other_place": "64"}))
    assert "结论不同" not in same and "宁夏回族自治区" in same


def test_months_are_counted_with_their_parts(officer):
    page = told(officer.get(PAGE))
    assert "1,040.00" in page and "人均600元" in page
    wrong = told(officer.post(PAGE, {"text": EXAMPLE.replace("2026-01: 104000", "2026-01: 1")}))
    assert "2 个与预期一致，1 个与预期不符" in wrong


@pytest.mark.parametrize("text", ["", "[", "a: b"])
def test_what_is_no_list_of_cases_is_said(officer, text):
    answer = officer.post(PAGE, {"text": text})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()


def test_where_a_text_goes_wrong_is_said_in_the_readers_language(officer):
    page = told(officer.post(PAGE, {"text": "- name: 甲\n  child: {birth_date: 2015-03-07\n"}))
    assert "行或上一行读不懂" in page and "while parsing" not in page
    assert "请把案例写成列表" in told(officer.post(PAGE, {"text": "a: b"}))
    twice = told(officer.post(PAGE, {"text": "- name: 甲\n- name: 乙\n  name: 丙\n"}))
    assert "第 2 行" in twice


def test_cases_are_kept_opened_changed_and_removed(officer, signed_in):
    answer = officer.post(PAGE, {"text": EXAMPLE, "name": "提标前核对", "keep": "yes"})
    kept = CaseSet.objects.get()
    assert answer.url == reverse("desk:case_set", args=[kept.pk])
    page = officer.get(answer.url)
    assert "提标前核对" in told(page) and page.context["agree"] == 3
    again = {"text": EXAMPLE + EXAMPLE, "name": "提标前核对", "keep": "yes"}
    assert officer.post(PAGE, again).status_code == 422
    assert officer.post(PAGE, again | {"revision": "1"}).status_code == 302
    assert CaseSet.objects.get().revision == 2
    officer.post(reverse("desk:remove_case_set", args=[kept.pk]))
    assert not CaseSet.objects.exists()


def test_a_set_without_a_name_or_with_a_number_is_not_kept(officer):
    for said in ({"name": ""}, {"name": "甲", "text": EXAMPLE + "# 13900000000"}):
        answer = officer.post(PAGE, {"text": EXAMPLE, "keep": "yes"} | said)
        assert answer.status_code == 422 and not CaseSet.objects.exists()


def test_whoever_does_not_try_the_law_finds_no_page(signed_in):
    assert signed_in(make.person("village_director", make.VILLAGE)).get(PAGE).status_code == 404
    assert signed_in(make.person("auditor", "64")).get(PAGE).status_code == 404
