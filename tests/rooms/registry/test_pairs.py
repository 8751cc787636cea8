"""Two files that may be one child: found once, asked where both are seen, answered once, looked at again."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.accounts.queries import open_tasks, permissions_of
from hutong.registry.actions.comparing import (
    answer_many,
    ask_anew,
    bring_together,
    compare_files,
    look_at_pair,
    look_at_two,
    say_different,
)
from hutong.registry.actions.merging import propose_merge
from hutong.registry.actions.pairing import Found, propose, watch_pairs
from hutong.registry.actions.sampling import is_sampled, look_again
from hutong.registry.contradictions import contradictions
from hutong.registry.models import Pair, SecondLook
from hutong.registry.pairs import (
    Likeness,
    PairFilters,
    all_pairs,
    compared,
    far_pairs,
    pairs,
    suggested,
    waiting_count,
)
from hutong.registry.quality import Share, by_band, over_all
from tests.factories import (
    CITY,
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    PROVINCE,
    TOWNSHIP,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    grant,
    nearby_places,
    person,
)
from tests.facts import joined_to, pair_of
from tests.rooms.registry.test_merging import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
STEPS = [{"field": "name", "level": "sound", "weight": 4.1, "sentence": "柳安安"}]


def found(one, other, **more):
    return Found(one.pk, other.pk, **{"probability": 0.97, "weight": 9.3, "waterfall": STEPS} | more)


def different(pair, *, by=None, **more):
    return say_different(by=by or person("county_officer"), pair=pair, **{"reason": "twins", "on": ON} | more)


def test_a_pair_is_kept_once_the_lower_id_first_without_a_personal_value():
    one, other = child(), child()
    assert propose([found(other, one), found(one, other, weight=8.0)], on=ON) == 1
    pair = Pair.objects.get()
    assert (pair.first, pair.second, pair.weight, pair.state) == (one, other, 9.3, "open")
    assert pair.waterfall == [{"field": "name", "level": "sound", "weight": 4.1}]


def test_an_open_pair_takes_the_new_score_and_the_day_it_was_found_stays():
    one, other = child(), child()
    propose([found(one, other)], on=ON)
    assert propose([found(one, other)], on=ON.replace(day=9)) == 0
    assert propose([found(one, other, weight=3.0, probability=0.4)], on=ON.replace(day=9)) == 1
    pair = Pair.objects.get()
    assert (pair.weight, pair.found_on) == (3.0, ON)


def test_an_answer_is_never_asked_again():
    one, other = child(), child()
    pair = pair_of(one, other)
    different(pair)
    assert propose([found(one, other, weight=20.0)], on=ON) == 0
    pair.refresh_from_db()
    assert (pair.state, pair.weight) == ("different", 9.3)


def test_what_was_answered_of_a_joined_file_is_not_asked_of_the_one_that_leads():
    leading, joined, third = child(), child(), child()
    different(pair_of(joined, third))
    joined_to(leading, joined)
    assert propose([found(joined, third), found(leading, third)], on=ON) == 0
    assert not Pair.objects.filter(state="open").exists()


def test_of_a_joined_file_the_leading_one_is_asked():
    leading, joined, third = child(), child(), child()
    joined_to(leading, joined)
    propose([found(joined, third), found(joined, leading)], on=ON)
    assert {Pair.objects.get(state="open").first, Pair.objects.get(state="open").second} == {leading, third}


def test_what_is_open_of_a_file_goes_to_the_leading_one_and_comes_back_when_undone():
    leading, joined, third = child(), child(), child()
    left = pair_of(joined, third)
    merge = joined_to(leading, joined)
    officer = person("county_officer")
    (asked,) = pairs(officer, PairFilters(), on=ON)
    assert {asked.first, asked.second} == {leading, third}
    undone(merge)
    assert left in pairs(officer, PairFilters(), on=ON)


@pytest.mark.parametrize(
    ("place", "kind", "asked"),
    [
        (
            NEXT_VILLAGE,
            "judge_pairs",
            {("township_supervisor", f"{TOWNSHIP}000"), ("county_officer", f"{COUNTY}000000")},
        ),
        (VILLAGE_OF_NEXT_TOWNSHIP, "judge_pairs", {("county_officer", f"{COUNTY}000000")}),
        (VILLAGE_OF_NEXT_COUNTY, "bring_together", {("city_officer", f"{CITY}00000000")}),
        ("640221100200", "bring_together", {("region_officer", f"{PROVINCE}0000000000")}),
    ],
)
def test_every_place_that_holds_both_files_is_asked(place, kind, asked):
    pair_of(child(), child(living_code=place))
    tasks = Task.objects.filter(closed_at__isnull=True)
    assert {(task.role, task.subject_key) for task in tasks} == asked
    assert {(task.kind, task.values["pairs"]) for task in tasks} == {(kind, 1)}


@pytest.mark.parametrize(("role", "prefix"), [("county_officer", COUNTY), ("township_supervisor", TOWNSHIP)])
def test_todays_number_is_what_the_desk_lists_for_that_person(role, prefix):
    pair_of(child(), child()), pair_of(child(), child(living_code=NEXT_VILLAGE))
    pair_of(child(), child(living_code=VILLAGE_OF_NEXT_TOWNSHIP))
    joined_to(child(), child())
    user = person(role, prefix)
    (task,) = open_tasks(user, on=ON).filter(kind="judge_pairs")
    listed = pairs(user, PairFilters(division=task.subject_key), on=ON).count()
    assert task.values["pairs"] == listed == waiting_count(user, permissions_of(user, on=ON), on=ON)


def test_one_task_a_place_which_closes_with_the_last_answer():
    one, other = pair_of(child(), child()), pair_of(child(), child())
    task = Task.objects.get(kind="judge_pairs", role="township_supervisor")
    assert task.values == {"pairs": 2}
    different(one)
    task.refresh_from_db()
    assert (task.values, task.closed_at) == ({"pairs": 1}, None)
    different(other)
    task.refresh_from_db()
    assert task.outcome == "answered"


def test_a_task_follows_its_file_to_another_place():
    one, other = child(), child()
    pair_of(one, other)
    other.responsible_code = VILLAGE_OF_NEXT_TOWNSHIP
    other.save()
    watch_pairs(on=ON)
    assert Task.objects.get(closed_at__isnull=True).role == "county_officer"


@pytest.mark.parametrize(
    ("role", "prefix", "sees"),
    [
        ("county_officer", COUNTY, True),
        ("approver", COUNTY, True),
        ("township_supervisor", TOWNSHIP, False),
        ("county_officer", NEXT_COUNTY, False),
        ("city_officer", CITY, False),
    ],
)
def test_a_pair_is_seen_by_whoever_sees_both_files(role, prefix, sees):
    pair = pair_of(child(), child(living_code=VILLAGE_OF_NEXT_TOWNSHIP))
    assert (pair in all_pairs(person(role, prefix), on=ON)) is sees


def test_a_city_officer_who_opened_both_files_sees_the_pair():
    one, other, officer = child(), child(), person("city_officer", CITY)
    grant(officer, one.file_number), grant(officer, other.file_number)
    assert pair_of(one, other) in all_pairs(officer, on=ON)


def test_looking_is_a_look_at_both_children():
    pair, officer = pair_of(child(), child()), person("county_officer")
    look_at_pair(by=officer, pair=pair, on=ON)
    entries = TrailEntry.objects.filter(act="look_at_pair", by=officer)
    assert {entry.subject_key for entry in entries} == {pair.first.file_number, pair.second.file_number}
    with pytest.raises(NotAllowed):
        look_at_pair(by=person("county_officer", NEXT_COUNTY), pair=pair, on=ON)


@pytest.mark.parametrize(("role", "prefix"), [("approver", COUNTY), ("county_officer", NEXT_COUNTY), ("payer", COUNTY)])
def test_the_wrong_person_answers_nothing(role, prefix):
    with pytest.raises(NotAllowed):
        different(pair_of(child(), child()), by=person(role, prefix))


def test_an_answer_wants_a_reason_and_comes_once():
    pair = pair_of(child(), child())
    with pytest.raises(Refused, match="reason"):
        different(pair, reason="")
    different(pair, words="出生证明核对")
    with pytest.raises(Refused, match=r"not recorded.*Two children"):
        different(pair)


def test_something_else_is_said_in_words():
    pair = pair_of(child(), child())
    with pytest.raises(Refused, match="in words"):
        different(pair, reason="other", words="  不 ")
    assert different(pair, reason="other", words="出生证明不同").state == "different"


def anew(pair, *, by=None, words="弄错了，是同一人"):
    return ask_anew(by=by or person("county_officer"), pair=pair, words=words, on=ON)


def test_two_children_is_asked_anew_with_a_reason_and_the_earlier_answer_stays():
    officer, pair = person("county_officer"), pair_of(child(), child())
    different(pair, by=officer, words="户口簿上是两个")
    with pytest.raises(Refused, match="in words"):
        anew(pair, words="错")
    anew(pair)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.reason) == ("open", None, "")
    (before,) = pair.earlier_answers.all()
    assert (before.state, before.reason, before.decided_by) == ("different", "twins", officer)
    assert (before.words.open(), before.reopened_words.open()) == ("户口簿上是两个", "弄错了，是同一人")
    assert Notice.objects.get(kind="pair_reopened").recipient == officer
    assert Task.objects.filter(kind="judge_pairs", closed_at__isnull=True).exists()
    acts = TrailEntry.objects.filter(act="ask_anew").values_list("subject_key", flat=True)
    assert set(acts) == {pair.first.file_number, pair.second.file_number}
    assert different(pair).state == "different"


def test_whoever_answered_may_ask_anew_and_the_machine_does_not():
    officer, pair = person("county_officer"), pair_of(child(), child())
    different(pair, by=officer)
    assert propose([found(pair.first, pair.second, weight=20.0)], on=ON) == 0
    assert anew(pair, by=officer).state == "open"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("role", "prefix"), [("approver", COUNTY), ("township_supervisor", TOWNSHIP)])
def test_the_approver_and_the_township_ask_anew_too(role, prefix):
    pair = different(pair_of(child(), child()))
    assert anew(pair, by=person(role, prefix)).state == "open"


@pytest.mark.parametrize(
    ("role", "prefix"), [("approver", NEXT_COUNTY), ("payer", COUNTY), ("village_director", TOWNSHIP)]
)
def test_the_wrong_person_asks_nothing_anew(role, prefix):
    pair = different(pair_of(child(), child()))
    with pytest.raises(NotAllowed):
        anew(pair, by=person(role, prefix))


def test_what_is_open_or_joined_is_not_asked_anew():
    with pytest.raises(Refused, match="any more"):
        anew(pair_of(child(), child()))
    with pytest.raises(Refused, match="any more"):
        anew(joined_to(child(), child()).pair)
    pair = different(pair_of(child(), child()))
    joined_to(child(), pair.second)
    with pytest.raises(Refused, match="joined to another"):
        anew(pair)


def test_an_undone_merge_is_asked_anew_and_joined_again():
    leading, joined = child(), child()
    merge = joined_to(leading, joined)
    undone(merge)
    anew(merge.pair)
    said = {"leading": leading.file_number, "reason": "moved", "words": "确是同一个孩子", "has_compared": True}
    assert propose_merge(by=person("county_officer"), pair=merge.pair, on=ON, **said).stage == "proposed"


def test_after_another_answer_of_the_second_look_the_pair_is_asked_anew():
    pair = _sampled()
    different(pair)
    look_again(by=person("approver"), look=pair.second_look, answer="same", reason="moved", on=ON)
    anew(pair, by=person("approver"))
    assert Task.objects.get(kind="answers_differ").outcome == "asked_anew"
    assert SecondLook.objects.get().answer == "same"


def test_a_second_look_that_nobody_took_is_not_asked_of_an_open_pair():
    pair = _sampled()
    different(pair)
    anew(pair)
    assert not SecondLook.objects.exists()
    assert not Task.objects.filter(kind="second_look", closed_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("contradiction", "differs", "probability"),
    [
        ("sex", {"sex": "1", "id_number": ""}, 0.97),
        ("numbers", {}, 0.97),
        ("birth_years", {"birth_date": ON.replace(year=2010), "id_number": ""}, 0.97),
        ("score", {"id_number": ""}, 0.0001),
    ],
)
def test_files_that_contradict_each_other_are_joined_with_words_alone(contradiction, differs, probability):
    leading = child()
    pair = pair_of(leading, child(**differs), probability=probability)
    assert contradictions(pair, on=ON) == [contradiction]

    def same(**said):
        common = {"leading": leading.file_number, "reason": "moved", "on": ON}
        return propose_merge(by=person("county_officer"), pair=pair, **common | said)

    with pytest.raises(Refused, match="contradict"):
        same(words="材料都已核对")
    with pytest.raises(Refused, match="in words"):
        same(has_compared=True, words="对")
    assert same(has_compared=True, words="材料都已核对").stage == "proposed"


def test_files_that_agree_are_joined_without_words():
    leading = child()
    pair = pair_of(leading, child(id_number="", birth_date=leading.birth_date))
    assert contradictions(pair, on=ON) == []
    said = {"leading": leading.file_number, "reason": "moved", "on": ON}
    assert propose_merge(by=person("county_officer"), pair=pair, **said).stage == "proposed"


def test_many_are_answered_each_by_itself_and_what_cannot_be_is_named():
    good, taken = pair_of(child(), child()), pair_of(child(), child())
    different(taken)
    officer = person("county_officer")
    outcomes = answer_many(by=officer, pairs=[good, taken], act=lambda pair: different(pair, by=officer), on=ON)
    assert [bool(outcome.why) for outcome in outcomes] == [False, True]
    assert Pair.objects.get(pk=good.pk).state == "different"
    assert TrailEntry.objects.get(act="answer_pairs").details == {"done": 1, "left": 1}


def test_somebody_compares_two_files_by_their_numbers():
    one, other, officer = child(), child(), person("county_officer")
    pair = compare_files(by=officer, first=one.file_number, second=other.file_number, on=ON)
    assert (pair.origin, pair.state) == ("person", "open")
    assert compare_files(by=officer, first=other.file_number, second=one.file_number, on=ON) == pair
    with pytest.raises(Refused, match="same number twice"):
        compare_files(by=officer, first=one.file_number, second=one.file_number, on=ON)
    far = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(Refused, match="two files with these numbers"):
        compare_files(by=officer, first=one.file_number, second=far.file_number, on=ON)


def test_a_look_at_two_files_is_recorded_and_puts_nothing_on_the_desk():
    one, other, officer = child(), child(), person("county_officer")
    two = look_at_two(by=officer, first=other.file_number, second=one.file_number, on=ON)
    assert (two.first, two.second, two.pair) == (one, other, None)
    assert not Pair.objects.exists() and not Task.objects.exists()
    looks = TrailEntry.objects.filter(act="look_at_pair", by=officer).values_list("subject_key", flat=True)
    assert set(looks) == {one.file_number, other.file_number}
    joined_to(child(), other)
    with pytest.raises(Refused, match="is joined to file"):
        look_at_two(by=officer, first=other.file_number, second=one.file_number, on=ON)


def test_answers_are_found_again_by_who_when_and_name():
    officer, other = person("county_officer"), person("county_officer")
    one, two = (
        different(pair_of(child(name="柳素珍"), child()), by=officer),
        different(pair_of(child(), child()), by=other),
    )
    merge = joined_to(child(), child())

    def listed(**filters):
        return list(pairs(officer, PairFilters("answered", **filters), on=ON))

    assert listed() == [merge.pair, two, one]
    assert listed(by=officer.pk) == [one]
    assert listed(by=merge.decided_by_id) == [merge.pair]
    assert listed(name="素珍") == [one]
    assert listed(decided_on=one.decided_at.date() - timedelta(days=1)) == []


def test_two_counties_learn_that_the_other_has_a_file_and_no_more():
    nearby_places()
    one, far, officer = child(), child(living_code=VILLAGE_OF_NEXT_COUNTY), person("city_officer", CITY)
    pair = pair_of(one, far)
    assert list(far_pairs(officer, on=ON)) == [pair]
    assert not far_pairs(person("region_officer", "65"), on=ON)
    bring_together(by=officer, pair=pair, on=ON)
    asked = Task.objects.filter(kind="second_file")
    assert {task.subject_key for task in asked} == {one.file_number, far.file_number}
    assert all(set(task.values) == {"place"} for task in asked)
    pair.refresh_from_db()
    assert (pair.asked_by, pair.asked_on) == (officer, ON)
    with pytest.raises(Refused, match="seven days"):
        bring_together(by=officer, pair=pair, on=ON + timedelta(days=6))
    bring_together(by=officer, pair=pair, on=ON + timedelta(days=7))
    with pytest.raises(NotAllowed):
        bring_together(by=person("county_officer"), pair=pair, on=ON)


def test_files_are_compared_field_by_field():
    one = child(name="买买提·艾力", holdings=["dibao"], guardian={"phone": "15400000001"})
    other = child(name="买买提艾力", holdings=["dibao"], sex="1")
    said = {line.column: line.likeness for line in compared(one, other)}
    assert said["name"] == Likeness.SAME
    assert said["sex"] == said["id_number"] == Likeness.DIFFERENT
    assert said["guardian_phone"] == Likeness.ONE_SIDED
    assert "father_name" not in said


def test_the_file_that_had_better_lead_is_open_numbered_paid_and_first():
    without, paid, plain = child(id_number=""), child(holdings=["de_facto"]), child()
    assert suggested(pair_of(without, plain)) == plain
    assert suggested(pair_of(plain, paid)) == paid
    closed = child(closed_on=ON, closed_reason="no_longer_fits", holdings=[])
    assert suggested(pair_of(closed, without)) == without


def _sampled():
    return pair_of(child(), child(), is_drawn=True)


def test_one_in_twenty_is_drawn_by_its_number_alone():
    drawn = sum(is_sampled(Pair(pk=number)) for number in range(20_000))
    assert 900 < drawn < 1100


def test_a_drawn_pair_is_asked_once_more_of_somebody_else():
    pair, officer, approver = _sampled(), person("county_officer"), person("approver")
    different(pair, by=officer)
    look = SecondLook.objects.get()
    assert Task.objects.get(kind="second_look").role == "approver"
    with pytest.raises(Refused, match="took part"):
        look_again(by=officer, look=look, answer="different", reason="twins", on=ON)
    with pytest.raises(NotAllowed):
        look_again(by=person("approver", NEXT_COUNTY), look=look, answer="different", reason="twins", on=ON)
    look_again(by=approver, look=look, answer="different", reason="twins", on=ON)
    assert Task.objects.get(kind="second_look").outcome == "different"
    assert not Task.objects.filter(kind="answers_differ").exists()
    with pytest.raises(Refused, match="already"):
        look_again(by=person("approver"), look=look, answer="same", reason="moved", on=ON)


def test_where_both_answers_differ_an_approver_is_asked():
    pair = _sampled()
    different(pair)
    look_again(by=person("approver"), look=pair.second_look, answer="same", reason="moved", on=ON)
    assert Task.objects.get(kind="answers_differ").role == "approver"
    assert Pair.objects.get(pk=pair.pk).state == "different"


def test_figures_are_counted_from_the_lists_behind_them():
    pair, officer = _sampled(), person("county_officer")
    different(pair)
    look_again(by=person("approver"), look=SecondLook.objects.get(pair=pair), answer="same", reason="moved", on=ON)
    band = next(one for one in by_band(officer, on=ON) if one.band == "likely")
    assert (band.answered, band.same, band.precision, band.agreement) == (1, 0, Share(1, 1), Share(0, 1))
    differing = pairs(officer, PairFilters("", "likely", checked="differs"), on=ON)
    assert list(differing) == [pair]
    answered = pairs(officer, PairFilters("answered", "likely"), on=ON)
    assert answered.count() == over_all(by_band(officer, on=ON)).answered


def test_the_interval_is_wilsons():
    low, high = Share(9, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert Share(0, 0).interval is None
    assert Share(5, 5).interval[1] == 1.0
