"""The field cipher: what is sealed opens in its own column only, and is never printed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from hutong.kit.cipher import CannotOpen, Keys, NoKeys, Sealed, keys, load_or_create_keys
from hutong.registry.models import Child, Guardian

FIELD, OTHER_FIELD = "registry.child.id_number", "registry.child.address"
SECRET = "99000020150307002X"
MAKE_KEYS = """
import sys, time
from pathlib import Path
from hutong.kit.cipher import load_or_create_keys

go = Path(sys.argv[2])
Path(f"{go}.{sys.argv[3]}").touch()
while not go.exists():
    time.sleep(0.001)
print(load_or_create_keys(Path(sys.argv[1]), may_create=True).web)
"""


@given(st.text() | st.binary())
def test_what_is_sealed_opens_again(value):
    plain = value.encode() if isinstance(value, str) else value
    assert keys().open(keys().seal(value, field=FIELD), field=FIELD) == plain


@given(st.text(max_size=40))
def test_a_token_does_not_open_in_another_field(value):
    with pytest.raises(CannotOpen):
        keys().open(keys().seal(value, field=FIELD), field=OTHER_FIELD)


@given(st.text(max_size=40), st.data())
def test_a_token_with_any_bit_changed_does_not_open(value, data):
    token = bytearray(keys().seal(value, field=FIELD))
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        keys().open(bytes(token), field=FIELD)


@given(st.integers(0, 40))
def test_a_shortened_token_does_not_open(length):
    with pytest.raises(CannotOpen):
        keys().open(keys().seal(SECRET, field=FIELD)[:length], field=FIELD)


def test_a_token_of_a_lost_key_does_not_open():
    token = keys().seal(SECRET, field=FIELD)
    with pytest.raises(CannotOpen):
        replace(keys(), data={2: bytes(32)}, current=2).open(token, field=FIELD)


def test_an_older_key_still_opens_after_a_new_one_is_current():
    token = keys().seal(SECRET, field=FIELD)
    rotated = replace(keys(), data={**keys().data, 2: bytes(32)}, current=2)
    assert rotated.open(token, field=FIELD) == rotated.open(rotated.seal(SECRET, field=FIELD), field=FIELD)


def test_two_seals_of_one_value_differ():
    assert len({keys().seal(SECRET, field=FIELD) for _ in range(50)}) == 50


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_blind_index_is_equal_for_equal_values_of_one_kind(one, other):
    assert (keys().blind(one, kind="phone") == keys().blind(other, kind="phone")) == (one == other)
    assert keys().blind(one, kind="phone") != keys().blind(one, kind="id_number")
    assert len(keys().blind(one, kind="phone")) == 16


def test_another_key_gives_another_index_and_another_digest():
    other = replace(keys(), index={1: bytes(32)}, trail=bytes(32))
    assert other.blind(SECRET, kind="id_number") != keys().blind(SECRET, kind="id_number")
    assert other.digest([SECRET]) != keys().digest([SECRET])
    assert keys().digest(["a", "b"]) == keys().digest(iter(["a", "b"])) != keys().digest(["ab"])


def test_the_key_file_is_for_its_owner_alone_and_made_once(tmp_path):
    path = tmp_path / "made" / "keys.json"
    first = load_or_create_keys(path, may_create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    written = path.read_bytes()
    assert load_or_create_keys(path, may_create=True) == first
    assert path.read_bytes() == written
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_processes_that_start_together_agree_on_one_key_file(tmp_path):
    path, go = tmp_path / "keys.json", tmp_path / "go"
    started = [_start(path, go, str(at)) for at in range(4)]
    while len(list(tmp_path.glob("go.*"))) < len(started):
        assert all(process.poll() is None for process in started)
    go.touch()
    said = [process.communicate(timeout=30)[0] for process in started]
    assert set(said) == {load_or_create_keys(path, may_create=True).web + "\n"}
    assert not list(tmp_path.glob("keys.json.*"))


def _start(path: Path, go: Path, name: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", MAKE_KEYS, path, go, name], stdout=subprocess.PIPE, text=True)


def test_no_keys_are_made_where_there_must_be_some_already(tmp_path):
    with pytest.raises(NoKeys):
        load_or_create_keys(tmp_path / "keys.json", may_create=False)
    assert not list(tmp_path.iterdir())
    made = load_or_create_keys(tmp_path / "keys.json", may_create=True)
    assert load_or_create_keys(tmp_path / "keys.json", may_create=False) == made


def test_two_key_files_are_two_secrets(tmp_path):
    one, other = (load_or_create_keys(tmp_path / name, may_create=True) for name in ("one.json", "other.json"))
    assert isinstance(one, Keys)
    assert not {one.data[1], one.index[1], one.trail} & {other.data[1], other.index[1], other.trail}
    assert len({one.data[1], one.index[1], one.trail, one.web.encode()}) == 4


def test_a_sealed_value_never_prints_itself():
    sealed = Sealed(keys().seal(SECRET, field=FIELD), FIELD)
    template = Template("{{ value }} {{ value|safe }} {{ value|upper }} {{ values }}")
    page = template.render(Context({"value": sealed, "values": [sealed]}))
    shown = f"{sealed} {sealed!r} {sealed!s} %s %r {page}" % (sealed, sealed) + str([sealed]) + str({"a": (sealed,)})
    assert SECRET not in shown
    assert "•••" in page
    assert sealed.open() == SECRET


def test_keys_never_print_themselves():
    shown = f"{keys()} {keys()!r} {[keys()]}"
    assert not any(secret in shown for secret in (keys().web, repr(keys().index[1]), repr(keys().data[1])))


def test_a_model_seals_as_soon_as_it_is_assigned():
    made = Child(id_number=SECRET, address="甘露街 1 号")
    assert isinstance(made.id_number, Sealed) and made.id_number.open() == SECRET
    assert SECRET not in repr(made.__dict__)
    assert SECRET.encode() not in made.id_number.token
    made.address = None
    assert made.address is None


@pytest.mark.parametrize("empty", ["", b"", None])
def test_nothing_is_stored_as_nothing(empty):
    assert Guardian(phone=empty).phone is None


def test_a_token_bound_to_one_column_does_not_open_through_another():
    made = Child(id_number=SECRET)
    with pytest.raises(CannotOpen):
        Sealed(made.id_number.token, Guardian._meta.get_field("id_number").bound_to).open()


def test_dumping_a_model_does_not_give_the_value_away():
    field = Child._meta.get_field("id_number")
    assert field.value_to_string(Child(id_number=SECRET)) == "•••"
