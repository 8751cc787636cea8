"""Monthly runs: who is to be paid how much, on what grounds, and who is not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.kit.states import States
from hutong.law.holds import HOLDS
from hutong.registry.models.child import CODE_FORM, Child
from hutong.treasury.models import Batch, Beneficiary, Payee
from hutong.treasury.models.batch import DueKind, Purpose


class RunState(models.TextChoices):
    """State of a run (核定状态)."""

    PREPARED = "prepared", _("Prepared, to be looked at")
    HANDED_IN = "handed_in", _("Handed in for approval")
    APPROVED = "approved", _("Approved")
    CANCELLED = "cancelled", _("Given up")


class RunStep(models.TextChoices):
    """Step of a run (核定环节)."""

    HAND_IN = "hand_in", _("Hand in for approval")
    SEND_BACK = "send_back", _("Send back")
    APPROVE = "approve", _("Approve")
    CANCEL = "cancel", _("Give up")


RUN_STATES = States(
    {
        RunStep.HAND_IN: {RunState.PREPARED: RunState.HANDED_IN},
        RunStep.SEND_BACK: {RunState.HANDED_IN: RunState.PREPARED},
        RunStep.APPROVE: {RunState.HANDED_IN: RunState.APPROVED},
        RunStep.CANCEL: {RunState.PREPARED: RunState.CANCELLED, RunState.HANDED_IN: RunState.CANCELLED},
    }
)
"""Which step leads where (核定流程)."""
OPEN_RUNS = (RunState.PREPARED, RunState.HANDED_IN)


class Beneficial(models.Model):
    """Beneficiary link (保障对象对应): the key in the treasury that a child's money is kept under, for good.

    Where two files are joined, the older key of the two counts, and what was paid under either was paid to the child.
    """

    child = models.OneToOneField(Child, on_delete=models.PROTECT, related_name="beneficial")
    beneficiary = models.OneToOneField(Beneficiary, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.child_id}"


class Opening(models.Model):
    """Opening position (期初情况): a child paid elsewhere before, and through which month; two people say so.

    No run looks at earlier months. To look earlier all the same is another row that `replaces` the one before, with
    words, confirmed like the first; the last one confirmed counts.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="openings")
    paid_through = models.DateField()
    source = models.CharField(max_length=100)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    words = SealedField(null=True, blank=True)
    entered_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("child", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(replaces__isnull=True, refused_words__isnull=True), name="opening_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(refused_words__isnull=True), name="opening_replaced_once"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(words__isnull=False), name="opening_replaced_in_words"
            ),
            models.CheckConstraint(condition=Q(paid_through__day=1), name="opening_month_first_day"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False, confirmed_on__gte=F("entered_on"))
                & Q(refused_words__isnull=True)
                & ~Q(confirmed_by=F("entered_by")),
                name="opening_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether the second person has not answered yet."""
        return self.confirmed_by_id is None and self.refused_words is None


class Basis(models.Model):
    """Basis (核定依据): facts as of the cut-off and what the law answers to them, once for all children alike.

    `facts` are those that matter to the month, `lines` the sum with rule and article; neither names anybody. It is
    never changed: a line of ten years ago explains itself.
    """

    digest = models.CharField(max_length=64, unique=True)
    facts = models.JSONField()
    lines = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class Run(models.Model):
    """Run (月度核定): the payments of a month at a place, as the facts stood on the cut-off day.

    Whoever prepares it hands it in, another approves it; then it is a batch of the treasury, and stays as it was.
    `joined` is a digest of the files that were joined then: lines reckoned for one child are not paid to two.
    """

    division_code = models.CharField(max_length=12)
    month = models.DateField()
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.REGULAR)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.PREPARED)
    cut_off_on = models.DateField()
    prepared_on = models.DateField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = SealedField(null=True, blank=True)
    batch = models.OneToOneField(Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="run")
    revision = models.PositiveIntegerField(default=1)
    joined = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ("-month", "-id")
        indexes = [models.Index(fields=["division_code", "-month", "-id"], name="run_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "month", "purpose"], condition=Q(state__in=OPEN_RUNS), name="run_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="run_purpose_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="run_code_form"),
            models.CheckConstraint(condition=Q(month__day=1), name="run_month_first_day"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("prepared_by")), name="run_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.APPROVED, decided_by__isnull=False, batch__isnull=False)
                | ~Q(state=RunState.APPROVED) & Q(batch__isnull=True),
                name="run_approved_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.division_code}"


class RunLine(models.Model):
    """Run line (核定明细): what a child is to get for a month, why, on which card; or why it waits (`hold`).

    `category` is the one held. `again` is a due line that is only attempted anew.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="run_lines")
    beneficiary = models.ForeignKey(Beneficiary, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    kind = models.CharField(max_length=8, choices=DueKind)
    category = models.CharField(max_length=30)
    amount_fen = models.IntegerField()
    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Payee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    hold = models.CharField(max_length=20, blank=True)
    division_code = models.CharField(max_length=12)
    again = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("run", "id")
        indexes = [
            models.Index(fields=["child", "-month"], name="run_line_child"),
            models.Index(fields=["child"], condition=~Q(hold=""), name="run_line_held"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "child", "month", "kind"], name="run_line_once"),
            models.CheckConstraint(condition=Q(kind__in=DueKind.values), name="run_line_kind_known"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="run_line_not_negative"),
            models.CheckConstraint(condition=Q(hold="") | Q(hold__in=list(HOLDS)), name="run_line_hold_known"),
            models.CheckConstraint(
                condition=~Q(hold="") | Q(amount_fen__gt=0, payee__isnull=False),
                name="run_line_paid_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Reckoned(models.Model):
    """Reckoned facts (已核事实): one number for all that a run knew of a child, kept where it differed from before.

    Where it is the same in a later run, earlier months need not be counted again.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="reckoned")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    digest = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "child"], name="reckoned_once")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Overpaid(models.Model):
    """Overpaid month (多发月份): what was paid for a month beyond what is due, as a run found; only a proposal.

    A person decides what becomes of it; no payment is cut by it.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="overpaid")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="overpaid")
    month = models.DateField()
    amount_fen = models.IntegerField()

    class Meta:
        ordering = ("run", "child", "month")
        constraints = [
            models.UniqueConstraint(fields=["run", "child", "month"], name="overpaid_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="overpaid_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
