"""Agreements: what a guardian of the child signed, one of a kind at a time."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.protection.actions.agreeing import end_agreement, sign_agreement
from hutong.protection.models import GuardianshipAgreement
from hutong.protection.queries import agreement_of, agreements_of
from hutong.registry.actions.changes import JoinedFile
from tests.around import agreement
from tests.factories import BORN, COUNTY, NEXT_COUNTY, ON, TOWNSHIP, VILLAGE, child, guardian_of, kin, person
from tests.facts import evidence, joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


def signed(whose=None, by=None, **more):
    whose = whose or child()
    values = {"kind": "guardianship", "guardian": whose.guardians.first(), "signed_on": ON, "from_on": ON}
    return sign_agreement(by=by or person("township_supervisor", TOWNSHIP), child=whose, on=ON, **values | more)


def ended(one, by=None, until_on=ON):
    return end_agreement(by=by or person("county_officer"), agreement=one, until_on=until_on, on=ON)


def test_an_agreement_is_recorded_with_its_paper_and_ended():
    whose, supervisor = child(), person("township_supervisor", TOWNSHIP)
    paper = evidence(whose, kind="guardianship_agreement")
    made = signed(whose, supervisor, paper=paper, until_on=ON + 365 * DAY)
    assert (made.guardian, made.paper, made.division_code) == (whose.guardians.get(), paper, VILLAGE)
    assert ended(made).until_on == ON
    said = {"agreement": made.pk, "kind": "guardianship", "guardian": made.guardian_id}
    entries = TrailEntry.objects.filter(subject_key=whose.file_number).order_by("id")
    assert [(entry.act, entry.details) for entry in entries] == [("sign_agreement", said), ("end_agreement", said)]


def test_care_is_entrusted_to_the_person_entrusted():
    whose = child()
    entrusted = guardian_of(whose, kind="entrusted", guardian_name="柳安宁")
    own = whose.guardians.exclude(pk=entrusted.pk).get()
    for kind, guardian, why in (
        ("entrusted_care", own, "Enter them first"),
        ("guardianship", entrusted, "by the guardian"),
    ):
        with pytest.raises(Refused, match=why):
            signed(whose, kind=kind, guardian=guardian)
    assert signed(whose, kind="entrusted_care", guardian=entrusted).guardian == entrusted
    assert signed(whose, kind="guardianship", guardian=own).pk and signed(whose, kind="foster", guardian=own).pk


@pytest.mark.parametrize(
    ("role", "prefix"), [("village_director", VILLAGE), ("approver", COUNTY), ("county_officer", NEXT_COUNTY)]
)
def test_nobody_but_supervisors_and_officers_record_one(role, prefix):
    one, somebody = agreement(), person(role, prefix)
    for act in (lambda: signed(by=somebody), lambda: ended(one, somebody)):
        with pytest.raises(NotAllowed):
            act()
    assert GuardianshipAgreement.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "promise"}, "what was signed"),
        ({"signed_on": ON + DAY}, "in the future"),
        ({"from_on": BORN - DAY}, "not born yet"),
        ({"until_on": ON - DAY}, "before the first"),
    ],
)
def test_what_cannot_be_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        signed(**said)
    assert not GuardianshipAgreement.objects.exists()


def test_guardian_and_paper_are_the_childs_own():
    whose = child()
    with pytest.raises(Refused, match="guardian of this child"):
        signed(whose, guardian=child().guardians.get())
    right = {"kind": "guardianship_agreement"}
    for paper in (
        evidence(**right), evidence(whose), evidence(whose, kind="other", is_sealed=True),
        evidence(whose, withdrawn_on=ON, withdrawn_by=person(), withdrawn_why="重复", **right),
    ):  # fmt: skip
        with pytest.raises(Refused, match="papers of this child"):
            signed(whose, paper=paper)


def test_one_of_a_kind_holds_at_a_time():
    whose = child()
    first = signed(whose, from_on=ON - 10 * DAY, until_on=ON + 10 * DAY)
    for span in ({"from_on": ON}, {"from_on": ON - 20 * DAY}, {"from_on": ON - 20 * DAY, "until_on": ON - 10 * DAY}):
        with pytest.raises(Refused, match="holds already"):
            signed(whose, **span)
    assert signed(whose, from_on=ON - 20 * DAY, until_on=ON - 11 * DAY).pk
    assert signed(whose, from_on=ON + 11 * DAY).pk
    with pytest.raises(Refused, match="on that day or earlier"):
        ended(first, until_on=ON + 10 * DAY)
    with pytest.raises(Refused, match="before the first"):
        ended(first, until_on=ON - 11 * DAY)
    assert ended(first, until_on=ON + DAY).until_on == ON + DAY


def test_own_kin_and_closed_files_are_refused():
    supervisor, whose = person("township_supervisor", TOWNSHIP), child()
    kin(supervisor, name=whose.guardians.get().name)
    with pytest.raises(Refused, match="kin"):
        signed(whose, supervisor)
    with pytest.raises(Refused, match="closed"):
        signed(child(closed_on=ON, closed_reason="grown_up"))


def test_a_joined_file_is_read_with_the_leading_one_and_its_agreement_ends_there():
    leading, joined = child(), child()
    one = agreement(joined)
    joined_to(leading, joined)
    officer = person("county_officer")
    assert list(agreements_of(officer, leading, ON)) == [one]
    assert agreement_of(officer, leading, one.pk, on=ON) == one
    assert agreement_of(person("county_officer", NEXT_COUNTY), leading, one.pk, on=ON) is None
    with pytest.raises(JoinedFile):
        signed(joined)
    with pytest.raises(Refused, match="holds already"):
        signed(leading)
    assert ended(one, officer).until_on == ON
    assert signed(leading, guardian=joined.guardians.get(), from_on=ON + DAY).child == leading
