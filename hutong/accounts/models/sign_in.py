"""Where somebody is signed in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Way of signing in (登录方式)."""

    CODE = "code", _("Password and code of the app")
    RECOVERY = "recovery", _("Password and recovery code")
    PASSKEY = "passkey", _("Passkey")
    PIN = "pin", _("PIN on a bound phone")
    CHOSEN = "chosen", _("Chosen in the demonstration")
    BEGUN = "begun", _("Password; the second factor is being set up")


class Ending(models.TextChoices):
    """How a sign-in ended (登录结束原因)."""

    OUT = "out", _("Signed out")
    IDLE = "idle", _("Nothing was done for a while")
    OLD = "old", _("The longest time has passed")
    POSTING = "posting", _("A posting ended")
    CLOSED = "closed", _("The account was closed")
    CHANGED = "changed", _("Password or second factor was changed")
    OTHERS = "others", _("Ended from another device")


class SignIn(models.Model):
    """Sign-in (登录): one browser in which somebody is signed in, from when, how, and whether it still holds.

    `proved_at` is when they last proved who they are; `postings` are those held at the beginning: where one
    is gone, the sign-in ends.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_ins")
    way = models.CharField(max_length=10, choices=Way)
    browser = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField()
    postings = ArrayField(models.BigIntegerField(), default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        ordering = ("-seen_at",)
        indexes = [
            models.Index(fields=["person"], condition=models.Q(ended_at__isnull=True), name="sign_in_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ending="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ending=""),
                name="sign_in_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to set up."""
        return self.way != Way.BEGUN
