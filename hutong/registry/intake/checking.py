"""A whole file judged (表格检查): what `check`, the import and the page all build on."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hutong.kit.staging import Problem, Verdict
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks import NoHeader, Sheet, read_sheet
from hutong.registry.intake.columns import HEADERS, REQUIRED
from hutong.registry.intake.judge import Judge, JudgedRow, Register, Sheeting, match_columns
from hutong.registry.intake.reading import Circumstances


@dataclass(frozen=True)
class Opened:
    """A file that could be opened (已读表格), or the problems for which it could not."""

    sheet: Sheet
    sheeting: Sheeting
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        """Whether its rows can be judged."""
        return not self.problems

    @property
    def rows(self) -> int:
        """Data rows that hold at least one value; none where the file cannot be read."""
        return len(self.sheet.rows) if self.is_readable else 0


def open_file(content: bytes, *, name: str) -> Opened:
    """Reads the first sheet and finds its columns; whatever is wrong comes back as problems, never as an exception."""
    try:
        sheet = read_sheet(content, name=name, known=HEADERS, required=REQUIRED)
    except RefusedFile as refused:
        return _unreadable(refused.code)
    except NoHeader:
        return _unreadable("no_header")
    sheeting = match_columns(sheet.headers)
    return Opened(sheet, sheeting, sheeting.problems or ([] if sheet.rows else [Problem("no_rows")]))


def _unreadable(code: str) -> Opened:
    return Opened(Sheet([], 0, []), Sheeting({}, [], []), [Problem(code)])


def judge_file(
    opened: Opened, *, given: Circumstances, covers: Callable[[str], bool], register: Register
) -> Iterator[list[JudgedRow]]:
    """Slices of judged rows of a readable file."""
    return Judge(given, covers=covers, register=register).judge(opened.sheet, opened.sheeting)


def count_verdicts(verdicts: Counter[str]) -> dict[str, int]:
    """All seven verdicts with their counts, in the contract's order."""
    return {verdict: verdicts[verdict] for verdict in Verdict.values}
