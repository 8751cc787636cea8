"""The text of cases: one case is added or put back, and all else stays as somebody wrote it."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.case_text import Quoted, Unplaced, added, cases_in, marks_in, replaced
from hutong.law.texts import WrongText

FILES = sorted((Path(__file__).parent / "cases").rglob("*.yaml"))
TEXT = """\
# what we try before July
- name: one  # the first
  jurisdiction: "640122000000"
  # about the child
  child: {birth_date: 2015-03-07, adopted: false}
  parents:  # both
  - role: father
    # found in the court's paper
    circumstances: [{kind: dead, from: 2023-11-02}]  # sure
  - {role: mother}
  # done

- name: two
  child:
    birth_date: 2015-03-07   # invented
    sex: male
# the end
"""
CASE = {"name": "新的: a", "jurisdiction": Quoted("64"), "on": "2026-06-03", "child": {"birth_date": "2015-03-07"}}


def lines_of(text: str) -> set[str]:
    return set(text.splitlines())


def changed(text: str, number: int, **keys) -> dict:
    return cases_in(text)[number] | keys


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", TEXT, TEXT.rstrip(), "- a: b\n...\n", "  - a: b\n"])
def test_a_case_is_added_at_the_end(text):
    made = added(text, CASE)

    assert cases_in(made) == [*cases_in(text), CASE]
    assert lines_of(text) <= lines_of(made)
    assert '  jurisdiction: "64"\n' in made and "  on: 2026-06-03\n" in made


def test_several_of_one_kind_stand_on_lines_of_their_own():
    case = {"name": "a", "parents": [{"role": "father"}, {"role": "mother"}], "months": ["2026-01", "2026-02"]}

    assert added("", case) == (
        "- name: a\n  parents:\n    - {role: father}\n    - {role: mother}\n  months: [2026-01, 2026-02]\n"
    )


@pytest.mark.parametrize("text", ["[]", "[{a: b}]", "[{a: b}, ]", '[{"a": "b"}\n]'])
def test_a_list_in_brackets_stays_one(text):
    assert cases_in(added(text, CASE)) == [*cases_in(text), CASE]


@pytest.mark.parametrize("text", ["a: b", "words", "- [", "- {a: b, a: c}"])
def test_what_is_no_list_of_cases_takes_none(text):
    with pytest.raises(WrongText):
        added(text, CASE)


def test_what_is_put_back_unchanged_leaves_the_text_as_it_was():
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for number, case in list(enumerate(cases_in(text)))[::19]:
            assert replaced(text, number, case) == text


def test_only_what_differs_is_written_anew():
    parents = [{"role": "father", "circumstances": [{"kind": "dead", "from": "2024-01-01"}]}, {"role": "mother"}]
    made = replaced(TEXT, 0, changed(TEXT, 0, parents=parents))

    assert made == TEXT.replace("2023-11-02", "2024-01-01")


def test_a_key_that_comes_or_goes_leaves_the_comments():
    case = changed(TEXT, 0, on="2026-06-03", child={"birth_date": "2015-03-07"})
    del case["jurisdiction"]
    made = replaced(TEXT, 0, case)

    assert cases_in(made)[0] == case
    assert "  - {role: mother}\n  on: 2026-06-03\n  # done\n" in made
    assert "jurisdiction" not in made and "  # about the child\n  child: {birth_date: 2015-03-07}\n" in made


def test_a_part_that_comes_or_goes_in_a_list():
    more = replaced(TEXT, 0, changed(TEXT, 0, parents=[*cases_in(TEXT)[0]["parents"], {"role": "adoptive_mother"}]))
    fewer = replaced(TEXT, 0, changed(TEXT, 0, parents=cases_in(TEXT)[0]["parents"][:1]))

    assert more == TEXT.replace("  - {role: mother}\n", "  - {role: mother}\n  - {role: adoptive_mother}\n")
    assert fewer == TEXT.replace("  - {role: mother}\n", "")


def test_the_first_key_may_go():
    case = {key: said for key, said in cases_in(TEXT)[1].items() if key != "name"}

    assert replaced(TEXT, 1, case) == TEXT.replace("- name: two\n  child", "- child")


def test_lines_end_as_they_did():
    text = TEXT.replace("\n", "\r\n")
    made = added(replaced(text, 1, changed(text, 1, on="2026-06-03")), CASE)

    assert made.count("\n") == made.count("\r\n") and "  on: 2026-06-03\r\n" in made
    assert "male\r\n  on: 2026-06-03\r\n# the end\r\n- name: '新的: a'\r\n" in made


@pytest.mark.parametrize("text", ["- &a {name: one}\n- *a\n", "- name: &n one\n  other: *n\n", "- !!map {name: one}\n"])
def test_a_text_with_anchors_is_left_to_whoever_wrote_it(text):
    for write in (lambda: replaced(text, 0, {"name": "two"}), lambda: added(text, CASE), lambda: marks_in(text)):
        with pytest.raises(Unplaced):
            write()


def test_a_text_that_says_much_by_aliases_is_not_spelled_out():
    names = "abcdefghijklmnopqrstuvwx"
    nested = [f"- &{name} {[f'*{before} '] * 9}".replace("'", "") for before, name in pairwise(names)]
    text = "\n".join(["- &a [x]", *nested])

    with pytest.raises(Unplaced):
        added(text, CASE)


@pytest.mark.parametrize(
    "text",
    [
        "- name:\n  on: 2026-06-03\n",
        "- ? name\n  : one\n  ? on\n  : a\n",
        "- name: |\n    one\n    more\n\n  # then\n  on: a\n",
        "- name: >-\n    one\n\n- name: two\n",
        "- {name, on: a}\n",
        "-\n  name: one\n  months:\n  - 2026-01\n",
        "- 'name': \"one\"\n  months: [2026-01,\n    2026-02]  # two\n",
    ],
)
def test_every_way_to_write_a_case_can_be_put_back(text):
    for wanted in ({"name": "x"}, {"on": "b"}, {"name": "one", "months": ["2026-03"], "more": {"a": ["b"]}}):
        made = replaced(text, 0, wanted)
        assert cases_in(made) == [wanted, *cases_in(text)[1:]]


def test_a_case_is_known_by_what_it_says():
    first, second = marks_in(TEXT)

    assert first == marks_in("# more\n- {name: before}\n" + TEXT)[1] != second


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x85\u2028\u2029\ufeff"), max_size=6
)
KEYS = st.sampled_from(["name", "on", "child", "parents", "a: b", "# c", "2026-01"])
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
CASES = st.dictionaries(KEYS, VALUES, max_size=4)


@given(st.lists(CASES, min_size=1, max_size=3), CASES, st.booleans() | st.none(), st.integers(0, 2), st.integers(1, 4))
def test_whatever_is_put_back_is_read_and_the_others_stay(before, wanted, style, number, indent):
    said = yaml.safe_dump(before, default_flow_style=style, allow_unicode=True, indent=indent)
    text = f"# head\n{said}# end\n"
    number %= len(before)
    made = replaced(text, number, wanted)

    assert cases_in(made) == [*before[:number], wanted, *before[number + 1 :]]
    assert made.startswith("# head\n") and made.endswith("# end\n")
    assert cases_in(added(text, CASE)) == [*before, CASE]
