"""Working days by page and by console: which notices are loaded, and the next one read, compared and loaded."""

import html
import json
import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal
from hutong.governance.models import HolidayNotice
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
TEXT = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。二、春节：2月5日至11日放假调休，共7天。1月31日（周日）上班。"
SAID = {"place": "00", "year": "2027", "number": "甲1号", "issued_on": "2026-11-20", "text": TEXT}
INDEX, LOAD = reverse("desk:holidays"), reverse("desk:load_holidays")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.NOTICES_DIR = tmp_path / "holidays"
    return settings.NOTICES_DIR


@pytest.fixture
def officer(signed_in):
    return signed_in(make.person("region_officer", make.PROVINCE))


def told(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", answer.content.decode().split("<main")[1]))


def test_whoever_has_signed_in_sees_which_years_are_loaded(signed_in):
    page = told(signed_in(make.person("village_director", make.VILLAGE)).get(INDEX))
    assert "2026" in page and "国办发明电〔2025〕7号" in page and "2027年" in page
    assert "载入通知" not in page


def test_a_notice_is_read_first_and_loaded_when_it_is_right(officer):
    read = told(officer.post(LOAD, SAID))
    assert "2027-02-05" in read and "01-31" in read and not HolidayNotice.objects.exists()
    answer = officer.post(LOAD, SAID | {"load": "yes"})
    assert answer.status_code == 302 and HolidayNotice.objects.get().year == 2027
    assert "甲1号" in told(officer.get(INDEX))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": "元旦放假"}, "没有读到放假日期"),
        ({"text": "一、元旦：1月1日放假。1月4日上班。"}, "2027-01-04"),
        ({"year": "99"}, ""),
        ({"number": ""}, ""),
        ({"place": "22"}, ""),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_pasted_stays(officer, more, why):
    answer = officer.post(LOAD, SAID | more | {"load": "yes"})
    assert answer.status_code == 422 and why in told(answer) and (SAID | more)["text"] in told(answer)
    assert not HolidayNotice.objects.exists()


def test_an_item_that_was_not_read_is_pointed_at(officer):
    assert "古尔邦节" in told(officer.post(LOAD, SAID | {"text": TEXT + "三、古尔邦节：另行通知。"}))


@pytest.mark.parametrize("role", ["county_officer", "auditor", "system_administrator"])
def test_for_others_there_is_no_page_to_load_one(signed_in, role):
    assert signed_in(make.person(role)).get(LOAD).status_code == 404


@pytest.fixture
def holidays(tmp_path):
    def called(text: str | bytes, *options: str):
        file = tmp_path / "notice.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with override("en"):
            said = ["--year", "2027", "--number", "甲1号", "--issued", "2026-11-20"]
            return CliRunner().invoke(app, ["holidays", str(file), *said, *options])

    return called


def test_the_command_reads_and_only_with_a_name_loads(holidays):
    read = json.loads(holidays(TEXT, "--json").stdout)
    assert read["holidays"][0] == {"name": "元旦", "from": "2027-01-01", "until": "2027-01-03"}
    assert (read["workdays"], read["loaded"]) == (["2027-01-31"], False) and not HolidayNotice.objects.exists()
    officer = make.person("region_officer", make.PROVINCE)
    assert "Loaded." in holidays(TEXT, "--by", officer.username).stdout
    assert HolidayNotice.objects.get().loaded_by == officer


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", ()),
        ("元旦".encode("gb18030"), ()),
        (TEXT, ("--issued", "20 November")),
        (TEXT, ("--by", "nobody")),
        (TEXT, ("--place", "98")),
    ],
)
def test_the_command_refuses_what_it_cannot_use(holidays, text, options):
    assert isinstance(holidays(text, *options).exception, Refusal)


def test_the_deadline_is_counted_by_what_is_loaded(holidays):
    asked = ["deadline", "--received", "2026-12-21", "--working-days", "10", "--json"]
    assert json.loads(CliRunner().invoke(app, asked).stdout)["due_on"] == "2027-01-04"
    holidays(TEXT, "--by", make.person("region_officer", make.PROVINCE).username)
    after = json.loads(CliRunner().invoke(app, asked).stdout)
    assert (after["due_on"], after["provisional"]) == ("2027-01-05", False)
