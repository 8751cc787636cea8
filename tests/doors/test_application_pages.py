"""Applications by page: the list, one application, its items and its steps, each as its own people see them."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from hutong.accounts.documents import documents_about
from hutong.accounts.models import TrailEntry
from hutong.allowances.actions import applying
from hutong.allowances.cases import case_of
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.application import State, Step
from hutong.allowances.queries import steps_for
from tests.applications import ACCEPTED, CHECKED, DECIDED, Office, in_state, unattended
from tests.factories import NEXT_COUNTY, child, person
from tests.facts import circumstance, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LIST_CEILING, PAGE_CEILING = 24, 45
LIST = "/applications/"


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """It is the day of the decision, and everybody reads English."""
    settings.TODAY = DECIDED
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture
def office():
    made = Office()
    assert made.director.pk
    assert made.acceptor.pk
    assert made.checker.pk
    assert made.approver.pk
    return made


def page_of(application, step=""):
    if step:
        return reverse("desk:take_step", args=[application.pk, step])
    return reverse("desk:application", args=[application.pk])


def read(client, address, **said):
    answer = client.post(address, said, follow=True) if said else client.get(address)
    return answer.content.decode()


def now(application):
    return Application.objects.get(pk=application.pk)


def test_five_people_take_an_application_from_intake_to_decision(office, signed_in):
    whose = unattended()
    begin = reverse("desk:apply", args=[whose.file_number])
    director, acceptor, checker, approver = map(
        signed_in, (office.director, office.acceptor, office.checker, office.approver)
    )
    assert 'value="柳桂兰"' in read(director, begin)
    said = {"category": "de_facto", "kind": "guardian", "name": "柳桂兰", "relation": "62"}
    director.post(begin, said)
    application = Application.objects.get()
    assert (application.applicant_name, application.applicant_relation) == ("柳桂兰", "62")

    director.post(page_of(application, "submit"))
    acceptor.post(page_of(application, "accept"))
    for item in case_of(now(application), on=DECIDED).items:
        checker.post(reverse("desk:look_at_item", args=[application.pk]), {"item": item.key, "verdict": "fits"})
    checker.post(page_of(application, "check"), {"opinion": "agrees"})
    page = read(approver, page_of(application, "confirm"))
    mark = page[page.index('name="mark" value="') + 19 :][:64]
    assert read(approver, page_of(application, "confirm"), mark=mark).count("Confirmed")

    assert now(application).state == State.CONFIRMED
    assert Decision.objects.get().from_month.isoformat() == "2026-07-01"
    assert TrailEntry.objects.filter(act="application_confirm").count() == 1


def test_the_law_its_sources_and_the_counted_days_stand_on_the_page(office, signed_in):
    application = office.accepted()

    page = read(signed_in(office.checker), page_of(application))
    assert "The law recognises: De facto unattended" in page
    assert "民发〔2019〕62号" in page
    assert "5 of 5 working days" in page
    assert "weekend" in page
    assert "Death certificate" in page


def test_the_village_sees_how_far_it_is_and_not_why(office, signed_in):
    whose = child(holdings=())
    circumstance(parent(whose, "father"), "imprisoned", until_on="2030-01-01")
    application = office.submitted(whose)

    page = read(signed_in(office.director), page_of(application))
    assert "papers are still missing" in page
    assert not [word for word in ("prison", "Imprisoned", "Court", "The law", "柳素云") if word in page]


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_page_for_everybody(state, office, signed_in):
    application = in_state(state)

    for who in (office.director, office.checker, office.approver):
        client = signed_in(who)
        assert client.get(page_of(application)).status_code == 200
        offered = steps_for(who, application, on=DECIDED)
        for step in Step:
            assert client.get(page_of(application, step)).status_code == (200 if step in offered else 302)


def test_a_neighbour_county_gets_404(signed_in):
    application = in_state(State.CHECKED)
    client = signed_in(person("approver", NEXT_COUNTY))

    assert client.get(page_of(application)).status_code == 404
    assert client.get(page_of(application, "confirm")).status_code == 404
    assert client.post(page_of(application, "confirm"), {"mark": "x"}).status_code == 404
    assert now(application).state == State.CHECKED


def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(office, signed_in):
    application = office.accepted()
    client = signed_in(office.checker)

    answer = client.post(page_of(application, "check"), {"opinion": "agrees", "words": "已电话核实"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4 items are not done" in page
    assert "已电话核实" in page
    answer = client.post(page_of(application, "refuse"), {"ground": "untrue", "words": "不符"})
    assert "You have no right to this here" in answer.content.decode()
    assert client.get(page_of(application, "jump")).status_code == 404
    assert client.get(page_of(application, "confirm")).status_code == 302


def test_a_doubt_is_recorded_and_one_without_words_is_asked_for(office, signed_in):
    application = office.accepted()
    client, address = signed_in(office.checker), reverse("desk:look_at_item", args=[application.pk])
    item = case_of(application, on=DECIDED).items[2].key

    answer = client.post(address, {"item": item, "verdict": "doubtful"})
    assert answer.status_code == 422
    assert "in a few words" in answer.content.decode()
    page = read(client, address, item=item, verdict="doubtful", words="日期对不上")
    assert "日期对不上" in page
    assert client.get(address).status_code == 302


def test_a_late_step_asks_why(office, signed_in, settings):
    application = office.looked(office.accepted())
    settings.TODAY = DECIDED.replace(day=23)
    client = signed_in(office.checker)

    assert 'name="late_reason"' in read(client, page_of(application, "check"))
    assert "took longer" in read(client, page_of(application, "check"), opinion="agrees")
    read(client, page_of(application, "check"), opinion="agrees", late_reason="村路中断")
    assert now(application).state == State.CHECKED


def test_a_case_that_changed_meanwhile_is_shown_again(office, signed_in):
    application = office.checked()
    client = signed_in(office.approver)
    stale = case_of(application, on=DECIDED).mark
    circumstance(application.child.parent_set.get(role="mother"), "out_of_contact")

    page = read(client, page_of(application, "confirm"), mark=stale)
    assert "has changed since you opened it" in page
    assert now(application).state == State.CHECKED


def test_the_lists(office, signed_in):
    first, second = office.accepted(), office.checked()
    client = signed_in(office.checker)

    page = read(client, LIST)
    assert first.child.name in page
    assert second.child.name not in page
    assert second.child.name in read(client, f"{LIST}?list=open")
    assert "No application is behind" in read(client, f"{LIST}?list=late")
    assert "No application here" in read(client, f"{LIST}?list=ended")
    assert first.child.name in read(client, f"{LIST}?list=nonsense&page=99")
    assert "No application waits for you" in read(signed_in(person("county_officer")), LIST)


def test_a_task_leads_to_its_application_and_counts_working_days(office, signed_in, settings):
    application = office.accepted()
    settings.TODAY = CHECKED

    page = read(signed_in(office.checker), "/")
    assert f'href="{page_of(application)}"' in page
    assert application.child.name in page
    assert "3 working days left" in page


def test_lists_and_pages_keep_their_ceilings(office, signed_in, django_assert_max_num_queries):
    made = [office.accepted() for _ in range(6)]
    client = signed_in(office.checker)
    for address, ceiling in ((f"{LIST}?list=open", LIST_CEILING), (page_of(made[0]), PAGE_CEILING)):
        client.get(address)
        with django_assert_max_num_queries(ceiling):
            client.get(address)


def test_at_intake_what_is_wrong_is_said(office, signed_in):
    whose = unattended()
    client, address = signed_in(office.director), reverse("desk:apply", args=[whose.file_number])

    assert "This field is required" in read(client, address, category="de_facto", kind="guardian", name="")
    office.begun(whose)
    page = read(client, address, category="de_facto", kind="guardian", name="柳桂兰")
    assert "open application for this child already" in page
    assert Application.objects.count() == 1


def test_letters_are_fetched_by_those_who_see_sensitive_facts(office, signed_in):
    application = office.refused()
    issued = documents_about("application", str(application.pk)).get()
    address = reverse("desk:fetch_document", args=[application.pk, issued.pk])

    assert address in read(signed_in(office.checker), page_of(application))
    answer = signed_in(office.checker).get(address)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert address not in read(signed_in(office.director), page_of(application))
    assert signed_in(office.director).get(address).status_code == 404
    assert signed_in(person("approver", NEXT_COUNTY)).get(address).status_code == 404
    other = reverse("desk:fetch_document", args=[office.refused().pk, issued.pk])
    assert signed_in(office.checker).get(other).status_code == 404


def test_the_childs_page_names_its_open_application(office, signed_in):
    made = office.accepted()
    client, address = signed_in(office.checker), reverse("desk:child", args=[made.file.file_number])
    assert page_of(made) in client.get(address).content.decode()
    applying.withdraw(by=office.director, application=made, words="父亲已返家", on=ACCEPTED)
    assert page_of(made) not in client.get(address).content.decode()
