"""A case of the law in a form: added to the text, opened from it and put back, and nothing typed is lost."""

import html
import re

import pytest
from django.urls import reverse

from hutong.desk.law_cases import EXAMPLE as SHAPE
from hutong.governance.models import CaseSet
from hutong.law.cases import read_cases
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
PAGE = reverse("desk:law_cases")
TEXT = "# 七月前核对\n" + SHAPE % {"first": "父亲死亡", "second": "家庭低保三人"} + "# 完\n"
CASE = {
    "case-name": "新案例",
    "case-birth_date": "2015-03-07",
    "case-place": "64",
    "case-on": "2026-06-03",
    "case-father_1_kind": "dead",
    "case-father_1_from": "2023-11-02",
    "case-mother_1_kind": "severe_disability",
    "case-mother_1_grade": "1",
    "case-mother_1_class": "physical",
    "case-outcome": "recognised",
    "case-category": "de_facto",
}
MONTHS = {
    "case-birth_date": "2015-03-07",
    "case-code": "640122000000",
    "case-first_month": "2026-01",
    "case-last_month": "2026-02",
    "case-holding": "de_facto",
    "case-from_month": "2024-07",
    "case-aid": "dibao",
    "case-aid_household": "1800.5",
    "case-aid_members": "3",
}


def told(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", answer.content.decode().split("<main")[1]))


def text_of(answer) -> str:
    return answer.context["form"]["text"].value()


def values(answer) -> dict[str, str]:
    """What the form shows, as a browser would send it."""
    form = answer.context["case"]
    shown = {f"case-{name}": form[name].value() for name in form.fields}
    return {name: str(value) for name, value in shown.items() if value not in ("", None, False)}


@pytest.fixture
def officer(signed_in):
    return signed_in(make.person("county_officer"))


def test_the_form_is_closed_and_begins_at_ones_own_place_and_today(officer):
    page = officer.get(PAGE)

    assert '<details class="reveal case" id="case">' in page.content.decode()
    assert values(page)["case-place"] == "64" and "case-birth_date" not in values(page)


def test_a_case_is_added_and_answered_at_once(officer):
    page = officer.post(PAGE, {"text": TEXT, **CASE, "add": "yes"})

    assert page.status_code == 200 and text_of(page).startswith(TEXT)
    assert page.context["agree"] == 4 and page.context["written"] == 2 and 'id="written"' in page.content.decode()
    assert "case-name" not in values(page) and not page.context["case"].is_used
    added = read_cases(text_of(page), name="a")[2]
    assert (added.name, added.jurisdiction, len(added.child.parents)) == ("新案例", "64", 2)


def test_sums_are_typed_in_yuan_and_written_in_fen(officer):
    page = officer.post(PAGE, {"text": "", **MONTHS, "add": "yes"})

    assert "household_fen_per_month: 180050, members: '3'" in text_of(page).replace("members: 3", "members: '3'")
    assert "months: [2026-01, 2026-02]" in text_of(page) and 'jurisdiction: "640122000000"' in text_of(page)
    assert page.context["wrong"] == 0 and "1,039.84" in told(page)
    again = values(officer.post(PAGE, {"text": text_of(page), "edit": "0"}))
    assert again["case-aid_household"] == "1800.50" and again["case-code"] == "640122000000"


def test_a_case_is_opened_changed_and_put_back(officer):
    page = officer.post(PAGE, {"text": TEXT, "edit": "0"})
    opened = values(page)

    assert text_of(page) == TEXT and page.context["case"].is_editing
    assert opened["case-father_1_kind"] == "dead" and opened["case-mother_1_until"] == "2028-01-09"
    page = officer.post(PAGE, {"text": TEXT, **opened, "case-mother_1_until": "2026-02-09", "put": "yes"})
    assert text_of(page) == TEXT.replace("2028-01-09", "2026-02-09")
    assert page.context["written"] == 0 and page.context["disagree"] == 1
    assert not page.context["case"].is_editing


def test_what_is_put_back_unchanged_leaves_the_text_as_it_was(officer):
    for number in ("0", "1"):
        opened = values(officer.post(PAGE, {"text": TEXT, "edit": number}))
        assert text_of(officer.post(PAGE, {"text": TEXT, **opened, "put": "yes"})) == TEXT


def test_a_case_is_found_where_it_stands_now(officer):
    opened = values(officer.post(PAGE, {"text": TEXT, "edit": "1"}))
    moved = "- {name: 更早的, child: {birth_date: 2015-03-07}}\n" + TEXT

    page = officer.post(PAGE, {"text": moved, **opened, "case-placement": "kin", "put": "yes"})
    assert page.context["written"] == 2 and read_cases(text_of(page), name="a")[2].child.placements


def test_a_case_that_was_changed_meanwhile_is_not_overwritten(officer):
    opened = values(officer.post(PAGE, {"text": TEXT, "edit": "1"}))
    other = TEXT.replace("members: 3", "members: 4")

    page = officer.post(PAGE, {"text": other, **opened, "case-placement": "kin", "put": "yes"})
    assert page.status_code == 422 and text_of(page) == other
    assert values(page)["case-placement"] == "kin" and 'role="alert"' in page.content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"case-birth_date": ""}, "birth_date"),
        ({"case-birth_date": "7.3.15"}, "birth_date"),
        ({"case-code": "641"}, "code"),
        ({"case-father_1_kind": ""}, "father_1_kind"),
        ({"case-father_1_kind": "hiv"}, "father_1_kind"),
        ({"case-last_month": "2026-01"}, "first_month"),
        ({"case-first_month": "2026-1"}, "first_month"),
        ({"case-first_month": "2026-02", "case-last_month": "2026-01"}, "last_month"),
        ({"case-first_month": "1926-02", "case-last_month": "2026-01"}, "last_month"),
        ({"case-from_month": "2026-02"}, "holding"),
        ({"case-aid_own": "3"}, "aid"),
        ({"case-aid": "dibao"}, "aid_own"),
        ({"case-aid": "dibao", "case-aid_own": "3", "case-aid_household": "4"}, "aid_own"),
        ({"case-aid": "dibao", "case-aid_household": "4"}, "aid_members"),
        ({"case-aid": "dibao", "case-aid_own": "4", "case-aid_members": "2"}, "aid_members"),
        ({"case-aid": "dibao", "case-aid_own": "4.555"}, "aid_own"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(officer, said, field):
    sent = {**CASE, **said}
    page = officer.post(PAGE, {"text": TEXT, "other_day": "2018-06-03", **sent, "add": "yes"})

    assert page.status_code == 422 and list(page.context["case"].errors) == [field]
    assert f'id="id_case-{field}_error"' in page.content.decode()
    assert text_of(page) == TEXT and page.context["form"]["other_day"].value() == "2018-06-03"
    assert values(page) == {name: value for name, value in sent.items() if value}
    assert len(page.context["answers"]) == 2


def test_into_a_text_that_cannot_be_read_nothing_is_written(officer):
    for button in ("add", "edit", "put"):
        page = officer.post(PAGE, {"text": "- name: [", **CASE, button: "0"})
        assert page.status_code == 422 and text_of(page) == "- name: ["
        assert values(page).items() >= CASE.items() and page.context["case"].is_used


def test_a_text_with_anchors_is_changed_by_hand(officer):
    text = "- &a {name: 甲, child: {birth_date: 2015-03-07}}\n- *a\n"
    page = officer.post(PAGE, {"text": text, "edit": "1"})
    assert "锚点" in told(page) or "anchors" in told(page)
    assert not page.context["case"].is_used and len(page.context["answers"]) == 2

    for button in ("add", "put"):
        page = officer.post(PAGE, {"text": text, **CASE, button: "yes"})
        assert page.status_code == 422 and text_of(page) == text and values(page).items() >= CASE.items()


def test_another_button_keeps_what_was_typed_and_one_clears_it(officer):
    page = officer.post(PAGE, {"text": TEXT, **CASE, "case-birth_date": "7.3."})
    assert page.status_code == 200 and values(page)["case-birth_date"] == "7.3."
    assert '<details class="reveal case" id="case" open>' in page.content.decode()

    cleared = officer.post(PAGE, {"text": TEXT, **CASE, "leave": "yes"})
    assert "case-name" not in values(cleared) and text_of(cleared) == TEXT


def test_cases_are_not_kept_while_one_waits_in_the_form(officer):
    sent = {"text": TEXT, "name": "核对", "keep": "yes"}
    page = officer.post(PAGE, {**sent, **CASE})

    assert page.status_code == 422 and values(page)["case-name"] == "新案例" and not CaseSet.objects.exists()
    assert officer.post(PAGE, {**sent, "case-place": "64", "case-on": values(officer.get(PAGE))["case-on"]}).url


@pytest.mark.parametrize("number", ["7", "-1", "x", "²", "9" * 5000, "1"])
def test_what_cannot_be_opened_is_not(officer, number):
    text = TEXT.split("- name: 家")[0] + "- {name: 写错的, child: {birth_date: 2015-03-07, colour: red}}\n"
    page = officer.post(PAGE, {"text": text, "edit": number})

    assert page.status_code == 200 and not page.context["case"].is_used
    assert page.content.decode().count('name="edit"') == 1


def test_a_text_does_not_grow_beyond_what_can_be_kept(officer):
    text = TEXT + "#" * (200_000 - len(TEXT) - 10)
    page = officer.post(PAGE, {"text": text, **CASE, "add": "yes"})

    assert page.status_code == 422 and text_of(page) == text and values(page)["case-name"] == "新案例"


def test_whoever_does_not_try_the_law_writes_no_case(signed_in):
    for button in ("add", "put", "edit"):
        answer = signed_in(make.person("village_director", make.VILLAGE)).post(
            PAGE, {"text": TEXT, **CASE, button: "0"}
        )
        assert answer.status_code == 404
