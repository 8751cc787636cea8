"""Forms about what audits found (核查表单)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.finding import Outcome
from hutong.desk.change_forms import words_field

CHOICES = [(one.value, one.label) for one in (Outcome.MENDED, Outcome.NOTHING)]


class FindingForm(forms.Form):
    """What somebody found who looked (核查结果): whether it was so, and what they saw."""

    outcome = forms.ChoiceField(label=_("What you have found"), choices=CHOICES, widget=forms.RadioSelect)
    words = words_field(_("What you saw, and what was done"), required=True)
