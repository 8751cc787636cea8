"""Forms about standards (保障标准表单)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.standard import NUMBER_AT_MOST, TITLE_AT_MOST, WORDS_AT_MOST
from hutong.desk.change_forms import CHOOSE, date_field
from hutong.desk.law_words import place_title
from hutong.desk.titles import pair_title
from hutong.law.division_code import prefix_of
from hutong.law.standards import SCHEMES

FEN = 100


def _schemes() -> list[tuple[str, str]]:
    return [("", str(CHOOSE)), *((code, pair_title((one.zh, one.en))) for code, one in SCHEMES.items())]


class StandardForm(forms.Form):
    """A standard to propose (提请标准)."""

    scheme = forms.ChoiceField(label=_("Scheme"), choices=_schemes)
    division_code = forms.ChoiceField(label=_("Place"))
    amount = forms.DecimalField(
        label=_("Yuan a child and month"), min_value=Decimal("0.01"), max_value=99_999, decimal_places=2
    )
    from_on = date_field(_("First day"), help_text=_("The first of a month. It may have passed already."))
    until_on = date_field(
        _("Last day"),
        required=False,
        help_text=_("The last of a month; empty until another takes its place. What holds above counts afterwards."),
    )
    document_number = forms.CharField(
        label=_("Number of the document"), max_length=NUMBER_AT_MOST, help_text=_("As printed: 银政发〔2026〕12号")
    )
    document_title = forms.CharField(label=_("Title of the document"), max_length=TITLE_AT_MOST)
    file = forms.FileField(
        label=_("The document, photograph or PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": _("Choose the photograph or the PDF first.")},
    )
    words = forms.CharField(
        label=_("Why it is lower"),
        required=False,
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where it lies below the standard of the place above, or below the one before."),
    )

    def __init__(self, *arguments: Any, places: Sequence[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["division_code"].choices = [  # type: ignore[attr-defined]
            (code, place_title(prefix_of(code))) for code in places
        ]

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = dict(self.cleaned_data)
        file: UploadedFile[Any] = said.pop("file")
        amount_fen = int(said.pop("amount") * FEN)
        return said | {"amount_fen": amount_fen, "content": file.read(), "name": file.name or ""}


class ConfirmForm(forms.Form):
    """Nothing is asked where a standard is confirmed (确认标准)."""


class WordsForm(forms.Form):
    """Why a standard is refused or withdrawn (说明理由)."""

    words = forms.CharField(
        label=_("Why"),
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why in a few words.")},
    )
