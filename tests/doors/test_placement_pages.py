"""The pages of placements and agreements, on the family's part of a file."""

import pytest
from django.urls import reverse

from hutong.protection.models import GuardianshipAgreement, Placement
from tests import factories as make
from tests.around import agreement, organisation, placement
from tests.facts import circumstance, evidence, joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
DAYS = {"from_on": "2025-05-30", "decided_on": "2025-05-29", "decision_number": "贺民〔2025〕1号"}
KIN = DAYS | {"kind": "kin", "carer": "柳桂兰", "organisation": ""}


def address(name: str, child, *more) -> str:
    return reverse(f"desk:{name}", args=[child.file_number, *more])


def test_a_child_is_placed_placed_otherwise_and_the_placement_ends(signed_in):
    child, client, home = make.child(), signed_in(make.person("county_officer")), organisation(name="贺兰未保中心")
    family = address("family", child)
    assert address("place_child", child) in client.get(family).content.decode()
    assert client.post(address("place_child", child), KIN).url == family
    page = client.get(family).content.decode()
    assert "亲属" in page and "2025年5月30日" in page and "贺民〔2025〕1号" in page

    institution = DAYS | {"kind": "institution", "carer": "", "organisation": home.pk, "from_on": "2025-06-01"}
    assert "贺兰未保中心" in client.get(address("place_child", child)).content.decode()
    assert client.post(address("place_child", child), institution).url == family
    now = Placement.objects.get(until_on__isnull=True)
    assert (now.organisation, Placement.objects.get(kind="kin").until_on.isoformat()) == (home, "2025-05-31")
    assert "贺兰未保中心" in client.get(address("child", child)).content.decode()
    assert "<dd>1</dd>" in client.get(reverse("desk:organisation", args=[home.pk])).content.decode()

    where = address("end_placement", child, now.pk)
    assert where in client.get(family).content.decode() and client.get(where).status_code == 200
    assert client.post(where, {"until_on": "2025-06-02", "reason": "returned"}).url == family
    assert "回归家庭" in client.get(family).content.decode()
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""}, {"kind": "institution"}, {"carer": ""}, {"from_on": ""}, {"from_on": "2999-01-01"},
        {"decided_on": ""}, {"from_on": "2001-01-01"}, {"kind": "institution", "organisation": "9" * 30},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_stays_typed_with_the_reason(signed_in, wrong):
    answer = signed_in(make.person("county_officer")).post(address("place_child", make.child()), KIN | wrong)
    assert answer.status_code == 422 and not Placement.objects.exists()
    assert 'role="alert"' in answer.content.decode()


def test_the_carers_name_opens_for_a_purpose_to_those_who_see_what_is_sensitive(signed_in):
    one = placement(carer="尹照护")
    asked = address("reveal", one.child, "placement-carer", one.pk)
    officer = signed_in(make.person("county_officer"))
    director = signed_in(make.person("village_director", make.VILLAGE))
    for client in (officer, director):
        client.post(address("purpose", one.child), {"reason": "visit", "words": ""})
        assert "尹照护" not in client.get(address("family", one.child)).content.decode()
    assert "尹照护" in officer.post(asked).content.decode()
    assert director.post(asked).status_code == 404
    assert asked not in director.get(address("family", one.child)).content.decode()


def test_where_a_hidden_child_is_placed_is_not_said_to_everybody(signed_in):
    one = placement(organisation=organisation(name="秘密地点中心"))
    circumstance(parent=None, child=one.child, kind="hidden_whereabouts")
    for role, prefix, told in (("county_officer", make.COUNTY, True), ("village_director", make.VILLAGE, False)):
        client = signed_in(make.person(role, prefix))
        for tab in ("family", "child"):
            assert ("秘密地点中心" in client.get(address(tab, one.child)).content.decode()) == told


def test_an_agreement_is_recorded_with_its_paper_and_ended(signed_in):
    child, client = make.child(), signed_in(make.person("township_supervisor", make.TOWNSHIP))
    paper, family = evidence(child, kind="guardianship_agreement"), address("family", child)
    said = {
        "kind": "guardianship", "guardian": child.guardians.get().pk, "signed_on": "2025-05-29",
        "from_on": "2025-05-30", "until_on": "", "paper": paper.pk,
    }  # fmt: skip
    for wrong in (
        {"guardian": ""}, {"kind": ""}, {"signed_on": "2999-01-01"}, {"paper": "9"}, {"until_on": "2025-01-01"},
    ):  # fmt: skip
        assert client.post(address("sign_agreement", child), said | wrong).status_code == 422
    assert "柳桂兰" in client.get(address("sign_agreement", child)).content.decode()
    assert client.post(address("sign_agreement", child), said).url == family

    made = GuardianshipAgreement.objects.get()
    assert made.paper == paper and "监护责任确认书" in client.get(family).content.decode()
    where = address("end_agreement", child, made.pk)
    assert where in client.get(family).content.decode()
    assert client.post(where, {"until_on": "2025-06-02"}).url == family
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("role", "prefix", "places", "signs"),
    [
        ("township_supervisor", make.TOWNSHIP, False, True),
        ("county_officer", make.COUNTY, True, True),
        ("approver", make.COUNTY, False, False),
        ("village_director", make.VILLAGE, False, False),
    ],
)
def test_each_is_offered_what_they_may_do(signed_in, role, prefix, places, signs):
    child = make.child()
    numbers = {"end_placement": placement(child).pk, "end_agreement": agreement(child).pk}
    client = signed_in(make.person(role, prefix))
    page = client.get(address("family", child)).content.decode()
    for view in ("place_child", "end_placement", "sign_agreement", "end_agreement"):
        where = address(view, child, *([numbers[view]] if view in numbers else []))
        may = places if "place" in view else signs
        assert (where in page) == may
        assert client.get(where).status_code == (200 if may else 404)


def test_a_joined_file_offers_nothing_and_what_stands_in_it_ends_from_the_leading_one(signed_in):
    leading, one = make.child(), placement()
    joined_to(leading, one.child)
    client = signed_in(make.person("county_officer"))
    assert address("place_child", one.child) not in client.get(address("family", one.child)).content.decode()
    where = address("end_placement", leading, one.pk)
    assert where in client.get(address("family", leading)).content.decode()
    assert client.post(where, {"until_on": "2025-05-01", "reason": "moved"}).url == address("family", leading)


def test_closing_an_organisation_says_who_is_placed_there(signed_in):
    home = organisation()
    placement(organisation=home)
    client, where = signed_in(make.person("county_officer")), reverse("desk:close_organisation", args=[home.pk])
    assert "notice soon" in client.get(where).content.decode()
