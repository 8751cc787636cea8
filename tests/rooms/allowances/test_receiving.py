"""Another township receives an application: its own days, a file open to it alone and no longer, told at the end."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Grant, Notice, Person, Posting, Task, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.allowances.actions import applying, checking, deciding, receiving
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.actions.watching import watch_applications
from hutong.allowances.cases import case_of, clock_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import State, Step
from hutong.allowances.queries import application, steps_for
from hutong.law.circumstances import HIDDEN
from hutong.law.recognition_clock import Leg
from hutong.registry.actions.changes import WrongValues
from hutong.registry.actions.enrolling import AlreadyThere, MayBeElsewhere
from hutong.registry.actions.facts import record_fact, strike_fact
from hutong.registry.actions.papers import add_paper
from hutong.registry.actions.searching import search
from hutong.registry.models import Child, Evidence, Parent
from hutong.registry.queries import is_received, visible_to
from tests.applications import ACCEPTED, BEGUN, CHECKED, DECIDED, Away, Office, unattended
from tests.factories import VILLAGE, VILLAGE_OF_NEXT_COUNTY, child, id_number, kin, person, picture, wrong_last
from tests.facts import circumstance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
THERE = VILLAGE_OF_NEXT_COUNTY[:9].ljust(12, "0")


@pytest.fixture
def away() -> Away:
    return Away()


def again(user: Person) -> Person:
    """The same person at another request: what was opened meanwhile is seen."""
    return Person.objects.get(pk=user.pk)


def sees(user: Person, whose, *, on: date = BEGUN) -> bool:
    return visible_to(again(user), on=on).filter(pk=whose.pk).exists()


def test_from_intake_to_the_word_to_the_family_in_two_counties(away):
    whose = unattended()
    made = away.confirmed(whose)
    assert (made.state, made.received_at, made.accepted_by) == (State.CONFIRMED, THERE, away.director)
    assert made.is_to_tell
    (task,) = Task.objects.filter(kind="tell_family", closed_at__isnull=True)
    assert (task.division_code, task.role) == (THERE, "township_supervisor")
    told = away.told(made, on=date(2026, 6, 22))
    assert (told.told_on, told.is_to_tell, told.due_on) == (date(2026, 6, 22), False, None)
    assert not Task.objects.filter(kind="tell_family", closed_at__isnull=True).exists()
    assert whose.holdings.get().category == "de_facto"
    places = dict(made.steps.values_list("step", "division_code"))
    assert places == {"submit": THERE, "accept": THERE, "check": VILLAGE, "confirm": VILLAGE, "tell": THERE}


def test_each_leg_has_its_own_days(away):
    """By hand: complete on Wednesday 10 June, three working days there until Monday 15 June; Friday 19 June is the
    Dragon Boat festival, so what is decided on Thursday 18 June is told until Wednesday 24 June."""
    made = away.submitted()
    assert (made.due_on, clock_of(made, on=BEGUN).holder) == (date(2026, 6, 15), Leg.RECEIVING)
    made = away.decided(away.checked_from(made))
    assert (made.due_on, clock_of(made, on=DECIDED).holder) == (date(2026, 6, 24), Leg.TELLING)
    legs = [leg.leg for leg in clock_of(made, on=DECIDED).legs]
    assert legs == [Leg.RECEIVING, Leg.TOWNSHIP, Leg.COUNTY, Leg.TELLING]
    assert clock_of(made, on=date(2026, 6, 25)).days_left == -1


def test_a_paper_that_is_missing_stops_their_days_until_it_is_brought(away):
    whose = child(holdings=())
    made = applying.ask_for_papers(by=away.director, application=away.submitted(whose), words="", on=BEGUN)
    assert clock_of(made, on=BEGUN).holder is None
    made = applying.bring_papers(by=away.director, application=made, on=date(2026, 6, 16))
    assert made.due_on == date(2026, 6, 22)


def test_the_file_is_open_to_those_who_accept_there_until_the_family_knows(away):
    whose, colleague, county = (
        unattended(),
        person("township_supervisor", THERE[:9]),
        person("county_officer", "640121"),
    )
    assert not sees(away.director, whose)
    made = away.confirmed(whose)
    assert sees(away.director, whose) and sees(colleague, whose) and not sees(county, whose)
    assert application(again(colleague), made.pk, on=DECIDED) == made
    newcomer = person("township_supervisor", THERE[:9])
    assert not sees(newcomer, whose)
    watch_applications(on=DECIDED)
    assert sees(newcomer, whose, on=DECIDED)
    away.told(made)
    tomorrow = date(2026, 6, 19)
    assert not any(sees(one, whose, on=tomorrow) for one in (away.director, colleague, newcomer))


def test_a_refused_family_is_helped_there_as_long_as_it_may_ask_for_a_review(away):
    whose = unattended()
    made = away.told(away.refused(whose))
    assert sees(away.director, whose, on=date(2026, 8, 17)) and not sees(away.director, whose, on=date(2026, 8, 18))
    made = applying.ask_for_review(by=away.director, application=made, words="父亲确已死亡", on=date(2026, 6, 22))
    assert sees(away.director, whose, on=date(2026, 9, 1)) and not made.is_to_tell
    said = {"mark": case_of(made, on=date(2026, 6, 23)).mark, "words": "维持"}
    deciding.uphold(by=away.reviewer, application=made, on=date(2026, 6, 23), **said)
    made = Application.objects.get()
    assert made.is_to_tell and made.due_on == date(2026, 6, 26)
    away.told(made, on=date(2026, 6, 24))
    assert not sees(away.director, whose, on=date(2026, 6, 25))


def test_withdrawn_there_it_is_closed_at_once(away):
    whose = unattended()
    applying.withdraw(by=away.director, application=away.submitted(whose), words="回户籍地办理", on=BEGUN)
    assert not sees(away.director, whose, on=ACCEPTED)


def test_they_add_papers_parents_and_situations_and_change_nothing_else(away):
    whose = unattended()
    away.begun(whose)
    by = again(away.director)
    said = {"issued_on": None, "expires_on": None, "note": "", "name": "", "on": BEGUN}
    add_paper(by=by, child=whose, kind="photo", content=picture("PNG"), **said)
    whose.refresh_from_db()
    values = {"role": "adoptive_mother", "name": "柳秋霞", "from_on": BEGUN}
    reasoned = {"revision": whose.revision, "reason": "happened", "on": BEGUN}
    made = record_fact(by=by, child=whose, noun="parent", values=values, **reasoned)
    whose.refresh_from_db()
    with pytest.raises(NotAllowed):
        record_fact(by=by, child=whose, noun="study", values={"level": "compulsory"}, **reasoned)
    with pytest.raises(NotAllowed):
        strike_fact(by=by, fact=made, revision=whose.revision, reason="wrong", on=BEGUN)
    assert Parent.objects.filter(pk=made.pk).exists() and Evidence.objects.filter(kind="photo").exists()


def test_home_does_not_accept_what_was_received_elsewhere_and_they_do_not_check_it(away):
    home = Office()
    with pytest.raises(NotAllowed):
        applying.accept(by=home.acceptor, application=away.submitted(), on=ACCEPTED)
    made = applying.accept(by=away.acceptor, application=Application.objects.get(), on=ACCEPTED)
    with pytest.raises(NotAllowed):
        checking.check(by=away.director, application=made, opinion="agrees", on=CHECKED)
    assert Step.CHECK in steps_for(home.acceptor, made, on=CHECKED)
    assert Step.CHECK not in steps_for(again(away.director), made, on=CHECKED)


def test_one_who_applied_at_home_is_not_told_by_this_step():
    home = Office()
    made = home.confirmed()
    assert Step.TELL not in steps_for(home.acceptor, made, on=DECIDED)
    with pytest.raises(Refused, match="nothing to tell"):
        receiving.tell_family(by=home.acceptor, application=made, on=DECIDED)


def test_only_by_exact_words_by_whoever_accepts_and_home_is_told(away):
    whose = unattended()
    applicant = Applicant("guardian", "柳桂兰", "62")
    said = {"category": "de_facto", "applicant": applicant, "on": BEGUN}
    with pytest.raises(NotAllowed):
        receiving.receive_application(by=person("village_director", VILLAGE_OF_NEXT_COUNTY), text="x", **said)
    for words in (whose.name, wrong_last(whose.id_number.open()), ""):
        with pytest.raises(Refused):
            receiving.receive_application(by=away.director, text=words, **said)
    assert not Grant.objects.exists() and not Application.objects.exists()
    away.begun(whose)
    told = Notice.objects.filter(kind="opened_to_receive")
    assert {one.role for one in told} == {"township_supervisor", "county_officer"}
    assert TrailEntry.objects.filter(act="open_received", subject_key=whose.file_number, by=away.director).exists()


def test_a_child_of_their_own_place_is_applied_for_at_home(away):
    mine = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(Refused):
        away.begun(mine)


def test_where_nobody_accepts_in_the_township_the_county_is_let_in(away):
    county, whose = person("county_officer", "640121"), unattended()
    away.confirmed(whose)
    Posting.objects.filter(person=away.director).update(until_on=BEGUN)
    watch_applications(on=DECIDED)
    assert sees(county, whose, on=DECIDED)


def test_a_child_whose_whereabouts_are_kept_secret_is_not_opened_to_another_place(away):
    whose = unattended()
    circumstance(child=whose, parent=None, kind=HIDDEN, from_on=BEGUN, until_on=None)
    with pytest.raises(Refused, match="cannot be received here"):
        away.begun(whose)
    assert not Grant.objects.exists() and not sees(away.director, whose)


def test_once_they_are_kept_secret_nothing_more_is_open_than_to_anybody_who_sees_the_file(away):
    whose = unattended()
    away.begun(whose)
    assert is_received(again(away.director), Permission.SEE_SENSITIVE, whose, on=BEGUN)
    circumstance(child=whose, parent=None, kind=HIDDEN, from_on=ACCEPTED, until_on=None)
    for permission in (Permission.SEE_SENSITIVE, Permission.ADD_EVIDENCE, Permission.APPLY):
        assert not is_received(again(away.director), permission, whose, on=ACCEPTED)


def values_of(**more) -> dict[str, str]:
    """What is typed of a child whom no place holds."""
    return {
        "name": "柳新禾", "sex": "2", "birth_date": "2015-03-07", "id_number": id_number(),
        "living_division": VILLAGE_OF_NEXT_COUNTY, "guardian_name": "柳桂兰", "guardian_relation": "62",
        "guardian_phone": "13900000001",
    } | more  # fmt: skip


def unregistered(by: Person, *, home: str = VILLAGE, is_another: bool = False, **more) -> Application:
    return receiving.receive_unregistered(
        by=by,
        values=values_of(**more),
        home=home,
        category="de_facto",
        applicant=Applicant("guardian", "柳桂兰", "62"),
        is_another=is_another,
        on=BEGUN,
    )


@pytest.mark.usefixtures("divisions")
class TestAChildWhomNoPlaceHolds:
    def test_is_registered_for_its_home_place_and_open_there_until_the_family_knows(self, away):
        home = person("township_supervisor", VILLAGE[:9])
        made = unregistered(away.director)
        whose = Child.objects.get()
        assert (whose.responsible_code, whose.registered_code) == (VILLAGE, VILLAGE)
        assert whose.living_code == VILLAGE_OF_NEXT_COUNTY and not whose.holdings.exists()
        assert (made.received_at, made.division_code, made.state) == (THERE, VILLAGE, State.DRAFT)
        assert sees(away.director, whose) and sees(home, whose)
        assert is_received(again(away.director), Permission.APPLY, whose, on=BEGUN)
        told = Notice.objects.filter(kind="registered_to_receive", subject_key=whose.file_number)
        assert set(told.values_list("division_code", "role")) == {
            (VILLAGE, "township_supervisor"),
            (VILLAGE, "county_officer"),
        }
        acts = set(TrailEntry.objects.filter(subject_key=whose.file_number).values_list("act", flat=True))
        assert "register_received" in acts and "enter_child" in acts
        applying.withdraw(by=away.director, application=made, words="回户籍地办理", on=BEGUN)
        assert not sees(away.director, whose, on=ACCEPTED) and sees(home, whose, on=ACCEPTED)

    def test_where_another_place_holds_the_number_that_file_is_used(self, away):
        whose = unattended()
        made = unregistered(away.director, id_number=whose.id_number.open(), name="另写姓名")
        assert (made.child, Child.objects.count()) == (whose, 1)
        assert Notice.objects.filter(kind="opened_to_receive", subject_key=whose.file_number).exists()

    def test_one_of_ones_own_place_is_no_other_place(self, away):
        with pytest.raises(Refused, match="your own"):
            unregistered(away.director, home=VILLAGE_OF_NEXT_COUNTY)
        whose = child(living_code=VILLAGE_OF_NEXT_COUNTY)
        with pytest.raises(AlreadyThere):
            unregistered(away.director, id_number=whose.id_number.open())

    def test_one_that_may_be_elsewhere_is_asked_about(self, away):
        whose = child(id_number="", guardian={"guardian_name": "柳桂兰"})
        said = {"name": whose.name, "id_number": "", "no_id_reason": "户口待办", "birth_date": str(whose.birth_date)}
        said["sex"] = whose.sex
        with pytest.raises(MayBeElsewhere):
            unregistered(away.director, **said)
        assert Child.objects.count() == 1
        assert unregistered(away.director, is_another=True, **said).child != whose

    def test_nobody_who_is_no_child_and_no_place_that_is_none(self, away):
        with pytest.raises(Refused, match="too old"):
            unregistered(away.director, birth_date="2005-03-07", id_number="", no_id_reason="户口待办")
        with pytest.raises(WrongValues):
            unregistered(away.director, home="649999999999")
        assert not Child.objects.exists()

    def test_not_by_somebody_who_does_not_accept_nor_of_their_own(self, away):
        with pytest.raises(NotAllowed):
            unregistered(person("village_director", VILLAGE_OF_NEXT_COUNTY))
        kin(away.director, name="柳桂兰")
        with pytest.raises(Refused, match="kin"):
            unregistered(away.director)

    def test_only_with_an_application(self, away):
        with pytest.raises(Refused, match="Say who applies"):
            receiving.receive_unregistered(
                by=away.director,
                values=values_of(),
                home=VILLAGE,
                category="de_facto",
                applicant=Applicant("guardian", " "),
                on=BEGUN,
            )
        assert not Child.objects.exists()

    def test_a_search_says_that_no_place_holds_it(self, away):
        number = id_number()
        assert search(by=away.director, text=number, on=BEGUN).is_nowhere
        assert not search(by=away.director, text="柳", on=BEGUN).is_nowhere
        assert not search(by=away.director, text=unattended().id_number.open(), on=BEGUN).is_nowhere
