"""Forms of payments (发放表单): month and place of a run, its steps, the bank's files, funds."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.bank_words import layout_title
from hutong.desk.change_forms import CHOOSE, words_field
from hutong.desk.payment_words import month
from hutong.desk.titles import choices
from hutong.gateways.bank.layouts import LAYOUTS
from hutong.law.funds import LEVELS, NATURES
from hutong.law.money import read_yuan
from hutong.law.months import Month
from hutong.treasury.models.batch import Purpose

WHY = _("Why")
MONTHS_BACK = 11


class PrepareForm(forms.Form):
    """Which month is paid where (生成月度核定)."""

    month = forms.ChoiceField(label=_("Month"), choices=())
    place = forms.ChoiceField(label=_("Place"), choices=())
    purpose = forms.ChoiceField(
        label=_("Kind of payment"),
        choices=[(one.value, one.label) for one in (Purpose.REGULAR, Purpose.OFF_CYCLE)],
        initial=Purpose.REGULAR,
        help_text=_("Beside the monthly one only where somebody cannot wait for the next."),
    )

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        now = Month.of(on)
        offered = [now.plus(at) for at in range(1, -MONTHS_BACK - 1, -1)]
        self.fields["month"].choices = [(str(one), month(one.first)) for one in offered]  # type: ignore[attr-defined]
        self.fields["month"].initial = str(now)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of a run (核定环节): the state that was looked at, and words where they are asked for."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    words = words_field(WHY)

    def __init__(self, *arguments: Any, with_words: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if with_words:
            self.fields["words"].required = True
        else:
            del self.fields["words"]


class WordsForm(forms.Form):
    """A reason (理由)."""

    words = words_field(WHY, required=True)


class SendForm(forms.Form):
    """The layout that the bank takes (代发文件格式)."""

    layout = forms.ChoiceField(label=_("Layout of the file"), choices=(), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["layout"].choices = [(code, layout_title(code)) for code in LAYOUTS]  # type: ignore[attr-defined]


class BankReturnForm(forms.Form):
    """The file that the bank returned (银行回盘文件)."""

    file = forms.FileField(
        label=_("File of the bank"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_("As the bank gave it, not saved again in Excel or WPS. The same file twice counts once."),
        error_messages={
            "required": _("Choose the file that the bank returned."),
            "empty": _("The file is empty. Fetch it again from the bank."),
        },
    )


class AmountForm(forms.Form):
    """A sum of yuan, and the document that grants it (金额和文号)."""

    amount = forms.CharField(
        label=_("Amount in yuan"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    document = forms.CharField(label=_("Number of the document"), max_length=60)

    def clean_amount(self) -> int:
        """The sum in fen."""
        fen = read_yuan(self.cleaned_data["amount"])
        if not fen:
            raise forms.ValidationError(_("Write the sum in yuan with at most two decimals, for example 1,200,000.00."))
        return fen


class FundForm(AmountForm):
    """A fund as a document grants it (登记资金)."""

    place = forms.ChoiceField(label=_("Whose money"), choices=())
    year = forms.TypedChoiceField(label=_("Year"), choices=(), coerce=int)
    level = forms.ChoiceField(label=_("Level of the money"), choices=())
    nature = forms.ChoiceField(label=_("Nature"), choices=())
    field_order = ("place", "year", "level", "nature", "amount", "document")

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        years = [on.year + 1, on.year, on.year - 1, on.year - 2]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]
        self.fields["year"].initial = on.year
        self.fields["level"].choices = choices(LEVELS, empty=CHOOSE)  # type: ignore[attr-defined]
        self.fields["nature"].choices = choices(NATURES, empty=CHOOSE)  # type: ignore[attr-defined]


class AllocationForm(AmountForm):
    """Part of a fund for a county (分配资金)."""

    place = forms.ChoiceField(label=_("County"), choices=())
    field_order = ("place", "amount", "document")

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["place"].choices = [("", str(CHOOSE)), *places]  # type: ignore[attr-defined]
