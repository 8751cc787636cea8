"""`hutong run` and `hutong explain`, as scripts rely on them."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from hutong.accounts.queries import looks
from hutong.console.main import app
from hutong.console.printing import Refusal
from tests import factories as make
from tests.payments import Office, paid_child

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


@pytest.fixture(autouse=True)
def today(settings):
    settings.TODAY = date(2026, 11, 24)


def hutong(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def answered(*arguments):
    return json.loads(hutong(*arguments, "--json").stdout)


def refused(*arguments) -> Refusal:
    error = hutong(*arguments).exception
    assert isinstance(error, Refusal)
    return error


def test_a_run_is_prepared_and_says_who_waits():
    office, waits = Office(), paid_child(card=False)
    paid_child()
    said = answered("run", "2026-11", "--division", make.COUNTY, "--by", office.payer.username)

    assert (said["lines"], said["total_fen"], said["compared_with_last_month"]) == (1, 164000, None)
    assert said["held"] == [{"child": waits.file_number, "month": "2026-11", "reason": "no_payee"}]
    assert (
        waits.file_number in hutong("run", "2026-11", "--division", make.COUNTY, "--by", office.payer.username).stdout
    )


def test_the_month_before_is_compared():
    office, child = Office(), paid_child()
    office.funded()
    office.approved()
    new = paid_child(since=date(2026, 11, 10))
    said = answered("run", "2026-12", "--division", make.COUNTY, "--by", office.payer.username)
    compared = said["compared_with_last_month"]

    assert compared["month"] == "2026-11" and compared["total_fen"] == 164000
    assert compared["added"] == [{"child": new.file_number, "amount_fen": 164000}]
    assert compared["dropped"] == compared["changed"] == [] and child


def test_a_wrong_call_is_one_sentence():
    office = Office()
    assert refused("run", "2026-13", "--division", make.COUNTY, "--by", office.payer.username).status == 2
    assert refused("run", "2026-11", "--division", "", "--by", office.payer.username).status == 2
    assert refused("run", "2026-11", "--division", make.COUNTY, "--by", "nobody").status == 2
    assert refused("run", "2026-11", "--division", make.COUNTY, "--by", office.finance.username).status == 1
    assert refused("explain", "64-0000-0000-0", "2026-11").status == 2
    assert refused("explain", paid_child().file_number, "November").status == 2


def test_a_month_is_explained_with_facts_rule_and_sum():
    office, child = Office(), paid_child()
    office.funded()
    office.approved()
    said = answered("explain", child.file_number, "2026-11")

    assert said["amount_fen"] == 164000
    (line,) = said["lines"]
    assert line["rule"][0]["code"] == "standard" and line["rule"][0]["citation"]
    assert sum(one["amount_fen"] for one in line["rule"]) == 164000
    assert line["facts"]["holdings"] == [{"category": "de_facto"}] and line["attempts"][0]["state"] == "to_send"
    assert "1640元" in hutong("explain", child.file_number, "2026-11").stdout
    assert looks("child", child.file_number).count() == 2


def test_whoever_may_not_see_the_child_learns_nothing():
    office, child = Office(), paid_child()
    office.prepared()
    stranger = make.person("county_officer", make.NEXT_COUNTY)
    assert refused("explain", child.file_number, "2026-11", "--by", stranger.username).status == 2
    assert answered("explain", child.file_number, "2026-11", "--by", office.payer.username)["lines"][0]["facts"] is None
    assert answered("explain", child.file_number, "2026-09")["lines"] == []
    assert hutong("explain", child.file_number, "2026-09").exit_code == 0
