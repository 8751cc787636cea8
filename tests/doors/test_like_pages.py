"""Who is like a child that is being typed in: told while the form goes on, of one's own children alone."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from tests import factories as make
from tests.facts import joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
BORN = date(2016, 1, 13)
TYPED = {"sex": "2", "birth_date": "2016-01-13", "living_division": make.VILLAGE, "guardian_name": "柳桂兰"}


@pytest.fixture
def known():
    return make.child(name="柳静怡", birth_date=BORN, sex="2")


def asked(client, **typed) -> str:
    answer = client.post(reverse("desk:like"), TYPED | typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_another_spelling_is_shown_with_what_is_alike(signed_in, known):
    said = asked(signed_in(make.person("county_officer", make.COUNTY)), name="柳静宜")

    assert known.file_number in said and known.name in said
    assert _("Birth date: the same") in said


def test_another_child_is_not_shown(signed_in, known):
    said = asked(signed_in(make.person("county_officer", make.COUNTY)), name="白建军", birth_date="2012-07-30", sex="1")

    assert said.strip() == ""


def test_half_a_form_is_no_error(signed_in, known):
    client = signed_in(make.person("county_officer", make.COUNTY))

    for typed in ({"name": ""}, {"name": "柳静怡", "birth_date": "", "living_division": ""}, {"birth_date": "2016-13"}):
        assert client.post(reverse("desk:like"), typed).status_code == 200


def test_a_neighbour_learns_nothing(signed_in, known):
    neighbour = signed_in(make.person("county_officer", make.NEXT_COUNTY))

    assert asked(neighbour, name=known.name, id_number=known.id_number.open()).strip() == ""


def test_who_enters_nobody_may_not_ask(signed_in, known):
    auditor = signed_in(make.person("auditor", make.COUNTY))

    assert auditor.post(reverse("desk:like"), TYPED | {"name": known.name}).status_code == 404


def test_a_joined_file_is_told_as_the_one_that_leads(signed_in, known):
    other = make.child(name="柳静宜", birth_date=BORN, sex="2")
    joined_to(other, known)

    said = asked(signed_in(make.person("county_officer", make.COUNTY)), name="柳静怡")

    assert other.file_number in said and known.file_number not in said
