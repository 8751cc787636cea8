"""What is about oneself: notices, one's own relatives; and the first screen of whoever sees no child."""

import pytest

from hutong.accounts.models import DeclaredKin
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
NUMBER = make.id_number(at=9)


def page_of(client, address):
    return client.get(address).content.decode()


def test_a_notice_is_counted_opened_and_read(signed_in):
    officer = make.person("county_officer")
    said, client = make.notice(officer), signed_in(officer)

    assert '<span class="count"' in page_of(client, "/")
    assert f'action="/notices/{said.pk}/"' in page_of(client, "/notices/")
    assert client.get(f"/notices/{said.pk}/").url == "/notices/"
    assert '<span class="count"' in page_of(client, "/")
    assert client.post(f"/notices/{said.pk}/").url == "/"
    assert '<span class="count"' not in page_of(client, "/")


def test_a_notice_about_a_child_leads_to_the_child(signed_in):
    officer, child = make.person("county_officer"), make.child()
    said = make.notice(officer, subject_kind="child", subject_key=child.file_number)
    assert signed_in(officer).post(f"/notices/{said.pk}/").url == f"/children/{child.file_number}/"


def test_all_kinds_of_notices_are_said_in_words(signed_in):
    officer = make.person("county_officer")
    values = {"role": "approver", "place": "640122000000", "on": "2025-06-02"}
    for kind in ("posting_given", "posting_ended", "posting_withdrawn"):
        make.notice(officer, kind=kind, subject_kind="posting", subject_key="1", values=values)
    make.notice(officer)

    page = page_of(signed_in(officer), "/notices/")

    assert page.count("贺兰县") == 6 and "2025年6月2日" in page  # each once, and once more for screen readers
    assert "640122000000" not in page


def test_notices_of_others_are_not_shown(signed_in):
    said = make.notice(make.person("county_officer"))
    client = signed_in(make.person("county_officer"))
    assert f"/notices/{said.pk}/" not in page_of(client, "/notices/")
    assert client.post(f"/notices/{said.pk}/").status_code == 404


def test_all_are_read_at_once(signed_in):
    officer = make.person("county_officer")
    make.notice(officer), make.notice(officer)
    client = signed_in(officer)
    client.post("/notices/read/")
    assert '<span class="count"' not in page_of(client, "/notices/")


def test_notices_are_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    officer = make.person("county_officer")
    for _ in range(40):
        make.notice(officer, kind="posting_given", values={"role": "payer", "place": make.VILLAGE, "on": "2025-06-02"})
    client = signed_in(officer)
    with django_assert_max_num_queries(11):  # one of them reads the names of places, once in a minute
        page = page_of(client, "/notices/")
    assert "1–30" in page and "page=2" in page


def test_a_relative_is_declared_masked_and_ended(signed_in):
    officer = make.person("village_director", make.VILLAGE)
    client = signed_in(officer)
    client.post("/kin/", {"name": "柳和清", "relation": "20", "id_number": NUMBER})
    kin = DeclaredKin.objects.get(person=officer)
    page = page_of(client, "/kin/")

    assert "柳和清" in page and "****" in page and NUMBER not in page
    assert client.get(f"/kin/{kin.pk}/end/").status_code == 200
    client.post(f"/kin/{kin.pk}/end/")
    kin.refresh_from_db()
    assert kin.until_on
    assert client.post(f"/kin/{kin.pk}/end/").status_code == 404


@pytest.mark.parametrize("said", [{"id_number": make.wrong_last(NUMBER)}, {"relation": ""}, {"name": "柳"}], ids=str)
def test_what_cannot_be_declared_stays_typed(signed_in, said):
    client = signed_in(make.person("county_officer"))
    page = client.post("/kin/", {"name": "柳和清", "relation": "20", "id_number": ""} | said).content.decode()
    assert 'role="alert"' in page
    assert not DeclaredKin.objects.exists()


def test_everybody_sees_their_own_relatives_only(signed_in):
    kin = make.kin(make.person("county_officer"), name="柳星月")
    client = signed_in(make.person("county_officer"))
    assert "柳星月" not in page_of(client, "/kin/")
    assert client.post(f"/kin/{kin.pk}/end/").status_code == 404


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        ("security_administrator", {"/people/", "/notices/", "/kin/"}),
        (
            "auditor",
            {"/looks/", "/access/", "/emergencies/", "/copies/", "/organisations/", "/notices/", "/kin/"}
            | {"/applications/days/"},
        ),
        ("audit_administrator", {"/looks/", "/access/", "/emergencies/", "/copies/", "/notices/", "/kin/"}),
        ("system_administrator", {"/notices/", "/kin/"}),
        (
            "region_officer",
            {"/duplicates/", "/children/open/", "/law/", "/organisations/", "/notices/", "/kin/"}
            | {"/applications/days/", "/standards/", "/lists/", "/payments/", "/funds/"},
        ),
    ],
)
def test_whoever_sees_no_child_begins_with_their_rooms(signed_in, role, rooms):
    page = page_of(signed_in(make.person(role, "64")), "/")
    assert {room for room in rooms if f'<a class="entrance" href="{room}"' in page} == rooms
    assert page.count('class="entrance"') == len(rooms) + 3  # and stand-ins, the password and the sign-in


def test_whoever_sees_children_begins_with_the_work(signed_in):
    page = page_of(signed_in(make.person("county_officer")), "/")
    assert 'class="entrance"' not in page and 'href="/people/"' not in page and 'href="/looks/"' not in page
