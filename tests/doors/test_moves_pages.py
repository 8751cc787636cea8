"""Files that come and go by page: the list, what the other place is shown, and the answers."""

import pytest
from django.urls import reverse

from hutong.accounts.models import TrailEntry
from hutong.registry.models import Move
from tests import factories as make
from tests import facts
from tests.doors.family import family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
LIST_CEILING, PAGE_CEILING = 16, 20
HUGE = "99999999999999999999"
THERE = make.VILLAGE_OF_NEXT_COUNTY


def page_of(move) -> str:
    return reverse("desk:move_answer", args=[move.pk])


@pytest.fixture
def giving(signed_in):
    return signed_in(make.person("county_officer"))


@pytest.fixture
def receiving(signed_in):
    return signed_in(make.person("county_officer", make.NEXT_COUNTY))


def test_a_file_is_handed_over_and_taken_on(giving, receiving):
    known = family()
    said = {"to_code": THERE, "living_code": THERE, "address": "永宁县新址二号", "reason": "family_moved"}
    said |= {"words": "全家已搬迁", "revision": known.child.revision, "checked": "1"}
    file = reverse("desk:child", args=[known.child.file_number])
    assert giving.post(reverse("desk:move", args=[known.child.file_number]), said).url == file
    move = Move.objects.get()

    page = receiving.get(page_of(move)).content.decode()
    assert known.child.name in page and "全家已搬迁" in page and 'name="accept"' in page
    assert not [value for value in (*known.closed, "永宁县新址二号") if value in page]
    assert known.child.name not in page[page.index("<title>") : page.index("</title>")]
    assert receiving.get(file).status_code == 404
    assert 'name="accept"' not in giving.get(page_of(move)).content.decode()
    assert receiving.post(page_of(move), {"accept": "1"}).url == reverse("desk:moves")
    receiving.post(page_of(move), {"accept": "1"})

    move.refresh_from_db()
    known.child.refresh_from_db()
    assert move.stage == "accepted" and known.child.responsible_code == known.child.living_code == THERE
    assert receiving.get(file).status_code == 200 and giving.get(file).status_code == 404
    assert TrailEntry.objects.filter(act="take_on_child").count() == 1
    assert "永宁县新址二号" not in receiving.get(file).content.decode()


def test_whoever_asked_does_not_answer_and_takes_back(giving, receiving):
    move = facts.move(by=make.person("county_officer"))
    other = Move.objects.get(pk=move.pk)
    owner = move.by

    for client, answer in ((giving, {"accept": "1"}), (receiving, {"refuse": "1", "words": ""})):
        client.post(page_of(move), answer)
        other.refresh_from_db()
        assert other.stage == "offered" and other.by == owner


@pytest.mark.parametrize("stage, answers", [("offered", "receiving"), ("requested", "giving")])
def test_the_other_place_refuses_with_a_reason(request, stage, answers):
    move = facts.move(stage=stage)
    client = request.getfixturevalue(answers)

    wordless = client.post(page_of(move), {"refuse": "1", "words": " "}, follow=True)
    assert Move.objects.get().stage == stage and wordless.status_code == 200
    client.post(page_of(move), {"refuse": "1", "words": "孩子仍住本村"})

    assert Move.objects.get().stage == "refused"
    assert "孩子仍住本村" in client.get(page_of(move)).content.decode()


def test_after_the_answer_nothing_of_the_child_is_shown_to_the_other_place(receiving):
    move = facts.move(stage="refused", answer="不同意", decided_by=make.person())

    page = receiving.get(page_of(move)).content.decode()

    assert move.child.name not in page and move.child.file_number in page


@pytest.mark.parametrize(
    "role, prefix", [("county_officer", "640104"), ("village_director", THERE), ("approver", "6401")]
)
def test_a_move_is_for_both_places_alone(signed_in, role, prefix):
    move = facts.move()
    client = signed_in(make.person(role, prefix))

    assert client.get(page_of(move)).status_code == 404
    assert client.post(page_of(move), {"accept": "1"}).status_code == 404
    assert move.child.file_number not in client.get(reverse("desk:moves")).content.decode()
    assert Move.objects.get().stage == "offered"


@pytest.mark.parametrize("number", [HUGE, "0", "9" * 5000])
def test_no_such_move_is_404(giving, number):
    assert giving.get(f"/moves/{number}/").status_code == giving.post(f"/moves/{number}/").status_code == 404


def test_the_moves_ask_a_bounded_number_of_questions(receiving, django_assert_max_num_queries):
    for _ in range(60):
        move = facts.move(words="说明")
    receiving.get(reverse("desk:moves"))

    with django_assert_max_num_queries(LIST_CEILING):
        page = receiving.get(reverse("desk:moves"), {"page": "2"}).content.decode()
    with django_assert_max_num_queries(PAGE_CEILING):
        assert receiving.get(page_of(move)).status_code == 200
    assert "说明</" not in page and "page=1" in page
