"""The register of fields: read as texts, every word known, nothing twice, nothing left out."""

import re
from copy import deepcopy

import pytest

from hutong.law.fields import FieldClass, Mask, field, nouns, retentions, stricter
from hutong.law.fields.register import FOLDER, ROOMS, WrongRegister, nouns_of, read

LISTS = {
    "bases": {"law": {"zh": "某法", "en": "Some law"}, "ours": {"zh": "自定", "en": "Ours", "provisional": "true"}},
    "retention": {"short": {"zh": "一年", "en": "A year"}, "long": {"zh": "永久", "en": "For good"}},
    "shared": {"row": {"names": "id", "zh": "行号", "en": "Row", "class": "ordinary"}},
}
NOUN = {
    "title": {"zh": "物", "en": "Thing"}, "about": "child", "class": "sensitive", "basis": "law", "retention": "short",
    "with": ["row"],
    "fields": [
        {"names": ["name", "on"], "zh": "名", "en": "Name"},
        {"names": "secret", "zh": "密", "en": "Secret", "class": "secret", "basis": "ours", "retention": "long"},
    ],
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GROUPS = [(noun.label, group) for noun in nouns() for group in noun.groups]


def read_noun(change=lambda noun: None):
    said = deepcopy(NOUN)
    change(said)
    return nouns_of("room", {"room.thing": said}, LISTS)[0]


def read_text(tmp_path, text):
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_a_group_inherits_what_it_does_not_say():
    name, secret, row = read_noun().groups
    assert (row.field_class, row.basis.code, row.retention.code) == ("ordinary", "law", "short")
    assert (name.names, name.field_class, name.basis.provisional) == (("name", "on"), "sensitive", False)
    assert (secret.field_class, secret.basis.provisional, secret.retention.code) == ("secret", True, "long")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda noun: noun.update(colour="red"), "colour"),
        (lambda noun: noun["fields"][0].update(colour="red"), "colour"),
        (lambda noun: noun.pop("retention"), "retention"),
        (lambda noun: noun.pop("class"), "class"),
        (lambda noun: noun["fields"][0].pop("zh"), "zh"),
        (lambda noun: noun["fields"][0].update(basis="rumour"), "rumour"),
        (lambda noun: noun["fields"][0].update(retention="rumour"), "rumour"),
        (lambda noun: noun["fields"][0].update({"class": "top"}), "top"),
        (lambda noun: noun["fields"][0].update(mask="hat"), "hat"),
        (lambda noun: noun["fields"].append(noun["fields"][0]), "twice"),
        (lambda noun: noun["fields"][0].update(names=["name", "id"]), "twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_noun(change, word):
    with pytest.raises(WrongRegister, match=f"room.thing.*{word}"):
        read_noun(change)


@pytest.mark.parametrize("name", ["bases", "retention"])
def test_an_unknown_word_in_a_list_is_named(name):
    lists = deepcopy(LISTS)
    next(iter(lists[name].values()))["colour"] = "red"
    with pytest.raises(WrongRegister, match=f"{name}.*colour"):
        nouns_of("room", {"room.thing": NOUN}, lists)


def test_every_scalar_is_text(tmp_path):
    assert read_text(tmp_path, "on: yes\nno: 2025-12\nnumbers: [on, 012, 1e3, ~]") == {
        "on": "yes", "no": "2025-12", "numbers": ["on", "012", "1e3", "~"],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a:\n  b: 1\n  c: 1\n  b: 2", "- {a: 1, a: 2}"])
def test_a_key_that_stands_twice_is_an_error(tmp_path, text):
    with pytest.raises(WrongRegister, match="stands twice"):
        read_text(tmp_path, text)


def test_what_is_no_yaml_is_named_with_its_file(tmp_path):
    with pytest.raises(WrongRegister, match=r"a\.yaml"):
        read_text(tmp_path, "a: b: c")


def test_every_file_of_the_folder_is_read():
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {*ROOMS, "lists"}


@pytest.mark.parametrize(("label", "group"), GROUPS, ids=[f"{label}-{group.names[0]}" for label, group in GROUPS])
def test_every_group_says_what_for_in_both_languages(label, group):
    assert CHINESE.search(group.purpose_zh) and not CHINESE.search(group.purpose_en)
    assert group.purpose_en[0].isupper() and not group.purpose_en.endswith(".")


def test_what_is_cited_and_how_long_it_is_kept_is_said_in_both_languages():
    for one in (*retentions(), *{group.basis for _, group in GROUPS}):
        assert CHINESE.search(one.zh) and not CHINESE.search(one.en)


def test_every_citation_is_used():
    assert {group.basis.code for _, group in GROUPS} == read(FOLDER / "lists.yaml")["bases"].keys()


def test_our_own_periods_and_recalled_articles_are_provisional():
    assert all(one.provisional for one in retentions())
    firm = {group.basis.code for _, group in GROUPS if not group.basis.provisional}
    assert firm == {"difficulty", "de_facto", "welfare_2025"}


def test_the_strictest_class_counts():
    order = list(FieldClass)
    assert [stricter(one, other) for one in order for other in order] == [
        order[max(at, beside)] for at in range(3) for beside in range(3)
    ]


def test_a_mask_is_for_what_is_sensitive_only():
    assert {group.field_class for _, group in GROUPS if group.mask != Mask.NONE} == {FieldClass.SENSITIVE}


def test_a_column_is_found_by_its_path_and_an_unknown_one_is_not():
    assert field("registry.move.on").name == "on"
    with pytest.raises(LookupError):
        field("registry.child.shoe_size")
