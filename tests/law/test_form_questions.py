"""The questions of the registration form: what officers write is read against the answers it offers, never guessed."""

import pytest

from hutong.law.form_questions import QUESTIONS, answer_titles, read_answer


@pytest.mark.parametrize(
    ("code", "written", "kept"),
    [
        ("health", "健康", "healthy"),
        ("health", "患病", "ill"),
        ("disability_class", "肢体、智力", "physical、intellectual"),
        ("disability_class", "4", "physical"),
        ("disability_grade", "二级", "2"),
        ("disability_grade", "II级", "2"),
        ("boarding", "住校", "yes"),
        ("is_registered", "未登记", "no"),
        ("schooling", "义务教育阶段辍学", "dropped_out"),
        ("schooling", "中专", "vocational"),
        ("absence", "一方外出，另一方无监护能力", "one_away"),
        ("absence", "both_away", "both_away"),
        ("unable_parent", "母亲", "mother"),
        ("guardianship_type", "受委托监护人监护能力不足", "carer_insufficient"),
        ("income", "务农；打工", "wages、farming"),
        ("income", "务工 务工", "wages"),
        ("aid", "低保/临时救助", "dibao、temporary"),
        ("illness", "先天性心脏病、癫痫", "先天性心脏病、癫痫"),
    ],
)
def test_an_answer_is_kept_by_its_code(code, written, kept):
    answer = read_answer(code, written)
    assert (answer.kept, answer.is_known) == (kept, True)


@pytest.mark.parametrize(
    ("code", "written"),
    [("health", "还行"), ("schooling", "小学三年级"), ("income", "务工、彩票"), ("boarding", "是、否"), ("aid", "、")],
)
def test_an_answer_that_the_form_does_not_offer_is_kept_as_written(code, written):
    answer = read_answer(code, written)
    assert (answer.kept, answer.is_known) == (written, False)


def test_an_answer_ends_somewhere():
    assert read_answer("illness", "病" * 500).kept == "病" * 200
    assert read_answer("illness", "病" * 200).kept == "病" * 200


@pytest.mark.parametrize("code", [code for code, question in QUESTIONS.items() if question.answers])
def test_every_title_is_read_as_its_answer(code):
    for answer, (zh, en, also) in QUESTIONS[code].answers.items():
        assert {read_answer(code, word).kept for word in (answer, zh, *also)} == {answer}
        assert answer_titles(code, answer) == [(zh, en)]


@pytest.mark.parametrize("code", [code for code, question in QUESTIONS.items() if question.answers])
def test_no_word_stands_for_two_answers(code):
    words = [word for answer, (zh, _, also) in QUESTIONS[code].answers.items() for word in {answer, zh, *also}]
    assert len(words) == len(set(words))


def test_a_kept_answer_is_said_in_words():
    assert answer_titles("income", "wages、farming") == [("务工", "Wages"), ("务农", "Farming")]
    assert answer_titles("income", "务工、彩票") == [("务工、彩票", "务工、彩票")]
    assert answer_titles("illness", "癫痫") == [("癫痫", "癫痫")]


def test_what_tells_of_health_guardianship_and_need_is_sensitive():
    sensitive = {code for code, question in QUESTIONS.items() if question.is_sensitive}
    assert {"health", "illness", "disability_grade", "guardianship", "guardianship_type", "income", "aid"} <= sensitive
    assert not sensitive & {"schooling", "boarding", "is_registered", "father_workplace"}


def test_whether_an_answer_is_a_date_or_takes_several_is_said():
    assert {code for code, question in QUESTIONS.items() if question.is_date} == {
        code for code in QUESTIONS if code.endswith("_birth_date")
    }
    assert {code for code, question in QUESTIONS.items() if question.takes_several} == {
        "disability_class", "income", "aid",
    }  # fmt: skip


def test_what_anybody_at_the_door_may_know_is_not_sensitive_and_all_else_is():
    open_ones = {code for code, question in QUESTIONS.items() if not question.is_sensitive}
    relatives = {code for code in QUESTIONS if code.endswith(("_name", "_birth_date", "_workplace"))}
    assert open_ones == {"is_registered", "boarding", "schooling", "is_entrusted"} | relatives


def test_the_form_asks_for_four_grandparents_and_two_parents():
    assert len([code for code in QUESTIONS if "grand" in code]) == 8
    assert {code for code in QUESTIONS if code.startswith(("father", "mother"))} == {
        "father_birth_date", "father_workplace", "mother_birth_date", "mother_workplace",
    }  # fmt: skip


def test_one_answer_takes_no_several():
    assert read_answer("health", "健康、患病").is_known is False
    assert answer_titles("health", "healthy、还行") == [("healthy、还行", "healthy、还行")]
