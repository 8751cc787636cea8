"""The categories a child holds."""

from django.db import models

from hutong.kit.cipher import SealedField
from hutong.law.categories import CATEGORIES, WITH_SECRET_BASIS
from hutong.registry.models.child import Child


class CategoryHolding(models.Model):
    """Category holding (类别): a dated fact; a child may hold several at once, each at most once at a time.

    Every holding of the scattered standard carries a sealed basis of one length, so that nothing outside the seal
    tells the children apart whom 《艾滋病防治条例》第三十九条 protects.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="holdings")
    category = models.CharField(max_length=30)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=100, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    secret_basis = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("child", "from_on", "id")
        indexes = [
            models.Index(
                fields=["category", "child"], condition=models.Q(until_on__isnull=True), name="holding_category"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "category"],
                condition=models.Q(until_on__isnull=True),
                name="holding_open_once",
            ),
            models.CheckConstraint(condition=models.Q(category__in=list(CATEGORIES)), name="holding_category_known"),
            models.CheckConstraint(
                condition=models.Q(category__in=sorted(WITH_SECRET_BASIS), secret_basis__isnull=False)
                | ~models.Q(category__in=sorted(WITH_SECRET_BASIS)) & models.Q(secret_basis__isnull=True),
                name="holding_secret_basis_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="holding_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.category
