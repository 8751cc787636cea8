"""The bank: what every layout must do, from orders to bytes to the bank and back."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.gateways.bank.fake import ANSWERS, ARRIVED, FakeBank
from hutong.gateways.bank.returned import held_against, read_return
from hutong.gateways.bank.writing import written
from hutong.law.bank_results import PAID, UNSETTLED, bank_results
from tests.gateways.bank import EVERY, FILE, LATER, ON, file_of, order, read

NAMES = ["柳安宁", "阿依古丽·买买提", "马·伊卜拉欣", "㼆月", "𠮷野清", "𬱖安", "䶮和", "Liu Anning", "A·B"]
letters = st.one_of(
    st.sampled_from(NAMES),
    st.text(
        st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("·𠮷𬱖"), min_size=1, max_size=15
    ),
)
amounts = st.one_of(st.integers(1, 10_000_000), st.integers(1, 10**13))


@st.composite
def files(draw):
    said = draw(st.lists(st.tuples(letters, amounts), min_size=1, max_size=8))
    return file_of(*(order(at, holder=name, amount_fen=fen) for at, (name, fen) in enumerate(said, start=1)))


@pytest.fixture(params=EVERY)
def layout(request):
    return request.param


def there_and_back(layout, file, *, parts=1, **more):
    bank = FakeBank(layout, **more)
    taking = bank.take(written(layout, file), on=ON)
    return bank, [read(layout, content, file) for content in bank.returns(taking, on=LATER, parts=parts)]


@settings(max_examples=40, deadline=None)
@given(file=files())
@pytest.mark.parametrize("layout", EVERY)
def test_what_goes_out_comes_back_with_the_same_numbers_and_amounts(layout, file):
    bank, (returned,) = there_and_back(layout, file)
    assert (returned.file_number, returned.faults) == (FILE, ())
    assert [(one.number, one.amount_fen) for one in returned.results] == [
        (one.number, one.amount_fen) for one in file.orders
    ]
    assert all(one.is_paid and one.on == ON for one in returned.results)
    assert bank.ledger == {one.card: one.amount_fen for one in file.orders}


@settings(max_examples=40, deadline=None)
@given(file=files())
@pytest.mark.parametrize("layout", EVERY)
def test_the_bank_reads_each_name_as_it_was_written(layout, file):
    bank = FakeBank(layout)
    taking = bank.take(written(layout, file), on=ON)
    assert [(one.row["holder"], one.row["card"]) for one in taking.told] == [
        (one.holder, one.card) for one in file.orders
    ]


@settings(max_examples=20, deadline=None)
@given(file=files(), seed=st.randoms())
@pytest.mark.parametrize("layout", EVERY)
def test_the_same_orders_are_the_same_bytes_in_whatever_order_they_come(layout, file, seed):
    mixed = list(file.orders)
    seed.shuffle(mixed)
    assert written(layout, file) == written(layout, file_of(*mixed))


def test_each_failure_of_the_law_is_understood(layout):
    states = [code for code in ANSWERS if code not in UNSETTLED]
    orders = [order(at) for at, _state in enumerate(states)]
    fails = {one.card: state for one, state in zip(orders, states, strict=True)}
    bank, (returned,) = there_and_back(layout, file_of(*orders), fails=fails)
    assert [one.state for one in returned.results] == states
    assert [one.is_paid for one in returned.results] == [state == PAID for state in states]
    assert [(one.code, one.words) for one in returned.results] == [ANSWERS[state] for state in states]
    assert returned.faults == ()
    assert sum(bank.ledger.values()) == sum(one.amount_fen for one in orders if fails[one.card] in {PAID, *ARRIVED})


@pytest.mark.parametrize("state", sorted(UNSETTLED))
def test_what_is_not_settled_is_no_result(layout, state):
    file = file_of()
    _bank, (returned,) = there_and_back(layout, file, fails={file.orders[0].card: state})
    assert [one.number for one in returned.results] == [one.number for one in file.orders[1:]]
    assert [(one.code, one.number) for one in returned.faults] == [(f"result_{state}", file.orders[0].number)]


@pytest.mark.parametrize("state", sorted(ARRIVED))
def test_what_was_open_is_settled_later_and_was_paid_once(layout, state):
    file = file_of()
    bank = FakeBank(layout, fails={file.orders[0].card: state, file.orders[1].card: "dormant"})
    taking = bank.take(written(layout, file), on=ON)
    ledger = dict(bank.ledger)
    (content,) = bank.returns(bank.settled(taking), on=LATER)
    assert [one.state for one in read(layout, content, file).results] == ["paid", "dormant", "paid"]
    assert bank.ledger == ledger == {one.card: one.amount_fen for one in file.orders if one is not file.orders[1]}


def test_nothing_that_may_have_arrived_can_be_sent_again():
    states = bank_results(ON).states
    assert not any(states[state].is_retryable for state in ARRIVED)


def test_a_number_is_never_paid_twice(layout):
    content, file = written(layout, file_of()), file_of()
    bank = FakeBank(layout)
    first, second = bank.take(content, on=ON), bank.take(content, on=ON)
    again = bank.take(written(layout, file_of(*file.orders, number="F2")), on=ON)
    assert bank.ledger == {one.card: one.amount_fen for one in file.orders}
    for taking in (second, again):
        (answer,) = bank.returns(taking, on=ON)
        read_again = read_return(layout, answer, on=LATER)
        assert {one.state for one in read_again.results} == {"duplicate"}
    (answer,) = bank.returns(first, on=ON)
    assert all(one.is_paid for one in read(layout, answer, file).results)


def test_an_order_that_failed_is_paid_under_another_number(layout):
    bank = FakeBank(layout, fails={order().card: "bank_error"})
    bank.take(written(layout, file_of(order())), on=ON)
    assert not bank.ledger
    bank.fails.clear()
    anew = order(number="A202611000001R1")
    bank.take(written(layout, file_of(anew, number="F2")), on=LATER)
    assert (bank.ledger, bank.paid) == ({anew.card: anew.amount_fen}, {anew.number: anew.amount_fen})


def test_answers_come_late_in_parts_and_twice_and_say_the_same(layout):
    file, bank = file_of(*(order(at) for at in range(7))), FakeBank(layout, days=2)
    taking = bank.take(written(layout, file), on=ON)
    assert bank.returns(taking, on=ON + timedelta(1)) == ()
    parts = bank.returns(taking, on=LATER, parts=3)
    assert parts == bank.returns(taking, on=LATER, parts=3)
    read_parts = [read(layout, part, file) for part in parts]
    assert [fault for part in read_parts for fault in part.faults] == []
    assert [one.number for part in read_parts for one in part.results] == [one.number for one in file.orders]
    assert {one.on for part in read_parts for one in part.results} == {LATER}


def test_a_return_of_another_file_gives_nothing(layout):
    bank = FakeBank(layout)
    (content,) = bank.returns(bank.take(written(layout, file_of(number="F2")), on=ON), on=ON)
    returned = read(layout, content)
    assert (returned.file_number, returned.results) == ("F2", ())
    assert [(one.code, one.values) for one in returned.faults] == [("another_file", {"found": "F2", "file": FILE})]


def test_what_was_not_ordered_or_not_with_this_sum_is_not_taken(layout):
    bank = FakeBank(layout)
    more = file_of(order(1), order(2, amount_fen=1), order(9))
    (content,) = bank.returns(bank.take(written(layout, more), on=ON), on=ON)
    returned = held_against(
        read_return(layout, content, on=LATER),
        file_number=FILE,
        amounts={one.number: one.amount_fen for one in file_of().orders},
    )
    assert [one.number for one in returned.results] == [order(1).number]
    differs, unknown = returned.faults
    assert (differs.code, differs.number, differs.values) == (
        "amount_differs", order(2).number, {"ordered_fen": "120002", "found_fen": "1"},
    )  # fmt: skip
    assert (unknown.code, unknown.number) == ("unknown_number", order(9).number)


def test_the_bank_refuses_a_file_that_is_cut_or_changed(layout):
    content = written(layout, file_of())
    lines = content.split(b"\r\n")
    for wrong in (lines[:-2], lines[:1] + lines[2:]):
        with pytest.raises((ValueError, IndexError)):
            FakeBank(layout).take(b"\r\n".join(wrong), on=ON)
