"""Any order of what officers do to one file: the database holds, and the changes alone tell how the file stands."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.accounts.actions.guard import Refused
from hutong.registry.actions.altering import alter, whole
from hutong.registry.actions.changes import read_document
from hutong.registry.actions.closing import close, reopen
from hutong.registry.actions.deciding import confirm, refuse
from hutong.registry.actions.enrolling import enrol
from hutong.registry.actions.holding import begin_holding, end_holding
from hutong.registry.actions.moving import accept_move, offer_move, refuse_move
from hutong.registry.models import Change, Child
from hutong.registry.queries import RowsRegister, visible_to
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    line,
    person,
)

PLACES = (VILLAGE, NEXT_VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE_OF_NEXT_COUNTY)
CATEGORIES = ("dibao", "migrant", "de_facto", "orphan_kin")
days = st.integers(0, 2)
acts = st.one_of(
    st.tuples(st.just("alter"), st.sampled_from(["name", "living_address", "ethnic_group"]), st.integers(0, 3)),
    st.tuples(st.just("place"), st.sampled_from(PLACES)),
    st.tuples(st.just("begin"), st.sampled_from(CATEGORIES), days),
    st.tuples(st.just("end"), st.sampled_from(CATEGORIES), st.integers(-2, 5)),
    st.tuples(st.just("close"), days),
    st.tuples(st.just("reopen"), st.lists(st.sampled_from(CATEGORIES), max_size=3)),
    st.tuples(st.just("move"), st.sampled_from(PLACES)),
    st.tuples(st.just("answer"), st.booleans()),
    st.tuples(st.just("decide"), st.booleans()),
    st.tuples(st.just("decide"), st.just(True)),
    st.tuples(st.just("answer"), st.just(True)),
)
VALUES = {
    "name": ["柳安", "柳宁", "柳和", "柳清"],
    "living_address": ["一组", "二组", "三组", ""],
    "ethnic_group": ["01", "03", "05", ""],
}


class File:
    """One file and the people of two counties who work on it."""

    def __init__(self) -> None:
        self.on = ON
        self.officers = {county: person("county_officer", county) for county in (COUNTY, NEXT_COUNTY)}
        self.approvers = {county: person("approver", county) for county in (COUNTY, NEXT_COUNTY)}
        said = line(no_id_reason="户口待办", id_number=None)
        self.pk = enrol(by=self.officers[COUNTY], values=said, on=ON).child.pk

    @property
    def child(self) -> Child:
        return Child.objects.get(pk=self.pk)

    def do(self, kind: str, *given: object) -> None:
        """One act, or nothing where it is refused."""
        self.on += timedelta(days=1)
        try:
            with transaction.atomic():
                getattr(self, kind)(self.child, *given)
        except Refused:
            pass

    def said(self, child: Child, reason: str = "happened") -> dict[str, object]:
        by = self.officers[child.county_prefix]
        return {"by": by, "reason": reason, "revision": child.revision, "on": self.on}

    def alter(self, child: Child, column: str, at: int) -> None:
        alter(child=child, values={column: VALUES[column][at]}, **self.said(child))

    def place(self, child: Child, code: str) -> None:
        alter(child=child, values={"living_division": code}, **self.said(child))

    def begin(self, child: Child, category: str, ago: int) -> None:
        begin_holding(child=child, category=category, from_on=self.on - timedelta(days=ago), **self.said(child))

    def end(self, child: Child, category: str, ahead: int) -> None:
        for held in child.holdings.filter(category=category, until_on__isnull=True):
            end_holding(holding=held, until_on=self.on + timedelta(days=ahead), **self.said(child))

    def close(self, child: Child, ago: int) -> None:
        close(child=child, closed_on=self.on - timedelta(days=ago), **self.said(child, "no_longer_fits"))

    def reopen(self, child: Child, categories: list[str]) -> None:
        reopen(child=child, categories=categories, **self.said(child, "fits_again"))

    def move(self, child: Child, code: str) -> None:
        offer_move(child=child, to_code=code, living_code=code, address="新家", **self.said(child, "family_moved"))

    def answer(self, child: Child, is_yes: bool) -> None:
        for move in child.moves.filter(stage="offered"):
            by = self.officers[move.to_code[:6]]
            if is_yes:
                accept_move(by=by, move=move, on=self.on)
            else:
                refuse_move(by=by, move=move, words="不符", on=self.on)

    def decide(self, child: Child, is_yes: bool) -> None:
        for change in child.changes.filter(stage="proposed"):
            by = self.approvers[child.county_prefix]
            if is_yes:
                confirm(by=by, change=change, on=self.on)
            else:
                refuse(by=by, change=change, words="不符", on=self.on)


def replayed(changes: Iterable[Change]) -> dict[str, str]:
    """How a file stands by its changes alone."""
    stands: dict[str, str] = {}
    held: set[str] = set()
    for change in sorted(changes, key=lambda one: (one.decided_at or one.at, one.pk)):
        before, after = read_document(change)
        of_category = after.pop("category", "").split()
        before.pop("category", "")
        if change.kind == "close":
            held = set()
        elif change.kind in ("enter", "reopen"):
            held = set(of_category)
        elif "category_until" in after:
            held -= set(of_category)
        else:
            held |= set(of_category)
        stands = {column: text for column, text in stands.items() if column not in before} | after
    return stands | {"category": " ".join(sorted(held))}


def require_whole(file: File, places: dict[int, str]) -> None:
    child = file.child
    connection.check_constraints()
    told = replayed(child.changes.filter(stage="done"))
    now = whole(child) | {"closed_on": child.closed_on.isoformat() if child.closed_on else ""}
    assert {column: told.get(column, "") for column in now} == now
    written = dict(Change.objects.values_list("pk", "division_code"))
    assert {pk: written[pk] for pk in places} == places
    places.update(written)
    assert list(RowsRegister().by_matching([child.known_by])) == [child.known_by]
    for county, officer in file.officers.items():
        assert visible_to(officer, on=file.on).exists() == (child.county_prefix == county)
    open_holdings = child.holdings.filter(until_on__isnull=True).count()
    assert not (child.closed_on and open_holdings)
    if child.closed_on:
        assert all(held.until_on <= max(child.closed_on, held.from_on) for held in child.holdings.all())
    paid = child.changes.filter(columns__contains=["category"], stage="done", decided_at__isnull=True)
    for change in paid.exclude(kind="enter"):
        documents = read_document(change)
        assert not any(code in text for text in map(str, documents) for code in ("de_facto", "orphan_kin"))


SEEN: set[tuple[str, str]] = set()
REACHED = {("alter", "done"), ("alter", "refused"), ("close", "done"), ("reopen", "done"), ("move", "done")}


@settings(max_examples=24, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(acts, min_size=12, max_size=12))
def work_through(steps):
    with transaction.atomic():
        file, places = File(), {}
        for step in steps:
            file.do(*step)
            require_whole(file, places)
        SEEN.update(Change.objects.values_list("kind", "stage"))
        transaction.set_rollback(True)


@pytest.mark.usefixtures("places")
def test_after_any_order_of_acts_the_changes_tell_how_the_file_stands():
    work_through()
    assert SEEN >= REACHED
