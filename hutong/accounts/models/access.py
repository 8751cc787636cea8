"""What somebody may see and do, as dated facts."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hutong.accounts.roles import ROLES
from hutong.kit.cipher import SealedField


class DatedManager(models.Manager[Any]):
    """Adds the question of the day."""

    def holding_on(self, on: object) -> models.QuerySet[Any]:
        """Rows whose first day has come and whose last day has not passed."""
        return self.filter(models.Q(from_on__lte=on) & (models.Q(until_on__isnull=True) | models.Q(until_on__gte=on)))


class Posting(models.Model):
    """Posting (任职): a role over division prefixes, less exclusions, from a first to a last day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=40, choices={code: role.title for code, role in ROLES.items()})
    prefixes = ArrayField(models.CharField(max_length=12))
    exclusions = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    prefixes_ever: list[str]  # with what the places were called before; read by accounts.queries.postings_on alone
    exclusions_ever: list[str]

    objects = DatedManager()

    class Meta:
        ordering = ("person", "from_on", "id")
        indexes = [models.Index(fields=["role"], name="posting_role")]
        constraints = [
            models.CheckConstraint(condition=models.Q(prefixes__len__gte=1), name="posting_has_prefix"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="posting_role_known"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="posting_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {','.join(self.prefixes)}"


class Grant(models.Model):
    """Grant (授权): opens one scope (a kind and an opaque key) to one person for a span of days, with its reason.

    The reason is in somebody's own words, and sealed.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    scope_kind = models.CharField(max_length=30)
    scope_key = models.CharField(max_length=60)
    reason = SealedField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = DatedManager()

    class Meta:
        ordering = ("person", "from_on", "id")
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="grant_scope")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="grant_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_kind}:{self.scope_key}"
