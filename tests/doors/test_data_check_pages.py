"""Checks with other departments by page: out, in again, by hand, each as its own people see them."""

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from hutong.accounts.models import SignIn
from hutong.allowances.enquiries import enquiries
from hutong.allowances.models import DataBatch, DataCheck
from hutong.desk.return_words import SENTENCES, sentence
from hutong.gateways.exchange.locking import unlock
from hutong.kit.workbooks.book import read_book
from hutong.registry.models import Parent
from tests.applications import DECIDED, Office
from tests.data_checks import ANSWERED, accepted, answered, asked, contradicted, findable, registers, returned
from tests.factories import NEXT_COUNTY, TOWNSHIP, person
from tests.facts import SINCE
from tests.gateways.clerk import closed, opened, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
INDEX, LIST_CEILING = "/data-checks/", 26
GATEWAY = Path(__file__).resolve().parents[2] / "hutong" / "gateways" / "exchange"


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """It is the day of the answers, and everybody reads English."""
    settings.TODAY = ANSWERED
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture
def officer():
    return person("county_officer", name="尹经办")


@pytest.fixture
def application():
    return accepted()


@pytest.fixture
def batch(application, officer):
    return asked(application, by=officer)


def read(client, address, **said):
    answer = client.post(address, said, follow=True) if said else client.get(address)
    return answer.content.decode()


def page_of(batch, *, name="data_batch", **more):
    return reverse(f"desk:{name}", kwargs={"number": batch.pk} | more)


def sent(client, batch, content):
    file = SimpleUploadedFile("returned.xlsx", content)
    return client.post(page_of(batch, name="take_data_return"), {"file": file})


def by_hand(application, source="police", asks="dead"):
    found = enquiries([application], on=ANSWERED)
    handle = next(one.handle for one in found if (one.enquiry.source, one.enquiry.claim.fact.kind) == (source, asks))
    return reverse("desk:check_by_hand", args=[application.pk, handle])


def panel(client, application):
    page = read(client, reverse("desk:application", args=[application.pk]))
    return page.partition("Checks with other departments")[2].partition("What the law answers")[0]


def test_an_officer_makes_a_batch_sends_it_and_reads_it_back(application, officer, signed_in):
    client = signed_in(officer)
    assert "wait to be asked: 10; applications they are about: 1" in read(client, INDEX)

    answer = client.post(INDEX)

    batch = DataBatch.objects.get()
    assert answer.url == page_of(batch)
    page = read(client, page_of(batch))
    assert batch.password.open() in page
    assert "by telephone" in page
    assert "Police: population" in page
    assert "Everything that can be asked has been asked" in read(client, INDEX)

    fetched = client.get(page_of(batch, name="fetch_data_batch", source="police"))
    assert "no-store" in fetched["Cache-Control"]
    assert batch.number in fetched["Content-Disposition"]
    assert "公安" in read_names(fetched.content, batch)

    back = sent(client, batch, returned(batch, registers(application), by=officer)).content.decode()
    assert "2 answers recorded" in back
    assert "2 of 10 answered" in read(client, page_of(batch))
    again = sent(client, batch, returned(batch, registers(application), by=officer)).content.decode()
    assert "2 answers were recorded before. Nothing has changed." in again


def read_names(content, batch):
    book = read_book(unlock(content, batch.password.open()), name="police.xlsx")
    return "".join(str(cell) for row in book.page(0).cells for cell in row)


def test_the_password_stands_on_the_page_of_the_batch_alone(application, officer, batch, signed_in):
    client = signed_in(officer)
    pages = [
        read(client, INDEX),
        read(client, reverse("desk:application", args=[application.pk])),
        sent(client, batch, b"x").content.decode(),
    ]
    assert not [page for page in pages if batch.password.open() in page]


def test_who_has_not_just_proved_who_they_are_neither_fetches_nor_reads_the_password(officer, batch, signed_in):
    client = signed_in(officer)
    SignIn.objects.update(proved_at=datetime(2024, 1, 1, tzinfo=UTC))
    for address in (page_of(batch), page_of(batch, name="fetch_data_batch", source="police")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("desk:prove"))


def test_what_is_wrong_is_said_by_sheet_row_and_column(application, officer, batch, signed_in):
    password = batch.password.open()
    book = opened(returned(batch, registers(application), by=officer), password)
    put(book["生存状况"], batch.checks.get(source="police", asks="dead").number, name="柳某")

    page = sent(signed_in(officer), batch, closed(book, password)).content.decode()

    assert "1 answer recorded" in page
    assert "生存状况" in page
    assert re.search(r"Row \d", page)
    assert "姓名" in page
    assert "Put back the name that was given out" in page
    assert "1 question of this register still waits" in page


def test_a_file_that_is_not_read_says_why(application, officer, batch, signed_in):
    client, other = signed_in(officer), asked(accepted(), by=officer)
    content = returned(other, registers(application), by=officer)

    wrong = sent(client, batch, content)
    assert wrong.status_code == 422
    assert "The password does not fit" in wrong.content.decode()
    nothing = client.post(page_of(batch, name="take_data_return"))
    assert nothing.status_code == 422
    assert "Choose the workbook that came back" in nothing.content.decode()
    assert client.get(page_of(batch, name="take_data_return")).status_code == 302
    assert not DataCheck.objects.exclude(verdict="").exists()


def test_every_code_of_the_exchange_has_its_sentence():
    text = "".join(file.read_text() for file in GATEWAY.glob("*.py"))
    refused = set(re.findall(r'RefusedReturn\("(\w+)"', text))
    problems = set(re.findall(r'Problem\("(\w+)"', text)) - {"files_differ"}
    assert (refused | problems) <= SENTENCES.keys()
    said = dict.fromkeys(("choices", "rows", "batch", "found"), "…")
    assert all(sentence(code, said) for code in SENTENCES)
    assert "workbook that was given out" in sentence("never_heard_of", {})


def test_the_panel_says_of_each_enquiry_how_far_it_is(application, officer, signed_in, settings):
    client = signed_in(officer)
    before = panel(client, application)
    assert before.count("not asked") == 10

    batch = asked(application, by=officer)
    assert "answer wanted by 20 June 2026" in panel(client, application)
    settings.TODAY = DECIDED.replace(day=22)
    assert "answer overdue" in panel(client, application)

    settings.TODAY = ANSWERED
    fake = registers(application, died_on=SINCE.replace(day=2))
    fake.down.add("prison")
    answered(batch, fake, by=officer)
    shown = panel(client, application)
    assert shown.index("Contradicts") < shown.index("Consistent")
    assert "死亡日期，申报为2024年1月1日，查询为2024年1月2日" in shown
    assert "No pass: look at it by other means." in shown
    assert "it is asked again with the next batch" in shown
    names = [*Parent.objects.values_list("name", flat=True), application.file.name]
    assert not [name for name in names if name in shown]


def test_who_sees_no_sensitive_facts_sees_no_panel(application, officer, signed_in):
    contradicted(application, by=officer)
    director = signed_in(person("village_director", application.division_code))
    page = read(director, reverse("desk:application", args=[application.pk]))
    assert "Checks with other departments" not in page
    assert director.get(by_hand(application)).status_code == 404


def test_a_supervisor_records_what_was_looked_up(application, signed_in):
    client = signed_in(person("township_supervisor", TOWNSHIP))
    said = {"answered_by": "派出所 王清", "words": "窗口查询"}

    wrong = client.post(by_hand(application), {"outcome": "found", "value_dead": "1", "value_died_on": SINCE, **said})
    assert wrong.status_code == 422
    assert "Check which of them is right" in wrong.content.decode()
    assert client.post(by_hand(application), {"outcome": "not_found"}).status_code == 422

    done = client.post(by_hand(application), {"outcome": "found", "value_dead": "0", "value_died_on": SINCE, **said})
    assert done.status_code == 302
    check = DataCheck.objects.get()
    assert (check.verdict, check.way, check.words.open()) == ("consistent", "manual", "窗口查询")
    assert json.loads(check.values.open()) == {"dead": True, "died_on": SINCE.isoformat()}
    assert "looked up by hand" in panel(client, application)


def test_every_topic_has_its_form(application, officer, signed_in):
    client = signed_in(officer)
    for one in enquiries([application], on=ANSWERED):
        assert client.get(reverse("desk:check_by_hand", args=[application.pk, one.handle])).status_code == 200
    assert client.get(reverse("desk:check_by_hand", args=[application.pk, "0" * 16])).status_code == 404


def test_who_no_register_can_find_is_named_by_role(officer, signed_in):
    whose = findable()
    Parent.objects.filter(child=whose, role="mother").update(id_number=None, id_index=None)
    application = accepted(whose)
    client = signed_in(officer)

    page = read(client, INDEX)
    assert "Without an ID number" in page
    assert application.number in page
    assert "尹素云" not in page
    assert "No ID number in the file" in panel(client, application)
    assert "1 question could not be asked" in client.post(INDEX, follow=True).content.decode()


def test_where_nothing_waits_no_batch_is_made(officer, signed_in):
    client = signed_in(officer)
    assert "There is nothing to ask" in client.post(INDEX, follow=True).content.decode()
    assert "Nobody has been asked yet" in read(client, INDEX)


def test_a_contradiction_stands_on_the_page_of_the_step(application, officer, signed_in):
    contradicted(application, by=officer)
    office = Office()
    application.refresh_from_db()
    page = read(signed_in(office.checker), reverse("desk:take_step", args=[application.pk, "check"]))
    assert "answer contradicts the file" in page
    assert "死亡日期" in page


def test_an_answer_to_what_the_file_said_before_stays_in_sight(application, officer, signed_in):
    contradicted(application, by=officer)
    Parent.objects.get(role="father").circumstances.update(from_on=SINCE.replace(day=5))
    shown = panel(signed_in(officer), application)
    assert "An earlier answer." in shown
    assert "Contradicts" in shown


def test_only_the_county_officer_has_the_pages(batch, signed_in, officer):
    for who in (person("township_supervisor", TOWNSHIP), person("approver"), person("village_director")):
        client = signed_in(who)
        assert client.get(INDEX).status_code == 404
        assert client.get(page_of(batch)).status_code == 404
    stranger = signed_in(person("county_officer", NEXT_COUNTY))
    for name, more in (("data_batch", {}), ("fetch_data_batch", {"source": "police"}), ("take_data_return", {})):
        assert stranger.get(page_of(batch, name=name, **more)).status_code == 404
    mine = signed_in(officer)
    for source in ("education", "gossip"):
        assert mine.get(page_of(batch, name="fetch_data_batch", source=source)).status_code == 404
    assert "Data checks" in read(mine, "/")


def test_the_list_asks_as_often_for_many_as_for_one(officer, signed_in, django_assert_max_num_queries):
    for _at in range(4):
        asked(accepted(), by=officer)
        accepted()
    client = signed_in(officer)
    with django_assert_max_num_queries(LIST_CEILING):
        assert client.get(INDEX).status_code == 200


def test_the_workbook_names_the_office_and_whoever_asks(batch, officer, signed_in):
    fetched = signed_in(officer).get(page_of(batch, name="fetch_data_batch", source="prison"))
    said = read_names(BytesIO(fetched.content).getvalue(), batch)
    assert "民政局" in said
    assert "尹经办" in said
