"""Who is due how much, and every attempt to pay it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.states import States
from hutong.treasury.models.book import CODE_FORM
from hutong.treasury.models.payee import KEY_FORM, Payee, new_key


class Beneficiary(models.Model):
    """Beneficiary (保障对象): whoever money is due to, by a key that says nothing; whose it is stands above."""

    key = models.CharField(max_length=20, unique=True, default=new_key)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key__regex=KEY_FORM), name="beneficiary_key_form")]

    def __str__(self) -> str:
        return self.key


class BatchState(models.TextChoices):
    """State of a batch (批次状态)."""

    APPROVED = "approved", _("Approved, to be sent")
    SENT = "sent", _("Sent to the bank")
    ANSWERED = "answered", _("Answered by the bank")
    CLOSED = "closed", _("Reconciled and closed")


class BatchStep(models.TextChoices):
    """Step of a batch (批次环节)."""

    SEND = "send", _("Send to the bank")
    TAKE_RETURN = "take_return", _("Take in what the bank returned")
    CLOSE = "close", _("Reconcile and close")


BATCH_STATES = States(
    {
        BatchStep.SEND: {BatchState.APPROVED: BatchState.SENT},
        BatchStep.TAKE_RETURN: dict.fromkeys(
            (BatchState.SENT, BatchState.ANSWERED, BatchState.CLOSED), BatchState.ANSWERED
        ),
        BatchStep.CLOSE: {BatchState.ANSWERED: BatchState.CLOSED},
    }
)
"""Which step leads where (批次流程); what bounces after the last day opens a batch again."""


class Purpose(models.TextChoices):
    """Purpose of a batch (批次类型): a month's payment, one beside it, or attempts made anew."""

    REGULAR = "regular", _("Monthly payment")
    OFF_CYCLE = "off_cycle", _("Payment beside the monthly one")
    ANEW = "anew", _("Attempts made anew")


class Batch(models.Model):
    """Batch (发放批次): what is paid at one place at one time; whoever approved it does not pay it.

    `lines` and `total_fen` are what was approved; the bank file and what it returned have to agree with them.
    `payer_name` is the office that pays, as it was called. `file_digest` is that of the file that went out, in
    `layout`; made again it is the same, byte by byte.
    """

    division_code = models.CharField(max_length=12)
    month = models.DateField()
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.REGULAR)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.APPROVED)
    lines = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    payer_name = models.CharField(max_length=100)
    layout = models.CharField(max_length=10, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-month", "-id")
        indexes = [models.Index(fields=["division_code", "-month", "-id"], name="batch_place")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="batch_purpose_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="batch_code_form"),
            models.CheckConstraint(condition=Q(month__day=1), name="batch_month_first_day"),
            models.CheckConstraint(condition=Q(lines__gt=0, total_fen__gt=0), name="batch_of_something"),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("approved_by"))
                & (Q(sent_by__isnull=True) | ~Q(sent_by=F("prepared_by")) & ~Q(sent_by=F("approved_by"))),
                name="batch_different_people",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.APPROVED, sent_by__isnull=True, sent_on__isnull=True, file_digest="")
                | ~Q(state=BatchState.APPROVED)
                & Q(sent_by__isnull=False, sent_on__isnull=False, sent_on__gte=F("approved_on"))
                & ~Q(file_digest="")
                & ~Q(layout=""),
                name="batch_sent_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.CLOSED, closed_by__isnull=False, closed_on__isnull=False)
                & Q(closed_on__gte=F("sent_on"))
                | ~Q(state=BatchState.CLOSED) & Q(closed_by__isnull=True, closed_on__isnull=True),
                name="batch_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people and the bank know it by (批次号): month and running number."""
        return f"{self.month:%Y%m}{self.pk:06}"


class DueKind(models.TextChoices):
    """Kind of a due line (应发类型): a month's own, or what is left of an earlier one."""

    REGULAR = "regular", _("Regular")
    ARREARS = "arrears", _("Arrears")


class Due(models.Model):
    """Due line (应发明细): what a beneficiary is to get of a scheme for a month, in fen; what was approved stays.

    One regular line for each beneficiary, scheme and month, whatever happens; what is left of a month is a line of
    arrears, once in a batch. `reference` is the line above that says why.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="dues")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="dues")
    scheme = models.CharField(max_length=20)
    month = models.DateField()
    kind = models.CharField(max_length=8, choices=DueKind)
    amount_fen = models.IntegerField()
    division_code = models.CharField(max_length=12)
    reference = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["month", "scheme", "beneficiary"],
                condition=Q(kind=DueKind.REGULAR),
                name="due_one_regular_a_month",
            ),
            models.UniqueConstraint(
                fields=["batch", "beneficiary", "scheme", "month", "kind"], name="due_once_in_a_batch"
            ),
            models.CheckConstraint(condition=Q(kind__in=DueKind.values), name="due_kind_known"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="due_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="due_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class AttemptState(models.TextChoices):
    """State of an attempt (支付状态)."""

    TO_SEND = "to_send", _("To be sent")
    SENT = "sent", _("With the bank")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Not paid")


class Attempt(models.Model):
    """Attempt (支付记录): a due line sent to one card once; there is never a second while one may still be paid.

    `code` is the law's word for what the bank answered, `words` the bank's own. A failed attempt is followed by another
    row, never by a change; what was paid may bounce.
    """

    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="attempts")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="attempts")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=8, choices=AttemptState, default=AttemptState.TO_SEND)
    code = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["batch", "state"], name="attempt_batch")]
        constraints = [
            models.UniqueConstraint(
                fields=["due"], condition=~Q(state=AttemptState.FAILED), name="attempt_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[AttemptState.PAID, AttemptState.FAILED], answered_on__isnull=False)
                | Q(state__in=[AttemptState.TO_SEND, AttemptState.SENT], answered_on__isnull=True, code=""),
                name="attempt_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttemptState.FAILED) | ~Q(code=""), name="attempt_failed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def number(self) -> str:
        """The number the bank knows it by (支付编号)."""
        return f"{self.pk:012}"


class BankReturn(models.Model):
    """Bank return (银行回盘): a file that came back about a batch; the same file twice is one.

    `bounced` is what was paid before and came back. `faults` are what of the file was not taken in: codes, lines,
    numbers.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="returns")
    digest = models.CharField(max_length=64)
    paid = models.PositiveIntegerField()
    paid_fen = models.BigIntegerField()
    failed = models.PositiveIntegerField()
    failed_fen = models.BigIntegerField()
    bounced = models.PositiveIntegerField()
    bounced_fen = models.BigIntegerField()
    faults = models.JSONField(default=list)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["batch", "digest"], name="bank_return_once")]

    def __str__(self) -> str:
        return f"{self.pk}"
