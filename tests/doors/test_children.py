"""The list of children and one child's page."""

from collections import namedtuple
from urllib.parse import quote

import pytest
from django.urls import reverse

from hutong.accounts.models import Grant, SavedFilter, TrailEntry
from hutong.desk import said
from hutong.kit.names import mask_id_number
from hutong.registry.models import Child, Move
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
RequestOf = namedtuple("RequestOf", "session")
LIST_CEILING = 12  # queries of a list page, whatever its length
PAGE_CEILING = 43


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


def test_a_director_sees_masked_values_and_may_show_how_to_reach_the_family_alone(signed_in):
    child = make.child(guardian={"phone": "13900001234"}, address="1 号")
    client = signed_in(make.person("village_director", make.VILLAGE))
    number, address = ([child.file_number, value, 0] for value in ("child-id_number", "child-address"))

    page = client.get(reverse("desk:child", args=[child.file_number])).content.decode()

    assert reverse("desk:reveal", args=number) not in page and reverse("desk:reveal", args=address) in page
    assert client.post(reverse("desk:reveal", args=number)).status_code == 404


def test_a_purpose_opens_one_child_for_the_day(signed_in):
    child = make.child()
    client = signed_in(make.person("region_officer", "64"))
    address = reverse("desk:child", args=[child.file_number])
    assert client.get(address).status_code == 404

    said = {"file_number": child.file_number.replace("-", "").lower(), "purpose": "信访核查"}
    client.post(reverse("desk:open_with_purpose"), said)

    assert client.get(address).status_code == 200
    entry = TrailEntry.objects.get(act="open_with_purpose")
    assert Grant.objects.get(pk=entry.details["grant"]).reason.open() == "信访核查"
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
    kept = [said.recall(RequestOf(session), key).text for key in session["said"]]

    assert kept == [f"字{at}" for at in range(5, 25)]
    assert "字" not in str(session["said"])


def settle(client, text):
    """A settled search, and the page it leads to."""
    return client.post(reverse("desk:search"), {"q": text}, follow=True)


def test_a_settled_search_is_recorded_once_and_its_pages_are_not(signed_in):
    for _ in range(51):
        make.child()
    client = signed_in(make.person("county_officer"))

    address = settle(client, "柳").redirect_chain[-1][0]
    client.get(f"{address}&page=2")
    client.post(reverse("desk:find"), {"q": "柳"})

    assert list(TrailEntry.objects.filter(act="search").values_list("details", flat=True)) == [
        {"kind": "name", "found": 51}
    ]


def test_another_place_is_named_nowhere_and_nothing_of_its_file(signed_in):
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY, guardian={"phone": "13912345678"})
    client = signed_in(make.person("county_officer"))

    answer = settle(client, there.id_number.open())
    ask = client.get(reverse("desk:elsewhere"), {"said": answer.redirect_chain[-1][0].partition("said=")[2]})

    for page in (answer.content.decode(), ask.content.decode()):
        assert not [told for told in (there.name, there.file_number, "永宁", "13912345678", "柳桂兰") if told in page]
    assert reverse("desk:elsewhere") in answer.content.decode()
    assert ask.status_code == 200


def test_typing_and_vague_words_tell_nothing_of_another_place(signed_in):
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    client = signed_in(make.person("county_officer"))

    typed = client.post(reverse("desk:find"), {"q": there.id_number.open()}).content.decode()
    vague = settle(client, there.name).content.decode()

    assert reverse("desk:elsewhere") not in typed and reverse("desk:elsewhere") not in vague


def test_what_another_place_holds_is_asked_for_by_page(signed_in):
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    client = signed_in(make.person("township_supervisor", make.TOWNSHIP))
    key = settle(client, f"{there.name} 2015-03-07").redirect_chain[-1][0].partition("said=")[2]
    address = f"{reverse('desk:elsewhere')}?said={key}"

    wrong = client.post(address, {"living": "", "living_text": "习岗", "reason": "", "words": "急"})
    done = client.post(address, {"living": make.VILLAGE, "reason": "family_moved", "words": "急"}, follow=True)

    assert wrong.status_code == 200 and "急" in wrong.content.decode() and wrong.context["form"].errors
    move = Move.objects.get()
    assert (move.child, move.to_code, move.words.open()) == (there, make.VILLAGE, "急")
    assert there.name not in done.content.decode() and "永宁" not in done.content.decode()


@pytest.mark.parametrize("role", ["county_officer", "village_director"])
def test_nobody_asks_without_an_answer_of_a_search_of_their_own(signed_in, role):
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    other = signed_in(make.person("county_officer"))
    address = settle(other, there.id_number.open()).redirect_chain[-1][0].partition("said=")[2]

    client = signed_in(make.person(role))

    for key in ("", address):
        assert client.get(reverse("desk:elsewhere"), {"said": key}).status_code == 404
        assert client.post(f"{reverse('desk:elsewhere')}?said={key}", {"living": make.VILLAGE}).status_code == 404


def test_a_limit_that_is_reached_is_said_when_typing_and_when_settling(signed_in, monkeypatch):
    monkeypatch.setattr("hutong.registry.finding.NUMBERS_AN_HOUR", 1)
    child = make.child(guardian={"phone": "13912345678"})
    client = signed_in(make.person("county_officer"))
    assert child.name in settle(client, "13912345678").content.decode()

    settled, typed = settle(client, "13912345678"), client.post(reverse("desk:find"), {"q": "13912345678"})

    for page in (settled.content.decode(), typed.content.decode()):
        assert "一小时内" in page
    assert child.name not in typed.content.decode()
    assert child.name in client.post(reverse("desk:find"), {"q": child.name}).content.decode()


def test_who_sees_no_children_searches_for_none(signed_in):
    client = signed_in(make.person("finance"))

    assert client.post(reverse("desk:search"), {"q": "柳"}).status_code == 404
    assert not TrailEntry.objects.filter(act="search").exists()


@pytest.mark.parametrize("address", ["search", "find"])
def test_a_search_asks_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries, address):
    for _ in range(60):
        make.child()
    client = signed_in(make.person("county_officer"))

    with django_assert_max_num_queries({"search": 15, "find": 7}[address]):
        client.post(reverse(f"desk:{address}"), {"q": "liu"})


def test_five_hundred_children_are_paged_by_as_many_questions(signed_in, django_assert_max_num_queries):
    for _ in range(500):
        make.child(holdings=["dibao", "migrant"])
    client = signed_in(make.person("county_officer"))

    with django_assert_max_num_queries(LIST_CEILING):
        page = client.get(reverse("desk:children"), {"page": "10"})

    assert page.context["sheet"].last == 500 and not page.context["sheet"].next
    assert len(page.context["children"]) == 50


def test_quick_lists_carry_their_counts(signed_in):
    make.child(id_number=""), make.child()
    client = signed_in(make.person("county_officer"))

    chips = client.get(reverse("desk:children"), {"without_id": "on"}).context["chips"]

    assert [(chip.count, chip.is_current) for chip in chips] == [("2", False), ("1", True), ("0", False), ("0", False)]


def test_closed_files_are_found_and_marked(signed_in):
    child = make.child()
    Child.objects.filter(pk=child.pk).update(closed_on=make.ON, closed_reason="died")
    client = signed_in(make.person("county_officer"))

    assert child.name not in client.get(reverse("desk:children")).content.decode()
    for page in (settle(client, child.name), client.post(reverse("desk:find"), {"q": child.name})):
        assert child.name in page.content.decode() and "已减员" in page.content.decode()


def test_filters_are_kept_by_name_and_removed(signed_in):
    officer = make.person("county_officer")
    client = signed_in(officer)
    said = {"category": "dibao", "age": "6-11", "name": "低保小学", "said": "abcd", "state": ""}

    kept = client.post(reverse("desk:save_filter"), said, follow=True)
    assert SavedFilter.objects.get().query == {"category": "dibao", "age": "6-11"}
    assert kept.context["saved"][0].is_current and "低保小学" in kept.content.decode()
    client.post(reverse("desk:remove_filter"), {"number": kept.context["saved"][0].number})

    assert not SavedFilter.objects.exists()


def test_no_filter_without_a_name_or_a_choice_and_nobody_removes_anothers(signed_in):
    client, other = signed_in(make.person("county_officer")), signed_in(make.person("county_officer"))
    client.post(reverse("desk:save_filter"), {"category": "dibao", "name": "低保"})

    for wrong in ({"category": "dibao", "name": ""}, {"name": "全部"}, {"category": "nonsense", "name": "x"}):
        client.post(reverse("desk:save_filter"), wrong)
    for number in (SavedFilter.objects.get().pk, "x", ""):
        other.post(reverse("desk:remove_filter"), {"number": number})

    assert SavedFilter.objects.get().name == "低保"


def test_rows_are_chosen_by_who_may_change_them_and_go_on_together(signed_in):
    first, second = make.child(), make.child()
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    officer, director = signed_in(make.person("county_officer")), signed_in(make.person("village_director"))

    assert f'value="{first.file_number}"' in officer.get(reverse("desk:children")).content.decode()
    assert 'name="selected"' not in director.get(reverse("desk:children")).content.decode()
    page = officer.post(reverse("desk:bulk"), {"selected": [first.file_number, there.file_number]}).content.decode()
    assert first.name in page and second.name not in page and there.name not in page
    assert director.post(reverse("desk:bulk"), {"selected": [first.file_number]}).status_code == 404
