"""What makes the trail provable: seals over its entries, and checkpoints that are kept elsewhere too."""

from django.db import models


class TrailSeal(models.Model):
    """Trail seal (留痕封存): one link of the chain over the trail, signed, never changed.

    It covers the entries between the seal before it and (`until_transaction`, `until_id`), this bound not included,
    in the order (transaction_id, id); `last_position` is the place in the trail of the last of them, counted from 1.
    What `block`, `link`, `signature` and `marks` are made of: `hutong/accounts/chain.py`.
    """

    number = models.BigIntegerField(primary_key=True)
    until_transaction = models.BigIntegerField()
    until_id = models.BigIntegerField()
    last_position = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    block = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    marks = models.BinaryField()

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number}: {self.last_position}"


class TrailCheckpoint(models.Model):
    """Trail checkpoint (留痕校验点): where the chain stood at a moment, signed; what counts are copies kept outside."""

    seal_number = models.BigIntegerField()
    position = models.BigIntegerField()
    link = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.position} {self.made_at}"
