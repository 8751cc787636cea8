"""Classes of fields are permissions: roles are data, and what is secret asks for a name besides."""

from datetime import timedelta

import pytest

from hutong.accounts.field_classes import NEEDED, SECRET_SCOPE, UNMASKING, may_see, needed_for
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import postings_on
from hutong.accounts.roles import ROLES, Role
from hutong.law.division_code import Level
from hutong.law.fields import About, FieldClass, Mask, field, nouns
from tests.factories import COUNTY, ON, PROVINCE, VILLAGE, VILLAGE_OF_NEXT_COUNTY, grant, person

ORDINARY, SENSITIVE = "registry.child.name", "registry.circumstance.kind"
SECRET, NUMBER, CONTACT = "registry.categoryholding.secret_basis", "registry.child.id_number", "registry.guardian.phone"
KEY = "64-0000-0001-K"
SEEN = {
    "village_director": {ORDINARY, CONTACT},
    "township_supervisor": {ORDINARY, SENSITIVE, NUMBER, CONTACT},
    "county_officer": {ORDINARY, SENSITIVE, NUMBER, CONTACT, SECRET},
    "approver": {ORDINARY, SENSITIVE, NUMBER, CONTACT, SECRET},
    "payer": {ORDINARY},
    "finance": set(),
    "region_officer": set(),
    "auditor": set(),
    "system_administrator": set(),
    "psychologist": set(),
}


def seen_by(user, **more):
    said = {"code": VILLAGE, "on": ON, "file_number": KEY} | more
    return {path for path in (ORDINARY, SENSITIVE, SECRET, NUMBER, CONTACT) if may_see(user, path, **said)}


def posted(role, *prefixes):
    """Somebody posted to a role that exists in this test alone: the database would refuse to keep it."""
    user = person("county_officer", *prefixes)
    for posting in postings_on(user, on=ON):
        posting.role = role.code
    return user


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "seen"), SEEN.items(), ids=SEEN)
def test_roles_see_what_their_permissions_open(role, seen):
    user = person(role, PROVINCE)
    grant(user, KEY, scope_kind=SECRET_SCOPE)
    assert seen_by(user) == seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["county_officer", "approver"])
def test_what_is_secret_asks_for_the_name_besides_the_permission(role):
    user = person(role)
    assert not may_see(user, SECRET, code=VILLAGE, on=ON, file_number=KEY)
    grant(user, KEY, scope_kind=SECRET_SCOPE, until_on=ON)
    fresh = type(user).objects.get(pk=user.pk)
    assert may_see(fresh, SECRET, code=VILLAGE, on=ON, file_number=KEY)
    assert not may_see(fresh, SECRET, code=VILLAGE, on=ON + timedelta(days=1), file_number=KEY)
    assert not may_see(fresh, SECRET, code=VILLAGE, on=ON, file_number="64-0000-0002-L")
    assert not may_see(fresh, SECRET, code=VILLAGE, on=ON)


@pytest.mark.django_db
def test_a_grant_of_the_whole_file_does_not_open_what_is_secret():
    user = person("county_officer")
    grant(user, KEY)
    assert not may_see(user, SECRET, code=VILLAGE, on=ON, file_number=KEY)


@pytest.mark.django_db
def test_a_name_without_the_place_opens_nothing():
    user = person("county_officer")
    grant(user, KEY, scope_kind=SECRET_SCOPE)
    assert seen_by(user, code=VILLAGE_OF_NEXT_COUNTY) == set()


@pytest.mark.django_db
def test_an_account_that_is_closed_sees_nothing():
    user = person("county_officer", is_active=False)
    grant(user, KEY, scope_kind=SECRET_SCOPE)
    assert seen_by(user) == set()


@pytest.mark.django_db
def test_the_stricter_of_column_and_row_counts():
    user, director = person("county_officer"), person("village_director", VILLAGE)
    words = "registry.healthfact.words"
    place = {"code": VILLAGE, "on": ON, "file_number": KEY}
    assert may_see(user, words, **place, stated=FieldClass.ORDINARY)
    assert not may_see(director, words, **place, stated=FieldClass.ORDINARY)
    assert not may_see(user, words, **place, stated=FieldClass.SECRET)
    assert may_see(director, ORDINARY, **place) and not may_see(director, ORDINARY, **place, stated="sensitive")


@pytest.mark.django_db
def test_two_roles_that_come_later_are_held_too(monkeypatch):
    class SchoolTeacher(Role):
        code, title, level = "school_teacher", "School teacher", Level.COUNTY
        may = frozenset({Permission.SEE_CHILDREN})

    class Physician(Role):
        code, title, level = "physician", "Physician", Level.COUNTY
        may = frozenset({Permission.SEE_CHILDREN, Permission.SEE_SENSITIVE, Permission.SEE_SECRET})

    for role in (SchoolTeacher, Physician):
        monkeypatch.setitem(ROLES, role.code, role)
    teacher, physician, named = posted(SchoolTeacher, COUNTY), posted(Physician, COUNTY), posted(Physician, COUNTY)
    grant(teacher, KEY, scope_kind=SECRET_SCOPE), grant(named, KEY, scope_kind=SECRET_SCOPE)
    assert seen_by(teacher) == {ORDINARY}
    assert seen_by(physician) == {ORDINARY, SENSITIVE}
    assert seen_by(named) == {ORDINARY, SENSITIVE, SECRET}
    assert seen_by(named, code=VILLAGE_OF_NEXT_COUNTY) == set()


def test_every_class_and_every_mask_has_its_permission():
    assert NEEDED.keys() == set(FieldClass) and UNMASKING.keys() == set(Mask) - {Mask.NONE}
    assert len({*NEEDED.values(), *UNMASKING.values()}) == len(FieldClass) + len(UNMASKING)


@pytest.mark.parametrize("path", [SECRET, SENSITIVE, ORDINARY])
def test_a_row_that_calls_itself_secret_asks_for_the_permission_of_secrets(path):
    assert needed_for(field(path), stated=FieldClass.SECRET) == Permission.SEE_SECRET


def test_the_mask_of_a_secret_value_opens_nothing():
    assert needed_for(field(NUMBER), stated=FieldClass.SECRET) == Permission.SEE_SECRET


@pytest.mark.django_db
def test_what_is_not_about_a_child_or_not_registered_is_no_question():
    user = person("county_officer")
    about = {noun.about: f"{noun.label}.{noun.names[0]}" for noun in nouns() if noun.about != About.CHILD}
    for path in about.values():
        with pytest.raises(ValueError, match="not about a child"):
            may_see(user, path, code=VILLAGE, on=ON)
    with pytest.raises(LookupError):
        may_see(user, "registry.child.shoe_size", code=VILLAGE, on=ON)
