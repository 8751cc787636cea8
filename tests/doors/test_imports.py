"""The import by page."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from hutong.registry import jobs
from hutong.registry.models import Child, ImportBatch
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(client, content, name="children.xlsx"):
    return client.post(reverse("desk:upload"), {"file": SimpleUploadedFile(name, content, XLSX)})


def run_jobs() -> None:
    """What the worker would do."""
    for job in ProcrastinateJob.objects.filter(status="todo", queue_name="imports").order_by("id"):
        {"registry.judge_batch": jobs.judge_batch, "registry.admit_batch": jobs.admit_batch}[job.task_name](**job.args)


def test_from_a_workbook_to_children(signed_in):
    officer, approver = signed_in(make.person("county_officer")), signed_in(make.person("approver"))

    address = send(officer, make.workbook([make.line(), make.line(sex="x")])).url
    waiting = officer.get(address).content.decode()
    run_jobs()
    judged = officer.get(address).content.decode()
    approver.post(f"{address}admit/", {"only": ["new"]})
    ProcrastinateJob.objects.filter(task_name="registry.judge_batch").update(status="succeeded")
    run_jobs()

    assert "every 1s" in waiting
    assert "每 1s" not in judged and "请写“男”或“女”。" in judged
    assert Child.objects.count() == 1
    assert "已入库 1 行" in officer.get(address).content.decode()


def test_the_same_file_twice_is_one_batch_and_one_job(signed_in):
    officer = signed_in(make.person("county_officer"))
    content = make.workbook([make.line()])

    first = send(officer, content)
    run_jobs()
    second = send(officer, content)

    assert first.url == second.url
    assert ImportBatch.objects.count() == 1
    assert ProcrastinateJob.objects.count() == 1


def test_the_importer_sees_no_button_and_may_not_admit(signed_in):
    both = make.person("county_officer")
    batch = make.judged([make.line()], by=both)
    both.postings.update(until_on=make.ON)
    make.posting(both, "approver")
    client = signed_in(both)

    page = client.get(reverse("desk:import", args=[batch.pk])).content.decode()
    client.post(reverse("desk:admit", args=[batch.pk]), {"only": ["new"]})

    assert reverse("desk:admit", args=[batch.pk]) not in page
    assert not Child.objects.exists()


def test_an_unreadable_file_is_named_on_its_page(signed_in):
    client = signed_in(make.person("county_officer"))

    address = send(client, b"no workbook").url
    run_jobs()

    assert "这不是表格文件" in client.get(address).content.decode()


def test_no_file_and_a_file_too_large_say_so(signed_in, settings):
    client = signed_in(make.person("county_officer"))
    settings.UPLOAD_LIMIT_BYTES = 100

    without = client.post(reverse("desk:upload"))
    large = send(client, b"x" * 101)

    assert without.status_code == large.status_code == 422
    assert "请先选择一个表格文件" in without.content.decode()
    assert "请拆成不超过 30 MB" in large.content.decode()


def test_the_workbook_comes_back_marked(signed_in):
    officer = make.person("county_officer")
    batch = make.judged([make.line(), make.line(sex="x")], by=officer)

    answer = signed_in(officer).get(reverse("desk:marked", args=[batch.pk]))

    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    comments = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment]
    assert comments == ["请写“男”或“女”。"]


def test_the_workbook_goes_to_nobody_but_its_sender(signed_in):
    batch = make.judged([make.line()], by=make.person("county_officer"))
    for role in ("county_officer", "approver"):
        client = signed_in(make.person(role))
        assert client.get(reverse("desk:marked", args=[batch.pk])).status_code == 302
        assert reverse("desk:marked", args=[batch.pk]) not in client.get(f"/imports/{batch.pk}/").content.decode()


def test_withdraw_by_page_says_what_it_did(signed_in):
    batch = make.admitted([make.line(), make.line()])
    client = signed_in(make.person("approver"))

    page = client.post(reverse("desk:withdraw", args=[batch.pk]), follow=True).content.decode()

    assert "移出 2 名儿童" in page
    assert not Child.objects.exists()


def test_the_template_is_a_workbook_for_my_place(signed_in):
    answer = signed_in(make.person("township_supervisor", make.TOWNSHIP)).get(reverse("desk:template"))

    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    codes = [row[0] for row in book["行政区划代码"].iter_rows(min_row=2, values_only=True)]
    assert codes and all(code.startswith(make.TOWNSHIP) for code in codes)


@pytest.mark.parametrize("role", ["village_director", "payer", "finance", "region_officer", "auditor"])
def test_who_neither_imports_nor_admits_finds_no_import(signed_in, role):
    client = signed_in(make.person(role, "64"))

    assert client.get(reverse("desk:imports")).status_code == 404
    assert send(client, b"x").status_code == 404


def test_batch_pages_ask_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    officer = make.person("county_officer")
    for _ in range(5):
        make.judged([make.line(), make.line(sex="x")], by=officer)
    client = signed_in(officer)

    with django_assert_max_num_queries(14):
        client.get(reverse("desk:imports"))
    with django_assert_max_num_queries(18):
        client.get(reverse("desk:import", args=[ImportBatch.objects.latest("pk").pk]))


def test_who_works_for_two_places_says_which_one_the_file_is_from(signed_in):
    officer = make.person("county_officer", make.COUNTY, make.NEXT_COUNTY)
    client, content = signed_in(officer), make.workbook([make.line()])
    file = SimpleUploadedFile("children.xlsx", content, XLSX)

    assert "永宁县" in client.get(reverse("desk:imports")).content.decode()
    assert send(client, content).status_code == 422
    client.post(reverse("desk:upload"), {"file": file, "place": make.NEXT_COUNTY})

    assert ImportBatch.objects.get().division_code == f"{make.NEXT_COUNTY}000000"
