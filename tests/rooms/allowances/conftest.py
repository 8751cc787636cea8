"""What the tests of the allowances share."""

import pytest

from tests.factories import nearby_places


@pytest.fixture(autouse=True)
def places(request: pytest.FixtureRequest) -> None:
    """The few divisions that the tests name: a letter names its office."""
    own = "committed_database"
    request.getfixturevalue(own if own in request.fixturenames else "db")
    nearby_places()
