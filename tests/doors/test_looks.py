"""Who looked, for those who see no child."""

import pytest
from django.utils import timezone

from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.clock import today
from hutong.accounts.models import TrailEntry
from hutong.accounts.queries import LOOKS
from hutong.desk.looks import ACTS, FIELDS
from hutong.law.identity import file_number
from hutong.registry.actions import opening
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


@pytest.fixture
def child():
    return make.child(guardian={"phone": "13900000000"})


@pytest.fixture
def auditor(signed_in):
    return signed_in(make.person("auditor", "64"))


def ask(client, number, **more):
    return client.get("/looks/", {"number": number, **more}).content.decode()


def look_and_reveal(officer, child):
    opening.look(by=officer, file_number=child.file_number, on=today())
    scope = {"scope_kind": "child", "scope_key": child.file_number, "division_code": child.responsible_code}
    state_purpose(by=officer, reason="other", words="核对信访来信", on=today(), at=timezone.now(), **scope)
    number = child.guardians.get().pk
    opening.reveal(by=officer, child=child, value="guardian-phone", number=number, on=today(), at=timezone.now())


def told(page):
    """What the page says below the question."""
    return page.partition('<div class="empty"')[2].partition("</main>")[0]


def test_the_looks_at_a_file_are_listed_without_the_child(auditor, child):
    officer = make.person("county_officer", name="尹舟言", organisation="贺兰县民政局")
    look_and_reveal(officer, child)

    page = ask(auditor, child.file_number.replace("-", "").lower())

    assert page.count("尹舟言") == 4 and "贺兰县民政局" in page  # three looks, and once by person
    assert "核对信访来信" in page and str(FIELDS["guardian-phone"]) in page
    for value in (child.name, "13900000000", "柳桂兰", f"/children/{child.file_number}/"):
        assert value not in page
    assert TrailEntry.objects.filter(act="see_looks", subject_key=child.file_number).count() == 1


def test_looks_of_another_place_and_of_no_file_say_the_same(signed_in, child):
    opening.look(by=make.person("county_officer", name="尹舟言"), file_number=child.file_number, on=today())
    elsewhere = signed_in(make.person("auditor", "62"))

    theirs = ask(elsewhere, child.file_number)

    assert "尹舟言" not in theirs
    assert told(theirs)
    assert told(theirs) == told(ask(elsewhere, file_number("64", 317728)))


def test_a_mistyped_number_is_named_and_asks_nothing(auditor, child):
    wrong = child.file_number[:-1] + ("A" if child.file_number[-1] != "A" else "B")
    assert 'role="alert"' in ask(auditor, wrong)
    assert not TrailEntry.objects.filter(act="see_looks").exists()


def test_many_looks_are_pages_of_bounded_questions(auditor, child, django_assert_max_num_queries):
    officer = make.person("county_officer")
    for _ in range(120):
        opening.look(by=officer, file_number=child.file_number, on=today())
    with django_assert_max_num_queries(19):
        page = ask(auditor, child.file_number, page="2")
    assert "51–100" in page and "page=3" in page and child.file_number in page


@pytest.mark.parametrize("role", ["village_director", "payer", "security_administrator", "region_officer"])
def test_the_looks_are_not_for_others(signed_in, child, role):
    assert signed_in(make.person(role, "64")).get("/looks/", {"number": child.file_number}).status_code == 404


def test_every_look_and_every_closed_value_has_its_words():
    assert set(ACTS) == set(LOOKS)
    assert set(FIELDS) == set(opening.REVEALED)


def test_a_childs_own_page_of_looks_says_the_same(signed_in, child):
    officer = make.person("county_officer", name="尹舟言")
    look_and_reveal(officer, child)
    address = f"/children/{child.file_number}/looks/"

    page = signed_in(make.person("approver")).get(address).content.decode()

    assert "核对信访来信" in page and str(FIELDS["guardian-phone"]) in page and "13900000000" not in page
    assert signed_in(make.person("township_supervisor", make.TOWNSHIP)).get(address).status_code == 404
