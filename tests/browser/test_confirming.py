"""Confirming a document in a browser: the square code fills the field, and no state of the page is hard to read."""

import subprocess
import sys

import pytest

from tests.browser.conftest import PHONE, ROOT, WIDE

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
ISSUE = """
import django; django.setup()
from django.utils.timezone import now
from hutong.accounts.actions.documents import issue_document, withdraw_document
from hutong.accounts.clock import today
from hutong.accounts.documents import civil_affairs_office
from hutong.accounts.queries import demonstration_person
from hutong.kit.documents import Document

officer, approver = map(demonstration_person, ("yongning-officer", "yongning-approver"))

def issued(**more):
    return issue_document(
        by=officer, kind="refusal_decision", subject_kind="child", subject_key="64-0031-7728-5",
        division_code="640121100200", office=civil_affairs_office("640121000000"),
        document=Document("不予认定决定书", ("经审核，现决定不予认定。",)), on=today(), at=now(), **more,
    )

stands, withdrawn, replaced = issued(), issued(), issued()
withdraw_document(by=approver, document=withdrawn, words="文书有误", on=today())
issued(replaces=replaced)
print(stands.check_code, withdrawn.check_code, replaced.check_code)
"""


@pytest.fixture(scope="package")
def codes(site, environment) -> list[str]:
    """The check codes of documents of the demonstration: one stands, one was withdrawn, one replaced."""
    surroundings = environment | {"DJANGO_SETTINGS_MODULE": "hutong.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ISSUE], env=surroundings, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@SIZES
def test_a_square_code_fills_the_field_and_its_code_stays_in_no_address(be, axe, size, codes):
    page = be(None, size)
    page.goto(f"/confirm/#{codes[0]}")
    assert page.input_value("#id_code") == codes[0] and page.evaluate("location.hash") == ""
    page.get_by_role("button", name="核验").click()
    page.wait_for_selector(".facts")

    axe(page)
    assert page.locator("h1").inner_text() == "不予认定决定书"
    assert page.evaluate("location.pathname + location.search") == "/confirm/"


@SIZES
@pytest.mark.parametrize("which", [1, 2], ids=["withdrawn", "replaced"])
def test_a_document_that_holds_no_more_says_so(be, axe, size, codes, which):
    page = be(None, size)
    page.goto("/confirm/")
    page.fill("#id_code", codes[which].lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.late")

    axe(page)


@SIZES
@pytest.mark.parametrize("typed", ["7K2M", "7K2M-9QXC-4HTW-ABCH"], ids=["no code", "unknown"])
def test_a_code_that_does_not_fit_is_told_at_its_field(be, axe, size, typed):
    page = be(None, size)
    page.goto("/confirm/")
    page.fill("#id_code", typed)
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")

    axe(page)
    assert page.input_value("#id_code") == typed
