"""`hutong recode`: one place or a file of many, checked as a whole before anything is written."""

import json

import pytest
import typer

from hutong.accounts.models import Person
from hutong.console.divisions import recode
from hutong.console.printing import Refusal
from hutong.divisions.models import Succession
from hutong.registry.models import Child
from tests import factories as make

pytestmark = pytest.mark.usefixtures("divisions")
NEW = "640122100290"
HEAD = "from,to,name,on,document\n"
DOCUMENT = "宁民发〔2025〕9号"


def admin() -> Person:
    return make.person("system_administrator", "64")


def answered(capsys, **given: object) -> dict:
    values = {"by": admin().username, "as_json": True} | given
    try:
        recode(**values)
    except typer.Exit as ended:
        assert ended.exit_code == 1
    return json.loads(capsys.readouterr().out)


def written(tmp_path, content: str, encoding: str = "utf-8") -> object:
    file = tmp_path / "recodes.csv"
    file.write_bytes(content.encode(encoding))
    return file


def test_one_place_is_recoded_and_its_children_follow(capsys):
    child = make.child()

    told = answered(capsys, from_code=make.VILLAGE, to_code=NEW, name="黎明新村", on="2025-03-01", document=DOCUMENT)

    assert told == {"recoded": 1, "children": 1, "tasks": 0, "split": [], "problems": []}
    assert Child.objects.get(pk=child.pk).responsible_code == NEW


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_of_many_is_recoded(capsys, tmp_path, encoding):
    content = (
        f"{HEAD}{make.VILLAGE},{NEW},,2025-03-01,{DOCUMENT}\n640122101000,640122191000,新镇,2025-03-01,{DOCUMENT}\n"
    )

    told = answered(capsys, file=written(tmp_path, content, encoding))

    assert told["problems"] == [] and told["recoded"] > 2
    assert Succession.objects.filter(to_code="640122191000").exists()


def test_every_problem_has_its_line_and_nothing_is_written(capsys, tmp_path):
    content = (
        f"{HEAD}{make.VILLAGE},{NEW},,2025-03-01,{DOCUMENT}\n640122100999,640122100998,,2025-03-01,{DOCUMENT}\n"
        f"\n640122100201,6401221,,2025-03-01,{DOCUMENT}\n"
    )

    told = answered(capsys, file=written(tmp_path, content))

    assert [problem["line"] for problem in told["problems"]] == [3, 5]
    assert "640122100999" in told["problems"][0]["message"]
    assert told["recoded"] == 0 and not Succession.objects.exists()


def test_a_day_that_is_none_is_named_with_its_line(capsys, tmp_path):
    told = answered(capsys, file=written(tmp_path, f"{HEAD}{make.VILLAGE},{NEW},,1.3.2025,{DOCUMENT}\n"))

    assert [problem["line"] for problem in told["problems"]] == [2]
    assert not Succession.objects.exists()


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "from,to\n1,2\n"])
def test_a_file_of_other_columns_is_refused(tmp_path, content):
    with pytest.raises(Refusal, match="from,to,name,on,document"):
        recode(by=admin().username, file=written(tmp_path, content))


def test_who_may_not_and_who_is_not_there_are_refused():
    given = {"from_code": make.VILLAGE, "to_code": NEW, "on": "2025-03-01", "document": DOCUMENT}
    for username in (make.person("county_officer").username, "nobody-of-this-name"):
        with pytest.raises(Refusal):
            recode(by=username, **given)
    assert not Succession.objects.exists()


def test_with_no_place_what_has_come_into_force_is_followed(capsys):
    child = make.child()
    Succession.objects.create(from_code="640122100999", to_code=make.VILLAGE, on=make.ON)
    Child.objects.filter(pk=child.pk).update(responsible_code="640122100999")

    assert answered(capsys)["children"] == 1
    assert Child.objects.get(pk=child.pk).responsible_code == make.VILLAGE


def test_people_are_told_in_words(capsys):
    recode(by=admin().username, from_code=make.VILLAGE, to_code=NEW, on="2025-03-01", document=DOCUMENT)

    assert "1" in capsys.readouterr().out
