"""Signing in as a visitor meets it outside the demonstration: passkeys, an app, a bound phone, and time that passes."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PASSWORD, PHONE, WIDE
from tests.doors.test_sign_in import code_of

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture
def visit(be, site):
    """Opens the sign-in page on a host that passkeys know: an address of digits is none."""

    def opened(size=WIDE) -> Page:
        page = be(None, size)
        page.goto(f"http://localhost:{urlsplit(site).port}/sign-in/")
        return page

    return opened


def give_authenticator(page: Page) -> None:
    """A key of the machine that asks who is there, and is told."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_a_passkey_is_set_up_first_and_then_signs_in_alone(appoint, visit, axe):
    appoint("key-officer", "county_officer", "640121")
    page = visit()
    give_authenticator(page)
    sign_in(page, "key-officer")
    page.wait_for_url("**/second-factor/")
    axe(page)
    page.get_by_role("button", name="通行密钥").click()
    page.wait_for_selector(".codes")
    axe(page)
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="已放入保险柜").click()
    page.wait_for_selector(".menu")

    page.locator(".menu > summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_selector(".menu")
    page.goto(page.url.split("/", 3)[0] + "//" + urlsplit(page.url).netloc + "/second-factor/")
    assert "本机" in page.locator("tbody").inner_text()
    axe(page)


def test_without_a_passkey_an_app_makes_codes(appoint, visit, axe):
    appoint("app-officer", "county_officer", "640121")
    page = visit(PHONE)
    sign_in(page, "app-officer")
    page.get_by_role("link", name="动态口令").click()
    axe(page)
    assert page.locator(".qr-box svg path").count() >= 1
    secret = page.locator("code").inner_text()
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="启用").click()
    page.wait_for_selector(".codes")
    code = page.locator(".codes code").first.inner_text()

    other = visit()
    sign_in(other, "app-officer")
    other.wait_for_url("**/sign-in/code/")
    axe(other)
    other.get_by_label("验证码").fill("000000")
    other.get_by_role("button", name="登录").click()
    other.wait_for_selector("[role=alert]")
    other.get_by_label("验证码").fill(code)
    other.get_by_role("button", name="登录").click()
    other.wait_for_selector(".menu")


def test_a_directors_phone_is_bound_face_to_face(appoint, be, site, axe):
    appoint("village-director", "village_director", "640121101001")
    township = be("lijun-supervisor")
    township.goto("/phones/")
    axe(township)
    row = township.locator("tr", has_text="尹清和")
    row.get_by_role("button", name="绑定").click()
    axe(township)
    code = township.locator(".pin").inner_text()

    phone = be(None, PHONE)
    phone.goto("/phone/")
    phone.wait_for_url("**/phone/bind/")
    axe(phone)
    phone.get_by_label("用户名").fill("village-director")
    phone.get_by_label("绑定码").fill(code)
    phone.get_by_role("button", name="绑定这部手机").click()
    phone.wait_for_url("**/phone/pin/")
    axe(phone)
    for label in ("PIN码", "再输一次"):
        phone.get_by_label(label).fill("271828")
    phone.get_by_role("button", name="保存PIN码").click()
    phone.wait_for_selector(".menu")
    phone.context.clear_cookies(name="sessionid")
    phone.goto("/phone/")
    axe(phone)
    phone.get_by_label("PIN码").fill("271828")
    phone.get_by_role("button", name="登录").click()
    phone.wait_for_selector(".menu")


@SIZES
@pytest.mark.parametrize(
    "username, path",
    [
        ("yongning-officer", "/second-factor/"), ("yongning-officer", "/second-factor/app/"),
        ("yongning-officer", "/sign-in/again/"), ("yongning-approver", "/stand-ins/"),
        ("lijun-supervisor", "/phones/"),
    ],
)  # fmt: skip
def test_pages_about_signing_in(be, axe, size, username, path):
    page = be(username, size)
    page.goto(path)

    axe(page)
    assert page.locator("h1").count() == 1
