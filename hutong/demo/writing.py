"""Writing (入库): invented children and all that is about them into the tables, by COPY."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from hutong.demo.children import InventedChild
from hutong.demo.kinfolk import InventedParent, Kin
from hutong.demo.lives import SECRET_WORDS, Lives
from hutong.demo.payees import InventedPayee, Payees
from hutong.demo.plights import Plight
from hutong.kit.cipher import SealedField, keys
from hutong.law.categories import Basis
from hutong.law.disability import CLASSES
from hutong.law.identity import Sex
from hutong.registry.actions.entering import (
    Row,
    child_columns,
    child_row,
    enter,
    guardian_columns,
    guardian_row,
    holding_row,
    new_ids,
)
from hutong.registry.intake.judge import id_index, phone_index
from hutong.registry.models import (
    CategoryHolding,
    Child,
    Circumstance,
    Guardian,
    HealthFact,
    Household,
    HouseholdMember,
    OtherAid,
    Parent,
    PayeeLink,
    Study,
)
from hutong.registry.models.household import Kind as HouseholdKind
from hutong.registry.models.life import HealthKind, Sensitivity
from hutong.registry.models.parent import Role
from hutong.treasury.models import Payee, PayeeKind

Filed = tuple[int, str, InventedChild]
"""A child with its id and its file number."""

ROLES = {Sex.MALE: Role.FATHER, Sex.FEMALE: Role.MOTHER}


@dataclass(frozen=True)
class Secrets:
    """Whose standard rests on what is sealed (密封依据), and for whose sealed part people are named, by id."""

    hiv: frozenset[int]
    named: frozenset[int]


def write_children(filed: Iterable[Filed], written: Callable[[int], None]) -> None:
    """Writes the children (写入儿童); `written` is told after each how many there are."""
    enter(Child, _child_rows(filed, written))


def _child_rows(filed: Iterable[Filed], written: Callable[[int], None]) -> Iterator[Row]:
    for done, (child_id, number, child) in enumerate(filed, 1):
        said = child_columns(child.said)
        yield child_row(
            child_id, number, said, responsible_code=child.responsible_code, registered_at=child.registered_at
        )
        written(done)


def close_files(filed: Iterable[Filed]) -> None:
    """Closes the files of those that ended (写入减员)."""
    closed = [(child_id, child.closed_on, child.closed_reason) for child_id, _number, child in filed if child.closed_on]
    _update("closed_on = said.one::date, closed_reason = said.other", closed)


def write_revisions(revisions: Iterable[tuple[int, int]]) -> None:
    """Writes how often files were changed (写入修订号), by the child's id."""
    _update("revision = said.one::int", [(child_id, revision, "") for child_id, revision in revisions])


def _update(assigned: str, rows: Sequence[tuple[int, object, str]]) -> None:
    ids, ones, others = ([str(row[at]) for row in rows] for at in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE registry_child AS child SET {assigned}
                  FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[]) AS said(id, one, other)
                 WHERE child.id = said.id""",
            [ids, ones, others],
        )


def write_guardians(filed: Iterable[Filed]) -> None:
    """Writes who looks after them (写入监护人)."""
    enter(Guardian, (_guardian_row(at, child) for at, _number, child in filed))


def _guardian_row(at: int, child: InventedChild) -> Row:
    return guardian_row(at, guardian_columns(child.said), from_on=child.holdings[0].from_on)


def write_holdings(filed: Iterable[Filed], secrets: Secrets) -> None:
    """Writes what they hold and have held (写入类别)."""
    enter(CategoryHolding, _holding_rows(filed, secrets))


def _holding_rows(filed: Iterable[Filed], secrets: Secrets) -> Iterator[Row]:
    for child_id, _number, child in filed:
        secret = Basis.HIV if child_id in secrets.hiv else Basis.ORPHAN
        for held in child.holdings:
            yield holding_row(
                child_id,
                held.category,
                from_on=held.from_on,
                until_on=held.until_on,
                basis=held.basis,
                decision_number=held.decision_number,
                secret=secret,
            )


class People:
    """Whoever writes the people around the children and what holds of them (写入家庭与情况)."""

    def __init__(self, filed: Sequence[Filed], kins: Sequence[Kin], lives: Lives, secrets: Secrets) -> None:
        self._filed, self._kins, self._lives, self._secrets = filed, kins, lives, secrets
        self._ids = {id(child): child_id for child_id, _number, child in filed}

    def write_parents(self) -> None:
        """Writes parents (写入父母), and what holds of them and of the children."""
        ids = iter(new_ids(sum(len(kin.children) * len(kin.parents) for kin in self._kins), Parent))
        plights: list[Row] = []
        enter(Parent, self._parent_rows(ids, plights))
        enter(Circumstance, plights)

    def _parent_rows(self, ids: Iterator[int], plights: list[Row]) -> Iterator[Row]:
        for kin in self._kins:
            said = [(parent, _parent_columns(parent)) for parent in kin.parents]
            for child in kin.children:
                child_id = self._ids[id(child)]
                for parent, columns in said:
                    parent_id = next(ids)
                    yield parent_id, child_id, *columns, child.registered_at
                    for plight in parent.plights:
                        plights.append(_plight_row(child_id, parent_id, plight, parent.id_number, child))
                is_found = any(parent.name for parent in kin.parents)
                for plight in self._lives.circumstances(child, is_found=is_found):
                    plights.append(_plight_row(child_id, None, plight, child.said.get("id_number", ""), child))

    def write_households(self) -> None:
        """Writes who lives together (写入家庭户)."""
        kins = [kin for kin in self._kins if kin.members]
        ids = new_ids(len(kins), Household)
        enter(Household, (_household_row(at, kin) for at, kin in zip(ids, kins, strict=True)))
        enter(HouseholdMember, self._member_rows(zip(ids, kins, strict=True)))

    def _member_rows(self, numbered: Iterable[tuple[int, Kin]]) -> Iterator[Row]:
        for household_id, kin in numbered:
            for child in kin.children:
                yield household_id, self._ids[id(child)], "", "", child.born, child.closed_on
            for name, relation in kin.members:
                yield household_id, None, name, relation, None, None

    def write_lives(self) -> None:
        """Writes school, health and other aid (写入就学、健康与其他待遇)."""
        enter(Study, self._study_rows())
        enter(HealthFact, self._health_rows())
        enter(OtherAid, self._aid_rows())

    def _study_rows(self) -> Iterator[Row]:
        for child_id, _number, child in self._filed:
            for study in self._lives.study(child):
                yield child_id, study.level, study.school, True, study.from_on, study.until_on, child.registered_at

    def _health_rows(self) -> Iterator[Row]:
        for child_id, _number, child in self._filed:
            at = child.registered_at
            for fact in self._lives.health(child):
                yield child_id, fact.kind, fact.sensitivity, seal(HealthFact, "words", fact.words), fact.from_on, at
            if child_id in self._secrets.named:
                yield (
                    child_id,
                    HealthKind.OTHER,
                    Sensitivity.SECRET,
                    seal(HealthFact, "words", SECRET_WORDS),
                    at.date(),
                    at,
                )

    def _aid_rows(self) -> Iterator[Row]:
        for kin in self._kins:
            for child in kin.children:
                for aid in self._lives.aid(kin, child):
                    own, whole = (None, aid.fen) if aid.members else (aid.fen, None)
                    child_id, at = self._ids[id(child)], child.registered_at
                    yield child_id, aid.kind, own, whole, aid.members, aid.from_on, None, at

    def write_payees(self, payees: Payees) -> None:
        """Writes who is paid (写入领款人), and for which child."""
        enter(Payee, (row for payee in payees.finish() for row in _payee_rows(payee)))
        enter(
            PayeeLink,
            (
                (self._ids[id(child)], key, from_on, child.closed_on, child.registered_at)
                for child, key, from_on in payees.links
            ),
        )


def seal(model: type[Model], column: str, text: str) -> bytes | None:
    """The token of a text for a sealed column (密封值); none for an empty text."""
    field = model._meta.get_field(column)
    return field.seal(text) if isinstance(field, SealedField) else None


def _parent_columns(parent: InventedParent) -> Row:
    """What the files of all brothers and sisters say of one parent: sealed once."""
    number, phone = parent.id_number, parent.phone
    return (
        ROLES[parent.sex].value,
        not parent.name,
        parent.name,
        seal(Parent, "id_number", number),
        id_index(number) if number else None,
        seal(Parent, "phone", phone),
        phone_index(phone) if phone else None,
    )


def _plight_row(child_id: int, parent_id: int | None, plight: Plight, number: str, child: InventedChild) -> Row:
    certificate = None
    if plight.grade and number:
        text = f"{number}{CLASSES[plight.disability_class][0]}{plight.grade}"
        certificate = seal(Circumstance, "certificate", text)
    span = (plight.from_on, plight.until_on, plight.reported_on, plight.notice_on)
    disability = (plight.disability_class, plight.grade, certificate)
    return child_id, parent_id, plight.kind, *span, *disability, child.registered_at


def _household_row(household_id: int, kin: Kin) -> Row:
    kind = HouseholdKind.RURAL if kin.family.living.is_rural else HouseholdKind.URBAN
    return household_id, kin.family.living.code, kind.value


def _payee_rows(payee: InventedPayee) -> Iterator[Row]:
    kind = PayeeKind.PERSON if payee.id_number else PayeeKind.ORGANISATION
    index = id_index(payee.id_number) if payee.id_number else None
    for card in payee.cards:
        number = card.number
        yield (
            card.key,
            payee.holder_key,
            kind.value,
            payee.name,
            seal(Payee, "id_number", payee.id_number),
            index,
            payee.credit_code,
            seal(Payee, "card", number),
            keys().blind(number, kind="card"),
            number[-4:],
            payee.bank_name,
            card.opened_on,
            card.closed_on,
            card.closed_reason,
        )
