"""The yearly report in the browser: every number opens the list it counts, and no child's data stands there."""

import re

import pytest
from django.utils import timezone

from hutong.accounts.models import TrailEntry
from hutong.registry.actions import opening
from hutong.registry.actions.copying import open_form
from tests import factories as make
from tests import facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]
YEAR = timezone.localdate().year
LINK = re.compile(r'href="(/access/(?:list|refused)/\?[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def auditor(signed_in):
    return signed_in(make.person("auditor", "64"))


@pytest.fixture
def child(signed_in):
    """A child at whom two officers of two counties wanted to look, one of them twice."""
    child = make.child(name="柳安宁")
    officer = make.person("county_officer", name="尹舟言")
    for _ in range(2):
        opening.look(by=officer, file_number=child.file_number, on=make.ON)
    opening.look(by=make.person("approver"), file_number=child.file_number, on=make.ON)
    signed_in(make.person("county_officer", make.NEXT_COUNTY)).get(f"/children/{child.file_number}/")
    facts.emergency(child)
    open_form(by=officer, copy=facts.copy(child, by=officer), on=make.ON, at=timezone.now())
    return child


def numbers(page: str) -> list[tuple[str, int]]:
    """The numbers that open, each with the address of its list."""
    found = [
        (href.replace("&amp;", "&"), re.sub(r"<span.*|<[^>]+>|\s", "", words)) for href, words in LINK.findall(page)
    ]
    return [(href, int(re.findall(r"\d+", words)[-1])) for href, words in found if re.search(r"\d", words)]


def test_every_number_opens_as_many_lines(auditor, child):
    page = auditor.get("/access/").content.decode()
    opened = numbers(page)
    assert len(opened) > 8
    for href, number in opened:
        assert auditor.get(href).context["page"].paginator.count == number, href
    assert child.name not in page


def test_emergencies_and_copies_are_purposes_of_their_own(auditor, child):
    page = auditor.get("/access/").content.decode()
    assert "in an emergency" in page and "taken into a list or form that left" in page


def test_the_list_says_who_as_whom_when_and_what_for(auditor, child):
    page = auditor.get("/access/list/", {"listed": "looks", "year": YEAR}).content.decode()
    assert "尹舟言" in page and child.file_number in page and child.name not in page


def test_refused_looks_are_listed_with_their_file(auditor, child):
    page = auditor.get("/access/refused/", {"year": YEAR}).content.decode()
    assert child.file_number in page
    assert auditor.get("/access/refused/", {"year": YEAR - 1}).context["page"].paginator.count == 0


def test_reading_it_is_recorded(auditor):
    auditor.get("/access/")
    assert TrailEntry.objects.filter(act="see_access", subject_key=str(YEAR)).count() == 1


@pytest.mark.parametrize(
    "path",
    ["list/", "list/?listed=x&year=2026", "list/?listed=looks&year=9", "list/?listed=looks&year=2026&month=13",
     "refused/", "?year=x"],
)  # fmt: skip
def test_an_address_that_asks_for_nothing_is_no_page(auditor, path):
    assert auditor.get(f"/access/{path}").status_code == 404


@pytest.mark.parametrize("role", ["county_officer", "region_officer", "security_administrator"])
def test_others_have_no_such_page(signed_in, role):
    client = signed_in(make.person(role, "64"))
    for path in ("", f"list/?listed=looks&year={YEAR}", f"refused/?year={YEAR}"):
        assert client.get(f"/access/{path}").status_code == 404


def test_the_looks_at_one_child_between_two_days(auditor, child):
    day = timezone.localdate().isoformat()
    shown = auditor.get("/looks/", {"number": child.file_number, "first": day, "last": day})
    assert shown.context["page"].paginator.count == 5
    assert len(shown.context["refused"]) == 1
    before = auditor.get("/looks/", {"number": child.file_number, "last": "2020-01-01"})
    assert before.context["page"].paginator.count == 0 and before.context["refused"] == []


def test_days_the_wrong_way_round_are_named(auditor, child):
    said = {"number": child.file_number, "first": "2026-02-01", "last": "2026-01-01"}
    assert "last" in auditor.get("/looks/", said).context["form"].errors
