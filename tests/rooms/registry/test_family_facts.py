"""Facts of a child and its family are recorded, corrected, ended and struck; each leaves a change of the file."""

from datetime import date, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.kit.cipher import keys
from hutong.registry.actions.changes import Overtaken, WrongValues, read_document
from hutong.registry.actions.facts import correct_fact, document, end_fact, record_fact, strike_fact
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.dossier import changes
from hutong.registry.intake.judge import id_index, phone_index
from hutong.registry.models import Change, Child, Circumstance, Guardian, HealthFact, Parent, Study
from hutong.registry.queries import RowsRegister, guardian_of
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    admitted,
    child,
    id_number,
    line,
    person,
)
from tests.factories import guardian_of as another_guardian
from tests.facts import aid, circumstance, evidence, health, parent, study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
SAMPLES = {
    "guardian": {"name": "柳桂英", "relation": "90", "kind": "entrusted", "phone": "13900000002", "from_on": ON},
    "parent": {"role": "father", "name": "柳安宁", "phone": "13900000003", "from_on": date(2015, 3, 7)},
    "circumstance": {"kind": "severe_illness", "from_on": ON, "note": "县医院诊断", "parent": None},
    "study": {"level": "compulsory", "school": "闽宁第二小学", "from_on": ON},
    "health": {"kind": "mind", "sensitivity": "sensitive", "words": "夜惊", "from_on": ON},
    "aid": {"kind": "tekun", "fen_per_month": 80_000, "from_on": ON},
}


@pytest.fixture
def officer():
    return person("county_officer")


def now_of(whose):
    return Child.objects.get(pk=whose.pk)


def recorded(by, whose, noun, values=None, **more):
    common = {"revision": now_of(whose).revision, "reason": "happened", "on": ON} | more
    return record_fact(by=by, child=whose, noun=noun, values=SAMPLES[noun] | (values or {}), **common)


def acted(act, by, fact, **more):
    common = {"revision": now_of(fact.child).revision, "reason": "corrected", "on": ON} | more
    return act(by=by, fact=fact, **common)


def wrong(by, whose, noun, **values):
    with pytest.raises(WrongValues) as refused:
        recorded(by, whose, noun, values)
    return [(problem.code, problem.column) for problem in refused.value.problems]


@pytest.mark.parametrize("noun", SAMPLES)
def test_every_noun_is_recorded_corrected_ended_and_struck(noun, officer):
    whose = child()
    fact = recorded(officer, whose, noun, words="入户核实")
    change = Change.objects.get()
    before, after = read_document(change)
    assert (change.kind, change.division_code, change.words.open(), before) == ("alter", VILLAGE, "入户核实", {})
    assert after == {column: text for column, text in document(fact).items() if text}
    entry = TrailEntry.objects.get()
    assert entry.details == {"change": change.pk, "columns": change.columns}
    assert not any(str(value) in str(entry.details) for value in after.values() if len(value) > 3)
    if noun != "guardian":
        assert fact.recorded_by == officer

    acted(correct_fact, officer, fact, values={"from_on": ON - DAY})
    ended = acted(end_fact, officer, fact, until_on=ON, reason="happened")
    assert (ended.from_on, ended.until_on) == (ON - DAY, ON)
    assert read_document(Change.objects.first()) == ({}, {f"{noun}.until_on": "2025-06-02"})
    with pytest.raises(Refused, match="ended already"):
        acted(end_fact, officer, fact, until_on=ON)

    struck = acted(strike_fact, officer, fact)
    assert not type(fact)._default_manager.filter(pk=fact.pk).exists()
    assert read_document(struck)[0][f"{noun}.until_on"] == "2025-06-02"
    assert (now_of(whose).revision, Change.objects.count()) == (5, 4)


@pytest.mark.parametrize("noun", SAMPLES)
@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", NEXT_COUNTY), ("approver", COUNTY), ("village_director", VILLAGE)]
)
def test_the_neighbour_and_the_wrong_role_do_nothing(noun, role, prefix, officer):
    fact = recorded(officer, child(), noun)
    stranger = person(role, prefix)
    acts = (
        lambda: recorded(stranger, fact.child, noun),
        lambda: acted(correct_fact, stranger, fact, values={"from_on": ON - DAY}),
        lambda: acted(end_fact, stranger, fact, until_on=ON),
        lambda: acted(strike_fact, stranger, fact),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert Change.objects.count() == 1


def test_an_overtaken_a_closed_and_an_unreasoned_act_is_refused(officer):
    whose, closed = child(), child(closed_on=ON, closed_reason="died", holdings=[])
    with pytest.raises(Overtaken):
        recorded(officer, whose, "study", revision=4)
    with pytest.raises(Refused, match="closed"):
        recorded(officer, closed, "study")
    with pytest.raises(Refused, match="Choose a reason"):
        recorded(officer, whose, "study", reason="died")
    with pytest.raises(Refused, match="Nothing differs"):
        acted(correct_fact, officer, study(whose), values={"level": "compulsory"})


def test_another_guardian_ends_the_one_before_and_is_who_the_child_is_known_by(officer):
    whose = child(id_number="")

    recorded(officer, whose, "guardian", {"kind": "kin", "from_on": ON - DAY}, replaces=True)

    now = now_of(whose)
    old, new = now.guardians.order_by("id")
    assert (old.until_on, new.until_on, guardian_of(now)) == (ON - 2 * DAY, None, new)
    assert (bytes(new.phone_index), new.id_index) == (phone_index("13900000002"), None)
    assert list(RowsRegister().by_matching([now.known_by])) == [now.known_by]
    assert bytes(now.matching_index) == keys().blind(now.known_by, kind="matching")


@pytest.mark.parametrize("act", ["correct", "end", "strike"])
def test_whatever_becomes_of_a_guardian_the_child_is_known_by_it(act, officer):
    whose = child(id_number="")
    row = whose.guardians.get()
    acts = {
        "correct": lambda: acted(correct_fact, officer, row, values={"name": "柳桂花"}),
        "end": lambda: acted(end_fact, officer, row, until_on=ON),
        "strike": lambda: acted(strike_fact, officer, row),
    }
    acts[act]()
    now = now_of(whose)
    assert bytes(now.matching_index) == keys().blind(now.known_by, kind="matching")
    assert now.known_by.endswith("柳桂花" if act == "correct" else "\0")


@pytest.mark.parametrize("began", [ON, ON + DAY])
def test_a_guardian_who_began_on_that_day_or_later_is_in_the_way(began, officer):
    whose = child()
    whose.guardians.update(from_on=began)
    with pytest.raises(Refused, match="In these days"):
        recorded(officer, whose, "guardian", {"kind": "kin", "from_on": ON}, replaces=True)
    assert (Guardian.objects.get().until_on, Change.objects.count()) == (None, 0)


def test_without_replacing_a_second_guardian_is_refused_and_an_entrusted_one_stands_beside(officer):
    whose = child()
    with pytest.raises(Refused, match="In these days"):
        recorded(officer, whose, "guardian", {"kind": "kin"})
    recorded(officer, whose, "guardian", replaces=True)
    assert whose.guardians.filter(until_on__isnull=True).count() == 2
    assert guardian_of(whose).name == "柳桂兰"


def test_a_correction_that_would_overlap_is_refused(officer):
    whose = child(holdings=[])
    study(whose, until_on=date(2024, 6, 30))
    later = study(whose, from_on=date(2024, 7, 1))
    with pytest.raises(Refused, match="In these days"):
        acted(correct_fact, officer, later, values={"from_on": date(2024, 6, 30)})
    old = another_guardian(whose, from_on=date(2020, 1, 1), until_on=date(2020, 12, 31))
    with pytest.raises(Refused, match="In these days"):
        acted(correct_fact, officer, old, values={"until_on": None})
    assert Study.objects.get(pk=later.pk).from_on == date(2024, 7, 1)


def test_a_parent_with_circumstances_is_not_struck(officer):
    fact = circumstance(parent(child()))
    with pytest.raises(Refused, match="Strike them first"):
        acted(strike_fact, officer, fact.parent)
    acted(strike_fact, officer, fact)
    acted(strike_fact, officer, fact.parent)
    assert not Parent.objects.exists()


def test_what_does_not_fit_a_person_is_named(officer):
    whose = child(holdings=["orphan_kin"])
    assert wrong(officer, whose, "guardian", name="") == [("required", "name")]
    assert wrong(officer, whose, "guardian", phone="12") == [("phone_form", "phone")]
    assert wrong(officer, whose, "guardian", id_number="12") == [("id_length", "id_number")]
    assert wrong(officer, whose, "guardian", id_number=whose.id_number.open()) == [("guardian_is_child", "id_number")]
    assert wrong(officer, whose, "guardian", relation="51") == [("orphan_with_parent", "relation")]
    assert wrong(officer, whose, "guardian", from_on=ON + DAY) == [("date_in_future", "from_on")]
    assert wrong(officer, whose, "guardian", until_on=ON - DAY) == [("ends_before", "until_on")]
    assert wrong(officer, whose, "parent", name="") == [("required", "name")]


def test_a_guardian_of_before_may_be_the_parent_an_orphan_has_lost(officer):
    whose = child(holdings=["orphan_kin"])
    mother = another_guardian(whose, guardian_name="柳素云", relation="52", from_on=None, until_on=date(2023, 1, 1))
    acted(correct_fact, officer, mother, values={"phone": "13900000009"})
    assert Guardian.objects.get(pk=mother.pk).phone.open() == "13900000009"


def test_an_unknown_parent_has_no_name_and_no_number(officer):
    row = recorded(officer, child(), "parent", {"is_unknown": True, "id_number": id_number()})
    assert (row.name, row.id_number, row.id_index, row.phone, row.phone_index) == ("", None, None, None, None)


def test_what_does_not_fit_a_circumstance_is_named(officer):
    whose, mother = child(), parent()
    of_child = {"kind": "disability", "grade": 1, "disability_class": "visual"}
    assert wrong(officer, whose, "circumstance", from_on=None) == [("required", "from_on")]
    assert wrong(officer, whose, "circumstance", kind="dead") == [("required", "kind")]
    assert wrong(officer, whose, "circumstance", kind="disability") == [("required", "grade")]
    assert wrong(officer, whose, "circumstance", parent=mother) == [("required", "parent")]
    assert wrong(officer, whose, "circumstance", **of_child, certificate="12") == [("certificate_form", "certificate")]
    other = id_number() + "11"
    assert wrong(officer, whose, "circumstance", **of_child, certificate=other) == [
        ("certificate_person", "certificate")
    ]
    good = whose.id_number.open() + "11"
    assert recorded(officer, whose, "circumstance", of_child | {"certificate": good}).certificate.open() == good


def test_a_death_has_no_last_day_and_a_search_only_where_there_was_one(officer):
    whose = child()
    father = parent(whose, "father")
    dead = {"kind": "dead", "parent": father}
    assert wrong(officer, whose, "circumstance", **dead, until_on=ON) == [("final_has_no_end", "until_on")]
    fact = recorded(officer, whose, "circumstance", dead | {"reported_on": ON})
    assert fact.reported_on is None
    with pytest.raises(WrongValues):
        acted(end_fact, officer, fact, until_on=ON)


def family_of(number, *places):
    """A father of one number in a file at each place."""
    return [parent(child(**place), "father", id_number=number, id_index=id_index(number)) for place in places]


def test_a_circumstance_is_recorded_with_brothers_and_sisters_here_alone(officer):
    number = id_number()
    closed = {"closed_on": ON, "closed_reason": "died", "holdings": []}
    here, sibling, _gone, _away = family_of(number, {}, {}, closed, {"living_code": VILLAGE_OF_NEXT_COUNTY})
    parent(child(), "father", name=here.name)

    fact = recorded(officer, here.child, "circumstance", {"kind": "dead", "parent": here}, with_siblings=True)

    found = Circumstance.objects.exclude(pk=fact.pk).get()
    assert (found.parent, found.child, found.kind) == (sibling, sibling.child, "dead")
    bulks = set(Change.objects.values_list("bulk", flat=True))
    assert len(bulks) == 1 and None not in bulks and Change.objects.count() == 2
    assert now_of(sibling.child).revision == 2


def test_a_sibling_of_whom_it_is_known_does_not_stand_in_the_way(officer):
    here, sibling, third = family_of(id_number(), {}, {}, {})
    known = circumstance(sibling, "dead")

    recorded(officer, here.child, "circumstance", {"kind": "dead", "parent": here}, with_siblings=True)

    assert sorted(Circumstance.objects.exclude(pk=known.pk).values_list("parent", flat=True)) == [here.pk, third.pk]
    assert now_of(sibling.child).revision == 1


def test_papers_show_a_fact_of_their_own_child_alone(officer):
    whose = child()
    own, gone = evidence(whose), evidence(whose, withdrawn_on=ON, withdrawn_by=officer, withdrawn_why="模糊")
    fact = recorded(officer, whose, "study", papers=[own])
    assert list(fact.evidence.all()) == [own]
    for paper in (evidence(), gone):
        with pytest.raises(Refused, match="this very child"):
            recorded(officer, whose, "aid", papers=[paper])
        with pytest.raises(Refused, match="this very child"):
            acted(correct_fact, officer, fact, values={"school": "别校"}, papers=[paper])
    assert list(fact.evidence.all()) == [own] and Change.objects.count() == 1


def test_what_is_secret_is_touched_by_the_county_alone_and_no_change_says_it():
    supervisor, officer, whose = person("township_supervisor", TOWNSHIP), person("county_officer"), child()
    secret = {"kind": "other", "sensitivity": "secret", "words": "保密内容"}
    with pytest.raises(NotAllowed):
        recorded(supervisor, whose, "health", secret)
    fact = recorded(officer, whose, "health", secret)
    change = Change.objects.get()
    assert change.columns == ["sealed"] and "保密" not in str(read_document(change))
    with pytest.raises(NotAllowed):
        acted(correct_fact, supervisor, fact, values={"sensitivity": "ordinary"})
    with pytest.raises(NotAllowed):
        acted(end_fact, supervisor, fact, until_on=ON)
    with pytest.raises(NotAllowed):
        acted(strike_fact, supervisor, fact)
    assert HealthFact.objects.get().sensitivity == "secret"


def test_no_change_of_a_circumstance_or_of_health_is_shown_without_the_right(officer):
    whose = child()
    of_parent = circumstance(parent(whose))
    acted(correct_fact, officer, of_parent, values={"note": "在吴忠监狱"})
    acted(end_fact, officer, of_parent, until_on=ON)
    acted(correct_fact, officer, health(whose), values={"kind": "illness"})
    acted(correct_fact, officer, aid(whose), values={"members": 4})
    assert [change.columns for change in changes(whose, sensitive=False)] == [["aid.members"]]
    assert changes(whose, sensitive=True).count() == 4


@pytest.mark.usefixtures("places")
def test_an_import_is_not_withdrawn_over_a_recorded_fact(officer):
    batch = admitted([line()])
    whose = Child.objects.get()
    recorded(officer, whose, "parent")
    assert withdraw(by=person("approver"), batch=batch, on=ON) == {"removed": 0, "restored": 0, "left": 1}
    assert Child.objects.get() == whose
