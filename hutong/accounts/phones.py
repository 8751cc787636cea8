"""Reads about the phones (手机) of village child directors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hutong.accounts.models import Device, Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, postings_on
from hutong.accounts.roles import VillageChildDirector
from hutong.kit.cipher import keys
from hutong.law.division_code import full
from hutong.law.sign_in import sign_in_rules

DIRECTOR = VillageChildDirector.code


def phone_digest(*parts: str) -> str:
    """The keyed digest of a phone's token, or of a binding's code."""
    return keys().digest(("phone", *parts))


def signs_in_by_phone(person: Person, *, on: date) -> bool:
    """Whether somebody signs in by a bound phone alone (只用手机登录): who is a director and nothing else."""
    return not person.is_demonstration and {posting.role for posting in postings_on(person, on=on)} == {DIRECTOR}


def device_with(token: str) -> Device | None:
    """The bound phone that keeps a token, while it is neither ended nor of a closed account."""
    found = Device.objects.filter(digest=phone_digest(token), ended_at__isnull=True, person__is_active=True)
    return found.select_related("person").first()


def is_locked_out(device: Device, *, on: date) -> bool:
    """Whether too many wrong PINs have locked a phone (已锁定)."""
    return device.wrong >= sign_in_rules(on).wrong_pins


@dataclass(frozen=True)
class Director:
    """A director of the area with the bound phones (儿童主任与手机)."""

    person: Person
    code: str
    devices: list[Device]


def directors(user: Person, *, on: date) -> list[Director]:
    """The directors of the area in which a user binds phones, by place."""
    area = jurisdiction_of(user, Permission.BIND_PHONES, on=on).prefixes
    held = Posting.objects.holding_on(on).filter(role=DIRECTOR, person__is_active=True).select_related("person")
    posted = [(full(posting.prefixes[0]), posting.person) for posting in held.order_by("id")]
    inside = sorted((one for one in posted if area and one[0].startswith(area)), key=lambda one: one[0])
    phones = _phones(person.pk for _code, person in inside)
    return [Director(person, code, phones.get(person.pk, [])) for code, person in inside]


def _phones(people: Iterable[int]) -> dict[int, list[Device]]:
    found: dict[int, list[Device]] = {}
    bound = Device.objects.filter(~Q(pin=""), person__in=list(people), ended_at__isnull=True)
    for device in bound.order_by("-bound_at"):
        found.setdefault(device.person_id, []).append(device)
    return found


def director_numbered(user: Person, number: int, *, on: date) -> Person | None:
    """One director of the area in which a user binds phones."""
    return next((one.person for one in directors(user, on=on) if one.person.pk == number), None)
