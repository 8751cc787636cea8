"""The sealed basis of the scattered standard: whoever holds the table without the keys tells nobody apart."""

import io

import pytest
from django.db import connection

from hutong.law.categories import BASIS_LENGTH, CATEGORIES, HIV_WORDS, Basis
from hutong.registry.actions.entering import enter, holding_row, sealed_basis
from hutong.registry.models import CategoryHolding
from tests.factories import ON, admitted, child, holding, line

pytestmark = pytest.mark.django_db


def stored_tokens() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_basis FROM registry_categoryholding WHERE category = 'orphan_kin' ORDER BY id")
        return [bytes(token) for (token,) in cursor.fetchall()]


def dump() -> str:
    """The table as a dump has it, without ids, children and the sealed column's changing part."""
    with connection.cursor() as cursor:
        target = io.BytesIO()
        columns = "category, from_on, until_on, basis, decision_number, octet_length(secret_basis)"
        with cursor.copy(f"COPY (SELECT {columns} FROM registry_categoryholding ORDER BY id) TO STDOUT") as copy:
            for block in copy:
                target.write(block)
    return target.getvalue().decode()


def one_of_each() -> list[CategoryHolding]:
    bases = [Basis.ORPHAN, Basis.HIV, Basis.ORPHAN]
    children = [child(holdings=[]) for _ in bases]
    enter(CategoryHolding, [holding_row(one.pk, "orphan_kin", from_on=ON) for one in children])
    for one, basis in zip(children, bases, strict=True):
        one.holdings.update(secret_basis=CategoryHolding(secret_basis=basis.ljust(BASIS_LENGTH)).secret_basis)
    return [one.holdings.get() for one in children]


def test_every_token_has_the_same_length_and_no_two_are_alike():
    one_of_each()
    tokens = stored_tokens()
    assert len({len(token) for token in tokens}) == 1
    assert len(set(tokens)) == 3


def test_the_bytes_before_the_seal_say_nothing():
    one_of_each()
    assert len({token[:2] for token in stored_tokens()}) == 1
    padded = [basis.ljust(BASIS_LENGTH).encode() for basis in Basis]
    assert not any(basis in token for token in stored_tokens() for basis in padded)


def test_a_dump_cannot_tell_which():
    one_of_each()
    lines = dump().splitlines()
    assert len(lines) == 3 and len(set(lines)) == 1
    assert not any(word.lower() in dump().lower() for word in HIV_WORDS)


def test_the_keys_tell():
    assert [one.secret_basis.open().rstrip() for one in one_of_each()] == [Basis.ORPHAN, Basis.HIV, Basis.ORPHAN]


def test_it_is_not_printed():
    for one in one_of_each():
        assert repr(one.secret_basis) == "•••" and "hiv" not in f"{one!r}{one}{one.secret_basis}"


@pytest.mark.usefixtures("divisions")
def test_an_import_seals_a_basis_for_the_scattered_standard_and_for_nothing_else():
    admitted([line(category="社会散居孤儿"), line(category="低保")])
    held = {one.category: one.secret_basis for one in CategoryHolding.objects.all()}
    assert held.keys() == {"orphan_kin", "dibao"} and held["dibao"] is None
    assert held["orphan_kin"].open() == Basis.ORPHAN.ljust(BASIS_LENGTH)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_one_place_makes_the_rows_of_all_categories(category):
    whose = child(holdings=[])
    enter(CategoryHolding, [holding_row(whose.pk, category, from_on=ON)])
    assert (whose.holdings.get().secret_basis is not None) == (category == "orphan_kin")


def test_both_ways_of_making_a_holding_seal_alike():
    made, entered = holding(child(holdings=[]), "orphan_kin"), sealed_basis(Basis.HIV)
    assert len(made.secret_basis.token) == len(entered)
