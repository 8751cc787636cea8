"""Every detail route, as somebody of another province, and what a neighbour county's lists say: nothing is learned.

A route with a parameter that is not known here fails the test: say below how to make one of its objects.
"""

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.documents import documents_about
from hutong.allowances.enquiries import enquiries
from hutong.allowances.models import DataBatch, DepartmentList, Run
from hutong.allowances.models.application import State
from hutong.registry.actions.merging import undo_merge
from hutong.registry.models import Child, SecondLook
from tests import around, facts, leads, payments
from tests import factories as make
from tests.applications import Confidants, in_state
from tests.data_checks import asked
from tests.house.test_doors import routes
from tests.outgoing import sent
from tests.payments import Office
from tests.recognitions import held
from tests.standards import row as row_of_standard

DETAIL = [route for pattern, route in routes() if route.pattern.converters]
OF_A_FILE = [route.name for route in DETAIL if "file_number" in route.pattern.converters]
OF_A_PAIR = ("pair", "answer_pair", "ask_anew", "decide_merge", "second_look")


def of_a_recognition(number: int, step: str = "review") -> dict[str, dict[str, object]]:
    """Parameters of the routes of a recognition, by name."""
    recognition: dict[str, object] = {"number": number}
    return {
        "review": recognition,
        "take_review_step": recognition | {"step": step},
        "fetch_review_document": recognition | {"document": 1},
    }


def of_our_county() -> dict[str, dict[str, object]]:
    """Parameters of the routes, of objects in our county."""
    child = make.child(guardian={"phone": "13900000000"}, id_number="")
    officer = make.person("county_officer")
    batch = make.judged([make.line()], by=officer)
    pair, far = facts.pair_of(make.child(), make.child()), make.child(living_code=make.VILLAGE_OF_NEXT_TOWNSHIP)
    SecondLook.objects.create(pair=pair, asked_on=make.ON)
    person = {"number": officer.pk}
    delegation = make.delegation(make.person("city_officer", make.CITY))
    posting = {"number": officer.postings.get().pk}
    cases = {"number": facts.case_set(officer).pk}
    copy = {"number": facts.copy(make.child()).pk}
    application = {"number": in_state(State.ACCEPTED).pk}
    kept = around.organisation().pk
    sent_on = sent(make.person("township_supervisor", make.TOWNSHIP))
    outgoing: dict[str, object] = {"number": sent_on.pk}
    standard: dict[str, object] = {"number": row_of_standard().pk}
    entry = {"number": facts.national_entry(make.child()).pk}
    return {
        "desk:notice": {"number": make.notice(role="county_officer", division_code=make.VILLAGE).pk},
        "desk:end_kin": {"number": make.kin(officer).pk},
        "desk:person": person,
        "desk:add_posting": person,
        "desk:renew_password": person,
        "desk:unlock_sign_in": person,
        "desk:remove_passkey": {"number": make.passkey(officer).pk},
        "desk:open_binding": person,
        "desk:stand_ins_of": person,
        "desk:hand_over_tasks": person,
        "desk:stand_in": {"number": delegation.pk},
        "desk:decide_stand_in": {"number": delegation.pk, "act": "confirm"},
        "desk:end_phone": {"number": make.device(make.person("village_director", make.VILLAGE)).pk},
        "desk:reset_factors": person,
        "desk:close_account": person,
        "desk:reopen_account": person,
        "desk:posting": posting,
        "desk:withdraw_posting": posting,
        "desk:move_answer": {"number": facts.move(make.child(), to_code=make.NEXT_VILLAGE, stage="requested").pk},
        **{f"desk:{name}": {"number": pair.pk} for name in OF_A_PAIR},
        "desk:far_pair": {"number": facts.pair_of(make.child(), far).pk},
        "desk:import": {"number": batch.pk},
        "desk:choose_rows": {"number": batch.pk},
        "desk:say_who": {"number": batch.pk},
        "desk:emergency": {"number": facts.emergency(make.child()).pk},
        **{f"desk:{name}": {"number": kept} for name in ("organisation", "alter_organisation", "close_organisation")},
        **of_a_list(leads.taken(leads.prison(leads.family()))),
        "desk:copy": copy,
        "desk:case_set": cases,
        "desk:remove_case_set": cases,
        "desk:outgoing_application": outgoing,
        "desk:fetch_outgoing_document": outgoing | {"document": documents_about("outgoing", str(sent_on.pk)).get().pk},
        "desk:take_outgoing_step": outgoing | {"step": "answer"},
        "desk:application": application,
        "desk:finding": {"number": payments.finding(make.child()).pk},
        "desk:look_at_item": application,
        "desk:take_step": application | {"step": "withdraw"},
        "desk:application_people": {"number": Confidants().begun().pk},
        "desk:fetch_document": application | {"document": 1},
        "desk:amend_document": application | {"document": 1},
        **of_a_batch(asked()),
        **{f"desk:{name}": entry for name in ("national_entry", "enter_anew", "end_national_entry")},
        **{f"desk:{name}": parameters for name, parameters in of_a_recognition(held().pk).items()},
        "desk:standard": standard,
        "desk:standard_document": standard,
        "desk:decide_standard": standard | {"act": "confirm"},
        **of_a_payment(Office().approved_with_money()),
        **of_money(),
        "desk:decide_copy": copy,
        "desk:fetch_copy": copy,
        "desk:copy_paper": copy,
        "desk:copy_destroyed": copy,
        "desk:columns": {"number": batch.pk},
        "desk:cancel_import": {"number": batch.pk},
        "desk:admit": {"number": batch.pk},
        "desk:withdraw": {"number": batch.pk},
        "desk:marked": {"number": batch.pk},
    } | of_a_file(child)


def of_a_payment(run: Run, step: str = "send_back") -> dict[str, dict[str, object]]:
    """Parameters of the routes of a run, of a line of it and of its batch."""
    of_run: dict[str, object] = {"number": run.pk}
    line = of_run | {"line": run.lines.first().pk}
    batch = {"number": run.batch_id}
    parameters = {
        "desk:run": of_run,
        "desk:search_run": of_run,
        "desk:issue_payment_list": of_run,
        "desk:fetch_run_document": of_run | {"document": 1},
        "desk:take_run_step": of_run | {"step": step},
        "desk:run_line": line,
        "desk:act_on_line": line | {"act": "hold"},
    }
    routes_of_a_batch = ("batch", "send_batch", "fetch_batch", "take_bank_return", "close_batch")
    return parameters | {f"desk:{name}": batch for name in routes_of_a_batch if run.batch_id}


def of_money() -> dict[str, dict[str, object]]:
    """Parameters of the routes of a fund, and of what of a region's is given to our county."""
    office = Office()
    fund = {"number": office.funded(document="永财〔2026〕99号").pk}
    return {
        "desk:fund": fund,
        "desk:allocate_fund": fund,
        "desk:decide_fund": fund | {"act": "confirm"},
        "desk:decide_allocation": {"number": office.given().pk, "act": "confirm"},
    }


def of_a_batch(batch: DataBatch) -> dict[str, dict[str, object]]:
    """Parameters of the routes of a batch of questions, and of one that is looked up by hand."""
    number, application = {"number": batch.pk}, batch.checks.first().application
    handle = enquiries([application], on=batch.asked_on)[0].handle
    return {
        "desk:data_batch": number,
        "desk:take_data_return": number,
        "desk:fetch_data_batch": number | {"source": "police"},
        "desk:check_by_hand": {"number": application.pk, "handle": handle},
    }


def of_a_list(taken: DepartmentList) -> dict[str, dict[str, object]]:
    """Parameters of the routes of a list that a department gave."""
    return {f"desk:{name}": {"number": taken.pk} for name in ("list", "rule_on_list")}


def of_a_file(child: Child) -> dict[str, dict[str, object]]:
    """Parameters of the routes under a child's file number."""
    file, paper = {"file_number": child.file_number}, facts.evidence(child)
    household = facts.household()
    facts.member(household, child=child, from_on=make.ON)
    numbers = {
        "decide": facts.change(child, stage="proposed").pk,
        "end_holding": child.holdings.get().pk,
        "end_member": facts.member(household).pk,
        "paper": paper.pk,
        "withdraw_paper": paper.pk,
        "end_placement": around.placement(child).pk,
        "end_agreement": around.agreement(child).pk,
    }
    told = {"number": leads.told_of(child).pk}
    merge, undone = (facts.joined_to(make.child(), make.child()) for _ in range(2))
    undo_merge(by=make.person("approver"), merge=undone, reason="twins", on=make.ON)
    more = {
        "reveal": {"value": "child-id_number", "number": 0},
        "complete": {"field": "id_number"},
        "join_household": {"sibling": make.child().file_number},
        "record": {"noun": "study"},
        "record_lead": told,
        "close_lead": told,
        "undo_merge": {"file_number": merge.joined.file_number},
        "undone_merge": {"file_number": undone.joined.file_number, "number": undone.pk},
        "fact": {"noun": "guardian", "number": child.guardians.get().pk, "act": "correct"},
    } | {name: {"number": number} for name, number in numbers.items()}
    return {f"desk:{name}": file | more.get(name, {}) for name in OF_A_FILE}


def answers(client, address: str) -> list[int]:
    return [client.get(address).status_code, client.post(address).status_code]


@pytest.mark.django_db
def test_an_administrator_of_another_province_gets_404(signed_in, divisions):
    known, client = of_our_county(), signed_in(make.person("security_administrator", "62"))
    for route in DETAIL:
        address = reverse(f"desk:{route.name}", kwargs=known[f"desk:{route.name}"])
        assert set(answers(client, address)) <= {404, 405}, route.name


@pytest.mark.django_db
def test_a_neighbours_lists_search_and_pickers_say_nothing(signed_in, divisions):
    child = make.child()
    neighbour = signed_in(make.person("county_officer", make.NEXT_COUNTY))

    for address in ("search", "find"):
        page = neighbour.post(reverse(f"desk:{address}"), {"q": child.name}, follow=True).content.decode()
        assert child.file_number not in page
    assert make.VILLAGE not in neighbour.get(reverse("desk:places"), {"q": make.VILLAGE}).content.decode()


@pytest.mark.django_db
def test_what_is_not_there_and_what_is_not_yours_look_alike(signed_in, divisions):
    child = make.child()
    neighbour = signed_in(make.person("county_officer", make.NEXT_COUNTY))

    not_yours = neighbour.get(reverse("desk:child", args=[child.file_number]))
    not_there = neighbour.get(reverse("desk:child", args=["64-9999-9999-9"]))

    assert not_yours.status_code == not_there.status_code == 404
    assert _("There is nothing here for you") in not_there.content.decode()
