"""Standards of an office on top of what came with the product: by day, by place, and against a naive model."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.law.allowance import due_for
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.law.standards import SCHEMES, LocalStandard, giving_way, lower_than, overlaid

PREFIXES = ["64", "6401", "640121", "640122", "640302", "62"]
MONTHS = [Month(2019, 1).plus(at) for at in range(0, 110)]


def standard(
    prefix="640122", scheme="scattered", from_on=date(2026, 7, 1), until_on=None, fen=180_000
) -> LocalStandard:
    return LocalStandard(
        scheme=scheme, prefix=prefix, from_on=from_on, until_on=until_on, amount_fen=fen,
        number="贺民发〔2026〕演1号", title="关于提高标准的通知",
    )  # fmt: skip


def amount(parameters, day, place="640122000000", code="allowance_scattered"):
    found = Rules(parameters, place).find(code, day)
    return found and found.value


def test_a_countys_standard_holds_for_its_days_and_gives_way_afterwards():
    held = overlaid(shipped(), [standard(until_on=date(2026, 9, 30))])
    days = {
        date(2026, 6, 30): 164_000,
        date(2026, 7, 1): 180_000,
        date(2026, 9, 30): 180_000,
        date(2026, 10, 1): 164_000,
    }
    assert {day: amount(held, day) for day in days} == days
    assert amount(held, date(2026, 8, 1), "640121000000") == 164_000
    assert amount(held, date(2026, 8, 1), "64") == 164_000
    assert amount(shipped(), date(2026, 8, 1)) == 164_000


def test_the_document_is_what_an_amount_rests_on():
    rules = Rules(overlaid(shipped(), [standard()]), "640122000000")
    child = ChildFacts(
        birth_date=date(2015, 1, 1), holdings=(HoldingFact(category="orphan_kin", decided_on=date(2024, 1, 1)),)
    )
    due = due_for(entitlement_of(child, rules), Month(2026, 8))
    assert due.amount_fen == 180_000 and (due.category, due.paid_as) == ("orphan_kin", "orphan_kin")
    assert due.lines[0].citation.zh == "《关于提高标准的通知》（贺民发〔2026〕演1号）"
    assert "自2026-07-01起执行" in due.lines[0].text and not due.lines[0].citation.is_provisional


def test_a_standard_at_a_place_counts_before_the_folder_of_that_place():
    held = overlaid(shipped(), [standard("64", until_on=date(2026, 8, 31))])
    assert amount(held, date(2026, 8, 1)) == 180_000 and amount(held, date(2026, 9, 1)) == 164_000


def test_who_is_paid_by_reference_follows_and_no_second_level_stays():
    held = overlaid(shipped(), [standard(), standard(scheme="de_facto", from_on=date(2020, 7, 1), fen=60_000)])
    assert amount(held, date(2026, 8, 1), code="allowance_hiv") == 180_000
    rules = Rules(held, "640122000000")
    poor = ChildFacts(
        birth_date=date(2015, 1, 1),
        holdings=(HoldingFact(category="de_facto", decided_on=date(2019, 1, 1)),),
        other_aid=(AidFact(kind="dibao", fen_per_month=10_000),),
    )
    due = due_for(entitlement_of(poor, rules), Month(2020, 8))
    assert due.lines[0].amount_fen == 60_000
    assert amount(shipped(), date(2020, 8, 1), code="allowance_de_facto_poor") == 93_700


def test_titles_never_tell_who_is_paid_by_reference():
    for said in SCHEMES.values():
        assert "艾滋" not in said.zh and "HIV" not in said.en


def test_an_open_one_ends_the_day_before_the_next_begins_and_no_other_does():
    old, other = standard(), standard("6401")
    limited, new = standard(scheme="institution", until_on=date(2026, 12, 31)), standard(from_on=date(2027, 1, 1))
    assert list(giving_way([old, other, limited], new)) == [replace(old, until_on=date(2026, 12, 31)), other, limited]
    assert list(giving_way([old], old)) == [old]


def test_lower_than_above_and_than_before():
    above, before = lower_than(shipped(), standard(fen=150_000))
    assert above and before and above.value == before.value == 164_000
    assert lower_than(shipped(), standard(fen=164_000)) == (None, None)
    held = overlaid(shipped(), [standard(from_on=date(2026, 3, 1), fen=200_000)])
    above, before = lower_than(held, standard(fen=190_000))
    assert above is None and before and before.value == 200_000
    assert lower_than(shipped(), standard("64", fen=150_000))[0] is None
    assert lower_than(shipped(), standard("62", fen=1)) == (None, None)


def not_overlapping(rows: list[LocalStandard]) -> list[LocalStandard]:
    kept: list[LocalStandard] = []
    for row in rows:
        same = [one for one in kept if (one.scheme, one.prefix) == (row.scheme, row.prefix)]
        last = row.until_on or date.max
        if all(last < one.from_on or row.from_on > (one.until_on or date.max) for one in same):
            kept.append(row)
    return kept


@st.composite
def rows(draw):
    first = draw(st.sampled_from(MONTHS))
    length = draw(st.none() | st.integers(0, 30))
    return standard(
        draw(st.sampled_from(PREFIXES)),
        draw(st.sampled_from([*SCHEMES])),
        first.first,
        first.plus(length).last if length is not None else None,
        draw(st.integers(1, 400_000)),
    )


def naive(rows: list[LocalStandard], scheme: str, place: str, day: date) -> int | None:
    """Place by place upwards: a row of the day, else the folder's value; nothing where neither says anything."""
    for length in (6, 4, 2, 0):
        for row in rows:
            if (row.scheme, row.prefix) == (scheme, place[:length]) and row.holds_on(day):
                return row.amount_fen
        own = [one for one in shipped() if one.code == SCHEMES[scheme].code and one.jurisdiction == place[:length]]
        if own and own[0].on(day):
            return own[0].on(day).value
    return None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(rows(), max_size=12).map(not_overlapping),
    st.sampled_from([*SCHEMES]),
    st.sampled_from(["640121", "640122", "640302", "6401", "64", "62", "620102"]),
    st.integers(0, 3650),
)
def test_every_answer_is_the_naive_one(held, scheme, place, days):
    day = date(2018, 6, 1) + timedelta(days=days)
    found = amount(overlaid(shipped(), held), day, place.ljust(12, "0"), SCHEMES[scheme].code)
    assert found == naive(held, scheme, place, day)
