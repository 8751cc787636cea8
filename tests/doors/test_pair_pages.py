"""The duplicates desk by page: pairs, both answers, the second person, undoing, the second look and its figures."""

import pytest
from django.urls import reverse

from hutong.accounts.models import Task, TrailEntry
from hutong.registry.actions.comparing import say_different
from hutong.registry.models import Child, Merge, Pair, SecondLook
from tests.factories import (
    CITY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    holding,
    id_number,
    person,
)
from tests.facts import change, joined_to, merge_proposed, pair_of, study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]


def page_of(client, view, *arguments, **query):
    response = client.get(reverse(f"desk:{view}", args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def officer(signed_in):
    return signed_in(person("county_officer"))


def test_the_list_holds_open_pairs_the_heaviest_first(officer):
    light, heavy = pair_of(child(), child(), weight=2.0), pair_of(child(), child(), weight=12.0)
    told = page_of(officer, "pairs")
    assert told.index(heavy.first.name) < told.index(light.first.name)
    assert "97.0 %" in told and "+12.0" not in told
    assert light.first.id_number.open() not in told


def test_the_list_is_narrowed_by_state_band_and_place(officer):
    likely = pair_of(child(), child(), probability=0.95)
    even = pair_of(child(living_code=VILLAGE_OF_NEXT_TOWNSHIP), child(), probability=0.6)
    assert even.first.name not in page_of(officer, "pairs", band="likely")
    assert likely.first.name not in page_of(officer, "pairs", division=VILLAGE_OF_NEXT_TOWNSHIP)
    assert likely.first.name not in page_of(officer, "pairs", state="different")
    assert likely.first.name in page_of(officer, "pairs", state="all")
    assert likely.first.name in page_of(officer, "pairs", band="nonsense")


def test_one_pair_stands_side_by_side_with_what_differs_marked(officer):
    one = child(name="柳安宁")
    other = child(name="柳安和")
    told = page_of(officer, "pair", pair_of(one, other).pk)
    assert "柳安<mark>宁</mark>" in told and "柳安<mark>和</mark>" in told
    assert "digits differ" in told or "digit differs" in told
    assert one.id_number.open() not in told
    assert "Name: other characters of the same sound" in told
    looks = TrailEntry.objects.filter(act="look_at_pair").values_list("subject_key", flat=True)
    assert set(looks) == {one.file_number, other.file_number}


def test_two_children_is_kept_with_its_reason_and_leads_to_the_next_pair(officer):
    pair, later = pair_of(child(), child(), weight=12.0), pair_of(child(), child(), weight=3.0)
    sent = officer.post(reverse("desk:answer_pair", args=[pair.pk]), {"different": "1", "reason": "twins"})
    assert sent.headers["Location"] == reverse("desk:pair", args=[later.pk])
    pair.refresh_from_db()
    assert (pair.state, pair.reason) == ("different", "twins")


@pytest.mark.parametrize(("kind", "words"), [("different", "Two children"), ("same", "One child")])
def test_an_answer_without_a_reason_says_so(officer, kind, words):
    pair = pair_of(child(), child())
    sent = officer.post(reverse("desk:answer_pair", args=[pair.pk]), {kind: "1"})
    assert sent.status_code == 422
    assert words in sent.content.decode()
    pair.refresh_from_db()
    assert pair.state == "open"


def test_a_refused_proposal_says_why_beside_the_form(officer):
    leading, numbered = child(id_number=""), child()
    pair = pair_of(leading, numbered)
    said = {"same": "1", "leading": leading.file_number, "reason": "moved"}
    sent = officer.post(reverse("desk:answer_pair", args=[pair.pk]), said)
    assert sent.status_code == 422 and "ID number has to lead" in sent.content.decode()


def test_one_child_waits_for_a_second_person_who_confirms(officer, signed_in):
    leading, joined = child(), child()
    pair = pair_of(leading, joined)
    said = {"same": "1", "leading": leading.file_number, "reason": "moved", "words": "材料都已核对"}
    address = reverse("desk:answer_pair", args=[pair.pk])
    for refused, why in ((said, "then tick this"), (said | {"has_compared": "on", "words": "对"}, "in words why")):
        sent = officer.post(address, refused)
        assert sent.status_code == 422 and why in sent.content.decode()
    without = officer.post(address, said | {"has_compared": "on", "words": ""}).content.decode()
    assert without.partition("<fieldset")[2].count("in words why") == 1 and 'id="same_reason"' in without
    officer.post(address, said | {"has_compared": "on"})
    told = page_of(officer, "pair", pair.pk)
    assert "waits for a second person" in told and "Confirm: one child" not in told

    approver = signed_in(person("approver"))
    told = page_of(approver, "pair", pair.pk)
    assert "Confirm: one child" in told and "These two files contradict each other" in told
    assert "Both have a valid ID number" in told and 'button main whole" type="submit" name="confirm"' not in told
    sent = approver.post(reverse("desk:decide_merge", args=[pair.pk]), {"confirm": "1"})

    assert sent.headers["Location"] == reverse("desk:child", args=[leading.file_number])
    assert Child.objects.get(pk=joined.pk).canonical == leading


def test_a_second_person_who_does_not_agree_says_why(signed_in):
    merge = merge_proposed(child(), child())
    approver = signed_in(person("approver"))
    approver.post(reverse("desk:decide_merge", args=[merge.pair_id]), {"refuse": "1", "words": "两个孩子都见过"})
    assert Pair.objects.get().state == "open"
    assert "两个孩子都见过" in page_of(approver, "pair", merge.pair_id)


def test_a_joined_file_says_so_and_offers_reading_alone(officer):
    leading, joined = child(), child()
    joined_to(leading, joined)
    told = page_of(officer, "child", joined.file_number)
    assert f"joined to file {leading.file_number}" in told
    assert reverse("desk:undo_merge", args=[joined.file_number]) in told
    for view in ("alter", "close", "move", "begin_holding"):
        assert reverse(f"desk:{view}", args=[joined.file_number]) not in told


def test_a_form_sent_to_a_joined_file_is_refused_in_words(officer):
    leading, joined = child(), child()
    joined_to(leading, joined)
    said = {"closed_on": ON.isoformat(), "reason": "no_longer_fits", "revision": "1"}
    sent = officer.post(reverse("desk:close", args=[joined.file_number]), said)
    assert sent.status_code == 422 and f"joined to file {leading.file_number}" in sent.content.decode()


def test_the_leading_file_shows_what_the_joined_one_says_and_where_from(officer):
    leading, joined = child(holdings=["dibao"]), child(holdings=["migrant"], guardian={"guardian_name": "柳素珍"})
    study(joined, school="永宁县第二小学")
    joined_to(leading, joined)
    origin = f"from file {joined.file_number}"
    for view, words in (("family", "柳素珍"), ("life", "永宁县第二小学"), ("standing", "Migrant")):
        told = page_of(officer, view, leading.file_number)
        assert words in told and origin in told
    told = page_of(officer, "child", leading.file_number)
    assert origin in told and "was joined to this one" in told
    assert origin not in page_of(officer, "family", joined.file_number)


def test_a_child_of_two_files_stands_in_the_list_once(officer):
    leading, joined = child(), child(holdings=["migrant"])
    joined_to(leading, joined)
    told = page_of(officer, "children")
    assert leading.file_number in told and joined.file_number not in told
    assert "1 child." in told
    narrowed = page_of(officer, "children", category="migrant")
    assert leading.file_number in narrowed


@pytest.mark.parametrize("said", ["name", "id", "file"])
def test_whatever_the_joined_file_says_finds_the_leading_one(officer, said):
    number = id_number()
    leading, joined = child(), child(id_number=number)
    joined_to(leading, joined)
    words = {"name": joined.name, "id": number, "file": joined.file_number}[said]
    told = officer.post(reverse("desk:find"), {"q": words}).content.decode()
    assert leading.file_number in told and f"/{joined.file_number}/" not in told


def test_undoing_lists_what_was_entered_meanwhile_and_gives_both_back(officer):
    leading, joined = child(), child()
    joined_to(leading, joined)
    fresh = Child.objects.get(pk=leading.pk)
    said = {"category": "migrant", "from_on": ON.isoformat(), "reason": "happened", "revision": str(fresh.revision)}
    officer.post(reverse("desk:begin_holding", args=[leading.file_number]), said)
    told = page_of(officer, "undo_merge", joined.file_number)
    assert "Particulars changed" in told and leading.file_number in told

    assert officer.post(reverse("desk:undo_merge", args=[joined.file_number]), {}).status_code == 422
    sent = officer.post(reverse("desk:undo_merge", args=[joined.file_number]), {"reason": "twins"}, follow=True)

    assert "Particulars changed" in sent.content.decode()
    assert Child.objects.get(pk=joined.pk).canonical is None
    assert list(joined.holdings.values_list("category", flat=True)) == ["dibao"]
    assert officer.get(reverse("desk:undo_merge", args=[joined.file_number])).status_code == 404


def test_a_township_supervisor_does_not_undo(signed_in):
    leading, joined = child(), child()
    joined_to(leading, joined)
    supervisor = signed_in(person("township_supervisor", TOWNSHIP))
    assert supervisor.get(reverse("desk:undo_merge", args=[joined.file_number])).status_code == 404
    assert reverse("desk:undo_merge", args=[joined.file_number]) not in page_of(supervisor, "child", joined.file_number)


def test_several_pairs_are_answered_together_and_what_is_left_says_why(officer):
    good, bad = pair_of(child(), child()), pair_of(child(closed_on=ON, closed_reason="died", holdings=[]), child())
    selected = {"selected": [good.pk, bad.pk]}
    assert good.first.name in officer.post(reverse("desk:answer_pairs"), selected).content.decode()
    officer.post(
        reverse("desk:answer_pairs"), selected | {"answer": "different", "reason_different": "twins", "words": ""}
    )
    assert set(Pair.objects.values_list("state", flat=True)) == {"different"}


def test_several_pairs_start_from_nothing_and_say_what_differs(officer):
    one, other = pair_of(child(), child()), pair_of(child(), child(), probability=0.3)
    Pair.objects.filter(pk=one.pk).update(waterfall=[{"field": "id_number", "level": "both_valid", "weight": -9.0}])
    told = officer.post(reverse("desk:answer_pairs"), {"selected": [one.pk, other.pk]}).content.decode()
    main = told.partition("<main")[2]
    assert "checked" not in main and " selected>" not in main.replace('value="" selected>', "")
    assert "two right numbers" in main and "far apart" in main
    assert f"If one child, file {one.first.file_number} leads." in main


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"answer": "same", "reason_different": "twins"}, "Choose a reason."),
        ({"answer": "different", "reason_same": "moved"}, "Choose a reason."),
        ({"reason_different": "twins"}, "one child or two"),
        ({"answer": "different", "reason_different": "other"}, "in words why"),
        ({"answer": "different", "reason_different": "moved"}, "valid choice"),
    ],
)
def test_a_reason_of_the_other_answer_is_not_sent_and_the_words_stay(officer, said, why):
    pair = pair_of(child(), child())
    sent = officer.post(reverse("desk:answer_pairs"), {"selected": [pair.pk], "words": "不 "} | said)
    assert sent.status_code == 422 and why in sent.content.decode()
    assert "不 </textarea>" in sent.content.decode() or "不</textarea>" in sent.content.decode()
    assert Pair.objects.get().state == "open"


def test_of_several_those_that_cannot_be_joined_are_named(officer):
    good, bad = pair_of(child(), child()), pair_of(child(), child(living_code=NEXT_VILLAGE))
    Child.objects.filter(pk=bad.first_id).update(closed_on=ON, closed_reason="died")
    Child.objects.filter(pk=bad.second_id).update(
        id_number=None, id_index=None, temporary_number="LS1", no_id_reason="x"
    )
    Child.objects.filter(pk=good.second_id).update(
        id_number=None, id_index=None, temporary_number="LS2", no_id_reason="x", birth_date=good.first.birth_date
    )
    selected = {"selected": [good.pk, bad.pk], "answer": "same", "reason_same": "moved", "words": ""}
    told = officer.post(reverse("desk:answer_pairs"), selected).content.decode()
    assert "ID number has to lead" in told
    assert Pair.objects.get(pk=good.pk).state == "waiting"


def test_nothing_chosen_leads_back_to_the_list(officer):
    assert officer.post(reverse("desk:answer_pairs"), {}).headers["Location"] == reverse("desk:pairs")


def test_two_files_are_compared_by_their_numbers(officer):
    one, other = child(), child()
    said = {"number": one.file_number, "other": other.file_number}
    told = officer.post(reverse("desk:compare"), said).content.decode()
    assert one.file_number in told and "Put it on the desk" in told and not Pair.objects.exists()
    looks = TrailEntry.objects.filter(act="look_at_pair").values_list("subject_key", flat=True)
    assert set(looks) == {one.file_number, other.file_number}
    sent = officer.post(reverse("desk:compare"), said | {"put": "1"})
    assert sent.headers["Location"] == reverse("desk:pair", args=[Pair.objects.get().pk])
    told = page_of(officer, "pair", Pair.objects.get().pk)
    assert "To begin with: one child listed twice" in told and "ID number: two right numbers" in told
    wrong = officer.post(reverse("desk:compare"), {"number": one.file_number, "other": "64-0000-0001-X"})
    assert wrong.status_code == 422
    twice = officer.post(reverse("desk:compare"), {"number": one.file_number, "other": one.file_number})
    assert twice.status_code == 422 and "the same number twice" in twice.content.decode()


def test_a_city_officer_sees_places_and_numbers_and_no_name(signed_in):
    one, far = child(), child(living_code=VILLAGE_OF_NEXT_COUNTY)
    pair, city = pair_of(one, far), signed_in(person("city_officer", CITY))
    for told in (page_of(city, "pairs"), page_of(city, "far_pair", pair.pk)):
        assert one.name not in told and far.name not in told
    assert one.file_number in page_of(city, "far_pair", pair.pk)
    assert city.get(reverse("desk:pair", args=[pair.pk])).status_code == 404
    assert "have a task" not in page_of(city, "far_pair", pair.pk)
    assert city.post(reverse("desk:far_pair", args=[pair.pk])).status_code == 302
    told = page_of(city, "far_pair", pair.pk)
    assert "have a task" in told and "seven days later" in told and "<button" not in told.partition("<main")[2]
    assert Pair.objects.get().asked_by.name in page_of(city, "pairs")


def _sampled():
    pair = pair_of(child(), child(), is_drawn=True)
    say_different(by=person("county_officer"), pair=pair, reason="twins", on=ON)
    return pair


def test_the_second_look_does_not_tell_the_answer(signed_in):
    pair, approver = _sampled(), signed_in(person("approver"))
    told = page_of(approver, "second_look", pair.pk)
    shown = told.partition("<main")[2]
    assert pair.first.file_number in shown
    assert 'class="notice' not in shown
    assert "+4.1" not in shown and "97.0 %" not in shown and "selected>Twins" not in shown
    assert approver.get(reverse("desk:pair", args=[pair.pk])).headers["Location"].endswith("/again/")
    assert approver.post(reverse("desk:second_look", args=[pair.pk]), {"answer": "same"}).status_code == 422
    approver.post(reverse("desk:second_look", args=[pair.pk]), {"answer": "same", "reason_same": "moved"})
    assert SecondLook.objects.get().answer == "same"
    assert approver.get(reverse("desk:second_look", args=[pair.pk])).status_code == 302


def test_whoever_answered_is_not_asked_again(signed_in):
    pair = _sampled()
    told = signed_in(Pair.objects.get(pk=pair.pk).decided_by).get(reverse("desk:second_look", args=[pair.pk]))
    assert told.status_code == 302


def test_every_figure_of_the_quality_page_opens_its_list(signed_in):
    pair, approver = _sampled(), signed_in(person("approver"))
    approver.post(reverse("desk:second_look", args=[pair.pk]), {"answer": "same", "reason_same": "moved"})
    told = page_of(approver, "quality")
    assert "100 %" in told and "1 of 1; 21 % to 100 %" in told
    differing = page_of(approver, "pairs", band="likely", state="all", checked="differs")
    assert f"{reverse('desk:pairs')}?band=likely&amp;state=all&amp;checked=differs" in told
    assert pair.first.name in differing


@pytest.mark.parametrize("role", ["village_director", "payer", "finance", "auditor"])
def test_others_have_no_duplicates_desk(signed_in, role):
    client = signed_in(person(role))
    for view in ("pairs", "quality", "compare"):
        assert client.get(reverse(f"desk:{view}")).status_code == 404


def test_a_category_of_a_joined_file_ends_from_the_leading_page(officer):
    leading, joined = child(), child(holdings=[])
    held = holding(joined, "migrant")
    joined_to(leading, joined)
    address = reverse("desk:end_holding", args=[leading.file_number, held.pk])
    assert address in page_of(officer, "standing", leading.file_number)
    asked = officer.get(address).content.decode()
    assert "End the category Migrant" in asked and f"of the joined file {joined.file_number}" in asked
    revision = Child.objects.get(pk=leading.pk).revision
    officer.post(address, {"until_on": ON.isoformat(), "reason": "happened", "revision": str(revision)})
    held.refresh_from_db()
    merge = Merge.objects.get()
    assert held.until_on == ON and merge.ended[0]["holding"] == held.pk
    told = page_of(officer, "changes", leading.file_number)
    assert f"About the joined file {joined.file_number}" in told and '<th scope="row">File number' not in told
    sent = officer.post(reverse("desk:undo_merge", args=[joined.file_number]), {"reason": "twins"}, follow=True)
    said = sent.content.decode()
    assert "Categories that go on again: 1." in said and "Entries made meanwhile stay with file" in said
    told = page_of(officer, "child", joined.file_number)
    assert "goes on again" in told and f"ended on file {leading.file_number}" in told
    assert "goes on again" not in page_of(officer, "child", leading.file_number)


def test_what_was_entered_meanwhile_is_looked_through_and_the_task_is_done(officer):
    leading, joined = child(), child()
    merge = joined_to(leading, joined)
    holding(leading, "migrant")
    change(leading)
    sent = officer.post(reverse("desk:undo_merge", args=[joined.file_number]), {"reason": "twins"}, follow=True)
    assert "Looked through" in sent.content.decode()
    told = officer.post(reverse("desk:undone_merge", args=[joined.file_number, merge.pk]), follow=True)
    assert "Looked through" not in told.content.decode()
    assert Task.objects.get(kind="sort_facts").outcome == "looked_through"


def test_an_approver_keeps_the_answer_or_undoes_it(signed_in):
    pair, approver = _sampled(), signed_in(person("approver"))
    approver.post(reverse("desk:second_look", args=[pair.pk]), {"answer": "same", "reason_same": "moved"})
    assert "The answer stands" in page_of(approver, "pair", pair.pk)
    approver.post(reverse("desk:decide_merge", args=[pair.pk]), {"keep": "1"})
    assert Task.objects.get(kind="answers_differ").outcome == "kept"
    assert "The answer stands" not in page_of(approver, "pair", pair.pk)
