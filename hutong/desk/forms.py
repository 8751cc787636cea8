"""Forms of the desk: they check the shape of what is typed, and repeat no rule of the law."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from hutong.desk.words import FIELD_CLASSES, ROOMS, category_title, speaks_chinese
from hutong.law.categories import CATEGORIES
from hutong.law.changes import MOVING
from hutong.law.documents import read_check_code
from hutong.law.identity import Sex, read_file_number
from hutong.registry.finding import SOON_DAYS, Filters
from hutong.registry.models.child import SEXES

KEPT_FILTERS = ("state", "category", "age", "sex", "division", "without_id", "soon_18")
"""What a saved filter may hold: chosen codes, never the words of a search."""
AGES = {"0-5": (0, 5), "6-11": (6, 11), "12-15": (12, 15), "16-17": (16, 17), "17": (17, 17), "18-": (18, None)}


def _categories() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, category_title(code)) for code in CATEGORIES)]


def _ages() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, _age_title(*ages)) for code, ages in AGES.items())]


def _sexes() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, str(title)) for code, title in SEXES.items() if code != Sex.UNSTATED)]


def _states(*, is_search: bool) -> list[tuple[str, str]]:
    """A list holds open files unless another state is chosen; a search finds them all."""
    states = {"open": _("In the register"), "closed": _("Closed file"), "all": _("All")}
    first = "all" if is_search else "open"
    return [("", str(states.pop(first))), *((code, str(title)) for code, title in states.items())]


def _age_title(youngest: int, oldest: int | None) -> str:
    if oldest is None:
        return str(_("%(age)s and over")) % {"age": youngest}
    ages = str(youngest) if youngest == oldest else f"{youngest}–{oldest}"
    return str(_("%(ages)s years")) % {"ages": ages}


class LightSelect(forms.Select):
    """A choice list (下拉框) drawn in one go: a list page has dozens of options, a template for each takes longer."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The element with its options."""
        chosen = mark_safe(" selected")
        options = ((code, chosen if str(code) == str(value or "") else "", title) for code, title in self.choices)
        inner = format_html_join("", '<option value="{}"{}>{}</option>', options)
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, given, inner)


class FilterForm(forms.Form):
    """The filters of the list of children (筛选)."""

    said = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("Category"), required=False, choices=_categories, widget=LightSelect)
    age = forms.ChoiceField(label=_("Age"), required=False, choices=_ages, widget=LightSelect)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=_sexes, widget=LightSelect)
    division = forms.RegexField(r"^\d{12}$", label=_("Place"), required=False)
    without_id = forms.BooleanField(label=_("Without ID number"), required=False)
    soon_18 = forms.BooleanField(label=_("Turning 18 within %(days)s days") % {"days": SOON_DAYS}, required=False)

    def __init__(self, *arguments: Any, is_search: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["state"] = forms.ChoiceField(
            label=_("State"), required=False, choices=_states(is_search=is_search), widget=LightSelect
        )

    def clean(self) -> dict[str, object]:
        """A place that was typed and not chosen narrows nothing: it is named."""
        said = super().clean() or {}
        if self.data.get("division_text") and not self.data.get("division"):
            self.add_error("division", _("Choose the place from the list that opens as you type."))
        return said

    @property
    def chosen_division(self) -> str:
        """The code of the chosen place, or nothing."""
        return str(getattr(self, "cleaned_data", {}).get("division", ""))

    def filters(self, text: str) -> Filters:
        """What is asked for by a valid form, and by the words of a search."""
        said = self.cleaned_data
        age_from, age_to = AGES.get(said["age"], (None, None))
        return Filters(
            text=text,
            state=said["state"],
            category=said["category"],
            division=said["division"],
            sex=said["sex"],
            age_from=age_from,
            age_to=age_to,
            without_id=said["without_id"],
            soon_18=said["soon_18"],
        )

    @property
    def kept(self) -> dict[str, str]:
        """The chosen filters as a saved filter holds them."""
        return {name: self.data[name] for name in KEPT_FILTERS if self.data.get(name)}

    @property
    def active(self) -> int:
        """How many filters are set."""
        return len(self.kept) + bool(self.data.get("said"))


class FieldsForm(forms.Form):
    """The filters of the register of fields (字段筛选): one room at a time."""

    room = forms.ChoiceField(label=_("Room"), required=False, choices=lambda: list(ROOMS.items()))
    field_class = forms.ChoiceField(
        label=_("Class"), required=False, choices=lambda: [("", str(_("All"))), *FIELD_CLASSES.items()]
    )

    @property
    def chosen(self) -> tuple[str, str]:
        """Room and class; the first room and all classes where nothing, or nothing legible, is chosen."""
        said = self.cleaned_data if self.is_valid() else {}
        return said.get("room") or next(iter(ROOMS)), said.get("field_class", "")

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)


class SignInForm(forms.Form):
    """Signing in (登录)."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        error_messages={"required": _("Type your user name.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the app, or a recovery code (验证码)."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits of the app, or one of your recovery codes."),
        error_messages={"required": _("Type the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ProofForm(CodeForm):
    """Password and code once more (重新验证)."""

    field_order = ["password", "code"]
    password = SignInForm.base_fields["password"]


def _pin(label: Any, help_text: Any = "") -> forms.CharField:
    keys = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}
    return forms.CharField(
        label=label,
        max_length=6,
        help_text=help_text,
        error_messages={"required": _("Type six digits.")},
        widget=forms.PasswordInput(attrs=keys),
    )


class PinForm(forms.Form):
    """The PIN on a bound phone (PIN码)."""

    pin = _pin(_("PIN"), _("Six digits."))


class NewPinForm(PinForm):
    """A new PIN, twice (设置PIN码)."""

    again = _pin(_("Once more"))

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if said.get("pin") and said.get("again") and said["pin"] != said["again"]:
            self.add_error("again", _("The two are not the same."))
        return said


class BindForm(forms.Form):
    """Binding a phone (绑定手机): as it stands on the supervisor's screen."""

    username = SignInForm.base_fields["username"]
    code = forms.CharField(
        label=_("Binding code"),
        max_length=12,
        error_messages={"required": _("Type the code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ConfirmForm(forms.Form):
    """The check code of a document (核验码), typed or brought by its square code; cleaned to its one form."""

    code = forms.CharField(
        label=_("Check code"),
        help_text=_("Sixteen letters and digits at the foot of the document. Small letters and spaces do no harm."),
        max_length=200,
        error_messages={"required": _("Type the check code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-fragment": True}
        ),
    )

    def clean_code(self) -> str:
        """The code, where its last character says that it was copied rightly."""
        code = read_check_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("This is no check code. Compare each character with the document."))
        return code


class PasskeyForm(forms.Form):
    """What the browser answers for a passkey (通行密钥应答), as JSON."""

    answer = forms.CharField(max_length=8000, widget=forms.HiddenInput)


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


def _reasons() -> list[tuple[str, str]]:
    return [("", ""), *((code, titles[0 if speaks_chinese() else 1]) for code, titles in MOVING.items())]


class ElsewhereForm(forms.Form):
    """Asking another place for a file (请求迁入)."""

    living = forms.RegexField(
        r"^\d{12}$",
        label=_("Where the child lives now"),
        help_text=_("A village or township of your own area. It becomes responsible when the other place agrees."),
        error_messages={"required": _("Choose the place from the list that opens as you type.")},
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=_reasons)
    words = forms.CharField(
        label=_("What the other place should know"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
