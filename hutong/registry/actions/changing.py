"""What a row says and what the register says, put into one another: the admission changes, the withdrawal restores."""

from collections.abc import Mapping
from datetime import date, timedelta

from hutong.kit.names import spell
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import Child, Guardian
from hutong.registry.queries import guardian_of


def write_values(child: Child, said: Mapping[str, str]) -> None:
    """Put said values into a child (改写信息), whom the caller saves."""
    name = said["name"]
    child.name, child.pinyin, child.initials, child.sorting = name, *spell(name)
    child.sex, child.birth_date = said["sex"], date.fromisoformat(said["birth_date"])
    child.ethnic_group = said.get("ethnic_group", "")
    child.registered_code, child.living_code = said["registered_division"], said["living_division"]
    child.address = said.get("living_address") or None
    child.matching_index = matching_index(said)


def merged(now: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What will hold (合并信息): the row where it speaks, else the register; another guardian brings no old details."""
    is_another = said.get("guardian_name", now.get("guardian_name")) != now.get("guardian_name")
    kept = {column: value for column, value in now.items() if not (is_another and column.startswith("guardian_"))}
    return kept | dict(said)


def put_guardian(child: Child, said: Mapping[str, str], *, on: date) -> None:
    """Put a guardian (改写监护人): a mended detail changes the row; another person ends it and begins their own.

    A guardian who only began today is mended too: there is no day on which they were it.
    """
    if "guardian_name" not in said:
        return
    guardian = guardian_of(child) or Guardian(child=child)
    yesterday = on - timedelta(days=1)
    begun_before = guardian.from_on is None or guardian.from_on <= yesterday
    if guardian.pk and guardian.name != said["guardian_name"] and begun_before:
        guardian.until_on = yesterday
        guardian.save()
        guardian = Guardian(child=child, from_on=on)
    _write_guardian(guardian, said)


def restore_guardian(child: Child, said: Mapping[str, str]) -> None:
    """Restore a guardian (还原监护人): the one who came instead goes, the one who ended for it goes on."""
    guardian, name = guardian_of(child), said.get("guardian_name", "")
    ended = child.guardians.filter(name=name, until_on__isnull=False).order_by("-until_on", "-pk").first()
    is_another = guardian is not None and guardian.name != name
    if guardian and is_another and (ended or not name):
        guardian.delete()
    if ended and is_another:
        ended.until_on = None
        _write_guardian(ended, said)
    elif guardian and name:
        _write_guardian(guardian, said)


def _write_guardian(guardian: Guardian, said: Mapping[str, str]) -> None:
    number, phone = said.get("guardian_id_number", ""), said.get("guardian_phone", "")
    guardian.name, guardian.relation = said["guardian_name"], said.get("guardian_relation", "")
    guardian.id_number, guardian.id_index = number or None, id_index(number) if number else None
    guardian.phone, guardian.phone_index = phone or None, phone_index(phone) if phone else None
    guardian.save()
