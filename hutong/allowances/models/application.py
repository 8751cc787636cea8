"""Applications and what was done with each."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.kit.states import States
from hutong.law.applying import APPLICANTS, APPLIED_FOR, INSTITUTION
from hutong.law.categories import WITH_SECRET_BASIS, Basis
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.papers import PAPERS
from hutong.law.relations import RELATIONS
from hutong.registry.models.child import CODE_FORM, Child

WORDS_AT_MOST, NAME_AT_MOST, OFFICE_AT_MOST = 500, 50, 60


class State(models.TextChoices):
    """State of an application (申请状态)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Handed in")
    CORRECTION = "correction", _("Papers asked for")
    ACCEPTED = "accepted", _("Accepted")
    RECHECK = "recheck", _("Being looked into again")
    SUPPLEMENT = "supplement", _("More papers asked for")
    CHECKED = "checked", _("Checked by the township")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVIEW = "review", _("Being reviewed")
    UPHELD = "upheld", _("Refusal upheld")


class Step(models.TextChoices):
    """Step of an application (办理环节)."""

    SUBMIT = "submit", _("Hand in")
    ASK = "ask", _("Ask for all missing papers, once")
    BRING = "bring", _("Papers were brought")
    ACCEPT = "accept", _("Accept")
    DOUBT = "doubt", _("Look into it again")
    ASK_MORE = "ask_more", _("Ask for more papers")
    BRING_MORE = "bring_more", _("More papers were brought")
    CHECK = "check", _("Give the opinion")
    SEND_BACK = "send_back", _("Send back")
    CONFIRM = "confirm", _("Confirm")
    REFUSE = "refuse", _("Do not confirm")
    WITHDRAW = "withdraw", _("Withdraw")
    ASK_REVIEW = "ask_review", _("Ask for a review")
    UPHOLD = "uphold", _("Uphold the refusal")
    OVERTURN = "overturn", _("Confirm after all")
    TELL = "tell", _("Tell the family")


UNDECIDED = (
    State.DRAFT,
    State.SUBMITTED,
    State.CORRECTION,
    State.ACCEPTED,
    State.RECHECK,
    State.SUPPLEMENT,
    State.CHECKED,
)
OPEN = (*UNDECIDED, State.REVIEW)
TOLD = (State.CONFIRMED, State.REFUSED, State.UPHELD)
"""What a family is told of."""
DECIDED = (State.CONFIRMED, State.REFUSED, State.REVIEW, State.UPHELD)
STATES = States(
    {
        Step.SUBMIT: {State.DRAFT: State.SUBMITTED},
        Step.ASK: {State.SUBMITTED: State.CORRECTION},
        Step.BRING: {State.CORRECTION: State.SUBMITTED},
        Step.ACCEPT: {State.SUBMITTED: State.ACCEPTED},
        Step.DOUBT: {State.ACCEPTED: State.RECHECK},
        Step.ASK_MORE: {State.ACCEPTED: State.SUPPLEMENT, State.RECHECK: State.SUPPLEMENT},
        Step.BRING_MORE: {State.SUPPLEMENT: State.ACCEPTED},
        Step.CHECK: {State.ACCEPTED: State.CHECKED, State.RECHECK: State.CHECKED},
        Step.SEND_BACK: {State.CHECKED: State.ACCEPTED},
        Step.CONFIRM: {State.CHECKED: State.CONFIRMED},
        Step.REFUSE: {State.CHECKED: State.REFUSED},
        Step.WITHDRAW: dict.fromkeys(UNDECIDED, State.WITHDRAWN),
        Step.ASK_REVIEW: {State.REFUSED: State.REVIEW},
        Step.UPHOLD: {State.REVIEW: State.UPHELD},
        Step.OVERTURN: {State.REVIEW: State.CONFIRMED},
        Step.TELL: {state: state for state in TOLD},
    }
)
"""Which step leads where (办理流程); only the county refuses, for only it decides. The last one tells the family of an
application that another township received."""


class Opinion(models.TextChoices):
    """Opinion of the township (乡镇意见): for the county, which decides."""

    AGREES = "agrees", _("The conditions are met")
    DISAGREES = "disagrees", _("The conditions are not met")


class Application(models.Model):
    """Application (认定申请): somebody asks that a child be recognised; one is open for a child at a time.

    `division_code` is the place responsible when its last step happened; `due_on` the last day for whoever has it now.
    `received_at` is the township of another place where the family applied (异地受理), or empty; it passes the
    application on by accepting it, and tells the family what was decided on `told_on`. `sent_by` is the office of
    another province that sent it by letter (来函申请), on `sent_on`, or empty; it came here on `came_on`, and that
    office is told on `told_on`.
    application on by accepting it, and tells the family what was decided on `told_on`.
    A confidential one (密办) is known to the people named for the child alone; every one for a category with a sealed
    basis has such a basis, confidential or not.
    `revision` counts what has happened to it. Whoever accepts one does not check it, neither of them decides it, and
    none of the three reviews the refusal.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="applications")
    category = models.CharField(max_length=30)
    applicant_kind = models.CharField(max_length=12)
    applicant_name = models.CharField(max_length=NAME_AT_MOST)
    applicant_relation = models.CharField(max_length=2, blank=True)
    division_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    opinion = models.CharField(max_length=10, choices=Opinion, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    received_at = models.CharField(max_length=12, blank=True)
    sent_by = models.CharField(max_length=OFFICE_AT_MOST, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    came_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    is_confidential = models.BooleanField(default=False)
    secret_basis = SealedField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_on", "id")
        indexes = [
            models.Index(fields=["division_code", "due_on"], condition=Q(state__in=OPEN), name="application_open"),
            models.Index(fields=["division_code", "-id"], name="application_place"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(state__in=OPEN), name="application_one_open"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(opinion__in=["", *Opinion.values]), name="application_opinion_known"),
            models.CheckConstraint(condition=Q(category__in=APPLIED_FOR), name="application_category_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="application_code_form"),
            models.CheckConstraint(
                condition=Q(received_at="") | Q(received_at__regex=CODE_FORM), name="application_received_form"
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True)
                | Q(decided_on__isnull=False, told_on__gte=F("decided_on")) & ~Q(received_at="", sent_by=""),
                name="application_told_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(sent_by="", sent_on__isnull=True, came_on__isnull=True)
                | Q(received_at="", sent_on__isnull=False, came_on__gte=F("sent_on"), begun_on__gte=F("came_on"))
                & ~Q(sent_by=""),
                name="application_by_letter_whole",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=list(APPLICANTS)) & ~Q(applicant_name=""),
                name="application_applicant_known",
            ),
            models.CheckConstraint(
                condition=Q(applicant_relation="") | Q(applicant_relation__in=list(RELATIONS)),
                name="application_relation_known",
            ),
            models.CheckConstraint(
                condition=Q(category__in=sorted(WITH_SECRET_BASIS), secret_basis__isnull=False)
                | ~Q(category__in=sorted(WITH_SECRET_BASIS)) & Q(secret_basis__isnull=True),
                name="application_secret_basis_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(category__in=sorted(WITH_SECRET_BASIS), received_at=""),
                name="application_confidential_at_home",
            ),
            models.CheckConstraint(
                condition=~Q(applicant_kind=INSTITUTION) | Q(category="orphan_institution", received_at=""),
                name="application_of_institution",
            ),
            models.CheckConstraint(
                condition=(Q(accepted_by__isnull=True) | Q(accepted_on__isnull=False))
                & (Q(checked_by__isnull=True) | Q(checked_on__isnull=False))
                & (Q(decided_by__isnull=True) | Q(decided_on__isnull=False))
                & (Q(reviewed_by__isnull=True) | Q(reviewed_on__isnull=False, decided_by__isnull=False)),
                name="application_whose_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("accepted_by")))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("accepted_by")) & ~Q(decided_by=F("checked_by")))
                & (
                    Q(reviewed_by__isnull=True)
                    | ~Q(reviewed_by=F("accepted_by"))
                    & ~Q(reviewed_by=F("checked_by"))
                    & ~Q(reviewed_by=F("decided_by"))
                ),
                name="application_different_people",
            ),
            models.CheckConstraint(
                condition=(Q(checked_on__isnull=True) | Q(checked_on__gte=F("accepted_on")))
                & (Q(decided_on__isnull=True) | Q(decided_on__gte=F("checked_on")))
                & (Q(reviewed_on__isnull=True) | Q(reviewed_on__gte=F("decided_on")))
                & (Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("submitted_on"))),
                name="application_days_forward",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_by__isnull=False)
                | ~Q(state__in=DECIDED) & Q(decided_by__isnull=True),
                name="application_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CHECKED, *DECIDED]) | Q(checked_by__isnull=False) & ~Q(opinion=""),
                name="application_checked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def number(self) -> str:
        """The number people know it by (受理编号): its year and its running number."""
        return f"{self.begun_on.year}-{self.pk:06}"

    @property
    def file(self) -> Child:
        """The child's leading file (主档案): what an application rests on stands there."""
        return self.child.leading

    @property
    def basis(self) -> Basis | None:
        """What it rests on under seal (密封依据); None where its category has no such basis."""
        return Basis(self.secret_basis.open().strip()) if self.secret_basis else None

    @property
    def is_at_county(self) -> bool:
        """Whether every step is the county's (县级直接办理): of a confidential one, and of an institution's."""
        return self.is_confidential or self.applicant_kind == INSTITUTION

    @property
    def county_code(self) -> str:
        """The county responsible for the child."""
        return full(self.file.responsible_code[: LENGTH_OF[Level.COUNTY]])

    @property
    def is_open(self) -> bool:
        """Whether it has still to be decided."""
        return self.state in OPEN

    @property
    def is_to_tell(self) -> bool:
        """Whether the township that received it has still to tell the family what was decided, or home the office that
        sent it."""
        return bool(self.received_at or self.sent_by) and self.told_on is None and self.state in TOLD


class ApplicationStep(models.Model):
    """Application step (办理记录): what somebody did with an application, in order; what was done stays as it was.

    `missing` are the kinds of papers asked for, `words` sealed; `late_reason` says why a leg ended after its last day.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=12, choices=Step)
    state = models.CharField(max_length=12, choices=State)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    missing = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    words = SealedField(null=True, blank=True)
    late_reason = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("application", "number")
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="application_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="application_step_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_step_state_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="application_step_code_form"),
            models.CheckConstraint(
                condition=Q(missing__contained_by=list(PAPERS)), name="application_step_missing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number}"
