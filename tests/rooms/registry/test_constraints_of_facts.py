"""What the database itself refuses of what is known about a child."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from hutong.registry.models import Circumstance, Parent
from tests.factories import COUNTY, NEXT_VILLAGE, ON, VILLAGE, child, guardian_of, holding, person
from tests.facts import (
    aid,
    change,
    circumstance,
    disability,
    evidence,
    health,
    household,
    member,
    move,
    observation,
    parent,
    payee_link,
    study,
)

BEFORE = ON - timedelta(days=1)
BACKWARD = {"from_on": ON, "until_on": BEFORE}


def two_changes_proposed() -> None:
    whose = child()
    change(whose, stage="proposed"), change(whose, stage="proposed")


def decided_by_the_proposer() -> None:
    proposer = person()
    change(by=proposer, decided_by=proposer)


def two_moves_open() -> None:
    whose = child()
    move(whose), move(whose, stage="requested", to_code=NEXT_VILLAGE)


VIOLATIONS = [
    ("child_closed_with_reason", lambda: child(closed_on=ON)),
    ("child_closed_with_reason", lambda: child(closed_reason="died")),
    ("child_closed_with_reason", lambda: child(closed_on=ON, closed_reason="bored")),
    ("guardian_kind_known", lambda: guardian_of(child(), until_on=BEFORE, kind="friend")),
    ("holding_secret_basis_whole", lambda: holding(child(holdings=[]), "orphan_kin", secret_basis=None)),
    ("holding_secret_basis_whole", lambda: holding(child(holdings=[]), "dibao", secret_basis="orphan  ")),
    ("parent_role_known", lambda: parent(role="uncle")),
    ("parent_named_or_unknown", lambda: parent(name="")),
    ("parent_named_or_unknown", lambda: parent(is_unknown=True, name="柳素云")),
    ("parent_named_or_unknown", lambda: parent(is_unknown=True, id_number="990000198001010018")),
    ("parent_span_forward", lambda: parent(**BACKWARD)),
    ("circumstance_kind_of_whom", lambda: circumstance(kind="parents_not_found")),
    ("circumstance_kind_of_whom", lambda: circumstance(kind="imprisoned", parent=None, child=child())),
    ("circumstance_kind_of_whom", lambda: circumstance(kind="hiv", parent=None, child=child())),
    ("circumstance_disability_whole", lambda: disability(grade=None)),
    ("circumstance_disability_whole", lambda: disability(grade=5)),
    ("circumstance_disability_whole", lambda: disability(disability_class="")),
    ("circumstance_disability_whole", lambda: circumstance(kind="severe_disability")),
    ("circumstance_disability_whole", lambda: circumstance(grade=1, disability_class="mental")),
    ("circumstance_disability_whole", lambda: circumstance(certificate="99000019800101001841")),
    ("circumstance_report_of_search", lambda: circumstance(reported_on=ON)),
    ("circumstance_notice_of_search", lambda: circumstance(kind="out_of_contact", notice_on=ON)),
    ("circumstance_final_is_open", lambda: circumstance(kind="dead", until_on=ON)),
    ("circumstance_begins", lambda: circumstance(from_on=None)),
    ("circumstance_span_forward", lambda: circumstance(**BACKWARD)),
    ("study_level_known", lambda: study(level="university")),
    ("study_begins", lambda: study(from_on=None)),
    ("study_span_forward", lambda: study(**BACKWARD)),
    ("health_kind_known", lambda: health(kind="hiv")),
    ("health_sensitivity_known", lambda: health(sensitivity="top")),
    ("health_secret_is_other", lambda: health(kind="illness", sensitivity="secret")),
    ("health_mind_guarded", lambda: health(kind="mind", sensitivity="ordinary")),
    ("health_span_forward", lambda: health(**BACKWARD)),
    ("observation_question_known", lambda: observation(question="favourite_colour")),
    ("aid_kind_known", lambda: aid(kind="lottery")),
    ("aid_own_or_household", lambda: aid(members=0)),
    ("aid_own_or_household", lambda: aid(members=None)),
    ("aid_own_or_household", lambda: aid(fen_per_month=100, household_fen_per_month=100, members=1)),
    ("aid_of_household", lambda: aid(kind="tekun")),
    ("aid_begins", lambda: aid(from_on=None)),
    ("aid_span_forward", lambda: aid(**BACKWARD)),
    ("payee_link_begins", lambda: payee_link(from_on=None)),
    ("payee_link_span_forward", lambda: payee_link(**BACKWARD)),
    ("household_code_form", lambda: household(division_code=COUNTY)),
    ("household_kind_known", lambda: household(kind="tent")),
    ("household_member_child_or_name", lambda: member(name="", relation="")),
    ("household_member_child_or_name", lambda: member(child=child(), name="柳桂兰")),
    ("household_member_child_or_name", lambda: member(child=child(), relation="51")),
    ("household_member_relation", lambda: member(relation="00")),
    ("household_member_span_forward", lambda: member(**BACKWARD)),
    ("evidence_kind_known", lambda: evidence(kind="rumour")),
    ("evidence_sealed_is_other", lambda: evidence(kind="diagnosis", is_sealed=True)),
    ("evidence_span_forward", lambda: evidence(issued_on=ON, expires_on=BEFORE)),
    ("evidence_withdrawn_whole", lambda: evidence(withdrawn_on=ON)),
    ("evidence_withdrawn_whole", lambda: evidence(withdrawn_on=ON, withdrawn_by=person())),
    ("evidence_withdrawn_whole", lambda: evidence(withdrawn_why="看不清")),
    ("change_one_proposed_at_a_time", two_changes_proposed),
    ("change_kind_known", lambda: change(kind="vanish")),
    ("change_stage_known", lambda: change(stage="perhaps")),
    ("change_two_people", decided_by_the_proposer),
    ("change_code_form", lambda: change(division_code=COUNTY)),
    ("move_one_open_at_a_time", two_moves_open),
    ("move_stage_known", lambda: move(stage="lost")),
    ("move_codes_form", lambda: move(to_code=COUNTY)),
    ("move_codes_form", lambda: move(to_code=VILLAGE)),
    ("move_codes_form", lambda: move(living_code="640122")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


@pytest.mark.django_db
def test_what_is_legal_is_taken():
    whose = child(holdings=["orphan_kin"], closed_on=ON, closed_reason="grown_up")
    guardian_of(whose, kind="entrusted", guardian_name="柳安宁")
    parent(whose, "father", is_unknown=True), parent(whose, "mother", until_on=ON), parent(whose, "adoptive_mother")
    circumstance(parent=None, child=whose, kind="parents_not_found", reported_on=BEFORE, until_on=ON)
    circumstance(kind="out_of_contact", reported_on=BEFORE)
    circumstance(kind="severe_disability", disability_class="mental", grade=2, certificate="…"), disability()
    health(kind="other", sensitivity="secret"), health(kind="mind"), health(from_on=ON, until_on=ON)
    aid(kind="disability_living", fen_per_month=10_000), aid(kind="other"), aid(members=1)
    member(), member(child=whose), study(until_on=ON)
    evidence(withdrawn_on=ON, withdrawn_by=person(), withdrawn_why="重复"), evidence(issued_on=ON, expires_on=ON)
    change(whose, stage="proposed"), change(whose), change(whose, stage="refused", decided_by=person())
    move(whose), move(whose, stage="accepted"), move(whose, stage="taken_back", living_code=VILLAGE)
    assert (whose.guardians.count(), whose.changes.count(), whose.moves.count()) == (2, 3, 3)


@pytest.mark.django_db
def test_facts_hold_on_their_first_and_on_their_last_day():
    circumstance(from_on=date(2025, 1, 10), until_on=date(2025, 5, 31))
    days = (date(2025, 1, 9), date(2025, 1, 10), date(2025, 5, 31), date(2025, 6, 1))
    assert [Circumstance.objects.holding_on(day).count() for day in days] == [0, 1, 1, 0]


@pytest.mark.django_db
def test_a_fact_with_no_known_beginning_holds_and_one_that_ended_does_not():
    open_, ended = parent(), parent(until_on=BEFORE)
    assert list(Parent.objects.holding_on(ON)) == [open_]
    assert list(Parent.objects.holding_on(BEFORE).order_by("id")) == [open_, ended]
