"""Kinds of copies: each is made for a reader, and of nothing that reader has no business with."""

from datetime import date, timedelta

import pytest

from hutong.accounts.permissions import Permission
from hutong.law import copies
from hutong.law.categories import CATEGORIES
from hutong.law.copies import (
    COLUMNS,
    FORMS,
    KINDS,
    LISTS,
    PARTS,
    PURPOSES,
    UNSPOKEN,
    WHEREABOUTS,
    copy_number,
    copy_rules,
    read_copy_number,
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_each_kind_has_a_permission_a_reader_known_columns_and_purposes(kind):
    assert Permission(kind.code)
    assert kind.title_zh and kind.reader_zh and kind.purposes
    assert set(kind.purposes) <= set(PURPOSES)
    assert set(kind.columns) <= set(COLUMNS) | (set() if kind.is_list else set(PARTS))


def test_every_kind_is_a_list_or_a_form_and_every_purpose_serves_one():
    assert {*LISTS} | {*FORMS} == set(KINDS) and not {*LISTS} & {*FORMS}
    assert {purpose for kind in KINDS.values() for purpose in kind.purposes} == set(PURPOSES)


@pytest.mark.parametrize("kind", ["export_care", "print_care"])
def test_who_helps_learns_neither_name_nor_number_nor_address(kind):
    assert not {"name", "id_number", "birth_date", "address", "guardian", "guardian_phone", "place", "contact"} & set(
        KINDS[kind].columns
    )


def test_numbers_leave_for_another_register_alone():
    theirs = ["export_comparison", "export_national"]
    assert [code for code, kind in KINDS.items() if "id_number" in kind.columns] == theirs
    assert "address" not in KINDS["export_roster"].columns


def test_what_tells_where_a_child_is_and_what_is_not_said_are_known():
    assert set(COLUMNS) > WHEREABOUTS and set(CATEGORIES) > UNSPOKEN


def test_a_number_is_read_however_it_is_typed_and_one_wrong_character_is_found():
    number = copy_number("7K2M9QXC")
    assert read_copy_number(number) == read_copy_number(number.lower().replace("-", " ")) == number
    for at, character in enumerate(number):
        if character != "-":
            other = "A" if character != "A" else "B"
            assert read_copy_number(number[:at] + other + number[at + 1 :]) is None
    assert read_copy_number("") is None and read_copy_number(copy_number("0I0I0I0I")) is None


def test_rules_hold_from_a_day_on_and_say_that_they_are_ours():
    rules = copy_rules(date(2026, 11, 24))
    assert set(rules.destroyed_after) < set(KINDS) and set(LISTS) <= set(rules.destroyed_after)
    assert (rules.days("export_visiting"), rules.days("print_file")) == (15, None)
    assert (rules.children_alone, rules.fetch, rules.is_provisional) == (50, timedelta(days=1), True)
    with pytest.raises(LookupError, match="2019-12-31"):
        copy_rules(date(2019, 12, 31))


def test_what_is_exported_is_a_list_and_what_is_printed_a_form_of_one_child():
    assert all(code.startswith("export_") for code in LISTS) and all(code.startswith("print_") for code in FORMS)


def test_later_rules_hold_from_their_day_on(monkeypatch, tmp_path):
    now = copies.FILE.read_text(encoding="utf-8")
    later = now.replace("2020-01-01", "2027-03-01").replace("children_alone: 50", "children_alone: 20")
    file = tmp_path / "copies.yaml"
    file.write_text(later + now, encoding="utf-8")
    monkeypatch.setattr(copies, "FILE", file)
    monkeypatch.setattr(copies, "_rules", copies._rules.__wrapped__)
    days = [date(2020, 1, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert [copy_rules(day).children_alone for day in days] == [50, 50, 20]
    with pytest.raises(LookupError):
        copy_rules(date(2019, 12, 31))
