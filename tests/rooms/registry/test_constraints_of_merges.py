"""What the database itself refuses of pairs and merges."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hutong.registry.models import Child, EarlierAnswer, Merge, Pair, SecondLook
from tests.factories import ON, child, person


def pair(**more: object) -> Pair:
    one, other = child(), child()
    values = {"first": one, "second": other, "probability": 0.9, "weight": 3.0, "origin": "nightly", "found_on": ON}
    return Pair.objects.create(**values | more)


def answered(**more: object) -> Pair:
    said = {"state": "same", "reason": "moved", "decided_by": person(), "decided_at": timezone.now()}
    return pair(**said | more)


def merge(**more: object) -> Merge:
    of = more.pop("pair", None) or answered()
    values = {"pair": of, "leading": of.first, "joined": of.second, "by": person()}
    return Merge.objects.create(**values | more)


def done(**more: object) -> Merge:
    return merge(**{"stage": "done", "decided_by": person(), "decided_at": timezone.now()} | more)


def earlier(**more: object) -> EarlierAnswer:
    who = {"decided_by": person(), "decided_at": timezone.now(), "reopened_by": person(), "reopened_words": "重新判定"}
    return EarlierAnswer.objects.create(**{"pair": pair(), "state": "different", "reason": "twins"} | who | more)


def joined_twice() -> None:
    first, third = done(), answered()
    done(pair=third, joined=first.joined)


def merged_twice() -> None:
    first = merge()
    merge(pair=first.pair)


def same_pair_again() -> None:
    first = pair()
    pair(first=first.first, second=first.second)


def itself() -> None:
    whose = child()
    Child.objects.filter(pk=whose.pk).update(canonical=whose)


def confirmed_by_the_proposer() -> None:
    proposer = person()
    done(by=proposer, decided_by=proposer)


VIOLATIONS = [
    ("child_not_joined_to_itself", itself),
    ("pair_once", same_pair_again),
    ("pair_lower_first", lambda: (one := pair()) and pair(first=one.second, second=one.first)),
    ("pair_state_known", lambda: answered(state="perhaps")),
    ("pair_origin_known", lambda: pair(origin="dream")),
    ("pair_probability", lambda: pair(probability=1.5)),
    ("pair_answered_by_somebody", lambda: pair(state="different", reason="twins")),
    ("second_look_answered_by_somebody", lambda: SecondLook.objects.create(pair=pair(), asked_on=ON, answer="same")),
    ("earlier_answer_is_an_answer", lambda: earlier(state="open")),
    ("earlier_answer_has_its_reason", lambda: earlier(reason="perhaps")),
    ("merge_joined_to_one_at_a_time", joined_twice),
    ("merge_once_for_a_pair", merged_twice),
    ("merge_of_two", lambda: (one := answered()) and merge(pair=one, joined=one.first)),
    ("merge_stage_known", lambda: merge(stage="perhaps")),
    ("merge_two_people", confirmed_by_the_proposer),
    ("merge_confirmed_by_somebody", lambda: merge(stage="done")),
    ("merge_undone_by_somebody", lambda: done(stage="undone")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()
