"""Claims and answers as they are kept: sealed documents, read back as the law's own."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from hutong.law.data_checks import Claim, LifeSign
from hutong.law.data_sources import LIFE_SIGNS, Value
from hutong.law.facts import CircumstanceFact


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Who is asked about (被查询人) and what is claimed, as it goes out."""

    name: str
    id_number: str
    claim: Claim


def written(asked: AskedOf) -> str:
    """What is kept of a question (问题留存)."""
    claim = asked.claim
    said = {
        "name": asked.name,
        "id_number": asked.id_number,
        "whose": claim.whose,
        "fact": asdict(claim.fact),
        "born_on": claim.born_on,
        "lived_on": claim.lived_on,
    }
    return json.dumps(said, ensure_ascii=False, default=date.isoformat)


def read(kept: str) -> AskedOf:
    """A question as it was asked."""
    said = json.loads(kept)
    days = {name: _day(said[name]) for name in ("born_on", "lived_on")}
    return AskedOf(said["name"], said["id_number"], Claim(said["whose"], _fact(said["fact"]), **days))


def _fact(said: Mapping[str, Any]) -> CircumstanceFact | LifeSign:
    read: dict[str, Any] = {name: _day(value) if name.endswith("_on") else value for name, value in said.items()}
    if said["kind"] in LIFE_SIGNS:
        return LifeSign(**read | {"aids": tuple(said["aids"])})
    return CircumstanceFact(**read)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def written_values(values: Mapping[str, Value]) -> str:
    """What is kept of an answer (答复留存)."""
    return json.dumps(dict(values), ensure_ascii=False, default=date.isoformat, sort_keys=True)
