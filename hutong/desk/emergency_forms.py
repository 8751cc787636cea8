"""Forms of emergencies (紧急查看表单): why a file is opened, and whether it was needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models.emergency import Verdict
from hutong.desk.titles import choices
from hutong.law.emergencies import REASONS
from hutong.registry.actions.emergency import WORDS_AT_MOST


class EmergencyForm(forms.Form):
    """Why a file of another place is opened (紧急查看)."""

    reason = forms.ChoiceField(
        label=_("What kind of emergency"),
        choices=lambda: choices(REASONS, empty="—"),
        error_messages={"required": _("Choose what kind of emergency it is.")},
    )
    words = forms.CharField(
        label=_("What has happened"),
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever reviews it reads this. No names and no numbers."),
        error_messages={"required": _("Say in a few words what has happened.")},
    )


class ReviewForm(forms.Form):
    """Whether it was needed (复核)."""

    verdict = forms.ChoiceField(
        label=_("Was it needed?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it was needed.")},
    )
    words = forms.CharField(
        label=_("Why"),
        max_length=WORDS_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you say that it was not."),
    )
