"""Forms of the import: a workbook, a pasted block, and what each column of an unknown sheet holds."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.words import category_title
from hutong.kit.staging import Problem
from hutong.kit.workbooks.preview import Preview, SheetColumn
from hutong.law.categories import CATEGORIES
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.problems import matching_sentence

PASTED_AT_MOST = 2_000_000


class _Sent(forms.Form):
    def __init__(self, *arguments: Any, places: dict[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        if len(places) > 1:
            self.fields["place"] = forms.ChoiceField(label=_lazy("Place"), choices=list(places.items()))


class UploadForm(_Sent):
    """A workbook to import (上传表格); who works for several places says which one it is from."""

    file = forms.FileField(
        label=_lazy("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
        error_messages={
            "required": _lazy("Choose a workbook first."),
            "empty": _lazy("The file is empty. Choose the workbook that holds the children."),
        },
    )


class PasteForm(_Sent):
    """A block copied from a spreadsheet or a chat (粘贴表格)."""

    prefix = "paste"
    block = forms.CharField(
        label=_lazy("Copied rows"),
        max_length=PASTED_AT_MOST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
        help_text=_lazy("Copy the rows with their headers in Excel, WPS or a chat, and paste them here."),
        error_messages={"required": _lazy("Paste the copied rows first.")},
    )


class ColumnsForm(forms.Form):
    """What each column of a sheet holds (列对应), and what holds for all rows."""

    def __init__(self, *arguments: Any, shown: Preview, villages: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._shown = shown
        for column in shown.columns:
            self.fields[f"column_{column.at}"] = forms.ChoiceField(
                label=column_title(column), choices=_column_choices, required=False, initial=column.code
            )
        self.fields["fixed_living_division"] = forms.ChoiceField(
            label=_lazy("All children live in"),
            choices=[("", _lazy("As each row says")), *villages.items()],
            required=False,
        )
        self.fields["fixed_category"] = forms.ChoiceField(
            label=_lazy("All children are"), choices=_category_choices, required=False
        )

    @property
    def lines(self) -> list[tuple[SheetColumn, forms.BoundField]]:
        """Each column with its field."""
        return [(column, self[f"column_{column.at}"]) for column in self._shown.columns]

    @property
    def codes(self) -> dict[int, str]:
        """The codes chosen, by position."""
        said = {column.at: self.cleaned_data[f"column_{column.at}"] for column in self._shown.columns}
        return {at: code for at, code in said.items() if code}

    @property
    def fixed(self) -> dict[str, str]:
        """What holds for all rows, by code."""
        names = ("living_division", "category")
        return {name: self.cleaned_data[f"fixed_{name}"] for name in names if self.cleaned_data[f"fixed_{name}"]}

    def blame(self, problems: list[Problem]) -> None:
        """Puts each problem at the fields it is about."""
        chosen = self.codes
        for problem in problems:
            at = [at for at, code in chosen.items() if code == problem.column]
            self.add_error(f"column_{at[-1]}" if at else None, matching_sentence(problem))


def column_title(column: SheetColumn) -> str:
    """What a column is called (列名): its header, or its letter as the spreadsheet shows it."""
    return column.header or _("Column %(letter)s") % {"letter": letter_of(column.at)}


def letter_of(at: int) -> str:
    """The letter of a position from 0 (列标): 27 is AB."""
    return (letter_of(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def _column_choices() -> list[tuple[str, str]]:
    return [("", str(_lazy("Do not read"))), *((code, column.header) for code, column in CHILDREN.by_code.items())]


def _category_choices() -> list[tuple[str, str]]:
    kinds = [(category.title_zh, category_title(code)) for code, category in CATEGORIES.items()]
    return [("", str(_lazy("As each row says"))), *kinds]


class SheetForm(forms.Form):
    """Which sheet, and where its headers stand (工作表与表头行)."""

    def __init__(self, *, shown: Preview) -> None:
        super().__init__()
        pages = [(str(at), name or _("The pasted rows")) for at, name in enumerate(shown.names)]
        rows = [(str(number), f"{number}: {text}") for number, text in shown.top]
        self.fields["page"] = forms.ChoiceField(label=_lazy("Sheet"), choices=pages, initial=str(shown.layout.page))
        self.fields["header_row"] = forms.ChoiceField(
            label=_lazy("Row with the headers"),
            choices=[*rows, ("0", _("There are no headers"))],
            initial=str(shown.layout.header_row),
        )
