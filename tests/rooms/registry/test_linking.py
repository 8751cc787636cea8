"""Files that may be one child's are found in a sheet, while a child is typed in, after an admission, and at night."""

from datetime import date

import pytest

from hutong.kit.cipher import Sealed, keys, put_in_force
from hutong.kit.staging import Severity, Verdict
from hutong.registry import alike as of_register
from hutong.registry.actions import admission, enrolling, linking, withdrawal
from hutong.registry.actions.comparing import say_different
from hutong.registry.alike import alike, records
from hutong.registry.intake import judge
from hutong.registry.intake.judge import id_index
from hutong.registry.intake.likeness import record_of
from hutong.registry.linkage.model import Model
from hutong.registry.models import Child, LinkageKey, Pair
from hutong.registry.models.pair import Origin
from tests.factories import (
    BORN,
    COUNTY,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    admitted,
    child,
    id_number,
    judge_rows,
    judged,
    line,
    person,
)
from tests.facts import joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
PHONE, OTHER_PHONE = "19900000001", "19900000002"
KNOWN = {"name": "柳雨婷", "guardian": {"guardian_name": "马桂英", "phone": PHONE}}
LIKE = {"name": "柳雨亭", "guardian_name": "马桂英", "guardian_phone": PHONE}
ID_NUMBER = Child._meta.get_field("id_number")
NO_NUMBER = {"id_number": None, "no_id_reason": "户口待办"}


def known(**more) -> Child:
    return child(**KNOWN | more)


def slipped(number: str) -> str:
    """The number with one digit of its birth date another."""
    return number[:13] + str((int(number[13]) + 1) % 10) + number[14:]


def found(said: dict[str, str], *, least: float = 0.5) -> list[int]:
    values = {"sex": "2", "birth_date": BORN.isoformat(), "living_division": VILLAGE} | said
    return [one.child for one in alike([record_of("1", values)], least=least)]


def problems(row) -> list[tuple[str, str]]:
    return [(problem.code, problem.column) for problem in row.problems]


def test_a_number_is_kept_as_cuts_of_which_one_slip_leaves_one():
    one = known()
    assert linking.refresh_keys() == 1
    assert LinkageKey.objects.filter(child=one).count() == 3
    assert one.pk in found({"name": "杨一诺", "id_number": slipped(one.id_number.open())}, least=0.0)
    assert linking.refresh_keys() == 0


def test_a_child_without_a_number_has_no_keys():
    known(id_number="")
    assert linking.refresh_keys() == 0
    assert not LinkageKey.objects.exists()


def test_keys_follow_a_number_that_is_mended():
    one = known()
    linking.refresh_keys()
    before = set(map(bytes, LinkageKey.objects.values_list("key", flat=True)))
    number = id_number(date(2016, 1, 5), region="0399")
    Child.objects.filter(pk=one.pk).update(id_number=Sealed(ID_NUMBER.seal(number), ""), id_index=id_index(number))
    assert linking.refresh_keys() == 1
    assert not before & set(map(bytes, LinkageKey.objects.filter(child=one).values_list("key", flat=True)))


def test_keys_are_made_anew_under_another_index_key(tmp_path, settings):
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    one = known()
    linking.refresh_keys()
    put_in_force(put_in_force(keys().with_index_key()).indexing_by_the_youngest())
    Child.objects.get(pk=one.pk).save()
    assert linking.refresh_keys() == 1
    assert {bytes(key)[:1] for key in LinkageKey.objects.values_list("key", flat=True)} == {keys().index_mark}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("name of the same sound, same day", {"name": "柳雨亭", "guardian_name": "马桂英"}),
        ("another day, same name", {"name": "柳雨婷", "birth_date": "2015-07-03", "guardian_phone": PHONE}),
        (
            "another name and day, same telephone",
            {"name": "柳玉婷", "birth_date": "2015-07-03", "guardian_phone": PHONE},
        ),
    ],
)
def test_a_file_is_looked_at_by_what_it_shares(where, said):
    one = known(birth_date=date(2015, 3, 7), id_number="")
    assert one.pk in found({"birth_date": "2015-03-07"} | said, least=0.0), where


def test_a_child_by_another_spelling_is_held_back_and_the_others_come_in():
    one = known(id_number="")
    batch = judged([line(**LIKE, **NO_NUMBER), line(), line()], by=person("county_officer"))
    held = batch.rows.get(verdict=Verdict.POSSIBLE)
    assert (held.number, held.child) == (2, one)
    assert admission.admit(by=person("approver"), batch=batch, on=ON) == 2


def test_twins_and_namesakes_of_other_numbers_come_in():
    one = known()
    twin = line(name="柳雨欣", guardian_name="马桂英", guardian_phone=PHONE, id_number=id_number(at=400))
    namesake = line(name=one.name, guardian_name="丁秀兰", guardian_phone=OTHER_PHONE, birth_date="2016-01-05")
    batch = judged([twin, namesake], by=person("county_officer"))
    assert [row.verdict for row in batch.rows.order_by("number")] == [Verdict.NEW, Verdict.NEW]


def test_of_a_child_of_another_county_nothing_is_told():
    known(id_number="", living_code=VILLAGE_OF_NEXT_COUNTY)
    batch = judged([line(**LIKE, **NO_NUMBER)], by=person("county_officer"))
    row = batch.rows.get()
    assert (row.verdict, row.child, row.problems) == (Verdict.NEW, None, [])


def test_a_row_like_one_before_it_is_shown_and_comes_in():
    first = line(name="柳雨婷", guardian_name="马桂英", guardian_phone=PHONE)
    rows = judge_rows([first, line(), line(**LIKE, **NO_NUMBER)])
    assert [row.verdict for row in rows] == [Verdict.NEW] * 3
    assert [problems(row) for row in rows] == [[], [], [("alike_in_sheet", "name")]]
    assert (rows[2].problems[0].severity, rows[2].problems[0].values) == (Severity.WARNING, {"row": "2"})


def test_rows_of_one_sheet_are_compared_however_far_apart_they_are(monkeypatch):
    monkeypatch.setattr(judge, "SLICE", 2)
    first = line(name="柳雨婷", guardian_name="马桂英", guardian_phone=PHONE)
    batch = judged([first, *(line() for _ in range(6)), line(**LIKE, **NO_NUMBER)], by=person("county_officer"))
    said = {row.number: row.problems for row in batch.rows.all()}
    assert {number for number, problems in said.items() if problems} == {9}
    assert [(one["code"], one["severity"], one["values"]) for one in said[9]] == [
        ("alike_in_sheet", Severity.WARNING, {"row": "2"})
    ]
    assert batch.counts["new"] == 8


def test_a_row_that_is_in_the_register_already_is_no_likeness_in_the_sheet():
    known(id_number="")
    rows = [line(**LIKE, **NO_NUMBER), line(**LIKE | {"name": "柳雨婷"}, **NO_NUMBER)]
    batch = judged(rows, by=person("county_officer"))
    assert not [one for row in batch.rows.all() for one in row.problems if one["code"] == "alike_in_sheet"]


def test_twins_in_a_sheet_are_not_taken_for_one():
    rows = judge_rows(
        [
            line(name=name, guardian_name="马桂英", guardian_phone=PHONE, id_number=id_number(at=at, region="0311"))
            for at, name in enumerate(("柳雨婷", "柳雨亭"))
        ]
    )
    assert [(row.verdict, row.problems) for row in rows] == [(Verdict.NEW, [])] * 2


def test_questions_do_not_grow_with_the_rows(django_assert_max_num_queries):
    for _ in range(20):
        known(id_number="")
    rows = [record_of(str(at), {**LIKE, "sex": "2", "birth_date": BORN.isoformat(), "living_division": VILLAGE})
            for at in range(40)]  # fmt: skip
    of_register.model_of_register()
    with django_assert_max_num_queries(3):
        assert list(alike(rows, least=0.5))


def test_whoever_types_a_child_in_is_asked_first():
    one, officer = known(id_number=""), person("county_officer")
    with pytest.raises(enrolling.MayBeThere) as asked:
        enrolling.enrol(by=officer, values=line(**LIKE, **NO_NUMBER), on=ON)
    assert asked.value.file_number == one.file_number
    enrolling.enrol(by=officer, values=line(**LIKE, **NO_NUMBER), is_another=True, on=ON)
    assert Child.objects.filter(name="柳雨亭").exists()


def test_at_night_the_whole_register_is_looked_through():
    one, other, alone = known(), known(name="柳雨亭", id_number=""), child()
    far = known(name="柳雨婷", id_number="", living_code=VILLAGE_OF_NEXT_COUNTY)
    linking.find_in_register(on=ON)
    asked = {(pair.first_id, pair.second_id) for pair in Pair.objects.all()}
    assert {(one.pk, other.pk), (one.pk, far.pk)} <= asked
    assert not any(alone.pk in pair for pair in asked)
    pair = Pair.objects.get(first=one, second=other)
    assert (pair.origin, pair.state) == (Origin.NIGHTLY, "open")
    assert {"name", "birth_date", "guardian_phone"} <= {step["field"] for step in pair.waterfall}
    assert "柳" not in str(pair.waterfall)
    assert pair.weight == pytest.approx(sum(step["weight"] for step in pair.waterfall))


def test_at_night_files_of_different_slices_are_compared_and_those_that_are_joined_left_out(monkeypatch):
    one, other, joined = known(), known(name="柳雨亭", id_number=""), known(name="柳雨婷", id_number="")
    joined_to(one, joined)
    children = [known(birth_date=date(2016, 1, at), name="杨一诺") for at in range(1, 6)]
    last = known(name="杨一诺", birth_date=date(2016, 1, 5), id_number="")
    expected = Model.load().pairs(records(Child.objects.filter(canonical__isnull=True)), Model.load().costs.ask)
    monkeypatch.setattr(linking, "SLICE", 2)
    assert linking.find_in_register(on=ON) == len(expected) > 1
    pairs = {(pair.first_id, pair.second_id): pair for pair in Pair.objects.filter(state="open")}
    assert {(one.pk, other.pk), (children[-1].pk, last.pk)} <= pairs.keys()
    assert not any(joined.pk in pair for pair in pairs)
    assert sorted(pair.probability for pair in pairs.values()) == pytest.approx(
        sorted(pair.probability for pair in expected)
    )


def test_what_was_answered_is_not_asked_again_at_night():
    one, other = known(), known(name="柳雨亭", id_number="")
    linking.find_in_register(on=ON)
    say_different(by=person("county_officer"), pair=Pair.objects.get(), reason="twins", on=ON)
    assert linking.find_in_register(on=ON) == 0
    assert Pair.objects.get(first=one, second=other).state == "different"


@pytest.fixture
def whose_names_count(monkeypatch):
    """As if four children were a large register; asked anew in each test."""
    monkeypatch.setattr(of_register, "ENOUGH", 4)
    of_register._model_of_day.cache_clear()
    yield
    of_register._model_of_day.cache_clear()


def test_the_names_of_a_register_of_enough_children_count(whose_names_count):
    for _ in range(3):
        known(id_number="")
    assert of_register.model_of_register() is Model.load()
    of_register._model_of_day.cache_clear()
    joined_to(known(name="杨一诺"), known())
    model = of_register.model_of_register()
    assert (model.frequencies.register.size, model.frequencies.register.counts.tolist()) == (4, [3])
    assert of_register.model_of_register() is model


def test_a_name_that_many_in_the_register_have_says_less(whose_names_count):
    one = known(id_number="", guardian=None)
    said = record_of("1", {"name": one.name, "sex": "2", "birth_date": BORN.isoformat(), "living_division": VILLAGE})
    before = next(alike([said], least=0.0)).probability
    of_register._model_of_day.cache_clear()
    for _ in range(40):
        known(id_number="", guardian=None, birth_date=date(2012, 5, 6), living_code=VILLAGE_OF_NEXT_COUNTY)
    after = {found.child: found.probability for found in alike([said], least=0.0)}
    assert 1 - after[one.pk] > 3 * (1 - before)


def test_a_pair_keeps_whose_names_counted(whose_names_count):
    for _ in range(4):
        known(id_number="", living_code=VILLAGE_OF_NEXT_COUNTY)
    linking.find_in_batch(admitted([line(**LIKE, **NO_NUMBER)]), on=ON)
    versions = {pair.model_version for pair in Pair.objects.all()}
    assert versions == {of_register.model_of_register().version} != {Model.load().version}
    linking.find_in_register(on=ON)
    assert Model.load().version in {pair.model_version for pair in Pair.objects.all()}


def test_after_an_admission_its_children_are_looked_for_in_all_places():
    far = known(id_number="", living_code=VILLAGE_OF_NEXT_COUNTY)
    batch = admitted([line(**LIKE, **NO_NUMBER), line()])
    assert linking.find_in_batch(batch, on=ON) == 1
    pair = Pair.objects.get()
    assert {pair.first_id, pair.second_id} == {far.pk, Child.objects.get(name="柳雨亭").pk}
    assert (pair.origin, pair.origin_key) == (Origin.IMPORT, str(batch.pk))


def test_a_batch_whose_children_have_keys_and_pairs_can_be_withdrawn():
    known(id_number="", living_code=VILLAGE_OF_NEXT_COUNTY)
    batch = admitted([line(**LIKE, **NO_NUMBER), line()])
    linking.find_in_batch(batch, on=ON)
    counts = withdrawal.withdraw(by=person("approver"), batch=batch, on=ON)
    assert (counts["removed"], counts["left"]) == (2, 0)
    assert not LinkageKey.objects.exists()


def test_a_record_of_a_file_says_what_its_row_said():
    row = line(**LIKE)
    admitted([row])
    made = records(Child.objects.filter(name="柳雨亭"))[0]
    assert made._replace(key="") == record_of("", judge_rows([row])[0].values)
    assert made.living_division.startswith(COUNTY)
