"""Forms of the desk: they check the shape of what is typed, and repeat no rule of the law."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.words import category_title
from hutong.law.categories import CATEGORIES
from hutong.law.identity import read_file_number
from hutong.registry.queries import Filters

AGES = {"0-5": (0, 5), "6-11": (6, 11), "12-15": (12, 15), "16-17": (16, 17), "17": (17, 17), "18-": (18, None)}


def _categories() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, category_title(code)) for code in CATEGORIES)]


def _ages() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, _age_title(*ages)) for code, ages in AGES.items())]


def _age_title(youngest: int, oldest: int | None) -> str:
    if oldest is None:
        return str(_("%(age)s and over")) % {"age": youngest}
    ages = str(youngest) if youngest == oldest else f"{youngest}–{oldest}"
    return str(_("%(ages)s years")) % {"ages": ages}


class FilterForm(forms.Form):
    """The filters of the list of children (筛选)."""

    q = forms.CharField(label=_("Name, pinyin, number"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("Category"), required=False, choices=_categories)
    age = forms.ChoiceField(label=_("Age"), required=False, choices=_ages)
    division = forms.RegexField(r"^\d{12}$", label=_("Place"), required=False)
    without_id = forms.BooleanField(label=_("Without ID number"), required=False)

    def filters(self) -> Filters:
        """What is asked for; a field that cannot be read narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        age_from, age_to = AGES.get(said.get("age", ""), (None, None))
        return Filters(
            text=said.get("q", ""),
            category=said.get("category", ""),
            division=said.get("division", ""),
            age_from=age_from,
            age_to=age_to,
            without_id=bool(said.get("without_id")),
        )

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.cleaned_data.get(name)) for name in self.fields) if self.is_valid() else 0


class UploadForm(forms.Form):
    """A workbook to import (上传表格)."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv"}),
        error_messages={"required": _("Choose a workbook first.")},
    )


class PurposeForm(forms.Form):
    """Opening one child's file with a purpose (说明目的)."""

    file_number = forms.CharField(label=_("File number"), max_length=20, help_text=_("For example 64-0031-7728-K."))
    purpose = forms.CharField(
        label=_("What you need the file for"),
        max_length=200,
        help_text=_("The county sees who opened the file, when, and what for."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_file_number(self) -> str:
        """The number in its one form."""
        number = read_file_number(self.cleaned_data["file_number"])
        if number is None:
            raise forms.ValidationError(_("One character of the file number is wrong. Compare it with the paper."))
        return number
