"""What a row says and what the register says, put into one another: the admission changes, the withdrawal restores."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from hutong.kit.names import spell
from hutong.registry.actions.overwriting import overwrite
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import Child, Guardian
from hutong.registry.queries import guardian_of

GUARDIAN_COLUMNS = ("name", "relation", "id_number", "id_index", "phone", "phone_index", "until_on")


def write_values(child: Child, said: Mapping[str, str]) -> None:
    """Put said values into a child (改写信息), whom the caller saves."""
    if child.name != said["name"]:
        name = said["name"]
        child.name, child.pinyin, child.initials, child.sorting = name, *spell(name)
    child.sex, child.birth_date = said["sex"], date.fromisoformat(said["birth_date"])
    child.ethnic_group = said.get("ethnic_group", "")
    child.registered_code, child.living_code = said["registered_division"], said["living_division"]
    child.address = said.get("living_address") or None
    child.matching_index = matching_index(said)


def put_guardian(child: Child, said: Mapping[str, str], *, on: date) -> list[Guardian]:
    """Put a guardian (改写监护人): a mended detail changes the row; another person ends it and begins their own.

    A guardian who only began today is mended too: there is no day on which they were it. The caller saves what comes.
    """
    if "guardian_name" not in said:
        return []
    guardian = guardian_of(child) or Guardian(child=child)
    yesterday = on - timedelta(days=1)
    begun_before = guardian.from_on is None or guardian.from_on <= yesterday
    if guardian.pk and guardian.name != said["guardian_name"] and begun_before:
        guardian.until_on = yesterday
        return [guardian, _written(Guardian(child=child, from_on=on), said)]
    return [_written(guardian, said)]


def restore_guardian(child: Child, said: Mapping[str, str]) -> tuple[list[Guardian], list[Guardian]]:
    """Restore a guardian (还原监护人): the one who came instead goes, the one who ended for it goes on.

    Who goes and who is changed; the caller saves both.
    """
    guardian, name = guardian_of(child), said.get("guardian_name", "")
    former = (one for one in child.guardians.all() if one.name == name and one.until_on is not None)
    ended = max(former, key=lambda one: (one.until_on, one.pk), default=None)
    is_another = guardian is not None and guardian.name != name
    gone = [guardian] if guardian and is_another and (ended or not name) else []
    if ended and is_another:
        ended.until_on = None
        return gone, [_written(ended, said)]
    return gone, [_written(guardian, said)] if guardian and name else []


def save_guardians(guardians: Collection[Guardian]) -> None:
    """Saves guardians (保存监护人), those who end before those who begin."""
    overwrite([one for one in guardians if one.pk], GUARDIAN_COLUMNS)
    Guardian.objects.bulk_create(one for one in guardians if not one.pk)


def _written(guardian: Guardian, said: Mapping[str, str]) -> Guardian:
    number, phone = said.get("guardian_id_number", ""), said.get("guardian_phone", "")
    guardian.name, guardian.relation = said["guardian_name"], said.get("guardian_relation", "")
    guardian.id_number, guardian.id_index = number or None, id_index(number) if number else None
    guardian.phone, guardian.phone_index = phone or None, phone_index(phone) if phone else None
    return guardian
