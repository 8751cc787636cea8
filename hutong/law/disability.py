"""Disability (残疾): classes and grades of GB/T 26341, and what a certificate number says.

A certificate number is the ID number, one digit for the class, one for the grade, and for a re-issue `B1`, `B2` …
"""

import re
from dataclasses import dataclass

from hutong.law.identity import check_character, normalise

CLASSES = {
    "visual": ("1", "视力", "Sight"),
    "hearing": ("2", "听力", "Hearing"),
    "speech": ("3", "言语", "Speech"),
    "physical": ("4", "肢体", "Limbs"),
    "intellectual": ("5", "智力", "Intellectual"),
    "mental": ("6", "精神", "Mental"),
    "multiple": ("7", "多重", "Multiple"),
}
GRADES = (1, 2, 3, 4)
CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d{1,2})?")
_CLASS_OF = {digit: code for code, (digit, _, _) in CLASSES.items()}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A judged disability certificate number (残疾人证号).

    `fault` is one of: form, check_character, person, class, grade; nothing where it is right.
    """

    fault: str = ""
    normalised: str = ""


def judge_certificate(text: str, *, id_number: str, disability_class: str, grade: int) -> Certificate:
    """Judges a certificate number against whose it is said to be (`id_number` empty: not known), class and grade."""
    number = normalise(text)
    parts = CERTIFICATE.fullmatch(number)
    if parts is None:
        return Certificate("form")
    if check_character(parts[1][:17]) != parts[1][17]:
        return Certificate("check_character")
    if id_number and parts[1] != id_number:
        return Certificate("person")
    if _CLASS_OF[parts[2]] != disability_class:
        return Certificate("class")
    return Certificate("" if int(parts[3]) == grade else "grade", number)
