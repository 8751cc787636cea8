"""An import shared with a second process, and one whose keys change on the way, leave the same register."""

from collections.abc import Iterator

import pytest

from hutong.kit import batches
from hutong.kit.cipher import keys, put_in_force
from hutong.kit.staging import State
from hutong.registry.actions import admission, judging, preparing, staging
from hutong.registry.intake import judge as judging_rows
from hutong.registry.intake.payload import IMPORT
from hutong.registry.models import Child, ImportBatch, ImportRow
from tests.factories import ON, VILLAGE, id_number, line, person, workbook

ROWS = 60
in_the_province = pytest.mark.usefixtures("divisions")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings) -> Iterator[None]:
    """A key file of the test's own."""
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path


@pytest.fixture
def in_small_parts(monkeypatch) -> None:
    """Parts so small that a small sheet has many, and a second process for each."""
    for module, name, value in (
        (judging_rows, "PART", 3),
        (judging_rows, "SLICE", 20),
        (preparing, "PART", 3),
        (admission, "SLICE", 20),
        (batches, "LARGE_BYTES", 0),
    ):
        monkeypatch.setattr(module, name, value)


def sheet() -> bytes:
    rows = [line(living_division=VILLAGE, id_number=id_number(at=at, region="0307")) for at in range(ROWS)]
    return workbook([*rows[:-1], rows[0]])


def judged(content: bytes) -> ImportBatch:
    batch = staging.receive(by=person("county_officer"), content=content, name="a.xlsx", on=ON)
    return judging.judge(batch=batch, on=ON)


def told() -> list[tuple[str, ...]]:
    """What the register says of every child, opened."""
    return sorted(
        (one.name, one.id_number.open(), one.address.open() if one.address else "", one.guardians.get().name)
        for one in Child.objects.all()
    )


@in_the_province
def test_the_register_is_the_same_with_help(in_small_parts):
    batch = judged(sheet())
    assert IMPORT.is_large(batch)
    assert batch.counts["new"] == ROWS - 1
    assert batch.counts["repeat"] == 1
    assert admission.admit(by=person("approver"), batch=batch, on=ON) == ROWS - 1
    assert len(told()) == ROWS - 1
    assert batch.state == State.ADMITTED


@in_the_province
def test_what_was_sealed_under_an_older_key_is_sealed_again_before_it_is_kept(monkeypatch, in_small_parts):
    content, real = sheet(), judging_rows.Judge._judge_slice

    def slice_after_a_rotation(self, rows):
        put_in_force(keys().with_data_key(1))
        return real(self, rows)

    monkeypatch.setattr(judging_rows.Judge, "_judge_slice", slice_after_a_rotation)
    batch = judged(content)
    keys_used = [bytes(row.payload.token)[1] for row in ImportRow.objects.filter(batch=batch).order_by("number")]
    assert keys_used == sorted(keys_used)
    assert len(set(keys_used)) == ROWS // 20
    assert keys_used[-1] == keys().current


@in_the_province
def test_rows_made_ready_before_a_rotation_are_made_ready_again(in_small_parts):
    batch = judged(sheet())

    def rotate(done: int) -> None:
        put_in_force(put_in_force(keys().with_data_key(1)).with_index_key())
        put_in_force(keys().indexing_by_the_youngest())

    assert admission.admit(by=person("approver"), batch=batch, on=ON, progress=rotate) == ROWS - 1
    used = [(bytes(one.id_number.token)[1], bytes(one.id_index)[0]) for one in Child.objects.order_by("pk")]
    assert used == sorted(used)
    assert len(set(used)) == ROWS // 20
    assert len(told()) == ROWS - 1
