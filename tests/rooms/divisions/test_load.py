"""Loading the shipped list."""

import pytest

from hutong.divisions.actions.load import load_shipped
from hutong.divisions.models import Division, Kind
from hutong.divisions.reference import listed
from hutong.law.division_code import Level, ancestors, level_of


@pytest.mark.django_db
def test_the_list_is_loaded_once():
    assert load_shipped("64") == len(list(listed("64"))) == Division.objects.count()
    assert load_shipped("64") == 0


@pytest.mark.django_db
def test_what_stands_there_already_is_not_touched():
    Division.objects.create(
        code="640122000000", name="贺兰县（旧）", level=Level.COUNTY, pinyin="h", initials="h", source="s"
    )
    load_shipped("64")
    assert Division.objects.get(code="640122000000").name == "贺兰县（旧）"


@pytest.mark.django_db
def test_a_province_without_a_list_loads_nothing():
    assert load_shipped("62") == 0


def test_the_list_is_whole():
    lines = list(listed("64"))
    codes = {line.code for line in lines}
    assert len(codes) == len(lines)
    assert all(line.level == level_of(line.code) for line in lines)
    assert all(set(ancestors(line.code)) <= codes for line in lines)
    assert sum(line.level == Level.COUNTY for line in lines) == 22


def test_living_areas_and_farms_are_no_administrative_units():
    kinds = {line.kind for line in listed("64")}
    assert kinds == {Kind.ADMINISTRATIVE, Kind.FUNCTIONAL, Kind.VIRTUAL}
    assert all(
        line.kind == Kind.VIRTUAL for line in listed("64") if "虚拟" in line.name and line.level == Level.VILLAGE
    )
