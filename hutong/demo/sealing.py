"""Sealing (密封): on what the scattered standard of a few rests, and who is named for the sealed part."""

from datetime import date, timedelta
from random import Random

from hutong.accounts.field_classes import SECRET_SCOPE
from hutong.accounts.models import Grant, Person
from hutong.demo.staff import username
from hutong.demo.writing import Filed, Secrets

RESTS_ON_IT, NAMED_BESIDES = 6, 6
FEATURED_COUNTY = "640121"
ROLES = ("county_officer", "approver")


def choose_secrets(filed: list[Filed], random: Random) -> Secrets:
    """A handful of holders of the scattered standard (密封依据); as many others have named readers too."""
    held = [(child_id, child) for child_id, _number, child in filed if "orphan_kin" in child.categories]
    here = [child_id for child_id, child in held if child.responsible_code.startswith(FEATURED_COUNTY)][:1]
    others = [child_id for child_id, _child in held if child_id not in here]
    chosen = random.sample(others, min(RESTS_ON_IT + NAMED_BESIDES, len(others)))
    return Secrets(frozenset(chosen[:RESTS_ON_IT]), frozenset(chosen) | frozenset(here))


def name_readers(filed: list[Filed], secrets: Secrets, people: dict[str, Person], *, on: date) -> None:
    """Names officer and approver of the county (指定知悉人) for the sealed part of those chosen."""
    grants = []
    for child_id, number, child in filed:
        if child_id in secrets.named:
            named = [people[username(role, child.responsible_code[:6])] for role in ROLES]
            grants += [_grant(person, number, named[0], on=on - timedelta(days=30)) for person in named]
    Grant.objects.bulk_create(grants)


def _grant(person: Person, number: str, giver: Person, *, on: date) -> Grant:
    return Grant(
        person=person, scope_kind=SECRET_SCOPE, scope_key=number, reason="个案责任人", given_by=giver, from_on=on
    )
