"""The pages of organisations: what each role sees and may do, what is typed wrongly, and what the list asks."""

import pytest
from django.urls import reverse

from hutong.network.models import Organisation
from tests import factories as make
from tests.around import credit_code, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CEILING = 11
COUNTY = f"{make.COUNTY}000000"
NEW = {
    "kind": "protection_centre",
    "name": "贺兰县未保中心",
    "division": COUNTY,
    "credit_code": "",
    "from_on": "2024-03-01",
}


def test_an_organisation_is_registered_altered_and_closed_by_page(signed_in):
    client = signed_in(make.person("county_officer"))
    made = client.post(reverse("desk:register_organisation"), NEW)
    one = Organisation.objects.get()
    assert made.url == reverse("desk:organisation", args=[one.pk])

    page = client.get(made.url).content.decode()
    assert "贺兰县未保中心" in page and "未成年人救助保护机构" in page and "贺兰县" in page

    code = credit_code()
    altered = {"name": "贺兰县儿童中心", "credit_code": code, "from_on": "2024-03-01"}
    assert client.post(reverse("desk:alter_organisation", args=[one.pk]), altered).url == made.url
    assert code in client.get(made.url).content.decode()

    assert client.post(reverse("desk:close_organisation", args=[one.pk]), {"until_on": "2024-12-31"}).url == made.url
    shown = client.get(made.url).content.decode()
    assert "2024年12月31日" in shown and reverse("desk:alter_organisation", args=[one.pk]) not in shown
    assert client.get(reverse("desk:alter_organisation", args=[one.pk])).status_code == 404
    assert "贺兰县儿童中心" not in client.get(reverse("desk:organisations")).content.decode()
    assert "贺兰县儿童中心" in client.get(reverse("desk:organisations"), {"closed": "on"}).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""}, {"name": ""}, {"division": ""}, {"division": make.NEXT_COUNTY}, {"credit_code": "1" * 18},
        {"from_on": ""},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_stays_typed_with_the_reason(signed_in, wrong):
    answer = signed_in(make.person("county_officer")).post(reverse("desk:register_organisation"), NEW | wrong)
    assert answer.status_code == 422 and not Organisation.objects.exists()
    assert 'role="alert"' in answer.content.decode()


def test_what_cannot_be_altered_or_closed_says_why(signed_in):
    client, one = signed_in(make.person("county_officer")), organisation()
    same = {"name": one.name, "credit_code": "", "from_on": str(one.from_on)}
    for view, said in (("alter_organisation", same), ("close_organisation", {"until_on": "2020-01-01"})):
        assert client.post(reverse(f"desk:{view}", args=[one.pk]), said).status_code == 422


@pytest.mark.parametrize(
    ("role", "prefix", "keeps"),
    [
        ("county_officer", make.COUNTY, True),
        ("region_officer", make.PROVINCE, True),
        ("approver", make.COUNTY, False),
        ("finance", make.COUNTY, False),
        ("village_director", make.VILLAGE, False),
    ],
)
def test_everybody_who_sees_children_or_figures_reads_and_few_keep(signed_in, role, prefix, keeps):
    one, client = organisation(), signed_in(make.person(role, prefix))
    lists = client.get(reverse("desk:organisations")).content.decode()
    shown = client.get(reverse("desk:organisation", args=[one.pk])).content.decode()
    assert one.name in lists and one.name in shown and reverse("desk:organisations") in client.get("/").content.decode()
    for view, arguments in (("register", []), ("alter", [one.pk]), ("close", [one.pk])):
        address = reverse(f"desk:{view}_organisation", args=arguments)
        assert (address in lists + shown) == keeps
        assert client.get(address).status_code == (200 if keeps else 404)


def test_one_above_ones_place_is_read_but_not_kept(signed_in):
    one, client = organisation(division_code="640100000000"), signed_in(make.person("county_officer"))
    assert client.get(reverse("desk:organisation", args=[one.pk])).status_code == 200
    assert client.get(reverse("desk:close_organisation", args=[one.pk])).status_code == 404


@pytest.mark.parametrize("role", ["institution_staff", "system_administrator"])
def test_to_whoever_sees_neither_the_page_does_not_exist(signed_in, role):
    client = signed_in(make.person(role))
    assert client.get(reverse("desk:organisations")).status_code == 404
    assert reverse("desk:organisations") not in client.get("/").content.decode()


def test_the_list_is_filtered_and_paged_and_asks_a_bounded_number_of_questions(
    signed_in, django_assert_max_num_queries
):
    for at in range(60):
        organisation(name=f"第{at}儿童之家", kind="childrens_home", division_code=make.VILLAGE)
    organisation(kind="hospital", name="县医院")
    client, where = signed_in(make.person("county_officer")), reverse("desk:organisations")
    with django_assert_max_num_queries(CEILING):
        page = client.get(where, {"kind": "childrens_home"}).content.decode()
    assert page.count("儿童之家</a>") == 50 and "县医院" not in page and "page=2" in page
    assert client.get(where, {"kind": "childrens_home", "page": 2}).content.decode().count("儿童之家</a>") == 10
    assert "县医院" in client.get(where, {"q": "医院"}).content.decode()


@pytest.mark.parametrize("said", [{"q": "没有这个"}, {"kind": "hospital"}, {}])
def test_an_empty_list_says_what_to_do(signed_in, said):
    page = signed_in(make.person("county_officer")).get(reverse("desk:organisations"), said).content.decode()
    assert 'class="empty"' in page


@pytest.mark.parametrize("said", [{"kind": "x"}, {"page": "9" * 5000}, {"q": "x" * 500}, {"q": "\0"}, {"closed": "\0"}])
def test_nonsense_in_the_address_is_a_page(signed_in, said):
    assert signed_in(make.person("county_officer")).get(reverse("desk:organisations"), said).status_code == 200
