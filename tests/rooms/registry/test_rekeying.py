"""Changing keys: every value comes under the current one and is found meanwhile; nobody's write is lost."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction

from hutong.accounts.actions import rekeying as machinery
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.rekeying import drop_unused
from hutong.accounts.models import TrailEntry
from hutong.kit.cipher import BlindIndexField, CannotOpen, SealedField, Sm4Gcm, keys, put_in_force
from hutong.kit.staging import Verdict
from hutong.registry.actions.completing import complete_id_number
from hutong.registry.actions.rekeying import in_use, reindex, reseal, tables
from hutong.registry.finding import Filters, children
from hutong.registry.models import Child, Guardian, ImportFile, ImportRow
from hutong.registry.queries import RowsRegister
from tests.factories import ON, child, id_number, judge_rows, judged, line, line_of, person

PHONE = "13900000001"


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings) -> Iterator[None]:
    """A key file of the test's own."""
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path


def new_data_key(algorithm: int = 1) -> None:
    put_in_force(keys().with_data_key(algorithm))


def new_index_key() -> None:
    put_in_force(put_in_force(keys().with_index_key()).indexing_by_the_youngest())


def retire(kind: type) -> list[int]:
    return drop_unused(by=None, kind=kind, rows=tables(kind), in_use=lambda: in_use(kind), on=ON)


def found(text: str) -> list[str]:
    return [one.file_number for one in children(person("county_officer"), Filters(text=text), on=ON)]


def marks(model: type, column: str, length: int) -> set[bytes]:
    return {bytes(getattr(value, "token", value))[:length] for value in model.objects.values_list(column, flat=True)}


@pytest.mark.django_db
@pytest.mark.parametrize("algorithm", [1, Sm4Gcm.code])
def test_every_sealed_value_of_the_room_is_sealed_anew(divisions, algorithm):
    one = child(address="望远镇 1 号", guardian={"phone": PHONE, "id_number": id_number()})
    batch = judged([line(), line()], by=person("county_officer"))
    number = one.id_number.open()
    new_data_key(algorithm)

    done = reseal(by=None, on=ON)

    current = bytes((algorithm, 2))
    assert set(in_use(SealedField)) == {current}
    assert done.rows == 6  # the child, its guardian, the batch, its file and its two rows
    assert done.damaged == 0
    again = Child.objects.get(pk=one.pk)
    assert (again.id_number.open(), again.address.open()) == (number, "望远镇 1 号")
    assert Guardian.objects.get(child=one).phone.open() == PHONE
    assert all("guardian_name" in row.payload.open() for row in ImportRow.objects.filter(batch=batch))
    assert ImportFile.objects.get(batch=batch).content.open_bytes()[:2] == b"PK"


@pytest.mark.django_db
def test_a_renewal_finds_nothing_the_second_time_and_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(machinery, "SLICE_ROWS", 2)
    for _ in range(5):
        child()
    new_data_key()
    told = []

    first = reseal(by=None, on=ON, progress=lambda done, total: told.append((done, total)))

    assert told == [(2, 5), (4, 5), (5, 5)]
    assert (first.rows, reseal(by=None, on=ON).rows) == (5, 0)
    entry = TrailEntry.objects.get(act="reseal")
    assert (entry.by, entry.details) == (None, {"rows": 5, "damaged": 0, "room": "registry"})


@pytest.mark.django_db
def test_a_slice_is_kept_small_by_its_bytes(monkeypatch, divisions):
    monkeypatch.setattr(machinery, "SLICE_BYTES", 1)
    judged([line()], by=person("county_officer"))
    judged([line()], by=person("county_officer"))
    new_data_key()
    told = []

    reseal(by=None, on=ON, progress=lambda done, total: told.append(done))

    assert told == list(range(1, len(told) + 1)) and len(told) == 6


@pytest.mark.django_db
def test_every_index_is_made_anew_of_what_the_row_holds():
    one = child(guardian={"phone": "139-0000-0001", "id_number": id_number()})
    without = child(id_number="", guardian={"guardian_name": "马秀英"})
    before = {name: bytes(getattr(one, name)) for name in ("id_index", "matching_index")}
    row = line_of(without)
    new_index_key()

    done = reindex(by=None, on=ON)

    assert set(in_use(BlindIndexField)) == {b"\2"}
    assert done.rows == 3  # the other guardian has neither number nor telephone
    again = Child.objects.get(pk=one.pk)
    assert bytes(again.id_index) == keys().blind(one.id_number.open(), kind="id_number") != before["id_index"]
    assert retire(BlindIndexField) == [1]
    assert found(one.id_number.open()) == [one.file_number]
    assert found(PHONE) == [one.file_number]
    assert judge_rows([row], register=RowsRegister())[0].known.id == without.pk


@pytest.mark.django_db
@pytest.mark.parametrize("renewed", [False, True], ids=["before its row", "after its row"])
def test_a_child_is_found_while_a_reindex_is_under_way(renewed):
    one = child(guardian={"phone": PHONE})
    without = child(id_number="")
    rows = [line_of(one), line_of(without)]
    number = one.id_number.open()
    new_index_key()
    if renewed:
        reindex(by=None, on=ON)

    assert found(number) == found(PHONE) == [one.file_number]
    assert [row.verdict for row in judge_rows(rows, register=RowsRegister())] == [Verdict.SAME, Verdict.SAME]


@pytest.mark.django_db
def test_a_number_under_the_older_key_is_not_entered_twice():
    number = id_number()
    child(id_number=number)
    other = child(id_number="")
    new_index_key()

    with pytest.raises(Refused):
        complete_id_number(by=person("county_officer"), child=other, number=number, on=ON)


@pytest.mark.django_db
def test_a_late_save_after_the_key_is_gone_is_refused_and_the_row_keeps_its_value():
    made = child()
    read_before = Child.objects.get(pk=made.pk)
    number = made.id_number.open()
    new_data_key()
    reseal(by=None, on=ON)
    retire(SealedField)

    with pytest.raises(CannotOpen), transaction.atomic():
        read_before.save()

    assert Child.objects.get(pk=made.pk).id_number.open() == number


@pytest.mark.django_db
def test_a_late_save_before_the_key_is_retired_brings_no_old_token_back():
    made = child(guardian={"phone": PHONE})
    read_before, guardian = Child.objects.get(pk=made.pk), Guardian.objects.get(child=made)
    new_data_key()
    new_index_key()
    reseal(by=None, on=ON)
    reindex(by=None, on=ON)

    read_before.save()
    guardian.save()
    Child.objects.bulk_update([read_before], ["address", "id_number"])

    assert (set(in_use(SealedField)), set(in_use(BlindIndexField))) == ({b"\1\2"}, {b"\2"})
    assert found(PHONE) == [made.file_number]


@pytest.mark.django_db
def test_a_key_with_values_is_not_retired():
    child()
    new_data_key()
    with pytest.raises(Refused):
        retire(SealedField)
    assert list(keys().data) == [1, 2]

    reseal(by=None, on=ON)

    assert retire(SealedField) == [1]
    assert list(keys().data) == [2]
    assert retire(SealedField) == []


@pytest.mark.django_db
def test_a_damaged_value_is_counted_and_left_and_keeps_its_key():
    sound, damaged = child(), child()
    token = damaged.id_number.token
    Child.objects.filter(pk=damaged.pk).update(id_number=token[:-1] + bytes((token[-1] ^ 1,)))
    new_data_key()

    done = reseal(by=None, on=ON)

    assert (done.rows, done.damaged) == (1, 1)
    assert Child.objects.get(pk=sound.pk).id_number.token[:2] == b"\1\2"
    with pytest.raises(Refused):
        retire(SealedField)


@pytest.mark.django_db
def test_a_number_that_two_files_have_is_counted_and_the_rest_goes_on():
    number = id_number()
    made = [child(), child(id_number=number), child()]
    new_index_key()
    made.append(child(id_number=number))  # entered past every verb: the database cannot see it

    done = reindex(by=None, on=ON)

    assert (done.rows, done.damaged) == (2, 1)
    assert sorted(found(number)) == sorted((made[1].file_number, made[3].file_number))
    with pytest.raises(Refused):
        retire(BlindIndexField)


@pytest.mark.django_db
def test_only_who_watches_over_the_system_changes_keys():
    for verb in (reseal, reindex):
        with pytest.raises(NotAllowed):
            verb(by=person("county_officer"), on=ON)


def test_rows_that_somebody_holds_are_waited_for_and_their_values_kept(committed_database, monkeypatch):
    monkeypatch.setattr(machinery, "PAUSE_SECONDS", 0.01)
    made = [child() for _ in range(4)]
    new_data_key()
    renewal = Thread(target=lambda: (reseal(by=None, on=ON), connections.close_all()))

    with transaction.atomic():
        held = Child.objects.select_for_update().get(pk=made[1].pk)
        renewal.start()
        while Child.objects.filter(id_number__not_under=keys().mark).count() > 1:
            pass
        held.address = "望远镇 2 号"
        held.no_id_reason = ""
        held.save()
    renewal.join(timeout=30)

    assert not renewal.is_alive()
    assert set(in_use(SealedField)) == {b"\1\2"}
    assert Child.objects.get(pk=made[1].pk).address.open() == "望远镇 2 号"


def test_a_key_is_not_taken_out_before_who_had_begun_to_write_has_ended(committed_database, monkeypatch):
    monkeypatch.setattr(machinery, "PAUSE_SECONDS", 0.01)
    token = keys().seal("柳", field="registry.child.address")
    new_data_key()
    outcome = []

    def take_out() -> None:
        try:
            outcome.append(retire(SealedField))
        except Refused as refused:
            outcome.append(refused)
        connections.close_all()

    taking_out = Thread(target=take_out)
    with transaction.atomic():
        one = child()
        with connection.cursor() as cursor:  # as a COPY that began under the older key
            cursor.execute("UPDATE registry_child SET address = %s WHERE id = %s", [token, one.pk])
        taking_out.start()
        taking_out.join(timeout=1)
        assert taking_out.is_alive() and not outcome
    taking_out.join(timeout=30)

    assert isinstance(outcome[0], Refused)
    assert Child.objects.get(pk=one.pk).address.open() == "柳"


@pytest.mark.django_db
def test_the_same_number_under_one_key_is_still_refused_by_the_database():
    number = id_number()
    child(id_number=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        child(id_number=number)
