"""`hutong keys`: what it answers, what it refuses, and that no key is printed."""

import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from hutong.console import doctor
from hutong.console import keys as command
from hutong.console.printing import Refusal
from hutong.gateways.embedded_postgres import locked
from hutong.kit.cipher import keys, put_in_force
from hutong.registry.models import Child
from tests.factories import child, person, sign_in

SECRET_WORDS = "柳不可见"


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings, monkeypatch) -> Iterator[None]:
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    monkeypatch.setattr(command, "NOTICE_SECONDS", 0)


def answer(capsys, verb, *arguments) -> dict:
    verb(*arguments, as_json=True)
    printed = capsys.readouterr()
    held = keys()
    for key in (*held.data.values(), *held.index.values(), held.trail):
        assert b64encode(key).decode() not in printed.out + printed.err
    return json.loads(printed.out)


@pytest.mark.django_db
def test_a_rotation_from_end_to_end(capsys):
    one = child(address="望远镇 1 号")

    rotated = answer(capsys, command.rotate, command.AlgorithmName.SM4_GCM)
    shown = answer(capsys, command.show)
    retired = answer(capsys, command.retire)

    assert rotated == {
        "resealed": 1, "damaged": 0, "data_key": 2, "index_key": 1, "dropped": [], "algorithm": "sm4-gcm",
    }  # fmt: skip
    assert shown["data"] == [
        {"key": 1, "values": 0, "current": False, "in_file": True, "algorithm": "sm4-gcm"},
        {"key": 2, "values": 2, "current": True, "in_file": True, "algorithm": "sm4-gcm"},
    ]
    assert retired == {"retired": [1]}
    assert answer(capsys, command.retire) == {"retired": []}
    assert Child.objects.get(pk=one.pk).address.open() == "望远镇 1 号"


@pytest.mark.django_db
def test_a_rotation_keeps_the_cipher_unless_told_otherwise(capsys):
    answer(capsys, command.rotate, command.AlgorithmName.SM4_GCM)
    assert answer(capsys, command.rotate, None)["algorithm"] == "sm4-gcm"
    assert answer(capsys, command.rotate, command.AlgorithmName.AES_GCM)["algorithm"] == "aes-gcm"


@pytest.mark.django_db
def test_a_reindex_drops_the_older_index_key(capsys):
    child()

    done = answer(capsys, command.reindex)

    assert (done["reindexed"], done["index_key"], done["dropped"]) == (1, 2, [1])
    assert answer(capsys, command.show)["index"] == [{"key": 2, "values": 2, "current": True, "in_file": True}]
    assert list(keys().index) == [2]


@pytest.mark.django_db
def test_a_reindex_that_had_only_made_its_key_is_finished(capsys):
    child()
    put_in_force(keys().with_index_key())

    done = answer(capsys, command.resume)

    assert (done["reindexed"], done["index_key"], done["dropped"]) == (1, 2, [1])


@pytest.mark.django_db
def test_a_key_in_use_is_not_retired():
    child()
    put_in_force(keys().with_data_key(1))

    with pytest.raises(Refusal) as refused:
        command.retire()

    assert refused.value.status == 1
    assert "hutong keys resume" in str(refused.value)
    assert list(keys().data) == [1, 2]


@pytest.mark.django_db
def test_a_value_that_does_not_open_is_told_and_the_rest_goes_on(capsys):
    damaged, _sound = child(), child()
    Child.objects.filter(pk=damaged.pk).update(id_number=damaged.id_number.token[:-1])

    with pytest.raises(command.typer.Exit) as ended:
        command.rotate(as_json=True)

    done = json.loads(capsys.readouterr().out)
    assert ended.value.exit_code == 1
    assert (done["resealed"], done["damaged"]) == (1, 1)


@pytest.mark.django_db
def test_two_changes_at_once_are_refused(settings):
    with locked(settings.KEYS_FILE.with_name("keys.json.lock"), wait=False), pytest.raises(Refusal):
        command.rotate()
    assert list(keys().data) == [1]


@pytest.mark.django_db
def test_the_table_for_people_names_keys_by_number(capsys):
    child()
    command.show()
    printed = capsys.readouterr().out
    assert "aes-gcm" in printed and b64encode(keys().data[1]).decode() not in printed


@pytest.mark.django_db
def test_what_is_searched_for_cannot_be_read_in_the_table_of_sessions():
    client = Client()
    sign_in(client, person("county_officer", username="searcher"))

    found = client.post(reverse("desk:search"), {"q": SECRET_WORDS})

    kept = Session.objects.get().get_decoded()
    assert SECRET_WORDS not in json.dumps(kept, ensure_ascii=False) and kept["said"]
    assert SECRET_WORDS in client.get(found.url).content.decode()


@pytest.mark.django_db
def test_doctor_warns_of_a_server_that_logs_values(monkeypatch, is_embedded):
    if is_embedded:
        assert doctor._server_log().state == doctor.FINE
    monkeypatch.setattr(doctor, "QUIET_LOG", {"log_statement": ("quieter",)})

    finding = doctor._server_log()

    assert finding.state == doctor.WARNING
    assert "log_statement = none" in finding.text and "SET log_statement = quieter;" in finding.mend
