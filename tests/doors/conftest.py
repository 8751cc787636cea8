"""The doors are tried with Django's client, as somebody of an office."""

from collections.abc import Callable

import pytest
from django.test import Client

from hutong.accounts.models import Person
from tests.factories import sign_in


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A client as which somebody has signed in."""

    def client_of(person: Person) -> Client:
        client = Client()
        sign_in(client, person)
        return client

    return client_of
