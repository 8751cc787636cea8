"""The pages of standards: what holds, a new one with its document, what it would cost, and what becomes of it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.allowances.models import Standard
from tests import factories as make
from tests.factories import picture
from tests.standards import PLACE, confirmed, proposed, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CEILING = 24


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def typed(**more):
    said = {
        "scheme": "de_facto", "division_code": PLACE, "amount": "9000.50", "from_on": "2099-01-01", "until_on": "",
        "document_number": "贺民发〔2026〕演21号", "document_title": "关于提高标准的通知", "words": "",
        "file": SimpleUploadedFile("通知.jpg", picture()),
    }  # fmt: skip
    return said | more


def text(answer) -> str:
    return answer.content.decode()


def test_one_proposes_and_another_confirms_by_page(signed_in):
    officer, approver = make.person("county_officer"), make.person("approver")
    made = signed_in(officer).post(reverse("desk:propose_standard"), typed())
    one = Standard.objects.get()
    assert made.url == reverse("desk:standard", args=[one.pk]) and one.amount_fen == 900_050

    client = signed_in(approver)
    page = text(client.get(made.url))
    assert "9,000.50" in page and "贺民发〔2026〕演21号" in page and officer.name in page
    decide = reverse("desk:decide_standard", args=[one.pk, "confirm"])
    assert decide in page and client.get(decide).status_code == 200
    assert client.post(decide).url == made.url
    assert Standard.objects.get().stage == "confirmed"
    assert client.get(decide).status_code == 404
    withdraw = reverse("desk:decide_standard", args=[one.pk, "withdraw"])
    assert client.post(withdraw, {"words": ""}).status_code == 422
    assert client.post(withdraw, {"words": "财政未落实"}).url == made.url
    assert "财政未落实" in text(client.get(made.url))


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheme": ""}, {"scheme": "hiv"}, {"division_code": "640121000000"}, {"amount": "0"}, {"amount": "x"},
        {"from_on": "2099-01-02"}, {"until_on": "2099-01-15"}, {"document_number": ""}, {"document_title": ""},
        {"file": ""}, {"file": SimpleUploadedFile("a.jpg", b"words")}, {"amount": "1"},
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_stays_typed_with_the_reason(signed_in, wrong):
    answer = signed_in(make.person("county_officer")).post(reverse("desk:propose_standard"), typed(**wrong))
    assert answer.status_code == 422 and not Standard.objects.exists()
    assert 'role="alert"' in text(answer)


@pytest.mark.parametrize(
    ("role", "prefix", "proposes", "in_rail"),
    [
        ("county_officer", make.COUNTY, True, True),
        ("city_officer", make.CITY, True, True),
        ("region_officer", make.PROVINCE, True, True),
        ("approver", make.COUNTY, False, True),
        ("region_approver", make.PROVINCE, False, True),
        ("finance", make.COUNTY, False, False),
        ("auditor", make.PROVINCE, False, False),
    ],
)
def test_who_reads_who_proposes_and_in_whose_rail_it_stands(signed_in, role, prefix, proposes, in_rail):
    one, client = row(), signed_in(make.person(role, prefix))
    address = reverse("desk:standards")
    assert client.get(address).status_code == client.get(reverse("desk:standard", args=[one.pk])).status_code == 200
    assert (f'href="{address}"' in text(client.get("/"))) == in_rail
    assert (reverse("desk:propose_standard") in text(client.get(address))) == proposes
    assert (client.get(reverse("desk:propose_standard")).status_code == 200) == proposes


@pytest.mark.parametrize(
    ("role", "prefix"), [("village_director", make.VILLAGE), ("township_supervisor", make.TOWNSHIP)]
)
def test_others_find_no_such_page(signed_in, role, prefix):
    client = signed_in(make.person(role, prefix))
    assert {client.get(reverse(f"desk:{name}")).status_code for name in ("standards", "propose_standard")} == {404}


def test_what_is_not_offered_is_not_there(signed_in):
    officer = make.person("county_officer")
    one, client = proposed(officer), signed_in(officer)
    for act in ("confirm", "refuse", "elsewhere"):
        assert client.post(reverse("desk:decide_standard", args=[one.pk, act]), {"words": "不同意"}).status_code == 404
    assert Standard.objects.get().stage == "proposed"


def test_the_document_is_shown_and_does_nothing_and_a_lost_one_says_so(signed_in):
    one, lost = proposed(), row(scheme="scattered")
    client = signed_in(make.person("approver"))
    shown = client.get(reverse("desk:standard_document", args=[one.pk]))
    assert shown["Content-Type"] == "image/jpeg" and "sandbox" in shown["Content-Security-Policy"]
    assert f"standard-{one.pk}.jpg" in shown["Content-Disposition"]
    gone = client.get(reverse("desk:standard_document", args=[lost.pk]))
    assert gone.url == reverse("desk:standard", args=[lost.pk])


def test_the_what_if_says_children_and_sums_and_no_name(signed_in):
    children = [make.child(holdings=()) for _ in range(8)]
    for one in children:
        make.holding(one, "de_facto")
    standard = proposed(from_on=date(2025, 2, 1), amount_fen=500_000)
    page = text(signed_in(make.person("approver")).get(reverse("desk:standard", args=[standard.pk])))
    assert "8 人 ×" in page or "8 children ×" in page
    assert "2025-02" in page and not [one.name for one in children if one.name in page]


def test_a_few_children_are_not_told_of(signed_in):
    make.holding(make.child(holdings=()), "de_facto")
    standard = proposed(amount_fen=500_000)
    page = text(signed_in(make.person("approver")).get(reverse("desk:standard", args=[standard.pk])))
    assert "1–5" in page and "3,360.00" not in page and "5,000.00" in page


def test_nobody_is_paid_by_it_says_so(signed_in):
    page = text(signed_in(make.person("approver")).get(reverse("desk:standard", args=[proposed().pk])))
    assert "<tfoot>" not in page


def test_a_lower_one_says_what_it_lies_below(signed_in):
    one = proposed(amount_fen=100_000, words="按自治区批复，分步提标")
    page = text(signed_in(make.person("approver")).get(reverse("desk:standard", args=[one.pk])))
    assert page.count("1,640.00") >= 2 and "按自治区批复，分步提标" in page


def test_nothing_tells_of_who_is_paid_by_reference(signed_in):
    confirmed(scheme="scattered", from_on=date(2026, 1, 1))
    client = signed_in(make.person("region_officer", make.PROVINCE))
    for address in (reverse("desk:standards"), reverse("desk:standard", args=[Standard.objects.get().pk])):
        page = text(client.get(address))
        assert "艾滋" not in page and "HIV" not in page and "allowance_" not in page


def test_the_list_asks_the_same_however_long_it_is(signed_in, django_assert_max_num_queries):
    client = signed_in(make.person("region_officer", make.PROVINCE))
    for code in ("640121000000", "640122000000", "640302000000", "640100000000"):
        row(division_code=code, stage="confirmed", decided_by=make.person(), decided_on=date(2026, 11, 24))
    client.get(reverse("desk:standards"))
    with django_assert_max_num_queries(CEILING):
        assert client.get(reverse("desk:standards")).status_code == 200
