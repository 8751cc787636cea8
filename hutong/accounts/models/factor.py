"""What somebody has beside a password."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from hutong.kit.cipher import SealedField


class Authenticator(models.Model):
    """Authenticator app (动态口令): the secret by which somebody's app makes codes; a code is good once.

    `last_step` is the number of the thirty seconds whose code was used last.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authenticator")
    secret = SealedField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("person",)

    def __str__(self) -> str:
        return f"authenticator of {self.person_id}"


class RecoveryCode(models.Model):
    """Recovery code (恢复码): stands in once for a lost second factor. Only a keyed digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"recovery code of {self.person_id}"


class Passkey(models.Model):
    """Passkey (通行密钥): the public half of a key in somebody's computer, phone or stick, which asks who they are."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
