"""Whatever is done while files are joined: undoing gives each back what it held, and loses nothing entered since."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Task
from hutong.registry.actions.altering import alter
from hutong.registry.actions.changes import JoinedFile
from hutong.registry.actions.closing import close, reopen
from hutong.registry.actions.completing import complete_phone
from hutong.registry.actions.deciding import confirm
from hutong.registry.actions.facts import correct_fact, end_fact, record_fact, strike_fact
from hutong.registry.actions.holding import begin_holding, end_holding
from hutong.registry.actions.household import found_household
from hutong.registry.actions.merging import undo_merge
from hutong.registry.actions.moving import offer_move
from hutong.registry.actions.papers import add_paper, withdraw_paper
from hutong.registry.actions.paying import set_payee
from hutong.registry.actions.sealing import seal_basis
from hutong.registry.dossier import holdings
from hutong.registry.merges import meanwhile
from hutong.registry.models import CategoryHolding, Change, Child, Evidence, Merge
from hutong.treasury.actions.payees import Holder
from hutong.treasury.models import PayeeKind
from tests.factories import (
    NEXT_VILLAGE,
    ON,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    holding,
    nearby_places,
    person,
    picture,
    serial,
)
from tests.facts import aid, circumstance, health, joined_to, observation, parent, payee_link, rows_of, study
from tests.rooms.registry.test_merging import consistent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def full_file(*held):
    """A file with a row in every table around a child."""
    whose = child(holdings=held)
    mother = parent(whose)
    circumstance(mother), study(whose), health(whose), aid(whose), observation(whose), payee_link(whose)
    return whose


def now(whose):
    return Child.objects.get(pk=whose.pk)


class Joined:
    """Two files of what was taken for one child, and the people of the county who work on."""

    def __init__(self):
        self.officer, self.approver = person("county_officer"), person("approver")
        self.leading, self.joined = full_file("de_facto", "dibao"), full_file("orphan_kin", "disability")
        self.third = full_file("migrant")
        self.before = {one.pk: rows_of(one) for one in (self.leading, self.joined, self.third)}
        self.merge = joined_to(self.leading, self.joined)
        self.other_merge = None

    def said(self, whose):
        fresh = now(whose)
        return {"by": self.officer, "child": fresh, "revision": fresh.revision, "reason": "happened", "on": ON}

    def guardian(self, whose):
        values = {"name": "柳爱华", "relation": "61", "kind": "kin", "from_on": ON - serial() % 7 * DAY}
        record_fact(noun="guardian", values=values, replaces=True, **self.said(whose))

    def begin(self, whose):
        begin_holding(category="left_behind", from_on=ON - DAY, **self.said(whose))

    def end(self, whose):
        """Ends any category of any of the files, from the page of one."""
        held = [row for row in holdings(now(whose)) if row.until_on is None]
        for row in held[:2]:
            change = end_holding(by=self.officer, holding=row, until_on=ON - DAY, revision=now(whose).revision,
                                 reason="happened", on=ON)  # fmt: skip
            if change.stage == "proposed":
                confirm(by=self.approver, change=change, on=ON)

    def close(self, whose):
        change = close(closed_on=ON, **self.said(whose) | {"reason": "no_longer_fits"})
        if change.stage == "proposed":
            confirm(by=self.approver, change=change, on=ON)

    def reopen(self, whose):
        self.close(whose)
        reopen(categories=["dibao"], **self.said(whose) | {"reason": "fits_again"})

    def move(self, whose):
        offer_move(to_code=VILLAGE_OF_NEXT_TOWNSHIP, **self.said(whose) | {"reason": "family_moved"})

    def alter(self, whose):
        alter(values={"living_address": f"{serial()}组", "living_division": NEXT_VILLAGE}, **self.said(whose))

    def school(self, whose):
        values = {"level": "senior_high", "school": "永宁县中学", "is_full_time": True, "from_on": ON}
        record_fact(noun="study", values=values, replaces=True, **self.said(whose))

    def paper(self, whose):
        add_paper(by=self.officer, child=now(whose), kind="other", content=picture(shade=serial()), name="a.jpg",
                  issued_on=None, expires_on=ON + 30 * DAY, note="", on=ON)  # fmt: skip

    def payee(self, whose):
        holder = Holder(PayeeKind.PERSON, "柳桂兰", id_number=child(birth_date=date(1960, 1, 1)).id_number.open())
        set_payee(holder=holder, card="6222021234567890128", bank_name="宁夏银行", **self.said(whose))

    def household(self, whose):
        found_household(kind="rural", **self.said(whose))

    def phone(self, whose):
        complete_phone(by=self.officer, child=now(whose), phone="13900000001", on=ON)

    def join_another(self, whose):
        if self.other_merge is None:
            self.other_merge = joined_to(now(whose).leading, self.third)

    def part_another(self, whose):
        if self.other_merge:
            undo_merge(by=self.officer, merge=self.other_merge, reason="namesakes", on=ON)
            self.other_merge = None
            assert rows_of(self.third) == self.before[self.third.pk]
            self.third = full_file("migrant")
            self.before[self.third.pk] = rows_of(self.third)

    def follow(self, whose):
        """The leading file is joined to a third one that leads from now on."""
        if self.other_merge is None:
            self.other_merge = joined_to(self.third, now(whose).leading)


ACTS = [name for name in vars(Joined) if not name.startswith("_") and name != "said"]
REACHED: set[str] = set()


@settings(max_examples=40, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.booleans()), min_size=6, max_size=14))
def work_on(steps):
    with transaction.atomic():
        pair = Joined()
        for act, on_the_joined in steps:
            try:
                with transaction.atomic():
                    whose = pair.joined if on_the_joined else now(pair.leading).leading
                    getattr(pair, act)(whose)
                    REACHED.add(act)
            except Refused:
                assert rows_of(pair.joined).keys() == pair.before[pair.joined.pk].keys()
        require_undone(pair)
        transaction.set_rollback(True)


def require_undone(pair):
    leads = now(pair.joined).leading
    others = [one for one in (pair.leading, pair.third, leads) if one.pk != pair.joined.pk]
    standing = [rows_of(one) for one in others]
    entered = set(Change.objects.filter(at__gte=pair.merge.decided_at, child__in=[pair.leading, leads], stage="done"))
    undone = undo_merge(by=pair.officer, merge=pair.merge, reason="twins", on=ON)
    consistent()
    assert rows_of(pair.joined) == pair.before[pair.joined.pk]
    assert [rows_of(one) for one in others] == standing
    assert set(undone.meanwhile.changes) == entered
    assert set(meanwhile(Merge.objects.get(pk=pair.merge.pk)).changes) == entered
    require_nothing_lost(pair.before[pair.leading.pk], rows_of(pair.leading))


def require_nothing_lost(before, after):
    """Every row of before is still there, whatever has been written into it since."""
    for table, rows in before.items():
        assert len(after[table]) >= len(rows), table


def test_undoing_restores_the_joined_file_exactly_after_any_acts():
    nearby_places()
    work_on()
    assert set(ACTS) - {"phone", "close", "reopen"} <= REACHED
    assert {"close", "reopen"} & REACHED


def test_nothing_is_written_to_a_joined_file():
    pair = Joined()
    mother, fact = pair.joined.parent_set.get(), pair.joined.study_set.get()
    said = pair.said(pair.joined)
    common = {name: said[name] for name in ("by", "revision", "reason", "on")}
    attempts = [
        lambda: pair.guardian(pair.joined),
        lambda: pair.begin(pair.joined),
        lambda: pair.close(pair.joined),
        lambda: pair.move(pair.joined),
        lambda: pair.alter(pair.joined),
        lambda: pair.paper(pair.joined),
        lambda: pair.payee(pair.joined),
        lambda: pair.household(pair.joined),
        lambda: pair.phone(pair.joined),
        lambda: correct_fact(fact=fact, values={"school": "另一所"}, **common),
        lambda: end_fact(fact=fact, until_on=ON, **common),
        lambda: strike_fact(fact=mother, **common),
        lambda: seal_basis(by=pair.officer, child=pair.joined, basis="", named=[], reason="", on=ON),
    ]
    for attempt in attempts:
        with pytest.raises(JoinedFile, match=pair.leading.file_number), transaction.atomic():
            attempt()
    assert rows_of(pair.joined) == pair.before[pair.joined.pk]


def test_a_paper_of_a_joined_file_is_not_withdrawn():
    whose = child()
    officer = person("county_officer")
    paper = add_paper(by=officer, child=whose, kind="other", content=picture(shade=serial()), name="", issued_on=None,
                      expires_on=None, note="", on=ON)  # fmt: skip
    joined_to(child(), now(whose))
    with pytest.raises(JoinedFile):
        withdraw_paper(by=officer, paper=Evidence.objects.get(pk=paper.pk), why="看错了", on=ON)


def test_a_category_of_a_joined_file_ends_on_the_leading_one_and_goes_on_when_undone():
    pair = Joined()
    held = CategoryHolding.objects.get(child=pair.joined, category="orphan_kin")
    change = end_holding(by=pair.officer, holding=held, until_on=ON - DAY, revision=now(pair.leading).revision,
                         reason="happened", on=ON)  # fmt: skip
    confirm(by=pair.approver, change=change, on=ON)
    held.refresh_from_db()
    assert (held.until_on, change.child) == (ON - DAY, pair.leading)
    assert Task.objects.get(kind="two_paid_categories").outcome == "settled"

    undone = undo_merge(by=pair.officer, merge=pair.merge, reason="twins", on=ON)

    held.refresh_from_db()
    assert held.until_on is None
    assert undone.meanwhile.ended == [held]
    asked = Task.objects.get(kind="sort_facts")
    assert (asked.subject_key, asked.values["count"]) == (pair.leading.file_number, 1)


def test_no_second_paid_category_begins_while_a_joined_file_holds_one():
    pair = Joined()
    own = CategoryHolding.objects.get(child=pair.leading, category="de_facto")
    common = {"by": pair.officer, "reason": "happened", "on": ON}
    change = end_holding(holding=own, until_on=ON - 9 * DAY, revision=now(pair.leading).revision, **common)
    confirm(by=pair.approver, change=change, on=ON)
    with pytest.raises(Refused, match="one"):
        begin_holding(category="orphan_institution", from_on=ON - DAY, **pair.said(pair.leading))


def test_what_was_ended_anew_after_undoing_stays_ended():
    low, middle, top = child(), child(holdings=[]), child(holdings=[])
    lower, upper = joined_to(middle, low), joined_to(top, middle)
    held, officer = CategoryHolding.objects.get(child=low), person("county_officer")
    end_holding(by=officer, holding=held, until_on=ON - DAY, revision=now(top).revision, reason="happened", on=ON)
    undo_merge(by=officer, merge=Merge.objects.get(pk=upper.pk), reason="twins", on=ON)
    held.refresh_from_db()
    assert held.until_on is None
    held = CategoryHolding.objects.get(pk=held.pk)
    end_holding(by=officer, holding=held, until_on=ON, revision=now(middle).revision, reason="happened", on=ON)
    undo_merge(by=officer, merge=Merge.objects.get(pk=lower.pk), reason="twins", on=ON)
    held.refresh_from_db()
    assert held.until_on is None


def test_holding_of_a_joined_file_is_one_of_the_child():
    pair = Joined()
    held = {row.category for row in holdings(now(pair.leading))}
    assert held == {"de_facto", "dibao", "orphan_kin", "disability"}
    assert {row.category for row in holdings(now(pair.joined))} == {"orphan_kin", "disability"}
    holding(pair.leading, "migrant", from_on=ON)
    assert len(holdings(now(pair.leading))) == 5
