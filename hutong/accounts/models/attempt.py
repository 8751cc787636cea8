"""Who tried to sign in and failed."""

from django.conf import settings
from django.db import models


class SignInAttempt(models.Model):
    """Attempt to sign in (登录尝试): counted until it succeeds or somebody unlocks.

    What was typed as a name, and where it came from, are keyed digests; `person` is whose name it was, if anybody's.
    Check codes that no document bears are counted here too, under digests of their own.
    """

    at = models.DateTimeField()
    account = models.CharField(max_length=32)
    source = models.CharField(max_length=32)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["account", "at"], name="attempt_account"),
            models.Index(fields=["source", "at"], name="attempt_source"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.at:%Y-%m-%d %H:%M}"
