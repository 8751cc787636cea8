"""What the database itself refuses about runs and opening positions."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hutong.allowances.models import Basis, Opening, Overpaid, Reckoned, Run, RunLine
from tests.factories import child, person, serial
from tests.money import COUNTY_CODE, MONTH, batch, payee
from tests.payments import ON, finding

pytestmark = pytest.mark.django_db


def run(**more):
    values = {
        "division_code": COUNTY_CODE, "month": MONTH, "cut_off_on": ON, "prepared_on": ON, "prepared_by": person(),
    }  # fmt: skip
    return Run.objects.create(**values | more)


def approved(**more):
    return run(**{"state": "approved", "decided_by": person(), "decided_on": ON, "batch": batch()} | more)


def basis():
    return Basis.objects.create(digest=f"{serial():064}", facts=[], lines=[])


def line(**more):
    values = {
        "run": more.get("run") or run(), "child": more.get("child") or child(), "month": MONTH, "kind": "regular",
        "category": "de_facto", "amount_fen": 164_000, "basis": basis(), "payee": payee(), "division_code": COUNTY_CODE,
    }  # fmt: skip
    return RunLine.objects.create(**values | more)


def opening(**more):
    values = {"child": more.get("child") or child(), "paid_through": MONTH, "source": "清册", "entered_on": ON}
    return Opening.objects.create(**values | {"entered_by": more.get("entered_by") or person()} | more)


def confirmed(**more):
    return opening(**{"confirmed_by": person(), "confirmed_on": ON} | more)


def overpaid(**more):
    values = {"run": more.get("run") or run(), "child": more.get("child") or child(), "month": MONTH}
    return Overpaid.objects.create(**values | {"amount_fen": 1} | more)


def two_lines():
    first = line()
    line(run=first.run, child=first.child)


def two_reckoned():
    first = Reckoned.objects.create(run=run(), child=child(), digest=1)
    Reckoned.objects.create(run=first.run, child=first.child, digest=2)


def two_overpaid():
    first = overpaid()
    overpaid(run=first.run, child=first.child)


def two_changes():
    first = confirmed()
    for _ in range(2):
        opening(child=first.child, replaces=first, words="清册漏列")


def own(make, one, other):
    someone = person()
    make(**{one: someone, other: someone})


VIOLATIONS = [
    ("opening_once", lambda: opening(child=opening().child)),
    ("opening_replaced_once", two_changes),
    ("opening_replaced_in_words", lambda: opening(replaces=confirmed())),
    ("opening_month_first_day", lambda: opening(paid_through=ON)),
    ("opening_two_people", lambda: own(confirmed, "entered_by", "confirmed_by")),
    ("opening_two_people", lambda: opening(confirmed_by=person())),
    ("opening_two_people", lambda: confirmed(confirmed_on=date(2026, 11, 4))),
    ("opening_two_people", lambda: confirmed(refused_words="不符")),
    ("run_one_open", lambda: (run(), run(state="handed_in"))),
    ("run_state_known", lambda: run(state="lost")),
    ("run_purpose_known", lambda: run(purpose="gift")),
    ("run_code_form", lambda: run(division_code="640122")),
    ("run_month_first_day", lambda: run(month=ON)),
    ("run_two_people", lambda: own(approved, "prepared_by", "decided_by")),
    ("run_approved_whole", lambda: approved(batch=None)),
    ("run_approved_whole", lambda: approved(decided_by=None)),
    ("run_approved_whole", lambda: run(batch=batch())),
    ("run_line_once", two_lines),
    ("run_line_kind_known", lambda: line(kind="gift")),
    ("run_line_not_negative", lambda: line(amount_fen=-1, hold="ended")),
    ("run_line_hold_known", lambda: line(hold="mood")),
    ("run_line_paid_whole", lambda: line(amount_fen=0)),
    ("run_line_paid_whole", lambda: line(payee=None)),
    ("reckoned_once", two_reckoned),
    ("overpaid_once", two_overpaid),
    ("overpaid_positive", lambda: overpaid(amount_fen=0)),
    ("finding_one_open", lambda: finding(finding().child)),
    ("finding_code_known", lambda: finding(code="gossip")),
    ("finding_code_form", lambda: finding(division_code="640122")),
    ("finding_settled_whole", lambda: finding(outcome="nothing", settled_on=ON, settled_by=person())),
    ("finding_settled_whole", lambda: finding(outcome="mended", settled_on=ON, words="x")),
    ("finding_settled_whole", lambda: finding(outcome="gone")),
    ("finding_settled_whole", lambda: finding(settled_on=ON)),
]


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_what_is_legal_is_taken():
    first = confirmed()
    opening(child=first.child, replaces=first, words="清册漏列", refused_words="不同意")
    assert opening(child=first.child, replaces=first, words="清册漏列").is_waiting
    approved(), approved(), run(state="cancelled"), run()
    of = run(division_code="640121000000")
    assert line(run=of, hold="no_payee", payee=None).amount_fen == 164_000
    assert line(run=of, hold="topped", amount_fen=0).hold == "topped"
    assert overpaid(run=of).amount_fen == 1


@pytest.mark.parametrize(
    "make", [line, overpaid, lambda run: Reckoned.objects.create(run=run, child=child(), digest=1)]
)
def test_nothing_is_added_to_an_approved_run(make):
    whole = approved()
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        make(run=whole)
