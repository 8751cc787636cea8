"""Reviews by page: lists, one recognition, its steps, letters; reasons only for whoever sees sensitive facts."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from hutong.accounts.documents import documents_about
from hutong.allowances.actions import reviewing
from hutong.allowances.models import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.registry.models import CategoryHolding
from tests.applications import Office
from tests.factories import NEXT_COUNTY, VILLAGE_OF_NEXT_COUNTY, child, holding, person
from tests.recognitions import ON, SINCE, Reviewers, held, released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


@pytest.fixture(autouse=True)
def today(settings):
    settings.TODAY = ON


@pytest.fixture
def office():
    return Reviewers()


def told(answer, status=200):
    assert answer.status_code == status, answer.status_code
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]))
    return " ".join(text.split())


@pytest.fixture
def ask(signed_in, settings):
    """An answer to somebody, in English."""

    def ask(user, name, *arguments, typed=None, **filters):
        client = signed_in(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        address = reverse(f"desk:{name}", args=arguments)
        return client.get(address, filters) if typed is None else client.post(address, typed)

    return ask


def mark_in(answer):
    return re.search(r'name="mark" value="([0-9a-f]+)"', answer.content.decode()).group(1)


def names(office, ask, chosen, user=None):
    shown = told(ask(user or office.officer, "reviews", list=chosen))
    return {one.child.name for one in CategoryHolding.objects.select_related("child") if one.child.name in shown}


def test_each_list_shows_its_own(office, ask):
    due, overdue, changed = held(from_on=date(2025, 6, 20)), held(), released(from_on=date(2026, 1, 1))
    suspended, ended = (
        office.suspended(held(from_on=ON)).holding,
        office.ended(released(from_on=date(2026, 2, 1))).holding,
    )
    proposed = office.proposed(released(from_on=date(2026, 2, 1))).holding
    held(from_on=ON)
    reviewing.find_reviews_due(on=ON)

    lists = {"due": due, "overdue": overdue, "changed": changed, "suspended": suspended, "proposed": proposed}
    for chosen, of in (lists | {"ended": ended}).items():
        assert names(office, ask, chosen) == {of.child.name}, chosen
    assert names(office, ask, "due", office.supervisor) == {due.child.name}
    assert names(office, ask, "due", person("county_officer", NEXT_COUNTY)) == set()
    assert "9 days left" in told(ask(office.officer, "reviews"))
    assert "July 2026" in told(ask(office.officer, "reviews", list="suspended"))


def test_the_list_asks_few_questions(office, ask, django_assert_max_num_queries):
    for _at in range(24):
        held(from_on=SINCE)
    reviewing.find_reviews_due(on=ON)
    ask(office.officer, "reviews", list="overdue")
    with django_assert_max_num_queries(38):
        ask(office.officer, "reviews", list="overdue")


def test_who_has_no_part_in_it_sees_no_such_page(ask):
    of = held()
    for stranger in (person("village_director", of.child.responsible_code), person("payer")):
        assert ask(stranger, "reviews").status_code == 404
        assert ask(stranger, "review", of.pk).status_code == 404


def test_the_law_stands_beside_the_evidence(office, ask):
    of = released()
    shown = told(ask(office.officer, "review", of.pk))
    assert (
        "By the facts of the file it has ended A parent was released · 30 April 2026, not paid from May 2026" in shown
    )
    assert "The law does not recognise" in shown
    assert "paper there" in shown and "overdue" in shown


def test_of_what_was_never_shown_no_reason_is_given(office, ask):
    """Whose ground stands under seal looks like any child whose parents nobody has entered."""
    shown = [
        told(ask(office.officer, "review", holding(child(holdings=()), "orphan_kin", from_on=SINCE, **more).pk))
        for more in ({}, {"secret_basis": "hiv     "})
    ]
    for page in shown:
        assert "On what this standard rests stands under seal" in page
        assert "The law does not" not in page and "not met" not in page


def test_a_review_is_recorded(office, ask):
    of = held()
    form = ask(office.supervisor, "take_review_step", of.pk, "review")
    assert "conditions" in told(form) or told(form)
    typed = {"mark": mark_in(form), "finding": "continues"}
    assert ask(office.supervisor, "take_review_step", of.pk, "review", typed=typed).status_code == 302
    assert RecognitionReview.objects.get().by == office.supervisor
    assert "reviewed: it goes on" in told(ask(office.officer, "review", of.pk))


def test_what_was_typed_stays_with_why_it_cannot_be(office, ask):
    of = released()
    typed = {"mark": mark_in(ask(office.supervisor, "take_review_step", of.pk, "review")), "finding": "continues"}
    assert "Say in a few words why" in told(
        ask(office.supervisor, "take_review_step", of.pk, "review", typed=typed), 422
    )
    assert told(ask(office.supervisor, "take_review_step", of.pk, "review", typed={}), 422)


def test_a_review_that_ends_it_takes_over_what_the_law_found(office, ask):
    of = released()
    form = ask(office.supervisor, "take_review_step", of.pk, "review")
    assert 'value="2026-04-30"' in form.content.decode()
    typed = {"mark": mark_in(form), "finding": "ends", "ends_because": "released", "happened_on": "2026-04-30"}
    ask(office.supervisor, "take_review_step", of.pk, "review", typed=typed)
    assert RecognitionEnd.objects.get().from_month == date(2026, 5, 1)


def test_suspended_lifted_and_ended_by_two_people(office, ask):
    of = released()
    typed = {"suspended_because": "unclear", "words": "核实中"}
    ask(office.supervisor, "take_review_step", of.pk, "suspend", typed=typed)
    assert "suspended from July 2026" in told(ask(office.officer, "review", of.pk))

    form = ask(office.officer, "take_review_step", of.pk, "lift")
    typed = {"mark": mark_in(form), "again_from": "2026-07-01", "words": "已核实"}
    ask(office.officer, "take_review_step", of.pk, "lift", typed=typed)
    assert RecognitionSuspension.objects.get().lifted_by == office.officer

    form = ask(office.officer, "take_review_step", of.pk, "propose_end")
    typed = {"mark": mark_in(form), "ends_because": "released", "happened_on": "2026-04-30"}
    ask(office.officer, "take_review_step", of.pk, "propose_end", typed=typed)
    assert ask(office.officer, "take_review_step", of.pk, "confirm_end").status_code == 302

    form = ask(office.approver, "take_review_step", of.pk, "confirm_end")
    ask(office.approver, "take_review_step", of.pk, "confirm_end", typed={"mark": mark_in(form)})
    shown = told(ask(office.approver, "review", of.pk))
    assert "ended, not paid from May 2026" in shown and "confirmed the end" in shown
    letter = documents_about("recognition", str(of.pk)).first()
    answer = ask(office.approver, "fetch_review_document", of.pk, letter.pk)
    assert answer.content.startswith(b"%PDF")
    assert ask(office.approver, "fetch_review_document", of.pk, 0).status_code == 404


def test_a_rejected_end_says_why(office, ask):
    of = office.proposed().holding
    form = ask(office.approver, "take_review_step", of.pk, "reject_end")
    assert told(ask(office.approver, "take_review_step", of.pk, "reject_end", typed={"mark": mark_in(form)}), 422)
    ask(office.approver, "take_review_step", of.pk, "reject_end", typed={"mark": mark_in(form), "words": "仍在押"})
    assert "rejected the end" in told(ask(office.officer, "review", of.pk))


def test_another_state_than_the_one_looked_at_is_shown_again(office, ask):
    of = held()
    answer = ask(office.supervisor, "take_review_step", of.pk, "review", typed={"mark": "0", "finding": "continues"})
    assert answer.status_code == 302 and not RecognitionReview.objects.exists()


def test_there_is_no_other_step(office, ask):
    assert ask(office.officer, "take_review_step", held().pk, "forget").status_code == 404


def test_a_childs_page_says_how_its_recognition_stands(office, ask):
    of = office.suspended().holding
    shown = told(ask(office.officer, "child", of.child.file_number))
    assert "How the recognition stands" in shown and "suspended from July 2026" in shown
    assert "Something has changed and is being looked into" in shown
    director = told(ask(person("village_director", of.child.responsible_code), "child", of.child.file_number))
    assert "suspended from July 2026" in director and "looked into" not in director


def test_an_application_says_how_it_stands_now(office, ask):
    application = Office().confirmed()
    settings_day = told(ask(office.officer, "application", application.pk))
    assert "How the recognition stands" in settings_day


def test_today_names_the_child(office, ask):
    of = released(from_on=date(2026, 1, 1))
    assert office.supervisor
    reviewing.find_reviews_due(on=ON)
    shown = told(ask(office.supervisor, "today"))
    assert of.child.name in shown and "may not meet the conditions" in shown


def test_another_county_finds_nothing(ask):
    of = held(child(holdings=(), living_code=VILLAGE_OF_NEXT_COUNTY))
    assert ask(person("county_officer"), "review", of.pk).status_code == 404
