"""Guardianship: what cannot be true together."""

import pytest

from hutong.law.categories import CATEGORIES
from hutong.law.guardianship import contradicts
from hutong.law.relations import RELATIONS


@pytest.mark.parametrize("orphan", ["orphan_kin", "orphan_institution"])
@pytest.mark.parametrize("relation", RELATIONS)
def test_only_a_natural_parent_contradicts_an_orphan(orphan, relation):
    assert contradicts(frozenset({orphan, "disability"}), relation) == (relation in ("51", "52"))


@pytest.mark.parametrize("category", sorted(CATEGORIES.keys() - {"orphan_kin", "orphan_institution"}))
def test_a_parent_may_look_after_every_other_child(category):
    assert not contradicts(frozenset({category}), "51")


def test_no_category_contradicts_nothing():
    assert not contradicts(frozenset(), "52")
