"""What a form says of children on a day (登记表观察): entered with its row, taken back with its batch."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from hutong.law.form_questions import QUESTIONS
from hutong.registry.actions.entering import Row, enter
from hutong.registry.intake.known import KnownChild, news
from hutong.registry.models import ImportBatch, Observation

_ANSWER = Observation._meta.get_field("answer")


def enter_answers(said: Iterable[tuple[int, Mapping[str, str]]], *, batch: ImportBatch, on: date) -> None:
    """Enter answers (记入登记表答案) of children by id, of the day of their form, else of the day of admission."""
    now = timezone.now()
    enter(Observation, (row for child_id, values in said for row in _rows(child_id, values, batch, on, now)))


def _rows(child_id: int, values: Mapping[str, str], batch: ImportBatch, on: date, now: datetime) -> Iterator[Row]:
    observed_on = values.get("filled_on") or on.isoformat()
    for code in QUESTIONS:
        if code in values:
            yield child_id, code, _ANSWER.seal(values[code]), observed_on, batch.pk, now


def new_answers(values: Mapping[str, str], known: KnownChild) -> dict[str, str]:
    """What a row answers otherwise than forms did before (新答案), with the day of its form."""
    said = {*news(values, known), "filled_on"}
    return {code: value for code, value in values.items() if code in said}


def take_answers_back(child_ids: Collection[int], *, batch: ImportBatch) -> None:
    """Take answers back (撤回登记表答案): those that a batch has told of these children."""
    Observation.objects.filter(child_id__in=child_ids, batch=batch)._raw_delete(using=DEFAULT_DB_ALIAS)
