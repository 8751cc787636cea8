"""Visits (走访) of the last two years to a share of the children, with what neighbours said when somebody applied."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hutong.accounts.models import Posting, TrailEntry
from hutong.demo.happenings import office_hour
from hutong.demo.kinds import PAID
from hutong.demo.people import Invention
from hutong.demo.writing import Filed, seal
from hutong.law.visits import SEEING
from hutong.outreach.models import Statement, Visit
from hutong.registry.actions.entering import Row, enter, new_ids

SHARE, MOST, SPAN = 0.25, 5, timedelta(days=700)
"""So many of the children who are paid for nothing were visited, so often at most; how far back it goes."""
WAYS = {"in_person": 70, "telephone": 18, "video": 7, "neighbours": 5}
PURPOSES = {"routine": 85, "annual_review": 12, "reported": 3}
NOT_SEEN = 0.12
FINDINGS = (
    "住处整洁，水电安全；孩子在校就读，按时作息，与照护人关系良好。",
    "孩子情绪平稳，作业由照护人督促完成，每周与外出父母视频两次。",
    "照护人年纪较大，接送上下学有困难，已联系邻居帮助。",
    "冬季取暖已检查，炉具通风正常，提醒照护人注意用火安全。",
    "孩子近期成绩下降，班主任已约谈，建议参加课后服务。",
    "家中饮食有保障，孩子身体健康，疫苗已按时接种。",
    "孩子希望得到课外书，已登记微心愿。",
    "照护人外出务农，中午由姑母照看，已提醒不得让未满八周岁儿童独自在家。",
)
CALLED = (
    "电话联系照护人，孩子在校，近期无异常，约定下月入户。",
    "与班主任通话，孩子出勤正常。",
    "联系外出务工的母亲，得知春节返乡，已提醒每周至少联系一次。",
)
APPLIED = "核对户口簿、证件和居住情况，与申请材料一致；父母情形经村委会和邻里证实。"
STATED = (
    ("邻居", "父亲已经好几年没有回来，孩子一直由老人带。"),
    ("村民小组长", "家里主要靠低保和种地，情况属实。"),
    ("姑母", "孩子母亲走后没有联系过，平时由奶奶照顾。"),
    ("班主任", "孩子平时由祖辈接送，家长会也是祖辈参加。"),
)


@dataclass(frozen=True, slots=True)
class InventedVisit:
    """A visit (走访) before it is written."""

    filed: Filed
    on: date
    by: int
    way: str
    purpose: str
    findings: str
    statements: tuple[tuple[str, str, str], ...] = ()

    def is_seen(self, random: Random) -> bool:
        """Whether the child was seen: mostly, where it can be."""
        return self.way in SEEING and random.random() >= NOT_SEEN


class Visits:
    """Whoever makes up visits (虚构走访), of the day `on`."""

    def __init__(self, invention: Invention, *, on: date) -> None:
        self._invention, self._random, self._on = invention, invention.random, on
        posted = Posting.objects.holding_on(on).filter(role="village_director")
        self._directors = {prefix: one.person_id for one in posted for prefix in one.prefixes}

    def write(self, filed: Iterable[Filed]) -> None:
        """Writes the visits (写入走访) in the order of days, with their entries in the trail."""
        found = sorted(
            (one for each in filed for one in self._to(each)), key=lambda one: (one.on, one.filed[0], one.purpose)
        )
        ids = new_ids(len(found), Visit)
        numbered = list(zip(ids, found, strict=True))
        enter(Visit, (self._row(*one) for one in numbered), VISIT_COLUMNS)
        enter(Statement, _statement_rows(numbered), "visit_id, relation_to_child, name, words")
        enter(TrailEntry, _entries(numbered), TRAIL_COLUMNS)

    def _to(self, filed: Filed) -> Iterator[InventedVisit]:
        child = filed[2]
        by = self._directors.get(child.responsible_code)
        is_paid = bool(PAID & {held.category for held in child.holdings})
        if by is None or not (is_paid or self._random.random() < SHARE):
            return
        first = max(child.registered_at.date(), self._on - SPAN)
        last = child.closed_on or self._on - timedelta(days=1)
        if is_paid and first == child.registered_at.date() and first <= last:
            yield InventedVisit(filed, first, by, "in_person", "application_check", APPLIED, self._statements())
        for _ in range(self._random.randint(1, MOST) if first < last else 0):
            yield self._visit(filed, by, self._invention.day_between(first, last))

    def _visit(self, filed: Filed, by: int, on: date) -> InventedVisit:
        way = self._random.choices(list(WAYS), list(WAYS.values()))[0]
        purpose = self._random.choices(list(PURPOSES), list(PURPOSES.values()))[0]
        found = self._random.choice(CALLED if way == "telephone" else FINDINGS)
        return InventedVisit(filed, on, by, way, purpose, found)

    def _statements(self) -> tuple[tuple[str, str, str], ...]:
        chosen = self._random.sample(STATED, 2)
        return tuple((relation, self._name(), words) for relation, words in chosen)

    def _name(self) -> str:
        return self._random.choice("马王李杨张") + self._random.choice(("秀兰", "建国", "玉梅", "志强", "桂花", "学军"))

    def _row(self, visit_id: int, one: InventedVisit) -> Row:
        child_id, _number, child = one.filed
        findings = seal(Visit, "findings", one.findings)
        said = (child_id, one.on, one.by, one.way, one.purpose, one.is_seen(self._random), findings)
        return visit_id, *said, child.responsible_code, office_hour(one.on, visit_id)


VISIT_COLUMNS = "id, child_id, visited_on, by_id, way, purpose, child_seen, findings, division_code, recorded_at"
TRAIL_COLUMNS = "by_id, role, act, subject_kind, subject_key, division_code, details"


def _statement_rows(numbered: Sequence[tuple[int, InventedVisit]]) -> Iterator[Row]:
    for visit_id, visit in numbered:
        for relation, name, words in visit.statements:
            yield visit_id, relation, seal(Statement, "name", name), seal(Statement, "words", words)


def _entries(numbered: Sequence[tuple[int, InventedVisit]]) -> Iterator[Row]:
    for visit_id, one in numbered:
        _id, number, child = one.filed
        details = json.dumps({"visit": visit_id, "way": one.way, "statements": len(one.statements)})
        yield one.by, "village_director", "record_visit", "child", number, child.responsible_code, details
