"""Where money is: funds, what of them was given to whom, books and what moved between them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.law.funds import LEVELS, NATURES

CODE_FORM = r"^\d{12}$"


class TwoPeople(models.Model):
    """What one person enters and another confirms (双人确认) before any money moves by it."""

    document_number = models.CharField(max_length=60)
    entered_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_words = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether the second person has not answered yet."""
        return self.confirmed_by_id is None and not self.refused_words


def confirmed_by_another(name: str) -> models.CheckConstraint:
    """The constraint that whoever enters does not confirm, and that a refusal is no confirmation."""
    waiting = Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
    return models.CheckConstraint(
        condition=waiting
        | Q(confirmed_by__isnull=False, confirmed_on__isnull=False, confirmed_on__gte=F("entered_on"), refused_words="")
        & ~Q(confirmed_by=F("entered_by")),
        name=name,
    )


class Fund(TwoPeople):
    """Fund (资金来源): money of one level and nature for a year, as a document grants it; in fen.

    `division_code` is the place that hands it out: the county's own money stands at the county.
    """

    division_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices={code: title[1] for code, title in LEVELS.items()})
    nature = models.CharField(max_length=10, choices={code: title[1] for code, title in NATURES.items()})
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ("-year", "id")
        constraints = [
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="fund_code_form"),
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="fund_level_known"),
            models.CheckConstraint(condition=Q(nature__in=list(NATURES)), name="fund_nature_known"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fund_positive"),
            models.UniqueConstraint(
                fields=["division_code", "document_number", "level", "nature"],
                condition=Q(refused_words=""),
                name="fund_document_once",
            ),
            confirmed_by_another("fund_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Allocation(TwoPeople):
    """Allocation (资金分配): what of a fund is given to a county to pay allowances from; in fen."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="allocations")
    division_code = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="allocation_code_form"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="allocation_positive"),
            confirmed_by_another("allocation_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class BookKind(models.TextChoices):
    """Kind of book (账户类别): where the money of a fund is."""

    SOURCE = "source", _("Granted")
    UNDIVIDED = "undivided", _("Not handed out yet")
    AVAILABLE = "available", _("Available to the county")
    COMMITTED = "committed", _("Approved, not sent yet")
    AT_BANK = "at_bank", _("With the bank")
    PAID = "paid", _("Paid out")


class Book(models.Model):
    """Book (账户): the money of one fund at one place in one condition; `balance_fen` follows from its postings.

    The database alone writes the balance, and lets none but that of the source fall below nothing.
    """

    kind = models.CharField(max_length=10, choices=BookKind)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="books")
    division_code = models.CharField(max_length=12)
    balance_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("fund", "division_code", "id")
        constraints = [
            models.UniqueConstraint(fields=["fund", "division_code", "kind"], name="book_once"),
            models.CheckConstraint(condition=Q(kind__in=BookKind.values), name="book_kind_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="book_code_form"),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0) | Q(kind=BookKind.SOURCE), name="book_never_below_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fund_id} {self.division_code}"


class EntryKind(models.TextChoices):
    """Kind of entry (凭证类别): why money moved."""

    RECEIVED = "received", _("Granted")
    ALLOCATED = "allocated", _("Handed out to the county")
    COMMITTED = "committed", _("Approved for payment")
    SENT = "sent", _("Sent to the bank")
    PAID = "paid", _("Paid by the bank")
    RETURNED = "returned", _("Returned by the bank")
    BOUNCED = "bounced", _("Paid, but came back")
    RELEASED = "released", _("Given up, available again")


class Entry(models.Model):
    """Entry (凭证): one movement of money, whose postings sum to nothing; what was entered stays.

    `subject_kind` and `subject_key` name what it is about: an allocation, a batch, a bank return.
    """

    kind = models.CharField(max_length=10, choices=EntryKind)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=40)
    division_code = models.CharField(max_length=12)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["subject_kind", "subject_key"], name="entry_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="entry_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Posting(models.Model):
    """Posting (分录): fen that an entry puts into a book, or takes out where it is negative; what was posted stays."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="postings")
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["entry", "book"], name="posting_once_a_book"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="posting_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
