"""A letter that is wrong by page: withdrawn with a reason, or issued anew by what the file says now."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from hutong.accounts.documents import document_by_code
from hutong.accounts.models import IssuedDocument
from tests import factories as make
from tests.applications import DECIDED, Office, unattended

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english_on_the_day(settings) -> None:
    settings.LANGUAGE_CODE, settings.TODAY = "en", DECIDED
    make.nearby_places()


@pytest.fixture
def office() -> Office:
    return Office()


def text_of(letter: IssuedDocument) -> str:
    content = letter.content.open_bytes()
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")


def address(letter: IssuedDocument) -> str:
    return reverse("desk:amend_document", args=[letter.subject_key, letter.pk])


def test_a_decision_is_issued_anew_with_the_name_that_was_corrected(office, signed_in):
    whose = unattended(name="柳安安")
    office.confirmed(whose)
    first = IssuedDocument.objects.get(kind="recognition_decision")
    type(whose).objects.filter(pk=whose.pk).update(name="柳案安")
    client = signed_in(office.approver)
    page = client.get(reverse("desk:application", args=[first.subject_key])).content.decode()
    assert address(first) in page
    assert client.post(address(first), {"act": "anew"}).status_code == 302
    second = IssuedDocument.objects.get(replaces=first)
    first.refresh_from_db()
    assert (first.withdrawn_on, second.kind) == (DECIDED, first.kind)
    assert document_by_code(first.check_code).replaced_by == second
    assert "柳案安" in text_of(second) and "柳安安" in text_of(first)
    assert whose.holdings.get().decision_number == first.number  # what was decided is what it was
    assert client.get(address(first)).status_code == 404


def test_it_is_withdrawn_in_words_alone(office, signed_in):
    office.refused()
    letter = IssuedDocument.objects.get(kind="refusal_decision")
    client = signed_in(office.approver)
    assert client.post(address(letter), {"words": ""}).status_code == 422
    assert client.post(address(letter), {"words": "送达前发现地址有误"}).status_code == 302
    page = client.get(reverse("desk:application", args=[letter.subject_key])).content.decode()
    assert "withdrawn" in page and address(letter) not in page


def test_nobody_else_withdraws(office, signed_in):
    office.refused()
    letter = IssuedDocument.objects.get(kind="refusal_decision")
    for who in (office.checker, office.director, make.person("approver", make.NEXT_COUNTY)):
        assert signed_in(who).post(address(letter), {"words": "不应撤回"}).status_code == 404
    letter.refresh_from_db()
    assert letter.withdrawn_on is None
