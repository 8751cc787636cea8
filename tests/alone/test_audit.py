"""`hutong audit` and the verifier that shares no code with it."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from typer.testing import CliRunner

from hutong.accounts.actions import sealing
from hutong.accounts.actions.checkpoints import keep_checkpoint
from hutong.accounts.models import TrailCheckpoint, TrailEntry
from hutong.console.audit import FAULTS
from hutong.console.doctor import APPEND_ONLY_TABLES
from hutong.console.main import app
from hutong.console.printing import Refusal
from hutong.kit.cipher import keys
from tests.factories import person, trail_entry
from tests.mutations import Mutations, as_owner, run, undone

pytestmark = pytest.mark.usefixtures("committed_database")
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_trail.py"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "CHECKPOINTS_DIR", tmp_path / "checkpoints")
    monkeypatch.setattr(sealing, "BLOCK", 7)


def audit(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["audit", *map(str, words)])
    status = done.exception.status if isinstance(done.exception, Refusal) else done.exit_code
    return status, done.stdout


def stand_alone(*words: object) -> tuple[int, str]:
    command = [sys.executable, str(TOOL), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})
    return done.returncode, done.stdout + done.stderr


def filled(count: int = 20) -> None:
    by = person("county_officer", name="尹清和")
    for at in range(1, count + 1):
        trail_entry(
            subject_key=str(at), by=by if at % 2 else None, details={"kind": "姓名", "of": ['a\n"b"', at, None]}
        )


def exported(path: Path) -> Path:
    path.unlink(missing_ok=True)
    assert audit("export", path)[0] == 0
    return path


def test_what_holds_is_said_in_a_sentence():
    filled()
    assert json.loads(audit("seal", "--json")[1]) == {"sealed": 20}
    keep_checkpoint()
    status, text = audit("verify", "--json")
    said = json.loads(text)
    assert status == 0
    assert (said["entries"], said["seals"], said["checkpoints"], said["fault"]) == (20, 3, 2, None)


def test_what_does_not_hold_is_said_in_a_sentence_with_its_place():
    filled()
    audit("seal")
    with as_owner():
        run("UPDATE accounts_trailentry SET subject_key = 'other' WHERE subject_key = '9'")
    status, text = audit("verify", "--json")
    said = json.loads(text)
    assert (status, said["fault"]["kind"], said["fault"]["position"]) == (1, "entry_changed", 9)
    assert "9" in said["sentence"]
    assert audit("verify") == (1, said["sentence"] + "\n")


def test_every_fault_has_its_sentence():
    told = {str(sentence) % {"position": 1, "seal": 2, "made_at": "x"} for sentence in FAULTS.values()}
    source = (Path(sealing.__file__).parents[1] / "sealed.py").read_text()
    assert len(told) == len(FAULTS)
    assert all(f'"{kind}"' in source for kind in FAULTS)


def test_a_truncation_is_found_by_the_checkpoint_that_lies_elsewhere(tmp_path):
    filled()
    elsewhere = tmp_path / "envelope.json"
    assert audit("checkpoint", "-o", elsewhere)[0] == 0
    with as_owner():
        for table in ("accounts_trailentry", "accounts_trailseal", "accounts_trailcheckpoint"):
            run(f"DELETE FROM {table}")
    assert audit("verify")[0] == 0
    status, text = audit("verify", "--checkpoint", elsewhere, "--json")
    assert (status, json.loads(text)["fault"]["kind"]) == (1, "truncated")


def test_the_daily_checkpoint_lies_in_its_folder_and_in_the_database():
    filled()
    path = keep_checkpoint()
    assert path.parent == settings.CHECKPOINTS_DIR
    assert json.loads(path.read_text())["position"] == 20 == TrailCheckpoint.objects.get().position


def test_a_file_that_is_no_checkpoint_is_a_wrong_call(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    assert audit("verify", "--checkpoint", tmp_path / "x.json")[0] == 2


def test_the_verifier_agrees_with_the_product(tmp_path):
    """An export holds; from the file, from the database, and against a checkpoint kept elsewhere."""
    filled()
    audit("checkpoint", "-o", tmp_path / "kept.json")
    file, key = exported(tmp_path / "trail.jsonl"), keys().public_key.hex()
    assert file.stat().st_mode & 0o077 == 0
    assert TrailEntry.objects.filter(act="export_trail").count() == 1
    status, text = stand_alone(file, "--public-key", key, "--checkpoint", tmp_path / "kept.json")
    assert (status, text) == (0, "20 entries under 3 seals hold; 1 checkpoints agree.\n")
    settings_now = connection.settings_dict
    url = connection.get_connection_params() | {"dbname": settings_now["NAME"]}
    names = {name: url[name] for name in ("dbname", "user", "host", "password", "port") if url.get(name)}
    address = " ".join(f"{name}='{value}'" for name, value in names.items())
    assert stand_alone("--database", address, "--public-key", key)[0] == 0


def test_the_verifier_says_which_key_it_has_believed(tmp_path):
    filled()
    audit("seal")
    assert keys().public_key.hex() in stand_alone(exported(tmp_path / "trail.jsonl"))[1]
    assert stand_alone(tmp_path / "trail.jsonl", "--public-key", "00" * 32)[0] == 1


def test_the_verifier_finds_what_is_wrong(tmp_path):
    """One mutation of each kind, in the database, then exported; but for what no export holds."""
    filled(40)
    audit("seal")
    with as_owner():
        mutations, missed = Mutations(Random(5)), []
        for name in mutations.kinds:
            with undone():
                mutations.one(name)
                status, _text = stand_alone(exported(tmp_path / "trail.jsonl"), "--public-key", keys().public_key.hex())
                if status != 1:
                    missed.append(name)
    assert missed == ["seal marks", "an entry of the future"]


def test_the_verifier_shares_no_code():
    source = TOOL.read_text()
    assert "import hutong" not in source and "from hutong" not in source


def test_the_doctor_finds_the_append_only_tables_append_only_and_the_trail_sealed():
    trail_entry()
    with as_owner():
        run("UPDATE accounts_trailentry SET at = now() - interval '1 day'")
    found = {line["text"]: line["state"] for line in _doctor() if line["check"] in ("append_only", "sealing")}
    assert list(found.values()) == ["fine"] * len(APPEND_ONLY_TABLES) + ["warning"]
    audit("seal")
    assert [line["state"] for line in _doctor() if line["check"] == "sealing"] == ["fine"]


def _doctor() -> list[dict[str, str]]:
    return json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["findings"]
