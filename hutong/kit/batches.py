"""Batches (批次): what happens to a staged workbook whatever it holds; a room's verbs stand around it with permission
and trail, and a room adds its columns, its tables and its judge."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hutong.kit.staging import (
    Opened,
    Problem,
    RowProblem,
    StagedBatch,
    StagedFile,
    StagedLayout,
    StagedRow,
    State,
    Verdict,
    count_verdicts,
    open_file,
    read_layout,
)
from hutong.kit.workbooks.columns import Columns
from hutong.kit.workbooks.layout import Layout

LARGE_BYTES = 1_000_000
ENDED = (State.WITHDRAWN, State.REFUSED)
UNREAD = frozenset({"no_header", "missing_column", "same_column"})
"""Problems that a matching of columns mends (可由列对应解决的问题)."""
OF_EVERY_ROW = ("batch_id", "number", "verdict", "problems", "payload")


class Stopped(Exception):
    """Somebody has cancelled the check (检查已取消), or another process has begun it again."""


class HasVerdict(Protocol):
    """A judged row, as far as every room's is alike (已判定行)."""

    verdict: Verdict


Judged = TypeVar("Judged", bound=HasVerdict)
Batch = TypeVar("Batch", bound=StagedBatch)


@dataclass(frozen=True)
class Kind(Generic[Batch]):
    """A kind of workbook (表格种类): its columns, its tables, and the row columns that are this room's own."""

    columns: Columns
    batches: type[Batch]
    files: type[StagedFile]
    rows: type[StagedRow]
    layouts: type[StagedLayout]
    own: tuple[str, ...] = ()

    def keep(self, *, content: bytes, name: str, by: Any, **where: Any) -> tuple[Batch, bool]:
        """Keeps a file once (收存): its batch, and whether that is new. `where` are the room's own batch columns."""
        digest = hashlib.sha256(content).hexdigest()
        before = self.batches._default_manager.filter(digest=digest, **where).exclude(state__in=ENDED)
        if known := before.first():
            return known, False
        made = self.batches(digest=digest, file_name=name[-200:], imported_by=by, **where)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:  # somebody sent the same file at the same moment
            return before.get(), False
        self._files.create(batch=made, content=content)
        return made, True

    def content_of(self, batch: StagedBatch) -> bytes:
        """The file of a batch as it came (原始文件)."""
        content = self._files.get(batch=batch).content
        return content.open_bytes() if content else b""

    def is_large(self, batch: StagedBatch) -> bool:
        """Whether a file is of some ten thousand rows (大表), so that a second process is worth its start."""
        return len(self.content_of(batch)) > LARGE_BYTES

    def open(self, batch: StagedBatch, *, likely: Callable[[bytes], Layout]) -> Opened:
        """Opens a batch's file (打开批次表格): as somebody has said, else by its headers, else as its sender once said.

        `likely` gives the likeliest layout of a sheet whose headers are not known.
        """
        content = self.content_of(batch)
        said = read_layout(batch.layout.open()) if batch.layout else None
        opened = open_file(content, name=batch.called, columns=self.columns, layout=said)
        if said or not opened.problems or opened.problems[0].code not in UNREAD:
            return opened
        layout = likely(content)
        known = replace(layout, codes=self.remembered(batch.imported_by, layout))
        if not layout.header_row or self.columns.missing(known.present):
            return opened
        return open_file(content, name=batch.called, columns=self.columns, layout=known)

    def remembered(self, sender: Any, layout: Layout) -> dict[int, str]:
        """The codes by position (已认列对应) that a sender once gave to these headers; none where never."""
        said = self.layouts._default_manager.filter(sender=sender, fingerprint=layout.fingerprint).first()
        return {layout.own[int(at)]: code for at, code in said.codes.items()} if said else {}

    def remember(self, sender: Any, layout: Layout) -> None:
        """Remembers how a sender's sheets with these headers are read (记住列对应)."""
        codes = {layout.own.index(at): code for at, code in layout.codes.items()}
        self.layouts._default_manager.update_or_create(
            sender=sender, fingerprint=layout.fingerprint, defaults={"codes": codes}
        )

    @transaction.atomic
    def begin(self, batch: StagedBatch) -> bool:
        """Whether the batch still waits to be judged; rows of an interrupted attempt go, and who makes it stops."""
        waiting = self.batches._default_manager.select_for_update().filter(pk=batch.pk, state=State.RECEIVED)
        if not waiting.exists():
            return False
        self._rows.filter(batch=batch).delete()
        batch.phase_began_at, batch.left_out = timezone.now(), []
        batch.save(update_fields=["phase_began_at", "left_out"])
        return True

    def fill(
        self,
        batch: StagedBatch,
        slices: Iterator[list[Judged]],
        *,
        total: int,
        write: Callable[[Judged], tuple[object, ...]],
        each: Callable[[list[Judged]], None],
        progress: Callable[[int, int], None],
    ) -> Counter[str]:
        """Fills staging slice by slice (填入暂存), `each` slice once more; counts of verdicts. Raises Stopped."""
        self._now(batch).update(rows_total=total, rows_done=0)
        counts: Counter[str] = Counter()
        for rows in slices:
            counts.update(row.verdict for row in rows)
            with transaction.atomic():
                self._locked(batch)
                self._store(map(write, rows))
                each(rows)
                self._now(batch).update(rows_done=counts.total())
            progress(counts.total(), total)
        return counts

    @transaction.atomic
    def refuse(self, batch: StagedBatch, problems: list[Problem]) -> None:
        """Refuses a file that cannot be read, or waits for its columns (拒收或待认列). Raises Stopped."""
        locked = self._locked(batch)
        locked.state = State.UNMATCHED if problems[0].code in UNREAD else State.REFUSED
        locked.fault, locked.counts = problems[0].code, {"problems": [problem.stored() for problem in problems]}
        locked.save()

    @transaction.atomic
    def finish(
        self, batch: StagedBatch, counts: Counter[str], notes: list[RowProblem], more: Sequence[RowProblem] = ()
    ) -> None:
        """Says that every row is judged (检查完成), and `more` of some rows that are in staging. Raises Stopped."""
        locked = self._locked(batch)
        self._add(batch, more)
        locked.state, locked.counts = State.JUDGED, count_verdicts(counts)
        if notes:
            locked.counts["notes"] = [note.stored() for note in notes]
        locked.save()

    def _add(self, batch: StagedBatch, more: Sequence[RowProblem]) -> None:
        said: dict[int | None, list[dict[str, object]]] = {}
        for one in more:
            said.setdefault(one.row, []).append(one.problem.stored())
        rows = list(self._rows.filter(batch=batch, number__in=said).only("number", "problems"))
        for row in rows:
            row.problems += said[row.number]
        self._rows.bulk_update(rows, ["problems"], batch_size=1000)

    @property
    def _files(self) -> Any:
        return self.files._default_manager

    @property
    def _rows(self) -> Any:
        return self.rows._default_manager

    def _now(self, batch: StagedBatch) -> QuerySet[Batch]:
        return self.batches._default_manager.filter(pk=batch.pk)

    def _locked(self, batch: StagedBatch) -> Batch:
        locked = self._now(batch).select_for_update().get()
        if locked.state != State.RECEIVED or locked.phase_began_at != batch.phase_began_at:
            raise Stopped
        return locked

    def _store(self, rows: Iterable[tuple[object, ...]]) -> None:
        columns = ", ".join(OF_EVERY_ROW + self.own)
        statement = f"COPY {self.rows._meta.db_table} ({columns}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
