"""What holds of a child or a parent."""

from django.db import models
from django.db.models import Q

from hutong.kit.cipher import SealedField
from hutong.law.circumstances import CIRCUMSTANCES, FINAL, OF_CHILDREN, OF_PARENTS, WITH_GRADE, WITH_NOTICE, WITH_REPORT
from hutong.law.disability import CLASSES, GRADES
from hutong.registry.models.dated import DatedFact, span_forward
from hutong.registry.models.parent import Parent


class Circumstance(DatedFact):
    """Circumstance (情形): of a parent, or of the child where `parent` is empty; each kind once at a time.

    `reported_on` is the day the police took the search, `notice_on` that of the public notice for a foundling's
    parents; a foundling was found on its first day. The certificate number is checked against person, class and grade
    before it is taken.
    """

    parent = models.ForeignKey(Parent, null=True, blank=True, on_delete=models.PROTECT, related_name="circumstances")
    kind = models.CharField(max_length=30)
    disability_class = models.CharField(max_length=12, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    certificate = SealedField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)
    note = SealedField(null=True, blank=True)

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["kind", "child"], name="circumstance_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False, kind__in=OF_PARENTS) | Q(parent__isnull=True, kind__in=OF_CHILDREN),
                name="circumstance_kind_of_whom",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=sorted(WITH_GRADE),
                    grade__isnull=False,
                    grade__in=GRADES,
                    disability_class__in=list(CLASSES),
                )
                | ~Q(kind__in=sorted(WITH_GRADE))
                & Q(grade__isnull=True, disability_class="", certificate__isnull=True),
                name="circumstance_disability_whole",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__isnull=True) | Q(kind__in=sorted(WITH_REPORT)),
                name="circumstance_report_of_search",
            ),
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True) | Q(kind__in=sorted(WITH_NOTICE)),
                name="circumstance_notice_of_search",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | ~Q(kind__in=sorted(FINAL)), name="circumstance_final_is_open"
            ),
            models.CheckConstraint(condition=Q(from_on__isnull=False), name="circumstance_begins"),
            span_forward("circumstance_span_forward"),
        ]

    @property
    def title(self) -> str:
        """The kind in Chinese."""
        return CIRCUMSTANCES[self.kind].title_zh
