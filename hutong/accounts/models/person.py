"""Who signs in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosedReason(models.TextChoices):
    """Reason for closing an account (停用原因)."""

    LEFT = "left", _("Left the office")
    MOVED = "moved", _("Moved to another post")
    RETIRED = "retired", _("Retired")
    LONG_LEAVE = "long_leave", _("Long leave")
    SECURITY = "security", _("Password or device lost, or misuse suspected")
    MISTAKEN = "mistaken", _("Opened by mistake")


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their sign-in name."""

    def create_person(self, username: str, name: str, password: str | None = None, **more: object) -> Person:
        """Makes a person; without a password the account cannot sign in by one."""
        person = self.model(username=username, name=name, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Person (工作人员): somebody who signs in. What they may do stands in their postings, never here.

    With a one-time password (一次性口令) they must choose their own before anything else, and before it expires.
    """

    username = models.CharField(_("User name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=50)
    organisation = models.CharField(_("Organisation"), max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_expires_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, choices=ClosedReason, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name
