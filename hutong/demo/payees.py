"""Payees (领款人): whose card the money of those children goes to who hold a paid category."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from stdnum import luhn

from hutong.demo.children import InventedChild
from hutong.demo.families import INSTITUTIONS
from hutong.demo.kinds import PAID
from hutong.demo.kinfolk import Kin
from hutong.demo.organisations import credit_code

CARD_PREFIX = "999999"  # the number of no bank
BANK = "演示农村商业银行"
CARD_CHANGED = 0.04


@dataclass(slots=True)
class InventedCard:
    """A card (银行卡) of one holder from a day, perhaps until a day."""

    key: str
    number: str
    opened_on: date
    closed_on: date | None = None
    closed_reason: str = ""


@dataclass(slots=True)
class InventedPayee:
    """A payee (领款人): a person by ID number or an organisation by credit code, with the bank and the cards."""

    holder_key: str
    name: str
    bank_name: str
    id_number: str = ""
    credit_code: str = ""
    cards: list[InventedCard] = field(default_factory=list)


class Payees:
    """Whoever makes up payees (虚构领款人), each holder once."""

    def __init__(self, random: Random, *, on: date) -> None:
        self._random, self._on = random, on
        self._cards: set[str] = set()
        self.found: dict[str, InventedPayee] = {}
        self.links: list[tuple[InventedChild, str, date]] = []

    def pay(self, kin: Kin) -> None:
        """Links the children of a family who hold a paid category to whom their money goes to."""
        for child in kin.children:
            since = [held.from_on for held in child.holdings if held.category in PAID]
            payee = self._payee_of(kin) if since else None
            if payee:
                self.links.append((child, payee.holder_key, min(since)))

    def finish(self) -> Iterator[InventedPayee]:
        """The holders with their cards: opened for the first child, closed where nobody is paid any more."""
        spans: dict[str, list[tuple[date, date | None]]] = {}
        for child, holder_key, from_on in self.links:
            spans.setdefault(holder_key, []).append((from_on, child.closed_on))
        for payee in self.found.values():
            span = spans[payee.holder_key]
            payee.cards = [*self._cards_of(min(from_on for from_on, _ in span))]
            ends = [until_on for _, until_on in span]
            if all(ends):
                last = payee.cards[-1]
                last.closed_on = max([last.opened_on, *(until_on for until_on in ends if until_on)])
                last.closed_reason = "not_needed"
            yield payee

    def _payee_of(self, kin: Kin) -> InventedPayee | None:
        said = kin.family.guardian
        at = next((at for at, one in enumerate(INSTITUTIONS) if one.name == kin.family.address), None)
        holder = INSTITUTIONS[at].name if at is not None else said.get("guardian_id_number", "")
        if not holder:
            return None
        if holder not in self.found:
            self.found[holder] = self._organisation(at) if at is not None else self._person(said)
        return self.found[holder]

    def _person(self, said: dict[str, str]) -> InventedPayee:
        return InventedPayee(self._key(), said["guardian_name"], BANK, id_number=said["guardian_id_number"])

    def _organisation(self, at: int) -> InventedPayee:
        code = credit_code(INSTITUTIONS[at].county, at)
        return InventedPayee(self._key(), INSTITUTIONS[at].name, BANK, credit_code=code)

    def _cards_of(self, opened_on: date) -> Iterator[InventedCard]:
        first = self._card(opened_on)
        until_on = opened_on + timedelta(days=self._random.randint(90, 700))
        if self._random.random() < CARD_CHANGED and until_on < self._on - timedelta(days=60):
            first.closed_on, first.closed_reason = until_on, "card_changed"
            yield first
            yield self._card(until_on + timedelta(days=1))
        else:
            yield first

    def _card(self, opened_on: date) -> InventedCard:
        while True:
            body = f"{CARD_PREFIX}{self._random.randrange(10**12):012d}"
            if body not in self._cards:
                self._cards.add(body)
                return InventedCard(self._key(), body + luhn.calc_check_digit(body), opened_on)

    def _key(self) -> str:
        return f"{self._random.getrandbits(80):020x}"
