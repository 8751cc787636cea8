"""Every page in its states, wide and on a phone: axe finds nothing, nothing is wider than the window."""

import pytest

from tests.browser.conftest import PHONE, WIDE

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@SIZES
@pytest.mark.parametrize("path", ["/sign-in/", "/choose/", "/confirm/"])
def test_before_sign_in(be, axe, size, path):
    page = be(None, size)
    page.goto(path)

    axe(page)


@SIZES
@pytest.mark.parametrize(
    "username, path",
    [
        ("yongning-officer", "/"),
        ("yongning-finance", "/"),
        ("lijun-director", "/"),
        ("yongning-officer", "/children/"),
        ("yongning-officer", "/children/?age=18-&category=migrant"),
        ("yongning-officer", "/children/?category=left_behind&age=6-11&without_id=on"),
        ("yongning-social-worker", "/children/"),
        ("yongning-officer", "/imports/"),
        ("yongning-approver", "/imports/1/"),
        ("yongning-approver", "/imports/1/?verdict=invalid"),
        ("yongning-approver", "/imports/1/?verdict=changed"),
        ("yongning-approver", "/imports/1/withdraw/"),
        ("yongning-officer", "/children/?division_text=望远"),
        ("ningxia-officer", "/children/open/"),
        ("security-administrator", "/"),
        ("security-administrator", "/people/"),
        ("security-administrator", "/people/?role=county_officer&division=640121000000"),
        ("security-administrator", "/people/?role=auditor&state=closed"),
        ("security-administrator", "/people/open/"),
        ("audit-administrator", "/"),
        ("ningxia-auditor", "/looks/"),
        ("ningxia-auditor", "/looks/?number=64-0031-7728-5"),
        ("ningxia-auditor", "/looks/?number=64-0031-7728-5&first=2026-02-01&last=2026-01-01"),
        ("ningxia-auditor", "/access/"),
        ("ningxia-auditor", "/access/?year=2020"),
        ("ningxia-auditor", "/access/list/?listed=looks&year=2026"),
        ("ningxia-auditor", "/access/list/?listed=person&year=2026"),
        ("audit-administrator", "/access/list/?listed=file&year=2026&purpose=visit"),
        ("audit-administrator", "/access/refused/?year=2026"),
        ("yongning-officer", "/notices/"),
        ("yongning-officer", "/kin/"),
        ("yongning-officer", "/password/"),
        ("yongning-finance", "/fields/"),
        ("yongning-officer", "/fields/?room=divisions&field_class=secret"),
        ("yongning-officer", "/parameters/"),
        ("yongning-officer", "/law/"),
        ("yongning-officer", "/holidays/"),
        ("ningxia-officer", "/holidays/load/"),
        ("yongning-approver", "/copies/"),
        ("yongning-approver", "/applications/"),
        ("yongning-officer", "/applications/?list=open"),
        ("helan-approver", "/applications/?list=ended"),
        ("yongning-approver", "/applications/ordinary/"),
        ("yongning-approver", "/applications/ordinary/?after=999999"),
        ("lijun-director", "/applications/?list=late"),
        ("lijun-supervisor", "/applications/outgoing/"),
        ("lijun-supervisor", "/applications/outgoing/?list=ended"),
        ("helan-officer", "/applications/outgoing/"),
        ("lijun-supervisor", "/applications/outgoing/1/"),
        ("lijun-supervisor", "/applications/outgoing/1/send/"),
        ("lijun-supervisor", "/applications/outgoing/begin/"),
        ("yongning-officer", "/applications/days/"),
        ("ningxia-officer", "/applications/days/?period=2026&place=6401"),
        ("yongning-finance", "/applications/days/?period=2020"),
        ("yongning-approver", "/applications/days/list/?period=2026&which=late"),
        ("yinchuan-officer", "/applications/days/list/?period=2026"),
        ("yongning-officer", "/national/"),
        ("yongning-officer", "/national/?list=changed"),
        ("yongning-officer", "/national/?list=ended"),
        ("yongning-officer", "/national/export/"),
        ("yongning-officer", "/data-checks/"),
        ("yongning-officer", "/data-checks/1/"),
        ("yongning-officer", "/lists/"),
        ("yongning-officer", "/lists/1/"),
        ("yongning-officer", "/lists/2/"),
        ("ningxia-officer", "/lists/"),
        ("yongning-officer", "/leads/"),
        ("yongning-officer", "/leads/?how=namesake"),
        ("yongning-officer", "/leads/?how=recorded&list=999"),
        ("yongning-officer", "/reviews/"),
        ("yongning-officer", "/reviews/?list=overdue"),
        ("lijun-supervisor", "/reviews/?list=changed"),
        ("yongning-officer", "/reviews/?list=suspended"),
        ("yongning-approver", "/reviews/?list=proposed"),
        ("yongning-officer", "/reviews/?list=ended"),
        ("yongning-officer", "/standards/"),
        ("ningxia-officer", "/standards/"),
        ("yongning-officer", "/standards/new/"),
        ("yongning-payer", "/standards/"),
        ("lijun-director", "/organisations/"),
        ("yongning-payer", "/payments/"),
        ("yongning-finance", "/payments/"),
        ("ningxia-officer", "/payments/"),
        ("yongning-payer", "/runs/prepare/"),
        ("yongning-payer", "/late/"),
        ("yongning-finance", "/late/?list=missing"),
        ("yongning-finance", "/funds/"),
        ("yongning-finance", "/funds/enter/"),
        ("yongning-officer", "/organisations/?kind=hospital&closed=on"),
        ("yongning-officer", "/organisations/?q=没有这个机构"),
        ("yongning-officer", "/organisations/new/"),
        ("ningxia-officer", "/organisations/1/"),
        ("ningxia-officer", "/organisations/1/alter/"),
        ("ningxia-officer", "/organisations/1/close/"),
    ],
)
def test_staff_pages(be, axe, size, username, path):
    page = be(username, size)
    response = page.goto(path)

    assert response.status == 200
    axe(page)
    assert page.locator("h1").count() == 1


@SIZES
def test_a_mark_of_the_national_system_and_a_comparison(be, axe, size, tmp_path):
    page = be("yongning-officer", size)
    page.goto("/national/?list=changed")
    page.locator("main table a").first.click()
    page.wait_for_url("**/national/*/")
    axe(page)
    assert page.locator(".sides tbody tr").count()
    listed = tmp_path / "list.csv"
    listed.write_text("系统编号,姓名,身份证号\n12,张甲,990000201503070012\n", encoding="utf-8")
    page.goto("/national/")
    page.set_input_files("input[type=file]", listed)
    page.locator("form[action*=compare] button").click()
    page.wait_for_url("**/compare/")
    axe(page)
    assert "第 2 行" in page.inner_text("main")


@SIZES
@pytest.mark.parametrize("username", ["yongning-approver", "ningxia-approver", "yinchuan-officer"])
def test_a_standard_with_what_it_would_do(be, axe, size, username):
    page = be(username, size)
    page.goto("/standards/")
    page.locator("main table a").first.click()
    page.wait_for_url("**/standards/*/")
    axe(page)
    assert "测算结果" in page.inner_text("main")
    if page.get_by_role("link", name="不同意").count():
        page.get_by_role("link", name="不同意").click()
        page.wait_for_url("**/refuse/")
        axe(page)


@SIZES
def test_a_child_page(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/children/")
    page.locator("table a").first.click()
    page.wait_for_selector(".timeline")

    axe(page)
    assert "年龄" in page.inner_text("main")


@SIZES
def test_the_visits_to_a_child_and_recording_one(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/children/")
    page.locator("table a").first.click()
    page.wait_for_selector(".timeline")
    page.goto(page.url + "visits/")
    axe(page)
    page.goto(page.url + "new/")
    page.locator("summary", has_text="邻里").click()
    axe(page)


@SIZES
def test_placing_a_child_and_recording_an_agreement(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/children/")
    page.locator("table a").first.click()
    page.wait_for_selector(".timeline")
    child = page.url
    for part in ("family/", "placements/new/", "agreements/new/"):
        page.goto(child + part)
        axe(page)
    page.goto(child + "placements/new/")
    page.locator("[name=kind]").select_option("kin")
    assert page.locator("[name=carer]").is_visible() and not page.locator("[name=organisation]").is_visible()


@SIZES
def test_a_person_and_what_is_changed_of_them(be, axe, size):
    page = be("security-administrator", size)
    page.goto("/people/?role=county_officer&division=640121000000")
    page.locator("table a").first.click()
    page.wait_for_selector(".identity")
    person = page.url

    axe(page)
    for step in ("post/", "close/"):
        page.goto(person + step)
        axe(page)
    page.goto(person)
    page.locator("table a").first.click()
    page.wait_for_selector("input[type=date]")
    axe(page)


@SIZES
def test_the_pages_speak_english_too(be, axe, size):
    page = be("yongning-officer", size)
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="English").click()
    page.goto("/children/")

    axe(page)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Children"


def test_a_page_that_does_not_exist_says_so(be, axe):
    page = be("yongning-officer")
    response = page.goto("/children/64-0000-0000-0/")

    assert response.status == 404
    assert "没有" in page.inner_text("main")
    axe(page)


def open_one_with(page, wanted: str) -> str:
    """Opens the first application of the list whose page holds what is wanted; its address."""
    page.goto("/applications/?list=open")
    for address in [link.get_attribute("href") for link in page.locator("main table tbody th a").all()]:
        page.goto(address)
        if page.locator(wanted).count():
            return address
    raise AssertionError(f"no application of the list has {wanted}")


@SIZES
@pytest.mark.parametrize(
    "username, step",
    [
        ("yongning-approver", "confirm"),
        ("yongning-approver", "refuse"),
        ("yongning-officer", "check"),
        ("lijun-supervisor", "accept"),
    ],
)
def test_an_application_and_a_step_of_it(be, axe, size, username, step):
    page = be(username, size)
    address = open_one_with(page, f"a[href$='/{step}/']")
    axe(page)
    page.goto(f"{address}{step}/")
    axe(page)
    assert page.locator("main form.form").count()


@SIZES
def test_what_was_looked_up_by_hand_and_what_came_back(be, axe, size):
    page = be("yongning-officer", size)
    open_one_with(page, "a[href*='/checks/']")
    page.locator("a[href*='/checks/']").first.click()
    page.wait_for_url("**/checks/**")
    axe(page)
    page.goto("/data-checks/2/")
    said = {"name": "returned.xlsx", "mimeType": "application/octet-stream", "buffer": b"no workbook"}
    page.set_input_files("input[type=file]", said)
    page.locator("main form.form button").click()
    page.wait_for_url("**/return/")
    axe(page)


@SIZES
def test_a_lead_beside_the_file_its_form_and_its_refusal(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/leads/")
    page.locator("table th a").first.click()
    page.wait_for_url("**/children/*/leads/")
    axe(page)
    page.locator("a[href$='/record/']").first.click()
    page.wait_for_url("**/record/")
    axe(page)
    page.go_back()
    page.wait_for_url("**/children/*/leads/")
    page.locator(".items a[href$='/close/']").first.click()
    page.wait_for_url("**/leads/*/close/")
    page.locator("main form.form button").first.click()
    page.wait_for_selector(".errors, [role=alert]")
    axe(page)
