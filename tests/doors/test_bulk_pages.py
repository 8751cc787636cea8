"""One change on many files by page: chosen, each checked by itself, done; five hundred at once."""

import time

import pytest
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.registry.actions.bulk import AT_MOST
from hutong.registry.models import Change, Child
from tests import factories as make
from tests.doors.family import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
BULK = reverse("desk:bulk")
SECONDS_OF_A_PAGE = 60  # on a machine shared by others; each file is tried for real


@pytest.fixture
def officer(signed_in):
    return signed_in(make.person("county_officer"))


def chosen(children) -> list[str]:
    return [child.file_number for child in children]


def place(**more) -> dict:
    return {"operation": "place", "place": make.NEXT_VILLAGE, "altering": "happened", "words": "", "try": "1"} | more


def test_many_files_are_checked_then_changed_once(officer):
    good, same = make.child(address=ADDRESS), make.child(living_code=make.NEXT_VILLAGE)
    there = make.child(living_code=make.VILLAGE_OF_NEXT_COUNTY)
    said = place(selected=chosen([good, same, there, good]))

    checked = officer.post(BULK, said)
    page = checked.content.decode()
    assert checked.status_code == 200 and not Change.objects.exists()
    assert (checked.context["possible"], len(checked.context["lines"])) == (1, 2)
    assert there.file_number not in page and ADDRESS not in page and good.id_number.open() not in page
    assert officer.post(BULK, said | {"checked": "1"}).url == reverse("desk:children")
    officer.post(BULK, said | {"checked": "1"})

    assert Change.objects.count() == 1
    good.refresh_from_db()
    there.refresh_from_db()
    assert good.living_code == make.NEXT_VILLAGE and there.living_code == make.VILLAGE_OF_NEXT_COUNTY


@pytest.mark.parametrize(
    "said, field",
    [
        ({"operation": "", "try": "1"}, "operation"),
        ({"operation": "burn", "try": "1"}, "operation"),
        (place(place=""), "place"),
        (place(altering=""), "altering"),
        ({"operation": "begin_category", "category": "x", "day": "x", "altering": "happened"}, "category"),
        ({"operation": "close", "leaving": "", "day": ""}, "leaving"),
    ],
)
def test_what_is_missing_is_said_and_the_chosen_stay_chosen(officer, said, field):
    child = make.child()

    answer = officer.post(BULK, said | {"selected": [child.file_number], "words": "照旧保留"})
    page = answer.content.decode()

    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert f'name="selected" value="{child.file_number}"' in page and "照旧保留" in page and 'role="alert"' in page


def test_the_way_back_keeps_what_was_typed(officer):
    child = make.child()

    back = officer.post(BULK, place(selected=[child.file_number], words="照旧保留", back="1", altering=""))

    assert back.status_code == 200 and "照旧保留" in back.content.decode()
    assert f'value="{make.NEXT_VILLAGE}"' in back.content.decode()


@pytest.mark.parametrize("selected", [[], ["64-0000-0000-0"], ["\0"], ["x" * 5000], ["'; --"]])
def test_nothing_that_is_there_is_nothing_chosen(officer, selected):
    answer = officer.post(BULK, place(selected=selected))

    assert answer.url == reverse("desk:children")
    assert officer.get(BULK).url == reverse("desk:children")


@pytest.mark.parametrize("role", ["village_director", "approver", "region_officer", "finance"])
def test_many_files_are_not_for_everybody(signed_in, role):
    child = make.child()
    client = signed_in(
        make.person(role, {"region_officer": "64", "village_director": make.VILLAGE}.get(role, "640122"))
    )

    assert client.post(BULK, place(selected=[child.file_number], checked="1")).status_code == 404
    assert not Change.objects.exists()


def test_a_supervisor_closes_no_files(signed_in):
    child = make.child()
    client = signed_in(make.person("township_supervisor", make.TOWNSHIP))
    said = {
        "operation": "close",
        "day": today().isoformat(),
        "leaving": "no_longer_fits",
        "selected": [child.file_number],
    }

    checked = client.post(BULK, said | {"try": "1"})
    client.post(BULK, said | {"checked": "1"})

    assert checked.context["possible"] == 0 and not Child.objects.filter(closed_on__isnull=False).exists()


@pytest.mark.slow
def test_five_hundred_are_checked_and_changed_and_no_more(officer):
    children = [make.child() for _ in range(AT_MOST + 1)]
    said = place(selected=chosen(children))

    begun = time.monotonic()
    checked = officer.post(BULK, said)
    took = time.monotonic() - begun
    done = officer.post(BULK, said | {"checked": "1"})

    assert checked.context["possible"] == len(checked.context["lines"]) == AT_MOST
    assert done.url == reverse("desk:children") and Change.objects.count() == AT_MOST
    assert Child.objects.filter(living_code=make.VILLAGE).get() == children[-1]
    assert took < SECONDS_OF_A_PAGE, f"{took:.1f} s"
