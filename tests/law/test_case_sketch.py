"""What a form shows of a case and writes into it: the facts that were typed, and what it does not show is kept."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.law.aid import AIDS
from hutong.law.case_sketch import FIELDS, MONTHS, NEW, PEOPLE, ROLES, SHOWN, drawn, shown
from hutong.law.case_text import added, cases_in, replaced
from hutong.law.cases import HELD, OF_CHILD, OF_PARENT, Case, WrongCase, read_cases
from hutong.law.circumstances import WITH_GRADE, WITH_REPORT
from hutong.law.disability import CLASSES
from hutong.law.facts import AidFact, CircumstanceFact, HoldingFact, ParentFact, PlacementFact, StudyFact
from hutong.law.months import Month, months_between
from hutong.law.placements import PLACEMENTS
from hutong.law.recognition import PAID, Outcome
from hutong.law.study import LEVELS

FILES = sorted((Path(__file__).parent / "cases").rglob("*.yaml"))
TEXTS = [file.read_text(encoding="utf-8") for file in FILES]
READABLE = [
    said
    for text in TEXTS
    for said, case in zip(cases_in(text), read_cases(text, name="a"), strict=True)
    if isinstance(case, Case)
]
EMPTY = dict.fromkeys((*FIELDS, *MONTHS), "") | {"place": "00", "birth_date": "2015-03-07"}
FULL = {
    "name": "one",
    "child": {"birth_date": "2015-03-07", "sex": "male", "circumstances": [{"kind": "hiv"}]},
    "parents": [
        {"role": "adoptive_mother"},
        {"role": "father", "circumstances": [{"kind": "dead"}, {"kind": "imprisoned"}, {"kind": "deported"}]},
    ],
    "months": ["2025-11", "2026-01"],
    "other_aid": [{"kind": "dibao", "fen_per_month": "100", "from": "2024-01-01"}, {"kind": "other"}],
    "expect": {"outcome": "refused", "also": ["hiv"], "2025-11": "5"},
    "cut_off": "15",
}


@pytest.mark.parametrize("case", READABLE, ids=[str(case.get("name")) for case in READABLE])
def test_what_is_not_touched_stays(case):
    assert drawn(shown(case), case) == case


def test_what_is_not_shown_is_kept():
    made = drawn(
        shown(FULL) | {"on": "2026-06-03", "father_1_from": "2020-01-01", "aid_own": "200", "outcome": ""}, FULL
    )

    father = {"role": "father", "circumstances": [{"kind": "dead", "from": "2020-01-01"}, *_of(FULL)[1:]]}
    assert made["parents"] == [{"role": "adoptive_mother"}, father]
    assert made["other_aid"] == [FULL["other_aid"][0] | {"fen_per_month": "200"}, {"kind": "other"}]
    assert made["expect"] == {"also": ["hiv"], "2025-11": "5"}
    assert (made["months"], made["cut_off"], made["child"]) == (FULL["months"], "15", FULL["child"])


def _of(case):
    return case["parents"][1]["circumstances"]


def test_what_is_cleared_goes():
    cleared = {"father_1_kind": "", "aid": "", "outcome": "", "first_month": "", "last_month": "", "child_1_kind": ""}
    made = drawn(shown(FULL) | cleared, FULL | {"expect": {"outcome": "refused"}})

    assert _of(made) == _of(FULL)[1:]
    assert made["other_aid"] == [{"kind": "other"}]
    assert not made.keys() & {"expect", "months"} and "circumstances" not in made["child"]


def test_another_kind_takes_nothing_along_that_does_not_belong_to_it():
    case = {
        "child": {},
        "parents": [{"role": "father", "circumstances": [{"kind": "severe_disability", "grade": "2"}]}],
    }

    assert _kinds(drawn(shown(case) | {"father_1_kind": "dead"}, case)) == [{"kind": "dead"}]
    assert drawn(shown(case), case) == case


def _kinds(case):
    return case["parents"][0]["circumstances"]


def test_a_parent_who_is_not_named_is_unknown_until_something_else_is_said():
    case = {"child": {"birth_date": "2015-03-07"}}
    said = shown(case)

    assert said["father_unknown"] == said["mother_unknown"] == "true"
    assert drawn(said | {"father_unknown": ""}, case)["parents"] == [{"role": "father"}]
    both = drawn(said | {"father_1_kind": "dead"}, case)["parents"]
    assert both == [{"role": "father", "circumstances": [{"kind": "dead"}], "unknown": "true"}]
    assert drawn(EMPTY | {"father_unknown": "true"})["parents"] == [
        {"role": "father", "unknown": "true"},
        NEW["parents"][1],
    ]


def _days() -> st.SearchStrategy[str]:
    return st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(str)


def _months() -> st.SearchStrategy[str]:
    return st.builds(Month, st.integers(2000, 2030), st.integers(1, 12)).map(str)


def _maybe(said: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | said


def _some(codes) -> st.SearchStrategy[str]:
    return _maybe(st.sampled_from(sorted(codes)))


@st.composite
def sketches(draw) -> dict[str, str]:
    """What a form may say of a new case, once it has been checked."""
    said = EMPTY | {
        "name": draw(st.text("甲乙:#-[]{}'\" a1", max_size=6)).strip(),
        "place": draw(st.sampled_from(["00", "64", "640122000000"])),
        "on": draw(_maybe(_days())),
        "birth_date": draw(_days()),
        "holding": draw(_some(HELD)),
        "placement": draw(_some(PLACEMENTS)),
        "aid": draw(_some(AIDS)),
        "study": draw(_some(LEVELS)),
        "outcome": draw(_some({one.value for one in Outcome})),
        "category": draw(_some(PAID)),
        "first_month": draw(_maybe(_months())),
    }
    said |= (
        {"last_month": str(Month.read(said["first_month"]).plus(draw(st.integers(0, 5))))}
        if said["first_month"]
        else {}
    )
    said |= {f"{role}_unknown": draw(_maybe(st.just("true"))) for role in ROLES}
    said |= {"decided_on": draw(_maybe(_days())), "from_month": draw(_maybe(_months()))} if said["holding"] else {}
    if said["aid"]:
        own = {"aid_own": draw(st.integers(0, 10**6).map(str))}
        household = {"aid_household": draw(st.integers(0, 10**6).map(str)), "aid_members": str(draw(st.integers(1, 9)))}
        said |= draw(st.sampled_from([own, household]))
    for person in PEOPLE:
        for number in SHOWN:
            said |= draw(_circumstance(f"{person}_{number}_", OF_CHILD if person == "child" else OF_PARENT))
    return said


@st.composite
def _circumstance(draw, row: str, kinds: frozenset[str]) -> dict[str, str]:
    kind = draw(_some(kinds))
    said = {"kind": kind}
    if kind:
        said |= {"from": draw(_maybe(_days())), "until": draw(_maybe(_days()))}
    if kind in WITH_GRADE:
        said |= {"grade": draw(_some("1234")), "class": draw(_some(CLASSES))}
    if kind in WITH_REPORT:
        said |= {"reported_on": draw(_maybe(_days()))}
    return {f"{row}{key}": value for key, value in said.items()}


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def _month(said: str) -> Month | None:
    return Month.read(said) if said else None


def _fen(said: str) -> int | None:
    return int(said) if said else None


def _circumstances(said: dict[str, str], person: str) -> tuple[CircumstanceFact, ...]:
    rows = [f"{person}_{number}_" for number in SHOWN if said[f"{person}_{number}_kind"]]
    return tuple(
        CircumstanceFact(
            kind=said[f"{row}kind"],
            from_on=_day(said[f"{row}from"]),
            until_on=_day(said[f"{row}until"]),
            grade=_fen(said[f"{row}grade"]),
            disability_class=said[f"{row}class"],
            reported_on=_day(said[f"{row}reported_on"]),
        )
        for row in rows
    )


def _facts_are_those_of(case: Case | WrongCase, said: dict[str, str]) -> None:
    assert isinstance(case, Case), case.why
    child = case.child
    assert (case.jurisdiction, case.on) == (said["place"].removeprefix("00"), _day(said["on"]))
    first, last = _month(said["first_month"]), _month(said["last_month"])
    assert case.months == (tuple(months_between(first, last)) if first and last else ())
    assert child.birth_date == _day(said["birth_date"])
    assert child.circumstances == _circumstances(said, "child")
    assert child.parents == tuple(
        ParentFact(role=role, is_unknown=bool(said[f"{role}_unknown"]), circumstances=_circumstances(said, role))
        for role in ROLES
    )
    held = HoldingFact(
        category=said["holding"], decided_on=_day(said["decided_on"]), from_month=_month(said["from_month"])
    )
    aid = AidFact(
        kind=said["aid"],
        fen_per_month=_fen(said["aid_own"]),
        household_fen_per_month=_fen(said["aid_household"]),
        members=_fen(said["aid_members"]),
    )
    assert child.holdings == ((held,) if said["holding"] else ())
    assert child.placements == ((PlacementFact(kind=said["placement"]),) if said["placement"] else ())
    assert child.other_aid == ((aid,) if said["aid"] else ())
    assert child.study == ((StudyFact(level=said["study"]),) if said["study"] else ())
    assert (case.expect or {}) == {key: said[key] for key in ("outcome", "category") if said[key]}


@given(sketches())
def test_what_was_typed_is_what_is_read(said):
    text = added("# ours\n- {name: before, child: {birth_date: 2015-03-07}}\n", drawn(said))

    _facts_are_those_of(read_cases(text, name="a")[1], said)


@given(sketches(), sketches())
def test_what_was_typed_over_a_case_is_what_is_read(said, again):
    before = drawn(said)
    text = added("", before)
    made = drawn(again, before)

    assert drawn(shown(before), before) == before
    _facts_are_those_of(read_cases(replaced(text, 0, made), name="a")[0], again)


@settings(max_examples=50)
@given(st.sampled_from(READABLE), sketches())
def test_any_case_takes_what_is_typed_and_is_read_again(case, said):
    made = drawn(said, case)

    (read,) = read_cases(added("", made), name="a")
    assert isinstance(read, Case), read.why
    assert read.child.birth_date == _day(said["birth_date"])
    assert {key: made[key] for key in ("death", "adoption", "cut_off", "paid") if key in made} == {
        key: case[key] for key in ("death", "adoption", "cut_off", "paid") if key in case
    }
