"""What holds of every amount, whatever the facts: sums, no debt, no double pay, and no clock."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.law.allowance import due_for
from hutong.law.arrears import answer_months
from hutong.law.entitlement import Entitlement, entitlement_of
from hutong.law.facts import AidFact, ChildFacts, CircumstanceFact, HoldingFact, ParentFact, PlacementFact, StudyFact
from hutong.law.months import Month, months_between
from hutong.law.parameters import FOLDER, Parameters, shipped
from hutong.law.rules import Rules

NINGXIA = Rules(shipped(), "640122000000")
MONTHS = months_between(Month(2023, 1), Month(2026, 12))

days = st.dates(date(2022, 1, 1), date(2027, 1, 1))
maybe_days = st.none() | days
months = st.sampled_from(MONTHS)
spans = {"from_on": maybe_days, "until_on": maybe_days}
fen = st.integers(0, 300_000)
holdings = st.builds(
    HoldingFact,
    category=st.sampled_from(["orphan_institution", "orphan_kin", "de_facto", "hiv", "left_behind"]),
    decided_on=maybe_days,
    from_month=st.none() | months,
    until_month=st.none() | months,
)
kinds = st.sampled_from(["dibao", "tekun", "disability_living", "disability_nursing", "other"])
aids = st.builds(AidFact, kind=kinds, fen_per_month=fen, **spans) | st.builds(
    AidFact, kind=kinds, household_fen_per_month=fen, members=st.integers(1, 9), **spans
)
circumstances = st.builds(CircumstanceFact, kind=st.sampled_from(["dead", "imprisoned", "drug_rehab"]), **spans)
children = st.builds(
    ChildFacts,
    birth_date=st.dates(date(2004, 1, 1), date(2026, 6, 1)),
    adopted_on=maybe_days,
    died_on=maybe_days,
    parents=st.lists(st.builds(ParentFact, role=st.just("father"), circumstances=st.tuples(circumstances)), max_size=2),
    holdings=st.lists(holdings, max_size=3).map(tuple),
    placements=st.lists(st.builds(PlacementFact, kind=st.sampled_from(["institution", "kin"]), **spans)).map(tuple),
    other_aid=st.lists(aids, max_size=3).map(tuple),
    study=st.lists(st.builds(StudyFact, level=st.sampled_from(["senior_high", "master"]), **spans)).map(tuple),
)
payments = st.dictionaries(months, fen, max_size=8)
asked = st.lists(months, min_size=1, max_size=6)


def entitled(child: ChildFacts) -> Entitlement:
    return entitlement_of(child, NINGXIA)


def total(child: ChildFacts, months_asked: list[Month], paid: dict[Month, int]) -> int:
    return sum(one.amount_fen for one in answer_months(entitled(child), months_asked, paid=paid))


@given(children, months, st.none() | st.integers(1, 31))
def test_lines_sum_to_what_is_due_and_it_is_never_negative(child, month, cut_off):
    due = due_for(entitled(child), month, cut_off=cut_off)

    assert due.lines
    assert sum(line.amount_fen for line in due.lines) == due.amount_fen >= 0
    assert all(line.text and line.citation.zh for line in due.lines)


@given(children, asked, payments)
def test_lines_sum_to_every_answer_and_it_is_never_negative(child, months_asked, paid):
    for one in answer_months(entitled(child), months_asked, paid=paid):
        assert sum(line.amount_fen for line in one.lines) == one.amount_fen >= 0
        assert all(proposal.amount_fen > 0 for proposal in one.proposals)


@given(children, months, payments)
def test_an_answer_is_month_by_month_what_is_left(child, month, paid):
    entitlement = entitled(child)
    before = months_between(min(entitlement.first or month, month), month.plus(-1))
    left = [max(0, due_for(entitlement, one).amount_fen - paid.get(one, 0)) for one in [*before, month]]

    assert answer_months(entitlement, [month], paid=paid)[0].amount_fen == sum(left)


@given(children, months, payments)
def test_what_was_answered_and_paid_is_not_answered_again(child, month, paid):
    entitlement = entitled(child)
    first = min(entitlement.first or month, month)
    settled = {one: max(paid.get(one, 0), due_for(entitlement, one).amount_fen) for one in months_between(first, month)}

    assert total(child, [month, month], paid) == total(child, [month], paid)
    assert total(child, [month], settled) == 0


@given(children, asked, payments)
def test_however_the_months_are_split_the_total_is_the_same(child, months_asked, paid):
    last = max(months_asked)

    assert total(child, months_asked, paid) == total(child, [last], paid)
    assert total(child, sorted(months_asked), paid) == total(child, sorted(months_asked, reverse=True), paid)


@given(children, months, payments)
def test_all_that_is_overpaid_is_proposed_once_and_netted_nowhere(child, month, paid):
    entitlement = entitled(child)
    answers = answer_months(entitlement, [month, month], paid=paid)
    dues = {one: due_for(entitlement, one) for one in paid if one <= month}
    over = {one: paid[one] - due.amount_fen for one, due in dues.items() if not due.is_open}

    assert {one.month: one.amount_fen for answer in answers for one in answer.proposals} == {
        one: fen for one, fen in over.items() if fen > 0
    }
    assert answers[1].proposals == ()


@given(children, months, aids)
def test_more_other_aid_never_raises_what_is_due_once_there_is_one_level(child, month, aid):
    more = replace(child, other_aid=(*child.other_aid, aid))

    assert due_for(entitled(more), month).amount_fen <= due_for(entitled(child), month).amount_fen


@settings(max_examples=30)
@given(child=children, month=months, low=fen, more=fen)
def test_a_higher_standard_never_pays_less(tmp_path_factory, child, month, low, more):
    dues = [due_for(entitlement_of(child, _paying(tmp_path_factory, one)), month) for one in (low, low + more)]

    assert dues[0].amount_fen <= dues[1].amount_fen


def _paying(tmp_path_factory, fen_per_month: int) -> Rules:
    folder = tmp_path_factory.mktemp("province")
    (folder / "99").mkdir()
    said = "zh: 某某, en: Something, unit: fen"
    (folder / "99" / "all.yaml").write_text(
        "".join(
            f"allowance_{one}: {{{said}, values: [{{from: 2010-01-01, value: {fen_per_month}, citation: default}}]}}\n"
            for one in ("institution", "scattered", "de_facto", "hiv")
        ),
        encoding="utf-8",
    )
    return Rules(Parameters(FOLDER, folder), "990000000000")


@given(children, asked, payments)
def test_what_was_looked_up_before_changes_nothing(child, months_asked, paid):
    fresh = entitlement_of(child, Rules(shipped(), "640122000000"))

    assert answer_months(fresh, months_asked, paid=paid) == answer_months(entitled(child), months_asked, paid=paid)


def test_no_rule_asks_what_time_it_is():
    law = Path(__file__).resolve().parents[2] / "hutong" / "law"

    for file in law.rglob("*.py"):
        written = file.read_text(encoding="utf-8")
        assert not any(word in written for word in ("today()", ".now(", "import time", "localtime")), file.name
