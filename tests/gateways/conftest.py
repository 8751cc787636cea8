"""What is locked here hides nobody: few turns of the password will do, but where a test wants what Excel does."""

from functools import partial

import pytest
from msoffcrypto.method.ecma376_agile import ECMA376Agile


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch, request):
    if "slow_locks" not in request.fixturenames:
        quick = partial(ECMA376Agile.encrypt, spin_count=1000)
        monkeypatch.setattr(ECMA376Agile, "encrypt", staticmethod(quick))


@pytest.fixture
def slow_locks():
    """Locks as Excel and WPS turn them."""
