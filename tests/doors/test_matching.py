"""Unknown sheets and pasted rows by page, and by console."""

import json
import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.kit.staging import State
from hutong.registry import jobs
from hutong.registry.actions import judging, staging
from hutong.registry.models import ImportBatch
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LINE = "柳安,女,2015-03-07,{number},13912345678"
HEADERS = "娃娃,男女,哪天生的,身份证,手机"


def pasted(client, block: str):
    return client.post(reverse("desk:paste"), {"paste-block": block})


def judge_now() -> ImportBatch:
    for job in ProcrastinateJob.objects.filter(status="todo", task_name="registry.judge_batch").order_by("id"):
        jobs.judge_batch(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
    return ImportBatch.objects.latest("pk")


def test_pasted_rows_are_matched_and_checked(signed_in):
    client = signed_in(make.person("county_officer"))
    address = pasted(client, f"{HEADERS}\n{LINE.format(number=make.id_number(at=1))}").url
    judge_now()

    asked = client.get(address, follow=True)
    page = asked.content.decode()
    assert asked.redirect_chain[-1][0].endswith("/columns/")
    assert "娃娃" in page and "建议" in page
    said = dict(re.findall(r'<select name="(column_\d+)"[^>]*>.*?<option value="(\w*)" selected', page, re.S))
    answer = client.post(
        asked.redirect_chain[-1][0],
        said
        | {"column_4": "", "page": "0", "header_row": "1", "fixed_living_division": make.VILLAGE, "fixed_category": ""},
    )

    assert answer.url == address
    assert judge_now().counts["new"] == 1


def test_what_is_missing_is_said_at_the_top_and_choices_stay(signed_in):
    client = signed_in(make.person("county_officer"))
    address = pasted(client, f"{HEADERS}\n{LINE.format(number=make.id_number(at=1))}").url
    judge_now()
    answer = client.post(f"{address}columns/", {"page": "0", "header_row": "1", "column_0": "name", "column_1": "name"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('<option value="name" selected') == 2


def test_nothing_pasted_is_said_beside_the_field(signed_in):
    client = signed_in(make.person("county_officer"))
    answer = pasted(client, "")
    assert answer.status_code == 422 and "请先粘贴" in answer.content.decode()


def test_an_approver_may_not_match(signed_in):
    officer = make.person("county_officer")
    content = f"{HEADERS}\n{LINE.format(number=make.id_number(at=1))}".encode()
    batch = staging.receive(by=officer, content=content, name="pasted.txt", on=make.ON)
    judging.judge(batch=batch, on=make.ON)
    address = reverse("desk:columns", args=[batch.pk])
    assert signed_in(make.person("approver")).get(address).status_code == 404
    assert signed_in(make.person("county_officer", make.NEXT_COUNTY)).get(address).status_code == 404


def test_the_console_lists_and_takes_columns():
    officer = make.person("county_officer")
    content = f"{HEADERS}\n{LINE.format(number=make.id_number(at=1))}".encode()
    batch = staging.receive(by=officer, content=content, name="pasted.txt", on=make.ON)
    judging.judge(batch=batch, on=make.ON)
    run = CliRunner()

    listed = run.invoke(app, ["match", str(batch.pk), "--by", officer.username, "--json"])
    said = [
        f"--column={header}={code}"
        for header, code in zip(
            HEADERS.split(","), ["姓名", "sex", "出生日期", "证件号码", "guardian_phone"], strict=True
        )
    ]
    wrong = run.invoke(app, ["match", str(batch.pk), "--by", officer.username, "--column=没有=姓名"])
    done = run.invoke(
        app,
        [
            "match",
            str(batch.pk),
            "--by",
            officer.username,
            *said[:4],
            f"--every=现居住地行政区划代码={make.VILLAGE}",
            "--json",
        ],
    )

    assert [one["read_as"] for one in json.loads(listed.stdout)["columns"]] == [
        "name",
        "sex",
        "birth_date",
        "id_number",
        "guardian_phone",
    ]
    assert wrong.exception.status == 2
    assert json.loads(done.stdout)["verdicts"]["new"] == 1
    batch.refresh_from_db()
    assert batch.state == State.JUDGED


def test_who_works_for_two_places_chooses_the_template_of_one(signed_in):
    client = signed_in(make.person("county_officer", make.VILLAGE, make.NEXT_VILLAGE))
    page = client.get(reverse("desk:imports")).content.decode()
    address = reverse("desk:template")
    assert f"{address}?place={make.VILLAGE}" in page and f"{address}?place={make.NEXT_VILLAGE}" in page
    filled = [
        load_workbook(BytesIO(b"".join(client.get(address, {"place": place}).streaming_content))).worksheets[0]
        for place in (make.VILLAGE, make.NEXT_VILLAGE)
    ]
    assert [{cell.value for cell in page[2]} - {None} for page in filled] == [{make.VILLAGE}, {make.NEXT_VILLAGE}]


def waiting(officer) -> ImportBatch:
    content = f"{HEADERS}\n{LINE.format(number=make.id_number(at=1))}".encode()
    return judging.judge(batch=staging.receive(by=officer, content=content, name="pasted.txt", on=make.ON), on=make.ON)


@pytest.mark.parametrize("number", ["31", "99999999", "9" * 5000, "x", "-1"])
def test_what_is_no_row_or_sheet_is_refused_or_passed_over(signed_in, number):
    officer = make.person("county_officer")
    batch = waiting(officer)
    for name in ("page", "header_row"):
        answer = signed_in(officer).get(reverse("desk:columns", args=[batch.pk]), {name: number})
        assert answer.status_code in (200, 302)


def test_a_file_that_waits_for_its_columns_can_be_given_up(signed_in):
    officer = make.person("county_officer")
    batch, client = waiting(officer), signed_in(officer)
    assert (
        reverse("desk:cancel_import", args=[batch.pk])
        in client.get(reverse("desk:columns", args=[batch.pk])).content.decode()
    )
    page = client.post(reverse("desk:cancel_import", args=[batch.pk]), follow=True).content.decode()
    batch.refresh_from_db()
    assert batch.state == State.WITHDRAWN and "已取消" in page and "这里没有问题" not in page


def test_a_check_tells_rows_that_are_alike_in_their_order(tmp_path):
    book, family = tmp_path / "children.xlsx", {"guardian_name": "马桂英", "guardian_phone": "19900000001"}
    without = {"id_number": None, "no_id_reason": "户口待办"}
    rows = [
        make.line(name="柳雨婷", **family),
        make.line(name="柳雨亭", **family, **without),
        make.line(name=""),
    ]
    book.write_bytes(make.workbook(rows))

    told = CliRunner().invoke(app, ["check", str(book), "--no-register", "--division", make.COUNTY, "--json"])

    problems = [(one["row"], one["code"]) for one in json.loads(told.stdout)["problems"]]
    assert problems == [(3, "alike_in_sheet"), (4, "required")]
