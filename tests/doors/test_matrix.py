"""Every role, method, neighbour and state of an object on every route: a neighbour learns nothing at all.

The routes come from the table of addresses, the roles from the roles themselves and from two more that are added here
as data. Lists and counts are compared with what they said before our county had any object; refusals with what is said
of objects that do not exist.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.roles import ROLES, Role
from hutong.allowances.actions import running
from hutong.allowances.actions.outgoing import withdraw_outgoing
from hutong.allowances.models.application import State
from hutong.law.months import Month
from hutong.registry.actions.comparing import say_different
from hutong.registry.models import Child, Guardian, ImportBatch
from tests import factories as make
from tests import facts, leads
from tests.applications import BEGUN, in_state
from tests.conftest import pointed_at
from tests.data_checks import accepted, contradicted
from tests.doors.test_neighbours import (
    DETAIL,
    of_a_batch,
    of_a_file,
    of_a_list,
    of_a_payment,
    of_a_recognition,
    of_our_county,
)
from tests.house.test_doors import routes
from tests.outgoing import received
from tests.payments import Office, paid_child
from tests.recognitions import Reviewers
from tests.standards import ON
from tests.standards import row as row_of_standard

PLAIN = [route for _pattern, route in routes() if not route.pattern.converters and route.callback.guard != "public"]
CHANGING = re.compile(
    r'(nonce|value|content)="[\w+/=-]{16,}"|"X-CSRFToken": "\w+"|said=[\w-]+|datetime="[^"]*"|\b\d{1,2}:\d{2}\b'
)
"""What differs from answer to answer: nonces, tokens, keys of a search, the time of day."""


STANDARD_STATES = (
    {"stage": "confirmed"},
    {"stage": "refused", "answer_words": "请再研究", "scheme": "scattered"},
    {"stage": "withdrawn", "withdrawn_on": ON, "withdrawn_why": "重复提请", "scheme": "institution"},
)


class Onlooker(Role):
    """A role that is added as data and may do nothing."""

    code = "onlooker"
    title = "Onlooker"
    level = ROLES["county_officer"].level


class Meddler(Role):
    """A role that is added as data and may do everything, in its own place."""

    code = "meddler"
    title = "Meddler"
    level = ROLES["county_officer"].level
    may = frozenset(Permission)


ADDED = (Onlooker, Meddler)


@pytest.fixture(autouse=True)
def without_end(settings) -> None:
    """Nobody is told to come again later."""
    settings.REQUESTS_A_MINUTE = {"person": 10**6, "address": 10**6}


@pytest.fixture(autouse=True)
def without_contexts(monkeypatch) -> None:
    """The client does not copy the context of every template that is rendered: only what is answered is read here."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)


@pytest.fixture
def added(monkeypatch, committed_database) -> None:
    """Two more roles than the code has, as a province might add them."""
    with pointed_at("owner", committed_database), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_posting DROP CONSTRAINT posting_role_known")
    for role in ADDED:
        monkeypatch.setitem(ROLES, role.code, role)


def objects_in_each_state() -> Iterator[dict[str, dict[str, object]]]:
    """Parameters of the routes by state: as they begin, closed, joined, opened in an emergency, admitted, answered."""
    yield of_our_county()
    yield of_a_file(make.child(closed_on=make.ON, closed_reason="no_longer_fits"))
    leading, joined = make.child(), make.child()
    facts.joined_to(leading, joined)
    yield {name: parameters | {"file_number": joined.file_number} for name, parameters in of_a_file(leading).items()}
    looked_into = make.child()
    facts.emergency(looked_into)
    yield of_a_file(looked_into)
    for state in ("admitted", "withdrawn", "unmatched", "admitting"):
        batch = make.judged([make.line()], by=make.person("county_officer"))
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        names = ("import", "choose_rows", "say_who", "columns", "cancel_import", "admit", "withdraw", "marked")
        yield {f"desk:{name}": {"number": batch.pk} for name in names}
    for of_application, step in ((State.DRAFT, "submit"), (State.CHECKED, "confirm"), (State.REFUSED, "withdraw")):
        application = {"number": in_state(of_application).pk}
        yield {
            "desk:application": application,
            "desk:look_at_item": application,
            "desk:take_step": application | {"step": step},
        }
    supervisor = make.person("township_supervisor", make.TOWNSHIP)
    taken_back = withdraw_outgoing(by=supervisor, application=received(supervisor), words="撤回", on=BEGUN)
    for outgoing, step in ((received(supervisor), "send"), (taken_back, "tell")):
        number = {"number": outgoing.pk}
        yield {"desk:outgoing_application": number, "desk:take_outgoing_step": number | {"step": step}}
    officer, checked = make.person("county_officer"), accepted()
    yield of_a_batch(contradicted(checked, by=officer))
    yield of_a_list(leads.alarming())
    closed = leads.closed().lead
    yield {
        f"desk:{name}": {"file_number": closed.child.file_number, "number": closed.pk}
        for name in ("record_lead", "close_lead")
    }
    ended = facts.national_entry(make.child(), ended_on=make.ON, ended_by=make.person(), ended_reason="dropped")
    yield {f"desk:{name}": {"number": ended.pk} for name in ("national_entry", "enter_anew", "end_national_entry")}
    office = Reviewers()
    for happened, step in ((office.suspended, "lift"), (office.proposed, "confirm_end"), (office.ended, "review")):
        number = happened().holding_id
        yield {f"desk:{name}": said for name, said in of_a_recognition(number, step).items()}
    for more in STANDARD_STATES:
        said = {"withdrawn_by": make.person()} if more["stage"] == "withdrawn" else {"decided_by": make.person()}
        number = {"number": row_of_standard(decided_on=ON if "decided_by" in said else None, **said | more).pk}
        for act in ("confirm", "withdraw"):
            yield {
                "desk:standard": number,
                "desk:standard_document": number,
                "desk:decide_standard": number | {"act": act},
            }
    payers = Office()
    paid_child()
    prepared = payers.prepared(Month(2026, 12))
    yield of_a_payment(prepared, "hand_in")
    yield of_a_payment(running.hand_in(by=payers.payer, run=prepared, on=date(2026, 12, 5)), "approve")
    different = facts.pair_of(make.child(), make.child())
    say_different(by=make.person("county_officer"), pair=different, reason="twins", on=make.ON)
    waiting, same = facts.merge_proposed(make.child(), make.child()), facts.joined_to(make.child(), make.child())
    for pair in (waiting.pair, same.pair, different):
        yield {f"desk:{name}": {"number": pair.pk} for name in ("pair", "answer_pair", "decide_merge")}


def secrets() -> set[str]:
    """What belongs to our county and no neighbour reads anywhere: names, file numbers."""
    ours = Child.objects.filter(responsible_code__startswith=make.COUNTY)
    named = set(ours.values_list("name", flat=True)) | set(ours.values_list("file_number", flat=True))
    return named | set(Guardian.objects.filter(child__in=ours).values_list("name", flat=True))


READ_OR_WRITTEN, OTHERS = ("get", "post"), ("put", "patch", "delete")


def tried(
    client: Client, address: str, typed: dict[str, str] | None = None, *, methods: tuple[str, ...] = READ_OR_WRITTEN
) -> Iterator[tuple[int, str]]:
    """The status and the text of an answer to each method."""
    for method in methods:
        answer = getattr(client, method)(address, typed or {})
        yield (
            answer.status_code,
            ""
            if answer.streaming
            else CHANGING.sub("", answer.content.decode().replace(address, "…" if address != "/" else "/")),
        )


def refused_everywhere(client: Client, known: list[dict[str, dict[str, object]]], hidden: set[str]) -> None:
    nothing = reverse("desk:child", args=["64-9999-9999-9"])
    said_of_nothing = {text for status, text in tried(client, nothing) if status == 404}
    assert not [one for one in hidden for text in said_of_nothing if one in text]
    for state in known:
        for name, parameters in state.items():
            told = list(tried(client, reverse(name, kwargs=parameters)))
            statuses = [status for status, _text in told]
            assert set(statuses) <= {404, 405}, f"{name} {parameters}: {statuses}"
            assert 404 in statuses[:2], f"{name}: neither GET nor POST reaches it"
            for status, text in told:
                assert status == 405 or text in said_of_nothing, f"{name}: its 404 is its own"
                assert text in said_of_nothing or not [one for one in hidden if one in text], name


def lists_of(client: Client) -> dict[str, str]:
    """What every route without an object says to this person."""
    return {route.name: next(tried(client, reverse(f"desk:{route.name}")))[1] for route in PLAIN}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_neighbour_of_any_role_learns_nothing_by_any_route(signed_in, divisions, role):
    _learns_nothing(signed_in, make.person(role, make.NEXT_COUNTY))


@pytest.mark.parametrize("role", [role.code for role in ADDED])
def test_a_role_that_is_added_is_held_too(signed_in, added, role):
    make.nearby_places()
    _learns_nothing(signed_in, make.person(role, make.NEXT_COUNTY))


def _learns_nothing(signed_in, neighbour: Person) -> None:
    client = signed_in(neighbour)
    make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY, name="邻县儿童", guardian={"guardian_name": "邻家奶奶"})
    client.get(reverse("desk:today"))  # what is only said once has been said
    before = lists_of(client)
    known = list(objects_in_each_state())
    for nowhere in Person.objects.filter(postings__isnull=True):
        make.posting(nowhere)  # whoever has no posting is everybody's to post
    hidden = secrets()

    assert DETAIL and {f"desk:{route.name}" for route in DETAIL} <= set(known[0])
    refused_everywhere(client, known, hidden)
    after = lists_of(client)
    assert {name for name in before if before[name] != after[name]} == set()
    for name, text in after.items():
        assert not [one for one in hidden if one in text], name
    for route in PLAIN:
        for _status, text in tried(client, reverse(f"desk:{route.name}"), methods=("post",)):
            assert not [one for one in hidden if one in text], route.name


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_neighbour_of_any_role_finds_nobody_by_what_they_type(signed_in, divisions, role):
    client, child = signed_in(make.person(role, make.NEXT_COUNTY)), make.child(name="柳秘")
    number = child.id_number.open()
    for typed in (child.name, child.file_number, number, f"{child.name} {child.birth_date}"):
        sent = {
            "q": typed, "name": typed, "id_number": number, "birth_date": str(child.birth_date), "sex": child.sex,
            "living_division": make.VILLAGE, "file_number": child.file_number, "first": child.file_number,
            "second": child.file_number, "child": child.file_number,
        }  # fmt: skip
        for route in PLAIN:
            if route.name in ("save_filter", "kin"):
                continue  # keep what was typed, for whoever typed it
            for _status, text in tried(client, reverse(f"desk:{route.name}"), sent):
                told = " ".join(sent.values())
                for one in (child.name, child.file_number, number):
                    assert one in told or one not in text, f"{route.name}: {typed}"
                assert f"/children/{child.file_number}/" not in text, f"{route.name}: {typed}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_page_is_for_whoever_holds_its_permission_and_for_nobody_else(signed_in, divisions, role):
    client = signed_in(make.person(role, make.COUNTY if ROLES[role].level != ROLES["auditor"].level else "64"))
    for route in PLAIN:
        guard = route.callback.guard
        is_kept = isinstance(guard, frozenset) and not guard & ROLES[role].may
        for status, _text in tried(client, reverse(f"desk:{route.name}")):
            assert (status == 404) >= is_kept, route.name


def test_no_route_takes_another_method(signed_in, added):
    """Not even from whoever may do everything, in their own county."""
    make.nearby_places()
    client, known = signed_in(make.person("meddler", make.COUNTY)), of_our_county()
    for route in [*DETAIL, *PLAIN]:
        address = reverse(f"desk:{route.name}", kwargs=known.get(f"desk:{route.name}"))
        for status, _text in tried(client, address, methods=OTHERS):
            assert status == 405, route.name


@pytest.mark.django_db
def test_nobody_is_let_in_without_signing_in(divisions):
    known = of_our_county()
    client = Client()
    for route in [*DETAIL, *PLAIN]:
        address = reverse(f"desk:{route.name}", kwargs=known.get(f"desk:{route.name}"))
        for status, text in tried(client, address, methods=(*READ_OR_WRITTEN, *OTHERS)):
            assert status == 302 and not text, route.name
