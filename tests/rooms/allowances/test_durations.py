"""How long recognitions took: as each one's clock says, by part and by place, with the lines that make each figure."""

from datetime import date

import pytest

from hutong.allowances import durations
from hutong.allowances.actions import applying, checking, deciding
from hutong.allowances.cases import case_of, clock_of
from hutong.allowances.durations import Period
from hutong.allowances.models import Application
from hutong.law.days_used import Part
from tests.applications import ACCEPTED, CHECKED, DECIDED, Away, Office, unattended
from tests.factories import CITY, COUNTY, NEXT_COUNTY, TOWNSHIP, VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
QUARTER = Period.read("2026-Q2")


def lines_for(user, period: Period = QUARTER, **more):
    return durations.lines(durations.decided(user, period, on=DECIDED, **more))


def late(*, on: date = date(2026, 6, 30)):
    """One of the next township that the county decided late."""
    office = Office()
    office.director = person("village_director", VILLAGE_OF_NEXT_TOWNSHIP)
    office.acceptor, office.checker = (person("township_supervisor", VILLAGE_OF_NEXT_TOWNSHIP[:9]) for _at in range(2))
    made = office.checked(unattended(living_code=VILLAGE_OF_NEXT_TOWNSHIP))
    mark = case_of(made, on=on).mark
    deciding.confirm(by=office.approver, application=made, mark=mark, late_reason="等待答复", on=on)
    return Application.objects.get(pk=made.pk)


def test_figures_by_part_and_by_place():
    """By hand: accepted on Thursday 11 June, checked on Monday 15: two days; decided on Thursday 18: three days more;
    decided on Tuesday 30 June, with 19 to 21 June off: ten, of five."""
    office, officer = Office(), person("county_officer", COUNTY)
    for _at in range(2):
        office.confirmed()
    late()
    found = lines_for(officer)
    parts = {part: (one.count, one.median, one.most, one.in_time, one.late) for part, one in durations.by_part(found)}
    assert parts == {
        Part.TOWNSHIP: (3, 2, 2, 3, 0),
        Part.COUNTY: (3, 3, 10, 2, 1),
        Part.WHOLE: (3, 5, 12, 2, 1),
    }
    places = [(place, one.count, one.late) for place, one in durations.by_place(found, 9)]
    assert places == [(TOWNSHIP, 2, 0), (VILLAGE_OF_NEXT_TOWNSHIP[:9], 1, 1)]
    assert durations.by_place(found, 9)[0][1].share == 100


def test_each_figure_is_made_of_the_lines_of_its_list():
    office, officer = Office(), person("county_officer", COUNTY)
    office.confirmed(), late()
    found = lines_for(officer)
    for part, figure in durations.by_part(found):
        listed = {which: list(durations.chosen(found, part, is_late=which)) for which in (None, True, False)}
        assert [len(rows) for rows in listed.values()] == [figure.count, figure.late, figure.in_time]
    for place, figure in durations.by_place(found, 9):
        within = lines_for(officer, place=place)
        assert len(list(durations.chosen(within, Part.WHOLE))) == figure.count


def test_they_are_the_days_of_each_ones_clock():
    away, office, officer = Away(), Office(), person("county_officer", COUNTY)
    made = [away.told(away.confirmed(), on=date(2026, 6, 23)), office.confirmed(), office.refused()]
    paused = checking.ask_for_more(by=office.checker, application=office.accepted(), words="缺页", on=date(2026, 6, 12))
    found: dict[int, dict[str, tuple[int, int, bool]]] = {}
    for line in lines_for(officer):
        found.setdefault(line.application, {})[line.used.part] = (line.used.used, line.used.days, line.used.is_late)
    assert paused.pk not in found and set(found) == {one.pk for one in made}
    for one in made:
        clock = clock_of(one, on=date(2026, 7, 1))
        said = {str(leg.leg): (leg.used, leg.days, leg.is_late) for leg in clock.legs}
        assert found[one.pk] == said | {"whole": (clock.whole.used, clock.whole.days, clock.whole.is_late)}


def test_a_pause_is_not_counted():
    office, officer = Office(), person("county_officer", COUNTY)
    made = checking.ask_for_more(by=office.checker, application=office.accepted(), words="缺页", on=date(2026, 6, 12))
    made = durations_after_a_pause(office, made)
    (line,) = durations.chosen(lines_for(officer), Part.TOWNSHIP)
    assert (line.application, line.used.used) == (made.pk, 1)


def durations_after_a_pause(office: Office, made):
    """Papers asked for on Friday 12 June come on Wednesday 17: only the 12th counts."""
    back = date(2026, 6, 17)
    made = office.looked(applying.bring_papers(by=office.director, application=made, on=back), on=back)
    made = checking.check(by=office.checker, application=made, opinion="agrees", on=back)
    return office.decided(made)


def test_only_what_was_decided_in_the_period_and_in_ones_own_places():
    office = Office()
    made, officer = office.confirmed(), person("county_officer", COUNTY)
    office.checked()
    assert {line.application for line in lines_for(officer)} == {made.pk}
    assert not lines_for(officer, Period.read("2026-Q3")) and lines_for(officer, Period.read("2026-06"))
    assert not lines_for(person("county_officer", NEXT_COUNTY))
    assert not lines_for(person("township_supervisor", TOWNSHIP))
    assert lines_for(person("city_officer", CITY)) and lines_for(person("region_officer", "64"))
    assert not lines_for(officer, place=NEXT_COUNTY) and lines_for(officer, place=TOWNSHIP)


def test_few_questions_however_many(django_assert_max_num_queries):
    office, officer = Office(), person("county_officer", COUNTY)
    for _at in range(3):
        office.confirmed()
    with django_assert_max_num_queries(6):
        assert len(lines_for(officer)) == 9


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026-10"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026-Q3"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025"),
    ],
)
def test_a_period_is_a_month_a_quarter_or_a_year(text, first, last, before):
    period = Period.read(text)
    assert (period.days, str(period), str(period.before)) == ((first, last), text, before)
    assert Period.of(last, period.months) == period


@pytest.mark.parametrize("text", ["", "x", "2026-13", "2026-Q5", "2026-Q0", "26", "2026-11-01", "Q1", "2026-Q12"])
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match=r"."):
        Period.read(text)


def test_the_places_below_ones_own():
    officer = person("county_officer", COUNTY)
    asked = [
        (person("region_officer", "64"), ""),
        (person("city_officer", CITY), ""),
        (officer, ""),
        (officer, TOWNSHIP),
    ]
    assert [durations.next_length(user, place, on=ACCEPTED) for user, place in asked] == [4, 6, 9, 12]
    assert durations.next_length(person("region_officer", "64"), CITY, on=CHECKED) == 6
    assert VILLAGE.startswith(TOWNSHIP)


def test_a_confidential_application_is_counted_nowhere():
    office, officer = Office(), person("county_officer", COUNTY)
    made = office.confirmed()
    made.category, made.secret_basis, made.is_confidential = "orphan_kin", "orphan  ", True
    made.save()
    assert lines_for(officer) == []
