"""What a form said of a child on a day."""

from django.db import models
from django.db.models import Q

from hutong.kit.cipher import SealedField
from hutong.law.form_questions import QUESTIONS
from hutong.registry.models.batch import ImportBatch
from hutong.registry.models.child import Child


class Observation(models.Model):
    """Observation (观察记录): one answer of a registration form about a child on the day of the form.

    It is no fact: a person makes one of it, with papers. A later form adds its own answers and changes none; those of
    a batch that is withdrawn go with it.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="observations")
    question = models.CharField(max_length=40)
    answer = SealedField()
    observed_on = models.DateField()
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("child", "observed_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(question__in=list(QUESTIONS)), name="observation_question_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
