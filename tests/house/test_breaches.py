"""Five breaches are planted in a copy of the house; each must be found by what `make check` runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

LINT = [str(BIN / "lint-imports")]
HOUSE = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]

UPWARD_IMPORT = ("hutong/accounts/queries.py", "\nfrom hutong.registry import queries as _upward  # noqa\n")
DJANGO_IN_LAW = ("hutong/law/calendar.py", "\nfrom django.utils import timezone as _clock  # noqa\n")
UPWARD_KEY = (
    "hutong/accounts/models/task.py",
    "\nTask.add_to_class('child', models.ForeignKey('registry.Child', null=True, on_delete=models.PROTECT))\n",
)
UNGUARDED = (
    "hutong/desk/urls.py",
    "\nurlpatterns.append(path('open-door/', lambda request: None, name='open_door'))\n",
)
MANAGER = ("hutong/desk/frame.py", "\n\ndef _everybody() -> object:\n    return Person.objects.all()\n")


@pytest.fixture
def copy(tmp_path):
    """A copy of the house without its history, its builds and its data."""
    house = tmp_path / "house"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".git", ".venv", "var", "node_modules", ".build")
    for name in ("hutong", "tests"):
        shutil.copytree(ROOT / name, house / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def run(command: list[str], house: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = str(house)
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize(
    "breach, command, said",
    [
        (UPWARD_IMPORT, LINT, "hutong.accounts.queries -> hutong.registry"),
        (DJANGO_IN_LAW, LINT, "hutong.law.calendar -> django"),
        (UPWARD_KEY, [*HOUSE, "tests/house/test_database.py", "-k", "point_down"], "points up"),
        (UNGUARDED, [*HOUSE, "tests/house/test_doors.py", "-k", "declares"], "open-door"),
        (MANAGER, [*HOUSE, "tests/house/test_doors.py", "-k", "manager"], "ask queries.py"),
    ],
    ids=["upward import", "Django in law", "upward foreign key", "unguarded route", ".objects in a door"],
)
def test_a_planted_breach_is_found(copy, breach, command, said):
    sound = run(command, copy)
    name, planted = breach
    with (copy / name).open("a") as file:
        file.write(planted)

    found = run(command, copy)

    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert found.returncode != 0
    assert said in found.stdout + found.stderr
