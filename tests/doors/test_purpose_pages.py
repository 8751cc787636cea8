"""Closed values by page: a purpose is asked for, once in fifteen minutes, and every value shown is in the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.models import Purpose, TrailEntry
from hutong.registry.models import Study
from tests import factories as make
from tests.doors.family import ADDRESS, CARD, HEALTH, MOTHERS_PHONE, NOTE, PHONE, family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
HTMX = {"HX-Request": "true"}
WORDS = "核对银行退款名单"


def address(name: str, child, *more) -> str:
    return reverse(f"desk:{name}", args=[child.file_number, *more])


def shown_values(known) -> dict[tuple[str, int], str]:
    """Every closed value of the family by where it is shown."""
    guardian = known.child.guardians.get()
    return {
        ("child-id_number", 0): known.child.id_number.open(),
        ("child-address", 0): ADDRESS,
        ("guardian-phone", guardian.pk): PHONE,
        ("parent-id_number", known.mother.pk): known.mother.id_number.open(),
        ("parent-phone", known.mother.pk): MOTHERS_PHONE,
        ("circumstance-certificate", known.disability.pk): known.disability.certificate.open(),
        ("circumstance-note", known.prison.pk): NOTE,
        ("health-words", known.health.pk): HEALTH,
        ("payee-card", 0): CARD,
    }


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "without JavaScript"])
def test_a_purpose_is_asked_for_once_and_every_value_is_trailed(signed_in, headers):
    known = family()
    values = shown_values(known)
    client = signed_in(make.person("township_supervisor", make.TOWNSHIP))
    (first, number), *_more = values

    asked = client.post(address("reveal", known.child, first, number), headers=headers).content.decode()
    said = {"reason": "other", "words": WORDS, "value": first, "number": number, "next": ""}
    shown = client.post(address("purpose", known.child), said, headers=headers)

    assert 'name="reason"' in asked and values[first, number] not in asked
    assert ("<html" in asked) == (not headers)
    assert values[first, number] in shown.content.decode()
    for (value, number), opened in values.items():
        page = client.post(address("reveal", known.child, value, number), headers=headers).content.decode()
        assert opened in page and ("<html" in page) == (not headers)
        assert f"<title>{opened}" not in page
    fields = [said["field"] for said in TrailEntry.objects.filter(act="reveal").values_list("details", flat=True)]
    assert sorted(fields) == sorted([first, *(value for value, _number in values)])
    assert Purpose.objects.count() == TrailEntry.objects.filter(act="state_purpose").count() == 1
    assert WORDS not in str(list(TrailEntry.objects.values_list("details", flat=True)))


def test_after_fifteen_minutes_it_is_asked_for_again(signed_in):
    child = make.child()
    client = signed_in(make.person("county_officer"))
    reveal = address("reveal", child, "child-id_number", 0)
    client.post(address("purpose", child), {"reason": "verify", "words": ""})
    assert child.id_number.open() in client.post(reveal).content.decode()

    before = timezone.now() - timedelta(minutes=15, seconds=1)
    Purpose.objects.update(opened_at=before, expires_at=before + timedelta(minutes=15))

    assert child.id_number.open() not in client.post(reveal).content.decode()


def test_a_purpose_covers_one_child_and_one_person(signed_in):
    first, second = make.child(), make.child()
    client, other = signed_in(make.person("county_officer")), signed_in(make.person("county_officer"))
    client.post(address("purpose", first), {"reason": "verify", "words": ""})

    for who, child in ((client, second), (other, first)):
        page = who.post(address("reveal", child, "child-id_number", 0)).content.decode()
        assert child.id_number.open() not in page


@pytest.mark.parametrize("said", [{}, {"reason": "x"}, {"reason": "other", "words": "看看"}])
def test_a_purpose_that_says_nothing_is_refused_and_stays_typed(signed_in, said):
    child = make.child()
    client = signed_in(make.person("county_officer"))

    answer = client.post(address("purpose", child), {"value": "child-id_number", "number": "0", "next": ""} | said)

    assert answer.status_code == 422 and said.get("words", "") in answer.content.decode()
    assert 'value="child-id_number"' in answer.content.decode() and not Purpose.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example", "https://evil.example/", "javascript:alert(1)", "///evil.example", "/\\evil.example",
        "\\\\evil.example", "http:///evil.example", " //evil.example", "\t//evil.example", "data:text/html,x",
        "/\t/evil.example",
    ],
)  # fmt: skip
def test_the_next_page_is_one_of_ours(signed_in, elsewhere):
    child = make.child()
    client = signed_in(make.person("county_officer"))

    answer = client.post(address("purpose", child), {"reason": "verify", "words": "", "next": elsewhere})

    assert answer.url == address("child", child)


def test_the_next_page_that_is_ours_is_gone_to(signed_in):
    child = make.child()
    client = signed_in(make.person("county_officer"))
    page = client.get(address("purpose", child), {"next": address("alter", child)}).content.decode()

    answer = client.post(address("purpose", child), {"reason": "verify", "words": "", "next": address("alter", child)})

    assert f'value="{address("alter", child)}"' in page and answer.url == address("alter", child)


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000, "-1", "x", "\0", "٣"])
@pytest.mark.parametrize("value", ["health-words", "child-name", "x", "child-\0"])
def test_what_is_not_there_cannot_be_shown(signed_in, value, number):
    child = make.child()
    client = signed_in(make.person("county_officer"))
    said = {"reason": "verify", "words": "", "value": value, "number": number}

    assert client.post(address("purpose", child), said).status_code == 404
    assert client.post(address("reveal", child, "health-words", 1)).status_code == 404
    assert not TrailEntry.objects.filter(act="reveal").exists()


@pytest.mark.parametrize("form", ["alter", "guardian", "parent", "disability", "prison", "health"])
def test_a_form_that_shows_closed_values_asks_for_a_purpose_first(signed_in, form):
    known = family()
    where, values = {
        "alter": (address("alter", known.child), [known.child.id_number.open(), ADDRESS]),
        "guardian": (address("fact", known.child, "guardian", known.child.guardians.get().pk, "correct"), [PHONE]),
        "parent": (address("fact", known.child, "parent", known.mother.pk, "correct"), [MOTHERS_PHONE]),
        "disability": (
            address("fact", known.child, "circumstance", known.disability.pk, "correct"),
            [known.disability.certificate.open()],
        ),
        "prison": (address("fact", known.child, "circumstance", known.prison.pk, "correct"), [NOTE]),
        "health": (address("fact", known.child, "health", known.health.pk, "correct"), [HEALTH]),
    }[form]
    client = signed_in(make.person("county_officer"))

    asked = client.get(where)
    said = client.post(address("purpose", known.child), {"reason": "verify", "words": "", "next": where})
    page = client.get(said.url).content.decode()

    assert asked.url == f"{address('purpose', known.child)}?next={where}" and said.url == where
    assert all(value in page for value in values)
    assert TrailEntry.objects.filter(act="reveal").count() >= len(values)


def test_a_form_without_closed_values_asks_nothing(signed_in):
    known = family()
    client = signed_in(make.person("county_officer"))
    study = Study.objects.get(child=known.child)

    for where in ("close", "move", "begin_holding", "set_payee"):
        assert client.get(address(where, known.child)).status_code == 200
    assert client.get(address("fact", known.child, "study", study.pk, "correct")).status_code == 200
    assert not TrailEntry.objects.filter(act="reveal").exists()
