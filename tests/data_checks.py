"""Factories of checks with other departments: a family that registers can find, and registers that answer."""

from datetime import date

from hutong.accounts.models import Person
from hutong.allowances.actions.data_checking import ask_departments, fetch_workbook, receipt_of, take_answers
from hutong.allowances.models import Application, DataBatch
from hutong.gateways.exchange.fake import FakeExchange
from hutong.law.identity import Sex
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Child, Parent
from tests.applications import CHECKED, Office, unattended
from tests.factories import id_number, person
from tests.facts import SINCE
from tests.gateways.clerk import answer_all

ANSWERED = date(2026, 6, 16)
QUESTIONS = 10
"""Of a child with a dead father and a mother in prison: alive to three, adopted, aid; the death to four, the prison."""


def findable(**more: object) -> Child:
    """A child whose parents have ID numbers, so that registers can find them."""
    whose = unattended(**more)
    for parent in Parent.objects.filter(child=whose):
        number = id_number(date(1985, 4, 9), Sex.MALE if parent.role == "father" else Sex.FEMALE)
        parent.id_number, parent.id_index = number, id_index(number)
        parent.save()
    return whose


def accepted(whose: Child | None = None) -> Application:
    """An application that is being checked."""
    return Office().accepted(whose or findable())


def asked(application: Application | None = None, *, by: Person | None = None, on: date = CHECKED) -> DataBatch:
    """A batch of the county about one application."""
    about = application or accepted()
    (batch,) = ask_departments(by=by or person("county_officer"), applications=[about], on=on).batches
    return batch


def registers(application: Application, **more: object) -> FakeExchange:
    """Registers that know the family as the file does; `died_on` is what the police say of the father."""
    fake, file = FakeExchange(), application.file
    father, mother = (Parent.objects.get(child=file, role=role) for role in ("father", "mother"))
    died_on = more.get("died_on", SINCE)
    fake.record("police", "dead", father.name, father.id_number.open(), dead=True, died_on=died_on)
    fake.record("prison", "imprisoned", mother.name, mother.id_number.open(), holds=True, from_on=SINCE)
    fake.record("police", "alive", file.name, file.id_number.open(), dead=False)
    return fake


def returned(batch: DataBatch, fake: FakeExchange, source: str = "police", *, by: Person) -> bytes:
    """The workbook of a source, filled in by its clerk as the register answers."""
    _receipt, content = fetch_workbook(by=by, batch=batch, source=source, on=ANSWERED)
    return answer_all(
        content, receipt_of(batch), lambda question: fake.answer_to(question, ANSWERED), batch.password.open()
    )


def answered(batch: DataBatch, fake: FakeExchange, *, by: Person, on: date = ANSWERED) -> None:
    """All that the registers answer until a day."""
    take_answers(by=by, batch=batch, returned=fake.answers(receipt_of(batch), on=on), on=on)


def contradicted(application: Application, *, by: Person) -> DataBatch:
    """A batch in which the police say another day of the father's death."""
    batch = asked(application, by=by)
    answered(batch, registers(application, died_on=date(2023, 12, 30)), by=by)
    return batch
