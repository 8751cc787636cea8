"""Papers of a child: added sealed, opened with a purpose, watched until they are renewed."""

import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.clock import today
from hutong.accounts.models import Task, TrailEntry
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import open_tasks, permissions_of
from hutong.kit import uploads
from hutong.kit.cipher import SealedField
from hutong.kit.uploads import new_file, sweep_files, write_file
from hutong.law.papers import PAPERS
from hutong.registry import jobs
from hutong.registry.actions import rekeying
from hutong.registry.actions.opening import reveal
from hutong.registry.actions.papers import (
    add_paper,
    files_by_key,
    open_paper,
    reseal_all_files,
    reseal_files,
    watch_papers,
    withdraw_paper,
)
from hutong.registry.intake.problems import PAPER_WORDS
from hutong.registry.models import Evidence
from hutong.registry.queries import expiring, papers_known_to, papers_of, papers_unknown_to
from tests.factories import NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, child, grant, person, picture, serial

pytestmark = pytest.mark.django_db
CANARY = "柳密语在此"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def add(by=None, to=None, **more) -> Evidence:
    values = {
        "kind": "disability_certificate", "content": picture("PNG", shade=serial()), "name": "证件.jpg",
        "issued_on": date(2024, 6, 2), "expires_on": None, "note": "", "on": ON,
    }  # fmt: skip
    return add_paper(by=by or person("county_officer"), child=to or child(), **values | more)


def acts() -> list[tuple]:
    return list(TrailEntry.objects.order_by("id").values_list("act", "subject_key", "division_code", "details"))


def kept(content: bytes) -> str:
    with new_file() as name:
        write_file(name, content)
    return name


def files(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def purpose(by, one, at: datetime):
    return state_purpose(
        by=by, scope_kind="child", scope_key=one.file_number, division_code=VILLAGE, reason="visit", on=ON, at=at
    )


def days_later(paper: Evidence, days: int = 1) -> datetime:
    return paper.added_at + timedelta(days=days)


def test_a_paper_is_added_sealed_and_leaves_its_entry(folder):
    by, one = person("township_supervisor", TOWNSHIP), child()
    paper = add(by, one, name=f"{CANARY}.jpg", note=f" {CANARY} ", expires_on=date(2034, 6, 1))

    one.refresh_from_db()
    assert list(papers_of(one)) == [paper]
    assert (paper.media_type, paper.added_by, one.revision) == ("image/jpeg", by, 2)
    assert (paper.original_name.open(), paper.note.open()) == (f"{CANARY}.jpg", CANARY)
    assert acts() == [("add_paper", one.file_number, VILLAGE, {"paper": paper.pk})]
    assert [path.name for path in files(folder)] == [paper.stored_name]


def test_the_disk_holds_nothing_in_plain(folder):
    comment = f"{CANARY}in".encode()
    content = picture()
    content = content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + content[2:]
    paper = add(content=content, name=f"{CANARY}.jpg", note=CANARY)

    on_disk = b"".join(str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert content.startswith(b"\xff\xd8") and CANARY.encode() in content
    for plain in (CANARY.encode(), b"\xff\xd8\xff", b"JFIF", paper.digest.encode(), str(paper.child).encode()):
        assert plain not in on_disk


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("county_officer", NEXT_COUNTY), ("approver", "640122"), ("payer", "640122"), ("region_officer", "64")],
)
def test_who_may_not_add_is_refused_and_no_file_is_left(folder, role, prefix):
    with pytest.raises(NotAllowed):
        add(person(role, prefix))
    assert (Evidence.objects.count(), files(folder)) == (0, [])


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"kind": "drawing"}, "kind"),
        ({"issued_on": ON + timedelta(days=1)}, "after today"),
        ({"expires_on": date(2024, 6, 1)}, "before it was issued"),
        ({"note": "字" * 201}, "200"),
        ({"content": b"GIF89a"}, "JPEG, PNG, WebP"),
        ({"content": b"%PDF-1.7"}, "damaged"),
        ({"content": b""}, "empty"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_word(folder, wrong, word):
    with override("en"), pytest.raises(Refused, match=word):
        add(**wrong)
    assert (Evidence.objects.count(), files(folder)) == (0, [])


def test_every_refusal_of_a_file_has_its_sentence():
    source = Path(uploads.__file__).read_text(encoding="utf-8")
    codes = {*re.findall(r'RefusedFile\("(\w+)"', source), "not_a_paper"} - {"not_a_workbook", "too_many_cells"}
    assert codes == set(PAPER_WORDS)


def test_the_same_file_again_names_the_paper_that_is_there(folder):
    by, one, other = person("county_officer"), child(), child()
    first = add(by, one, content=picture("PNG", shade=7))

    with override("en"), pytest.raises(Refused, match=f"paper {first.pk},"):
        add(by, one, content=picture("PNG", shade=7), kind="photo")
    add(by, other, content=picture("PNG", shade=7))
    withdraw_paper(by=by, paper=first, why="拍错了", on=ON)
    add(by, one, content=picture("PNG", shade=7))

    assert len(files(folder)) == Evidence.objects.count() == 3


def test_a_paper_is_withdrawn_with_a_reason_once(folder):
    by, one = person("county_officer"), child()
    paper = withdraw_paper(by=by, paper=add(by, one), why=" 属于另一名儿童 ", on=ON)

    one.refresh_from_db()
    assert (paper.withdrawn_on, paper.withdrawn_by, paper.withdrawn_why.open()) == (ON, by, "属于另一名儿童")
    assert (one.revision, len(files(folder))) == (3, 1)
    assert acts()[-1] == ("withdraw_paper", one.file_number, VILLAGE, {"paper": paper.pk})
    for why in ("再次撤下", ""):
        with pytest.raises(Refused):
            withdraw_paper(by=by, paper=paper, why=why, on=ON)


@pytest.mark.parametrize("why", ["", "  ", "字", "字" * 201])
def test_a_withdrawal_says_why(why):
    with pytest.raises(Refused):
        withdraw_paper(by=person("county_officer"), paper=add(), why=why, on=ON)
    assert not Evidence.objects.filter(withdrawn_on__isnull=False).exists()


def test_a_village_director_withdraws_only_their_own():
    director, one = person("village_director", VILLAGE), child()
    own, of_others = add(director, one), add(to=one)

    assert withdraw_paper(by=director, paper=own, why="拍糊了", on=ON).withdrawn_on == ON
    with pytest.raises(NotAllowed):
        withdraw_paper(by=director, paper=of_others, why="拍糊了", on=ON)
    with pytest.raises(NotAllowed):
        withdraw_paper(by=person("county_officer", NEXT_COUNTY), paper=of_others, why="拍糊了", on=ON)


def test_what_one_added_today_opens_at_once_and_is_recorded():
    director = person("village_director", VILLAGE)
    paper = add(director)

    content = open_paper(by=director, paper=paper, on=ON, at=timezone.now())

    assert content.startswith(b"\xff\xd8\xff")
    assert acts()[-1] == ("open_paper", paper.child.file_number, VILLAGE, {"paper": paper.pk, "purpose": None})


def test_a_village_director_opens_no_others_and_not_tomorrow():
    director, one = person("village_director", VILLAGE), child()
    own, of_others = add(director, one), add(to=one)
    assert Permission.SEE_SENSITIVE not in permissions_of(director, on=ON)
    purpose(director, one, timezone.now())

    for paper, at in ((of_others, timezone.now()), (own, days_later(own))):
        with pytest.raises(NotAllowed):
            open_paper(by=director, paper=paper, on=ON, at=at)
    assert [act for act, *_ in acts()] == ["add_paper", "add_paper", "state_purpose"]


def test_another_paper_opens_for_a_purpose_as_long_as_it_holds():
    officer, paper = person("county_officer"), add()
    now = timezone.now()
    with pytest.raises(PurposeNeeded):
        open_paper(by=officer, paper=paper, on=ON, at=now)
    purpose(officer, child(), now)
    with pytest.raises(PurposeNeeded):
        open_paper(by=officer, paper=paper, on=ON, at=now)
    stated = purpose(officer, paper.child, now)

    assert open_paper(by=officer, paper=paper, on=ON, at=now + timedelta(minutes=14))
    with pytest.raises(PurposeNeeded):
        open_paper(by=officer, paper=paper, on=ON, at=now + timedelta(minutes=15))
    assert [details for act, *_, details in acts() if act == "open_paper"] == [
        {"paper": paper.pk, "purpose": stated.pk}
    ]


@pytest.mark.parametrize("role", ["county_officer", "township_supervisor", "city_officer", "auditor"])
def test_a_neighbour_opens_nothing_even_with_a_purpose(role):
    neighbour, paper = person(role, NEXT_COUNTY), add()
    with pytest.raises(NotAllowed):
        open_paper(by=neighbour, paper=paper, on=ON, at=timezone.now())


def test_a_grant_shows_the_child_and_opens_no_paper():
    worker, paper = person("institution_staff", NEXT_COUNTY), add()
    grant(worker, paper.child.file_number)
    purpose(worker, paper.child, timezone.now())
    with pytest.raises(NotAllowed):
        open_paper(by=worker, paper=paper, on=ON, at=timezone.now())


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_a_file_that_is_lost_or_damaged_says_so(folder, harm):
    by = person("county_officer")
    paper = add(by)
    (path,) = files(folder)
    path.unlink() if harm == "lost" else path.write_bytes(path.read_bytes()[:-5] + b"12345")

    with override("en"), pytest.raises(Refused, match=f"paper {paper.pk} is damaged or lost"):
        open_paper(by=by, paper=paper, on=ON, at=timezone.now())
    assert acts()[-1][0] == "add_paper"


def test_notes_are_shown_on_demand_for_a_purpose():
    officer, one = person("county_officer"), child()
    paper = withdraw_paper(by=officer, paper=add(officer, one, note=CANARY), why="期满换新", on=ON)
    now, asked = timezone.now(), {"child": one, "number": paper.pk, "on": ON}
    with pytest.raises(PurposeNeeded):
        reveal(by=officer, value="paper-note", at=now, **asked)
    stated = purpose(officer, one, now)

    shown = [reveal(by=officer, value=f"paper-{value}", at=now, **asked) for value in ("note", "withdrawn_why")]

    assert shown == [CANARY, "期满换新"]
    assert acts()[-1][3] == {"field": "paper-withdrawn_why", "row": paper.pk, "purpose": stated.pk}
    elsewhere = asked | {"child": child()}
    purpose(officer, elsewhere["child"], now)
    with pytest.raises(NotAllowed):
        reveal(by=officer, value="paper-note", at=now, **elsewhere)
    with pytest.raises(NotAllowed):
        reveal(by=person("village_director", VILLAGE), value="paper-note", at=now, **asked)
    assert CANARY not in str(acts()) and str(paper.note) == "•••"


def tasks() -> dict[str, Task]:
    return {task.kind: task for task in Task.objects.filter(closed_at__isnull=True)}


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (61, set()),
        (60, {"paper_expiring"}),
        (31, {"paper_expiring"}),
        (30, {"paper_expiring", "paper_expires_soon"}),
        (0, {"paper_expiring", "paper_expires_soon"}),
        (-1, {"paper_expiring", "paper_expires_soon"}),
    ],
)
def test_what_expires_opens_its_tasks_in_time(days, kinds):
    last_day = ON + timedelta(days=days)
    paper = add(expires_on=last_day, issued_on=None)
    assert set(tasks()) == kinds
    Task.objects.all().delete()

    watch_papers(on=ON)

    assert set(tasks()) == kinds
    for task in tasks().values():
        assert (task.subject_kind, task.subject_key) == ("child", paper.child.file_number)
        assert (task.division_code, task.due_on, task.values) == (
            VILLAGE, last_day, {"count": 1, "on": last_day.isoformat()}
        )  # fmt: skip


def test_the_tasks_go_to_the_township_and_then_to_the_county():
    add(expires_on=ON + timedelta(days=20))
    supervisor, officer = person("township_supervisor", TOWNSHIP), person("county_officer")
    neighbour = person("county_officer", NEXT_COUNTY)

    (first,), (second,) = open_tasks(supervisor, on=ON), open_tasks(officer, on=ON)

    assert (first.kind, first.harm, second.kind, second.harm) == (
        "paper_expiring", Harm.ORDINARY, "paper_expires_soon", Harm.LOSS
    )  # fmt: skip
    assert not open_tasks(neighbour, on=ON).exists()


def test_a_child_has_one_task_of_each_kind_however_many_papers_and_nights():
    by, one = person("county_officer"), child()
    for kind, days in (("school_proof", 50), ("bank_card", 10), ("aid_proof", 25), ("photo", 90)):
        add(by, one, kind=kind, expires_on=ON + timedelta(days=days))
    for _ in range(3):
        watch_papers(on=ON)

    counts = {kind: (task.values["count"], task.due_on) for kind, task in tasks().items()}
    soon = ON + timedelta(days=10)
    assert counts == {"paper_expiring": (3, soon), "paper_expires_soon": (2, soon)}
    assert Task.objects.count() == 2


def test_a_newer_paper_of_the_kind_or_a_withdrawal_settles_the_tasks_at_once():
    by, one = person("county_officer"), child()
    first = add(by, one, expires_on=ON + timedelta(days=5))
    second = add(by, one, kind="bank_card", expires_on=ON + timedelta(days=9))
    add(by, one, expires_on=ON + timedelta(days=3000))
    left = {kind: task.values["on"] for kind, task in tasks().items()}
    withdraw_paper(by=by, paper=second, why="卡已注销", on=ON)

    assert left == dict.fromkeys(("paper_expiring", "paper_expires_soon"), second.expires_on.isoformat())
    assert tasks() == {}
    assert set(Task.objects.values_list("closed_by", "outcome")) == {(by.pk, "renewed")}
    assert first not in expiring(on=ON, within_days=60)


def test_a_withdrawn_renewal_lets_the_older_paper_count_again():
    by, one = person("county_officer"), child()
    add(by, one, expires_on=ON + timedelta(days=5))
    renewal = add(by, one, expires_on=None)
    assert tasks() == {}
    withdraw_paper(by=by, paper=renewal, why="拍错了", on=ON)
    assert set(tasks()) == {"paper_expiring", "paper_expires_soon"}


def test_the_night_closes_the_tasks_of_a_closed_file_and_leaves_others_alone():
    by, one, other = person("county_officer"), child(), child()
    for each in (one, other):
        add(by, each, expires_on=ON + timedelta(days=5))
    one.refresh_from_db()
    one.closed_on, one.closed_reason = ON, "grown_up"
    one.save()

    watch_papers(on=ON)

    assert {task.subject_key for task in Task.objects.filter(closed_at__isnull=True)} == {other.file_number}
    assert set(Task.objects.filter(subject_key=one.file_number).values_list("closed_by", "outcome")) == {
        (None, "renewed")
    }


def test_adding_to_one_child_leaves_the_tasks_of_another_alone():
    by = person("county_officer")
    add(by, child(), expires_on=ON + timedelta(days=5))
    add(by, child(), expires_on=None)
    assert set(tasks()) == {"paper_expiring", "paper_expires_soon"}


def test_the_night_asks_as_many_questions_for_many_as_for_one(django_assert_num_queries):
    by = person("county_officer")
    for _ in range(6):
        add(by, child(), expires_on=ON + timedelta(days=5))
    Task.objects.all().delete()
    with django_assert_num_queries(8):  # the savepoint, and three for each of the two tasks
        watch_papers(on=ON)
    assert Task.objects.count() == 12


def test_the_nightly_jobs_are_on_the_schedule_and_run(folder):
    app.perform_import_paths()
    names = {name for name, _ in app.periodic_registry.periodic_tasks}
    paper = add(expires_on=today() + timedelta(days=5), on=today())
    Task.objects.all().delete()
    left = kept(b"left over")
    os.utime(folder / left[:2] / left, (0, 0))

    jobs.watch_papers(timestamp=0)
    jobs.sweep_files_left(timestamp=0)

    assert {"registry.watch_papers", "registry.sweep_files"} <= names
    assert set(tasks()) == {"paper_expiring", "paper_expires_soon"}
    assert [path.name for path in files(folder)] == [paper.stored_name]


def test_files_are_sealed_anew_in_slices(folder, monkeypatch):
    by = person("county_officer")
    papers = [add(by) for _ in range(5)]
    (folder / papers[2].stored_name[:2] / papers[2].stored_name).unlink()
    before = files_by_key()
    _change_keys(monkeypatch)

    first = reseal_files(limit=3)
    second = reseal_files(after=first.after, limit=3)
    end = reseal_files(after=second.after, limit=3)
    again = reseal_files()

    assert (first.seen, first.renewed, first.lost, first.after) == (3, 2, (papers[2].pk,), papers[2].pk)
    assert (second.seen, second.renewed, second.after) == (2, 2, papers[4].pk)
    assert (end.seen, end.after) == (0, papers[4].pk)
    assert (again.renewed, again.lost) == (0, (papers[2].pk,))
    assert (before, files_by_key()) == ({b"\x01\x01": 4}, {b"\x01\x07": 4})
    assert open_paper(by=by, paper=papers[0], on=ON, at=timezone.now())


def test_a_change_of_keys_takes_the_files_along(folder, monkeypatch):
    add(person("county_officer"))
    _change_keys(monkeypatch)
    assert (rekeying.in_use(SealedField)[b"\x01\x01"] >= 1, files_by_key()) == (True, {b"\x01\x01": 1})

    done = reseal_all_files()

    assert (done.rows, done.damaged, files_by_key()) == (1, 0, {b"\x01\x07": 1})
    (path,) = files(folder)
    path.unlink()
    assert reseal_all_files().damaged == 1


def _change_keys(monkeypatch) -> None:
    from dataclasses import replace

    now = uploads.keys()
    later = replace(now, data=now.data | {7: bytes(range(32))}, current=7)
    monkeypatch.setattr(uploads, "keys", lambda: later)


def test_the_sweep_removes_old_files_without_a_row_and_no_others(folder):
    paper = add()
    left = kept(b"left over")

    early = sweep_files(before=timezone.now() - timedelta(days=1))
    late = sweep_files(before=timezone.now() + timedelta(days=1))

    assert (early, late) == (0, 1)
    assert [path.name for path in files(folder)] == [paper.stored_name] != [left]


def test_the_sweep_leaves_a_folder_of_another_database_alone(folder):
    kept(b"of another")
    assert sweep_files(before=timezone.now() + timedelta(days=1)) == 0
    assert len(files(folder)) == 1


def test_a_failing_act_takes_its_file_away(folder, monkeypatch):
    monkeypatch.setattr(Evidence.objects.__class__, "create", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add()
    assert files(folder) == []


def test_every_kind_can_be_added():
    by, one = person("county_officer"), child()
    for kind in PAPERS:
        add(by, one, kind=kind)
    assert papers_of(one).count() == len(PAPERS)


def test_of_a_sealed_paper_only_named_people_know():
    one, named, other = child(holdings=["orphan_kin"]), person("county_officer"), person("county_officer")
    grant(named, one.file_number, scope_kind="secret")
    content = picture("PNG", shade=serial())

    with pytest.raises(NotAllowed):
        add(other, one, is_sealed=True, content=content)
    paper = add(named, one, is_sealed=True, content=content, expires_on=ON + timedelta(days=10))

    assert (paper.kind, paper.is_sealed) == ("other", True)
    assert list(papers_known_to(named, one, sensitive=True, on=ON)) == [paper]
    assert not papers_known_to(other, one, sensitive=True, on=ON)
    assert papers_unknown_to(other, one, sensitive=True) == 0
    watch_papers(on=ON)
    assert not Task.objects.exists()
    assert add(other, one, content=content).kind == "disability_certificate"
    at = timezone.now() + timedelta(days=1)
    for by in (named, other):
        state_purpose(
            by=by, scope_kind="child", scope_key=one.file_number, division_code=VILLAGE, reason="verify", on=ON, at=at
        )
    assert open_paper(by=named, paper=paper, on=ON, at=at)
    with pytest.raises(NotAllowed):
        open_paper(by=other, paper=paper, on=ON, at=at)
    with pytest.raises(NotAllowed):
        reveal(by=other, child=one, value="paper-note", number=paper.pk, on=ON, at=at)
