"""Declaring one's own relatives."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.kin import declare_kin, end_kin
from hutong.accounts.models import DeclaredKin, TrailEntry
from hutong.accounts.queries import declared_kin, kin_of
from hutong.registry.intake.judge import id_index
from tests.factories import ON, id_number, kin, person, wrong_last

pytestmark = pytest.mark.django_db
NUMBER = id_number(at=7)


def declare(by, name="柳和清", relation="20", number=NUMBER, on=ON):
    return declare_kin(by=by, name=name, relation=relation, id_number=number, on=on)


def test_a_declaration_is_sealed_and_found_again_by_the_registers_own_index():
    officer = person("county_officer")
    made = declare(officer, name=" 柳 和清 ", number=NUMBER.lower())
    made.refresh_from_db()
    assert (made.name, made.id_number.open(), made.from_on) == ("柳和清", NUMBER, ON)
    assert kin_of(officer, on=ON) == ({id_index(NUMBER)}, set())
    assert not any(kin_of(person("county_officer"), on=ON))


def test_the_trail_says_that_and_not_whom():
    made = declare(person("county_officer"))
    entry = TrailEntry.objects.get(act="declare_kin")
    assert (entry.subject_key, entry.details) == (str(made.pk), {})


@pytest.mark.parametrize(
    "said",
    [{"name": "柳"}, {"name": "139"}, {"relation": "99"}, {"relation": ""}, {"number": wrong_last(NUMBER)}],
    ids=str,
)
def test_what_cannot_be_is_refused(said):
    with pytest.raises(Refused):
        declare(person("county_officer"), **said)
    assert not DeclaredKin.objects.exists()


def test_a_number_of_the_tests_is_no_relative_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(Refused):
        declare(person("county_officer"))


@pytest.mark.parametrize("again", [{"number": ""}, {"name": "柳清和", "relation": "71"}], ids=["name", "number"])
def test_nobody_is_declared_twice(again):
    officer = person("county_officer")
    declare(officer)
    with pytest.raises(Refused):
        declare(officer, **again)
    declare(person("county_officer"), **again)


def test_an_ended_declaration_holds_on_its_last_day_and_stays():
    officer, later = person("county_officer"), ON + timedelta(days=9)
    made = declare(officer)
    end_kin(by=officer, number=made.pk, on=later)
    assert any(kin_of(officer, on=later)) and not any(kin_of(officer, on=later + timedelta(days=1)))
    again = declare(officer, on=later + timedelta(days=1))
    assert declared_kin(officer) == [again, made]
    with pytest.raises(Refused):
        end_kin(by=officer, number=made.pk, on=later)


def test_nobody_ends_what_somebody_else_declared():
    made = kin(person("county_officer"))
    with pytest.raises(Refused):
        end_kin(by=person("county_officer"), number=made.pk, on=ON)
