"""The phones by which village child directors sign in."""

from django.conf import settings
from django.db import models


class PhoneBinding(models.Model):
    """Binding of a phone (手机绑定): opened face to face by the township; its code is good once and for minutes."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bindings")
    digest = models.CharField(max_length=64)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"binding of {self.person_id}"


class Device(models.Model):
    """Bound phone (已绑定手机): lets its director in by a PIN; after too many wrong ones it is locked for good.

    `digest` is of the token that the phone keeps, `pin` is hashed like a password.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=64, unique=True)
    pin = models.CharField(max_length=128, blank=True)
    browser = models.CharField(max_length=40, blank=True)
    bound_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"phone of {self.person_id}"
