"""The page of the register of fields."""

import html
import re

import pytest
from django.urls import reverse

from hutong.desk.words import FIELD_CLASSES, NOUNS_ABOUT, ROOMS
from hutong.law import fields
from hutong.law.fields import About, FieldClass, nouns
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(signed_in, settings):
    """The page as somebody sees it, in a language and with filters."""

    def page(role="village_director", language="zh-hans", **filters):
        client = signed_in(make.person(role, make.PROVINCE))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(reverse("desk:fields"), filters)
        assert answer.status_code == 200
        return html.unescape(re.sub(r"<[^>]+>", "\n", answer.content.decode().split("<main")[1]))

    return page


@pytest.mark.parametrize("role", ["village_director", "auditor", "security_administrator", "psychologist"])
def test_whoever_has_signed_in_may_read_it(page, role):
    assert "核对身份，防止一人多档、重复发放" in page(role)


def test_nobody_else_may(client):
    assert client.get("/fields/").url == "/sign-in/?next=/fields/"


def test_it_opens_with_the_register_of_children_and_all_classes(page):
    shown = page()
    for noun in nouns():
        assert (noun.room == "registry") == (f"\n{noun.title_zh}\n" in shown), noun.label
    assert all(name in shown for noun in nouns() if noun.room == "registry" for name in noun.names)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_shows_its_nouns_in_both_languages(page, room):
    for language, said in (("zh-hans", lambda noun: noun.title_zh), ("en", lambda noun: noun.title_en)):
        shown = page(language=language, room=room)
        assert all(f"\n{said(noun)}\n" in shown for noun in nouns() if noun.room == room)


def test_a_class_narrows_the_columns_and_hides_nouns_without(page):
    shown = page(field_class="secret")
    assert "secret_basis" in shown and "file_number" not in shown
    assert "\n类别\n" in shown and "\n家庭户\n" not in shown


def test_a_room_without_the_class_says_so(page):
    shown = page(room="divisions", field_class="secret", language="en")
    assert "No field of this class" in shown and "Clear the filters" in shown


def test_what_is_provisional_is_marked_and_what_is_not_is_not(page):
    shown = page(language="en")
    law, recalled = "State Council document (2016) No. 36", "Civil Code, art. 27"
    assert f"{recalled} \n(provisional)" in shown
    assert law in shown and f"{law} \n(provisional)" not in shown


@pytest.mark.parametrize("filters", [{"room": "cellar"}, {"field_class": "top"}, {"room": "\0"}])
def test_a_filter_that_does_not_exist_shows_the_first_room(page, filters):
    assert "file_number" in page(**filters)


@pytest.mark.usefixtures("divisions")
def test_it_holds_no_child_and_asks_the_register_nothing(signed_in, django_assert_max_num_queries):
    child, client = make.child(), signed_in(make.person("county_officer"))
    with django_assert_max_num_queries(10) as asked:
        shown = client.get(reverse("desk:fields")).content.decode()
    assert child.name not in shown and child.file_number not in shown
    asked_for_rows = [query["sql"] for query in asked if "registry_child" in query["sql"]]
    assert not [one for one in asked_for_rows if "EXISTS" not in one.upper() and "COUNT(" not in one.upper()]


def test_it_stands_in_the_menu_under_ones_name(signed_in):
    menu = signed_in(make.person("finance")).get("/").content.decode().split('class="menu"')[1].split("</details>")[0]
    assert f'href="{reverse("desk:fields")}"' in menu


def test_all_codes_have_their_words():
    assert tuple(ROOMS) == fields.register.ROOMS
    assert FIELD_CLASSES.keys() == set(FieldClass) and NOUNS_ABOUT.keys() == set(About)
