"""Lists in memory (部门推送名单替身): departments that give what a test or the demonstration has them say."""

from datetime import date

from hutong.gateways.exchange.lists import GivenList, Listed, digest_of, faults_of_row, without_repeats
from hutong.gateways.exchange.questions import Problem
from hutong.law.data_sources import SOURCES, Value
from hutong.law.identity import normalise
from hutong.law.leads import list_about

FIRST_ROW = 2


class FakeLists:
    """Stands in for a department that gives a list (替身): what an uploaded workbook does, a contract has it do too."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._rows: list[Listed] = []

    def say(self, kind: str, name: str, id_number: str, **values: Value) -> None:
        """Puts somebody on the list. Raises LookupError for what the source gives no list about."""
        topic = list_about(self.source, kind)
        at = FIRST_ROW + sum(one.topic is topic for one in self._rows)
        self._rows.append(Listed(topic, at, name.strip(), normalise(id_number), values))

    def given(self, *, on: date) -> GivenList:
        """The list as it stands; what cannot be true is a problem and no row."""
        sound, problems = [], []
        for row in self._rows:
            wrong = [*faults_of_row(row, on=on)]
            problems += [Problem(one.code, row.topic.title_zh, row.row, one.header) for one in wrong]
            sound += [] if wrong else [row]
        kept, repeated, more = without_repeats(sound)
        said = [(row.topic.title_zh, row.name, row.id_number, sorted(row.values.items())) for row in self._rows]
        return GivenList(
            self.source,
            SOURCES[self.source].title_zh,
            on,
            tuple(kept),
            (*problems, *more),
            len(self._rows),
            repeated,
            digest_of([self.source, *said]),
        )
