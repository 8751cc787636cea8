"""Disability: what a certificate number says, and from where on it is severe."""

from datetime import date

import pytest

from hutong.law.disability import CLASSES, GRADES, judge_certificate
from tests.factories import id_number, wrong_last

NUMBER, ANOTHER = id_number(at=1), id_number(date(1980, 5, 2), at=2)
SAID = {"id_number": NUMBER, "disability_class": "hearing", "grade": 3}


def judge(text, **more):
    return judge_certificate(text, **SAID | more)


@pytest.mark.parametrize(("code", "digit"), [(code, digit) for code, (digit, _, _) in CLASSES.items()])
@pytest.mark.parametrize("grade", GRADES)
def test_every_class_and_grade_has_its_certificate(code, digit, grade):
    judged = judge(f"{NUMBER}{digit}{grade}", disability_class=code, grade=grade)
    assert (judged.fault, judged.normalised) == ("", f"{NUMBER}{digit}{grade}")


@pytest.mark.parametrize("typed", [f"{NUMBER}23B1", f"{NUMBER.lower()}23b12", f" {NUMBER[:6]} {NUMBER[6:]} 23 "])
def test_re_issues_and_ways_of_typing_are_read(typed):
    assert judge(typed).fault == ""
    assert judge(typed).normalised == typed.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "form"),
        (NUMBER, "form"),
        (f"{NUMBER}83", "form"),
        (f"{NUMBER}25", "form"),
        (f"{NUMBER}23C1", "form"),
        (f"{NUMBER}23B123", "form"),
        (f"{wrong_last(NUMBER)}23", "check_character"),
        (f"{ANOTHER}23", "person"),
        (f"{NUMBER}13", "class"),
        (f"{NUMBER}24", "grade"),
    ],
)
def test_what_does_not_fit_is_named(text, fault):
    assert judge(text).fault == fault


def test_the_first_fault_is_named_when_several_are_there():
    assert judge(f"{ANOTHER}14").fault == "person"
    assert judge(f"{NUMBER}14").fault == "class"


def test_whose_it_is_cannot_be_checked_where_no_number_is_known():
    assert judge(f"{ANOTHER}23", id_number="").fault == ""


def test_digits_are_one_to_seven_once_each():
    assert sorted(digit for digit, _, _ in CLASSES.values()) == list("1234567")
