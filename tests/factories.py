"""Factories: the smallest legal object of each kind, and one way to make it. All people are invented."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from django.test import Client
from django.utils import timezone
from PIL import Image

from hutong.accounts.jurisdiction import Area
from hutong.accounts.models import (
    DeclaredKin,
    Delegation,
    Device,
    Grant,
    Notice,
    Passkey,
    Person,
    Posting,
    SignIn,
    Task,
    TrailEntry,
    Way,
)
from hutong.divisions.models import Division
from hutong.divisions.queries import forget_names, places_from_list
from hutong.divisions.reference import listed
from hutong.kit.names import spell
from hutong.kit.workbooks.kinds import COMPOUND_SIGNATURE
from hutong.law.categories import WITH_SECRET_BASIS, Basis
from hutong.law.division_code import ancestors, full
from hutong.law.identity import TEST_PREFIX, Sex, check_character, file_number, temporary_number
from hutong.registry.actions import admission, judging, staging
from hutong.registry.intake.checking import judge_sheet, open_children
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import JudgedRow, NoRegister, Register, id_index, matching_index, phone_index
from hutong.registry.intake.reading import Circumstances
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch

ON = date(2025, 6, 2)
BORN = date(2015, 3, 7)

PROVINCE, CITY, COUNTY, TOWNSHIP = "64", "6401", "640122", "640122100"
VILLAGE, NEXT_VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP = "640122100200", "640122100201", "640122101200"
NEXT_COUNTY, VILLAGE_OF_NEXT_COUNTY = "640121", "640121100200"
VILLAGE_OF_ANOTHER_PROVINCE = "620825103205"

ENCRYPTED = COMPOUND_SIGNATURE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
"""What a workbook with a password begins like."""

_GIVEN = "安宁和清月星云禾言舟"
_serials = count(1)


def serial() -> int:
    """A number that no other object of this run has."""
    return next(_serials)


def name() -> str:
    """An invented name; within a thousand calls no two are alike."""
    at = serial()
    return "柳" + "".join(_GIVEN[at // base % 10] for base in (1, 10, 100))


def id_number(born: date = BORN, sex: Sex = Sex.FEMALE, at: int | None = None, region: str = "0000") -> str:
    """A valid number that can be nobody's: 99, a birth date, and a serial whose last digit fits the sex.

    With `at` (below 500) the same number every time; without it one that no other call gives.
    """
    if at is None:
        block, at = divmod(serial(), 500)
        region = f"{block + 1:04d}"
    body = f"{TEST_PREFIX}{region}{born:%Y%m%d}{at * 2 + (sex == Sex.MALE):03d}"
    return body + check_character(body)


def wrong_last(number: str) -> str:
    """The number with a check character that does not fit."""
    return number[:17] + ("0" if number[17] != "0" else "1")


def person(role: str = "", *prefixes: str, **more: Any) -> Person:
    """Somebody who signs in, posted to a role where one is given."""
    made = Person.objects.create(**{"username": f"p{serial()}", "name": "尹清和", "password": "!"} | more)
    if role:
        posting(made, role, *prefixes)
    return made


def posting(holder: Person, role: str = "county_officer", *prefixes: str, **more: Any) -> Posting:
    """A posting without an end, to the county unless other prefixes are given."""
    values = {"prefixes": list(prefixes or [COUNTY]), "from_on": date(2020, 1, 1)} | more
    return Posting.objects.create(person=holder, role=role, **values)


def grant(holder: Person, scope_key: str, **more: Any) -> Grant:
    """A grant of one child, for good."""
    values = {"scope_kind": "child", "reason": "转介服务", "given_by": holder, "from_on": date(2020, 1, 1)} | more
    return Grant.objects.create(person=holder, scope_key=scope_key, **values)


def task(**more: Any) -> Task:
    """An open task of the county officer."""
    values = {
        "kind": "mend_batch", "subject_kind": "import_batch", "subject_key": str(serial()),
        "division_code": VILLAGE, "role": "county_officer", "due_on": ON,
    }  # fmt: skip
    return Task.objects.create(**values | more)


def notice(recipient: Person | None = None, **more: Any) -> Notice:
    """A notice to one person, or with `role` and `division_code` to a role."""
    values = {"kind": "tasks_released", "subject_kind": "task", "subject_key": "", "values": {"tasks": 3}} | more
    return Notice.objects.create(recipient=recipient, **values)


def sign_in(client: Client, who: Person, **more: Any) -> SignIn:
    """Signs somebody in with Django's client, wholly and just now, as if by password and code."""
    client.force_login(who)
    postings = [posting.pk for posting in Posting.objects.holding_on(timezone.localdate()).filter(person=who)]
    moments = dict.fromkeys(("begun_at", "seen_at", "proved_at"), timezone.now())
    made = SignIn.objects.create(person=who, **{"way": Way.CODE, "postings": postings} | moments | more)
    session = client.session
    session["sign_in"] = made.pk
    session.save()
    return made


def delegation(to: Person, **more: Any) -> Delegation:
    """A proposal that somebody stands in for a county's approver, from today on for ten days."""
    holder = person("approver")
    today = timezone.localdate()
    values = {"posting": holder.postings.get(), "prefixes": [COUNTY], "reason": "休假", "proposed_by": holder}
    return Delegation.objects.create(to=to, **values | {"from_on": today, "until_on": today + timedelta(9)} | more)


def passkey(holder: Person, **more: Any) -> Passkey:
    """A passkey that no device holds."""
    values = {"credential_id": str(serial()).encode(), "public_key": b"none", "name": "Chrome"}
    return Passkey.objects.create(person=holder, **values | more)


def device(holder: Person, **more: Any) -> Device:
    """A bound phone without a PIN yet."""
    values = {"digest": str(serial()), "bound_by": holder, "bound_at": timezone.now()}
    return Device.objects.create(person=holder, **values | more)


def kin(holder: Person, **more: Any) -> DeclaredKin:
    """A brother that somebody has declared."""
    return DeclaredKin.objects.create(person=holder, **{"name": name(), "relation": "71", "from_on": ON} | more)


def trail_entry(**more: Any) -> TrailEntry:
    """An entry of the trail."""
    return TrailEntry.objects.create(**{"act": "look", "subject_kind": "child", "subject_key": "x"} | more)


def nearby_places() -> None:
    """The divisions that the places above lie in, and the villages of their townships: a hundredth of the province."""
    townships = (TOWNSHIP, VILLAGE_OF_NEXT_TOWNSHIP[:9], VILLAGE_OF_NEXT_COUNTY[:9])
    near = {VILLAGE_OF_NEXT_COUNTY, *(code for township in townships for code in ancestors(full(township)))}
    Division.objects.bulk_create(
        Division(code=line.code, level=line.level, name=line.name, kind=line.kind, source="test")
        for line in listed(PROVINCE)
        if line.code in near or line.code.startswith(townships)
    )
    forget_names()


def child(*, guardian: Mapping[str, Any] | None = None, holdings: Iterable[str] = ("dibao",), **more: Any) -> Child:
    """A child with an ID number, one guardian (grandmother) and its holdings; `id_number=""` is a child without."""
    values: dict[str, Any] = {"name": name(), "sex": "2", "birth_date": BORN, "living_code": VILLAGE} | more
    number = values.pop("id_number", None)
    if number is None:
        number = id_number(values["birth_date"], Sex(values["sex"]))
    said = {"guardian_name": "柳桂兰"} | dict(guardian or {})
    known_by = {"name": values["name"], "sex": values["sex"], "birth_date": values["birth_date"].isoformat()}
    without = {"no_id_reason": "户口待办", "temporary_number": temporary_number(VILLAGE, serial())}
    identity = {"id_number": number, "id_index": id_index(number)} if number else without
    defaults = {
        "file_number": file_number(PROVINCE, 90_000_000 + serial()),
        **spell(values["name"])._asdict(),
        "matching_index": matching_index(known_by | {"guardian_name": said["guardian_name"]}),
        "responsible_code": values["living_code"],
        "registered_at": timezone.now(),
    }
    made = Child.objects.create(**defaults | identity | values)
    guardian_of(made, **said)
    for category in holdings:
        holding(made, category)
    return made


def guardian_of(whose: Child, *, guardian_name: str = "柳桂兰", phone: str = "", **more: Any) -> Guardian:
    """The guardian of a child, the grandmother unless said otherwise."""
    known = {"child": whose, "name": guardian_name, "relation": "62"}
    if "until_on" not in more:
        known["from_on"] = date(2025, 1, 1)
    reached = {"phone": phone, "phone_index": phone_index(phone)} if phone else {}
    return Guardian.objects.create(**known | reached | more)


def holding(whose: Child, category: str = "dibao", **more: Any) -> CategoryHolding:
    """A category that a child holds since the first of the year."""
    secret = {"secret_basis": Basis.ORPHAN.padded} if category in WITH_SECRET_BASIS else {}
    known = {"child": whose, "category": category, "from_on": date(2025, 1, 1)}
    return CategoryHolding.objects.create(**known | secret | more)


def line(**cells: Any) -> dict[str, Any]:
    """A row of a workbook that is new and without fault, by column code; None takes a cell away."""
    said = {
        "name": name(), "sex": "女", "birth_date": BORN.isoformat(), "living_division": VILLAGE,
        "guardian_name": "柳桂兰", "guardian_relation": "祖母", "category": "低保家庭",
    } | cells  # fmt: skip
    if "id_number" not in said and not said.get("no_id_reason"):
        sex = Sex.MALE if said["sex"] == "男" else Sex.FEMALE
        said["id_number"] = id_number(date.fromisoformat(said["birth_date"]), sex)
    return {column: cell for column, cell in said.items() if cell is not None}


def line_of(whose: Child, **cells: Any) -> dict[str, Any]:
    """A row that says of a child what the register says."""
    guardian = whose.guardians.get(until_on__isnull=True)
    known = {
        "name": whose.name,
        "sex": "男" if whose.sex == Sex.MALE else "女",
        "birth_date": whose.birth_date.isoformat(),
        "living_division": whose.living_code,
        "guardian_name": guardian.name,
        "category": "、".join(whose.holdings.filter(until_on__isnull=True).values_list("category", flat=True)),
    }
    identity = {"id_number": whose.id_number.open()} if whose.id_number else {"no_id_reason": whose.no_id_reason}
    return line(**known | identity | cells)


def workbook(
    rows: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
    title_rows: Sequence[str] = (),
) -> bytes:
    """A workbook of one sheet. Rows are keyed by column code; `headers` renames columns; cells keep their types."""
    columns = columns or list(dict.fromkeys(column for row in rows for column in row))
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for at, title in enumerate(title_rows):
            page.write_string(at, 0, title)
        for at, column in enumerate(columns):
            page.write_string(len(title_rows), at, (headers or {}).get(column) or CHILDREN.header_of(column))
        for row_at, row in enumerate(rows, len(title_rows) + 1):
            for at, column in enumerate(columns):
                _write(page, row_at, at, row.get(column, ""))
    return target.getvalue()


def _write(page: Any, row: int, column: int, cell: object) -> None:
    if isinstance(cell, date | datetime):
        page.write_datetime(row, column, cell)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell)
    elif cell != "":
        page.write_string(row, column, cell)


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return target.getvalue()


def bomb() -> bytes:
    """A zip of a few bytes whose directory declares 700 MB."""
    content = zipped({"xl/worksheets/sheet1.xml": b"<worksheet/>"})
    directory = content.rindex(b"PK\x01\x02")
    return content[: directory + 24] + (700 * 1024**2).to_bytes(4, "little") + content[directory + 28 :]


def picture(form: str = "JPEG", mode: str = "RGB", *, size: tuple[int, int] = (30, 20), shade: int = 0) -> bytes:
    """A picture of one shade; another shade is another file."""
    target = BytesIO()
    Image.new("RGB", size, (shade % 256, shade // 256 % 256, 160)).convert(mode).save(target, form)
    return target.getvalue()


@cache
def circumstances(*, tests_allowed: bool = True) -> Circumstances:
    """The day, the shipped places and the province, for rows read without a database."""
    return Circumstances(ON, places_from_list(), PROVINCE, tests_allowed)


def judge_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    prefix: str = COUNTY,
    given: Circumstances | None = None,
    register: Register | None = None,
) -> list[JudgedRow]:
    """The rows of a workbook judged for one place, by default without a register."""
    opened = open_children(workbook(rows), name="children.xlsx")
    covers = Area((prefix,)).covers
    if opened.sheet is None:
        return []
    judged = judge_sheet(opened.sheet, given=given or circumstances(), covers=covers, register=register or NoRegister())
    by_number = {row.number: row for some in judged.slices for row in some}
    for one in judged.at_the_end():
        by_number[one.row].problems.append(one.problem)
    return list(by_number.values())


def received(rows: Sequence[Mapping[str, Any]], *, by: Person, division: str = COUNTY, on: date = ON) -> ImportBatch:
    """A batch as it came in, not judged yet."""
    return staging.receive(by=by, content=workbook(rows), name="children.xlsx", on=on, division=division)


def judged(rows: Sequence[Mapping[str, Any]], *, by: Person, division: str = COUNTY, on: date = ON) -> ImportBatch:
    """A batch that waits for the second person."""
    return judging.judge(batch=received(rows, by=by, division=division, on=on), on=on)


def admitted(rows: Sequence[Mapping[str, Any]], *, only: Sequence[str] = ("new",)) -> ImportBatch:
    """A batch of the county that an approver has admitted."""
    batch = judged(rows, by=person("county_officer"))
    admission.admit(by=person("approver"), batch=batch, on=ON, only=only)
    return batch
