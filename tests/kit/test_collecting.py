"""Python looks for cycles seldom while many rows are held, and as before afterwards."""

import gc

import pytest

from hutong.kit.collecting import SELDOM, collecting_seldom


def test_it_is_as_before_after_an_error_too():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), collecting_seldom():
        assert gc.get_threshold() == SELDOM
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_what_is_decorated_looks_seldom_at_every_call():
    looked = collecting_seldom()(gc.get_threshold)
    assert [looked(), looked()] == [SELDOM, SELDOM]
    assert gc.get_threshold() != SELDOM
