"""The doors are tried with Django's client, as somebody of an office."""

from collections.abc import Callable

import pytest
from django.test import Client

from hutong.accounts.models import Person


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A client as which somebody has signed in."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of
