"""One province for all tests of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.build import build

CHILDREN = 3000


@pytest.fixture(scope="package", autouse=True)
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Built once and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(children=CHILDREN, seed=64, on=DEMONSTRATION_DAY)
        yield
        transaction.set_rollback(True)
