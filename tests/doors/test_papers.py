"""The papers of a child by page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.accounts.models import Task, TrailEntry
from hutong.registry.actions.papers import add_paper
from hutong.registry.models import Evidence
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CANARY = "柳密语在此"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def send(client, child, content=None, name=f"{CANARY}.jpg", **more):
    file = SimpleUploadedFile(name, make.picture() if content is None else content, "image/jpeg")
    return client.post(
        reverse("desk:add_paper", args=[child.file_number]), {"kind": "school_proof", "file": file} | more
    )


def added(child, **more) -> Evidence:
    content = make.picture("PNG", shade=make.serial())
    values = {
        "by": make.person("county_officer"), "kind": "school_proof", "content": content,
        "name": f"{CANARY}.png", "issued_on": None, "expires_on": None, "note": "", "on": today(),
    }  # fmt: skip
    return add_paper(child=child, **values | more)


def page_of(client, child) -> str:
    return client.get(reverse("desk:papers", args=[child.file_number])).content.decode()


def test_a_village_director_adds_a_paper_and_looks_at_it(signed_in):
    child, director = make.child(), signed_in(make.person("village_director", make.VILLAGE))

    answer = send(director, child, expires_on=(today() + timedelta(days=20)).isoformat(), note=CANARY)
    page = page_of(director, child)
    paper = Evidence.objects.get()
    address = reverse("desk:paper", args=[child.file_number, paper.pk])
    shown = director.get(address)

    assert answer.url == reverse("desk:papers", args=[child.file_number])
    assert "在读证明" in page and address in page and "剩 20 天" in page
    assert CANARY not in page
    assert shown.status_code == 200 and shown.content.startswith(b"\xff\xd8\xff")
    assert [entry.act for entry in TrailEntry.objects.order_by("id")][-1] == "open_paper"


def test_a_file_is_shown_alone_and_kept_nowhere(signed_in):
    officer = make.person("county_officer")
    paper = added(make.child(), by=officer)

    answer = signed_in(officer).get(reverse("desk:paper", args=[paper.child.file_number, paper.pk]))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="paper-{paper.pk}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert {"sandbox", "default-src 'none'"} <= {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert "script-src" not in answer["Content-Security-Policy"]


def test_another_paper_asks_for_a_purpose_and_comes_back_to_it(signed_in):
    paper, client = added(make.child()), signed_in(make.person("county_officer"))
    number = paper.child.file_number
    address = reverse("desk:paper", args=[number, paper.pk])

    asked = client.get(address)
    said = client.post(reverse("desk:purpose", args=[number]), {"reason": "verify", "words": "", "next": address})

    assert asked.url == f"{reverse('desk:purpose', args=[number])}?next={address}"
    assert said.url == address
    assert client.get(address).content.startswith(b"\xff\xd8\xff")


def test_a_village_director_is_offered_no_paper_of_others(signed_in):
    paper, client = added(make.child(), note=CANARY), signed_in(make.person("village_director", make.VILLAGE))
    address = reverse("desk:paper", args=[paper.child.file_number, paper.pk])
    withdrawing = reverse("desk:withdraw_paper", args=[paper.child.file_number, paper.pk])

    page = page_of(client, paper.child)

    assert (
        "另有 1 份材料" in page and page.count("在读证明") == 1
    )  # in the form alone: its name tells something already
    assert address not in page and withdrawing not in page and "reveal/paper-note" not in page
    assert client.get(address).status_code == client.get(withdrawing).status_code == 404
    assert client.post(withdrawing, {"why": "不是我的"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a", "只接收"),
        (b"\xff\xd8\xff" + bytes(50), "文件已损坏"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "HEIC"),
        (b"", "文件是空的"),
    ],
    ids=["gif", "half a photograph", "heic", "nothing"],
)
def test_what_cannot_be_taken_says_why_and_what_was_typed_stays(signed_in, content, sentence):
    child, client = make.child(), signed_in(make.person("county_officer"))

    answer = send(client, child, content, note="复印件一份", issued_on="2025-01-31", expires_on="2031-05-17")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in page and 'href="#id_file"' in page
    assert "复印件一份" in page and "2025-01-31" in page and "2031-05-17" in page
    assert '<option value="school_proof" selected' in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("over", [1, 21 * 1024 * 1024], ids=["over ten", "over thirty"])
def test_a_file_that_is_too_large_says_so_and_what_was_typed_stays(signed_in, over):
    child, client = make.child(), signed_in(make.person("county_officer"))

    answer = send(client, child, make.picture() + bytes(10 * 1024 * 1024 + over), note="复印件一份")

    assert answer.status_code == 413
    assert "10 MB" in answer.content.decode() and "复印件一份" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_dates_that_make_no_sense_and_no_file_say_so(signed_in):
    child, client = make.child(), signed_in(make.person("county_officer"))

    wrong = send(client, child, issued_on="2024-05-02", expires_on="2024-05-01").content.decode()
    without = client.post(reverse("desk:add_paper", args=[child.file_number]), {"kind": ""}).content.decode()

    assert "失效日期不能早于签发日期" in wrong
    assert "请先选择照片或 PDF" in without and "请选择材料种类" in without


def test_a_paper_is_withdrawn_by_page_and_stays_folded(signed_in):
    officer = make.person("county_officer")
    paper, client = added(make.child(), by=officer), signed_in(officer)
    address = reverse("desk:withdraw_paper", args=[paper.child.file_number, paper.pk])

    asked = client.get(address).content.decode()
    empty = client.post(address, {"why": ""})
    client.post(address, {"why": f"{CANARY}拍错了"})
    page = page_of(client, paper.child)
    paper.refresh_from_db()

    assert "在读证明" in asked and empty.status_code == 422
    assert paper.withdrawn_why.open() == f"{CANARY}拍错了"
    assert "已撤下 1 份" in page and CANARY not in page
    assert client.get(address).status_code == 404


def test_a_note_is_shown_on_demand(signed_in):
    officer = make.person("county_officer")
    paper, client = added(make.child(), by=officer, note=CANARY), signed_in(officer)
    number = paper.child.file_number
    address = reverse("desk:reveal", args=[number, "paper-note", paper.pk])

    assert address in page_of(client, paper.child)
    client.post(reverse("desk:purpose", args=[number]), {"reason": "verify", "words": ""})

    assert CANARY in client.post(address).content.decode()


def test_a_lost_file_says_so_on_the_list(signed_in, settings):
    officer = make.person("county_officer")
    paper, client = added(make.child(), by=officer), signed_in(officer)
    (settings.FILES_DIR / paper.stored_name[:2] / paper.stored_name).unlink()

    answer = client.get(reverse("desk:paper", args=[paper.child.file_number, paper.pk]), follow=True)

    assert f"材料 {paper.pk} 的文件已损坏或丢失" in answer.content.decode()


def test_a_paper_of_another_child_is_not_found_under_this_one(signed_in):
    officer = make.person("county_officer")
    paper, client = added(make.child(), by=officer), signed_in(officer)

    assert client.get(reverse("desk:paper", args=[make.child().file_number, paper.pk])).status_code == 404


def test_an_approver_sees_papers_and_adds_none(signed_in):
    paper, client = added(make.child()), signed_in(make.person("approver"))

    page = page_of(client, paper.child)

    assert reverse("desk:paper", args=[paper.child.file_number, paper.pk]) in page
    assert "enctype" not in page
    assert send(client, paper.child).status_code == 404


def test_nothing_that_is_sent_touches_the_disk(signed_in, monkeypatch):
    import tempfile

    child, client = make.child(), signed_in(make.person("county_officer"))
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: 1 / 0)

    assert send(client, child, make.picture() + bytes(5 * 1024 * 1024)).status_code == 302


def test_many_large_files_in_one_request_take_no_more_room_than_one(signed_in, settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    child, client = make.child(), signed_in(make.person("county_officer"))
    files = [SimpleUploadedFile("x.jpg", bytes(900)) for _ in range(5)]

    answer = client.post(reverse("desk:add_paper", args=[child.file_number]), {"kind": "photo", "file": files})

    assert answer.status_code == 422
    assert sum(file.size for file in answer.wsgi_request.FILES.getlist("file")) == 1_001


def test_the_tasks_lead_to_the_papers(signed_in):
    child = make.child()
    added(child, expires_on=today() + timedelta(days=9))

    pages = {
        role: signed_in(make.person(role, prefix)).get(reverse("desk:today")).content.decode()
        for role, prefix in (("township_supervisor", make.TOWNSHIP), ("county_officer", make.COUNTY))
    }

    assert Task.objects.count() == 2
    for page in pages.values():
        assert reverse("desk:papers", args=[child.file_number]) in page and "份材料" in page


def test_the_list_asks_a_bounded_number_of_questions(signed_in, django_assert_max_num_queries):
    officer, child = make.person("county_officer"), make.child()
    client = signed_in(officer)
    for _ in range(12):
        added(child, by=officer)
    with django_assert_max_num_queries(30):
        page_of(client, child)
