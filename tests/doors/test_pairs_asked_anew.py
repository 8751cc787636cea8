"""The duplicates desk by page: what is asked anew, found again, said of both files and of what does not stand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.queries import lookers
from hutong.registry.actions.comparing import say_different
from hutong.registry.actions.merging import refuse_merge, undo_merge
from hutong.registry.models import Pair
from tests.factories import ON, child, id_number, person
from tests.facts import evidence, joined_to, merge_proposed, pair_of, study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def officer(signed_in):
    return signed_in(person("county_officer"))


def page_of(client, view, *arguments, **query):
    response = client.get(reverse(f"desk:{view}", args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_answer_is_asked_anew_by_page_and_stays_readable(officer):
    pair = pair_of(child(), child())
    say_different(by=person("county_officer", name="柳知远"), pair=pair, reason="siblings", words="户口簿核对", on=ON)
    told = page_of(officer, "pair", pair.pk)
    assert "Answered: two children" in told and "Brothers or sisters." in told and "were joined" not in told
    address = reverse("desk:ask_anew", args=[pair.pk])
    assert officer.post(address, {"why": "错"}).status_code == 422
    officer.post(address, {"why": "两份出生证明是同一份"})
    told = page_of(officer, "pair", pair.pk)
    for words in ("Earlier answers", "柳知远", "户口簿核对", "两份出生证明是同一份", "One child or two?"):
        assert words in told


def test_an_undone_merge_says_both_reasons_with_their_own_words(officer):
    leading, joined = child(), child()
    merge = joined_to(leading, joined)
    undo_merge(by=person("approver"), merge=merge, reason="siblings", on=ON)
    told = page_of(officer, "pair", merge.pair_id)
    assert "Brothers or sisters." in told and "Brothers or sisters were joined." in told and "Ask anew" in told


def test_an_answer_that_comes_too_late_says_what_stands(officer):
    pair = pair_of(child(), child())
    say_different(by=person("county_officer", name="柳知远"), pair=pair, reason="twins", on=ON)
    said = {"same": "1", "leading": pair.first.file_number, "reason": "moved"}
    told = officer.post(reverse("desk:answer_pair", args=[pair.pk]), said, follow=True).content.decode()
    assert "was not recorded" in told and "柳知远 has answered" in told and "Two children" in told
    assert Pair.objects.get().state == "different"


def test_the_receipt_names_the_pair_and_leads_back(officer):
    pair = pair_of(child(), child())
    said = {"different": "1", "reason": "twins"}
    told = officer.post(reverse("desk:answer_pair", args=[pair.pk]), said, follow=True).content.decode()
    assert f'<a href="{reverse("desk:pair", args=[pair.pk])}">Pair {pair.pk}</a>' in told


def test_answers_are_found_by_name_and_by_who_gave_them(officer):
    mine, other = pair_of(child(name="柳雪樵"), child()), pair_of(child(), child())
    officer.post(reverse("desk:answer_pair", args=[mine.pk]), {"different": "1", "reason": "twins"})
    say_different(by=person("county_officer"), pair=other, reason="twins", on=ON)
    told = page_of(officer, "pairs", state="open", whose="mine")
    assert 'value="answered" selected' in told
    assert "柳雪樵" in told and other.first.name not in told
    sent = officer.post(reverse("desk:pairs"), {"name": "雪樵"}).content.decode()
    assert "柳雪樵" in sent and other.first.name not in sent
    assert mine.first.name not in page_of(officer, "pairs", state="waiting")


def test_a_place_that_was_typed_and_not_chosen_says_so(officer):
    pair_of(child(), child())
    told = page_of(officer, "pairs", division_text="李俊")
    assert "typed, not chosen" in told and 'value="李俊"' in told


def test_a_childs_page_says_that_a_pair_waits(officer):
    pair = pair_of(child(), child())
    told = page_of(officer, "child", pair.first.file_number)
    assert "waits for an answer" in told and reverse("desk:pair", args=[pair.pk]) in told
    merge = merge_proposed(child(), child())
    assert "waits to be confirmed" in page_of(officer, "child", merge.joined.file_number)
    say_different(by=person("county_officer"), pair=pair, reason="twins", on=ON)
    assert "waits for an answer" not in page_of(officer, "child", pair.first.file_number)


def test_the_leading_file_says_who_joined_what_and_offers_to_undo(officer):
    leading, joined = child(), child()
    merge = joined_to(leading, joined)
    told = page_of(officer, "child", leading.file_number)
    assert f"File {joined.file_number} is joined to this one" in told
    assert merge.by.name in told and merge.decided_by.name in told
    assert reverse("desk:undo_merge", args=[joined.file_number]) in told


def test_a_file_that_cannot_lead_cannot_be_chosen_and_says_why(officer):
    without, numbered = child(id_number=""), child()
    told = page_of(officer, "pair", pair_of(without, numbered).pk)
    barred = told.partition(f'name="leading" value="{without.file_number}"')[2].partition(">")[0]
    assert "disabled" in barred and "cannot lead: the other file has the ID number" in told
    assert "B is chosen for you: it has the ID number." in told


def test_ones_own_proposal_is_taken_back_and_a_refusal_names_who_and_when(signed_in):
    officer, approver = person("county_officer"), person("approver", name="柳知远")
    own, refused = merge_proposed(child(), child(), by=officer), merge_proposed(child(), child(), by=officer)
    client = signed_in(officer)
    assert "Why you take it back" in page_of(client, "pair", own.pair_id)
    refuse_merge(by=officer, merge=own, words="弄错了", on=ON)
    refuse_merge(by=approver, merge=refused, words="见过两个孩子", on=ON)
    assert "taken back" in page_of(client, "pair", own.pair_id)
    told = page_of(client, "pair", refused.pair_id)
    assert "not agreed to" in told and "柳知远" in told and "taken back" not in told


def test_an_approver_is_told_who_answers_an_open_pair(signed_in):
    assert "An officer of the county" in page_of(signed_in(person("approver")), "pair", pair_of(child(), child()).pk)


def test_what_says_another_thing_than_its_weight_says_nothing(officer):
    pair = pair_of(child(), child())
    steps = [
        {"field": "name", "level": "identical", "weight": 5.0},
        {"field": "guardian_name", "level": "same", "weight": -0.1},
        {"field": "sex", "level": "different", "weight": -4.0},
    ]
    Pair.objects.filter(pk=pair.pk).update(waterfall=steps)
    told = page_of(officer, "pair", pair.pk)
    speaks, _, rest = told.partition("Speaks against")
    against, _, neither = rest.partition("Says nothing either way")
    assert "Name: the same" in speaks.partition("Speaks for one child")[2]
    assert "Sex: different" in against and "Guardian: the same name" not in against
    assert "Guardian: the same name" in neither.partition("In figures")[0]


def test_the_places_of_differing_digits_are_said(officer):
    one = child(id_number=id_number(at=1))
    told = page_of(officer, "pair", pair_of(one, child(id_number=id_number(at=2))).pk)
    assert "at places" in told or "at place" in told


def test_undoing_where_nothing_was_entered_says_that_alone(officer):
    leading, joined = child(), child()
    joined_to(leading, joined)
    told = page_of(officer, "undo_merge", joined.file_number)
    assert "Nothing was entered meanwhile." in told and "All of it stays" not in told


def test_the_same_guardian_in_both_files_stands_there_once(officer):
    same = {"guardian_name": "柳素珍", "phone": "15400000001"}
    leading, joined = child(guardian=same), child(guardian=same)
    joined_to(leading, joined)
    told = page_of(officer, "family", leading.file_number).partition("Parents")[0]
    assert told.count("<b>柳素珍") == 1 and f"also in file {joined.file_number}" in told
    other = child(guardian=same | {"phone": "15400000002"})
    joined_to(leading, other)
    told = page_of(officer, "family", leading.file_number)
    assert f"from file {other.file_number}" in told and f"also in file {other.file_number}" not in told


def test_the_comparison_shows_school_papers_household_and_payee(officer):
    one, other = child(), child()
    study(one, school="永宁县第二小学"), study(other, school="永宁县第三小学")
    evidence(one, kind="birth_certificate"), evidence(one, kind="birth_certificate")
    told = page_of(officer, "pair", pair_of(one, other).pk)
    rows = told.partition("<main")[2].partition("</table>")[0]
    assert "永宁县第二小学" in rows and "永宁县第三小学" in rows
    assert "× 2" in rows and "on one side alone" in rows
    assert "fields are alike" in told


def test_files_that_are_joined_are_compared_by_what_each_says_itself(officer):
    leading, joined = child(), child()
    study(leading, school="永宁县第二小学"), study(joined, school="永宁县第三小学")
    told = page_of(officer, "pair", joined_to(leading, joined).pair_id).partition("<main")[2].partition("</table>")[0]
    assert told.count("永宁县第二小学") == told.count("永宁县第三小学") == 1


def test_an_answer_to_a_pair_that_rests_is_not_recorded_and_says_so(officer):
    pair = pair_of(child(), child())
    joined_to(child(), pair.second)
    said = {"different": "1", "reason": "twins"}
    told = officer.post(reverse("desk:answer_pair", args=[pair.pk]), said, follow=True).content.decode()
    assert "Not recorded: one of the two files has been joined" in told
    assert officer.get(reverse("desk:pair", args=[pair.pk])).status_code == 404


def test_who_looked_counts_comparisons(signed_in):
    pair, officer = pair_of(child(), child()), person("county_officer", name="柳知远")
    client = signed_in(officer)
    page_of(client, "pair", pair.pk), page_of(client, "pair", pair.pk)
    (looker,) = lookers("child", pair.first.file_number, since=timezone.now() - timedelta(days=1))
    assert (looker.name, looker.times) == ("柳知远", 2)
