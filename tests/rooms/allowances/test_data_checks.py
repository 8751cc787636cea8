"""Checks with other departments: asked once, answered by workbook or by hand, and never a decision of their own."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.allowances.actions import checking, deciding
from hutong.allowances.actions.data_checking import (
    WrongValues,
    ask_departments,
    fetch_workbook,
    receipt_of,
    record_by_hand,
    take_return,
)
from hutong.allowances.actions.rekeying import in_use, reseal
from hutong.allowances.cases import Progress, case_of
from hutong.allowances.claims import read
from hutong.allowances.enquiries import enquiries
from hutong.allowances.models import Application, DataBatch, DataCheck, Decision
from hutong.allowances.models.application import State
from hutong.gateways.exchange import layout
from hutong.gateways.exchange.questions import RefusedReturn
from hutong.kit.cipher import SealedField, keys, put_in_force
from hutong.registry.models import Circumstance, Parent
from tests.applications import CHECKED, DECIDED, Office, in_state
from tests.data_checks import (
    ANSWERED,
    QUESTIONS,
    accepted,
    answered,
    asked,
    contradicted,
    findable,
    registers,
    returned,
)
from tests.factories import NEXT_COUNTY, TOWNSHIP, kin, person
from tests.facts import SINCE, aid, joined_to, study
from tests.gateways.clerk import closed, opened, put, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MOTHER = ("police", "dead", "mother")
MANUAL = {"answered_by": "县公安局户籍窗口 王清", "words": "持协查函到窗口查询", "on": ANSWERED}


@pytest.fixture
def officer():
    return person("county_officer")


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def application(office):
    return office.accepted(findable())


@pytest.fixture
def batch(application, officer):
    return asked(application, by=officer)


def now(application):
    return Application.objects.get(pk=application.pk)


def case(application, on=ANSWERED):
    return case_of(now(application), on=on)


def item(application, whose):
    return next(one for one in case(application).items if one.circumstance and one.circumstance.parent.role == whose)


def verdict(batch, source, asks):
    return batch.checks.get(source=source, asks=asks).verdict


def enquiry(application, source="police", asks="dead"):
    found = enquiries([now(application)], on=ANSWERED)
    return next(one for one in found if (one.enquiry.source, one.enquiry.claim.fact.kind) == (source, asks))


def by_hand(application, by, source="police", asks="dead", **more):
    said = {"outcome": "found", "values": {"dead": True, "died_on": SINCE}, **MANUAL} | more
    return record_by_hand(by=by, application=application, handle=enquiry(application, source, asks).handle, **said)


def test_each_question_goes_out_once(application, officer, batch):
    assert batch.checks.count() == QUESTIONS
    assert (batch.asked_on, batch.due_on, batch.division_code) == (CHECKED, date(2026, 6, 20), "640122000000")
    assert len({check.number for check in batch.checks.all()}) == QUESTIONS
    with pytest.raises(Refused, match="nothing to ask"):
        ask_departments(by=officer, on=CHECKED)
    assert DataBatch.objects.count() == 1


def test_all_that_waits_in_the_office_goes_out_together_and_nothing_of_the_neighbours(officer):
    first, second = accepted(), accepted()
    in_state(State.DRAFT)
    in_state(State.SUPPLEMENT)

    asking = ask_departments(by=officer, on=CHECKED)

    assert {check.application_id for check in asking.batches[0].checks.all()} == {first.pk, second.pk}
    with pytest.raises(NotAllowed):
        ask_departments(by=person("county_officer", NEXT_COUNTY), applications=[first], on=CHECKED)


def test_what_is_asked_is_what_the_file_says_of_study_and_aid_too(officer):
    whose = findable()
    study(whose)
    aid(whose)
    application = accepted(whose)

    batch = asked(application, by=officer)

    claims = {check.asks: read(check.claim.open()).claim for check in batch.checks.all()}
    assert claims["enrolled"].fact.level == "compulsory"
    assert claims["other_aid"].fact.aids == ("dibao",)
    assert claims["dead"].whose == "father"
    assert batch.checks.get(source="prison").item == f"situation-{Circumstance.objects.get(kind='imprisoned').pk}"
    assert batch.checks.get(source="adoption").item == ""


def test_who_has_no_id_number_is_named_and_not_asked_about(office, officer):
    whose = findable()
    Parent.objects.filter(child=whose, role="mother").update(id_number=None, id_index=None)

    asking = ask_departments(by=officer, applications=[office.accepted(whose)], on=CHECKED)

    assert [(one.name, one.enquiry.source) for one in asking.unnamed] == [("尹素云", "prison")]
    assert not asking.batches[0].checks.filter(source="prison").exists()


def test_where_nobody_can_be_found_no_batch_is_made(officer):
    whose = findable(id_number="")
    Parent.objects.filter(child=whose).update(id_number=None, id_index=None)

    asking = ask_departments(by=officer, applications=[accepted(whose)], on=CHECKED)

    assert asking.batches == ()
    assert len(asking.unnamed) == QUESTIONS


def test_an_id_number_of_the_joined_file_is_used(officer):
    whose, joined = findable(), findable()
    mother = Parent.objects.get(child=whose, role="mother")
    Parent.objects.filter(child=whose).update(id_number=None, id_index=None)
    application = accepted(whose)
    joined_to(whose, joined)

    batch = asked(now(application), by=officer)

    number = Parent.objects.get(child=joined, role="mother").id_number.open()
    assert read(batch.checks.get(source="prison").claim.open()).id_number == number
    assert mother.name == "尹素云"


def test_a_workbook_goes_there_and_back(application, officer, batch):
    recorded = take_return(
        by=officer, batch=batch, content=returned(batch, registers(application), by=officer), on=ANSWERED
    )

    assert (recorded.new, recorded.known, recorded.problems, recorded.waiting) == (2, 0, (), 0)
    check = batch.checks.get(source="police", asks="dead")
    assert (check.verdict, check.code, check.way, check.recorded_by) == ("consistent", "agrees", "file", officer)
    assert (check.answered_on, check.answered_by) == (ANSWERED, "贺兰县公安局 王清")
    assert "公安机关人口信息与父亲的申报情况一致" in check.text.open()
    assert check.citation
    assert batch.checks.exclude(verdict="").count() == 2


def test_the_same_file_twice_changes_nothing_and_says_so(application, officer, batch):
    content = returned(batch, registers(application), by=officer)
    take_return(by=officer, batch=batch, content=content, on=ANSWERED)
    before, entries = list(DataCheck.objects.values()), TrailEntry.objects.count()

    recorded = take_return(by=officer, batch=batch, content=content, on=DECIDED)

    assert (recorded.new, recorded.known, recorded.problems) == (0, 2, ())
    kept = [{**one, **dict.fromkeys(("claim", "values", "text"))} for one in DataCheck.objects.values()]
    assert kept == [{**one, **dict.fromkeys(("claim", "values", "text"))} for one in before]
    assert TrailEntry.objects.count() == entries


def test_another_answer_to_the_same_question_is_told_and_not_taken(application, officer, batch):
    fake = registers(application)
    take_return(by=officer, batch=batch, content=returned(batch, fake, by=officer), on=ANSWERED)
    other = returned(batch, registers(application, died_on=date(2023, 12, 30)), by=officer)

    recorded = take_return(by=officer, batch=batch, content=other, on=ANSWERED)

    assert (recorded.new, recorded.known) == (0, 1)
    assert [(one.code, one.sheet) for one in recorded.problems] == [("answered_before", "生存状况")]
    assert verdict(batch, "police", "dead") == "consistent"


def test_a_wrong_password_and_another_batch_are_refused(application, officer, batch):
    content = returned(batch, registers(application), by=officer)
    book = opened(content, batch.password.open())
    other = asked(accepted(), by=officer)

    with pytest.raises(RefusedReturn, match="wrong_password"):
        take_return(by=officer, batch=batch, content=closed(book, "WRONG-WRONG-WRONG"), on=ANSWERED)
    with pytest.raises(RefusedReturn, match="wrong_password"):
        take_return(by=officer, batch=other, content=content, on=ANSWERED)
    with pytest.raises(RefusedReturn, match="another_batch"):
        take_return(by=officer, batch=other, content=saved(book), on=ANSWERED)
    assert not DataCheck.objects.exclude(verdict="").exists()


def test_a_row_that_was_changed_is_named_and_the_others_are_kept(application, officer, batch):
    book = opened(returned(batch, registers(application), by=officer), batch.password.open())
    dead, alive = batch.checks.get(source="police", asks="dead"), batch.checks.get(source="police", asks="alive")
    put(book["生存状况"], dead.number, name="柳某")

    recorded = take_return(by=officer, batch=batch, content=closed(book, batch.password.open()), on=ANSWERED)

    (problem,) = recorded.problems
    assert (problem.code, problem.sheet, problem.column) == ("name_changed", "生存状况", layout.NAME)
    assert problem.row in (2, 3)
    assert (recorded.new, recorded.waiting) == (1, 1)
    assert DataCheck.objects.get(pk=alive.pk).verdict == "consistent"
    assert DataCheck.objects.get(pk=dead.pk).verdict == ""


def test_no_data_is_no_pass_and_leaves_the_item_as_open_as_before(application, officer, batch):
    before = case(application)
    fake = registers(application)
    fake.down.add("prison")
    answered(batch, fake, by=officer)

    after = case(application)
    assert verdict(batch, "court", "dead") == "no_data"
    assert verdict(batch, "prison", "imprisoned") == "unavailable"
    assert [one.progress for one in after.items] == [one.progress for one in before.items]
    assert after.answer == before.answer
    assert not after.contradictions


def test_what_could_not_be_asked_is_asked_again_and_no_data_is_not(application, officer, batch):
    fake = registers(application)
    fake.down.add("prison")
    answered(batch, fake, by=officer)

    again = asked(now(application), by=officer, on=ANSWERED)

    assert [check.source for check in again.checks.all()] == ["prison"]


def test_the_mark_of_the_case_is_another_once_something_is_answered(application, officer, batch):
    before = case(application).mark
    answered(batch, registers(application), by=officer)

    assert case(application).mark != before


def test_a_contradiction_makes_the_item_doubtful_until_somebody_looks_again(application, office, officer):
    office.looked(application)
    contradicted(application, by=officer)

    father = item(application, "father")
    assert father.progress is Progress.DOUBTFUL
    assert item(application, "mother").progress is Progress.DONE
    said = {"by": office.checker, "application": application, "on": ANSWERED}
    with pytest.raises(Refused, match="1 items are not done"):
        checking.check(**said, opinion="agrees", words="已核实")
    checking.look_at_item(**said, item=father.key, verdict="fits", words="死亡证明日期无误")
    assert item(application, "father").progress is Progress.DONE


def test_a_contradiction_blocks_agreeing_and_confirming_without_words(application, office, officer):
    contradicted(application, by=officer)
    office.looked(application, on=ANSWERED)
    said = {"by": office.checker, "application": application, "opinion": "agrees", "on": ANSWERED}
    with pytest.raises(Refused, match="contradicts the file"):
        checking.check(**said)
    checking.check(**said, words="死亡证明原件已核对，公安登记有误")

    mark = case(application, DECIDED).mark
    confirming = {"by": office.approver, "application": application, "mark": mark, "on": DECIDED}
    with pytest.raises(Refused, match="contradicts the file"):
        deciding.confirm(**confirming)
    deciding.confirm(**confirming, words="同乡镇意见")
    assert Decision.objects.get().differs
    assert now(application).state == State.CONFIRMED


def test_disagreeing_needs_no_more_than_before(application, office, officer):
    contradicted(application, by=officer)
    said = {"by": office.checker, "application": application, "on": ANSWERED}
    assert checking.check(**said, opinion="disagrees", words="父亲健在").opinion == "disagrees"


def test_an_answer_after_the_county_has_opened_the_case_stops_the_decision(application, office, officer, batch):
    office.looked(application)
    checking.check(by=office.checker, application=application, opinion="agrees", on=CHECKED)
    mark = case(application, DECIDED).mark
    answered(batch, registers(application), by=officer)

    with pytest.raises(deciding.CaseChanged):
        deciding.confirm(by=office.approver, application=application, mark=mark, on=DECIDED)


def test_by_hand_the_last_answer_counts(application, officer, office):
    contradicted(application, by=officer)
    assert case(application).contradictions

    check = by_hand(application, person("township_supervisor", TOWNSHIP))

    assert (check.verdict, check.way, check.batch, check.answered_by) == (
        "consistent", "manual", None, MANUAL["answered_by"],
    )  # fmt: skip
    assert check.words.open() == MANUAL["words"]
    assert not case(application).contradictions
    assert DataCheck.objects.filter(source="police", asks="dead").count() == 2


def test_by_hand_is_refused_without_words_or_with_what_cannot_be(application, officer, office):
    for wrong in ({"words": " "}, {"answered_by": ""}, {"outcome": "perhaps"}, {"outcome": "not_found"}):
        with pytest.raises(Refused):
            by_hand(application, officer, **wrong)
    with pytest.raises(WrongValues) as refused:
        by_hand(application, officer, values={"dead": False, "died_on": SINCE})
    assert [(one.code, one.field) for one in refused.value.faults] == [("alive_with_death", "died_on")]
    with pytest.raises(WrongValues):
        by_hand(application, officer, values={"holds": True})
    with pytest.raises(NotAllowed):
        by_hand(application, office.director)
    with pytest.raises(Refused):
        record_by_hand(by=officer, application=application, handle="0" * 16, outcome="not_found", values={}, **MANUAL)
    assert not DataCheck.objects.exists()


def test_by_hand_only_while_it_is_checked(officer):
    application = Office().submitted(findable())
    with pytest.raises(Refused):
        by_hand(application, officer)


def test_who_has_no_number_may_still_be_looked_up_by_hand(officer, office):
    whose = findable()
    Parent.objects.filter(child=whose).update(id_number=None, id_index=None)
    assert by_hand(office.accepted(whose), officer).verdict == "consistent"


def test_nobody_records_answers_about_their_own_family(application, officer, batch):
    relative = person("county_officer")
    mother = Parent.objects.get(role="mother")
    kin(relative, id_number=mother.id_number, id_index=mother.id_index)
    content = returned(batch, registers(application), by=officer)

    recorded = take_return(by=relative, batch=batch, content=content, on=ANSWERED)

    assert recorded.new == 0
    assert {one.code for one in recorded.problems} == {"own_family"}
    with pytest.raises(Refused):
        by_hand(application, relative)


def test_another_county_neither_fetches_nor_sends(application, officer, batch):
    stranger = person("county_officer", NEXT_COUNTY)
    content = returned(batch, registers(application), by=officer)
    with pytest.raises(NotAllowed):
        take_return(by=stranger, batch=batch, content=content, on=ANSWERED)
    with pytest.raises(NotAllowed):
        fetch_workbook(by=stranger, batch=batch, source="police", on=ANSWERED)
    with pytest.raises(NotAllowed):
        fetch_workbook(by=person("township_supervisor", TOWNSHIP), batch=batch, source="police", on=ANSWERED)
    with pytest.raises(LookupError):
        fetch_workbook(by=officer, batch=batch, source="education", on=ANSWERED)


def test_a_claim_that_was_corrected_since_is_asked_anew(application, officer):
    contradicted(application, by=officer)
    Circumstance.objects.filter(kind="dead").update(from_on=date(2023, 12, 30))

    assert enquiry(application).check is None
    assert enquiry(application, "adoption", "adopted").check.verdict == "no_data"
    again = asked(now(application), by=officer, on=ANSWERED)
    assert {check.asks for check in again.checks.all()} == {"dead"}


def test_what_the_file_says_is_compared_as_of_the_day_that_was_asked_about(officer, office):
    """A term that ends between question and answer does not make a contradiction of an answer that was right."""
    whose = findable()
    Circumstance.objects.filter(child=whose, kind="imprisoned").update(until_on=date(2026, 6, 17))
    application = office.accepted(whose)
    batch, mother = asked(application, by=officer), Parent.objects.get(child=whose, role="mother")
    fake = registers(application)
    fake.record("prison", "imprisoned", mother.name, mother.id_number.open(), holds=True, from_on=SINCE)

    answered(batch, fake, by=officer, on=date(2026, 6, 22))

    assert verdict(batch, "prison", "imprisoned") == "no_data"  # the last day was left empty


def test_answers_stay_as_they_are(application, officer, batch):
    answered(batch, registers(application), by=officer)
    for name, said in (
        ("verdict", "consistent"),
        ("answered_by", "别人"),
        ("verdict", ""),
        ("text", "一致"),
        ("claim", "{}"),
    ):
        check = DataCheck.objects.get(source="court", asks="dead")
        setattr(check, name, said)
        with pytest.raises(DatabaseError), transaction.atomic():
            check.save(update_fields=[name])
    with pytest.raises(DatabaseError), transaction.atomic():
        check.delete()


def test_a_change_of_keys_reaches_answers_and_passwords(application, officer, batch, tmp_path, settings):
    answered(batch, registers(application), by=officer)
    password = batch.password.open()
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    put_in_force(keys().with_data_key(1))

    reseal(by=None, on=ANSWERED)

    assert set(in_use(SealedField)) == {keys().mark}
    assert DataBatch.objects.get().password.open() == password
    assert "没有查到" in DataCheck.objects.get(source="court", asks="dead").text.open()


def test_a_death_before_the_child_was_born_is_refused_for_a_mother(officer, office):
    whose = findable()
    Circumstance.objects.filter(child=whose, kind="imprisoned").update(kind="dead", until_on=None)
    application = office.accepted(whose)
    handle = next(one.handle for one in enquiries([application], on=ANSWERED) if one.key[:3] == MOTHER)
    said = {"outcome": "found", "values": {"dead": True, "died_on": date(2014, 1, 1)}} | MANUAL
    with pytest.raises(WrongValues) as refused:
        record_by_hand(by=officer, application=application, handle=handle, **said)
    assert [one.code for one in refused.value.faults] == ["before_childbirth"]


def test_everything_is_in_the_trail_and_nothing_personal(application, officer, batch):
    take_return(by=officer, batch=batch, content=returned(batch, registers(application), by=officer), on=ANSWERED)
    by_hand(application, officer)

    entries = {entry.act: entry for entry in TrailEntry.objects.filter(act__startswith="data_")}
    assert set(entries) == {
        "data_check_ask", "data_batch_ask", "data_batch_fetch", "data_check_answer", "data_batch_return",
        "data_check_by_hand",
    }  # fmt: skip
    assert entries["data_batch_ask"].details == {"questions": QUESTIONS}
    assert entries["data_check_answer"].subject_key == application.file.file_number
    said = "".join(str(entry.details) for entry in entries.values())
    names = [application.file.name, *Parent.objects.values_list("name", flat=True)]
    assert not [name for name in names if name in said]


def test_two_files_that_name_different_fathers_ask_of_both(officer):
    whose, joined = findable(), findable()
    other = Parent.objects.get(child=joined, role="father")
    Parent.objects.filter(pk=other.pk).update(name="柳另有")
    application = accepted(whose)
    joined_to(whose, joined)

    batch = asked(now(application), by=officer)

    assert batch.checks.filter(asks="dead").count() == 8
    assert {read(one.claim.open()).name for one in batch.checks.filter(asks="dead")} == {"柳安和", "柳另有"}


def test_the_receipt_is_as_it_went_out_whatever_the_file_says_now(application, officer, batch):
    Parent.objects.filter(role="father").update(name="柳改名")

    names = {question.name for question in receipt_of(batch).questions}

    assert "柳安和" in names
    assert "柳改名" not in names
    assert {question.as_of for question in receipt_of(batch).questions} == {CHECKED}
