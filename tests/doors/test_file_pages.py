"""The tabs of a child's file: what each role sees, what it asks of the database, and what no address can break."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.clock import today
from hutong.registry.actions.opening import open_with_purpose
from tests import factories as make
from tests import facts
from tests.doors.family import HEALTH, NOTE, SECRET, family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]

# Queries of each tab, asked by whoever sees the most of a file with many rows of every noun.
CEILINGS = {
    "child": 45,
    "family": 34,
    "life": 30,
    "standing": 24,
    "changes": 21,
    "looks_at_child": 27,
    "papers": 27,
    "visits": 30,
}
TABS = list(CEILINGS)
HUGE = "99999999999999999999"
ROLES = {
    "supervisor": ("township_supervisor", make.TOWNSHIP),
    "officer": ("county_officer", make.COUNTY),
    "approver": ("approver", make.COUNTY),
    "director": ("village_director", make.VILLAGE),
    "institution": ("institution_staff", make.COUNTY),
    "overseer": ("region_officer", make.PROVINCE),
}


def somebody(who: str, child):
    """Somebody who may open this child: by posting, by a grant, or for a purpose."""
    role, prefix = ROLES[who]
    person = make.person(role, prefix)
    if who == "institution":
        make.grant(person, child.file_number)
    if who == "overseer":
        open_with_purpose(by=person, file_number=child.file_number, purpose="信访核查", on=today())
    return person


def address(name: str, child, *more) -> str:
    return reverse(f"desk:{name}", args=[child.file_number, *more])


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("tab", TABS)
def test_a_tab_shows_no_closed_value_before_it_is_asked_for(signed_in, who, tab):
    known = family()
    answer = signed_in(somebody(who, known.child)).get(address(tab, known.child))

    if tab == "looks_at_child" and who not in ("officer", "approver"):
        assert answer.status_code == 404
        return
    page = answer.content.decode()
    assert answer.status_code == 200 and known.child.name in page
    assert [value for value in known.closed if value in page] == []
    assert known.child.name not in re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_asks_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries, tab):
    known = family()
    for year in range(2016, 2022):
        span = {"from_on": date(year, 1, 1), "until_on": date(year, 12, 31)}
        facts.study(known.child, **span)
        facts.circumstance(facts.parent(known.child, **span), note=NOTE, **span)
        facts.change(known.child, columns=["name"])
        facts.evidence(known.child)
    client = signed_in(make.person("county_officer"))
    client.get(address(tab, known.child))

    with django_assert_max_num_queries(CEILINGS[tab]):
        assert client.get(address(tab, known.child)).status_code == 200


@pytest.mark.parametrize("who", ["director", "institution", "overseer"])
def test_who_sees_nothing_sensitive_is_told_nothing_of_it(signed_in, who):
    known = family()
    facts.change(known.child, columns=["circumstance.note"], words="刑期已经说明")
    facts.change(known.child, columns=["health.until_on"], words="复查结果已经说明")
    facts.evidence(known.child, kind="court_judgment", note="判决书附注")
    client = signed_in(somebody(who, known.child))
    pages = [client.get(address(tab, known.child)).content.decode() for tab in TABS]
    told = re.sub(r"<option.*?</option>", "", "".join(pages))

    for words in (
        "服刑",
        "视力",
        "过敏",
        "刑期已经说明",
        "复查结果已经说明",
        "判决书附注",
        "circumstance-note",
        "health-words",
    ):
        assert words not in told
    assert "服刑" in signed_in(make.person("approver")).get(address("family", known.child)).content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_the_sealed_part_opens_for_people_named_alone(signed_in, who):
    known = family()
    client = signed_in(somebody(who, known.child))
    client.post(address("purpose", known.child), {"reason": "verify", "words": ""})

    answer = client.post(address("secret", known.child))
    page = client.get(address("standing", known.child)).content.decode()

    assert answer.status_code == (422 if who in ("officer", "approver") else 404)
    assert SECRET not in answer.content.decode() and SECRET not in page
    assert ("密封" in page) == (who in ("officer", "approver"))


def test_a_person_named_opens_the_sealed_part_for_a_purpose(signed_in):
    known, officer = family(), make.person("county_officer")
    client = signed_in(officer)
    sealed = {"basis": "hiv", "named": [], "reason": "个案负责人"}
    assert client.post(address("seal", known.child), sealed).url == address("standing", known.child)

    assert client.post(address("secret", known.child)).url.startswith(address("purpose", known.child))
    client.post(address("purpose", known.child), {"reason": "verify", "words": ""})
    opened = client.post(address("secret", known.child)).content.decode()

    assert SECRET in opened and HEALTH not in opened
    assert SECRET not in client.get(address("standing", known.child)).content.decode()
    assert client.get(address("secret", known.child)).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "record/nonsense/", "record/circumstance/?parent=x", f"record/circumstance/?parent={HUGE}",
        f"record/circumstance/?parent={'9' * 5000}", "facts/guardian/1/burn/", f"facts/guardian/{HUGE}/correct/",
        "facts/nonsense/1/correct/", f"facts/health/{'9' * 5000}/end/", f"categories/{HUGE}/end/",
        f"household/{HUGE}/end/", "household/join/64-0000-0000-0/", "household/join/%00/", "record/%00/",
        f"changes/{HUGE}/", f"papers/{HUGE}/", f"papers/{HUGE}/withdraw/", "reveal/child-id_number/-1/",
        "complete/nonsense/", "complete/%00/",
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_404(signed_in, path):
    child = make.child()
    client = signed_in(make.person("county_officer"))

    where = f"/children/{child.file_number}/{path}"
    for answer in (client.get(where), client.post(where)):
        assert answer.status_code == 404


@pytest.mark.parametrize("number", ["%00", "%00x", "x" * 500, "64-0031%2F", "..", "柳"])
@pytest.mark.parametrize("tab", ["", "family/", "alter/", "purpose/", "reveal/child-id_number/0/"])
def test_nonsense_for_a_file_number_is_404(signed_in, number, tab):
    client = signed_in(make.person("county_officer"))

    assert client.get(f"/children/{number}/{tab}").status_code == 404
    assert client.post(f"/children/{number}/{tab}").status_code == 404


@pytest.mark.parametrize("page", [HUGE, "x", "-1", "\0", "9" * 5000])
def test_nonsense_for_a_page_is_a_page(signed_in, page):
    child = make.child()
    client = signed_in(make.person("county_officer"))

    for where in (address("looks_at_child", child), reverse("desk:moves"), reverse("desk:children")):
        assert client.get(where, {"page": page}).status_code == 200


def test_a_form_is_shown_by_its_days_and_its_own_words_are_closed(signed_in):
    known = family()
    for code, answer in (("schooling", "primary"), ("income", "wages、farming"), ("illness", "先天性心脏病")):
        facts.observation(known.child, code, answer)
    officer, director = (signed_in(somebody(who, known.child)) for who in ("officer", "director"))
    shown = officer.get(address("life", known.child)).content.decode()
    hidden = director.get(address("life", known.child)).content.decode()

    assert "2024年1月1日" in shown and "小学" in shown and "务工、务农" in shown
    assert "先天性心脏病" not in shown and "患病病种" in shown
    assert "小学" in hidden and "务农" not in hidden and "患病病种" not in hidden


def test_the_words_of_a_form_are_shown_for_a_purpose(signed_in):
    known = family()
    said = facts.observation(known.child, "illness", "先天性心脏病")
    asked = address("reveal", known.child, "observation-answer", said.pk)
    officer, director = (somebody(who, known.child) for who in ("officer", "director"))
    assert "先天性心脏病" not in signed_in(officer).post(asked).content.decode()
    for person in (officer, director):
        state_purpose(
            by=person,
            scope_kind="child",
            scope_key=known.child.file_number,
            division_code=known.child.responsible_code,
            reason="visit",
            on=today(),
            at=timezone.now(),
        )
    assert "先天性心脏病" in signed_in(officer).post(asked).content.decode()
    assert signed_in(director).post(asked).status_code == 404


def test_a_file_without_a_form_has_no_card_of_it(signed_in):
    known = family()
    page = signed_in(somebody("officer", known.child)).get(address("life", known.child)).content.decode()
    assert "就学情况" not in page
