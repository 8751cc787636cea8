"""Applications for children of other provinces, which go there by letter."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.application import NAME_AT_MOST, OFFICE_AT_MOST
from hutong.allowances.models.decision import Outcome
from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.kit.states import States
from hutong.law.applying import APPLICANTS, APPLIED_FOR
from hutong.law.papers import PAPERS
from hutong.law.relations import RELATIONS
from hutong.registry.models.child import CODE_FORM


class OutgoingState(models.TextChoices):
    """State of an outgoing application (转办状态)."""

    RECEIVED = "received", _("Received, to be sent on")
    CORRECTION = "correction", _("Papers asked for")
    SENT = "sent", _("Sent on, answer awaited")
    ANSWERED = "answered", _("Answered, to be told")
    TOLD = "told", _("The family knows")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OutgoingStep(models.TextChoices):
    """Step of an outgoing application (转办环节)."""

    ASK = "ask", _("Ask for all missing papers, once")
    BRING = "bring", _("Papers were brought")
    SEND = "send", _("Send on by letter")
    ANSWER = "answer", _("Record home’s answer")
    TELL = "tell", _("Tell the family")
    WITHDRAW = "withdraw", _("Withdraw")


State, Step = OutgoingState, OutgoingStep
UNDONE = (State.RECEIVED, State.CORRECTION, State.SENT, State.ANSWERED)
OUTGOING_STATES = States(
    {
        Step.SEND: {State.RECEIVED: State.SENT},
        Step.ASK: {State.RECEIVED: State.CORRECTION},
        Step.BRING: {State.CORRECTION: State.RECEIVED},
        Step.ANSWER: {State.SENT: State.ANSWERED},
        Step.TELL: {State.ANSWERED: State.TOLD},
        Step.WITHDRAW: dict.fromkeys((State.RECEIVED, State.CORRECTION, State.SENT), State.WITHDRAWN),
    }
)
"""Which step leads where (转办流程)."""


class OutgoingApplication(models.Model):
    """Outgoing application (异地转办申请): a family applies here for a child of another province, who has no file here.

    `division_code` is the office that received it, `home_code` the county outside that decides, `home_office` how its
    office is called. `situation` says in words how it is with the parents. `papers` are the kinds the family brought:
    copies go with the letter, none is kept. `complete_on`: they were all there. `decided_on` and `outcome` are what
    home decided, `came_on` the day its answer came.
    """

    child_name = SealedField()
    birth_date = models.DateField()
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, blank=True)
    address = SealedField()
    phone = SealedField()
    situation = SealedField()
    home_code = models.CharField(max_length=12)
    home_office = models.CharField(max_length=OFFICE_AT_MOST)
    category = models.CharField(max_length=30)
    applicant_kind = models.CharField(max_length=10)
    applicant_name = models.CharField(max_length=NAME_AT_MOST)
    applicant_relation = models.CharField(max_length=2, blank=True)
    papers = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    division_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField()
    complete_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    came_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")
        indexes = [models.Index(fields=["division_code", "due_on"], name="outgoing_place")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="outgoing_state_known"),
            models.CheckConstraint(condition=Q(category__in=APPLIED_FOR), name="outgoing_category_known"),
            models.CheckConstraint(
                condition=Q(division_code__regex=CODE_FORM, home_code__regex=CODE_FORM) & ~Q(home_office=""),
                name="outgoing_from_and_to",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=list(APPLICANTS)) & ~Q(applicant_name=""),
                name="outgoing_applicant_known",
            ),
            models.CheckConstraint(
                condition=Q(applicant_relation="") | Q(applicant_relation__in=list(RELATIONS)),
                name="outgoing_relation_known",
            ),
            models.CheckConstraint(condition=Q(papers__contained_by=list(PAPERS)), name="outgoing_papers_known"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True, came_on__isnull=True)
                | Q(outcome__in=Outcome.values, decided_on__isnull=False, came_on__gte=F("decided_on")),
                name="outgoing_answered_whole",
            ),
            models.CheckConstraint(
                condition=(Q(sent_on__isnull=True) | Q(complete_on__isnull=False, sent_on__gte=F("complete_on")))
                & (Q(came_on__isnull=True) | Q(sent_on__isnull=False, came_on__gte=F("sent_on")))
                & (Q(told_on__isnull=True) | Q(came_on__isnull=False, told_on__gte=F("came_on"))),
                name="outgoing_days_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT, State.ANSWERED, State.TOLD]) | Q(sent_on__isnull=False),
                name="outgoing_sent_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def number(self) -> str:
        """The number people know it by (转办编号): its year and its running number."""
        return f"转{self.begun_on.year}-{self.pk:05}"

    @property
    def is_open(self) -> bool:
        """Whether the family has still to be told."""
        return self.state in UNDONE


class OutgoingRecord(models.Model):
    """Outgoing record (转办记录): what somebody did with an outgoing application, in order; it stays as it was."""

    application = models.ForeignKey(OutgoingApplication, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=12, choices=Step)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    missing = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    words = SealedField(null=True, blank=True)
    late_reason = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("application", "number")
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="outgoing_record_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="outgoing_record_known"),
            models.CheckConstraint(
                condition=Q(missing__contained_by=list(PAPERS)), name="outgoing_record_missing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number}"
