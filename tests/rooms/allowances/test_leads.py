"""Leads: lists are taken, what is about families in the register is kept, followed, and found at night."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.allowances import lead_queries as queries
from hutong.allowances.actions.finding import find_unapplied
from hutong.allowances.actions.following import close_lead, end_leads, record_lead
from hutong.allowances.actions.suspending import close_file
from hutong.allowances.actions.taking_lists import problems_of, rule_on_list, take_list
from hutong.allowances.leads import answer_if_true, said_in
from hutong.allowances.models import DepartmentList, Lead, LeadEnd
from hutong.allowances.models.lead import How
from hutong.gateways.exchange.fake_lists import FakeLists
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Circumstance, Parent
from tests.applications import Office
from tests.factories import (
    CITY,
    NEXT_COUNTY,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    child,
    holding,
    id_number,
    kin,
    person,
)
from tests.facts import circumstance, evidence, joined_to
from tests.leads import (
    DIED,
    MOTHER,
    PLACE,
    TAKEN,
    TERM,
    alarming,
    closed,
    deaths,
    family,
    lead,
    number_of,
    prison,
    taken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """What is refused is said in English here."""
    with override("en"):
        yield


@pytest.fixture
def supervisor():
    return person("township_supervisor", TOWNSHIP)


def same_mother(first, second):
    """Gives two children one mother."""
    number = number_of(first)
    mother = Parent.objects.get(child=second, role="mother")
    mother.id_number, mother.id_index = number, id_index(number)
    mother.save()


def tasks(*kinds):
    found = Task.objects.filter(closed_at__isnull=True)
    found = found.filter(kind__in=kinds) if kinds else found
    return sorted(found.values_list("kind", "role", "subject_key"))


def test_who_is_a_parent_in_the_register_becomes_a_lead_and_who_is_not_is_only_counted():
    whose = family()
    given = prison(whose)
    given.say("imprisoned", "无名氏", id_number(at=91), **TERM)
    one = taken(given)

    found = Lead.objects.get()
    assert (found.child, found.whose, found.names_agree, found.row) == (whose, "mother", True, 1)
    said = said_in(found)
    assert (said.source, said.name, said.fact.kind) == ("prison", MOTHER, "imprisoned")
    assert (said.fact.from_on, said.fact.until_on) == (TERM["from_on"], TERM["until_on"])
    assert (one.rows, one.faulty, one.repeated, one.problems) == (2, 0, 0, [])
    assert "无名氏" not in str(DepartmentList.objects.values_list())
    assert MOTHER not in str(Lead.objects.values_list())
    assert Circumstance.objects.filter(kind="imprisoned").count() == 0


def test_every_child_of_a_parent_is_told_of():
    first, second = family(), family()
    same_mother(first, second)
    taken(prison(first))
    assert {one.child for one in Lead.objects.all()} == {first, second}


def test_a_guardian_who_is_a_parent_is_found_too():
    whose, number = child(holdings=()), id_number(at=77)
    guardian = whose.guardians.get()
    guardian.relation, guardian.id_number, guardian.id_index = "52", number, id_index(number)
    guardian.save()
    given = FakeLists("prison")
    given.say("imprisoned", guardian.name, number, **TERM)
    taken(given)
    assert [(one.whose, one.child) for one in Lead.objects.all()] == [("mother", whose)]


def test_a_grandmother_is_no_parent():
    whose, number = child(holdings=()), id_number(at=77)
    guardian = whose.guardians.get()
    guardian.relation, guardian.id_number, guardian.id_index = "62", number, id_index(number)
    guardian.save()
    given = FakeLists("prison")
    given.say("imprisoned", guardian.name, number, **TERM)
    taken(given)
    assert not Lead.objects.exists()


def test_a_child_itself_is_found_among_the_dead_alone():
    whose = family()
    taken(deaths(whose, role="child"))
    given = FakeLists("prison")
    given.say("imprisoned", whose.name, number_of(whose, "child"), **TERM)
    taken(given)
    assert [one.whose for one in Lead.objects.all()] == ["child"]


def test_of_a_joined_file_the_leading_one_is_told_of():
    leading, joined = family(), family()
    number = number_of(joined)
    joined_to(leading, joined)
    given = FakeLists("prison")
    given.say("imprisoned", MOTHER, number, **TERM)
    taken(given)
    assert {one.child for one in Lead.objects.all()} == {leading}


def test_closed_files_and_former_parents_are_left_alone():
    gone, former = family(closed_on=TAKEN, closed_reason="no_longer_fits"), family()
    Parent.objects.filter(child=former).update(until_on=TAKEN)
    taken(prison(gone, former))
    assert not Lead.objects.exists()


def test_what_the_file_says_already_or_what_is_over_raises_nothing():
    known = family()
    circumstance(Parent.objects.get(child=known, role="mother"), "imprisoned", **TERM)
    taken(prison(known))
    taken(prison(family(), from_on=date(2020, 1, 1), until_on=date(2026, 6, 9)))
    assert not Lead.objects.exists()


def test_the_same_file_twice_is_told_and_changes_nothing():
    given, officer = prison(family()), person("county_officer")
    first = take_list(by=officer, division_code=PLACE, given=given.given(on=TAKEN), on=TAKEN)
    again = take_list(by=officer, division_code=PLACE, given=given.given(on=TAKEN), on=TAKEN)
    assert (first.is_new, again.is_new, first.list) == (True, False, again.list)
    assert Lead.objects.count() == 1


def test_another_file_that_says_the_same_raises_nothing_new_even_after_the_lead_was_closed():
    whose = family()
    closed(lead(whose))
    given = prison(whose)
    given.say("imprisoned", "别人", id_number(at=5), **TERM)
    taken(given)
    assert Lead.objects.count() == 1
    taken(prison(whose, until_on=date(2031, 3, 31)))
    taken(deaths(whose, role="mother", name=MOTHER))
    assert Lead.objects.count() == 3


def test_faulty_rows_are_kept_by_row_and_column_without_what_stood_there():
    given = prison(family())
    given.say("imprisoned", "钱错", "123", **TERM)
    given.say("imprisoned", "钱早", id_number(at=6), from_on=TAKEN, until_on=date(2026, 6, 9))
    one = taken(given)
    assert (one.rows, one.faulty) == (3, 2)
    assert [(each.code, each.row) for each in problems_of(one)] == [("id_length", 3), ("ends_before", 4)]
    assert not {"钱错", "钱早", "123"} & set(str(one.problems).split("'"))


def test_a_name_that_differs_is_said():
    found = lead(name="尹素芸")
    assert not found.names_agree


def test_a_workbook_without_rows_is_refused():
    with pytest.raises(Refused, match="no row"):
        taken(FakeLists("prison"))


@pytest.mark.parametrize(
    ("role", "prefix"), [("township_supervisor", TOWNSHIP), ("approver", ""), ("county_officer", NEXT_COUNTY)]
)
def test_who_takes_no_lists_here(role, prefix):
    with pytest.raises(NotAllowed):
        taken(prison(family()), by=person(role, prefix) if prefix else person(role))


@pytest.mark.parametrize(("role", "prefix"), [("city_officer", CITY), ("region_officer", PROVINCE)])
def test_city_and_region_take_lists_about_children_of_every_county(role, prefix):
    taken(prison(family()), by=person(role, prefix), place=prefix.ljust(12, "0"))
    assert Lead.objects.count() == 1


def test_a_list_of_a_county_about_a_child_elsewhere_is_looked_into_where_the_child_is():
    whose = family(responsible_code=VILLAGE_OF_NEXT_COUNTY, living_code=VILLAGE_OF_NEXT_COUNTY)
    ours, theirs = person("county_officer"), person("county_officer", NEXT_COUNTY)
    one = taken(prison(whose), by=ours)
    find_unapplied(on=TAKEN)

    assert not queries.leads(ours, on=TAKEN).exists()
    assert queries.figures(ours, [one], on=TAKEN).get(one.pk) is None
    assert queries.leads(theirs, on=TAKEN).count() == 1
    assert list(queries.lists(theirs, on=TAKEN)) == [one]
    assert {task.division_code for task in Task.objects.filter(kind="follow_leads")} == {VILLAGE_OF_NEXT_COUNTY}


def test_who_would_be_recognised_is_a_task_of_the_township_and_a_visit_for_the_village_without_a_word_of_why():
    whose = family()
    taken(prison(whose))
    assert find_unapplied(on=TAKEN) == 1
    assert tasks() == [
        ("follow_leads", "township_supervisor", whose.file_number),
        ("visit_family", "village_director", whose.file_number),
    ]
    assert {task.due_on for task in Task.objects.all()} == {date(2026, 6, 15)}
    assert [task.values for task in Task.objects.all()] == [{}, {}]
    assert answer_if_true(whose, Lead.objects.all(), on=TAKEN).category == "de_facto"


def test_a_find_of_the_register_itself_is_not_told_of_twice():
    whose = family()
    circumstance(Parent.objects.get(child=whose, role="mother"), "severe_illness")
    taken(prison(whose))
    assert find_unapplied(on=TAKEN) == 1
    assert {kind for kind, _role, _key in tasks()} == {"apply_for_child", "visit_family", "check_child"}


@pytest.mark.parametrize(
    ("term", "kinds"),
    [
        ({}, {"check_child", "visit_family"}),
        ({"until_on": date(2026, 9, 30)}, {"check_child", "visit_family"}),
        ({"until_on": date(2026, 9, 29)}, set()),
    ],
)
def test_one_parents_long_sentence_is_enough_to_check_on_the_child(term, kinds):
    taken(prison(family(father_dead=False), **term))
    find_unapplied(on=TAKEN)
    assert {kind for kind, _role, _key in tasks()} == kinds


def test_one_parents_death_is_too_also_of_a_child_who_is_paid_for():
    whose = family(father_dead=False)
    holding(whose, "de_facto")
    taken(deaths(whose))
    assert find_unapplied(on=TAKEN) == 0
    assert {kind for kind, _role, _key in tasks()} == {"check_child", "visit_family"}


def test_who_has_grown_up_is_nobodys_task():
    taken(prison(family(birth_date=date(2008, 1, 1))))
    assert find_unapplied(on=TAKEN) == 0
    assert tasks() == []


def test_another_name_asks_for_a_comparison_and_sends_nobody_to_the_family():
    whose = family()
    taken(prison(whose, name="尹素芸"))
    find_unapplied(on=TAKEN)
    assert tasks() == [("compare_name", "township_supervisor", whose.file_number)]


def test_a_child_on_a_list_of_the_dead_is_a_task_and_nothing_happens_by_itself():
    whose = family()
    holding(whose, "de_facto")
    taken(deaths(whose, role="child"))
    find_unapplied(on=TAKEN)
    whose.refresh_from_db()
    assert whose.closed_on is None
    assert ("child_said_dead", "county_officer", whose.file_number) in tasks()
    assert not whose.changes.exists()


def test_closing_the_file_of_a_child_who_died_ends_the_lead_and_the_task():
    whose = family()
    taken(deaths(whose, role="child"))
    find_unapplied(on=TAKEN)
    officer = person("county_officer")
    close_file(by=officer, child=whose, closed_on=DIED, reason="died", on=TAKEN, revision=whose.revision)
    assert LeadEnd.objects.get().how == How.RECORDED
    assert tasks("child_said_dead") == []


def test_a_closed_lead_says_why_ends_its_tasks_and_is_in_the_trail(supervisor):
    found = lead()
    find_unapplied(on=TAKEN)
    end = close_lead(by=supervisor, lead=found, how="namesake", words="同名，另有其人", on=TAKEN)
    assert (end.how, end.words.open(), end.by) == ("namesake", "同名，另有其人", supervisor)
    assert tasks("follow_leads", "check_child") == []
    assert find_unapplied(on=TAKEN) == 0
    entry = TrailEntry.objects.get(act="end_lead")
    assert (entry.subject_key, entry.details) == (found.child.file_number, {"lead": found.pk})


@pytest.mark.parametrize(
    ("said", "why"), [({"how": "recorded"}, "reason"), ({"how": ""}, "reason"), ({"words": " "}, "words")]
)
def test_a_lead_is_closed_with_a_reason_in_words(supervisor, said, why):
    with pytest.raises(Refused, match=why):
        close_lead(**{"by": supervisor, "lead": lead(), "how": "known", "words": "x", "on": TAKEN} | said)


def test_a_lead_is_closed_once(supervisor):
    end = closed()
    with pytest.raises(Refused, match="already"):
        close_lead(by=supervisor, lead=end.lead, how="known", words="x", on=TAKEN)


@pytest.mark.parametrize("role", ["village_director", "approver", "city_officer", "payer"])
def test_who_closes_no_leads(role):
    with pytest.raises(NotAllowed):
        close_lead(by=person(role), lead=lead(), how="known", words="x", on=TAKEN)


def test_nobody_closes_a_lead_about_their_own_family(supervisor):
    found = lead()
    kin(supervisor, name=found.child.name, id_number=number_of(found.child, "child"))
    with pytest.raises(Refused):
        close_lead(by=supervisor, lead=found, how="known", words="x", on=TAKEN)


def recorded(found, by, **more):
    whose = found.child
    mother = Parent.objects.get(child=whose, role=found.whose)
    values = {"kind": "imprisoned", "parent": mother, "disability_class": "", "grade": None, "certificate": "",
              "reported_on": None, "note": "", **TERM}  # fmt: skip
    paper = evidence(whose, kind="court_judgment")
    said = {"lead": found, "values": values, "revision": whose.revision, "reason": "happened", "papers": [paper]}
    return record_lead(by=by, on=TAKEN, **said | more)


def test_a_lead_is_recorded_as_any_circumstance_is_by_a_person_with_papers(supervisor):
    found = lead()
    fact = recorded(found, supervisor)
    assert (fact.kind, fact.evidence.count(), fact.recorded_by) == ("imprisoned", 1, supervisor)
    assert LeadEnd.objects.get().how == How.RECORDED
    assert found.child.changes.exists()
    assert find_unapplied(on=TAKEN) == 1
    assert {kind for kind, _role, _key in tasks()} == {"apply_for_child", "visit_family"}


def test_what_is_recorded_for_brothers_and_sisters_ends_their_leads_too(supervisor):
    first, second, third = family(), family(), family()
    for other in (second, third):
        same_mother(first, other)
    taken(prison(first))
    found = {one.child: one for one in Lead.objects.all()}
    closed(found[third])
    recorded(found[first], supervisor, with_siblings=True)
    assert {end.lead.child: end.how for end in LeadEnd.objects.all()} == {
        first: How.RECORDED, second: How.RECORDED, third: How.UNTRUE,
    }  # fmt: skip


def test_what_cannot_be_recorded_leaves_the_lead_open(supervisor):
    found = lead()
    with pytest.raises(Refused):
        recorded(found, supervisor, revision=found.child.revision + 1)
    assert not LeadEnd.objects.exists()


def test_what_was_closed_is_not_recorded_from_the_lead(supervisor):
    with pytest.raises(Refused, match="already"):
        recorded(closed().lead, supervisor)


def test_an_application_ends_the_leads_of_the_child_and_they_can_still_be_recorded(supervisor):
    found = lead()
    Office().begun(found.child)
    end = LeadEnd.objects.get()
    assert end.how == How.APPLIED
    whose = found.child
    whose.refresh_from_db()
    recorded(Lead.objects.get(), supervisor)
    assert LeadEnd.objects.get() == end


def test_only_leads_that_count_end():
    alarming()
    end_leads(by=person("county_officer"), child=Lead.objects.first().child, how=How.APPLIED, on=TAKEN)
    assert not LeadEnd.objects.exists()


def test_a_list_that_names_half_the_register_alarms_and_nothing_else_happens(supervisor):
    one = alarming()
    assert (one.is_alarming, one.alarm_place, one.alarm_children) == (True, PLACE, 20)
    find_unapplied(on=TAKEN)
    assert tasks() == [("rule_on_list", "approver", str(one.pk))]
    assert not queries.leads(supervisor, on=TAKEN).exists()


def test_a_small_list_or_a_small_part_of_a_county_does_not_alarm():
    assert not alarming(count=19).is_alarming
    for _at in range(70):
        child()
    assert not alarming().is_alarming


def test_once_a_second_person_has_found_out_the_list_counts(supervisor):
    one = alarming()
    ruling = rule_on_list(by=person("approver"), taken=one, is_sound=True, words="已电话核实", on=TAKEN)
    find_unapplied(on=TAKEN)
    assert queries.leads(supervisor, on=TAKEN).count() == 20
    assert len(tasks("check_child")) == 20
    assert tasks("rule_on_list") == []
    assert str(ruling) == str(ruling.pk)


def test_or_it_stays_aside_for_good(supervisor):
    one = alarming()
    rule_on_list(by=person("approver"), taken=one, is_sound=False, words="系误传", on=TAKEN)
    find_unapplied(on=TAKEN)
    assert tasks() == []
    assert not queries.leads(supervisor, on=TAKEN).exists()


def test_who_took_a_list_does_not_rule_on_it_nor_anybody_twice():
    officer = person("city_officer", CITY)
    one = taken(deaths(*(family(father_dead=False) for _ in range(20))), by=officer, place=CITY.ljust(12, "0"))
    with pytest.raises(Refused, match="Another person"):
        rule_on_list(by=officer, taken=one, is_sound=True, words="x", on=TAKEN)
    other = person("city_officer", CITY)
    with pytest.raises(Refused, match="few words"):
        rule_on_list(by=other, taken=one, is_sound=True, words="", on=TAKEN)
    rule_on_list(by=other, taken=one, is_sound=True, words="x", on=TAKEN)
    with pytest.raises(Refused, match="already"):
        rule_on_list(by=other, taken=one, is_sound=True, words="x", on=TAKEN)
    with pytest.raises(NotAllowed):
        rule_on_list(by=person("county_officer"), taken=one, is_sound=True, words="x", on=TAKEN)


def test_an_ordinary_list_needs_no_ruling():
    with pytest.raises(Refused, match="Nothing"):
        rule_on_list(by=person("approver"), taken=taken(prison(family())), is_sound=True, words="x", on=TAKEN)


def test_after_a_refusal_a_lead_said_before_raises_nothing():
    whose = family()
    taken(prison(whose))
    application = Office().begun(whose)
    assert application
    assert find_unapplied(on=TAKEN) == 0


def test_leads_are_seen_by_those_who_hold_the_right_where_the_child_is(supervisor):
    lead()
    others = (("village_director", VILLAGE), ("township_supervisor", "640122101"), ("approver",), ("auditor", PROVINCE))
    assert [queries.leads(person(*one), on=TAKEN).count() for one in others] == [0, 0, 0, 0]
    assert queries.leads(person("county_officer"), on=TAKEN).count() == 1
    assert queries.leads(supervisor, on=TAKEN).count() == 1


def test_figures_count_how_leads_ended_and_list_the_same():
    first, second, third = family(), family(), family()
    one = taken(prison(first, second, third))
    found = {each.child: each for each in Lead.objects.all()}
    closed(found[first], "untrue")
    closed(found[second], "known")
    officer = person("county_officer")
    counted = queries.figures(officer, [one], on=TAKEN)[one.pk]
    assert counted == {"untrue": 1, "known": 1, "open": 1}
    for how, count in counted.items():
        assert queries.find(officer, queries.Wanted(how, one.pk), on=TAKEN).count() == count
    assert queries.find(officer, queries.Wanted("", one.pk), on=TAKEN).count() == 3
    assert not queries.find(officer, queries.Wanted("open", one.pk + 1), on=TAKEN).exists()


def test_open_leads_come_first_and_of_those_the_agreeing_names():
    whose = family()
    closed(lead(whose, until_on=date(2031, 1, 1)))
    lead(whose, name="尹素芸")
    lead(whose)
    found = list(queries.leads_of(person("county_officer"), whose, on=TAKEN))
    assert [(one.names_agree, hasattr(one, "end")) for one in found] == [(True, False), (False, False), (True, True)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE allowances_lead SET whose = 'father'",
        "UPDATE allowances_lead SET said = NULL",
        "DELETE FROM allowances_leadend",
        "UPDATE allowances_departmentlist SET rows = 1",
        "DELETE FROM allowances_listruling",
    ],
)
def test_what_was_said_and_what_became_of_it_stays(statement):
    closed()
    rule_on_list(by=person("approver"), taken=alarming(), is_sound=True, words="x", on=TAKEN)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_taking_and_finding_take_as_many_questions_for_thirty_families_as_for_two(django_assert_max_num_queries):
    families, officer = [family(father_dead=True) for _ in range(18)], person("county_officer")
    with django_assert_max_num_queries(40):
        taken(prison(*families), by=officer)
    with django_assert_max_num_queries(45):
        assert find_unapplied(on=TAKEN) == 18


def test_a_person_in_two_lists_of_one_workbook_is_said_of_twice():
    whose = family(father_dead=False)
    given = FakeLists("court")
    given.say("imprisoned", MOTHER, number_of(whose), **TERM)
    given.say("guardianship_revoked", MOTHER, number_of(whose), from_on=TAKEN)
    taken(given)
    assert {said_in(one).fact.kind for one in Lead.objects.all()} == {"imprisoned", "guardianship_revoked"}
