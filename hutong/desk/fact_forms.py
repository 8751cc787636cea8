"""One form for each noun that is recorded about a child."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.change_forms import CHOOSE, ReasonedForm, date_field, relation_choices
from hutong.desk.titles import choices, circumstance_title, pair_title
from hutong.kit.cipher import Sealed
from hutong.law.aid import AIDS, OF_HOUSEHOLD
from hutong.law.circumstances import OF_CHILDREN, OF_PARENTS, WITH_GRADE, WITH_NOTICE, WITH_REPORT
from hutong.law.disability import CLASSES, GRADES
from hutong.law.papers import PAPERS
from hutong.law.study import LEVELS
from hutong.registry.models import Evidence, Guardian
from hutong.registry.models.facts import Fact
from hutong.registry.models.guardian import Kind
from hutong.registry.models.life import HealthKind, Sensitivity
from hutong.registry.models.parent import Parent, Role

FEN = 100


class FactForm(ReasonedForm):
    """A dated fact (事实): `values` gives the noun's attributes, `initial_of` what a fact says now."""

    from_on = date_field(_("First day"), required=False)
    until_on = date_field(_("Last day"), required=False, help_text=_("Empty while it still holds."))
    own: tuple[str, ...] = ()

    papers = forms.MultipleChoiceField(
        label=_("Papers that show it"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, papers: Sequence[Evidence] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._papers = papers
        self.fields["papers"].choices = [(str(paper.pk), paper_title(paper)) for paper in papers]  # type: ignore[attr-defined]
        if not papers:
            del self.fields["papers"]
        last = ("with_siblings", "from_on", "until_on", "papers", "reason", "words", "revision")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def values(self) -> dict[str, Any]:
        """The attributes of the noun."""
        said = self.cleaned_data
        return {name: said[name] for name in (*self.own, "from_on", "until_on")}

    def chosen_papers(self) -> list[Evidence]:
        """The papers that were ticked."""
        ticked = self.cleaned_data.get("papers", [])
        return [paper for paper in self._papers if str(paper.pk) in ticked]

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """What a fact says now, sealed values opened, for a correction."""
        found = {name: getattr(fact, name) for name in (*cls.own, "from_on", "until_on")}
        if not isinstance(fact, Guardian):
            found["papers"] = [str(paper.pk) for paper in fact.evidence.order_by("pk")]
        return {name: value.open() if isinstance(value, Sealed) else value for name, value in found.items()}


def _phone() -> forms.CharField:
    return forms.CharField(
        label=_("Telephone"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


def paper_title(paper: Evidence) -> str:
    """`法院裁判文书 12`, a paper by kind and number."""
    return f"{pair_title(PAPERS[paper.kind])} {paper.pk}"


class GuardianForm(FactForm):
    """Who looks after the child (监护人)."""

    own = ("name", "relation", "kind", "id_number", "phone")
    name = forms.CharField(label=_("Name"), max_length=50)
    relation = forms.ChoiceField(label=_("Relation to the child"), choices=relation_choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.KIN)
    id_number = forms.CharField(label=_("ID number"), max_length=30, required=False)
    phone = _phone()


class ParentForm(FactForm):
    """Father or mother (父母)."""

    own = ("role", "is_unknown", "name", "id_number", "phone")
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    is_unknown = forms.BooleanField(label=_("Nobody knows who this is"), required=False)
    name = forms.CharField(label=_("Name"), max_length=50, required=False)
    id_number = forms.CharField(label=_("ID number"), max_length=30, required=False)
    phone = _phone()


def _circumstances(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", str(CHOOSE)), *((code, circumstance_title(code)) for code in codes)]


class CircumstanceForm(FactForm):
    """A circumstance (情形) of the child or of a parent."""

    own = ("kind", "disability_class", "grade", "certificate", "reported_on", "notice_on", "note")
    kind = forms.ChoiceField(label=_("Kind"), choices=())
    disability_class = forms.ChoiceField(
        label=_("Class of disability"), choices=lambda: choices(CLASSES, empty=CHOOSE), required=False
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        choices=[("", CHOOSE), *((grade, grade) for grade in GRADES)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    certificate = forms.CharField(
        label=_("Certificate number"),
        max_length=30,
        required=False,
        help_text=_("20 characters: ID number, class, grade. It is checked against all three."),
    )
    reported_on = date_field(
        _("Search taken by the police on"), required=False, help_text=_("For somebody who cannot be found.")
    )
    notice_on = date_field(
        _("Public notice for the parents given on"),
        required=False,
        help_text=_("For a foundling: only once its days have passed is the child an orphan."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    with_siblings = forms.BooleanField(
        label=_("Record it for the brothers and sisters who have the same parent, too"), required=False
    )

    def __init__(self, *arguments: Any, parent: Parent | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.parent = parent
        self.fields["kind"].choices = _circumstances(OF_PARENTS if parent else OF_CHILDREN)  # type: ignore[attr-defined]
        if parent is None:
            del self.fields["with_siblings"]
        else:
            self.fields["notice_on"].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """The attributes; what does not belong to the kind is left out."""
        found = super().values() | {"parent": self.parent}
        if found["kind"] not in WITH_GRADE:
            found |= {"disability_class": "", "grade": None, "certificate": ""}
        if found["kind"] not in WITH_REPORT:
            found["reported_on"] = None
        if found["kind"] not in WITH_NOTICE:
            found["notice_on"] = None
        return found


class StudyForm(FactForm):
    """A school (就学)."""

    own = ("level", "school", "is_full_time")
    level = forms.ChoiceField(label=_("Level"), choices=lambda: choices(LEVELS, empty=CHOOSE))
    school = forms.CharField(label=_("School"), max_length=100, required=False)
    is_full_time = forms.BooleanField(label=_("Full time"), required=False, initial=True)


class HealthForm(FactForm):
    """A health fact (健康情况)."""

    own = ("kind", "sensitivity")
    kind = forms.ChoiceField(label=_("Kind"), choices=HealthKind.choices)
    sensitivity = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Sensitivity.choices,
        widget=forms.RadioSelect,
        initial=Sensitivity.SENSITIVE,
        help_text=_("Secret: only people named for this child. Then the kind is “Other”."),
    )
    saying = forms.CharField(label=_("What it says"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        """A secret is of the kind “other”; what concerns the mind is never ordinary."""
        said = super().clean() or {}
        if said.get("sensitivity") == Sensitivity.SECRET:
            said["kind"] = HealthKind.OTHER
        if said.get("kind") == HealthKind.MIND and said.get("sensitivity") == Sensitivity.ORDINARY:
            self.add_error("sensitivity", _("What concerns the mind is at least sensitive."))
        return said

    def values(self) -> dict[str, Any]:
        """What it says is a column of its own; the words beside the reason are the change's."""
        return super().values() | {"words": self.cleaned_data["saying"]}

    @classmethod
    def initial_of(cls, fact: Any) -> dict[str, Any]:
        """What the fact says now, opened."""
        return super().initial_of(fact) | {"saying": fact.words.open()}


class AidForm(FactForm):
    """Other aid (其他待遇), in yuan on the screen and fen in the register."""

    own = ("kind",)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: choices(AIDS, empty=CHOOSE))
    own_yuan = forms.DecimalField(
        label=_("The child's own, yuan a month"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    household_yuan = forms.DecimalField(
        label=_("The household's, yuan a month"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    members = forms.IntegerField(label=_("Heads of the household"), min_value=1, max_value=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Either the child's own sum, or the household's with its heads."""
        said = super().clean() or {}
        is_own, is_household = said.get("own_yuan") is not None, said.get("household_yuan") is not None
        if is_own == is_household:
            self.add_error("own_yuan", _("Fill in either the child's own sum or the household's."))
        elif is_household and not said.get("members"):
            self.add_error("members", _("Say how many heads the household's sum is counted on."))
        elif is_household and said.get("kind") not in {*OF_HOUSEHOLD, "other"}:
            self.add_error("household_yuan", _("This aid is paid to the child alone."))
        return said

    def values(self) -> dict[str, Any]:
        """The sums in fen."""
        said = self.cleaned_data
        own, household = said["own_yuan"], said["household_yuan"]
        return super().values() | {
            "fen_per_month": None if own is None else int(own * FEN),
            "household_fen_per_month": None if household is None else int(household * FEN),
            "members": None if household is None else said["members"],
        }

    @classmethod
    def initial_of(cls, fact: Any) -> dict[str, Any]:
        """The sums in yuan."""
        yuan = {"own_yuan": fact.fen_per_month, "household_yuan": fact.household_fen_per_month}
        found = {name: None if fen is None else f"{fen / FEN:.2f}" for name, fen in yuan.items()}
        return super().initial_of(fact) | found | {"members": fact.members}


FACT_FORMS: dict[str, type[FactForm]] = {
    "guardian": GuardianForm,
    "parent": ParentForm,
    "circumstance": CircumstanceForm,
    "study": StudyForm,
    "health": HealthForm,
    "aid": AidForm,
}
REPLACING = {"guardian", "study"}
"""Nouns of which a new one takes the place of the one that holds now."""
