"""People and postings by page; one's own password."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.accounts.models import Notice, Person, Posting
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
PASSWORD = re.compile(r"\b(?:[a-z2-9]{4}-){2}[a-z2-9]{4}\b")
DAY = timedelta(days=1)


@pytest.fixture
def administrator(signed_in):
    return signed_in(make.person("security_administrator", "64", username="admin"))


def page_of(client, address, **asked):
    return client.get(address, asked).content.decode()


def account(**more):
    values = {
        "name": "王清和", "username": "wang-qinghe", "organisation": "贺兰县民政局", "role": "county_officer",
        "division": "640122000000", "from_on": today().isoformat(), "until_on": "",
    }  # fmt: skip
    return values | more


def test_an_account_is_opened_and_its_password_is_shown_once(administrator, client):
    told = administrator.post("/people/open/", account()).content.decode()
    whom = Person.objects.get(username="wang-qinghe")
    (password,) = set(PASSWORD.findall(told))

    assert whom.check_password(password)
    assert whom.postings.get().prefixes == ["640122"]
    assert password not in page_of(administrator, f"/people/{whom.pk}/")
    assert not PASSWORD.search(str(dict(administrator.session)))


def test_the_first_sign_in_asks_for_a_password_before_anything_else(administrator):
    told = administrator.post("/people/open/", account()).content.decode()
    newcomer = Client()
    newcomer.post("/sign-in/", {"username": "wang-qinghe", "password": PASSWORD.search(told)[0]})

    for address in ("/", "/children/", "/notices/", "/kin/"):
        assert newcomer.get(address).url == "/password/"
    part = newcomer.post("/children/find/", {"q": "a"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/password/")
    again = PASSWORD.search(told)[0]
    assert newcomer.post("/password/", {"new_password1": again, "new_password2": again}).status_code == 200
    assert newcomer.post("/password/", {"new_password1": "short", "new_password2": "short"}).status_code == 200
    chosen = {"new_password1": "a-quiet-long-word", "new_password2": "a-quiet-long-word"}
    assert newcomer.post("/password/", chosen).url == "/"
    assert newcomer.get("/").url == "/second-factor/"


def test_ones_own_password_wants_the_old_one(signed_in):
    whom = Person.objects.create_person("someone", "尹清和", "a-long-password")
    client, new = signed_in(whom), {"new_password1": "a-quiet-long-word", "new_password2": "a-quiet-long-word"}

    client.post("/password/", {"old_password": "wrong", **new})
    assert Person.objects.get(pk=whom.pk).check_password("a-long-password")
    client.post("/password/", {"old_password": "a-long-password", **new})
    assert Person.objects.get(pk=whom.pk).check_password("a-quiet-long-word")


@pytest.mark.parametrize(
    "typed",
    [
        {"division": "", "division_text": "贺兰县"}, {"division": "", "division_text": "640122"},
        {"division": "", "division_text": "640122000000"},
    ],
    ids=str,
)  # fmt: skip
def test_without_javascript_the_words_of_the_place_decide(administrator, typed):
    administrator.post("/people/open/", account(**typed))

    assert Posting.objects.get(person__username="wang-qinghe").prefixes == ["640122"]


@pytest.mark.parametrize(
    "said",
    [
        {"division": "", "division_text": "镇"}, {"division": ""}, {"division": "640122100000"}, {"role": ""},
        {"username": "Wang Qinghe"}, {"username": "admin"}, {"name": "王"}, {"from_on": "2020-01-01"},
        {"until_on": "2020-01-01"}, {"organisation": ""},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_named_and_stays_typed(administrator, said):
    answer = administrator.post("/people/open/", account(**said))

    assert 'role="alert"' in answer.content.decode() and "贺兰县" in answer.content.decode()
    assert not Person.objects.filter(username="wang-qinghe").exists()


def test_the_list_is_narrowed_by_words_role_state_and_place(administrator):
    make.person("county_officer", make.COUNTY, name="王安宁")
    make.person("county_officer", make.NEXT_COUNTY, name="李和清")

    found = administrator.post("/people/search/", {"q": "安宁"}, follow=True)
    assert "王安宁" in found.content.decode() and "李和清" not in found.content.decode()
    assert "安宁" not in found.request["QUERY_STRING"]
    for asked in ({"division": "640122000000"}, {"division": "640122000000", "role": "county_officer"}):
        assert "王安宁" in page_of(administrator, "/people/", **asked)
        assert "李和清" not in page_of(administrator, "/people/", **asked)
    assert "王安宁" not in page_of(administrator, "/people/", state="closed")
    assert "王安宁" not in page_of(administrator, "/people/", role="nonsense")


def test_five_hundred_people_are_ten_pages_of_bounded_questions(administrator, django_assert_max_num_queries):
    made = Person.objects.bulk_create([Person(username=f"x{at:03}", name="尹清和", password="!") for at in range(500)])
    Posting.objects.bulk_create(
        [Posting(person=one, role="payer", prefixes=["640122"], from_on=today()) for one in made]
    )

    with django_assert_max_num_queries(12):
        page = page_of(administrator, "/people/", role="payer", page="2")
    assert page.count("x0") >= 50 and "51–100" in page and "page=3" in page and "500" in page


def test_a_person_is_posted_and_the_posting_ends(administrator):
    whom = make.person("county_officer")
    given = {"role": "approver", "division": "640121000000", "from_on": today().isoformat(), "until_on": ""}
    assert administrator.post(f"/people/{whom.pk}/post/", given).url == f"/people/{whom.pk}/"
    clash = given | {"division": "640122000000"}
    assert 'role="alert"' in administrator.post(f"/people/{whom.pk}/post/", clash).content.decode()
    posting = whom.postings.get(role="approver")

    administrator.post(f"/people/postings/{posting.pk}/", {"until_on": (today() + DAY).isoformat()})
    posting.refresh_from_db()
    assert posting.until_on == today() + DAY
    refused = administrator.post(f"/people/postings/{posting.pk}/", {"until_on": "2020-01-01"})
    assert 'role="alert"' in refused.content.decode()
    assert Notice.objects.filter(recipient=whom).count() == 2


def test_a_posting_to_come_is_withdrawn(administrator):
    coming = make.posting(make.person(), from_on=today() + DAY)
    assert f"/people/postings/{coming.pk}/withdraw/" in page_of(administrator, f"/people/postings/{coming.pk}/")
    administrator.post(f"/people/postings/{coming.pk}/withdraw/")
    assert not Posting.objects.filter(pk=coming.pk).exists()


def test_closing_says_what_is_held_and_the_account_is_out_at_once(administrator, signed_in):
    whom = make.person("county_officer")
    theirs = signed_in(whom)
    make.task(holder=whom, values={"rows": 3}), make.task(holder=whom, values={"rows": 3})
    address = f"/people/{whom.pk}/close/"

    asked = page_of(administrator, address)
    administrator.post(address, {"reason": ""})
    assert theirs.get("/").status_code == 200
    done = administrator.post(address, {"reason": "left"}, follow=True).content.decode()

    assert "2" in re.search(r'class="notice soon".*?</div>', asked, re.DOTALL)[0]
    assert "2" in re.search(r'class="notice fine".*?</div>', done, re.DOTALL)[0]
    assert theirs.get("/").status_code == 302


def test_a_renewed_password_puts_the_old_session_out_and_a_closed_account_comes_back(administrator, signed_in):
    whom = make.person("county_officer")
    theirs = signed_in(whom)
    told = administrator.post(f"/people/{whom.pk}/password/").content.decode()
    assert Person.objects.get(pk=whom.pk).check_password(PASSWORD.search(told)[0])
    assert theirs.get("/").url.startswith("/sign-in/")

    administrator.post(f"/people/{whom.pk}/close/", {"reason": "long_leave"})
    back = administrator.post(f"/people/{whom.pk}/reopen/").content.decode()
    assert Person.objects.get(pk=whom.pk).check_password(PASSWORD.search(back)[0])


def test_a_get_changes_nothing(administrator):
    whom = make.person("county_officer")
    coming = make.posting(whom, from_on=today() + DAY)
    for address in (f"/people/{whom.pk}/password/", f"/people/{whom.pk}/reopen/"):
        assert administrator.get(address).url == f"/people/{whom.pk}/"
    administrator.get(f"/people/postings/{coming.pk}/withdraw/")
    assert Person.objects.get(pk=whom.pk).password == "!" and Posting.objects.filter(pk=coming.pk).exists()


def test_ones_own_page_offers_no_change_and_takes_none(administrator):
    me = Person.objects.get(username="admin")
    page = page_of(administrator, f"/people/{me.pk}/")

    assert f"/people/{me.pk}/close/" not in page and f"/people/{me.pk}/password/" not in page
    for address in ("password", "reopen"):
        assert 'class="notice late"' in administrator.post(f"/people/{me.pk}/{address}/", follow=True).content.decode()
    administrator.post(f"/people/{me.pk}/close/", {"reason": "left"})
    assert Person.objects.get(pk=me.pk).is_active


def test_one_person_is_a_bounded_number_of_questions(administrator, django_assert_max_num_queries):
    whom = make.person()
    for at in range(20):
        make.posting(whom, from_on=today() - (at + 2) * DAY, until_on=today() - (at + 1) * DAY)
    with django_assert_max_num_queries(17):
        assert administrator.get(f"/people/{whom.pk}/").status_code == 200


@pytest.mark.parametrize("role", ["county_officer", "system_administrator", "audit_administrator", "region_officer"])
def test_people_are_not_for_others(signed_in, role):
    client = signed_in(make.person(role, "64"))
    for address in ("people", "search_people", "open_account"):
        assert client.get(reverse(f"desk:{address}")).status_code == 404
        assert client.post(reverse(f"desk:{address}"), account()).status_code == 404
    assert not Person.objects.filter(username="wang-qinghe").exists()


def test_the_picker_gives_an_administrator_the_province(administrator, signed_in):
    assert "640122100000" in page_of(administrator, "/places/", q="习岗镇")
    assert "640122100000" not in page_of(signed_in(make.person("auditor", "64")), "/places/", q="习岗镇")
