"""The forms of a child's file by GET and POST: who may, checked then saved, kept when wrong or overtaken, done once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.law.identity import Sex
from hutong.registry.actions.changes import Overtaken
from hutong.registry.intake.judge import id_index
from hutong.registry.models import CategoryHolding, Change, Child, HouseholdMember, Move, Study
from tests import factories as make
from tests import facts
from tests.doors.family import family
from tests.doors.test_file_pages import ROLES, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CORRECTED, HAPPENED = {"reason": "corrected", "words": ""}, {"reason": "happened", "words": ""}
TODAY, YESTERDAY = today().isoformat(), (today() - timedelta(days=1)).isoformat()


def address(name: str, child, *more) -> str:
    return reverse(f"desk:{name}", args=[child.file_number, *more])


def forms(known) -> dict[str, tuple[str, dict, str]]:
    """Every form of a file: where, what is typed there, and the kind of right that it takes."""
    child, guardian = known.child, known.child.guardians.get()
    study, held = Study.objects.get(child=child), child.holdings.get(category="disability")
    other = {"kind": "other", "own_yuan": "120.50", "from_on": TODAY}
    ended = {"until_on": TODAY, "reason": "no_longer_fits"}
    grandmother = {"name": guardian.name, "relation": "62", "kind": "kin", "phone": "13900099988"}
    holder = {"kind": "person", "name": "柳素云", "id_number": make.id_number(), "bank_name": "农业银行"}
    card = {"card": "6217000010000000013", "bank_name": "农业银行", "is_sure": "on"}
    school = {"level": "senior_high", "school": "第二中学", "is_full_time": "on", "from_on": TODAY}
    return {
        "alter": (address("alter", child), particulars(child) | {"name": "柳新名"} | CORRECTED, "change"),
        "close": (address("close", child), {"closed_on": TODAY, "reason": "no_longer_fits", "words": ""}, "close"),
        "move": (address("move", child), {"to_code": make.VILLAGE_OF_NEXT_COUNTY, "reason": "family_moved"}, "change"),
        "begin_holding": (
            address("begin_holding", child), {"category": "dibao", "from_on": TODAY} | HAPPENED, "change"
        ),
        "end_holding": (address("end_holding", child, held.pk), ended, "change"),
        "set_payee": (address("set_payee", child), holder | card | HAPPENED, "payees"),
        "set_card": (address("set_card", child), card | HAPPENED, "payees"),
        "add_member": (address("add_member", child), {"name": "柳大哥", "relation": "71"} | HAPPENED, "change"),
        "end_member": (address("end_member", child, known.grandmother.pk), {"until_on": TODAY} | HAPPENED, "change"),
        "guardian": (address("record", child, "guardian"), grandmother | {"from_on": TODAY} | HAPPENED, "change"),
        "study": (address("record", child, "study"), school | HAPPENED, "change"),
        "health": (
            address("record", child, "health"),
            {"kind": "allergy", "sensitivity": "sensitive", "saying": "对青霉素过敏", "from_on": TODAY} | HAPPENED,
            "change",
        ),
        "aid": (address("record", child, "aid"), other | HAPPENED, "change"),
        "circumstance": (
            address("record", child, "circumstance"), {"kind": "severe_illness", "from_on": TODAY} | HAPPENED, "change"
        ),
        "circumstance of a parent": (
            address("record", child, "circumstance") + f"?parent={known.mother.pk}",
            {"kind": "severe_illness", "from_on": TODAY} | HAPPENED,
            "change",
        ),
        "correct": (
            address("fact", child, "study", study.pk, "correct"),
            school | {"from_on": "2024-01-01"} | CORRECTED,
            "change",
        ),
        "end": (address("fact", child, "guardian", guardian.pk, "end"), {"until_on": TODAY} | HAPPENED, "change"),
        "strike": (address("fact", child, "circumstance", known.prison.pk, "strike"), CORRECTED, "change"),
    }  # fmt: skip


def particulars(child) -> dict:
    """What the form of particulars shows of a child."""
    return {
        "name": child.name, "sex": child.sex, "birth_date": child.birth_date.isoformat(),
        "id_number": child.id_number.open() if child.id_number else "", "no_id_reason": child.no_id_reason,
        "ethnic_group": "", "registered_division": "", "living_division": child.living_code,
        "living_address": child.address.open() if child.address else "",
    }  # fmt: skip


NAMES = [
    "alter", "close", "move", "begin_holding", "end_holding", "set_payee", "set_card", "add_member", "end_member",
    "guardian", "study", "health", "aid", "circumstance", "circumstance of a parent", "correct", "end", "strike",
]  # fmt: skip
RIGHTS = {
    "officer": {"change", "close", "payees"},
    "supervisor": {"change", "payees"},
    "approver": set(),
    "director": set(),
    "institution": set(),
    "overseer": set(),
}


def changes() -> int:
    return Change.objects.count() + Move.objects.count()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ROLES)
def test_a_form_is_for_whoever_may_use_it_and_nobody_else(signed_in, who, name):
    known = family()
    where, typed, right = forms(known)[name]
    client = signed_in(somebody(who, known.child))
    client.post(address("purpose", known.child), {"reason": "verify", "words": ""})
    before = changes()

    answers = [
        client.get(where).status_code,
        client.post(where, typed | {"revision": known.child.revision}).status_code,
    ]

    assert answers == ([200, answers[1]] if right in RIGHTS[who] else [404, 404])
    if right in RIGHTS[who]:
        is_for_the_county = (who, name) == ("supervisor", "alter")  # a name is changed by the county
        assert answers[1] in ([422] if is_for_the_county else [200, 302])
    else:
        assert changes() == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("whom", ["child", "guardian", "by name"])
def test_nobody_changes_the_file_of_their_own_family(signed_in, name, whom):
    known = family()
    where, typed, _right = forms(known)[name]
    officer = make.person("county_officer")
    make.posting(officer, "village_director", make.VILLAGE)
    one = known.child if whom == "child" else known.child.guardians.get()
    if whom == "guardian":
        number = make.id_number()
        one.id_number, one.id_index = number, id_index(number)
        one.save()
    sealed = {"id_number": one.id_number, "id_index": one.id_index} if whom != "by name" else {}
    make.kin(officer, name=one.name, relation="41", **sealed)
    before = changes()

    answer = signed_in(officer).post(where, typed | {"revision": known.child.revision, "checked": "1"})

    assert answer.status_code == 422
    assert changes() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_form_is_checked_then_saved_once(signed_in, name):
    known = family()
    where, typed, _right = forms(known)[name]
    client = signed_in(make.person("county_officer"))
    said = typed | {"revision": known.child.revision}
    before = changes()

    checked = client.post(where, said)
    if checked.status_code == 200:  # a check page: nothing has been saved yet
        assert changes() == before and 'name="checked"' in checked.content.decode()
        said |= {"checked": "1"}
        checked = client.post(where, said)
    done = changes()
    again = client.post(where, said)

    assert checked.status_code == 302 and checked.url.startswith(address("child", known.child)), page_errors(checked)
    assert done > before
    assert again.status_code == (404 if name in ("end_member", "strike") else 422) and changes() == done


def page_errors(answer) -> str:
    return str(answer.context["form"].errors) if answer.context else str(answer.status_code)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_form_says_what_is_missing(signed_in, name):
    known = family()
    where, _typed, _right = forms(known)[name]
    client = signed_in(make.person("county_officer"))
    before = changes()

    answer = client.post(where, {"revision": known.child.revision})
    page = answer.content.decode()

    assert answer.status_code == 422 and changes() == before
    assert 'role="alert"' in page and 'href="#id_reason"' in page


@pytest.mark.parametrize("name", NAMES)
def test_an_overtaken_form_keeps_what_was_typed_and_goes_on_from_there(signed_in, name):
    known = family()
    where, typed, _right = forms(known)[name]
    client = signed_in(make.person("county_officer"))
    typed = typed | {"words": "照旧保留的说明", "revision": known.child.revision, "checked": "1"}
    Child.objects.filter(pk=known.child.pk).update(revision=known.child.revision + 5)
    before = changes()

    overtaken = client.post(where, typed)
    page = overtaken.content.decode()

    assert overtaken.status_code == 422 and changes() == before
    assert "照旧保留的说明" in page and str(Overtaken().reason) in page
    assert f'name="revision" value="{known.child.revision + 5}"' in page
    assert client.post(where, typed | {"revision": known.child.revision + 5}).status_code == 302


def test_the_way_back_from_the_check_page_keeps_what_was_typed(signed_in):
    known = family()
    client = signed_in(make.person("county_officer"))
    typed = particulars(known.child) | {"name": "柳新名", "words": "户口簿为准", "reason": "corrected"}

    back = client.post(address("alter", known.child), typed | {"revision": known.child.revision, "back": "1"})
    page = back.content.decode()

    assert back.status_code == 200 and 'value="柳新名"' in page and "户口簿为准" in page
    assert 'role="alert"' not in page and not Change.objects.filter(kind="alter", columns=["name"]).exists()


def test_a_check_page_masks_what_stood_before(signed_in):
    known = family()
    new = make.id_number()
    client = signed_in(make.person("county_officer"))
    typed = particulars(known.child) | {"id_number": new, "living_address": "新址一号"} | CORRECTED

    page = client.post(address("alter", known.child), typed | {"revision": known.child.revision}).content.decode()

    assert new in page and "新址一号" in page
    assert not [value for value in (known.child.id_number.open(), known.child.address.open()) if value in page]


def test_an_overtaken_form_of_many_choices_keeps_them_all(signed_in):
    child = make.child(holdings=[])
    Child.objects.filter(pk=child.pk).update(closed_on=make.ON, closed_reason="grown_up", revision=7)
    client = signed_in(make.person("county_officer"))
    said = {"categories": ["dibao", "migrant"], "reason": "came_back", "words": "", "revision": 3}

    page = client.post(address("reopen", child), said).content.decode()

    assert page.count("checked") == 2
    assert client.post(address("reopen", child), said | {"revision": 7}).status_code == 302
    assert set(CategoryHolding.objects.filter(child=child, from_on=today()).values_list("category", flat=True)) == {
        "dibao",
        "migrant",
    }


def test_a_closed_file_is_changed_by_no_form_but_reopened(signed_in):
    known = family()
    client = signed_in(make.person("county_officer"))
    Child.objects.filter(pk=known.child.pk).update(closed_on=make.ON, closed_reason="grown_up")
    before = changes()

    for where, typed, _right in (form for name, form in forms(known).items() if name != "end_holding"):
        assert client.post(where, typed | {"revision": known.child.revision, "checked": "1"}).status_code == 422
    assert changes() == before
    assert client.get(address("reopen", known.child)).status_code == 200


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_a_second_person_answers_what_waits(signed_in, act):
    known = family()
    officer, approver = make.person("county_officer"), make.person("approver")
    where, typed, _right = forms(known)["close"]
    signed_in(officer).post(where, typed | {"revision": known.child.revision, "checked": "1"})
    change = Change.objects.get(stage="proposed")
    answering = address("decide", known.child, change.pk)

    for own, answer in ((officer, "confirm"), (make.person("village_director", make.VILLAGE), act)):
        signed_in(own).post(answering, {answer: "1", "words": "本人不能答复"})
        assert Change.objects.get(pk=change.pk).stage == "proposed"
    client = signed_in(approver)
    assert client.get(answering).url == address("changes", known.child)
    client.post(answering, {act: "1", "words": "材料不全"})
    client.post(answering, {act: "1", "words": "材料不全"})

    assert Change.objects.get(pk=change.pk).stage == {"confirm": "done", "refuse": "refused"}[act]
    known.child.refresh_from_db()
    assert bool(known.child.closed_on) == (act == "confirm")


def typed_child(**more) -> dict:
    return {
        "name": "柳初晴", "sex": "2", "birth_date": "2016-05-04", "living_division": make.VILLAGE,
        "no_id_reason": "户口待办", "guardian_name": "柳桂兰", "guardian_relation": "62", "category": ["dibao"],
    } | more  # fmt: skip


def test_a_child_is_entered_once_however_often_the_page_is_sent(signed_in):
    client = signed_in(make.person("county_officer"))
    once = client.get(reverse("desk:enrol")).context["form"]["once"].value()
    said = typed_child(is_another="on", once=str(once))

    checked = client.post(reverse("desk:enrol"), said)
    assert "柳初晴" in checked.content.decode() and not Child.objects.exists()
    first = client.post(reverse("desk:enrol"), said | {"checked": "1"})
    second = client.post(reverse("desk:enrol"), said | {"checked": "1"})

    assert first.url == address("child", Child.objects.get())
    assert second.status_code == 422 and Child.objects.get().file_number in second.content.decode()
    other = client.post(reverse("desk:enrol"), said | {"name": "柳晚晴", "checked": "1"})
    assert other.status_code == 302 and Child.objects.count() == 2


def test_what_is_wrong_with_a_new_child_is_said_beside_it(signed_in):
    client = signed_in(make.person("county_officer"))
    wrong = make.wrong_last(make.id_number(sex=Sex.FEMALE))

    answer = client.post(reverse("desk:enrol"), typed_child(id_number=wrong, no_id_reason="", checked="1"))

    assert answer.status_code == 422 and wrong in answer.content.decode()
    assert "id_number" in answer.context["form"].errors and not Child.objects.exists()


def test_a_household_is_set_up_and_a_sister_joins(signed_in):
    first, second = make.child(), make.child()
    client = signed_in(make.person("township_supervisor", make.TOWNSHIP))

    founded = {"kind": "rural", "revision": first.revision} | HAPPENED
    assert client.post(address("found_household", first), founded).url == address("family", first)
    joined = {"revision": second.revision} | HAPPENED
    assert client.get(address("join_household", second, first.file_number)).status_code == 200
    assert client.post(address("join_household", second, first.file_number), joined).url == address("family", second)

    assert HouseholdMember.objects.filter(child__in=[first, second]).values("household").distinct().count() == 1
    assert second.name in client.get(address("family", first)).content.decode()
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    assert client.get(address("join_household", second, there.file_number)).status_code == 404


def test_a_change_of_another_child_is_not_answered_here(signed_in):
    known, change = family(), facts.change(stage="proposed")

    assert signed_in(make.person("approver")).post(address("decide", known.child, change.pk)).status_code == 404
