"""What a row says and what the register says, put into one another: the admission changes, the withdrawal restores."""

from datetime import date

from hutong.kit.names import initials, pinyin
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import Child, Guardian


def write_values(child: Child, guardian: Guardian | None, said: dict[str, str]) -> None:
    """Puts said values into a child and the guardian of today; saves the guardian, leaves the child to the caller."""
    child.name, child.pinyin, child.initials = said["name"], pinyin(said["name"]), initials(said["name"])
    child.sex, child.birth_date = said["sex"], date.fromisoformat(said["birth_date"])
    child.ethnic_group = said.get("ethnic_group", "")
    child.registered_code, child.living_code = said["registered_division"], said["living_division"]
    child.address = said.get("living_address") or None
    child.matching_index = matching_index(said)
    if "guardian_name" not in said:
        return
    guardian = guardian or Guardian(child=child)
    number, phone = said.get("guardian_id_number", ""), said.get("guardian_phone", "")
    guardian.name, guardian.relation = said["guardian_name"], said.get("guardian_relation", "")
    guardian.id_number, guardian.id_index = number or None, id_index(number) if number else None
    guardian.phone, guardian.phone_index = phone or None, phone_index(phone) if phone else None
    guardian.save()
