"""Factories of applications for children of other provinces."""

from datetime import date
from typing import Any

from hutong.accounts.models import Person
from hutong.allowances.actions import outgoing
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.actions.outgoing import Outsider
from hutong.allowances.models import OutgoingApplication
from tests.applications import BASE, BEGUN
from tests.factories import BORN as BORN
from tests.factories import id_number, name

HOME, GUYUAN = "620823000000", "640402000000"
APPLICANT = Applicant("guardian", "柳桂兰", "62")


def outsider(**more: Any) -> Outsider:
    """A child of another province, with all papers."""
    born: date = more.get("birth_date", BORN)
    values = {
        "name": name(), "birth_date": born, "home_code": HOME, "address": "锦屏镇关村三组", "phone": "13900000001",
        "situation": "父亲病故，母亲服刑", "id_number": id_number(born) if "id_number" not in more else "",
        "papers": BASE,
    }  # fmt: skip
    return Outsider(**values | more)


def received(by: Person, *, on: date = BEGUN, **more: Any) -> OutgoingApplication:
    """One that is to be sent on."""
    return outgoing.receive_outgoing(by=by, child=outsider(**more), category="de_facto", applicant=APPLICANT, on=on)


def sent(by: Person, **more: Any) -> OutgoingApplication:
    """One that waits for the answer."""
    return outgoing.send_outgoing(by=by, application=received(by, **more), on=BEGUN)
