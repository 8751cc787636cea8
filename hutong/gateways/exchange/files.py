"""The exchange by file (文件交换): departments take workbooks from one folder and put them back into another.

`out` holds what goes out, `in` what comes back: the two ends of whatever carries files between the networks.
"""

import os
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from hutong.gateways.exchange.questions import (
    Answer,
    Problem,
    Question,
    Receipt,
    RefusedReturn,
    Returned,
    receipt_for,
    unanswered,
)
from hutong.gateways.exchange.returned import read_returned
from hutong.gateways.exchange.writing import Office, file_name, write_workbooks


class FileExchange:
    """Asks by locked workbooks in a folder, and reads those that came back (文件交换通道)."""

    def __init__(self, folder: Path, office: Office, *, password: str) -> None:
        self.out, self.back = folder / "out", folder / "in"
        self._office, self._password = office, password

    def ask(self, questions: Sequence[Question], *, on: date, due_on: date) -> Receipt:
        """Writes the workbooks. Raises RefusedQuestions; ValueError for a password that is too short; OSError."""
        receipt = receipt_for(questions, on=on, due_on=due_on)
        workbooks = write_workbooks(receipt, self._office, password=self._password)
        for folder in (self.out, self.back):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for source, content in workbooks.items():
            _write(self.out / file_name(receipt, source), content)
        return receipt

    def answers(self, receipt: Receipt, *, on: date) -> Returned:
        """What has come back until a day; files of other batches are passed over, what cannot be read is a problem."""
        problems: list[Problem] = []
        found: dict[str, list[Answer]] = defaultdict(list)
        for path in sorted(self.back.glob("[!.~]*")):
            try:
                returned = read_returned(_read(path), receipt, password=self._password, on=on)
            except RefusedReturn as error:
                if error.code != "another_batch":
                    problems.append(Problem(error.code, path.name, values=error.values))
                continue
            problems += returned.problems
            for answer in returned.answers:
                found[answer.number].append(answer)
        answers = []
        for number, said in found.items():
            if all(_is_same(one, said[0]) for one in said):
                answers.append(said[0])
            else:
                problems.append(Problem("files_differ", receipt.by_number[number].topic.title_zh))
        return Returned(tuple(answers), tuple(problems), unanswered(receipt.questions, answers))


def _is_same(one: Answer, other: Answer) -> bool:
    return (one.outcome, one.values) == (other.outcome, other.values)


def _read(path: Path) -> bytes:
    if path.stat().st_size > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedReturn("too_large")
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Puts a file there whole, for its owner alone."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
