"""What the tests of the rooms share."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as they stand in the code, for tests that look for their words."""
    with override("en"):
        yield
