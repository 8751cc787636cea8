"""Departmental data: who can be asked about what, and what an answer may hold."""

from datetime import date, datetime

import pytest

from hutong.law.aid import AIDS
from hutong.law.circumstances import CIRCUMSTANCES, HIDDEN, IN_ONE_PLACE, OF_CHILDREN, OF_PARENTS, SEALED
from hutong.law.data_sources import AIDS_ASKED, LIFE_SIGNS, SOURCES, TOPICS, Way, sources_of, topic

DAY = date(2026, 3, 1)
ANY = pytest.mark.parametrize("one", TOPICS, ids=lambda one: f"{one.source}-{one.about[0]}")


def test_every_circumstance_and_life_sign_can_be_asked_about_but_secret_whereabouts():
    asked = {kind for one in TOPICS for kind in one.about}
    assert asked == ({*OF_PARENTS, *OF_CHILDREN} - {HIDDEN}) | {*LIFE_SIGNS}


@pytest.mark.parametrize("kind", [HIDDEN, *SEALED, *IN_ONE_PLACE])
def test_nobody_is_asked_about_what_is_secret_or_known_in_one_place_alone(kind):
    assert sources_of(kind) == ()


def test_every_source_answers_something_and_is_known():
    assert {one.source for one in TOPICS} == {*SOURCES}


@pytest.mark.parametrize(
    ("kind", "sources"),
    [
        ("dead", ("police", "funeral", "court", "health")),
        ("alive", ("police", "funeral", "health")),
        ("out_of_contact", ("police", "immigration", "marriage")),
        ("severe_illness", ("health", "medical_insurance")),
        ("imprisoned", ("prison",)),
        ("drug_rehab", ("rehabilitation",)),
        ("other_aid", ("social_assistance",)),
        ("disability", ("disabled_federation",)),
    ],
)
def test_sources_of_a_kind_stand_in_order(kind, sources):
    assert sources_of(kind) == sources


@pytest.mark.parametrize(
    ("source", "kind", "fields"),
    [
        ("police", "dead", ["dead", "died_on"]),
        ("funeral", "alive", ["died_on"]),
        ("prison", "imprisoned", ["holds", "from_on", "until_on"]),
        ("police", "parents_not_found", ["holds", "reported_on", "until_on"]),
        ("disabled_federation", "disability", ["disability_class", "grade", "certificate_valid_until"]),
        ("education", "enrolled", ["level", "holds", "from_on", "until_on"]),
        ("adoption", "adopted", ["holds", "from_on"]),
        ("marriage", "out_of_contact", ["seen_on"]),
    ],
)
def test_an_answer_has_its_fields(source, kind, fields):
    assert list(topic(source, kind).by_code) == fields


def test_aid_is_asked_kind_by_kind_and_never_as_other():
    assert list(topic("social_assistance", "other_aid").by_code) == [f"aid_{kind}" for kind in AIDS if kind != "other"]


@pytest.mark.parametrize(("source", "kind"), [("prison", "dead"), ("nobody", "dead"), ("police", HIDDEN)])
def test_who_cannot_tell_is_not_asked(source, kind):
    with pytest.raises(LookupError, match=f"{source} cannot be asked about {kind}"):
        topic(source, kind)


def test_custody_is_answered_when_asked_and_deaths_are_sent():
    by_query = {kind for one in TOPICS if one.way is Way.QUERY for kind in one.about}
    assert by_query == {"imprisoned", "drug_rehab", "out_of_contact", "enrolled", "other_aid", "adopted"}
    assert topic("police", "out_of_contact").way is Way.PUSH


@ANY
def test_a_topic_tells_neither_who_is_asked_about_nor_what_was_claimed(one):
    said = " ".join([one.title_zh, *(field.title_zh for field in one.fields)])
    assert not any(word in said for word in ("父", "母", "儿童", "孤儿", "抚养", "申报"))


@ANY
def test_titles_within_a_topic_and_topics_within_a_source_are_told_apart(one):
    assert len({field.title_zh for field in one.fields}) == len({field.code for field in one.fields}) == len(one.fields)
    assert [other.title_zh for other in TOPICS if other.source == one.source].count(one.title_zh) == 1
    assert len(one.title_zh) <= 31  # the name of a sheet


@ANY
def test_every_choice_is_taken_and_has_a_word_of_its_own(one):
    for field in one.fields:
        assert all(field.takes(value) and field.word(value) == zh for value, zh, _en in field.choices)
        assert len({zh for _value, zh, _en in field.choices}) == len(field.choices)
        assert field.takes(DAY) is (not field.choices)


@ANY
def test_only_planned_last_days_may_lie_ahead(one):
    planned = {"prison", "rehabilitation", "education", "medical_insurance", "disabled_federation"}
    is_planned = one.source in planned or "liberty_restricted" in one.about
    for field in one.fields:
        is_last = field.code in ("until_on", "certificate_valid_until")
        assert field.may_be_ahead is (is_last and is_planned)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("grade", True), ("grade", 0), ("grade", 5), ("grade", "1"), ("grade", DAY), ("grade", None),
        ("disability_class", "blind"), ("certificate_valid_until", "2026-03-01"),
        ("certificate_valid_until", datetime(2026, 3, 1)), ("certificate_valid_until", None),
    ],
)  # fmt: skip
def test_a_field_takes_nothing_else(code, value):
    assert not topic("disabled_federation", "disability").by_code[code].takes(value)


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_yes_and_no_are_no_figures(value):
    assert not topic("police", "dead").by_code["dead"].takes(value)


def test_values_are_worded():
    fields = topic("disabled_federation", "disability").by_code
    assert [fields["grade"].word(grade) for grade in (1, 2, 3, 4)] == ["一级", "二级", "三级", "四级"]
    assert fields["disability_class"].word("mental") == "精神"
    assert fields["certificate_valid_until"].word(DAY) == "2026年3月1日"
    assert [topic("police", "dead").by_code["dead"].word(value) for value in (True, False)] == ["是", "否"]


def test_fields_are_titled_in_both_languages():
    def titles(source, kind):
        return [(field.title_zh, field.title_en) for field in topic(source, kind).fields]

    assert titles("prison", "imprisoned") == [
        ("目前是否在押", "In custody now"),
        ("起始日期", "From"),
        ("截止日期（已释放的填释放日期）", "Until; where released: released on"),
    ]
    assert titles("social_assistance", "other_aid") == [
        (f"是否享受{AIDS[kind][0]}", AIDS[kind][1]) for kind in AIDS_ASKED
    ]
    assert titles("court", "dead") == [("判决确定的死亡日期", "Day of death by judgment")]


@pytest.mark.parametrize("titles", [SOURCES.values(), TOPICS])
def test_both_languages_are_there(titles):
    assert all(one.title_zh and one.title_en.isascii() and one.title_en for one in titles)


def test_circumstances_that_are_asked_about_have_titles():
    assert all(kind in CIRCUMSTANCES or kind in LIFE_SIGNS for one in TOPICS for kind in one.about)
