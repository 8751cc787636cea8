"""YAML as the law reads it: all of it text, and what is wrong is said with its line."""

import pytest

from hutong.law.texts import WrongText, read_text


def test_every_scalar_is_text():
    assert read_text("{on: 01, a: [true, null, 1.0], b: {c: ''}}", name="x") == {
        "on": "01", "a": ["true", "null", "1.0"], "b": {"c": ""},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 3, "cases.yaml: line 3: c stands twice"),
        ("a: 1\nb: 2\na: 1\nb: 2\n", 1, "cases.yaml: line 1: a, b stands twice"),
        ("a: 1\nb: [1\nc: 2\n", 3, "cases.yaml: while parsing"),
        ("a: 1\n  b: 2\n", 2, "cases.yaml: mapping values"),
        ("[" * 800, 0, "cases.yaml: maximum recursion"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, line, why):
    with pytest.raises(WrongText) as caught:
        read_text(text, name="cases.yaml")
    assert str(caught.value).startswith(why) and caught.value.line == line


def test_a_fault_without_a_place_has_no_line():
    assert (WrongText("a").line, str(WrongText("a"))) == (0, "a")
