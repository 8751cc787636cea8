"""The key file: never made anew beside data that was sealed with another."""

import os
import subprocess
import sys
from pathlib import Path

HUTONG = str(Path(sys.executable).with_name("hutong"))


def doctor(**environment: str) -> subprocess.CompletedProcess[str]:
    unwanted = ("HUTONG_", "DATABASE_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return subprocess.run([HUTONG, "doctor"], env=clean | environment, capture_output=True, text=True, timeout=60)


def test_a_lost_key_file_is_named_and_not_replaced(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")

    said = doctor(HUTONG_DATA=str(tmp_path))

    assert said.returncode == 2
    assert "no key file" in said.stderr and "Traceback" not in said.stderr
    assert not (tmp_path / "keys.json").exists()


def test_production_makes_keys_only_when_told_to(tmp_path):
    environment = {
        "HUTONG_PRODUCTION": "1",
        "HUTONG_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
    }

    untold = doctor(**environment)
    made = (tmp_path / "keys.json").exists()
    doctor(**environment, HUTONG_NEW_KEYS="1")

    assert untold.returncode == 2 and not made
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_the_clock_of_production_cannot_be_set(tmp_path):
    said = doctor(HUTONG_PRODUCTION="1", HUTONG_DATA=str(tmp_path), HUTONG_TODAY="2020-01-01")

    assert said.returncode == 2
    assert "HUTONG_TODAY" in said.stderr
