"""What lasts: a seal through closing and moving, what a change says of what it ended, one paid category at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import Person
from hutong.registry.actions.admission import admit
from hutong.registry.actions.changes import read_document
from hutong.registry.actions.closing import close, reopen
from hutong.registry.actions.deciding import confirm
from hutong.registry.actions.facts import correct_fact, record_fact
from hutong.registry.actions.holding import begin_holding
from hutong.registry.actions.sealing import open_secret, seal_basis
from hutong.registry.models import Change, Child, Guardian, HealthFact, OtherAid
from hutong.registry.queries import may_open_secret
from tests import facts
from tests.factories import (
    NEXT_COUNTY,
    ON,
    VILLAGE_OF_NEXT_COUNTY,
    admitted,
    child,
    holding,
    judged,
    line,
    line_of,
    person,
)

pytestmark = pytest.mark.django_db
AT = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
GUARDIAN = {"name": "马秀兰", "relation": "61", "kind": "kin", "from_on": ON}


def now(whose: Child) -> Child:
    return Child.objects.get(pk=whose.pk)


def recorded(whose: Child, noun: str, **values):
    return record_fact(
        by=person("county_officer"), child=whose, noun=noun, values=values, revision=now(whose).revision,
        reason="happened", on=ON, replaces=True,
    )  # fmt: skip


def sealed(by: Person, whose: Child) -> None:
    seal_basis(by=by, child=whose, basis="hiv", named=[], reason="个案负责人", on=ON)


def opened(by: Person, whose: Child) -> str:
    """What the sealed basis says to somebody who has stated a purpose."""
    by, whose = Person.objects.get(pk=by.pk), now(whose)
    key = {"scope_kind": "child", "scope_key": whose.file_number, "division_code": whose.responsible_code}
    state_purpose(by=by, **key, reason="verify", on=ON, at=AT)
    return str(open_secret(by=by, child=whose, on=ON, at=AT).basis)


def test_a_seal_says_of_a_closed_and_of_a_reopened_child_what_it_said():
    by, second, one = person("county_officer"), person("approver"), child(holdings=["orphan_kin"])
    sealed(by, one)
    gone = close(by=by, child=one, closed_on=ON, reason="moved_out", revision=now(one).revision, on=ON)
    confirm(by=second, change=gone, on=ON)
    assert opened(by, one) == "hiv"
    later = ON + timedelta(days=30)
    back = reopen(
        by=by, child=one, categories=["orphan_kin"], reason="came_back", revision=now(one).revision, on=later
    )  # fmt: skip
    confirm(by=second, change=back, on=later)
    assert one.holdings.count() == 2 and opened(by, one) == "hiv"


def test_where_a_file_has_gone_the_new_countys_approver_opens_what_was_sealed_before():
    ours, theirs, one = person("county_officer"), person("approver", NEXT_COUNTY), child(holdings=["orphan_kin"])
    sealed(ours, one)
    Child.objects.update(responsible_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(Refused):
        opened(theirs, one)
    seal_basis(by=theirs, child=one, basis="", named=[], reason="接收档案", on=ON)
    assert opened(theirs, one) == "hiv"
    assert not may_open_secret(Person.objects.get(pk=ours.pk), now(one), on=ON)


def test_whoever_is_replaced_stands_beside_whoever_came():
    one = child()
    recorded(one, "guardian", **GUARDIAN)
    before, after = read_document(one.changes.get())
    assert (before["guardian.name"], after["guardian.name"]) == ("柳桂兰", "马秀兰")
    assert (before["guardian.from_on"], after["guardian.from_on"]) == ("2025-01-01", ON.isoformat())
    assert Guardian.objects.get(name="柳桂兰").until_on == ON - timedelta(days=1)


def test_beside_the_guardian_whoever_is_entrusted_replaces_nobody():
    one = child()
    recorded(one, "guardian", **GUARDIAN | {"kind": "entrusted"})
    assert one.guardians.filter(until_on__isnull=True).count() == 2
    assert read_document(one.changes.get())[0] == {}


@pytest.mark.parametrize("from_on", [date(2025, 1, 1), date(2024, 3, 1), None])
def test_whoever_began_on_that_day_or_later_is_in_the_way(from_on):
    one = child()
    with pytest.raises(Refused):
        recorded(one, "guardian", **GUARDIAN | {"from_on": from_on})
    assert one.guardians.get().until_on is None and not one.changes.exists()


def test_of_what_holds_beside_each_other_nothing_takes_a_place():
    one = child()
    facts.health(one), facts.aid(one)
    recorded(one, "aid", kind="tekun", fen_per_month=100, from_on=ON)
    recorded(one, "health", kind="illness", sensitivity="sensitive", words="哮喘", from_on=ON)
    assert not OtherAid.objects.exclude(until_on=None) and not HealthFact.objects.exclude(until_on=None)


def test_what_is_secret_can_be_corrected_and_the_change_holds_no_word_of_it():
    one = child()
    fact = recorded(one, "health", kind="other", sensitivity="secret", words="须按时服药")

    def corrected(words: str) -> None:
        revision = now(one).revision
        values = {"words": words}
        by = person("county_officer")
        correct_fact(by=by, fact=fact, values=values, revision=revision, reason="corrected", on=ON)

    corrected("已换药")
    with pytest.raises(Refused):
        corrected("已换药")
    assert HealthFact.objects.get().words.open() == "已换药"
    assert [change.columns for change in Change.objects.all()] == [["sealed"], ["sealed"]]
    assert "药" not in str([read_document(change) for change in Change.objects.all()])


def test_one_paid_category_at_a_time():
    by, one = person("county_officer"), child(holdings=["de_facto"])
    gone = child(holdings=[], closed_on=ON, closed_reason="moved_out")
    common = {"by": by, "revision": 1, "on": ON}
    with pytest.raises(Refused):
        begin_holding(child=one, category="orphan_kin", from_on=ON, reason="happened", **common)
    with pytest.raises(Refused):
        reopen(child=gone, categories=["de_facto", "orphan_kin"], reason="came_back", **common)
    assert not Change.objects.exists()
    one.holdings.update(until_on=ON - timedelta(days=1))
    begin_holding(child=one, category="orphan_kin", from_on=ON, reason="happened", **common)


def test_a_paid_category_that_an_import_brought_meanwhile_stands_in_the_way_of_another():
    by, one = person("county_officer"), child(holdings=[])
    change = begin_holding(
        by=by, child=one, category="orphan_kin", from_on=ON, revision=1, reason="happened", on=ON
    )  # fmt: skip
    holding(one, "de_facto")
    with pytest.raises(Refused):
        confirm(by=person("approver"), change=change, on=ON)


@pytest.mark.usefixtures("places")
def test_an_import_leaves_a_closed_file_as_it_is():
    one = child(holdings=[], closed_on=ON, closed_reason="moved_out")
    batch = admitted([line_of(one, category="低保家庭", living_address="团结路 9 号")], only=["new", "changed"])
    after = now(one)
    assert (after.closed_on, after.address, after.revision) == (ON, None, 1)
    assert not one.holdings.exists() and batch.rows.get().verdict == "possible"


@pytest.mark.usefixtures("places")
def test_what_was_closed_or_begun_after_the_judgement_stops_its_own_row_alone():
    closed, paid, before, other = child(), child(holdings=[]), child(holdings=[]), child(holdings=[])
    rows = [
        line_of(closed, living_address="团结路 9 号"),
        line_of(paid, category="社会散居孤儿"),
        line_of(before, category="低保家庭", category_from="2025-03-01"),
        line_of(other, category="低保家庭"),
        line(),
    ]
    batch = judged(rows, by=person("county_officer"))
    close(
        by=person("county_officer"), child=closed, closed_on=ON, reason="moved_out", revision=1, on=ON
    )  # fmt: skip
    holding(paid, "de_facto"), holding(before, "dibao", until_on=date(2025, 5, 31))
    assert admit(by=person("approver"), batch=batch, on=ON, only=["new", "changed"]) == 2
    assert list(batch.rows.order_by("number").values_list("verdict", flat=True)) == [
        "possible", "possible", "possible", "changed", "new",
    ]  # fmt: skip
    assert other.holdings.get().category == "dibao" and now(closed).address is None
