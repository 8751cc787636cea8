"""The national system by page: three lists, numbers typed down a list, one mark, the copy, their list beside ours."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from hutong.accounts.models import Copy, TrailEntry
from hutong.allowances.actions import national as marking
from hutong.allowances.models import NationalEntry
from hutong.registry.models import CategoryHolding, Guardian
from tests.applications import Office
from tests.factories import NEXT_COUNTY, TOWNSHIP, child, holding, id_number, person, wrong_last
from tests.facts import change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
SINCE, TODAY = date(2026, 6, 18), date(2026, 6, 25)
INDEX = "/national/"
LIST_CEILING, PAGE_CEILING, COMPARE_CEILING = 26, 45, 40
HEADERS = ("序号", "系统编号", "姓名", "身份证号", "性别", "监护人", "录入日期", "不认识的列")


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """A week after the decisions; everybody reads English."""
    settings.TODAY = TODAY
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture
def officer():
    return person("county_officer")


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def recognised(category="de_facto", **more):
    whose = child(holdings=(), **more)
    holding(whose, category, from_on=SINCE)
    return whose


def entered(by, whose, number="NX640122001"):
    said = {"category": "de_facto", "number": number, "entered_on": TODAY, "on": TODAY}
    return marking.enter(by=by, child=whose, **said)


def held(whose):
    return whose.holdings.get().pk


def mark(client, numbers, follow=True, **said):
    typed = {f"number-{held(whose)}": number for whose, number in numbers.items()}
    return client.post(reverse("desk:enter_national"), {"entered_on": "2026-06-25"} | typed | said, follow=follow)


def workbook(*rows, headers=HEADERS):
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for at, row in enumerate((headers, *rows)):
            page.write_row(at, 0, row)
    return SimpleUploadedFile("list.xlsx", target.getvalue())


def row(whose, number="NX640122001", guardian="柳桂兰", sex="女"):
    return ("1", number, whose.name, whose.id_number.open(), sex, guardian, "2026-06-24", "x")


def compared(client, *rows, **more):
    return client.post(reverse("desk:compare_national"), {"file": workbook(*rows, **more)})


def test_who_waits_stands_there_with_the_days_left_and_is_marked_by_its_number(client):
    first, second, third = recognised(), recognised("orphan_kin"), recognised()
    page = client.get(INDEX).content.decode()
    assert all(one.name in page for one in (first, second, third))
    assert "1 working day left" in page and "To be entered <b>3</b>" in page

    page = mark(client, {first: "nx 640122-001", second: ""}).content.decode()
    assert "1 child marked as entered." in page and first.name not in page and second.name in page
    entry = NationalEntry.objects.get()
    assert (entry.child, entry.number, entry.entered_on) == (first, "NX640122001", TODAY)


def test_what_cannot_be_marked_says_why_and_keeps_what_was_typed(client, officer):
    first, second, done = recognised(), recognised(), recognised()
    entered(officer, done)
    answer = mark(client, {first: "12", second: "NX640122001"})
    page = answer.content.decode()
    assert answer.status_code == 422 and NationalEntry.objects.count() == 1
    assert 'value="12"' in page and page.count("6 to 32 digits") == 2 and "another child" in page


@pytest.mark.parametrize(
    ("said", "why"),
    [({}, "at least one child"), ({"entered_on": ""}, "required"), ({"entered_on": "2026-06-26"}, "between")],
)
def test_a_form_that_says_too_little_comes_back(client, said, why):
    whose = recognised()
    answer = mark(client, {whose: "NX0001" if said else ""}, **said)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not NationalEntry.objects.exists()


def test_what_changed_shows_its_columns_in_the_list_and_both_values_on_its_page(client, officer):
    whose = recognised(guardian={"phone": "13900000001"})
    entry = entered(officer, whose)
    guardian = whose.guardians.get()
    guardian.name, guardian.phone = "柳桂芳", "13900000002"
    guardian.save()

    page = client.get(INDEX, {"list": "changed"}).content.decode()
    assert "Name of the guardian、Telephone of the guardian" in page and "柳桂芳" not in page
    assert "as soon as possible" in page
    page = client.get(reverse("desk:national_entry", args=[entry.pk])).content.decode()
    assert "柳桂兰" in page and "柳桂芳" in page and "139****0002" in page and "13900000002" not in page
    assert TrailEntry.objects.filter(act="open_child", subject_key=whose.file_number).exists()

    said = {"number": "NX640122001", "entered_on": "2026-06-25"}
    page = client.post(reverse("desk:enter_anew", args=[entry.pk]), said, follow=True).content.decode()
    assert "as entered" in page and "Entered anew after a change" not in page
    assert "Entered anew after a change" in client.get(reverse("desk:national_entry", args=[entry.pk])).content.decode()
    assert "Nothing has changed" in client.get(INDEX, {"list": "changed"}).content.decode()


def test_what_ended_is_dropped_there_and_the_mark_ends(client, officer):
    whose = recognised()
    entry = entered(officer, whose)
    CategoryHolding.objects.filter(child=whose).update(until_on=date(2026, 6, 24))
    page = client.get(INDEX, {"list": "ended"}).content.decode()
    assert whose.name in page and "working days left" in page

    address = reverse("desk:end_national_entry", args=[entry.pk])
    answer = client.post(address, {"reason": "mistaken"})
    assert answer.status_code == 422 and "few words" in answer.content.decode()
    assert "Dropped in the national system" in client.post(address, {"reason": "dropped"}, follow=True).content.decode()
    assert "Nobody is to be dropped" in client.get(INDEX, {"list": "ended"}).content.decode()


def test_an_application_says_how_its_child_stands_there(officer, signed_in):
    office = Office()
    assert office.director.pk
    application = office.confirmed()
    address = reverse("desk:application", args=[application.pk])
    client, village = signed_in(officer), signed_in(office.director)
    assert "to be entered, 1 working day left" in client.get(address).content.decode()
    entered(officer, application.child)
    Guardian.objects.filter(child=application.child).update(name="柳桂芳")
    assert "changed since: Name of the guardian" in client.get(address).content.decode()
    page = village.get(address).content.decode()
    assert "entered on 25 June 2026" in page and "NX640122001" not in page and "/national/" not in page


def test_the_list_leaves_as_a_copy(client):
    whose = recognised()
    address = reverse("desk:ask_national")
    assert "Situation of the father" in client.get(address).content.decode()
    assert client.post(address, {"receiver": ""}).status_code == 422
    page = client.post(address, {"receiver": "本单位"}, follow=True).content.decode()
    copy = Copy.objects.get()
    assert (copy.kind, copy.purpose, copy.subjects) == ("export_national", "national_entry", [whose.file_number])
    assert copy.number in page


def test_the_list_of_all_children_offers_no_such_copy(client):
    recognised()
    assert "national system" not in client.get(reverse("desk:ask_list")).content.decode().split("<main")[1]


def test_their_list_beside_ours(client, officer):
    same, differs, unmarked, here = recognised(), recognised(), recognised(), recognised()
    for at, one in enumerate((same, differs, here)):
        entered(officer, one, f"NX00000{at}")
    stranger = id_number()
    page = compared(
        client,
        row(same, "NX000000"),
        row(differs, "NX999999", guardian="柳桂芳"),
        row(unmarked, "NX000003"),
        ("5", "NX000004", "柳无名", stranger, "女", "", "", ""),
    ).content.decode()
    assert "柳无名" in page and stranger not in page
    assert "柳桂芳" in page and "NX999999" in page and "NX000001" in page
    assert "marked as entered, but not in this list" in page
    ticks = page.split('name="ticked"')[1].split("</form>")[0]
    assert unmarked.name in ticks and same.name not in ticks and 'value="NX000003"' in ticks
    assert list(TrailEntry.objects.filter(act="compare_national").values_list("subject_key", flat=True)) == [
        differs.file_number
    ]

    mark(client, {unmarked: "NX000003"}, ticked="yes")
    assert not NationalEntry.objects.filter(child=unmarked).exists()
    mark(client, {unmarked: "NX000003"}, ticked="yes", selected=str(held(unmarked)))
    assert NationalEntry.objects.get(child=unmarked).number == "NX000003"


def test_bad_rows_are_told_by_row_and_column_and_the_others_compared(client):
    whose, other = recognised(), recognised()
    number = whose.id_number.open()
    page = compared(
        client,
        row(whose, "NX000001"),
        ("2", "12", "柳甲", wrong_last(other.id_number.open()), "女", "", "很久以前", ""),
        ("3", "NX000002", "", "", "女", "", "", ""),
        ("4", "NX000003", "柳乙", float(number[:15]), "女", "", "", ""),
        row(whose, "NX000009"),
    ).content.decode()
    problems = page.split("Rows with problems</h")[1]
    for words in ("6 to 32", "not valid", "cannot be read", "Nothing stands here", "become a figure", "earlier row"):
        assert words in problems, words
    assert [line for line in ("Row 3", "Row 4", "Row 5", "Row 6") if line not in problems] == []
    assert whose.name in page.split("Rows with problems</h")[0]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (lambda: SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "cannot be read"),
        (lambda: workbook(("x", "y"), headers=("甲", "乙")), "No row with headers"),
        (lambda: workbook(("NX000001", "柳甲"), headers=("系统编号", "姓名")), "is missing"),
        (lambda: SimpleUploadedFile("a.xlsx", b""), "empty"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(client, file, why):
    answer = client.post(reverse("desk:compare_national"), {"file": file()})
    assert answer.status_code == 422 and why in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "place"), [("approver", "640122"), ("township_supervisor", TOWNSHIP), ("village_director", "640122100200")]
)
def test_marks_are_for_the_county_officer_alone(officer, signed_in, role, place):
    entry = entered(officer, recognised())
    other = signed_in(person(role, place))
    for name, arguments in (
        ("national", []), ("enter_national", []), ("ask_national", []), ("compare_national", []),
        ("national_entry", [entry.pk]), ("enter_anew", [entry.pk]), ("end_national_entry", [entry.pk]),
    ):  # fmt: skip
        assert other.get(reverse(f"desk:{name}", args=arguments)).status_code == 404
        assert other.post(reverse(f"desk:{name}", args=arguments)).status_code == 404


def test_a_neighbour_finds_nothing(officer, signed_in):
    whose, marked = recognised(), recognised()
    entry = entered(officer, marked)
    neighbour = signed_in(person("county_officer", NEXT_COUNTY))
    page = compared(neighbour, row(whose, "NX000001")).content.decode()
    assert "Only there" in page and "柳桂兰" not in page and whose.file_number not in page
    mark(neighbour, {whose: "NX000001"})
    assert not NationalEntry.objects.filter(child=whose).exists()
    assert neighbour.get(reverse("desk:national_entry", args=[entry.pk])).status_code == 404


def test_pages_are_a_bounded_number_of_questions(client, officer, django_assert_max_num_queries):
    rows = []
    for at in range(30):
        whose = recognised()
        entered(officer, whose, f"NX{at:06}")
        rows.append(row(whose, f"NX{at:06}", guardian="柳桂芳"))
        recognised()
    Guardian.objects.update(name="柳桂英")
    client.get("/")
    for chosen in ("enter", "changed", "ended"):
        with django_assert_max_num_queries(LIST_CEILING):
            assert client.get(INDEX, {"list": chosen}).status_code == 200
    with django_assert_max_num_queries(PAGE_CEILING):
        client.get(reverse("desk:national_entry", args=[NationalEntry.objects.first().pk]))
    with django_assert_max_num_queries(COMPARE_CEILING):
        assert compared(client, *rows).content.decode().count("柳桂英") == 30


def test_days_run_from_the_last_change_that_somebody_wrote(client, officer):
    whose = recognised()
    entered(officer, whose)
    Guardian.objects.filter(child=whose).update(name="柳桂芳")
    change(whose, kind="alter", on=date(2026, 6, 25), by=officer)
    page = client.get(INDEX, {"list": "changed"}).content.decode()
    assert "25 June 2026" in page and "5 working days left" in page
