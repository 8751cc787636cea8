"""Applications for children of other provinces: received, sent on by letter, answered, told; and those that come so."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.documents import documents_about
from hutong.accounts.models import Task, TrailEntry
from hutong.allowances.actions import applying, checking, outgoing, receiving
from hutong.allowances.actions.applying import Applicant, Letter
from hutong.allowances.actions.outgoing import Outsider
from hutong.allowances.actions.watching import watch_applications
from hutong.allowances.cases import clock_of as own_clock_of
from hutong.allowances.models import Application, OutgoingApplication
from hutong.allowances.models.application import State, Step
from hutong.allowances.models.outgoing import OutgoingState, OutgoingStep
from hutong.allowances.outgoing import clock_of, listed, missing_papers, paper_list, steps_for
from hutong.allowances.outgoing import outgoing as seen_by
from hutong.allowances.outgoing_letters import reply_letter, transfer_letter
from hutong.allowances.queries import steps_for as own_steps_for
from hutong.law.recognition_clock import Leg, Light
from hutong.registry.models import Child
from tests.applications import BEGUN, CHECKED, DECIDED, Office, unattended
from tests.factories import COUNTY, TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, id_number, kin, person
from tests.outgoing import APPLICANT, BORN, GUYUAN, HOME, outsider, received, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def supervisor():
    return person("township_supervisor", TOWNSHIP)


def tasks(application) -> set[tuple[str, date]]:
    about = Task.objects.filter(subject_kind="outgoing", subject_key=str(application.pk), closed_at__isnull=True)
    return set(about.values_list("kind", "due_on"))


def again(application: OutgoingApplication) -> OutgoingApplication:
    return OutgoingApplication.objects.get(pk=application.pk)


def test_from_intake_to_the_word_to_the_family(supervisor):
    """By hand: complete on Wednesday 10 June, sent until Monday 15 June; 30 working days at home; told in three."""
    made = received(supervisor)
    assert (made.division_code, made.home_office) == (TOWNSHIP.ljust(12, "0"), "崇信县民政局")
    assert (made.due_on, tasks(made)) == (date(2026, 6, 15), {("outgoing_send", date(2026, 6, 15))})
    made = outgoing.send_outgoing(by=supervisor, application=made, on=date(2026, 6, 12))
    assert (made.state, clock_of(made, on=date(2026, 6, 12)).holder) == (OutgoingState.SENT, Leg.HOME)
    assert {kind for kind, _due in tasks(made)} == {"outgoing_answer"}
    made = outgoing.answer_outgoing(
        by=supervisor, application=made, outcome="confirmed", decided_on=date(2026, 7, 8), on=date(2026, 7, 10)
    )
    assert (made.came_on, made.due_on) == (date(2026, 7, 10), date(2026, 7, 15))
    assert tasks(made) == {("outgoing_tell", date(2026, 7, 15))}
    made = outgoing.tell_outgoing(by=supervisor, application=made, on=date(2026, 7, 13))
    assert (made.state, made.due_on, tasks(made)) == (OutgoingState.TOLD, None, set())
    assert clock_of(made, on=date(2026, 7, 20)).light is Light.IN_TIME
    assert list(made.records.values_list("step", flat=True)) == ["send", "answer", "tell"]
    (letter,) = documents_about("outgoing", str(made.pk))
    assert (letter.kind, letter.office_code) == ("transfer_letter", TOWNSHIP.ljust(12, "0"))
    assert not Child.objects.exists()


def test_the_trail_tells_each_step_and_names_nobody(supervisor):
    made = sent(supervisor)
    outgoing.open_outgoing(by=supervisor, application=made, on=BEGUN)
    outgoing.open_outgoing(by=supervisor, application=made, is_revealed=True, on=BEGUN)
    entries = TrailEntry.objects.filter(subject_kind="outgoing", subject_key=str(made.pk)).order_by("id")
    acts = [entry.act for entry in entries]
    assert acts == ["receive_outgoing", "outgoing_send", "issue_document", "open_outgoing", "reveal_outgoing"]
    said = str(list(entries.values_list("details", flat=True)))
    assert made.child_name.open() not in said and made.phone.open() not in said


def test_what_is_missing_is_asked_for_once_and_the_days_begin_anew(supervisor):
    made = received(supervisor, papers=("household_book",))
    assert missing_papers(made, on=BEGUN) == ("id_card",)
    with pytest.raises(Refused, match="Papers are missing"):
        outgoing.send_outgoing(by=supervisor, application=made, on=BEGUN)
    made = outgoing.ask_outgoing(by=supervisor, application=made, words="", on=BEGUN)
    assert (made.state, made.complete_on, clock_of(made, on=BEGUN).holder) == (OutgoingState.CORRECTION, None, None)
    assert {kind for kind, _due in tasks(made)} == {"outgoing_papers"}
    assert made.records.get().missing == ["id_card"]
    assert documents_about("outgoing", str(made.pk)).get().kind == "correction_notice"
    made = outgoing.bring_outgoing(by=supervisor, application=made, papers=["id_card"], on=date(2026, 6, 16))
    assert (made.papers, made.due_on) == (["household_book", "id_card"], date(2026, 6, 22))
    assert OutgoingStep.ASK not in steps_for(supervisor, made, on=date(2026, 6, 16))
    with pytest.raises(Refused, match="once what is missing"):
        outgoing.ask_outgoing(by=supervisor, application=made, words="再补一份", on=date(2026, 6, 16))


def test_after_the_notice_it_goes_with_papers_missing_and_a_word(supervisor):
    made = received(supervisor, papers=())
    made = outgoing.ask_outgoing(by=supervisor, application=made, words="近照一张", on=BEGUN)
    made = outgoing.bring_outgoing(by=supervisor, application=made, papers=[], on=BEGUN)
    with pytest.raises(Refused, match="Papers are missing"):
        outgoing.send_outgoing(by=supervisor, application=made, on=BEGUN)
    made = outgoing.send_outgoing(by=supervisor, application=made, words="家庭确无法提供", on=BEGUN)
    text = "".join(transfer_letter(made, paper_list(HOME, on=BEGUN), "家庭确无法提供").paragraphs)
    assert "随函附送材料：无" in text and "未能提供：户口簿、身份证件" in text and "家庭确无法提供" in text


def test_nothing_is_asked_for_where_nothing_is_missing(supervisor):
    with pytest.raises(Refused, match="No paper is missing"):
        outgoing.ask_outgoing(by=supervisor, application=received(supervisor), words=" ", on=BEGUN)


def test_the_letter_says_whose_and_what_is_wanted(supervisor):
    made = received(supervisor)
    letter = transfer_letter(made, paper_list(HOME, on=BEGUN), "")
    text = "".join(letter.paragraphs)
    assert letter.recipient == "崇信县民政局"
    for said in (
        made.child_name.open(),
        made.id_number.open(),
        "锦屏镇",
        "柳桂兰",
        "13900000001",
        "母亲服刑",
        made.number,
    ):
        assert said in text
    assert "函告我单位" in text


def test_the_list_of_papers_is_homes_own_where_it_is_known(supervisor):
    assert not paper_list(HOME, on=BEGUN).is_its_own
    assert paper_list(HOME, on=BEGUN).papers == ("household_book", "id_card")


def test_who_is_late_says_why(supervisor):
    made = received(supervisor)
    with pytest.raises(Refused, match="took longer"):
        outgoing.send_outgoing(by=supervisor, application=made, on=date(2026, 6, 16))
    made = outgoing.send_outgoing(by=supervisor, application=made, late_reason="经办人外出", on=date(2026, 6, 16))
    assert made.records.get().late_reason.open() == "经办人外出"
    assert not outgoing.is_late(made, on=date(2027, 6, 16))  # that home is slow is home's to explain


def test_taken_back_before_it_went_and_after(supervisor):
    early = outgoing.withdraw_outgoing(by=supervisor, application=received(supervisor), words="回户籍地办理", on=BEGUN)
    assert early.state == OutgoingState.WITHDRAWN and not documents_about("outgoing", str(early.pk)).exists()
    assert clock_of(early, on=BEGUN).light is None and not tasks(early)
    late = outgoing.withdraw_outgoing(by=supervisor, application=sent(supervisor), words="父亲已返家", on=BEGUN)
    kinds = {one.kind for one in documents_about("outgoing", str(late.pk))}
    assert kinds == {"transfer_letter", "withdrawal_letter"}
    with pytest.raises(Refused, match="is not possible there"):
        outgoing.tell_outgoing(by=supervisor, application=late, on=BEGUN)


def test_an_answer_is_of_a_day_between_the_letter_and_today(supervisor):
    made = sent(supervisor)
    for wrong in (date(2026, 6, 9), date(2026, 6, 11)):
        with pytest.raises(Refused, match="after the letter went out"):
            outgoing.answer_outgoing(by=supervisor, application=made, outcome="refused", decided_on=wrong, on=BEGUN)
    with pytest.raises(Refused, match="what home decided"):
        outgoing.answer_outgoing(by=supervisor, application=made, outcome="perhaps", decided_on=BEGUN, on=BEGUN)


def test_no_step_on_an_earlier_day(supervisor):
    with pytest.raises(Refused, match="comes too late"):
        outgoing.send_outgoing(by=supervisor, application=received(supervisor), on=date(2026, 6, 9))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"home_code": GUYUAN}, "another province"),
        ({"home_code": "999999000000"}, "another province"),
        ({"name": "x1"}, "full name"),
        ({"birth_date": date(2007, 1, 1), "id_number": ""}, "nobody under 18"),
        ({"birth_date": date(2027, 1, 1), "id_number": ""}, "nobody under 18"),
        ({"address": " "}, "registered address"),
        ({"phone": ""}, "registered address"),
        ({"office": "x" * 61}, "At most"),
        ({"papers": ("horoscope",)}, "from the list"),
        ({"id_number": "990000201503070013"}, "not valid"),
        ({"id_number": id_number(date(2014, 3, 7))}, "another birth date"),
        ({"situation": " "}, "few words"),
    ],
)
def test_what_is_refused_when_it_is_received(supervisor, more, words):
    with pytest.raises(Refused, match=words):
        received(supervisor, **more)
    assert not OutgoingApplication.objects.exists()


def test_what_is_refused_of_who_applies_and_what_for(supervisor):
    said = {"by": supervisor, "child": outsider(), "on": BEGUN}
    with pytest.raises(Refused, match="what is applied for"):
        outgoing.receive_outgoing(category="hiv", applicant=APPLICANT, **said)
    with pytest.raises(Refused, match="who applies"):
        outgoing.receive_outgoing(category="de_facto", applicant=Applicant("friend", "x"), **said)


def test_one_child_is_under_way_once_in_an_office(supervisor):
    number = id_number(BORN)
    made = received(supervisor, id_number=number)
    with pytest.raises(Refused, match="under way"):
        received(supervisor, id_number=number)
    received(person("township_supervisor", VILLAGE_OF_NEXT_COUNTY[:9]), id_number=number)
    outgoing.withdraw_outgoing(by=supervisor, application=made, words="误登", on=BEGUN)
    assert received(supervisor, id_number=number).state == OutgoingState.RECEIVED
    assert received(supervisor, id_number="").id_number is None


def test_only_the_office_that_received_it_sees_and_deals_with_it(supervisor):
    made, neighbour = sent(supervisor), person("township_supervisor", VILLAGE_OF_NEXT_COUNTY[:9])
    assert list(seen_by(person("county_officer", COUNTY), on=BEGUN)) == [made]
    assert not seen_by(neighbour, on=BEGUN).exists() and not seen_by(person("approver"), on=BEGUN).exists()
    assert steps_for(neighbour, made, on=BEGUN) == ()
    said = {"by": neighbour, "application": made, "on": BEGUN}
    with pytest.raises(NotAllowed):
        outgoing.open_outgoing(**said)
    with pytest.raises(NotAllowed):
        outgoing.answer_outgoing(outcome="confirmed", decided_on=BEGUN, **said)
    with pytest.raises(NotAllowed):
        received(person("village_director", VILLAGE_OF_NEXT_COUNTY))


def test_nobody_acts_for_their_own(supervisor):
    made = received(supervisor)
    kin(supervisor, name=made.applicant_name)
    for act in (
        lambda: received(supervisor),
        lambda: outgoing.send_outgoing(by=supervisor, application=made, on=BEGUN),
    ):
        with pytest.raises(Refused, match="declared kin"):
            act()


def test_the_list_is_of_those_under_way_by_day_and_of_those_ended(supervisor):
    first, second = sent(supervisor), received(supervisor)
    third = outgoing.withdraw_outgoing(by=supervisor, application=received(supervisor), words="撤回", on=BEGUN)
    assert list(listed(supervisor, is_open=True, on=BEGUN)) == [second, first]
    assert list(listed(supervisor, is_open=False, on=BEGUN)) == [third]


def test_the_night_counts_anew(supervisor):
    made = received(supervisor)
    OutgoingApplication.objects.update(due_on=None)
    Task.objects.all().delete()
    outgoing.watch_outgoing(on=BEGUN)
    assert again(made).due_on == date(2026, 6, 15)
    assert tasks(made) == {("outgoing_send", date(2026, 6, 15))}


LETTER = Letter("陕西省西安市雁塔区民政局", date(2026, 6, 4), date(2026, 6, 8))


def by_letter(office: Office, **more) -> Application:
    """A draft at home, of an application that another province sent."""
    said = {"category": "de_facto", "applicant": APPLICANT, "letter": LETTER, "on": BEGUN} | more
    return applying.begin_application(by=office.acceptor, child=unattended(), **said)


def test_what_came_by_letter_runs_from_the_day_it_came():
    """By hand: came on Monday 8 June, five working days of the township until Monday 15 June."""
    office = Office()
    made = applying.submit(by=office.acceptor, application=by_letter(office), on=BEGUN)
    clock = own_clock_of(made, on=BEGUN)
    assert (clock.holder, clock.legs[0].began_on, made.due_on) == (Leg.TOWNSHIP, LETTER.came_on, date(2026, 6, 15))
    accepted = applying.accept(by=office.acceptor, application=made, on=BEGUN)
    assert accepted.due_on == date(2026, 6, 15)


def test_papers_that_are_missing_from_a_letter_stop_the_days():
    office = Office()
    made = applying.submit(by=office.acceptor, application=by_letter(office), on=BEGUN)
    made = applying.ask_for_papers(by=office.acceptor, application=made, words="亲属关系证明", on=BEGUN)
    assert own_clock_of(made, on=BEGUN).holder is None
    made = applying.bring_papers(by=office.acceptor, application=made, on=date(2026, 6, 16))
    assert own_clock_of(made, on=date(2026, 6, 16)).legs[0].began_on == date(2026, 6, 16)


def decided_by_letter(office: Office) -> Application:
    made = applying.submit(by=office.acceptor, application=by_letter(office), on=BEGUN)
    made = office.looked(applying.accept(by=office.acceptor, application=made, on=BEGUN))
    made = checking.check(by=office.checker, application=made, opinion="agrees", on=CHECKED)
    return office.decided(made)


def test_the_office_that_sent_it_is_told_by_letter():
    """By hand: decided on Thursday 18 June, Friday is the Dragon Boat festival: answered until Wednesday 24 June."""
    office = Office()
    made = decided_by_letter(office)
    assert made.is_to_tell and made.due_on == date(2026, 6, 24)
    task = Task.objects.get(kind="reply_by_letter", closed_at__isnull=True)
    assert (task.role, task.division_code) == ("township_supervisor", made.division_code)
    assert Step.TELL in own_steps_for(office.acceptor, made, on=DECIDED)
    told = receiving.tell_family(by=office.acceptor, application=made, on=DECIDED)
    assert (told.told_on, told.is_to_tell, told.state) == (DECIDED, False, State.CONFIRMED)
    kinds = {one.kind for one in documents_about("application", str(made.pk))}
    assert kinds == {"recognition_decision", "reply_letter"}
    letter = reply_letter(told, told.decisions.get())
    assert letter.recipient == LETTER.office and "2026年6月18日决定予以确认，自2026年7月起" in "".join(
        letter.paragraphs
    )
    with pytest.raises(Refused, match="nothing to tell"):
        receiving.tell_family(by=office.acceptor, application=told, on=DECIDED)


def test_the_watch_follows_what_is_not_answered_yet():
    made = decided_by_letter(Office())
    Task.objects.filter(kind="reply_by_letter").delete()
    watch_applications(on=DECIDED)
    assert Task.objects.filter(kind="reply_by_letter", subject_key=str(made.pk)).exists()


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (Letter(" ", LETTER.sent_on, LETTER.came_on), "which office"),
        (Letter("x" * 61, LETTER.sent_on, LETTER.came_on), "At most"),
        (Letter("某局", LETTER.came_on, LETTER.sent_on), "on the day it was sent or later"),
        (Letter("某局", LETTER.sent_on, date(2026, 6, 11)), "not later than today"),
    ],
)
def test_a_letter_that_cannot_be(letter, words):
    with pytest.raises(Refused, match=words):
        by_letter(Office(), letter=letter)


def test_a_village_records_no_letter():
    office = Office()
    with pytest.raises(NotAllowed):
        applying.begin_application(
            by=office.director, child=unattended(), category="de_facto", applicant=APPLICANT, letter=LETTER, on=BEGUN
        )


def test_an_outsider_is_said_whole():
    assert Outsider("a", BORN, HOME, "b", "c", "d").papers == ()
