"""The main job, as people do it: a workbook is sent, checked, admitted by somebody else, and found in the list."""

from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def send(page, name):
    page.goto("/imports/")
    page.set_input_files('input[type="file"]', EXAMPLES / name)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector(".verdicts")


def test_a_workbook_becomes_children(be):
    supervisor = be("lijun-supervisor")
    send(supervisor, "children-clean.xlsx")
    batch = supervisor.url
    assert "25 行可以入库" in supervisor.locator("h1").inner_text()
    assert supervisor.get_by_role("button", name="入库", exact=True).count() == 0

    approver = be("yongning-approver")
    approver.goto(batch)
    approver.get_by_role("button", name="入库", exact=True).click()
    approver.wait_for_selector("h1:has-text('已入库 25 行')")

    supervisor.goto("/children/")
    before = supervisor.locator("main .lead").inner_text()
    assert "名儿童" in before

    neighbour = be("helan-officer")
    assert neighbour.goto(batch).status == 404


def test_the_same_workbook_again_is_the_same_batch(be):
    page = be("lijun-supervisor")
    send(page, "children-headers-en.xlsx")
    first = page.url
    send(page, "children-headers-en.xlsx")

    assert page.url == first


def test_a_faulty_workbook_says_where_and_how_and_comes_back_marked(be):
    page = be("lijun-supervisor")
    send(page, "children-faulty.xlsx")
    problems = page.locator(".problems").inner_text()
    assert "第 " in problems and "户口簿" in problems

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注好的原表").click()

    assert download.value.suggested_filename.endswith(".xlsx")


def test_what_is_no_workbook_is_told_in_plain_words(be, tmp_path):
    page = be("lijun-supervisor")
    letter = tmp_path / "letter.xlsx"
    letter.write_text("not a workbook")
    page.goto("/imports/")
    page.set_input_files('input[type="file"]', letter)
    page.get_by_role("button", name="上传并检查").click()

    page.wait_for_selector("h1:has-text('无法读取')")
    assert "另存为 .xlsx" in page.inner_text("main")


def test_a_child_is_found_by_pinyin_and_its_number_shown_on_demand(be):
    page = be("yongning-officer")
    page.goto("/children/")
    name = page.locator("tbody th a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.locator(".found .hit").first.click()
    page.wait_for_selector(".timeline")
    assert name in page.locator("h1").inner_text()
    assert name not in page.title() and name not in page.url

    masked = page.locator(".masked").first
    assert "****" in masked.inner_text()
    masked.get_by_role("button").click()
    page.locator(".asked select").select_option("verify")
    page.locator(".asked button").click()
    page.wait_for_selector(".masked:has(button[data-copy])")
    shown = page.locator(".masked:has(button[data-copy]) span").first.inner_text()
    assert "*" not in shown


def test_the_picker_takes_pinyin(be):
    page = be("yongning-officer")
    page.goto("/children/")
    page.get_by_role("combobox", name="地方").press_sequentially("ljz")
    page.locator("[role=option]").first.click()
    page.wait_for_url("**division=640121101000**")
    places = set(page.locator(".people tbody tr").all_inner_texts())
    assert all("李俊镇" in place for place in places)


def test_an_overseeing_officer_opens_one_file_for_a_purpose(be):
    county = be("yongning-officer")
    county.goto("/children/")
    address = county.locator("tbody th a").first.get_attribute("href")
    number = address.strip("/").split("/")[-1]

    region = be("ningxia-officer")
    assert region.goto(address).status == 404
    region.goto("/children/open/")
    region.locator("[name=file_number]").fill(number)
    region.get_by_label("查看目的").fill("信访核查")
    region.get_by_role("button", name="打开档案").click()

    region.wait_for_selector(".timeline")
    name = region.locator(".menu > summary .avatar + span").inner_text().split("\n")[0]
    county.goto(address)
    assert name in county.locator(".looks").inner_text()


def test_an_expired_session_leads_to_sign_in_and_back(be):
    page = be("yongning-officer")
    page.goto("/children/?age=6-11")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=q]").first.press_sequentially("ma")

    page.wait_for_url("**/sign-in/?next=/children/")
    assert page.locator("main").count() == 1


def test_a_withdrawal_is_asked_once_more(be):
    page = be("lijun-supervisor")
    send(page, "children-clean.xlsx")
    page.get_by_role("link", name="撤回这一批").click()
    page.wait_for_selector("h1:has-text('撤回这一批？')")
    page.get_by_role("link", name="不撤回").click()

    page.wait_for_selector(".verdicts")


def test_a_missing_phone_is_filled_in(be):
    page = be("yongning-officer")
    page.goto("/children/")
    for address in [link.get_attribute("href") for link in page.locator("tbody th a").all()]:
        page.goto(address)
        if page.get_by_label("监护人电话").count():
            break
    page.get_by_label("监护人电话").fill("12345")
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("text=不是有效电话")
    page.get_by_label("监护人电话").fill("15900000001")
    page.get_by_role("button", name="保存").click()

    page.wait_for_selector(".timeline")
    assert "159****0001" in page.inner_text("main")


def test_filters_count_anew_and_back_restores_the_form(be):
    page = be("yongning-officer")
    page.goto("/children/")
    everybody = page.locator(".lead p").inner_text()
    page.get_by_label("类别").select_option("orphan_kin")
    page.wait_for_url("**category=orphan_kin**")
    page.wait_for_function("everybody => document.querySelector('.lead p').innerText !== everybody", arg=everybody)
    page.go_back()

    page.wait_for_function("everybody => document.querySelector('.lead p').innerText === everybody", arg=everybody)
    assert page.get_by_label("类别").input_value() == ""


def test_a_search_stands_in_no_address_and_survives_back(be, axe):
    page = be("yongning-officer")
    page.goto("/children/")
    name = page.locator("tbody th a").nth(5).inner_text()
    page.locator("[name=q]").fill(name)
    page.locator("[name=q]").press("Enter")
    page.wait_for_url("**/children/?said=*")
    axe(page)
    page.locator("tbody th a").first.click()
    page.wait_for_selector(".timeline")
    page.go_back()

    page.wait_for_selector(f"text=查找：{name}")
    assert name not in page.url


def test_the_answers_of_a_search_are_walked_by_keyboard(be):
    page = be("yongning-officer")
    page.goto("/children/")
    page.keyboard.press("/")
    page.keyboard.type("ma")
    page.wait_for_selector(".found .hit")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('hit')")
    page.keyboard.press("ArrowUp")

    assert page.evaluate("document.activeElement.name") == "q"


def test_rows_are_chosen_by_keyboard_and_counted_on_a_bar_that_stays(be, axe):
    page = be("yongning-officer")
    page.goto("/children/")
    assert page.locator(".selection").is_hidden()
    page.locator("[name=selected]").nth(1).press("Space")
    assert page.locator(".selection").inner_text().startswith("已选 1 名")
    axe(page)
    page.get_by_label("全选本页").check()
    assert page.locator("[name=selected]:not(:checked)").count() == 0
    assert page.locator(".selection").bounding_box()["y"] < page.viewport_size["height"]
    page.get_by_role("button", name="取消选择").click()

    assert page.locator(".selection").is_hidden() and page.locator("[name=selected]:checked").count() == 0


def test_chosen_rows_go_on_together(be):
    page = be("yongning-officer")
    page.goto("/children/")
    name = page.locator("tbody th a").nth(1).inner_text()
    page.locator("[name=selected]").nth(1).check()
    page.get_by_role("button", name="批量办理").click()

    page.wait_for_url("**/children/bulk/")
    assert name in page.locator("main").text_content()


def test_filters_are_kept_by_name(be, axe):
    page = be("yongning-officer")
    page.goto("/children/?category=left_behind&age=6-11")
    page.locator(".saving summary").click()
    page.get_by_label("筛选名称").fill("留守小学生")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_selector(".chip:has-text('留守小学生')")
    axe(page)
    page.goto("/children/")
    page.get_by_role("link", name="留守小学生").click()
    page.wait_for_url("**category=left_behind**")
    page.get_by_role("button", name="删除常用筛选 留守小学生").click()

    page.wait_for_selector(".chip:has-text('留守小学生')", state="detached")


def test_what_another_place_holds_is_said_and_asked_for(be, axe):
    neighbour = be("helan-officer")
    neighbour.goto("/children/")
    neighbour.locator("tbody th a").first.click()
    neighbour.wait_for_selector(".timeline")
    name = neighbour.locator("h1").inner_text()
    born = neighbour.locator(".timeline time").last.get_attribute("datetime")
    number = neighbour.url.strip("/").split("/")[-1]

    page = be("yongning-officer")
    page.goto("/children/")
    page.locator("[name=q]").fill(f"{name} {born}")
    page.locator("[name=q]").press("Enter")
    page.wait_for_selector("text=其他地方有这份档案")
    axe(page)
    assert number not in page.content() and "贺兰" not in page.content()
    page.get_by_role("link", name="请求迁入").click()
    page.wait_for_selector("h1:has-text('请求迁入')")
    axe(page)
