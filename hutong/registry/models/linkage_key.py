"""By what a child whose number holds a slip is found."""

from django.db import models

from hutong.kit.cipher import INDEX_BYTES
from hutong.registry.models.child import Child


class LinkageKey(models.Model):
    """Linkage key (匹配键): a keyed hash of an ID number with a part left out, so that one slip does not hide it.

    `made_of` is the child's `id_index` when it was made: where that differs now, the key is stale and made anew.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="linkage_keys")
    key = models.BinaryField(max_length=INDEX_BYTES, db_index=True)
    made_of = models.BinaryField(max_length=INDEX_BYTES)

    class Meta:
        ordering = ("child", "id")

    def __str__(self) -> str:
        return f"{self.pk}"
