"""What the tests of the registry share."""

import pytest

from tests.factories import nearby_places


@pytest.fixture
def places(db: None) -> None:
    """The few divisions that the tests name, where the whole province would only take time."""
    nearby_places()
