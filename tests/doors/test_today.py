"""Signing in, and the first screen."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def test_health_needs_no_sign_in_and_holds_no_data(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_nobody_is_led_to_sign_in_and_back(client):
    assert client.get("/children/").url == "/sign-in/?next=/children/"


def test_sign_in_by_password_is_argon2(client):
    person = Person.objects.create_person("someone", "尹清和", "a-long-password")
    make.posting(person)

    wrong = client.post("/sign-in/", {"username": "someone", "password": "wrong"})
    right = client.post("/sign-in/", {"username": "someone", "password": "a-long-password"})

    assert person.password.startswith("argon2$argon2id$")
    assert 'role="alert"' in wrong.content.decode()
    assert right.url == "/"


def test_an_account_that_is_closed_is_out_at_the_next_request(signed_in):
    person = make.person("county_officer")
    client = signed_in(person)
    assert client.get("/").status_code == 200

    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/").status_code == 302


def test_a_posting_that_has_ended_opens_nothing(signed_in):
    person = make.person()
    make.posting(person, until_on=today() - timedelta(days=1))

    assert signed_in(person).get("/imports/").status_code == 404


def test_production_knows_no_demonstration(client, settings):
    person = make.person("county_officer", username="somebody", is_demonstration=True)
    assert client.get("/choose/").status_code == 200
    make.sign_in(client, person)
    assert client.get("/").status_code == 200

    settings.PRODUCTION = True

    assert client.get("/").status_code == 302
    assert client.get("/choose/").status_code == 404
    assert client.post("/be/", {"person": person.username}).status_code == 404


def test_being_somebody_is_for_demonstration_people_only(client):
    real, invented = make.person("county_officer"), make.person("county_officer", is_demonstration=True)

    assert client.post("/be/", {"person": real.username}).status_code == 404
    assert client.post("/be/", {"person": invented.username}).url == "/"


def test_today_lists_by_harm_and_due_date(signed_in):
    officer, child = make.person("county_officer"), make.child()
    soon = {"subject_kind": "child", "subject_key": child.file_number, "due_on": today() + timedelta(days=1)}
    make.task(kind="turning_18", values={"on": "2026-12-01"}, **soon)
    make.task(kind="get_id", harm=3, **soon)

    page = signed_in(officer).get("/").content.decode()

    assert page.index("还没有证件号码") < page.index("2026年12月1日 满 18 岁")
    assert child.name in page and "剩 1 天" in page


def test_a_quiet_day_says_so(signed_in):
    assert "没有要办的事" in signed_in(make.person("finance")).get("/").content.decode()


def test_today_asks_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    officer = make.person("county_officer")
    for _ in range(30):
        make.task(values={"rows": 3})

    client = signed_in(officer)

    with django_assert_max_num_queries(14):
        client.get(reverse("desk:today"))


def test_the_picker_takes_chinese_pinyin_initials_and_code(signed_in):
    client = signed_in(make.person("county_officer", make.COUNTY))

    for said in ("习岗镇", "xigangzhen", "xgz", "640122100"):
        assert "640122100000" in client.get("/places/", {"q": said}).content.decode(), said


def test_the_picker_of_registered_places_reaches_the_whole_country(signed_in):
    client = signed_in(make.person("village_director", make.VILLAGE))

    nation = client.get("/places/", {"scope": "nation", "registered_code_text": "xihuqu"}).content.decode()
    ours = client.get("/places/", {"scope": "nation", "q": make.VILLAGE_OF_NEXT_COUNTY}).content.decode()
    narrow = client.get("/places/", {"q": "xihuqu"}).content.decode()

    assert "330106000000" in nation and "浙江省 杭州市 西湖区" in nation
    assert make.VILLAGE_OF_NEXT_COUNTY in ours
    assert "330106000000" not in narrow


def test_a_split_place_is_a_task_that_leads_to_its_children(signed_in):
    supervisor = make.person("township_supervisor", make.TOWNSHIP)
    make.task(
        kind="split_place", subject_kind="division", subject_key=make.VILLAGE, role="township_supervisor",
        values={"children": 3},
    )  # fmt: skip

    page = signed_in(supervisor).get("/").content.decode()

    assert "习岗镇 黎明村" in page
    assert f"/children/?division={make.VILLAGE}" in page
