"""The working calendar in force: the notices that came with the product, and those loaded here since.

A loaded notice is a file below `NOTICES_DIR`, so that commands without a database see it.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hutong.law.calendar import WorkingCalendar
from hutong.law.holidays import NATIONAL, read_notices

Stamp = tuple[tuple[str, int, int], ...]


def calendar_in_force() -> WorkingCalendar:
    """The working calendar in force (现行工作日历); a notice loaded here counts before the one that was shipped."""
    folder: Path = settings.NOTICES_DIR
    return _calendar(folder, _stamp(folder))


def notice_file(prefix: str, year: int) -> Path:
    """Where the notice of a year and place lies once it is loaded (通知文件)."""
    return Path(settings.NOTICES_DIR) / (prefix or NATIONAL) / f"{year}.yaml"


def _stamp(folder: Path) -> Stamp:
    found = ((file, file.stat()) for file in sorted(folder.glob("*/*.yaml")))
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in found)


@lru_cache(maxsize=4)
def _calendar(folder: Path, stamp: Stamp) -> WorkingCalendar:
    return WorkingCalendar([*read_notices(), *(read_notices(folder) if stamp else ())])
