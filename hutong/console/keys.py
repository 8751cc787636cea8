"""Keys (密钥): `hutong keys` changes data keys and index keys while the server runs. No key is ever printed."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from types import ModuleType
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from rich.progress import Progress, TaskID
from rich.table import Table

from hutong.accounts.actions import rekeying as accounts
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.rekeying import KeyedField, Renewed, drop_unused
from hutong.accounts.clock import today
from hutong.allowances.actions import rekeying as allowances
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer, progress
from hutong.gateways.embedded_postgres import locked
from hutong.kit.cipher import ALGORITHMS, LOOK_SECONDS, AesGcm, BlindIndexField, SealedField, Sm4Gcm, put_in_force
from hutong.kit.cipher import keys as keys_in_force
from hutong.outreach.actions import rekeying as outreach
from hutong.protection.actions import rekeying as protection
from hutong.registry.actions import rekeying as registry
from hutong.treasury.actions import rekeying as treasury

ROOMS: tuple[ModuleType, ...] = (accounts, treasury, registry, protection, outreach, allowances)
"""The rooms that hold sealed values; each has the verbs reseal and reindex."""

NOTICE_SECONDS = 2 * LOOK_SECONDS


class AlgorithmName(StrEnum):
    """The ciphers by name (算法)."""

    AES_GCM = AesGcm.name
    SM4_GCM = Sm4Gcm.name


app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("rotate", help=_("Seal everything anew under a new data key."))
def rotate(
    algorithm: Annotated[AlgorithmName | None, typer.Option(help=_("The cipher; by default the one in use."))] = None,
    as_json: AsJson = False,
) -> None:
    """Changes the data key (更换数据密钥); the old ones stay in the file until they are retired."""
    with _one_change():
        code = next((one.code for one in ALGORITHMS.values() if one.name == algorithm), keys_in_force().algorithm)
        put_in_force(keys_in_force().with_data_key(code))
        time.sleep(NOTICE_SECONDS)
        done = _renew(SealedField)
    _tell({"resealed": done}, [], as_json=as_json)


@app.command("reindex", help=_("Index everything anew under a new index key."))
def reindex(as_json: AsJson = False) -> None:
    """Changes the index key (更换索引密钥); the old one leaves the file when nothing is indexed by it any more."""
    with _one_change():
        put_in_force(keys_in_force().with_index_key())
        done, dropped = _index_by_the_youngest()
    _tell({"reindexed": done}, dropped, as_json=as_json)


@app.command("resume", help=_("Go on with a change of keys that was interrupted."))
def resume(as_json: AsJson = False) -> None:
    """Goes on with what was interrupted (继续更换密钥), and mends what stands under older keys for any reason."""
    with _one_change():
        sealed = _renew(SealedField)
        indexed, dropped = _index_by_the_youngest()
    _tell({"resealed": sealed, "reindexed": indexed}, dropped, as_json=as_json)


@app.command("retire", help=_("Take data keys out of the key file that nothing is sealed with any more."))
def retire(as_json: AsJson = False) -> None:
    """Retires older data keys (停用旧密钥); refuses while anything is sealed with one."""
    with _one_change():
        dropped = _drop(SealedField)
    text = _("Retired data keys: %(ids)s.") if dropped else _("There is no older data key.")
    answer({"retired": dropped}, text % {"ids": ", ".join(map(str, dropped))}, as_json=as_json)


@app.command("show", help=_("Say how many values stand under which key."))
def show(as_json: AsJson = False) -> None:
    """Shows the keys by their ids (查看密钥使用情况), never the keys themselves."""
    with with_database():
        data, index = _in_use(SealedField), _in_use(BlindIndexField)
    held = keys_in_force()
    document = {
        "algorithm": ALGORITHMS[held.algorithm].name,
        "data": [_line(mark, count, mark[1] in held.data, mark == held.mark) for mark, count in sorted(data.items())],
        "index": [
            _line(mark, count, mark[0] in held.index, mark == held.index_mark) for mark, count in sorted(index.items())
        ],
    }
    answer(document, _table(document), as_json=as_json)


def _line(mark: bytes, count: int, is_held: bool, is_current: bool) -> dict[str, Any]:
    line: dict[str, Any] = {"key": mark[-1], "values": count, "current": is_current, "in_file": is_held}
    if len(mark) > 1:
        line["algorithm"] = ALGORITHMS[mark[0]].name if mark[0] in ALGORITHMS else str(mark[0])
    return line


def _table(document: dict[str, Any]) -> Table:
    table = Table(_("Kind"), _("Key"), _("Algorithm"), _("Values"), "")
    for kind, title in (("data", _("Data key")), ("index", _("Index key"))):
        for line in document[kind]:
            note = _("current") if line["current"] else "" if line["in_file"] else _("not in the key file")
            table.add_row(title, str(line["key"]), line.get("algorithm", ""), str(line["values"]), note)
    return table


def _in_use(kind: type[KeyedField]) -> Counter[bytes]:
    """How many values of all rooms stand under which key; keys under which nothing stands count 0."""
    held = keys_in_force()
    marks = [bytes((held.algorithm, at)) for at in held.data] if kind is SealedField else map(bytes, zip(held.index))
    empty = Counter(dict.fromkeys(marks, 0))
    for room in ROOMS:
        empty.update(room.in_use(kind))
    named = {mark[-1] for mark, count in empty.items() if count}
    return Counter({mark: count for mark, count in empty.items() if count or mark[-1] not in named})


@contextmanager
def _one_change() -> Iterator[None]:
    """One change of keys at a time, with the database."""
    lock = settings.KEYS_FILE.with_name(f"{settings.KEYS_FILE.name}.lock")
    try:
        with locked(lock, wait=False), with_database():
            yield
    except BlockingIOError:
        raise Refusal(_("Another change of keys is under way on this machine.")) from None
    except Refused as refused:
        raise Refusal(str(refused.reason)) from refused


def _index_by_the_youngest() -> tuple[Renewed, list[int]]:
    """Look-ups know all keys first; only then does anything stand under the new one. The others leave at the end."""
    held = keys_in_force()
    if held.indexing_by_the_youngest() != held:
        time.sleep(NOTICE_SECONDS)
        put_in_force(held.indexing_by_the_youngest())
        time.sleep(NOTICE_SECONDS)
    done = _renew(BlindIndexField)
    return done, [] if done.damaged else _drop(BlindIndexField)


def _renew(kind: type[KeyedField]) -> Renewed:
    done = Renewed()
    title = _("Sealing anew") if kind is SealedField else _("Indexing anew")
    with progress() as bars:
        for room in ROOMS:
            verb = room.reseal if kind is SealedField else room.reindex
            bar = bars.add_task(f"{title}: {room.__name__.split('.')[1]}", total=0)
            done += verb(by=None, on=today(), progress=partial(_show, bars, bar))
    return done


def _show(bars: Progress, bar: TaskID, done: int, total: int) -> None:
    bars.update(bar, completed=done, total=total)


def _drop(kind: type[KeyedField]) -> list[int]:
    rows = [table for room in ROOMS for table in room.tables(kind)]
    return drop_unused(by=None, kind=kind, rows=rows, in_use=lambda: _in_use(kind), on=today())


def _tell(done: dict[str, Renewed], dropped: list[int], *, as_json: bool) -> None:
    held = keys_in_force()
    damaged = sum(one.damaged for one in done.values())
    document: dict[str, Any] = {name: one.rows for name, one in done.items()}
    document |= {"damaged": damaged, "data_key": held.current, "index_key": held.current_index, "dropped": dropped}
    document["algorithm"] = ALGORITHMS[held.algorithm].name
    text = _("%(rows)s rows are under the current keys now. Copy the key file to its safe place again.")
    lines = [text % {"rows": sum(one.rows for one in done.values())}]
    if damaged:
        text = _("%(count)s rows were left as they are: a value does not open, or another file has the same number.")
        lines.append(text % {"count": damaged})
    answer(document, "\n".join(lines), as_json=as_json)
    if damaged:
        raise typer.Exit(Status.FOUND)
