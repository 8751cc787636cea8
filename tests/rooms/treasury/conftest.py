"""What the tests of the treasury share."""

import pytest

from tests.factories import nearby_places


@pytest.fixture
def places(request: pytest.FixtureRequest) -> None:
    """The few divisions that the tests name."""
    own = "committed_database"
    request.getfixturevalue(own if own in request.fixturenames else "db")
    nearby_places()
