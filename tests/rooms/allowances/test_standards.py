"""Standards: proposed at one's own place, confirmed by another, told of, withdrawn in time, and read by the law."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.accounts.queries import open_tasks
from hutong.allowances import jobs
from hutong.allowances.actions import rekeying
from hutong.allowances.actions.standards import (
    DocumentNotTaken,
    confirm_standard,
    open_document,
    propose_standard,
    refuse_standard,
    tell_standards,
    withdraw_standard,
)
from hutong.allowances.models import Standard
from hutong.allowances.standards import (
    acts_for,
    in_force,
    lower_ones,
    own_places,
    parameters_in_force,
    shown_places,
    standard_with_number,
    visible_standards,
)
from hutong.kit.cipher import SealedField
from hutong.law.division_code import full
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from tests.factories import CITY, COUNTY, NEXT_COUNTY, PROVINCE, TOWNSHIP, person
from tests.standards import ON, PLACE, confirmed, proposed, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JULY, NEXT_YEAR = date(2026, 7, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def amount(day, place=PLACE, code="allowance_de_facto"):
    return Rules(parameters_in_force(), place).value(code, day).value


def acts(standard):
    return [
        *TrailEntry.objects.filter(subject_kind="standard", subject_key=str(standard.pk))
        .order_by("id")
        .values_list("act", flat=True)
    ]


def test_one_proposes_another_confirms_and_it_holds_from_its_day():
    officer, approver = person("county_officer"), person("approver")
    one = proposed(officer)
    assert (one.stage, one.is_lower, amount(NEXT_YEAR)) == ("proposed", False, 164_000)
    task = Task.objects.get(subject_kind="standard")
    assert (task.kind, task.role, task.division_code) == ("confirm_standard", "approver", PLACE)
    assert task in open_tasks(approver, on=ON) and task not in open_tasks(officer, on=ON)

    confirm_standard(by=approver, standard=one, on=ON)

    assert (amount(NEXT_YEAR), amount(NEXT_YEAR - timedelta(1)), amount(NEXT_YEAR, full(NEXT_COUNTY))) == (
        172_000,
        164_000,
        164_000,
    )
    assert (
        Rules(parameters_in_force(), PLACE)
        .value("allowance_de_facto", NEXT_YEAR)
        .citation.zh.endswith("（贺民发〔2026〕演21号）")
    )
    assert (
        acts(one) == ["propose_standard", "confirm_standard"]
        and not Task.objects.filter(closed_at__isnull=True).exists()
    )
    assert Notice.objects.get(recipient=officer).kind == "standard_confirmed"
    assert shipped().value("allowance_de_facto", on=NEXT_YEAR, jurisdiction=PLACE).value == 164_000


def test_the_parameters_are_one_question_and_not_kept():
    confirmed()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        parameters_in_force()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("prefix", "confirmer", "role"),
    [
        (COUNTY, "approver", "approver"),
        (CITY, "region_approver", "region_approver"),
        (PROVINCE, "region_approver", "region_approver"),
    ],
)
def test_each_level_proposes_its_own_and_above_the_county_the_region_confirms(prefix, confirmer, role):
    one = proposed(prefix=prefix)
    assert Task.objects.get(subject_key=str(one.pk)).role == role
    confirm_standard(by=person(confirmer, PROVINCE if prefix != COUNTY else COUNTY), standard=one, on=ON)
    assert amount(NEXT_YEAR) == 172_000


@pytest.mark.parametrize(
    ("role", "at", "prefix"),
    [
        ("region_officer", PROVINCE, COUNTY), ("city_officer", CITY, COUNTY), ("county_officer", NEXT_COUNTY, COUNTY),
        ("approver", COUNTY, COUNTY), ("region_approver", PROVINCE, PROVINCE), ("payer", COUNTY, COUNTY),
        ("township_supervisor", TOWNSHIP, COUNTY), ("county_officer", COUNTY, CITY),
    ],
)  # fmt: skip
def test_nobody_proposes_for_another_place(role, at, prefix):
    with pytest.raises(NotAllowed):
        proposed(person(role, at), prefix=prefix)
    assert not Standard.objects.exists()


@pytest.mark.parametrize(
    ("role", "at"), [("county_officer", COUNTY), ("approver", NEXT_COUNTY), ("city_officer", CITY), ("finance", COUNTY)]
)
def test_nobody_else_decides(role, at):
    one, somebody = proposed(), person(role, at)
    for act in (confirm_standard, refuse_standard):
        with pytest.raises(NotAllowed):
            act(by=somebody, standard=one, on=ON, **({"words": "不同意此项"} if act is refuse_standard else {}))


def test_whoever_proposed_it_does_not_confirm_it_even_in_another_post():
    someone = person("region_officer", PROVINCE)
    one = proposed(someone, prefix=PROVINCE)
    Standard.objects.filter(pk=one.pk).update(proposed_by=(approver := person("region_approver", PROVINCE)))
    with pytest.raises(Refused, match="Another person"):
        confirm_standard(by=approver, standard=one, on=ON)
    assert "confirm" not in acts_for(approver, Standard.objects.get(), on=ON)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"scheme": "hiv"}, "what the standard is for"),
        ({"from_on": date(2027, 1, 2)}, "first day of a month"),
        ({"until_on": date(2027, 2, 27)}, "last day of a month"),
        ({"until_on": date(2026, 12, 31)}, "not before it begins"),
        ({"amount_fen": 0}, "more than nothing"),
        ({"document_number": " "}, "number and the title"),
        ({"document_title": ""}, "number and the title"),
        ({"amount_fen": 163_999}, "lower than the standard"),
        ({"amount_fen": 163_999, "words": "少"}, "lower than the standard"),
    ],
)
def test_what_cannot_be_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        proposed(**said)
    assert not Standard.objects.exists()


def test_a_document_that_is_none_is_not_taken():
    with pytest.raises(DocumentNotTaken):
        proposed(content=b"words")


def test_lower_is_allowed_with_words_and_told_to_who_confirms():
    one = proposed(amount_fen=160_000, words="按自治区批复，分步提标")
    above, before = lower_ones(one)
    assert one.is_lower and above.value == before.value == 164_000
    confirm_standard(by=person("approver"), standard=one, on=ON)
    assert amount(NEXT_YEAR) == 160_000
    (held,) = [one for one in in_force([PLACE], on=NEXT_YEAR) if one.scheme == "de_facto"]
    assert held.is_below and held.standard.division_code == PLACE


def test_what_was_raised_above_meanwhile_is_asked_for_words_when_confirmed():
    one = proposed()
    confirmed(prefix=CITY, amount_fen=180_000)
    with pytest.raises(Refused, match="lower than the standard"):
        confirm_standard(by=person("approver"), standard=one, on=ON)


def test_a_new_one_ends_the_open_one_before_it_and_its_withdrawal_takes_that_up_again():
    old, new = confirmed(from_on=JULY, amount_fen=170_000), confirmed(amount_fen=175_000)
    old.refresh_from_db()
    assert (old.until_on, old.replaced_by) == (date(2026, 12, 31), new)
    assert (amount(ON), amount(NEXT_YEAR)) == (170_000, 175_000)

    later = confirmed(from_on=date(2027, 7, 1), amount_fen=180_000)
    withdraw_standard(by=person("approver"), standard=new, words="财政未落实", on=ON)
    old.refresh_from_db()
    assert (old.until_on, old.replaced_by) == (date(2027, 6, 30), later)
    assert (amount(NEXT_YEAR), amount(date(2027, 7, 1))) == (170_000, 180_000)

    withdraw_standard(by=person("approver"), standard=later, words="财政未落实", on=ON)
    old.refresh_from_db()
    assert (old.until_on, old.replaced_by, amount(date(2030, 1, 1))) == (None, None, 170_000)


def test_what_overlaps_otherwise_is_refused_when_it_is_confirmed():
    confirmed(until_on=date(2027, 12, 31))
    for more in ({"from_on": date(2027, 6, 1)}, {"from_on": JULY}, {"from_on": NEXT_YEAR}):
        one = proposed(**more)
        with pytest.raises(Refused, match="overlaps"):
            confirm_standard(by=person("approver"), standard=one, on=ON)
        withdraw_standard(by=person("county_officer"), standard=one, words="日期有误", on=ON)
    assert confirmed(from_on=date(2028, 1, 1)).stage == "confirmed"


def test_one_waits_at_a_time():
    proposed()
    with pytest.raises(Refused, match="waits for a second person"):
        proposed()
    assert proposed(scheme="scattered").pk and proposed(prefix=CITY).pk


def test_refused_in_words_and_never_again():
    officer = person("county_officer")
    one, approver = proposed(officer), person("approver")
    with pytest.raises(Refused, match="in a few words"):
        refuse_standard(by=approver, standard=one, words=" ", on=ON)
    refuse_standard(by=approver, standard=one, words="请先与财政会商", on=ON)
    assert Notice.objects.get(recipient=officer).kind == "standard_refused" and amount(NEXT_YEAR) == 164_000
    for act in (confirm_standard, withdraw_standard):
        with pytest.raises(Refused, match="decided already"):
            act(
                by=approver,
                standard=one,
                on=ON,
                **({"words": "再看一次"} if act is withdraw_standard else {}),
            )


def test_withdrawn_only_before_it_holds_and_by_whom_it_is_for():
    waiting, coming, holding = (
        proposed(),
        confirmed(scheme="scattered"),
        confirmed(scheme="institution", from_on=JULY, amount_fen=220_000),
    )
    officer, approver = person("county_officer"), person("approver")
    for by, one in ((approver, waiting), (officer, coming), (person("region_officer", PROVINCE), waiting)):
        with pytest.raises(NotAllowed):
            withdraw_standard(by=by, standard=one, words="重复提请", on=ON)
    with pytest.raises(Refused, match="holds already"):
        withdraw_standard(by=approver, standard=holding, words="重复提请", on=ON)
    withdraw_standard(by=officer, standard=waiting, words="重复提请", on=ON)
    withdraw_standard(by=approver, standard=coming, words="财政未落实", on=ON)
    assert amount(NEXT_YEAR, code="allowance_scattered") == 164_000
    assert [acts_for(approver, Standard.objects.get(pk=one.pk), on=ON) for one in (waiting, coming, holding)] == [
        (),
        (),
        (),
    ]


def test_those_who_pay_hear_of_it_once_when_it_begins():
    confirmed(from_on=JULY)
    told = Notice.objects.filter(kind="standard_holds")
    assert {(one.role, one.division_code) for one in told} == {
        (role, PLACE) for role in ("county_officer", "approver", "payer")
    }
    coming = confirmed(prefix=CITY, scheme="scattered")
    assert tell_standards(on=ON) == 0 and tell_standards(on=NEXT_YEAR) == 1 and tell_standards(on=NEXT_YEAR) == 0
    places = set(told.filter(subject_key=str(coming.pk)).values_list("division_code", flat=True))
    assert {PLACE, full(NEXT_COUNTY)} <= places
    jobs.tell_standards(0)


def test_the_document_is_kept_sealed_and_follows_a_change_of_keys():
    one = proposed()
    assert open_document(standard=one).startswith(b"\xff\xd8")
    assert sum(rekeying.in_use(SealedField).values()) >= 2
    assert rekeying.reseal(by=None, on=ON).damaged == 0
    lost = row(scheme="scattered")
    with pytest.raises(Refused, match="damaged or lost"):
        open_document(standard=lost)


def test_nobody_reads_of_what_is_not_theirs_and_only_confirmed_ones_of_above():
    ours, city, waiting = proposed(), confirmed(prefix=CITY), proposed(prefix=PROVINCE)
    seen = {
        ("county_officer", COUNTY): {ours, city}, ("approver", COUNTY): {ours, city}, ("finance", COUNTY): {ours, city},
        ("county_officer", NEXT_COUNTY): {city}, ("city_officer", CITY): {ours, city},
        ("region_officer", PROVINCE): {ours, city, waiting}, ("region_approver", PROVINCE): {ours, city, waiting},
        ("village_director", "640122100200"): set(), ("system_administrator", PROVINCE): set(),
    }  # fmt: skip
    for (role, prefix), expected in seen.items():
        somebody = person(role, prefix)
        assert set(visible_standards(somebody, on=ON)) == expected, (role, prefix)
        assert (standard_with_number(somebody, ours.pk, on=ON) is not None) == (ours in expected)


def test_places_are_ones_own_and_those_below_with_standards():
    confirmed()
    assert (
        own_places(person("city_officer", CITY), on=ON) == [full(CITY)] and own_places(person("approver"), on=ON) == []
    )
    assert shown_places(person("region_officer", PROVINCE), on=ON) == [full(PROVINCE), PLACE]
    assert shown_places(person("county_officer", NEXT_COUNTY), on=ON) == [full(NEXT_COUNTY)]


def test_what_holds_today_is_the_nearest_and_says_its_source():
    city = confirmed(prefix=CITY, from_on=JULY)
    found = {one.scheme: one for one in in_force([PLACE], on=ON)}
    assert found["de_facto"].standard == city and found["de_facto"].value.value == 172_000
    assert found["scattered"].standard is None and found["scattered"].value.value == 164_000
    assert not any(one.is_below for one in found.values())
    assert [one.value for one in in_force(["620000000000"], on=ON)] == [None] * 3


def test_who_proposes_needs_a_place_of_a_county_or_above():
    with pytest.raises(NotAllowed):
        propose_standard(
            by=person("county_officer"), scheme="de_facto", division_code="640122100000", from_on=NEXT_YEAR,
            until_on=None, amount_fen=1, document_number="1", document_title="1", content=b"", name="", on=ON,
        )  # fmt: skip
