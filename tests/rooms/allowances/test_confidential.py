"""A confidential application: three named people of the county, and nobody else learns of it."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Grant, IssuedDocument, Notice, Person, Task
from hutong.accounts.queries import open_tasks
from hutong.allowances import queries
from hutong.allowances.actions import applying, checking, confiding, ending, finding, issuing, watching
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.actions.reviewing import find_reviews_due, review
from hutong.allowances.cases import case_of, clock_of
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.application import State
from hutong.allowances.recognition_queries import looked_into, steps_for
from hutong.allowances.recognitions import recognised
from hutong.law.categories import Basis
from hutong.law.recognition import Outcome
from hutong.law.recognition_review import Finding
from hutong.registry.models import CategoryHolding
from hutong.registry.queries import named_for
from tests.applications import ACCEPTED, BEGUN, CHECKED, DECIDED, Confidants, Office, unattended, with_parents
from tests.factories import TOWNSHIP, VILLAGE, holding, person
from tests.facts import circumstance, evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def named():
    return Confidants()


@pytest.fixture
def others():
    """Whoever is not named: of the village, the township and the county."""
    return [
        person("village_director", VILLAGE),
        person("township_supervisor", TOWNSHIP),
        person("county_officer"),
        person("approver"),
    ]


def anew(who):
    return Person.objects.get(pk=who.pk)


def test_named_people_take_it_from_intake_to_recognition(named):
    application = named.confirmed()

    held, decision = CategoryHolding.objects.get(), Decision.objects.get()
    assert application.state == State.CONFIRMED
    assert (held.category, held.secret_basis.open()) == ("orphan_kin", Basis.HIV.padded)
    assert (decision.answer_category, decision.differs, decision.from_month) == ("orphan_kin", False, date(2026, 7, 1))
    assert {one.pk for one in named_for(application.child, on=DECIDED)} == {
        one.pk for one in (named.director, named.checker, named.approver, named.reviewer)
    }


def test_the_law_is_told_what_stands_under_seal(named):
    case = case_of(named.begun(), on=BEGUN)

    assert (case.answer.outcome, case.answer.category, case.fits) == (Outcome.RECOGNISED, "hiv", True)
    assert any("民发〔2012〕179号" in reason.citation.zh for reason in case.answer.reasons)
    assert case.items[-1].key == "paper-sealed" and case.items[-1].papers


def test_one_for_another_reason_looks_the_same():
    case = case_of(Confidants(basis="orphan").begun(), on=BEGUN)

    assert case.items[-1].key == "paper-sealed"
    assert case.answer.outcome is Outcome.MANUAL or not case.fits


@pytest.mark.parametrize("step", ["begun", "submitted", "accepted", "checked", "confirmed"])
def test_nobody_else_finds_it(named, others, step):
    application = getattr(named, step)()

    for who in map(anew, others):
        assert queries.application(who, application.pk, on=DECIDED) is None
        assert not queries.find(who, queries.Wanted(), on=DECIDED)
        assert queries.open_application(who, application.child, on=DECIDED) is None
        assert not queries.to_check(who, on=DECIDED)
        assert not open_tasks(who, on=DECIDED)
    assert not Notice.objects.exclude(recipient__isnull=False).exists()
    assert queries.application(named.checker, application.pk, on=DECIDED) == application


def test_nobody_else_takes_a_step(named, others):
    application = named.submitted()
    for who in map(anew, others):
        with pytest.raises(NotAllowed):
            applying.accept(by=who, application=application, on=ACCEPTED)
        with pytest.raises(NotAllowed):
            applying.withdraw(by=who, application=application, words="不再申请", on=ACCEPTED)


def test_tasks_are_for_the_named_alone(named, others):
    application = named.accepted()

    task = Task.objects.get(closed_at__isnull=True)
    assert (task.kind, task.role, task.division_code) == ("check_application", "county_officer", "640122000000")
    assert [one.pk for one in open_tasks(named.checker, on=CHECKED)] == [task.pk]
    assert not open_tasks(named.director, on=CHECKED)
    watching.watch_applications(on=date(2026, 6, 18))
    told = Notice.objects.filter(subject_key=str(application.pk))
    assert told and all(one.recipient_id for one in told)


def test_the_clock_counts_the_days_of_the_county_alone(named):
    clock = clock_of(named.accepted(), on=CHECKED)

    assert [leg.leg for leg in clock.legs] == ["county"]
    assert (clock.due_on, clock.whole.days) == (date(2026, 6, 18), 5)


def test_who_tries_the_ordinary_way_learns_only_whom_to_call(named, others):
    whose = with_parents()
    named.begun(whose)
    for who in map(anew, others[:3]):
        with pytest.raises(Refused, match="Call the child-welfare section"):
            applying.begin_application(
                by=who, child=whose, category="de_facto", applicant=Applicant("village", "村委会"), on=BEGUN
            )
    with pytest.raises(Refused, match="Call the child-welfare section"):
        confiding.begin_confidential(
            by=anew(others[2]),
            child=whose,
            basis="orphan",
            named=[],
            reason="个案",
            applicant=Applicant("guardian", "柳安和"),
            on=BEGUN,
        )
    with pytest.raises(Refused, match="open application"):
        named.begun(whose)


def test_a_task_of_applying_stays_as_if_there_were_none(named):
    whose = unattended()
    finding.find_unapplied(on=BEGUN)
    before = set(Task.objects.filter(closed_at__isnull=True).values_list("kind", flat=True))
    named.begun(whose)
    finding.find_unapplied(on=ACCEPTED)

    assert before == {"apply_for_child", "visit_family"}
    assert before == set(Task.objects.filter(closed_at__isnull=True).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"basis": ""}, "Choose what it rests on"),
        ({"reason": " "}, "why these people"),
        ({"named": []}, "two county officers"),
        ({"applicant": Applicant("institution", "福利院")}, "ordinary way"),
        ({"applicant": Applicant("guardian", "")}, "full name"),
    ],
)
def test_what_is_wrong_is_said(named, more, words):
    with pytest.raises(Refused, match=words):
        named.begun(**more)
    assert not Application.objects.exists()


def test_only_the_county_begins_one(others):
    for who in others[:2]:
        with pytest.raises(NotAllowed):
            confiding.begin_confidential(
                by=who,
                child=with_parents(),
                basis="hiv",
                named=[],
                reason="个案",
                applicant=Applicant("guardian", "柳安和"),
                on=BEGUN,
            )


def test_others_are_named_by_somebody_named(named, others):
    application, another = named.submitted(), person("county_officer")
    with pytest.raises(NotAllowed):
        confiding.name_people(by=anew(others[2]), application=application, named=[another], reason="接手", on=BEGUN)
    confiding.name_people(by=named.director, application=application, named=[another], reason="接手", on=BEGUN)

    assert queries.application(anew(another), application.pk, on=BEGUN) == application
    assert another.pk in Task.objects.get(closed_at__isnull=True).values["only"]


def test_an_ordinary_one_has_nobody_to_name():
    office = Office()
    application = office.begun(unattended(), category="orphan_kin")

    assert application.basis is Basis.ORPHAN
    with pytest.raises(Refused, match="Only a confidential"):
        confiding.name_people(by=office.approver, application=application, named=[], reason="接手", on=BEGUN)


def test_a_missing_sealed_paper_is_asked_for_in_neutral_words(named):
    whose = with_parents()
    whose.papers.filter(is_sealed=True).delete()
    application = applying.ask_for_papers(by=named.acceptor, application=named.submitted(whose), words="", on=ACCEPTED)

    assert application.steps.last().missing == ["other"]


def test_a_letter_reads_as_any_other_of_the_standard(named):
    letters = []
    for application in (named.confirmed(), orphan_confirmed()):
        case, decision = case_of(application, on=DECIDED), application.decisions.get()
        letter = issuing.decision_letter(case, decision)
        letters.append((letter.title, letter.paragraphs[1:], letter.basis, letter.remedy))

    assert letters[0] == letters[1]
    assert "艾滋" not in repr(letters) and "查验、审查" in repr(case and letter.paragraphs)


def orphan_confirmed():
    whose = unattended()
    mother = whose.parent_set.get(role="mother")
    circumstance(mother, "declared_missing").evidence.add(whose.papers.get(kind="court_judgment"))
    return Office().confirmed(whose, category="orphan_kin")


def test_who_is_not_named_gets_no_letter_anew(named, others):
    named.confirmed()
    with pytest.raises(NotAllowed):
        issuing.issue_anew(by=anew(others[3]), document=IssuedDocument.objects.get(), on=DECIDED)


def test_who_accepted_does_not_check_nor_decide(named):
    application = named.accepted()
    with pytest.raises(Refused, match="three people"):
        checking.check(by=named.acceptor, application=application, opinion="disagrees", words="不符", on=CHECKED)


LATER = date(2026, 9, 1)


def held(whose):
    return CategoryHolding.objects.get(child=whose)


def back_again():
    """A child infected whose parents were both lost when it was recognised; the mother is back since."""
    named = Confidants()
    whose = with_parents()
    circumstance(whose.parent_set.get(role="father"), "dead", from_on=date(2020, 1, 1))
    missing = circumstance(
        whose.parent_set.get(role="mother"), "declared_missing", from_on=date(2020, 1, 1), until_on=date(2026, 8, 3)
    )
    for fact, paper in (
        (whose.parent_set.get(role="father").circumstances.get(), "death_certificate"),
        (missing, "court_judgment"),
    ):
        fact.evidence.add(evidence(whose, kind=paper))
    return named, named.confirmed(whose)


def test_the_nightly_review_neither_announces_nor_drops_it(others):
    named, application = back_again()
    assert find_reviews_due(on=LATER) == 1

    now = recognised(held(application.child), on=LATER)
    assert not Task.objects.filter(kind="look_into_recognition").exists()
    assert now.examination.finding is Finding.CONTINUES
    for who in map(anew, others):
        shown = now.shown_to(who)
        assert (shown.finding, shown.answer.reasons) == (Finding.UNSHOWN, ())
    assert any("艾滋" in reason.text for reason in now.shown_to(named.checker).answer.reasons)


def test_what_is_news_is_for_the_named_alone(others):
    named, application = back_again()
    held(application.child).delete()
    holding(application.child, "orphan_kin", from_on=DECIDED)
    find_reviews_due(on=LATER)

    task = Task.objects.get(kind="look_into_recognition")
    assert task.role == "county_officer"
    assert set(task.values["only"]) == {
        one.pk for one in (named.director, named.checker, named.approver, named.reviewer)
    }
    for who in map(anew, others):
        assert not open_tasks(who, on=LATER) and not looked_into(who, on=LATER)
        assert recognised(held(application.child), on=LATER).shown_to(who).finding is Finding.UNSHOWN
    assert list(looked_into(named.checker, on=LATER)) == [task]


def test_where_nobody_is_named_the_township_is_asked_as_for_every_other(others):
    _named, application = back_again()
    held(application.child).delete()
    holding(application.child, "orphan_kin", from_on=DECIDED)
    Grant.objects.all().delete()
    find_reviews_due(on=LATER)

    assert Task.objects.get(kind="look_into_recognition").role == "township_supervisor"
    assert recognised(held(application.child), on=LATER).shown_to(others[1]).finding is Finding.ENDS


def test_only_the_named_decide_an_end(named, others):
    application = named.confirmed()
    supervisor, stranger = anew(others[1]), anew(others[3])

    def seen():
        return recognised(held(application.child), on=LATER)

    said = {"reason": "no_longer_fits", "happened_on": DECIDED, "words": "父母在家", "on": LATER}
    ending.propose_end(by=supervisor, holding=held(application.child), mark=seen().mark, **said)
    assert not {"confirm_end", "reject_end"} & set(steps_for(stranger, seen()))
    with pytest.raises(Refused, match="Only the people named"):
        ending.confirm_end(by=stranger, holding=held(application.child), mark=seen().mark, words="同意", on=LATER)
    ending.reject_end(
        by=named.approver, holding=held(application.child), mark=seen().mark, words="继续符合条件", on=LATER
    )
    assert held(application.child).until_on is None


def test_a_review_of_somebody_else_keeps_no_ground(named, others):
    application = named.confirmed()
    mark = recognised(held(application.child), on=LATER).mark
    done = review(by=anew(others[1]), holding=held(application.child), mark=mark, finding="continues", on=LATER)

    assert (done.answer, done.differs, done.reasons.open()) == ("unshown", False, "[]")
