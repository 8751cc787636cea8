"""One batch by page: reasons together, what is taken, how far it is, who stays."""

import re

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hutong.kit.staging import State
from hutong.registry.actions import admission
from hutong.registry.models import Change, Child
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def page_of(client, batch, query=""):
    return client.get(reverse("desk:import", args=[batch.pk]) + query).content.decode()


def changed_batch(rows=2):
    lines = [
        make.line_of(make.child(address="甘露街 1 号"), ethnic_group="回族", living_address="甘露街 2 号")
        for _ in range(rows)
    ]
    return make.judged(lines, by=make.person("county_officer"))


def shown(page):
    """What a page's form would send: all hidden entries, and the boxes that are ticked."""
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="hidden"' in tag or " checked" in tag):
            fields.setdefault(name[1], []).append(value[1])
    return {name: said for name, said in fields.items() if name in ("column", "take_column", "shown", "take", "page")}


def test_reasons_stand_together_and_lead_to_their_rows(signed_in):
    officer = make.person("county_officer")
    batch = make.judged([make.line(guardian_phone="无") for _ in range(60)] + [make.line(sex="x")], by=officer)
    client = signed_in(officer)

    page = page_of(client, batch)
    behind = page_of(client, batch, "?row=55")

    assert "60 行" in page and page.index("60 行") < page.index("请写“男”或“女”。")
    assert 'href="?row=6#row-6"' in page and 'href="?row=7#row-7"' not in page
    assert 'id="row-55"' in behind and 'id="row-2"' not in behind


@pytest.mark.parametrize("query", ["?row=99999999999999999999", "?row=x", "?page=99999999999999999999", "?verdict=x"])
def test_an_address_that_asks_for_nothing_there_is_answered(signed_in, query):
    officer = make.person("county_officer")
    batch = make.judged([make.line()], by=officer)
    assert signed_in(officer).get(reverse("desk:import", args=[batch.pk]) + query).status_code == 200


def test_the_second_person_chooses_by_page_and_only_that_comes_in(signed_in):
    batch, client = changed_batch(), signed_in(make.person("approver"))
    form = shown(page_of(client, batch, "?verdict=changed"))
    assert form["take"] == form["shown"] and form["take_column"] == form["column"]

    form["take_column"].remove("ethnic_group")
    form["take"].remove("2:*")
    client.post(reverse("desk:choose_rows", args=[batch.pk]), form)
    admission.admit(by=make.person("approver"), batch=batch, on=make.ON, only=["changed"])

    assert (batch.left_out, list(batch.rows.order_by("number").values_list("left_out", flat=True))) == (
        ["ethnic_group"],
        [["*"], []],
    )
    assert Change.objects.get().columns == ["living_address"]


def test_a_choice_sent_again_as_it_is_shown_changes_nothing(signed_in):
    batch, client = changed_batch(), signed_in(make.person("approver"))
    url = reverse("desk:choose_rows", args=[batch.pk])
    form = shown(page_of(client, batch, "?verdict=changed"))
    form["take"].remove("3:living_address")
    form["take_column"].remove("living_address")
    client.post(url, form)
    kept = list(batch.rows.order_by("number").values_list("left_out", flat=True))

    client.post(url, shown(page_of(client, batch, "?verdict=changed")))

    assert kept == [[], ["living_address"]] == list(batch.rows.order_by("number").values_list("left_out", flat=True))
    batch.refresh_from_db()
    assert batch.left_out == ["living_address"]


def test_pages_are_chosen_one_by_one(signed_in):
    batch, client = changed_batch(52), signed_in(make.person("approver"))
    url = reverse("desk:choose_rows", args=[batch.pk])
    first = shown(page_of(client, batch, "?verdict=changed"))
    first["take"].remove("2:*")
    answer = client.post(url, first | {"next": "2"})
    second = shown(client.get(answer.url).content.decode())
    assert second["shown"][0] == "52:*"
    client.post(url, second)
    assert list(batch.rows.exclude(left_out=[]).values_list("number", flat=True)) == [2]


def test_the_importer_looks_and_chooses_nothing(signed_in):
    batch = changed_batch()
    client = signed_in(batch.imported_by)

    page = page_of(client, batch, "?verdict=changed")
    answer = client.post(reverse("desk:choose_rows", args=[batch.pk]), {"column": ["ethnic_group"]})

    assert "甘露街 2 号" in page and "take_column" not in page
    batch.refresh_from_db()
    assert (answer.status_code, batch.left_out) == (404, [])


def test_a_check_is_cancelled_by_page(signed_in):
    officer = make.person("county_officer")
    batch = make.received([make.line()], by=officer)
    client = signed_in(officer)

    page = page_of(client, batch)
    client.post(reverse("desk:cancel_import", args=[batch.pk]))

    assert reverse("desk:cancel_import", args=[batch.pk]) in page
    batch.refresh_from_db()
    assert batch.state == State.WITHDRAWN


def test_an_admission_shows_how_far_it_is_and_is_stopped_by_who_admits(signed_in, monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    approver = make.person("approver")
    batch = make.judged([make.line() for _ in range(4)], by=make.person("county_officer"))
    client, importer = signed_in(approver), signed_in(batch.imported_by)
    client.post(reverse("desk:admit", args=[batch.pk]), {"only": ["new"]})
    batch.refresh_from_db()
    admission.admit_slice(by=approver, batch=batch, on=make.ON)

    part = client.get(reverse("desk:import", args=[batch.pk]), headers={"HX-Request": "true"}).content.decode()
    cancel = reverse("desk:cancel_import", args=[batch.pk])
    seen = [cancel in page_of(one, batch) for one in (client, importer)]
    importer.post(cancel)
    batch.refresh_from_db()
    went_on = batch.state
    client.post(cancel)

    assert "<html" not in part and "2 / 4 行" in part and "50 %" in part and 'value="2"' in part
    assert seen == [True, False]
    batch.refresh_from_db()
    assert (went_on, batch.state, Child.objects.count()) == (State.ADMITTING, State.ADMITTED, 2)
    assert ProcrastinateJob.objects.count() == 1


def test_rows_that_came_in_lead_to_their_files_for_who_may_see_them(signed_in):
    officer, approver = make.person("county_officer"), make.person("approver")
    batch = make.judged([make.line(), make.line()], by=officer)
    address = reverse("desk:import", args=[batch.pk]) + "?verdict=new"
    before = signed_in(approver).get(address).content.decode()
    admission.admit(by=approver, batch=batch, on=make.ON)
    after = signed_in(approver).get(address).content.decode()

    links = [reverse("desk:child", args=[number]) for number in Child.objects.values_list("file_number", flat=True)]
    assert len(links) == 2
    assert not any(link in before for link in links)
    assert all(link in after for link in links)


def test_a_page_that_waited_is_led_to_the_result(signed_in):
    officer = make.person("county_officer")
    batch = make.judged([make.line()], by=officer)
    address = reverse("desk:import", args=[batch.pk])
    answer = signed_in(officer).get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address)


def test_what_runs_is_found_again_under_import(signed_in):
    officer = make.person("county_officer")
    batch = make.received([make.line()], by=officer)
    make.judged([make.line()], by=officer)
    page = signed_in(officer).get(reverse("desk:imports")).content.decode()
    running = page[page.index('id="running"') : page.index("历次批次")]
    assert re.findall(r"/imports/(\d+)/", running) == [str(batch.pk)]


def test_who_stays_is_listed_before_and_after_a_withdrawal(signed_in):
    batch = make.admitted([make.line(), make.line()])
    touched = batch.rows.order_by("number").first().child
    Child.objects.filter(pk=touched.pk).update(revision=5)
    client = signed_in(make.person("county_officer"))
    address = reverse("desk:withdraw", args=[batch.pk])

    before = client.get(address).content.decode()
    after = client.post(address, follow=True).content.decode()

    for page in (before, after):
        assert reverse("desk:child", args=[touched.file_number]) in page
        assert touched.name in page
    assert list(Child.objects.all()) == [touched]


def test_pages_of_a_batch_ask_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    batch, client = changed_batch(30), signed_in(make.person("approver"))
    with django_assert_max_num_queries(24):
        page_of(client, batch, "?verdict=changed")
    admission.admit(by=make.person("approver"), batch=batch, on=make.ON, only=["changed"])
    Child.objects.update(revision=9)
    with django_assert_max_num_queries(18):
        client.get(reverse("desk:withdraw", args=[batch.pk]))


@pytest.mark.parametrize("name", ["choose_rows", "cancel_import", "admit", "withdraw"])
def test_the_neighbour_county_finds_no_batch(signed_in, name):
    batch = changed_batch()
    for role in ("approver", "county_officer"):
        client = signed_in(make.person(role, make.NEXT_COUNTY))
        assert client.post(reverse(f"desk:{name}", args=[batch.pk])).status_code == 404


def test_a_row_that_may_be_a_registered_child_is_shown_beside_it_and_decided(signed_in):
    known, officer = make.child(name="柳静怡", sex="2"), make.person("county_officer")
    said = make.line(name="柳静怡", guardian_name="白桂芳", no_id_reason="户口待办", id_number=None)
    batch = make.judged([said, make.line()], by=officer)
    client, address = signed_in(officer), reverse("desk:import", args=[batch.pk])

    page = client.get(address, {"verdict": "possible"}).content.decode()
    assert known.file_number in page and "白桂芳" in page and "柳桂兰" in page
    told = client.post(reverse("desk:say_who", args=[batch.pk]), {"row": "2", "answer": "another"}, follow=True)
    assert 'name="answer"' not in told.content.decode()
    assert batch.rows.get(number=2).verdict == "new"
    again = client.post(reverse("desk:say_who", args=[batch.pk]), {"row": "2", "answer": "same"}, follow=True)
    assert again.status_code == 200 and batch.rows.get(number=2).verdict == "new"
