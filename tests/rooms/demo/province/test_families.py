"""The families that were built: parents, households and what holds of them agree with the children's categories."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count, F, Q
from stdnum import luhn

from hutong.accounts.models import Grant, Person, Task, TrailEntry
from hutong.accounts.queries import open_tasks
from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.kinds import PAID
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.disability import judge_certificate
from hutong.law.facts import CircumstanceFact
from hutong.law.identity import is_credit_code, judge_id_number
from hutong.law.parameters import shipped
from hutong.law.relations import RELATIONS
from hutong.law.rules import Rules
from hutong.law.situations import DE_FACTO, is_one_of
from hutong.registry.dossier import family, moves, siblings, siblings_parents, waiting
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Circumstance,
    Evidence,
    Guardian,
    HealthFact,
    HouseholdMember,
    Move,
    OtherAid,
    Parent,
    PayeeLink,
    Study,
)
from hutong.registry.models.change import MoveStage
from hutong.treasury.models import Payee
from tests.rooms.demo.province.conftest import CHILDREN

ON = DEMONSTRATION_DAY
GONE = {"dead", "declared_missing"}
UNABLE = {
    "severe_disability", "severe_illness", "imprisoned", "drug_rehab", "liberty_restricted", "out_of_contact",
    "guardianship_revoked", "deported",
}  # fmt: skip
DATED = (CategoryHolding, Guardian, Parent, Circumstance, Study, HealthFact, OtherAid, PayeeLink, HouseholdMember)


def _holders(category: str) -> list[Child]:
    found = Child.objects.filter(holdings__category=category, holdings__until_on__isnull=True, pk__lte=CHILDREN - 60)
    return list(found.distinct())


def _plights(child: Child) -> dict[str, set[str]]:
    """What holds of each parent on the day, by role."""
    return {
        parent.role: set(parent.circumstances.holding_on(ON).values_list("kind", flat=True))
        for parent in Parent.objects.filter(child=child)
    }


def test_every_child_but_those_of_a_workbook_has_father_and_mother() -> None:
    roles = Counter(Parent.objects.exclude(role__startswith="adoptive").values_list("child", "role"))
    built = Child.objects.filter(pk__lte=CHILDREN - 60)
    assert roles == Counter(
        (child, role) for child in built.values_list("pk", flat=True) for role in ("father", "mother")
    )


def test_every_unattended_child_satisfies_the_two_sets() -> None:
    children = _holders("de_facto")
    assert children
    for child in children:
        father, mother = (_plights(child)[role] for role in ("father", "mother"))
        both_unable = father & UNABLE and mother & UNABLE
        assert both_unable or (father & GONE and mother & UNABLE) or (mother & GONE and father & UNABLE)
        assert not (father & GONE and mother & GONE)


def test_both_parents_of_an_orphan_are_gone_or_cannot_be_found() -> None:
    children = [*_holders("orphan_kin"), *_holders("orphan_institution")]
    assert children
    for child in children:
        if child.applications.filter(is_confidential=True).exists() or "adoptive_father" in _plights(child):
            continue
        is_not_found = Circumstance.objects.filter(child=child, parent=None, kind="parents_not_found").exists()
        assert is_not_found or all(kinds & GONE for kinds in _plights(child).values())


def test_no_living_parent_is_guardian_of_an_orphan() -> None:
    for child in [*_holders("orphan_kin"), *_holders("orphan_institution")]:
        guardian = child.guardians.get()
        assert guardian.relation not in ("51", "52")
        assert not Parent.objects.filter(child=child, name=guardian.name, id_index=guardian.id_index).exists()


def test_who_is_out_of_contact_has_been_searched_for_for_six_months() -> None:
    lost = Circumstance.objects.filter(kind="out_of_contact")
    assert lost.exists()
    assert all(fact.reported_on + timedelta(days=180) <= fact.from_on for fact in lost)


def test_some_circumstances_have_ended_and_some_end_soon() -> None:
    of_parents = Circumstance.objects.filter(parent__isnull=False)
    assert of_parents.filter(until_on__lt=ON).exists()
    assert of_parents.filter(until_on__range=(ON, ON + timedelta(days=60))).exists()


def test_nothing_ends_before_it_begins() -> None:
    for model in DATED:
        assert not model.objects.filter(until_on__lt=F("from_on")).exists()
        assert not model.objects.filter(from_on__gt=ON).exists()


def test_siblings_are_found_by_the_number_of_a_parent() -> None:
    officer = Person.objects.get(username="yongning-officer")
    shared = Parent.objects.exclude(id_index=None).values("id_index").annotate(children=Count("child"))
    assert shared.filter(children__gt=1).exists()
    here = Parent.objects.filter(child__responsible_code__startswith="640121", child__closed_on=None, role="mother")
    several = shared.filter(children__gt=1).values("id_index")
    parent = here.filter(id_index__in=several).first()
    found = siblings(officer, parent.child, on=ON)
    assert found and {other.child for other in siblings_parents(parent)} <= {*found}


def test_parents_numbers_are_nobodys_and_fit_their_role() -> None:
    for parent in Parent.objects.filter(id_number__isnull=False):
        judged = judge_id_number(parent.id_number.open(), on=ON, tests_allowed=True)
        assert judged.normalised.startswith("99")
        assert (judged.sex == "1") == (parent.role == "father")
        assert parent.child.birth_date.year - judged.birth_date.year >= 15
    for parent in Parent.objects.filter(phone__isnull=False):
        assert parent.phone.open().startswith("154")


def test_a_parent_who_is_the_guardian_is_one_person() -> None:
    found = 0
    for guardian in Guardian.objects.filter(relation__in=("51", "52"), child__pk__lte=CHILDREN - 60):
        parent = Parent.objects.get(child=guardian.child_id, role="father" if guardian.relation == "51" else "mother")
        assert (parent.name, parent.id_index) == (guardian.name, guardian.id_index)
        found += 1
    assert found


def test_the_dead_have_no_telephone() -> None:
    assert not Circumstance.objects.filter(kind="dead", parent__phone__isnull=False).exists()


def test_certificates_say_person_class_and_grade() -> None:
    facts = Circumstance.objects.filter(certificate__isnull=False).select_related("parent", "child")
    assert facts
    for fact in facts:
        number = (fact.parent or fact.child).id_number.open()
        judged = judge_certificate(
            fact.certificate.open(), id_number=number, disability_class=fact.disability_class, grade=fact.grade
        )
        assert judged.fault == ""


@pytest.mark.parametrize(("category", "severe"), [("severe_disability", True), ("disability", False)])
def test_a_disability_is_as_severe_as_the_category_says(category: str, severe: bool) -> None:
    children = _holders(category)
    assert children
    for child in children:
        fact = Circumstance.objects.get(child=child, kind="disability")
        said = CircumstanceFact(kind="severe_disability", grade=fact.grade, disability_class=fact.disability_class)
        assert is_one_of(said, (DE_FACTO,), Rules(shipped()).on(DEMONSTRATION_DAY)) is severe


def test_every_kind_of_circumstance_is_whose_it_may_be() -> None:
    for fact in Circumstance.objects.all():
        kind = CIRCUMSTANCES[fact.kind]
        assert kind.of_parent if fact.parent_id else kind.of_child


def test_households_hold_brothers_and_sisters_and_named_people() -> None:
    sizes = Counter(HouseholdMember.objects.filter(child__isnull=False).values_list("household", flat=True))
    assert any(size > 1 for size in sizes.values())
    named = HouseholdMember.objects.filter(child__isnull=True)
    assert named and all(member.name and member.relation in RELATIONS for member in named)


def test_aid_follows_the_categories() -> None:
    for child in _holders("dibao"):
        aid = OtherAid.objects.get(child=child, kind="dibao")
        household = HouseholdMember.objects.get(child=child).household
        assert aid.members == household.members.count() and aid.household_fen_per_month // aid.members < 100_000
    for child in _holders("severe_disability"):
        assert OtherAid.objects.filter(child=child, kind="disability_nursing").exists()


def test_schooling_fits_the_age() -> None:
    levels = Counter(Study.objects.values_list("level", flat=True))
    assert levels.keys() == {"preschool", "compulsory", "senior_high", "secondary_vocational", "vocational"}
    for study in Study.objects.filter(level="compulsory").select_related("child"):
        assert 5 <= study.from_on.year - study.child.birth_date.year <= 13
        assert study.school


def test_health_is_said_in_two_classes_and_the_secret_one_only_of_children_with_readers() -> None:
    classes = Counter(HealthFact.objects.values_list("sensitivity", flat=True))
    assert classes["ordinary"] and classes["sensitive"]
    secret = set(HealthFact.objects.filter(sensitivity="secret").values_list("child__file_number", flat=True))
    assert secret and secret <= set(Grant.objects.filter(scope_kind="secret").values_list("scope_key", flat=True))


def test_the_money_of_paid_children_goes_to_their_guardian_or_institution() -> None:
    before = ON.replace(day=1)
    paid = Child.objects.filter(
        holdings__category__in=PAID, holdings__from_on__lt=before, pk__lte=CHILDREN - 60
    ).distinct()
    links = {link.child_id: link for link in PayeeLink.objects.all()}
    assert 0.85 < len(links) / paid.count() <= 1
    for child in paid:
        if child.pk not in links:
            assert not child.guardians.filter(id_number__isnull=False, relation__lt="99").exists()
            continue
        payee = Payee.objects.filter(holder_key=links[child.pk].holder_key).first()
        if payee.kind == "person":
            assert bytes(payee.id_index) == bytes(child.guardians.get().id_index)
        else:
            assert is_credit_code(payee.credit_code) and payee.credit_code.startswith("9164")


def test_cards_are_no_banks_and_pass_the_check() -> None:
    for payee in Payee.objects.all():
        number = payee.card.open()
        assert number.startswith("999999") and luhn.is_valid(number) and number.endswith(payee.card_tail)


def test_one_in_a_hundred_files_is_closed_for_various_reasons() -> None:
    closed = Child.objects.filter(closed_on__isnull=False)
    assert 0.006 < closed.count() / CHILDREN < 0.014
    reasons = set(closed.values_list("closed_reason", flat=True))
    assert {"grown_up", "no_longer_fits", "moved_out"} <= reasons


def test_closed_files_hold_nothing_open() -> None:
    closed = Child.objects.filter(closed_on__isnull=False)
    for model in (CategoryHolding, Study, OtherAid, PayeeLink, HouseholdMember):
        assert not model.objects.filter(child__in=closed, until_on__isnull=True).exists()
    numbers = list(closed.values_list("file_number", flat=True))
    assert not Task.objects.filter(subject_key__in=numbers, closed_at__isnull=True).exists()
    assert not Move.objects.filter(child__in=closed).exists()
    for child in closed:
        change = child.changes.get(kind="close")
        assert change.reason == child.closed_reason and child.closed_on <= change.on <= ON
        assert bool(change.decided_by) == child.holdings.filter(category__in=PAID, until_on=child.closed_on).exists()


def test_who_came_back_was_closed_before() -> None:
    back = Change.objects.filter(kind="reopen")
    assert back
    for change in back:
        child = change.child
        assert child.closed_on is None and child.holdings.get(until_on=None).from_on == change.on
        assert child.changes.get(kind="close").on < change.on


def test_changes_have_their_entry_in_the_trail_and_their_revision() -> None:
    kinds = Counter(Change.objects.values_list("kind", flat=True))
    assert {"enter", "alter", "close", "reopen", "move"} <= kinds.keys()
    for kind, count in kinds.items():
        assert TrailEntry.objects.filter(act=f"{kind}_child").count() == count
    added = Counter(Evidence.objects.values_list("child", flat=True))
    for child in Child.objects.annotate(changed=Count("changes")).filter(changed__gt=0):
        assert child.revision == 1 + child.changed + added[child.pk]


def test_moves_are_in_every_stage_and_those_that_wait_have_their_task() -> None:
    assert set(Move.objects.values_list("stage", flat=True)) == set(MoveStage.values)
    for move in Move.objects.filter(decided_at=None):
        kind, code = ("receive_child", move.to_code) if move.stage == "offered" else ("give_child", move.from_code)
        task = Task.objects.get(subject_key=move.child.file_number, kind=kind, closed_at=None)
        assert (task.division_code, task.values) == (code, {"move": move.pk})
        assert move.child.responsible_code == move.from_code
    for move in Move.objects.filter(stage="accepted"):
        assert move.child.responsible_code == move.to_code
        assert Change.objects.get(child=move.child, kind="move").division_code == move.from_code


@pytest.mark.parametrize("username", ["lijun-supervisor", "yongning-officer", "helan-officer"])
def test_featured_officers_have_a_move_to_answer_and_one_that_waits(username: str) -> None:
    person = Person.objects.get(username=username)
    here = waiting(moves(person, on=ON))
    prefix = person.postings.get().prefixes[0]
    to_answer = Q(stage="offered", to_code__startswith=prefix) | Q(stage="requested", from_code__startswith=prefix)
    assert here.filter(to_answer).exclude(by=person).exists()
    assert here.filter(by=person).exists()


def test_the_approver_has_a_proposal_of_the_officer_to_confirm() -> None:
    tasks = open_tasks(Person.objects.get(username="yongning-approver"), on=ON).filter(kind="confirm_change")
    assert tasks
    change = Change.objects.get(child__file_number=tasks[0].subject_key, stage="proposed")
    assert change.by.username == "yongning-officer" and change.decided_by is None


def test_sealed_bases_have_one_length_and_a_few_rest_on_another() -> None:
    sealed = [held.secret_basis for held in CategoryHolding.objects.filter(category="orphan_kin")]
    assert len({len(basis.token) for basis in sealed}) == 1
    said = Counter(basis.open().strip() for basis in sealed)
    assert said.keys() <= {"orphan", "hiv", "adopted"} and said["hiv"] == 7


def test_an_orphan_here_has_named_readers() -> None:
    readers = Grant.objects.filter(scope_kind="secret", person__username__in=("yongning-officer", "yongning-approver"))
    assert readers.count() >= 2
    child = Child.objects.get(file_number=readers[0].scope_key)
    assert child in _holders("orphan_kin") and child.responsible_code.startswith("640121")


def test_the_page_of_a_child_shows_its_family() -> None:
    child = _holders("de_facto")[0]
    shown = family(child, sensitive=True)
    assert len(shown.parents) == 2 and shown.household and shown.guardians
    assert all(parent.circumstances.all() for parent in shown.parents)
