"""What the database itself refuses about applications."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from hutong.allowances.models import (
    Application,
    ApplicationStep,
    DataBatch,
    DataCheck,
    Decision,
    DepartmentList,
    HandHold,
    ItemLook,
    Lead,
    LeadEnd,
    NationalEntry,
    OutgoingApplication,
    OutgoingRecord,
    RecognitionEnd,
    RecognitionReview,
    RecognitionSuspension,
)
from tests import standards
from tests.applications import ACCEPTED, BEGUN, CHECKED, DECIDED
from tests.factories import VILLAGE, child, holding, person, serial
from tests.rooms.allowances.test_run_constraints import VIOLATIONS as OF_RUNS

pytestmark = pytest.mark.django_db
SCATTERED = {"category": "orphan_kin", "secret_basis": "orphan", "is_confidential": True}
INSTITUTION = {"category": "orphan_institution", "applicant_kind": "institution"}
REFUSED = {"outcome": "refused", "ground": "untrue", "from_month": None, "words": "不符"}


def application(**more):
    values = {
        "child": more.get("child") or child(), "category": "de_facto", "applicant_kind": "guardian",
        "applicant_name": "柳桂兰", "division_code": VILLAGE, "begun_by": person(), "begun_on": BEGUN,
    }  # fmt: skip
    return Application.objects.create(**values | more)


def accepted(**more):
    said = {"state": "accepted", "submitted_on": BEGUN, "accepted_on": ACCEPTED, "accepted_by": person()}
    return application(**said | more)


def checked(**more):
    said = {"state": "checked", "opinion": "agrees", "checked_on": CHECKED, "checked_by": person()}
    return accepted(**said | more)


def decided(**more):
    return checked(**{"state": "confirmed", "decided_on": DECIDED, "decided_by": person()} | more)


def step(**more):
    values = {
        "application": more.get("application") or application(), "number": 1, "step": "submit", "state": "submitted",
        "on": BEGUN, "by": person(), "division_code": VILLAGE,
    }  # fmt: skip
    return ApplicationStep.objects.create(**values | more)


def two_steps():
    first = step()
    step(application=first.application)


def two_open():
    whose = child()
    application(child=whose, state="withdrawn"), application(child=whose), application(child=whose)


def look(**more):
    values = {"application": application(), "item": "paper-id_card", "verdict": "fits", "on": CHECKED, "by": person()}
    return ItemLook.objects.create(**values | more)


def decision(**more):
    values = {
        "application": decided(), "outcome": "confirmed", "answer": "recognised", "reasons": "[]", "differs": False,
        "from_month": date(2026, 7, 1), "on": DECIDED, "by": person(),
    }  # fmt: skip
    return Decision.objects.create(**values | more)


def by_who_accepted():
    someone = person()
    checked(accepted_by=someone, checked_by=someone)


def by_who_checked():
    someone = person()
    decided(checked_by=someone, decided_by=someone)


def by_who_decided():
    someone = person()
    decided(decided_by=someone, reviewed_by=someone, reviewed_on=DECIDED)


def two_decisions():
    decision(application=decision().application)


def data_batch(**more):
    values = {
        "number": f"7K2M-9QX{serial()}", "division_code": "640122000000", "asked_on": CHECKED, "due_on": DECIDED,
        "password": "7K2M-9QXC-T4WD-HN3B", "by": person(),
    }  # fmt: skip
    return DataBatch.objects.create(**values | more)


def data_check(**more):
    values = {
        "number": f"{serial():024x}", "source": "police", "asks": "dead", "whose": "father", "item": "situation-1",
        "as_of": CHECKED, "claim": "{}",
    }  # fmt: skip
    made = {
        "application": more.get("application") or application(),
        "batch": more["batch"] if "batch" in more else data_batch(),
    }
    return DataCheck.objects.create(**values | made | more)


ANSWER = {
    "outcome": "found", "values": "{}", "answered_on": DECIDED, "answered_by": "公安局", "way": "file",
    "recorded_at": datetime(2026, 6, 18, tzinfo=UTC), "verdict": "consistent", "code": "agrees", "text": "一致",
    "citation": "第二条",
}  # fmt: skip


def answered_check(**more):
    return data_check(**ANSWER | {"recorded_by": person()} | more)


def by_hand(**more):
    return answered_check(**{"batch": None, "way": "manual", "words": "窗口查询"} | more)


def department_list(**more):
    values = {
        "source": "prison", "division_code": "640122000000", "digest": f"{serial():064x}", "given_on": CHECKED,
        "taken_on": CHECKED, "rows": 1, "faulty": 0, "repeated": 0, "by": person(),
    }  # fmt: skip
    return DepartmentList.objects.create(**values | more)


def lead(**more):
    values = {
        "list": department_list(),
        "child": child(),
        "whose": "mother",
        "said": "{}",
        "names_agree": True,
        "row": 2,
    }
    return Lead.objects.create(**values | more)


def lead_end(**more):
    values = {"lead": lead(), "how": "recorded", "on": DECIDED, "by": person()}
    return LeadEnd.objects.create(**values | more)


def the_same_list_twice():
    department_list(digest=department_list().digest)


def two_open_questions():
    data_check(application=data_check().application)


def national(**more):
    values = {
        "child": more.get("child") or child(), "category": "de_facto", "number": "NX640122001", "columns": "{}",
        "division_code": VILLAGE, "entered_on": DECIDED, "entered_by": person(),
    }  # fmt: skip
    return NationalEntry.objects.create(**values | more)


def dropped(**more):
    return national(**{"ended_on": DECIDED, "ended_by": person(), "ended_reason": "dropped"} | more)


def two_entries():
    whose = child()
    dropped(child=whose), national(child=whose), national(child=whose, number="NX640122002")


def two_of_one_number():
    dropped(), national(category="orphan_kin"), national(), national()


def of_recognition(**more):
    held = more.get("holding") or holding(child(holdings=()), "de_facto")
    return {"child": held.child, "holding": held, "division_code": VILLAGE, "on": ACCEPTED, "by": person()}


def review(**more):
    said = {"due_on": BEGUN, "finding": "continues", "answer": "continues", "reasons": "[]", "differs": False}
    return RecognitionReview.objects.create(**of_recognition(**more) | said | more)


def suspension(**more):
    said = {"reason": "unclear", "happened_on": BEGUN, "from_month": date(2026, 7, 1)}
    return RecognitionSuspension.objects.create(**of_recognition(**more) | said | more)


def end(**more):
    said = {
        "reason": "released", "happened_on": BEGUN, "from_month": date(2026, 7, 1), "answer": "ends", "reasons": "[]",
        "differs": False,
    }  # fmt: skip
    return RecognitionEnd.objects.create(**of_recognition(**more) | said | more)


LIFTED = {"lifted_on": CHECKED, "again_from": date(2026, 7, 1)}
CONFIRMED = {"stage": "confirmed", "decided_on": DECIDED}


def lifted_by_who_reported_the_death():
    someone = person()
    suspension(reason="died", by=someone, lifted_by=someone, **LIFTED)


def ended_by_who_proposed():
    someone = person()
    end(by=someone, decided_by=someone, **CONFIRMED)


LETTER = {"sent_by": "某局", "sent_on": BEGUN, "came_on": BEGUN}
SENT = {"state": "sent", "sent_on": BEGUN}
ANSWERED = {"outcome": "confirmed", "decided_on": ACCEPTED, "came_on": CHECKED}


def outgoing(**more):
    values = {
        "child_name": "柳安", "birth_date": date(2015, 3, 7), "address": "x", "phone": "x", "situation": "x",
        "home_code": "620823000000", "home_office": "崇信县民政局", "category": "de_facto",
        "applicant_kind": "guardian", "applicant_name": "柳桂兰", "division_code": VILLAGE, "begun_by": person(),
        "begun_on": BEGUN, "complete_on": BEGUN,
    }  # fmt: skip
    return OutgoingApplication.objects.create(**values | more)


def outgoing_record(**more):
    values = {"application": more.get("application") or outgoing(), "number": 1, "step": "send", "on": BEGUN}
    return OutgoingRecord.objects.create(**values | {"by": person()} | more)


def two_records():
    outgoing_record(application=outgoing_record().application)


def by_who_proposed_it():
    someone = person()
    standards.row(proposed_by=someone, decided_by=someone, decided_on=standards.ON, stage="confirmed")


def decided_standard(**more):
    said = {"stage": "confirmed", "decided_by": person(), "decided_on": standards.ON}
    return standards.row(**said | more)


def withdrawn_standard(**more):
    said = {"stage": "withdrawn", "withdrawn_by": person(), "withdrawn_on": standards.ON, "withdrawn_why": "重复提请"}
    return standards.row(**said | more)


def two_standards_at_once():
    decided_standard(scheme="scattered"), decided_standard(division_code="640100000000")
    decided_standard(until_on=date(2027, 6, 30)), decided_standard(from_on=date(2027, 7, 1))
    decided_standard(from_on=date(2027, 6, 1), until_on=date(2027, 6, 30))


STANDARD_VIOLATIONS = [
    ("standard_scheme_known", lambda: standards.row(scheme="hiv")),
    ("standard_place_form", lambda: standards.row(division_code=VILLAGE)),
    ("standard_from_a_first_day", lambda: standards.row(from_on=date(2027, 1, 2))),
    ("standard_span_forward", lambda: standards.row(until_on=date(2026, 12, 31))),
    ("standard_pays_something", lambda: standards.row(amount_fen=0)),
    ("standard_has_a_document", lambda: standards.row(document_number="")),
    ("standard_has_a_document", lambda: standards.row(document_title="")),
    ("standard_lower_in_words", lambda: standards.row(is_lower=True)),
    ("standard_stage_known", lambda: decided_standard(stage="perhaps")),
    ("standard_decided_whole", lambda: standards.row(stage="confirmed")),
    ("standard_decided_whole", lambda: decided_standard(decided_on=date(2026, 11, 1))),
    ("standard_decided_whole", lambda: decided_standard(stage="proposed")),
    ("standard_two_people", by_who_proposed_it),
    ("standard_refused_in_words", lambda: decided_standard(stage="refused")),
    ("standard_withdrawn_whole", lambda: withdrawn_standard(withdrawn_why="")),
    ("standard_withdrawn_whole", lambda: standards.row(withdrawn_on=standards.ON)),
    (
        "standard_withdrawn_before_it_holds",
        lambda: withdrawn_standard(
            from_on=date(2026, 11, 1), decided_by=person(), decided_on=standards.ON, withdrawn_by=person()
        ),
    ),
    ("standard_replaced_ends", lambda: decided_standard(replaced_by=standards.row(scheme="scattered"))),
    ("standard_one_proposed", lambda: [standards.row(), standards.row()]),
    ("standard_one_at_a_time", two_standards_at_once),
]


def hand_hold(**more):
    said = {"child": more.pop("child", None) or child(), "words": "待核实", "on": BEGUN, "by": person()}
    return HandHold.objects.create(**said | more)


VIOLATIONS = [
    *STANDARD_VIOLATIONS,
    ("review_once_a_day", lambda: review(holding=review().holding)),
    ("review_finding_known", lambda: review(finding="perhaps")),
    ("review_answer_known", lambda: review(answer="perhaps")),
    ("review_code_form", lambda: review(division_code="640122")),
    ("review_differs_in_words", lambda: review(differs=True)),
    ("suspension_one_open", lambda: suspension(holding=suspension().holding)),
    ("suspension_reason_known", lambda: suspension(reason="mood")),
    ("suspension_code_form", lambda: suspension(division_code="640122")),
    ("suspension_first_days", lambda: suspension(from_month=date(2026, 7, 2))),
    ("suspension_first_days", lambda: suspension(lifted_by=person(), **LIFTED | {"again_from": date(2026, 7, 2)})),
    ("suspension_lifted_whole", lambda: suspension(**LIFTED)),
    ("suspension_lifted_whole", lambda: suspension(lifted_by=person(), **LIFTED | {"lifted_on": BEGUN})),
    ("suspension_lifted_whole", lambda: suspension(lifted_by=person(), **LIFTED | {"again_from": date(2026, 6, 1)})),
    ("suspension_of_the_dead_lifted_by_another", lifted_by_who_reported_the_death),
    ("end_one_proposed", lambda: end(holding=end().holding)),
    ("end_stage_known", lambda: end(stage="perhaps", decided_by=person(), decided_on=DECIDED)),
    ("end_reason_known", lambda: end(reason="mood")),
    ("end_answer_known", lambda: end(answer="perhaps")),
    ("end_code_form", lambda: end(division_code="640122")),
    ("end_from_a_first_day", lambda: end(from_month=date(2026, 7, 2))),
    ("end_differs_in_words", lambda: end(differs=True)),
    ("end_decided_whole", lambda: end(decided_by=person())),
    ("end_decided_whole", lambda: end(**CONFIRMED)),
    ("end_decided_whole", lambda: end(decided_by=person(), **CONFIRMED | {"decided_on": BEGUN})),
    ("end_two_people", ended_by_who_proposed),
    ("end_rejected_in_words", lambda: end(decided_by=person(), **CONFIRMED | {"stage": "rejected"})),
    ("application_state_known", lambda: application(state="lost")),
    ("application_opinion_known", lambda: application(opinion="perhaps")),
    ("application_category_known", lambda: application(category="hiv")),
    ("application_code_form", lambda: application(division_code="640122")),
    ("application_applicant_known", lambda: application(applicant_kind="friend")),
    ("application_applicant_known", lambda: application(applicant_name="")),
    ("application_relation_known", lambda: application(applicant_relation="zz")),
    ("application_one_open", two_open),
    ("application_whose_and_when", lambda: application(accepted_by=person())),
    ("application_whose_and_when", lambda: accepted(checked_by=person(), checked_on=None)),
    ("application_different_people", by_who_accepted),
    ("application_different_people", by_who_checked),
    ("application_days_forward", lambda: accepted(accepted_on=date(2026, 6, 9))),
    ("application_days_forward", lambda: checked(checked_on=BEGUN)),
    ("application_days_forward", lambda: decided(decided_on=BEGUN)),
    ("application_decided_whole", lambda: decided(decided_by=None)),
    ("application_decided_whole", lambda: checked(decided_by=person(), decided_on=DECIDED)),
    ("application_checked_whole", lambda: checked(opinion="")),
    ("application_checked_whole", lambda: decided(checked_by=None)),
    ("application_whose_and_when", lambda: decided(reviewed_by=person())),
    ("application_different_people", by_who_decided),
    ("application_days_forward", lambda: decided(reviewed_on=BEGUN, reviewed_by=person())),
    ("application_received_form", lambda: application(received_at="640122")),
    ("application_told_after_decided", lambda: decided(told_on=DECIDED)),
    ("application_told_after_decided", lambda: decided(received_at=VILLAGE, told_on=CHECKED)),
    ("application_told_after_decided", lambda: checked(received_at=VILLAGE, told_on=DECIDED)),
    ("application_told_after_decided", lambda: decided(told_on=DECIDED, sent_by="")),
    ("application_by_letter_whole", lambda: application(sent_by="某局")),
    ("application_by_letter_whole", lambda: application(sent_on=BEGUN, came_on=BEGUN)),
    ("application_by_letter_whole", lambda: application(**LETTER | {"received_at": VILLAGE})),
    ("application_by_letter_whole", lambda: application(**LETTER | {"sent_on": ACCEPTED})),
    ("application_by_letter_whole", lambda: application(**LETTER | {"sent_on": ACCEPTED, "came_on": ACCEPTED})),
    ("outgoing_state_known", lambda: outgoing(state="lost")),
    ("outgoing_category_known", lambda: outgoing(category="hiv")),
    ("outgoing_from_and_to", lambda: outgoing(division_code="640122")),
    ("outgoing_from_and_to", lambda: outgoing(home_code="620823")),
    ("outgoing_from_and_to", lambda: outgoing(home_office="")),
    ("outgoing_applicant_known", lambda: outgoing(applicant_kind="friend")),
    ("outgoing_applicant_known", lambda: outgoing(applicant_name="")),
    ("outgoing_relation_known", lambda: outgoing(applicant_relation="zz")),
    ("outgoing_papers_known", lambda: outgoing(papers=["horoscope"])),
    ("outgoing_answered_whole", lambda: outgoing(outcome="confirmed")),
    ("outgoing_answered_whole", lambda: outgoing(decided_on=BEGUN)),
    ("outgoing_answered_whole", lambda: outgoing(**SENT | ANSWERED | {"outcome": "perhaps"})),
    ("outgoing_answered_whole", lambda: outgoing(**SENT | ANSWERED | {"decided_on": DECIDED})),
    ("outgoing_days_forward", lambda: outgoing(sent_on=date(2026, 6, 9))),
    ("outgoing_days_forward", lambda: outgoing(complete_on=None, sent_on=BEGUN)),
    ("outgoing_days_forward", lambda: outgoing(**ANSWERED)),
    ("outgoing_days_forward", lambda: outgoing(**SENT | ANSWERED | {"sent_on": DECIDED})),
    ("outgoing_days_forward", lambda: outgoing(told_on=DECIDED)),
    ("outgoing_days_forward", lambda: outgoing(**SENT | ANSWERED | {"told_on": BEGUN})),
    ("outgoing_sent_whole", lambda: outgoing(state="sent")),
    ("outgoing_record_once", two_records),
    ("outgoing_record_known", lambda: outgoing_record(step="jump")),
    ("outgoing_record_missing_known", lambda: outgoing_record(missing=["horoscope"])),
    ("application_secret_basis_whole", lambda: application(category="orphan_kin")),
    ("application_secret_basis_whole", lambda: application(secret_basis="orphan")),
    ("application_confidential_at_home", lambda: application(is_confidential=True)),
    ("application_confidential_at_home", lambda: application(**SCATTERED, received_at=VILLAGE)),
    ("application_of_institution", lambda: application(applicant_kind="institution")),
    ("application_of_institution", lambda: application(**INSTITUTION, received_at=VILLAGE)),
    ("decision_once", two_decisions),
    ("decision_round_known", lambda: decision(round=3)),
    ("application_step_once", two_steps),
    ("application_step_known", lambda: step(step="jump")),
    ("application_step_state_known", lambda: step(state="lost")),
    ("application_step_code_form", lambda: step(division_code="640122")),
    ("application_step_missing_known", lambda: step(missing=["horoscope"])),
    ("item_look_verdict_known", lambda: look(verdict="perhaps", words="x")),
    ("item_look_of_something", lambda: look(item="")),
    ("item_look_doubt_in_words", lambda: look(verdict="doubtful")),
    ("decision_ground_or_month", lambda: decision(**REFUSED | {"outcome": "postponed"})),
    ("decision_answer_known", lambda: decision(answer="perhaps")),
    ("decision_ground_or_month", lambda: decision(from_month=None)),
    ("decision_ground_or_month", lambda: decision(**REFUSED | {"ground": ""})),
    ("decision_from_a_first_day", lambda: decision(from_month=date(2026, 7, 2))),
    ("decision_differs_in_words", lambda: decision(differs=True)),
    ("data_batch_code_form", lambda: data_batch(division_code="640122")),
    ("data_batch_due_later", lambda: data_batch(due_on=BEGUN)),
    ("data_check_one_open", two_open_questions),
    ("data_check_source_known", lambda: data_check(source="gossip")),
    ("data_check_asks_known", lambda: data_check(asks="hiv")),
    ("data_check_whose_known", lambda: data_check(whose="aunt")),
    ("data_check_outcome_known", lambda: answered_check(outcome="perhaps")),
    ("data_check_verdict_known", lambda: answered_check(verdict="perhaps")),
    *(
        ("data_check_answered_whole", lambda name=name, none=none: answered_check(**{name: none}))
        for name, none in [
            *((name, "") for name in ("outcome", "way", "verdict", "code", "citation")),
            *((name, None) for name in ("values", "answered_on", "recorded_by", "recorded_at", "text")),
        ]
    ),
    *(
        ("data_check_answered_whole", lambda name=name, said=said: data_check(**{name: said}))
        for name, said in ANSWER.items()
    ),
    ("data_check_way_of_batch", lambda: answered_check(way="manual")),
    ("data_check_way_of_batch", lambda: answered_check(words="窗口查询")),
    ("data_check_way_of_batch", lambda: by_hand(way="file")),
    ("data_check_way_of_batch", lambda: by_hand(words=None)),
    ("data_check_way_of_batch", lambda: by_hand(answered_by="")),
    ("data_check_way_of_batch", lambda: data_check(batch=None)),
    ("department_list_once", the_same_list_twice),
    ("department_list_code_form", lambda: department_list(division_code="640122")),
    ("department_list_source_known", lambda: department_list(source="marriage")),
    ("department_list_alarm_whole", lambda: department_list(is_alarming=True)),
    ("department_list_alarm_whole", lambda: department_list(alarm_children=1)),
    ("lead_whose_known", lambda: lead(whose="aunt")),
    ("lead_end_how_known", lambda: lead_end(how="forgotten")),
    ("lead_end_says_why", lambda: lead_end(how="untrue")),
    ("national_entry_one_open", two_entries),
    ("national_entry_number_once", two_of_one_number),
    ("national_entry_category_known", lambda: national(category="hiv")),
    ("national_entry_number_form", lambda: national(number="nx640122001")),
    ("national_entry_number_form", lambda: national(number="12345")),
    ("national_entry_code_form", lambda: national(division_code="640122")),
    ("national_entry_days_forward", lambda: dropped(ended_on=CHECKED)),
    ("national_entry_ended_whole", lambda: national(ended_on=DECIDED)),
    ("national_entry_ended_whole", lambda: national(ended_words="x")),
    ("national_entry_ended_whole", lambda: dropped(ended_reason="")),
    ("national_entry_ended_whole", lambda: dropped(ended_by=None)),
    ("hand_hold_one_open", lambda: hand_hold(child=hand_hold().child)),
    ("hand_hold_released_whole", lambda: hand_hold(released_on=DECIDED)),
    ("hand_hold_released_whole", lambda: hand_hold(released_by=person(), released_on=date(2020, 1, 1))),
]


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_allowances_is_tried():
    models = apps.get_app_config("allowances").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared == {constraint for constraint, _ in [*VIOLATIONS, *OF_RUNS]}


def test_what_is_legal_is_taken():
    assert decision().application.number.startswith("2026-")
    assert str(decision(**REFUSED)).endswith("refused")
    assert str(step(missing=["id_card"])).endswith(" 1")
    assert str(look()).endswith("paper-id_card")
    assert str(data_batch()).startswith("7K2M")
    assert len(str(by_hand())) == 24
    assert outgoing(**SENT | ANSWERED | {"state": "told", "told_on": DECIDED}).number.startswith("转2026-")
    assert str(outgoing()).isdigit() and str(outgoing_record()).endswith(" 1")
    assert application(**LETTER).sent_by
    first = answered_check()
    assert answered_check(application=first.application).key == first.key
    assert data_check(application=first.application).verdict == ""
    assert str(dropped(ended_words="x").pk) == str(NationalEntry.objects.get())
    assert str(review()).endswith(" 2026-06-11")
    suspension(lifted_by=person(), **LIFTED)
    end(decided_by=person(), **CONFIRMED)
