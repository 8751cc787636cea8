"""The list of children and one child's page."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.urls import reverse

from hutong.accounts.models import Grant, TrailEntry
from hutong.desk.said import recall
from hutong.kit.names import mask_id_number
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LIST_CEILING = 14  # queries of a list page, whatever its length
PAGE_CEILING = 24


def test_the_list_shows_age_and_no_number_of_identity(signed_in):
    child = make.child()
    page = signed_in(make.person("county_officer")).get(reverse("desk:children")).content.decode()

    assert child.name in page
    assert child.id_number.open() not in page and child.birth_date.isoformat() not in page


@pytest.mark.parametrize("children", [1, 40])
def test_the_list_asks_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries, children):
    for _ in range(children):
        make.child()
    client = signed_in(make.person("county_officer"))

    with django_assert_max_num_queries(LIST_CEILING):
        client.get(reverse("desk:children"), {"category": "dibao", "division": make.VILLAGE})


def test_the_list_is_paged_and_keeps_its_filters(signed_in):
    for _ in range(51):
        make.child()
    client = signed_in(make.person("county_officer"))

    first = client.get(reverse("desk:children"), {"sex": "", "category": "dibao"}).content.decode()

    assert "category=dibao&amp;page=2" in first


def test_filters_narrow(signed_in):
    young, old = make.child(), make.child(holdings=["orphan_kin"], id_number="")
    client = signed_in(make.person("county_officer"))

    page = client.get(reverse("desk:children"), {"category": "orphan_kin", "without_id": "on"}).content.decode()

    assert old.file_number in page and young.file_number not in page


def test_nonsense_in_the_address_is_no_error(signed_in):
    client = signed_in(make.person("county_officer"))

    answer = client.get(reverse("desk:children"), {"age": "x", "category": "y", "division": "z", "page": "-1"})

    assert answer.status_code == 200


def test_the_page_masks_and_records_the_look(signed_in, django_assert_max_num_queries):
    child = make.child(guardian={"phone": "13900001234"})
    officer = make.person("county_officer")
    client = signed_in(officer)

    with django_assert_max_num_queries(PAGE_CEILING):
        page = client.get(reverse("desk:child", args=[child.file_number])).content.decode()

    number = child.id_number.open()
    assert mask_id_number(number) in page and number not in page and "13900001234" not in page
    assert TrailEntry.objects.filter(act="open_child", by=officer, subject_key=child.file_number).count() == 1
    assert f"<title>{child.name}" not in page


def test_a_value_is_shown_on_demand_and_each_time_recorded(signed_in):
    child = make.child()
    client = signed_in(make.person("county_officer"))
    address = reverse("desk:reveal", args=[child.file_number, "id_number"])

    shown = client.post(address, headers={"HX-Request": "true"}).content.decode()

    assert child.id_number.open() in shown
    assert client.get(address).url == reverse("desk:child", args=[child.file_number])
    assert TrailEntry.objects.filter(act="reveal", details={"field": "id_number"}).count() == 1


def test_a_director_sees_masked_values_and_may_not_show_them(signed_in):
    child = make.child()
    client = signed_in(make.person("village_director", make.VILLAGE))

    page = client.get(reverse("desk:child", args=[child.file_number])).content.decode()

    assert reverse("desk:reveal", args=[child.file_number, "id_number"]) not in page
    assert client.post(reverse("desk:reveal", args=[child.file_number, "id_number"])).status_code == 404


def test_a_purpose_opens_one_child_for_the_day(signed_in):
    child = make.child()
    client = signed_in(make.person("region_officer", "64"))
    address = reverse("desk:child", args=[child.file_number])
    assert client.get(address).status_code == 404

    said = {"file_number": child.file_number.replace("-", "").lower(), "purpose": "信访核查"}
    client.post(reverse("desk:open_with_purpose"), said)

    assert client.get(address).status_code == 200
    entry = TrailEntry.objects.get(act="open_with_purpose")
    assert Grant.objects.get(pk=entry.details["grant"]).reason == "信访核查"
    assert entry.role == "region_officer"


@pytest.mark.parametrize(
    "said", [{"file_number": "64-0000-0000-0", "purpose": "信访核查"}, {"file_number": "", "purpose": ""}]
)
def test_a_purpose_page_keeps_what_was_typed_and_says_what_is_wrong(signed_in, said):
    client = signed_in(make.person("region_officer", "64"))

    answer = client.post(reverse("desk:open_with_purpose"), said)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert said["file_number"] in answer.content.decode()


@pytest.mark.parametrize("address", ["search", "find"])
def test_a_search_finds_by_name_and_leaves_nothing_in_an_address(signed_in, address):
    wanted, other = make.child(), make.child()
    client = signed_in(make.person("county_officer"))

    for text in (wanted.name, wanted.id_number.open(), wanted.file_number):
        answer = client.post(reverse(f"desk:{address}"), {"q": text}, follow=True)
        page = answer.content.decode()
        assert reverse("desk:child", args=[wanted.file_number]) in page
        assert reverse("desk:child", args=[other.file_number]) not in page
        assert all(text not in url for url, _ in answer.redirect_chain)
        assert f"={text}" not in page and f"={quote(text)}" not in page


def test_what_one_searched_for_is_nobody_elses(signed_in):
    wanted = make.child()
    url = signed_in(make.person("county_officer")).post(reverse("desk:search"), {"q": wanted.name}).url

    page = signed_in(make.person("county_officer")).get(url).content.decode()

    assert f"查找：{wanted.name}" not in page


def test_the_last_searches_are_kept_and_no_more(signed_in):
    client = signed_in(make.person("county_officer"))
    for at in range(25):
        client.post(reverse("desk:search"), {"q": f"字{at}\0"})

    session = client.session
    asked = SimpleNamespace(session=session)
    assert [recall(asked, key) for key in session["said"]] == [f"字{at}" for at in range(5, 25)]
