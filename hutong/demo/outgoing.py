"""Applications that cross the province's border (异地申请): sent on by letter, and of a child whom no place held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hutong.accounts.models import Person
from hutong.allowances.actions import outgoing
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.actions.outgoing import Outsider
from hutong.allowances.models import OutgoingApplication
from hutong.allowances.models.outgoing import OutgoingState
from hutong.demo.applications import Applications
from hutong.demo.places import FEATURED_TOWNSHIP
from hutong.demo.staff import username
from hutong.law.identity import TEST_PREFIX, check_character

ALL, SOME = ("household_book", "id_card", "death_certificate", "court_judgment"), ("household_book",)
HOME = "640122100200"
"""A village of the other featured county."""


@dataclass(frozen=True)
class Crossing:
    """Crossing (跨省转办经过): whose, where to, how far, and how many working days ago each step was."""

    name: str
    born: date
    home: str
    address: str
    relative: str
    state: OutgoingState
    begun: int
    sent: int = 0
    came: int = 0
    told: int = 0
    papers: tuple[str, ...] = ALL


CROSSINGS = (
    Crossing("马思源", date(2016, 4, 9), "620825", "水洛镇南关村三组", "马秀英", OutgoingState.RECEIVED, 2),
    Crossing("王嘉禾", date(2018, 11, 2), "610527", "仓颉镇北塬村", "王桂兰", OutgoingState.CORRECTION, 4, papers=SOME),
    Crossing("李安然", date(2013, 7, 21), "150784", "拉布大林街道", "李素珍", OutgoingState.SENT, 21, 19),
    Crossing("陈若溪", date(2015, 1, 30), "410523", "韩庄镇菜园村", "陈福来", OutgoingState.ANSWERED, 29, 27, 1),
    Crossing("杨知行", date(2012, 9, 14), "620826", "威戎镇杨家湾村", "杨有才", OutgoingState.TOLD, 41, 39, 12, 11),
)
SITUATION = "父亲于2023年病故，母亲因犯罪正在服刑，现由祖父母照料。"


class Crossings:
    """Whoever makes them up (虚构跨省申请), by the verbs that officers use, in the featured township."""

    def __init__(self, people: Mapping[str, Person], days: Applications) -> None:
        self._by, self._days = people[username("township_supervisor", FEATURED_TOWNSHIP)], days

    def write(self) -> None:
        """One application for each crossing, and one for a child of the other county whom no place held."""
        for at, crossing in enumerate(CROSSINGS):
            self._tell(at, crossing)

    def _tell(self, at: int, crossing: Crossing) -> None:
        application = self._begin(at, crossing)
        if crossing.state == OutgoingState.CORRECTION:
            outgoing.ask_outgoing(by=self._by, application=application, words="", on=self._ago(crossing.begun))
        if crossing.sent:
            application = outgoing.send_outgoing(by=self._by, application=application, on=self._ago(crossing.sent))
        if crossing.came:
            application = self._answer(application, crossing)
        if crossing.told:
            outgoing.tell_outgoing(by=self._by, application=application, on=self._ago(crossing.told))

    def _begin(self, at: int, crossing: Crossing) -> OutgoingApplication:
        child = Outsider(
            name=crossing.name,
            birth_date=crossing.born,
            home_code=crossing.home.ljust(12, "0"),
            address=crossing.address,
            phone=f"1390000{9000 + at}",
            situation=SITUATION,
            id_number=_number(crossing.born, at),
            papers=crossing.papers,
        )
        applicant, on = Applicant("guardian", crossing.relative, "62"), self._ago(crossing.begun)
        return outgoing.receive_outgoing(by=self._by, child=child, category="de_facto", applicant=applicant, on=on)

    def _answer(self, application: OutgoingApplication, crossing: Crossing) -> OutgoingApplication:
        came, decided = self._ago(crossing.came), self._ago(crossing.came + 3)
        words = "复函及决定书已收"
        return outgoing.answer_outgoing(
            by=self._by, application=application, outcome="confirmed", decided_on=decided, words=words, on=came
        )

    def _ago(self, working_days: int) -> date:
        return self._days.ago(working_days)


def _number(born: date, at: int) -> str:
    body = f"{TEST_PREFIX}9999{born:%Y%m%d}{900 + 2 * at:03d}"
    return body + check_character(body)
