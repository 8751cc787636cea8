"""Nobody acts in the affairs of their own family: not by entering, not by a workbook, not by answering for a move."""

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.registry.actions.admission import admit
from hutong.registry.actions.enrolling import enrol
from hutong.registry.actions.facts import record_fact
from hutong.registry.actions.moving import accept_move
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Child, ImportRow
from tests.factories import (
    NEXT_COUNTY,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    child,
    id_number,
    judged,
    kin,
    line,
    line_of,
    person,
    posting,
)
from tests.facts import joined_to, move, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]
NUMBER = id_number(at=7)


def relative(of, **more):
    """Somebody's declared kin, by number unless said otherwise."""
    sealed = {"id_number": NUMBER, "id_index": id_index(NUMBER)}
    return kin(of, **sealed | more)


def by_name(of, name):
    return kin(of, name=name)


def typed(**more):
    return {
        "name": "柳初晴", "sex": "2", "birth_date": "2016-05-04", "living_division": "640122100200",
        "no_id_reason": "户口待办", "guardian_name": "柳桂兰", "guardian_relation": "62",
    } | more  # fmt: skip


@pytest.mark.parametrize("declared", ["guardian", "name", "number"])
def test_nobody_enters_a_child_of_their_own(declared):
    officer, values = person("county_officer"), typed()
    if declared == "number":
        relative(officer)
        values |= {"guardian_id_number": NUMBER}
    else:
        by_name(officer, values["name"] if declared == "name" else values["guardian_name"])

    with pytest.raises(Refused, match="declared as kin"):
        enrol(by=officer, values=values, on=ON)
    assert not Child.objects.exists()
    assert enrol(by=person("county_officer"), values=values, on=ON).child


@pytest.mark.parametrize("whose", ["the importer's", "the approver's"])
def test_a_row_about_kin_waits_for_somebody_else_while_the_others_come_in(whose):
    importer, approver = person("county_officer"), person("approver")
    batch = judged([line(name="柳小满"), line()], by=importer)
    by_name(importer if whose == "the importer's" else approver, "柳小满")

    assert admit(by=approver, batch=batch, on=ON) == 1

    held = ImportRow.objects.get(batch=batch, verdict="possible")
    assert held.admitted_at is None and held.problems[-1]["code"] == "declared_kin"
    assert not Child.objects.filter(name="柳小满").exists()


def test_a_row_that_changes_a_child_of_the_family_waits_too_though_it_names_nobody():
    importer, approver, whose = person("county_officer"), person("approver"), child()
    mother = parent(whose, role="mother")
    batch = judged([line_of(whose, living_address="九组 9 号")], by=importer)
    by_name(approver, mother.name)

    assert admit(by=approver, batch=batch, on=ON, only=["changed"]) == 0
    assert ImportRow.objects.get(batch=batch).problems[-1]["code"] == "declared_kin"


def test_an_ended_declaration_holds_nobody_back():
    officer = person("county_officer")
    kin(officer, name="柳初晴", from_on=ON.replace(year=2020), until_on=ON.replace(year=2021))

    assert enrol(by=officer, values=typed(), on=ON).child


def test_two_postings_do_not_make_two_people():
    officer = person("county_officer")
    posting(officer, "village_director", VILLAGE)
    whose = child()
    relative(officer, id_number=whose.id_number, id_index=whose.id_index)

    with pytest.raises(Refused, match="declared kin"):
        record_fact(by=officer, child=whose, noun="study", values={}, revision=1, reason="happened", on=ON)


def test_the_guardian_of_a_joined_file_is_of_the_family():
    leading, joined, officer = child(), child(guardian={"guardian_name": "白玉兰"}), person("county_officer")
    joined_to(leading, joined)
    by_name(officer, "白玉兰")

    with pytest.raises(Refused, match="as kin"):
        record_fact(by=officer, child=leading, noun="study", values={}, revision=1, reason="happened", on=ON)


def test_nobody_takes_a_child_of_their_own_into_their_county():
    whose = child()
    offered = move(whose, to_code=VILLAGE_OF_NEXT_COUNTY, stage="offered")
    theirs = person("county_officer", NEXT_COUNTY)
    relative(theirs, relation="01", id_number=whose.id_number, id_index=whose.id_index)

    with pytest.raises(Refused, match="declared kin"):
        accept_move(by=theirs, move=offered, on=ON)
