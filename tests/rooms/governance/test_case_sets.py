"""Cases of the law that an office keeps: its own, with every version's author, and invented through and through."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.governance.actions.case_sets import keep_cases, remove_cases
from hutong.governance.models import CaseSet
from hutong.governance.queries import case_sets
from tests.factories import NEXT_COUNTY, ON, PROVINCE, person
from tests.rooms.governance.test_holidays import VIOLATIONS as OF_NOTICES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AT = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
TEXT = "- {name: a, on: 2025-06-02, child: {birth_date: 2015-03-07}}\n"


def kept(by, name="提标前核对", text=TEXT, revision=None):
    return keep_cases(by=by, name=name, text=text, revision=revision, on=ON, at=AT)


def test_a_set_is_kept_for_the_place_and_changed_by_version():
    officer, colleague = person("county_officer"), person("approver")
    first = kept(officer)
    again = kept(colleague, text=TEXT + TEXT, revision=1)
    assert (again.pk, again.revision, again.kept_by) == (first.pk, 2, colleague)
    assert list(case_sets(officer, on=ON)) == [again]
    acts = [(entry.act, entry.details) for entry in TrailEntry.objects.order_by("id")]
    assert acts == [("keep_cases", {"revision": 1}), ("keep_cases", {"revision": 2})]


def test_what_was_changed_meanwhile_is_not_written_over():
    officer = person("county_officer")
    kept(officer)
    for revision in (None, 2):
        with pytest.raises(Refused, match="meanwhile"):
            kept(officer, revision=revision)
    with pytest.raises(Refused, match="meanwhile"):
        kept(officer, name="另一套", revision=1)


def test_another_place_has_sets_of_its_own():
    kept(person("county_officer"))
    neighbour = person("county_officer", NEXT_COUNTY)
    assert not case_sets(neighbour, on=ON).exists()
    assert kept(neighbour).division_code.startswith(NEXT_COUNTY)
    assert case_sets(person("region_officer", PROVINCE), on=ON).count() == 2


@pytest.mark.parametrize("role", ["village_director", "finance", "auditor", "system_administrator"])
def test_whoever_does_not_try_the_law_keeps_nothing(role):
    with pytest.raises(NotAllowed):
        kept(person(role))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " "}, "name of at most"),
        ({"name": "长" * 61}, "name of at most"),
        ({"text": "name: a"}, "as a list"),
        ({"text": "["}, "Line 1"),
        ({"text": TEXT + "# 64010219900101123X"}, "invented"),
        ({"text": TEXT + "# 13900000000"}, "invented"),
        ({"text": TEXT * 4000}, "At most"),
    ],
)
def test_what_is_no_list_of_invented_cases_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        kept(person("county_officer"), **said)
    assert not CaseSet.objects.exists()


def test_a_set_with_a_wrong_case_is_kept_and_a_division_code_is_no_number():
    text = '- {name: a, jurisdiction: "640122000000", child: {birth_date: 2015-03-07, colour: red}}\n'
    assert kept(person("county_officer"), text=text).revision == 1


def test_a_set_is_removed_by_whoever_has_it():
    officer = person("county_officer")
    made = kept(officer)
    with pytest.raises(Refused):
        remove_cases(by=person("county_officer", NEXT_COUNTY), number=made.pk, on=ON)
    remove_cases(by=officer, number=made.pk, on=ON)
    with pytest.raises(Refused):
        remove_cases(by=officer, number=made.pk, on=ON)
    assert TrailEntry.objects.filter(act="remove_cases", subject_key=str(made.pk)).count() == 1


VIOLATIONS = {
    "case_set_name_once": lambda: [made(name="甲"), made(name="甲")],
    "case_set_has_name": lambda: made(name=""),
}


def made(**more):
    values = {"division_code": "640122000000", "text": TEXT, "kept_by": person(), "kept_at": AT}
    return CaseSet.objects.create(**values | more)


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS.items())
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_governance_is_tried():
    models = apps.get_app_config("governance").get_models()
    assert {one.name for model in models for one in model._meta.constraints} == {*VIOLATIONS, *OF_NOTICES}
