"""The pages of visits: recording one, reading them, and what stays closed to whom."""

import pytest
from django.urls import reverse

from hutong.outreach.models import Visit
from tests import factories as make
from tests.around import statement, visit
from tests.facts import joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CEILING = 30
FORMS = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
SAID = FORMS | {
    "visited_on": "2025-05-30", "way": "in_person", "purpose": "routine", "child_seen": "on", "findings": "住处安全",
    "form-0-relation_to_child": "邻居", "form-0-name": "柳大山", "form-0-words": "奶奶照顾得好",
}  # fmt: skip
ROLES = {
    "director": ("village_director", make.VILLAGE), "supervisor": ("township_supervisor", make.TOWNSHIP),
    "officer": ("county_officer", make.COUNTY), "approver": ("approver", make.COUNTY),
}  # fmt: skip


def address(name: str, child, *more) -> str:
    return reverse(f"desk:{name}", args=[child.file_number, *more])


@pytest.mark.parametrize("who", ["director", "supervisor", "officer"])
def test_a_visit_is_recorded_and_stands_in_the_file_and_on_the_timeline(signed_in, who):
    child, client = make.child(), signed_in(make.person(*ROLES[who]))
    assert address("record_visit", child) in client.get(address("visits", child)).content.decode()
    assert client.get(address("record_visit", child)).status_code == 200
    assert client.post(address("record_visit", child), SAID).url == address("visits", child)

    made = Visit.objects.get()
    assert (made.findings.open(), made.statements.get().words.open()) == ("住处安全", "奶奶照顾得好")
    page = client.get(address("visits", child)).content.decode()
    assert "日常走访" in page and "入户走访" in page and "邻居" in page and "2025年5月30日" in page
    for closed in ("住处安全", "奶奶照顾得好", "柳大山"):
        assert closed not in page
    assert "日常走访" in client.get(address("child", child)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"visited_on": ""}, {"visited_on": "2999-01-01"}, {"visited_on": "2001-01-01"}, {"way": ""}, {"purpose": ""},
        {"way": "telephone"}, {"findings": ""}, {"form-0-words": ""}, {"form-0-relation_to_child": ""},
        {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "9999"},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_stays_typed_with_the_reason(signed_in, wrong):
    answer = signed_in(make.person("county_officer")).post(address("record_visit", make.child()), SAID | wrong)
    assert answer.status_code == 422 and not Visit.objects.exists()
    assert 'role="alert"' in answer.content.decode()


def test_who_records_none_is_offered_none(signed_in):
    child, client = make.child(), signed_in(make.person("approver"))
    assert address("record_visit", child) not in client.get(address("visits", child)).content.decode()
    assert client.get(address("record_visit", child)).status_code == 404
    closed = make.child(closed_on=make.ON, closed_reason="grown_up")
    officer = signed_in(make.person("county_officer"))
    assert address("record_visit", closed) not in officer.get(address("visits", closed)).content.decode()
    assert officer.post(address("record_visit", closed), SAID).status_code == 422


def test_what_was_found_opens_for_a_purpose_to_those_who_may(signed_in):
    director = make.person("village_director", make.VILLAGE)
    own = visit(by=director)
    other = visit(own.child)
    said = statement(own)
    people = {who: signed_in(director if who == "director" else make.person(*ROLES[who])) for who in ROLES}
    for client in people.values():
        client.post(address("purpose", own.child), {"reason": "visit", "words": ""})

    def shown(who, value, number):
        return people[who].post(address("reveal", own.child, value, number))

    for who in ROLES:
        assert "家中整洁" in shown(who, "visit-findings", own.pk).content.decode()
        assert "柳大山" in shown(who, "statement-name", said.pk).content.decode()
        assert shown(who, "visit-findings", other.pk).status_code == (404 if who == "director" else 200)
        page = people[who].get(address("visits", own.child)).content.decode()
        for number, is_open in ((own.pk, True), (other.pk, who != "director")):
            assert (address("reveal", own.child, "visit-findings", number) in page) == is_open
    assert shown("officer", "visit-by", own.pk).status_code == 404


def test_a_record_is_corrected_by_another_and_is_folded_away(signed_in):
    made, client = visit(), signed_in(make.person("county_officer"))
    child, where = made.child, f"{address('record_visit', made.child)}?corrects={made.pk}"
    assert where.replace("&", "&amp;") in client.get(address("visits", child)).content.decode()
    assert "家中整洁" not in client.get(where).content.decode()
    assert client.post(where, SAID).url == address("visits", child)

    assert made.corrections.get().visited_on.isoformat() == "2025-05-30"
    page = client.get(address("visits", child)).content.decode()
    assert "<details" in page.split("entries", 1)[1] and where not in page
    assert client.get(where).status_code == 404


@pytest.mark.parametrize("number", ["x", "0", "9" * 30, "\0"])
def test_nonsense_for_what_is_corrected_is_404(signed_in, number):
    client = signed_in(make.person("county_officer"))
    assert client.get(address("record_visit", make.child()), {"corrects": number}).status_code == 404


def test_a_visit_to_another_child_is_not_corrected_here(signed_in):
    made, client = visit(), signed_in(make.person("county_officer"))
    assert client.get(address("record_visit", make.child()), {"corrects": made.pk}).status_code == 404


def test_a_joined_file_shows_its_visits_and_offers_no_record(signed_in):
    leading, made = make.child(), visit()
    joined_to(leading, made.child)
    client = signed_in(make.person("county_officer"))
    assert made.child.file_number in client.get(address("visits", leading)).content.decode()
    own = client.get(address("visits", made.child)).content.decode()
    assert address("record_visit", made.child) not in own
    assert client.post(address("record_visit", made.child), SAID).status_code == 422


def test_many_visits_ask_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    child = make.child()
    for _ in range(8):
        statement(visit(child, corrects=visit(child)))
    client = signed_in(make.person("county_officer"))
    client.get(address("visits", child))
    with django_assert_max_num_queries(CEILING):
        assert client.get(address("visits", child)).status_code == 200
