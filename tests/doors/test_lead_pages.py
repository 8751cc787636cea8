"""Lists and leads by page: taken, mended, looked into beside the file, closed; each as its own people see them."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from hutong.accounts.models import Task
from hutong.allowances.actions.finding import find_unapplied
from hutong.allowances.models import DepartmentList, Lead, LeadEnd
from hutong.desk.lead_lines import STATES
from hutong.desk.words import PLACES, TASKS, task_href
from hutong.gateways.exchange import layout
from hutong.gateways.exchange.list_writing import write_template
from hutong.gateways.exchange.locking import lock
from hutong.registry.models import Circumstance, Parent
from tests.factories import CITY, NEXT_COUNTY, PROVINCE, TOWNSHIP, VILLAGE, child, grant, id_number, person
from tests.facts import evidence
from tests.gateways.clerk import PASSWORD, saved
from tests.leads import MOTHER, TAKEN, TERM, alarming, closed, deaths, family, lead, number_of, prison, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LISTS, LEADS, CEILING = "/lists/", "/leads/", 32


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """It is the day of the list, and everybody reads English."""
    settings.TODAY = TAKEN
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture
def officer():
    return person("county_officer", name="尹经办")


@pytest.fixture
def supervisor():
    return person("township_supervisor", TOWNSHIP)


def page(client, address):
    return client.get(address).content.decode()


def of(whose, name="child_leads", **more):
    return reverse(f"desk:{name}", kwargs={"file_number": whose.file_number} | more)


def workbook(*rows, source="prison", sheet="服刑情况"):
    book = openpyxl.load_workbook(BytesIO(write_template(source)))
    book[layout.COVER]["B3"], book[layout.COVER]["B4"] = "某监狱 王清", TAKEN.isoformat()
    for row in rows:
        book[sheet].append(list(row))
    return saved(book)


def sent(client, content, **more):
    return client.post(LISTS, {"file": SimpleUploadedFile("名单.xlsx", content), **more}, follow=True)


def test_a_list_is_taken_and_says_what_became_of_its_rows(signed_in, officer):
    whose = family()
    content = workbook(
        (number_of(whose), MOTHER, "2026-04-01", "2030-03-31"),
        (id_number(at=31), "无名氏", "2026-04-01", ""),
        ("123", "钱错", "2026-04-01", ""),
        (id_number(at=32), "钱早", "2026-04-01", "2026-03-01"),
    )
    client = signed_in(officer)
    said = sent(client, content).content.decode()
    one = DepartmentList.objects.get()
    assert "The list is taken." in said
    for words in (
        "某监狱 王清",
        "An ID number has 18 characters",
        "The last day lies before the first",
        "Row 4",
        "Row 5",
    ):
        assert words in said
    assert not {"无名氏", "钱错", "钱早", MOTHER} & {
        word for word in ("无名氏", "钱错", "钱早", MOTHER) if word in said
    }
    assert f"{LEADS}?how=open&amp;list={one.pk}" in said
    assert whose.name in page(client, f"{LEADS}?how=open&list={one.pk}")
    assert "taken before" in sent(client, content).content.decode()
    assert "Prisons" in page(client, LISTS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"x", "not an .xlsx workbook"),
        (write_template("prison"), "no row in this workbook"),
    ],
)
def test_what_is_no_list_is_said(signed_in, officer, content, words):
    answer = sent(signed_in(officer), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DepartmentList.objects.exists()


def test_a_locked_list_wants_its_password(signed_in, officer):
    client = signed_in(officer)
    locked = lock(workbook((number_of(family()), MOTHER, "2026-04-01", "")), PASSWORD)
    assert "does not open the workbook" in sent(client, locked).content.decode()
    assert "The list is taken." in sent(client, locked, password=PASSWORD).content.decode()


@pytest.mark.parametrize("source", ["prison", "court", "disabled_federation"])
def test_templates_are_given_to_those_who_take_lists(signed_in, officer, source):
    answer = signed_in(officer).get(reverse("desk:list_template"), {"source": source})
    assert answer.content.startswith(b"PK")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_template_of_who_gives_none(signed_in, officer):
    assert signed_in(officer).get(reverse("desk:list_template"), {"source": "marriage"}).status_code == 404
    assert signed_in(officer).get(reverse("desk:list_template")).status_code == 404


def test_city_and_region_see_figures_that_do_not_open_for_them(signed_in):
    one = taken(prison(family()), by=person("region_officer", PROVINCE), place=PROVINCE.ljust(12, "0"))
    for role, prefix in (("city_officer", CITY), ("region_officer", PROVINCE)):
        said = page(signed_in(person(role, prefix)), reverse("desk:list", args=[one.pk]))
        assert "to be looked into 1" in said
        assert LEADS + "?" not in said


def test_a_county_sees_of_a_regions_list_what_is_about_its_children_alone(signed_in, officer):
    given = prison(family())
    given.say("imprisoned", "钱错", "123", **TERM)
    one = taken(given, by=person("region_officer", PROVINCE), place=PROVINCE.ljust(12, "0"))
    said = page(signed_in(officer), reverse("desk:list", args=[one.pk]))
    assert "to be looked into 1" in said
    assert "18 characters" not in said
    assert "Rows to be mended" not in said
    neighbour = signed_in(person("county_officer", NEXT_COUNTY))
    assert neighbour.get(reverse("desk:list", args=[one.pk])).status_code == 404


def test_nobody_learns_from_a_list_whether_a_number_is_known_elsewhere(signed_in):
    """A row about a child of another county counts as one that led to nothing here."""
    neighbour = person("county_officer", NEXT_COUNTY)
    whose = family()
    client = signed_in(neighbour)
    known = sent(client, workbook((number_of(whose), MOTHER, "2026-04-01", ""))).content.decode()
    unknown = sent(client, workbook((id_number(at=31), MOTHER, "2026-04-01", ""))).content.decode()
    assert "About nobody here" in known
    numbers = [str(pk) for pk in DepartmentList.objects.values_list("pk", flat=True)]
    for number in numbers:
        known, unknown = known.replace(f"/{number}/", "/"), unknown.replace(f"/{number}/", "/")
    assert known.count("<dd>1") == unknown.count("<dd>1")


def test_the_township_sees_what_is_said_beside_the_file(signed_in, supervisor):
    whose = family()
    lead(whose)
    said = page(signed_in(supervisor), of(whose))
    for words in (
        "The mother",
        "Mother",
        "Imprisoned",
        "Prisons",
        "If that is true",
        "What the file says of the parents",
    ):
        assert words in said or words == "The mother"
    assert "It may be somebody else" not in said


def test_another_name_is_said_plainly_and_what_would_follow_is_not(signed_in, supervisor):
    whose = family()
    lead(whose, name="尹素芸")
    said = page(signed_in(supervisor), of(whose))
    assert "“尹素芸”. It may be somebody else." in said
    assert "If that is true" not in said


def test_the_village_learns_that_a_family_is_to_be_visited_and_nothing_of_why(signed_in):
    whose = family()
    lead(whose)
    find_unapplied(on=TAKEN)
    client = signed_in(person("village_director", VILLAGE))
    today, file = page(client, "/"), page(client, of(whose, "child"))
    for said in (today, file, page(client, of(whose, "family")), page(client, of(whose, "life"))):
        assert "Prisons" not in said
        assert "Imprisoned" not in said
        assert "departments say" not in said
        assert of(whose) not in said
    assert "is to be visited" in today
    for address in (of(whose), LEADS, LISTS):
        assert client.get(address).status_code == 404


def test_a_lead_stands_in_no_timeline_copy_or_search(signed_in, officer):
    whose = family()
    lead(whose)
    client = signed_in(officer)
    for address in (of(whose, "child"), of(whose, "changes"), f"/children/?q={whose.file_number}"):
        said = page(client, address)
        assert "Prisons" not in said
        assert "Imprisoned" not in said


@pytest.mark.parametrize("role", ["approver", "payer", "city_officer", "village_director", "auditor"])
def test_who_does_not_look_into_leads_has_no_such_page(signed_in, role):
    found = lead()
    who = person(role)
    grant(who, found.child.file_number)
    client = signed_in(who)
    for address in (of(found.child), of(found.child, "close_lead", number=found.pk), LEADS):
        assert client.get(address).status_code == 404


def test_a_lead_is_closed_with_a_reason(signed_in, supervisor):
    found, client = lead(), signed_in(supervisor)
    address = of(found.child, "close_lead", number=found.pk)
    assert "Close the lead" in page(client, address)
    assert client.post(address, {"how": "namesake"}).status_code == 422
    said = client.post(address, {"how": "namesake", "words": "同名，另有其人"}, follow=True).content.decode()
    assert "not raised again" in said
    assert "同名，另有其人" in said
    again = client.post(address, {"how": "known", "words": "x"})
    assert (again.status_code, LeadEnd.objects.count()) == (422, 1)


def test_a_lead_is_recorded_from_a_form_that_is_filled_in(signed_in, supervisor):
    found, client = lead(), signed_in(supervisor)
    address, paper = of(found.child, "record_lead", number=found.pk), evidence(found.child, kind="court_judgment")
    form = client.get(address).context["form"]
    assert form["kind"].value() == "imprisoned"
    assert form["until_on"].value() == TERM["until_on"]
    answer = client.post(
        address,
        {
            "kind": "imprisoned", "from_on": "2026-04-01", "until_on": "2030-03-31", "papers": [paper.pk],
            "reason": "happened", "revision": found.child.revision,
        },
        follow=True,
    )  # fmt: skip
    assert answer.redirect_chain == [(of(found.child), 302)]
    fact = Circumstance.objects.get(kind="imprisoned")
    assert (fact.parent, list(fact.evidence.all())) == (Parent.objects.get(child=found.child, role="mother"), [paper])
    assert LeadEnd.objects.get().how == "recorded"
    assert "recorded as a circumstance" in answer.content.decode()
    assert client.get(address).status_code == 404


def test_who_is_not_entered_is_entered_first(signed_in, supervisor):
    found, client = lead(), signed_in(supervisor)
    Parent.objects.filter(child=found.child, role="mother").delete()
    answer = client.get(of(found.child, "record_lead", number=found.pk))
    assert answer["Location"] == of(found.child, "record", noun="parent")


def test_a_lead_of_another_child_is_not_found_under_this_one(signed_in, supervisor):
    found, other = lead(), family()
    client = signed_in(supervisor)
    for name in ("close_lead", "record_lead"):
        assert client.get(of(other, name, number=found.pk)).status_code == 404


def test_a_child_said_dead_is_offered_to_be_closed_and_not_recorded(signed_in, officer):
    whose = family()
    taken(deaths(whose, role="child"))
    found, client = Lead.objects.get(), signed_in(officer)
    said = page(client, of(whose))
    assert of(whose, "close") in said
    assert of(whose, "record_lead", number=found.pk) not in said
    assert client.get(of(whose, "record_lead", number=found.pk)).status_code == 404


def test_an_alarming_list_asks_a_second_person_and_shows_no_lead(signed_in, officer, supervisor):
    one = alarming(by=officer)
    mine, theirs = signed_in(officer), signed_in(person("approver"))
    address = reverse("desk:list", args=[one.pk])
    assert "more than can be believed" in page(mine, address)
    assert "Is the list right?" not in page(mine, address)
    assert "No lead here" in page(signed_in(supervisor), LEADS)
    assert "Is the list right?" in page(theirs, address)
    rule = reverse("desk:rule_on_list", args=[one.pk])
    assert theirs.post(rule, {"answer": "unsound"}).status_code == 422
    said = theirs.post(rule, {"answer": "unsound", "words": "系误传"}, follow=True).content.decode()
    assert "It stays aside." in said
    assert theirs.post(rule, {"answer": "sound", "words": "x"}).status_code == 404
    assert mine.post(rule, {"answer": "sound", "words": "x"}).status_code == 404


def test_leads_are_listed_by_how_they_ended(signed_in, officer):
    first = closed().lead
    second = lead()
    client = signed_in(officer)
    assert second.child.name in page(client, LEADS)
    assert first.child.name not in page(client, LEADS)
    assert first.child.name in page(client, f"{LEADS}?how=untrue")
    assert client.get(f"{LEADS}?how=gossip").status_code == 404
    for how in STATES:
        assert client.get(f"{LEADS}?how={how}").status_code == 200


def test_empty_pages_say_so(signed_in, officer):
    client = signed_in(officer)
    assert "No list has been taken yet" in page(client, LISTS)
    assert "No lead here" in page(client, LEADS)
    assert "No department has said anything" in page(client, of(child()))


def test_pages_ask_a_bounded_number_of_questions(signed_in, officer, django_assert_max_num_queries):
    for _at in range(3):
        lead()
    whose = lead().child
    client = signed_in(officer)
    for address in (LISTS, LEADS, of(whose)):
        client.get(address)
    with django_assert_max_num_queries(CEILING):
        client.get(LISTS)
    with django_assert_max_num_queries(CEILING):
        client.get(LEADS)
    with django_assert_max_num_queries(60):
        client.get(of(whose))


def test_every_task_of_leads_has_words_and_leads_to_its_page(signed_in, supervisor, officer):
    whose = family()
    taken(prison(whose))
    taken(deaths(family(), role="child"))
    taken(prison(family(), name="尹素芸"))
    taken(deaths(family(father_dead=False)))
    one = alarming()
    find_unapplied(on=TAKEN)
    kinds = {"follow_leads", "child_said_dead", "compare_name", "check_child", "rule_on_list"}
    found = list(Task.objects.filter(kind__in=kinds))
    assert {task.kind for task in found} == kinds
    for task in found:
        is_list = task.kind == "rule_on_list"
        where = reverse("desk:list", args=[one.pk]) if is_list else reverse("desk:child_leads", args=[task.subject_key])
        assert task_href(task) == where
        assert TASKS[task.kind].label
    assert {kind for kind in PLACES if PLACES[kind] == "desk:child_leads"} == kinds - {"rule_on_list"}
    assert "is to be looked after" in page(signed_in(supervisor), "/")
    assert "is on a list of the dead" in page(signed_in(officer), "/")
