"""The key file while the server runs: several keys, a new one noticed, a file never half written; and SM4-GCM."""

import json
import os
import stat
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from hutong.kit import cipher
from hutong.kit.cipher import ALGORITHMS, AesGcm, CannotOpen, Sealed, Sm4Gcm, keys, put_in_force, unseal

FIELD = "registry.child.id_number"
SECRET = "99000020150307002X"

# RFC 8998, appendix A.1
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
PLAIN = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
BOUND = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
SEALED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    "83DE3541E4C2B58177E065A9BF7B62EC"
)
OTHER_PROCESS = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(KEYS_FILE=Path(sys.argv[1]))
from hutong.kit.cipher import keys, put_in_force
for _round in range(int(sys.argv[2])):
    put_in_force(keys().with_data_key(1))
    put_in_force(keys().without(data=[key for key in keys().data if key != keys().current]))
"""


@pytest.fixture
def own_keys(tmp_path, settings):
    """A key file of the test's own, a copy of the suite's."""
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    path.chmod(0o600)
    settings.KEYS_FILE = path
    return path


def written_elsewhere(changed: cipher.Keys, monkeypatch) -> None:
    """Replaces the key file as another process does: this one does not know yet."""
    held = cipher._KeyFile(settings.KEYS_FILE)
    with monkeypatch.context() as patch:
        patch.setattr(cipher, "_file", lambda path: held)
        put_in_force(changed)


def test_sm4_gcm_gives_the_published_answer():
    assert Sm4Gcm().encrypt(KEY, NONCE, PLAIN, BOUND) == SEALED
    assert Sm4Gcm().decrypt(KEY, NONCE, SEALED, BOUND) == PLAIN


@given(st.binary(max_size=80), st.integers(0, 2**30), st.binary(max_size=20))
def test_sm4_gcm_refuses_what_was_changed_or_bound_elsewhere(plain, at, bound):
    token = bytearray(replace(keys(), algorithm=Sm4Gcm.code).seal(plain, field=FIELD))
    assert keys().open(bytes(token), field=FIELD) == plain
    with pytest.raises(CannotOpen):
        keys().open(bytes(token), field=FIELD + "x")
    token[2 + at % (len(token) - 2)] ^= 1
    with pytest.raises(CannotOpen):
        keys().open(bytes(token), field=FIELD)


def test_the_algorithms_share_no_key_bytes():
    data_key = bytes(range(32))
    derived = Sm4Gcm().key(data_key)

    assert len(derived) == 16 and derived not in data_key
    assert AesGcm().key(data_key) == data_key
    assert {one.name for one in ALGORITHMS.values()} == {"aes-gcm", "sm4-gcm"}


def test_a_value_sealed_with_one_algorithm_opens_when_the_other_is_in_use(own_keys):
    before = keys().seal(SECRET, field=FIELD)
    put_in_force(keys().with_data_key(Sm4Gcm.code))
    after = keys().seal(SECRET, field=FIELD)

    assert (before[0], after[0]) == (1, 2)
    assert keys().open(before, field=FIELD) == keys().open(after, field=FIELD) == SECRET.encode()


def test_a_key_file_of_the_first_form_is_read(own_keys):
    stored = json.loads(own_keys.read_text())
    key = keys().index[1]
    stored["index"] = b64encode(key).decode()
    del stored["current_index"]
    own_keys.write_text(json.dumps(stored))

    assert cipher._load(own_keys).index == {1: key}
    assert cipher._load(own_keys) == keys()


def test_a_blind_index_names_its_key_and_look_ups_ask_for_all(own_keys):
    before = keys().blind(SECRET, kind="id_number")
    known = put_in_force(keys().with_index_key())
    assert known.blind(SECRET, kind="id_number") == before
    after = put_in_force(known.indexing_by_the_youngest()).blind(SECRET, kind="id_number")

    assert (before[0], after[0], len(before), len(after)) == (1, 2, 16, 16)
    assert before[1:] != after[1:]
    assert keys().blinds(SECRET, kind="id_number") == [after, before]


def test_a_key_that_another_process_has_added_is_noticed_within_a_second(own_keys, monkeypatch):
    first = keys()
    now = cipher.time.monotonic()
    monkeypatch.setattr(cipher.time, "monotonic", lambda: now)
    written_elsewhere(first.with_data_key(1), monkeypatch)

    within = keys()
    monkeypatch.setattr(cipher.time, "monotonic", lambda: now + cipher.LOOK_SECONDS + 0.01)

    assert within is first
    assert keys().current == 2


def test_a_token_of_a_key_not_known_yet_opens_at_once(own_keys, monkeypatch):
    first = keys()
    written_elsewhere(first.with_data_key(1), monkeypatch)
    token = cipher._load(own_keys).seal(SECRET, field=FIELD)
    assert token[1] not in first.data

    assert unseal(token, field=FIELD) == SECRET.encode()
    assert Sealed(token, FIELD).open() == SECRET


def test_a_token_of_a_key_that_nobody_has_does_not_open(own_keys):
    token = bytearray(keys().seal(SECRET, field=FIELD))
    token[1] = 77
    with pytest.raises(CannotOpen):
        unseal(bytes(token), field=FIELD)


def test_a_key_file_that_is_away_does_not_stop_who_has_read_it(own_keys, monkeypatch):
    first = keys()
    own_keys.unlink()
    now = cipher.time.monotonic()
    monkeypatch.setattr(cipher.time, "monotonic", lambda: now + 10)

    assert keys() == first


def test_the_replaced_file_is_its_owners_alone_and_leaves_nothing_beside_it(own_keys):
    os.chown(own_keys, 65534 if os.geteuid() == 0 else -1, -1)
    owner = own_keys.stat().st_uid
    put_in_force(keys().with_data_key(1))
    found = own_keys.stat()

    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o600, owner)
    assert [file.name for file in own_keys.parent.iterdir()] == ["keys.json"]


def test_whoever_reads_while_another_writes_finds_a_whole_file(own_keys):
    command = [sys.executable, "-c", OTHER_PROCESS, str(own_keys), "100"]
    with subprocess.Popen(command) as other:
        read = 0
        while other.poll() is None:
            found = cipher._load(own_keys)
            assert found.current in found.data
            read += 1

    assert other.returncode == 0 and read > 20


def test_ids_are_not_used_again_while_others_are_free():
    made = replace(keys(), data={254: bytes(32)}, current=254)
    made = made.with_data_key(1)
    assert made.current == 255
    made = made.without(data=[254]).with_data_key(1)
    assert (made.current, list(made.data)) == (1, [255, 1])


def test_the_current_keys_cannot_be_taken_out():
    assert keys().without(data=[1], index=[1]) == keys()
