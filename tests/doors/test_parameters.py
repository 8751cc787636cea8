"""The page of the parameters: every value of every parameter with its day, its source and what is to be confirmed."""

import html
import re

import pytest
from django.urls import reverse

from hutong.desk.law_words import UNITS, value_said
from hutong.law.parameters import shipped
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(signed_in, settings):
    """The page as somebody sees it, in a language and with filters."""

    def page(language="zh-hans", **filters):
        client = signed_in(make.person("village_director", make.VILLAGE))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(reverse("desk:parameters"), filters)
        assert answer.status_code == 200
        return html.unescape(re.sub(r"<[^>]+>", "\n", answer.content.decode().split("<main")[1]))

    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_parameter_stands_there_with_every_source(page, language):
    shown = page(language)
    for parameter in shipped():
        assert (parameter.title_zh if language == "zh-hans" else parameter.title_en) in shown, parameter.code
        for value in parameter.values:
            assert (value.citation.zh if language == "zh-hans" else value.citation.en) in shown


def test_sums_are_in_yuan_and_what_holds_today_is_marked(page):
    shown = page(place="64")
    assert "1,640.00 元/月" in shown and "现行" in shown


def test_what_is_to_be_confirmed_can_be_read_alone(page):
    shown = page(to_confirm="on")
    confirmed = [value for one in shipped() for value in one.values if not value.is_provisional]
    assert shown.count("待确认") >= len(shipped().to_confirm())
    assert not any(value.note and value.note in shown for value in confirmed)


def test_a_place_narrows_them(page):
    national = [one for one in shipped() if not one.jurisdiction]
    shown = page(place="64")
    assert not [one.code for one in national if f"\n{one.title_zh}\n" in shown]


PLAIN = {
    "code", "list", "number", "situations", "papers", "placements", "grades", "classes", "yes_no", "categories",
    "columns",
}  # fmt: skip
"""Units whose values are said by themselves."""


def test_every_unit_has_its_words():
    for parameter in shipped():
        for value in parameter.values:
            assert value_said(value, parameter.unit)
        assert parameter.unit in UNITS or parameter.unit in PLAIN, parameter.unit
