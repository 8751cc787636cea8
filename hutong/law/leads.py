"""Leads (线索): what departments say of people unasked, held against what a file says. A lead changes no fact.

A list says of everybody on it that something holds: its rows tell no more than the days and the grade.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from hutong.law.calendar import months_after
from hutong.law.circumstances import FINAL, OF_PARENTS
from hutong.law.data_checks import CHILD
from hutong.law.data_sources import IN_CUSTODY, TOPICS, YES_NO, Topic, Value, Way
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact
from hutong.law.rules import InForce
from hutong.law.situations import DE_FACTO, LOST, ORPHAN, is_one_of

DEATH, ALIVE, SENTENCE, SEEN = "dead", "alive", "imprisoned", "seen_on"
SENTENCES = Topic("court", (SENTENCE,), "判处监禁刑罚", "Sentences to prison", Way.PUSH, IN_CUSTODY)


def kind_of(topic: Topic) -> str:
    """What a row of a list says of a parent (名单所称情形); nothing where it can say nothing of one."""
    is_seen = SEEN in topic.by_code
    return "" if is_seen else next((kind for kind in topic.about if kind in OF_PARENTS), "")


def _listed(topic: Topic) -> Topic:
    return replace(topic, fields=tuple(field for field in topic.fields if field.choices != YES_NO))


LISTS = tuple(_listed(topic) for topic in (*TOPICS, SENTENCES) if kind_of(topic))
"""What departments give lists of (名单目录), each laid out as its question is, less what being listed says."""
LISTED_BY = tuple(dict.fromkeys(topic.source for topic in LISTS))
"""The sources that give lists (提供名单的来源)."""


def lists_of(source: str) -> tuple[Topic, ...]:
    """What one source gives lists of."""
    return tuple(topic for topic in LISTS if topic.source == source)


def list_about(source: str, kind: str) -> Topic:
    """The list of a source about a circumstance. Raises LookupError."""
    found = next((topic for topic in lists_of(source) if kind in topic.about), None)
    if found is None:
        raise LookupError(f"{source} gives no list about {kind}")
    return found


def fact_of(topic: Topic, values: Mapping[str, Value]) -> CircumstanceFact:
    """What a row says, as the law reads a circumstance (名单情形)."""
    days = {code: value for code, value in values.items() if isinstance(value, date)}
    grade = values.get("grade")
    return CircumstanceFact(
        kind=kind_of(topic),
        from_on=days.get("died_on") or days.get("from_on"),
        until_on=days.get("until_on") or days.get("certificate_valid_until"),
        grade=grade if isinstance(grade, int) else None,
        disability_class=str(values.get("disability_class", "")),
        reported_on=days.get("reported_on"),
    )


def can_be_of_a_child(topic: Topic) -> bool:
    """Whether a list may speak of a child of the register itself: of its death alone (儿童死亡通报)."""
    return ALIVE in topic.about


def bears(fact: CircumstanceFact, rules: InForce) -> bool:
    """Whether what is said may count for a recognition, that day or later (是否相关): listed there, and not over."""
    is_over = fact.until_on is not None and fact.until_on < rules.day
    return not is_over and is_one_of(fact, (ORPHAN, LOST, DE_FACTO), rules)


def is_known(fact: CircumstanceFact, known: Iterable[CircumstanceFact]) -> bool:
    """Whether a file says so already, for as long (是否已登记): nobody need be told. A death is known once."""
    return any(one.kind == fact.kind and (one.kind in FINAL or _covers(one, fact)) for one in known)


def _covers(known: CircumstanceFact, said: CircumstanceFact) -> bool:
    begins_within = known.until_on is None or said.from_on is None or said.from_on <= known.until_on
    ends_within = known.until_on is None or (said.until_on is not None and said.until_on <= known.until_on)
    begins_before = known.from_on is None or said.until_on is None or known.from_on <= said.until_on
    return begins_within and ends_within and begins_before


def as_if(child: ChildFacts, said: Mapping[str, Sequence[CircumstanceFact]]) -> ChildFacts:
    """The facts of a child as they would be if leads were true (假定线索属实), by role.

    Of a parent nobody knows nothing can be said.
    """
    told = tuple(
        parent
        if parent.is_unknown
        else replace(parent, circumstances=_with(parent.circumstances, said.get(parent.role, ())))
        for parent in child.parents
    )
    known = {parent.role for parent in told} | {CHILD}
    new = tuple(
        ParentFact(role=role, circumstances=_with((), facts)) for role, facts in said.items() if role not in known
    )
    return replace(child, parents=(*told, *new))


def _with(known: Sequence[CircumstanceFact], said: Iterable[CircumstanceFact]) -> tuple[CircumstanceFact, ...]:
    found = list(known)
    for fact in said:
        if not is_known(fact, found):
            found.append(fact)
    return tuple(found)


def is_news(fact: CircumstanceFact, rules: InForce) -> bool:
    """Whether a child is looked after for one parent's sake alone (单方变故): a death, a sentence that is long.

    A sentence whose end is not said may be long.
    """
    if fact.kind == DEATH:
        return True
    if fact.kind != SENTENCE:
        return False
    if fact.from_on is None or fact.until_on is None:
        return True
    least = months_after(fact.from_on, rules.number("lead_sentence_months"))
    return least.toordinal() <= fact.until_on.toordinal() + 1


def is_alarming(named: int, children: int, rules: InForce) -> bool:
    """Whether a list says something of so many children of one place that it is asked about first (名单异常)."""
    share = rules.number("list_alarm_percent")
    return named >= rules.number("list_alarm_children") and named * 100 >= share * children
