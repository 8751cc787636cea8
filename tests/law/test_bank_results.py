"""What banks answer: the state that is meant, and that nothing which may have arrived is sent again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.bank_results import OTHER, PAID, UNCLEAR, UNSETTLED, Need, bank_results, state_of

ON = date(2026, 11, 24)
STATES = bank_results(ON).states

SAID = [
    ("0000", "交易成功", "paid"),
    ("00", "", "paid"),
    ("", "成功", "paid"),
    ("", " 已入账 ", "paid"),
    ("1", "处理成功", "paid"),
    ("", "户名不符", "name_mismatch"),
    ("", "收款人户名与账号不一致", "name_mismatch"),
    ("RJ02", "", "name_mismatch"),
    ("E1", "证件号码不符", "name_mismatch"),
    ("", "账户已销户", "account_closed"),
    ("", "卡号不存在", "card_not_found"),
    ("14", "", "card_not_found"),
    ("rj01", "", "card_not_found"),
    ("", "无此账号", "card_not_found"),
    ("", "账户已冻结", "account_frozen"),
    ("", "账户状态不正常", "account_frozen"),
    ("", "全额止付", "account_frozen"),
    ("41", "", "card_lost"),
    ("", "账户已挂失", "card_lost"),
    ("", "卡已过期", "card_expired"),
    ("", "久悬户", "dormant"),
    ("", "睡眠账户，不可入账", "dormant"),
    ("", "身份证件已过期", "identity_expired"),
    ("", "超过年累计限额", "limit"),
    ("", "超出单日入账金额", "limit"),
    ("", "付款账户余额不足", "payer_balance"),
    ("", "联行号有误", "bank_unreachable"),
    ("", "客户已死亡", "holder_died"),
    ("", "系统异常", "bank_error"),
    ("", "处理中心系统故障", "bank_error"),
    ("", "交易超时", "uncertain"),
    ("68", "", "uncertain"),
    ("94", "", "duplicate"),
    ("", "重复的指令", "duplicate"),
    ("", "银行处理中", "pending"),
    ("", "已受理", "pending"),
    ("", "交易失败", "other"),
    ("Z9", "见柜面通知", "other"),
    ("Z9", "", "other"),
]


@pytest.mark.parametrize(("code", "words", "state"), SAID)
def test_what_a_bank_says_is_a_state(code, words, state):
    assert state_of(code, words, on=ON).code == state


@pytest.mark.parametrize("words", ["未成功", "不成功", "交易成功率", "处理成功后退回"])
def test_what_only_sounds_like_success_is_none(words):
    assert state_of("", words, on=ON).code != PAID


@pytest.mark.parametrize(
    ("code", "words"), [("0000", "户名不符"), ("14", "交易成功"), ("0000", "见柜面通知"), ("00", "交易超时")]
)
def test_code_and_words_that_contradict_each_other_are_unclear(code, words):
    assert state_of(code, words, on=ON).code == UNCLEAR


@pytest.mark.parametrize(
    ("code", "words", "state"),
    [("68", "系统异常", "uncertain"), ("14", "户名不符", "name_mismatch"), ("41", "账户冻结", "account_frozen")],
)
def test_of_two_failures_the_more_careful_counts_and_of_two_alike_the_words(code, words, state):
    assert state_of(code, words, on=ON).code == state


def test_full_width_and_spaced_words_are_the_same():
    assert state_of("００００", "交 易 成 功", on=ON).code == PAID
    assert state_of("", "户 名　不 符", on=ON).code == "name_mismatch"


def test_each_state_says_what_to_do_in_both_languages_and_asks_for_one_thing():
    for state in STATES.values():
        assert state.title_zh and state.title_en and state.action_zh.endswith("。") and state.action_en.endswith(".")
        asked = (state.is_retryable, state.needs_card, state.needs_person)
        assert sum(asked) == (state.code != PAID)
    assert [code for code, state in STATES.items() if state.is_retryable] == ["payer_balance", "bank_error"]
    assert {"account_closed", "name_mismatch", "card_not_found", "card_lost"} <= {
        code for code, state in STATES.items() if state.needs_card
    }


def test_every_state_but_those_that_are_concluded_can_be_said_by_a_bank():
    told = {state_of(code, words, on=ON).code for code, words, _state in SAID}
    assert told == set(STATES) - {UNCLEAR}
    assert {OTHER, UNCLEAR, *UNSETTLED} <= set(STATES)


def test_no_code_means_two_states_and_none_lets_a_payment_be_sent_again():
    codes = [code for state in STATES.values() for code in state.codes]
    assert len(codes) == len(set(codes))
    assert not any(state.codes for state in STATES.values() if state.is_retryable)


@given(st.text(max_size=12), st.text(max_size=12))
def test_only_words_of_the_list_let_a_payment_count_or_be_sent_again(code, words):
    state = state_of(code, words, on=ON)
    if state.need in (Need.NONE, Need.RETRY):
        assert any(pattern.search("".join(words.split())) for pattern in state.words) or (
            state.code == PAID and not words.strip()
        )


def test_the_table_is_provisional_and_begins_on_a_day():
    assert bank_results(ON).citation.instrument.is_provisional
    assert bank_results(date(2020, 1, 1)).from_on == date(2020, 1, 1)
    with pytest.raises(LookupError, match="2019"):
        bank_results(date(2019, 12, 31))
    with pytest.raises(LookupError):
        state_of("", "成功", on=date(2019, 12, 31))
