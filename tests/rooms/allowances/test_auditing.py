"""Audits before payment: each finds what it is for, nothing else, and stops no payment."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Task
from hutong.allowances.actions import auditing
from hutong.allowances.models import AuditFinding, RunLine
from hutong.law.audits import AUDITS
from hutong.registry.models import OtherAid
from tests import factories as make
from tests import facts
from tests.payments import ON, Office, paid_child, with_card

pytestmark = pytest.mark.django_db


def two_categories():
    child = paid_child()
    make.holding(child, "orphan_kin", from_on=date(2026, 1, 5))
    return child


def aided(kind, **more):
    child = paid_child()
    OtherAid.objects.create(child=child, kind=kind, fen_per_month=10_000, from_on=date(2024, 1, 1), **more)
    return child


def stale():
    child = aided("dibao")
    OtherAid.objects.update(recorded_at="2024-01-02T00:00:00Z")
    return child


def shared():
    first = paid_child(card=False)
    payee = with_card(first)
    for _at in range(2):
        facts.payee_link(paid_child(card=False), holder_key=payee.holder_key, from_on=date(2024, 1, 1))
    return first


def living_parent():
    child = paid_child("orphan_kin")
    child.guardians.update(relation="51")
    return child


def adopted():
    child = paid_child("orphan_kin")
    facts.parent(child, "adoptive_mother")
    return child


FOUND = {
    "two_categories": two_categories,
    "with_tekun": lambda: aided("tekun"),
    "stale_dibao": stale,
    "shared_card": shared,
    "living_parent": living_parent,
    "adopted": adopted,
    "moved_out": lambda: paid_child(living_code=make.VILLAGE_OF_NEXT_COUNTY, responsible_code=make.VILLAGE),
    "other_holder": paid_child,
    "not_seen": paid_child,
}


@pytest.mark.parametrize("code", FOUND)
def test_an_audit_finds_whom_it_is_for(code):
    office = Office()
    child = FOUND[code]()
    type(child).objects.update(registered_at="2024-01-02T00:00:00Z")
    run = office.prepared()
    before = list(RunLine.objects.filter(run=run).values_list("child", "amount_fen", "hold"))
    found = auditing.audit(by=office.payer, run=run, on=ON)

    assert found[code] >= 1 and set(found) == set(AUDITS)
    assert AuditFinding.objects.filter(child=child, code=code, outcome="").exists()
    assert list(RunLine.objects.filter(run=run).values_list("child", "amount_fen", "hold")) == before


def test_a_finding_is_a_task_once_until_somebody_has_looked_and_then_rests():
    office, child = Office(), aided("tekun")
    run = office.prepared()
    for _time in range(2):
        auditing.audit(by=office.payer, run=run, on=ON)
    finding = AuditFinding.objects.get(code="with_tekun")
    tasks = Task.objects.filter(kind="look_at_finding", subject_key=str(finding.pk))
    assert tasks.count() == 1 and tasks.get().role == "county_officer"

    officer = make.person("county_officer")
    with pytest.raises(Refused, match="写明原因"):
        auditing.settle_finding(by=officer, finding=finding, outcome="nothing", words=" ", on=ON)
    auditing.settle_finding(by=officer, finding=finding, outcome="nothing", words="已退出特困供养", on=ON)
    auditing.audit(by=office.payer, run=run, on=ON)
    assert not AuditFinding.objects.filter(child=child, code="with_tekun", outcome="").exists()
    assert not tasks.filter(closed_at__isnull=True).exists()


def test_what_is_found_no_more_closes_by_itself():
    office, child = Office(), aided("tekun")
    run = office.prepared()
    auditing.audit(by=office.payer, run=run, on=ON)
    OtherAid.objects.filter(child=child).update(until_on=date(2026, 10, 31))
    auditing.audit(by=office.payer, run=run, on=ON)
    assert AuditFinding.objects.get(code="with_tekun").outcome == "gone"
