"""From intake to decision: who may take which step, in which order, and what is refused with which sentence."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.allowances.actions import applying, checking, deciding, receiving
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.cases import Progress, case_of, clock_of
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.application import STATES, UNDECIDED, State, Step
from hutong.law.recognition import Outcome
from hutong.registry.models import CategoryHolding, Change
from tests import around
from tests.applications import ACCEPTED, BEGUN, CHECKED, DECIDED, Office, in_state, unattended
from tests.factories import NEXT_COUNTY, VILLAGE, child, holding, kin, person, posting
from tests.facts import change, circumstance, evidence, joined_to, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office():
    return Office()


def open_tasks(application):
    found = Task.objects.filter(subject_kind="application", subject_key=str(application.pk), closed_at__isnull=True)
    return [(one.kind, one.role, one.due_on) for one in found]


def mark(application, on=DECIDED):
    return case_of(application, on=on).mark


def test_an_application_goes_from_intake_to_recognition(office):
    application = office.confirmed()

    decision = Decision.objects.get()
    held = CategoryHolding.objects.get()
    assert application.state == State.CONFIRMED
    assert (decision.outcome, decision.answer, decision.answer_category) == ("confirmed", "recognised", "de_facto")
    assert (decision.from_month, decision.differs) == (date(2026, 7, 1), False)
    assert (held.category, held.from_on, held.decision_number) == ("de_facto", DECIDED, "贺兰民〔2026〕1号")
    assert Change.objects.get(child=application.child).columns == ["category", "category_from", "decision_number"]
    assert [step.step for step in application.steps.all()] == ["submit", "accept", "check", "confirm"]
    assert open_tasks(application) == []
    acts = TrailEntry.objects.filter(details__application=application.pk).values_list("act", flat=True)
    assert {"application_submit", "application_accept", "application_look", "application_confirm"} <= set(acts)


def test_the_law_stands_beside_the_evidence(office):
    case = case_of(office.checked(), on=DECIDED)

    assert case.answer.outcome is Outcome.RECOGNISED
    assert case.fits
    assert [item.key.split("-")[0] for item in case.items] == ["paper", "paper", "situation", "situation"]
    assert {item.progress for item in case.items} == {Progress.DONE}
    assert all(reason.citation for reason in case.answer.reasons)


def test_where_nobody_else_is_in_the_township_the_county_is_asked(office):
    assert office.acceptor.postings.exists()
    application = office.accepted()
    assert [role for _kind, role, _due in open_tasks(application)] == ["county_officer"]

    assert office.checker.postings.exists()
    application = office.accepted()
    assert [role for _kind, role, _due in open_tasks(application)] == ["township_supervisor"]


def test_each_step_is_a_task_of_whoever_has_it(office):
    assert office.acceptor.postings.exists()
    assert office.checker.postings.exists()
    application = office.submitted()
    assert open_tasks(application) == [("accept_application", "township_supervisor", date(2026, 6, 15))]

    application = applying.accept(by=office.acceptor, application=application, on=ACCEPTED)
    assert open_tasks(application) == [("check_application", "township_supervisor", date(2026, 6, 18))]

    office.looked(application)
    application = checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)
    assert open_tasks(application) == [("decide_application", "approver", date(2026, 6, 23))]


def test_the_clock_runs_from_acceptance(office):
    assert clock_of(office.submitted(), on=BEGUN).due_on is None
    clock = clock_of(office.accepted(), on=CHECKED)

    assert (clock.due_on, clock.days_left, clock.whole.deadline.due_on) == (date(2026, 6, 18), 3, date(2026, 6, 26))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "dibao"}, "Choose what is applied for"),
        ({"applicant": Applicant("friend", "柳桂兰")}, "Say who applies"),
        ({"applicant": Applicant("guardian", "  ")}, "the full name"),
        ({"applicant": Applicant("guardian", "柳" * 51)}, "At most 50"),
        ({"applicant": Applicant("guardian", "柳桂兰", "zz")}, "Choose the relation"),
    ],
)
def test_what_is_wrong_at_intake_is_said(office, more, words):
    with pytest.raises(Refused, match=words):
        office.begun(**more)


def test_a_child_of_eighteen_is_too_old(office):
    with pytest.raises(Refused, match="18 already"):
        office.begun(unattended(birth_date=date(2008, 6, 10)))

    assert office.begun(unattended(birth_date=date(2008, 6, 11))).state == State.DRAFT


def test_one_application_is_open_at_a_time(office):
    whose = unattended()
    application = office.begun(whose)
    with pytest.raises(Refused, match="open application"):
        office.begun(whose)

    applying.withdraw(by=office.director, application=application, words="父亲已返家", on=BEGUN)
    assert office.begun(whose).state == State.DRAFT


def test_nobody_is_paid_for_twice(office):
    whose = unattended()
    holding(whose, "orphan_kin")

    with pytest.raises(Refused, match="paid"):
        office.begun(whose)


def test_a_closed_file_takes_no_application(office):
    with pytest.raises(Refused, match="closed"):
        office.begun(unattended(closed_on=date(2026, 1, 1), closed_reason="died"))


def test_nobody_acts_for_their_own_family(office):
    whose = unattended()
    kin(office.approver, name="柳桂兰", from_on=date(2020, 1, 1))
    application = office.checked(whose)

    with pytest.raises(Refused, match="kin"):
        deciding.confirm(by=office.approver, application=application, mark=mark(application), on=DECIDED)


def test_missing_papers_are_told_once_and_all_together(office):
    whose = child(holdings=())
    circumstance(parent(whose, "father"), "dead")
    application = office.submitted(whose)
    with pytest.raises(Refused, match="Papers are missing"):
        applying.accept(by=office.acceptor, application=application, words="先受理", on=ACCEPTED)

    application = applying.ask_for_papers(by=office.acceptor, application=application, words="", on=ACCEPTED)
    assert application.steps.last().missing == ["household_book", "id_card", "death_certificate"]
    assert open_tasks(application) == [("bring_papers", "village_director", date(2026, 7, 11))]

    application = applying.bring_papers(by=office.director, application=application, on=CHECKED)
    with pytest.raises(Refused, match="told once"):
        applying.ask_for_papers(by=office.acceptor, application=application, words="", on=CHECKED)
    with pytest.raises(Refused, match="Papers are missing"):
        applying.accept(by=office.acceptor, application=application, on=CHECKED)
    application = applying.accept(by=office.acceptor, application=application, words="其余由乡镇核查", on=CHECKED)
    assert application.accepted_on == CHECKED


def test_an_expired_paper_is_missing(office):
    whose = unattended()
    whose.papers.filter(kind="id_card").update(expires_on=BEGUN)

    assert [item.key for item in case_of(office.submitted(whose), on=BEGUN).missing] == []
    assert [item.key for item in case_of(Application.objects.get(), on=ACCEPTED).missing] == ["paper-id_card"]


def test_a_withdrawn_paper_is_missing(office):
    whose = unattended()
    paper = whose.papers.get(kind="death_certificate")
    paper.withdrawn_on, paper.withdrawn_by, paper.withdrawn_why = ACCEPTED, office.acceptor, "传错"
    paper.save()

    missing = case_of(office.submitted(whose), on=ACCEPTED).missing
    assert [item.circumstance.kind for item in missing] == ["dead"]


def test_what_is_over_is_no_item(office):
    whose = unattended()
    mother = whose.parent_set.get(role="mother")
    mother.circumstances.update(until_on=date(2026, 6, 10))

    case = case_of(office.begun(whose), on=ACCEPTED)
    assert [item.circumstance.kind for item in case.items if item.circumstance] == ["dead"]
    assert not case.fits


def test_who_accepted_does_not_check_and_neither_decides(office):
    application = office.accepted()
    item = case_of(application, on=CHECKED).items[0].key
    with pytest.raises(Refused, match="three people"):
        checking.look_at_item(by=office.acceptor, application=application, item=item, verdict="fits", on=CHECKED)
    with pytest.raises(Refused, match="three people"):
        checking.check(by=office.acceptor, application=application, opinion="disagrees", words="不符", on=CHECKED)

    office.looked(application)
    application = checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)
    for who in (office.acceptor, office.checker):
        with pytest.raises(NotAllowed):
            deciding.confirm(by=who, application=application, mark=mark(application), on=DECIDED)


def test_the_same_three_by_stand_in_are_refused_too(office):
    application = office.checked()
    for who in (office.acceptor, office.checker):
        who.postings.all().delete()
    posting(office.checker, "approver")
    with pytest.raises(Refused, match="three people"):
        deciding.confirm(
            by=type(office.checker).objects.get(pk=office.checker.pk),
            application=application,
            mark=mark(application),
            on=DECIDED,
        )


def test_a_neighbour_county_may_do_nothing(office):
    application = office.submitted()
    stranger = person("township_supervisor", NEXT_COUNTY)

    with pytest.raises(NotAllowed):
        applying.accept(by=stranger, application=application, on=ACCEPTED)


def test_to_agree_every_item_is_looked_at(office):
    application = office.accepted()
    with pytest.raises(Refused, match="4 items are not done"):
        checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)

    keys = [item.key for item in case_of(application, on=CHECKED).items]
    for key in keys[:-1]:
        checking.look_at_item(by=office.checker, application=application, item=key, verdict="fits", on=CHECKED)
    checking.look_at_item(
        by=office.checker, application=application, item=keys[-1], verdict="doubtful", words="判决书缺页", on=CHECKED
    )
    with pytest.raises(Refused, match="1 items are not done"):
        checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)

    checking.look_at_item(by=office.checker, application=application, item=keys[-1], verdict="fits", on=CHECKED)
    done = checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)
    assert done.state == State.CHECKED


def test_a_doubt_is_said_in_words_and_a_missing_paper_fits_nothing(office):
    whose = unattended()
    application = office.accepted(whose)
    item = case_of(application, on=CHECKED).items[0].key
    with pytest.raises(Refused, match="in a few words"):
        checking.look_at_item(by=office.checker, application=application, item=item, verdict="doubtful", on=CHECKED)
    with pytest.raises(Refused, match="whether it fits"):
        checking.look_at_item(by=office.checker, application=application, item=item, verdict="perhaps", on=CHECKED)
    with pytest.raises(Refused, match="something else by now"):
        checking.look_at_item(by=office.checker, application=application, item="paper-zz", verdict="fits", on=CHECKED)

    whose.papers.filter(kind="household_book").delete()
    with pytest.raises(Refused, match="no paper to look at"):
        checking.look_at_item(by=office.checker, application=application, item=item, verdict="fits", on=CHECKED)


def test_more_papers_are_asked_for_once_and_no_day_is_counted_meanwhile(office):
    application = office.accepted()
    application = checking.ask_for_more(
        by=office.checker, application=application, words="判决书缺页", on=date(2026, 6, 12)
    )
    clock = clock_of(application, on=date(2026, 6, 17))
    assert (clock.light, clock.days_left) == ("paused", 4)

    application = applying.bring_papers(by=office.director, application=application, on=date(2026, 6, 17))
    assert (application.state, application.due_on) == (State.ACCEPTED, date(2026, 6, 24))
    with pytest.raises(Refused, match="once already"):
        checking.ask_for_more(by=office.checker, application=application, words="再补", on=date(2026, 6, 18))


def test_against_the_law_only_in_words(office):
    whose = unattended()
    whose.parent_set.get(role="mother").circumstances.update(until_on=date(2026, 6, 11))
    application = office.looked(office.accepted(whose))
    with pytest.raises(Refused, match="in a few words"):
        checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)

    application = checking.check(
        by=office.checker, application=application, opinion="agrees", words="母亲出狱后失联", on=CHECKED
    )
    with pytest.raises(Refused, match="in a few words"):
        deciding.confirm(by=office.approver, application=application, mark=mark(application), on=DECIDED)
    decision = deciding.confirm(
        by=office.approver, application=application, mark=mark(application), words="同意乡镇意见", on=DECIDED
    )
    assert decision.differs
    assert decision.words.open() == "同意乡镇意见"


def test_a_refusal_has_a_ground_and_words(office):
    application = office.checked()
    said = {"by": office.approver, "application": application, "mark": mark(application), "on": DECIDED}
    with pytest.raises(Refused, match="Choose the ground"):
        deciding.refuse(ground="", words="不符合", **said)
    with pytest.raises(Refused, match="in a few words"):
        deciding.refuse(ground="untrue", words=" ", **said)

    decision = deciding.refuse(ground="untrue", words="父亲健在", **said)
    assert (decision.outcome, decision.ground, decision.differs, decision.from_month) == (
        "refused", "untrue", True, None,
    )  # fmt: skip
    assert not CategoryHolding.objects.exists()
    told = Notice.objects.filter(kind="application_refused")
    assert {one.role for one in told} == {"village_director", "township_supervisor"}


def test_a_case_that_changed_is_looked_at_again(office):
    application = office.checked()
    seen = mark(application)
    whose = application.child
    circumstance(whose.parent_set.get(role="mother"), "out_of_contact")

    with pytest.raises(deciding.CaseChanged):
        deciding.confirm(by=office.approver, application=application, mark=seen, on=DECIDED)


def test_two_decisions_are_one(office):
    application = office.checked()
    seen = mark(application)
    deciding.confirm(by=office.approver, application=application, mark=seen, on=DECIDED)

    with pytest.raises(Refused, match="at “Confirmed” now"):
        deciding.refuse(
            by=person("approver"), application=application, mark=seen, ground="untrue", words="不符", on=DECIDED
        )
    assert Decision.objects.count() == 1


def test_being_late_takes_a_reason(office):
    application = office.looked(office.accepted())
    late = date(2026, 6, 22)
    with pytest.raises(Refused, match="took longer"):
        checking.check(by=office.checker, application=application, opinion="agrees", on=late)

    application = checking.check(
        by=office.checker, application=application, opinion="agrees", late_reason="村路中断", on=late
    )
    assert application.steps.last().late_reason.open() == "村路中断"
    with pytest.raises(Refused, match="took longer"):
        office.decided(application, on=date(2026, 6, 29))


def test_what_is_sent_back_is_checked_anew(office):
    application = office.checked()
    with pytest.raises(Refused, match="in a few words"):
        deciding.send_back(by=office.approver, application=application, words="", on=DECIDED)

    application = deciding.send_back(by=office.approver, application=application, words="补充走访", on=DECIDED)
    assert (application.state, application.checked_by, application.opinion) == (State.ACCEPTED, None, "")
    assert open_tasks(application) == [("check_application", "township_supervisor", date(2026, 6, 18))]

    application = checking.check(by=office.checker, application=application, opinion="agrees", on=DECIDED)
    assert office.decided(application).state == State.CONFIRMED


def test_a_proposal_that_waits_comes_first(office):
    application = office.checked()
    change(application.child, kind="close", stage="proposed")
    with pytest.raises(Refused, match="second person"):
        office.decided(application)


def act_for(step, office, application):
    said = {"application": application, "on": DECIDED}
    decided = said | {"mark": mark(application)}
    return {
        Step.SUBMIT: lambda: applying.submit(by=office.director, **said),
        Step.ASK: lambda: applying.ask_for_papers(by=office.acceptor, words="请补户口簿", **said),
        Step.BRING: lambda: applying.bring_papers(by=office.director, **said),
        Step.ACCEPT: lambda: applying.accept(by=office.acceptor, words="可受理", **said),
        Step.DOUBT: lambda: checking.doubt(by=office.checker, words="电话无人接听", **said),
        Step.ASK_MORE: lambda: checking.ask_for_more(by=office.checker, words="缺页", **said),
        Step.BRING_MORE: lambda: applying.bring_papers(by=office.director, **said),
        Step.CHECK: lambda: checking.check(
            by=office.checker, opinion="disagrees", words="不符", late_reason="晚", **said
        ),
        Step.SEND_BACK: lambda: deciding.send_back(by=office.approver, words="补充", **said),
        Step.CONFIRM: lambda: deciding.confirm(by=office.approver, words="同意", late_reason="晚", **decided),
        Step.REFUSE: lambda: deciding.refuse(
            by=office.approver, ground="untrue", words="不符", late_reason="晚", **decided
        ),
        Step.WITHDRAW: lambda: applying.withdraw(by=office.director, words="不再申请", **said),
        Step.ASK_REVIEW: lambda: applying.ask_for_review(by=office.director, words="请复核", **said),
        Step.UPHOLD: lambda: deciding.uphold(by=office.approver, words="维持", **decided),
        Step.OVERTURN: lambda: deciding.overturn(by=office.approver, words="改为确认", **decided),
        Step.TELL: lambda: receiving.tell_family(by=office.acceptor, **said),
    }[step]


@pytest.mark.parametrize("state", State)
def test_a_step_that_is_not_possible_changes_nothing(state):
    application = in_state(state)
    office = Office()
    possible = STATES.steps_from(state)
    steps = application.steps.count()

    for step in Step:
        same = {Step.BRING, Step.BRING_MORE}
        if step in possible or (step in same and same & set(possible)):
            continue
        with pytest.raises(Refused):
            act_for(step, office, application)()
    now = Application.objects.get(pk=application.pk)
    assert (now.state, now.steps.count()) == (state, steps)


@pytest.mark.parametrize("state", UNDECIDED)
def test_every_open_state_can_be_left(state):
    application = in_state(state)

    applying.withdraw(by=person("village_director", VILLAGE), application=application, words="不再申请", on=DECIDED)
    assert Application.objects.get(pk=application.pk).state == State.WITHDRAWN


def test_only_decided_and_withdrawn_ones_are_at_an_end():
    led = {state: {STATES.after(state, step) for step in STATES.steps_from(state)} for state in State}
    assert {state for state in State if led[state] <= {state}} == {State.CONFIRMED, State.UPHELD, State.WITHDRAWN}


def test_a_joined_file_brings_its_papers(office):
    whose, other = unattended(), child(holdings=())
    whose.papers.filter(kind="id_card").delete()
    evidence(other, kind="id_card")
    assert [item.key for item in case_of(office.begun(whose), on=BEGUN).missing] == ["paper-id_card"]

    joined_to(whose, other)
    assert case_of(Application.objects.get(), on=BEGUN).missing == ()


def test_the_township_of_the_child_is_responsible_now(office):
    application = office.submitted()
    whose = application.child
    whose.responsible_code = "640122101200"
    whose.save()

    with pytest.raises(NotAllowed):
        applying.accept(by=office.acceptor, application=application, on=ACCEPTED)
    done = applying.accept(by=person("township_supervisor", "640122101"), application=application, on=ACCEPTED)
    assert done.division_code == "640122101200"


def test_no_step_is_taken_on_a_day_before_the_last_one(office):
    with pytest.raises(Refused, match="comes too late"):
        checking.doubt(by=office.checker, application=office.accepted(), words="存疑", on=BEGUN)


def test_after_a_doubt_somebody_goes_there_or_says_how_else(office):
    application = checking.doubt(
        by=office.checker, application=office.looked(office.accepted()), words="无人接听", on=CHECKED
    )
    said = {"by": office.checker, "application": application, "opinion": "agrees", "on": CHECKED}
    around.visit(application.file, visited_on=ACCEPTED)
    with pytest.raises(Refused, match="few words"):
        checking.check(**said)
    before = mark(application)
    around.visit(application.file, visited_on=CHECKED, purpose="application_check")
    assert mark(application) != before
    assert checking.check(**said).state == State.CHECKED
