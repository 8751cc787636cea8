"""Parameters: by day, by place, the longest prefix first; what is written wrongly is named."""

from datetime import date

import pytest

from hutong.law.citation import cite
from hutong.law.parameters import Parameters, shipped
from hutong.law.rules import Rules
from hutong.law.task_days import due_on
from hutong.law.texts import WrongText

SAID = """
rate:
  zh: 标准
  en: Rate
  unit: fen_per_month
  values:
    - {from: 2020-01-01, value: "100", citation: default 一}
    - {from: 2022-01-01, value: "", citation: mz_2020_125}
    - {from: 2024-01-01, value: "300", citation: mz_2020_125, provisional: true, note: 待核}
"""


def made(tmp_path, **texts: str) -> Parameters:
    for name, text in texts.items():
        folder = tmp_path / name.removeprefix("p")
        folder.mkdir()
        (folder / "a.yaml").write_text(text, encoding="utf-8")
    return Parameters(tmp_path)


def test_a_value_holds_from_its_day_on_until_the_next(tmp_path):
    held = made(tmp_path, national=SAID)
    assert held.number("rate", on=date(2021, 12, 31)) == 100
    assert held.value("rate", on=date(2023, 1, 1)).value is None
    assert held.number("rate", on=date(2024, 1, 1), jurisdiction="640122000000") == 300
    for day in (date(2019, 12, 31), date(2022, 1, 1)):
        with pytest.raises(LookupError, match=r"on .* for national"):
            held.number("rate", on=day)
    with pytest.raises(LookupError, match="no number on 2022-01-01 for 64"):
        held.number("rate", on=date(2022, 1, 1), jurisdiction="64")


def test_a_province_is_a_folder_and_the_longest_prefix_wins(tmp_path):
    county = SAID.replace('"100"', '"700"').replace('"300"', '"900"').replace("2020-01-01", "2021-06-01")
    held = made(tmp_path, national=SAID, p22=SAID.replace('"100"', '"500"'), p220102=county)
    day = date(2021, 7, 1)
    asked = {"": 100, "640000000000": 100, "220000000000": 500, "220102000000": 700, "22": 500, "2201": 500}
    assert {place: held.number("rate", on=day, jurisdiction=place) for place in asked} == asked
    assert held.number("rate", on=date(2021, 1, 1), jurisdiction="220102000000") == 500
    with pytest.raises(LookupError, match="rate has no value on 2021-07-01 for 22"):
        shipped().value("rate", on=day, jurisdiction="22")
    with pytest.raises(LookupError, match="for national"):
        shipped().value("rate", on=day)
    with pytest.raises(LookupError, match="rate"):
        shipped().parameter("rate", jurisdiction="22")


def test_what_is_recalled_is_to_be_confirmed(tmp_path):
    held = made(tmp_path, national=SAID)
    assert [value.from_on.year for _parameter, value in held.to_confirm()] == [2020, 2024]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SAID.replace("unit:", "units:"), "units"),
        (SAID.replace("citation: default 一", "note: x"), "citation"),
        (SAID.replace("default 一", "nothing 一"), "no instrument nothing"),
        (SAID.replace("2022-01-01", "2020-01-01"), "go forward"),
        (SAID + SAID, "twice"),
        ("[", "a.yaml"),
    ],
)
def test_what_is_written_wrongly_is_named(tmp_path, text, why):
    with pytest.raises(WrongText, match=why):
        made(tmp_path, national=text)


def test_a_code_stands_once_in_a_folder(tmp_path):
    made(tmp_path, national=SAID)
    (tmp_path / "national" / "b.yaml").write_text(SAID, encoding="utf-8")
    with pytest.raises(WrongText, match="twice"):
        Parameters(tmp_path)


def test_a_citation_names_document_and_article():
    found = cite("mz_2020_125 第一条")
    assert found.zh == "《关于进一步做好事实无人抚养儿童保障有关工作的通知》（民发〔2020〕125号）第一条"
    assert found.en == "Notice on the protection of de facto unattended children, 民发〔2020〕125号, 第一条"


def test_every_shipped_value_has_a_title_and_a_source():
    assert {one.jurisdiction for one in shipped()} >= {"", "64"}
    for parameter in shipped():
        assert parameter.title_zh and parameter.title_en and parameter.values
        assert all(value.citation.zh.startswith("《") for value in parameter.values)


def test_what_rests_on_something_recalled_says_so_where_it_is_cited(tmp_path):
    held = made(tmp_path, national=SAID)
    cited = [held.value("rate", on=date(year, 1, 1)).citation.is_provisional for year in (2021, 2023, 2024)]
    assert cited == [True, False, True]


AGES = """
age_limit:
  zh: 年龄上限
  en: Age
  unit: years
  values:
    - {from: 1992-01-01, value: "18", citation: minors_law}
    - {from: 2030-07-01, value: "20", citation: minors_law}
"""


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2012, 6, 30), date(2030, 6, 30), 18),
        (date(2012, 7, 1), date(2032, 7, 1), 20),
        (date(1960, 1, 1), date(1992, 1, 1), 18),
    ],
)
def test_somebody_comes_of_age_by_the_law_of_that_day(tmp_path, born, day, age):
    assert Rules(made(tmp_path, national=AGES)).of_age(born) == (day, age)


@pytest.mark.parametrize(("kind", "day"), [("admit_batch", 7), ("mend_batch", 9), ("second_look", 19)])
def test_a_task_is_due_some_days_after_it_is_asked(kind, day):
    assert due_on(kind, on=date(2026, 6, 4), jurisdiction="640122000000") == date(2026, 6, day)


def test_a_task_of_no_known_kind_has_no_day():
    with pytest.raises(LookupError):
        due_on("nothing", on=date(2026, 6, 4))
