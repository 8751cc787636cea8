"""Papers on the desk (材料页): the form, and the lines of the list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.models import Person
from hutong.desk.change_forms import CHOOSE, date_field
from hutong.desk.file_lines import Masked
from hutong.desk.titles import choices, pair_title
from hutong.desk.words import days_left
from hutong.law.papers import PAPERS
from hutong.registry.actions.papers import NOTE_AT_MOST, WATCHES, add_paper, is_own_of_today, withdraw_paper
from hutong.registry.models import Child, Evidence

ORDER = list(PAPERS)
SUFFIXES = {"image/jpeg": "jpg", "application/pdf": "pdf"}


class PaperForm(forms.Form):
    """A paper to add (添加材料)."""

    kind = forms.ChoiceField(label=_lazy("Kind of paper"), error_messages={"required": _lazy("Choose what it is.")})
    file = forms.FileField(
        label=_lazy("Photograph or PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_lazy(
            "JPEG, PNG, WebP or PDF, at most 10 MB and 60 pages. Where and with what it was taken is removed."
        ),
        error_messages={
            "required": _lazy("Choose the photograph or the PDF first."),
            "empty": _lazy("The file is empty. Choose the photograph or the PDF again."),
        },
    )
    issued_on = date_field(_lazy("Issued on"), required=False)
    expires_on = date_field(_lazy("Last day on which it counts"), required=False)
    note = forms.CharField(
        label=_lazy("Note"), required=False, max_length=NOTE_AT_MOST, widget=forms.Textarea(attrs={"rows": 2})
    )

    is_sealed = forms.BooleanField(
        label=_lazy("Sealed: only people named for this child know of it; its kind is “Other paper”"), required=False
    )

    def __init__(self, *arguments: Any, may_seal: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["kind"].choices = choices(PAPERS, empty=CHOOSE)  # type: ignore[attr-defined]
        if not may_seal:
            del self.fields["is_sealed"]

    def add(self, *, by: Person, child: Child, on: date) -> Evidence:
        """Calls the verb. Raises Refused."""
        said = dict(self.cleaned_data)
        file: UploadedFile[Any] = said.pop("file")
        return add_paper(by=by, child=child, content=file.read(), name=file.name or "", on=on, **said)


class WithdrawForm(forms.Form):
    """Why a paper is withdrawn (撤下原因)."""

    why = forms.CharField(
        label=_lazy("Why it is withdrawn"),
        max_length=NOTE_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _lazy("Say in a few words why the paper is withdrawn.")},
    )

    def withdraw(self, *, by: Person, paper: Evidence, on: date) -> None:
        """Calls the verb. Raises Refused."""
        withdraw_paper(by=by, paper=paper, why=self.cleaned_data["why"], on=on)


@dataclass(frozen=True)
class PaperLine:
    """One paper in the list (材料行): what it is and until when it counts, nothing of what it says."""

    paper: Evidence
    title: str
    form: str
    tone: str
    when: str
    href: str
    withdraw_href: str
    masked: list[Masked]
    file: str


def paper_lines(
    user: Person, page: Child, papers: Iterable[Evidence], may: dict[str, bool], *, on: date, at: datetime
) -> list[PaperLine]:
    """The papers of one child as one person may handle them on its page, by kind, the latest of each first."""
    return [
        _line(user, page, paper, may, on=on, at=at) for paper in sorted(papers, key=lambda one: ORDER.index(one.kind))
    ]


def _line(user: Person, page: Child, paper: Evidence, may: dict[str, bool], *, on: date, at: datetime) -> PaperLine:
    opens = may["sensitive"] or is_own_of_today(paper, by=user, at=at)
    can_withdraw = paper.withdrawn_on is None and may["papers"] and not paper.child.canonical_id
    withdraws = can_withdraw and (may["alter"] or paper.added_by_id == user.pk)
    address = [paper.child.file_number, paper.pk]
    tone, when = _expiry(paper, on)
    return PaperLine(
        paper,
        pair_title(PAPERS[paper.kind]),
        "PDF" if paper.media_type == "application/pdf" else _("Picture"),
        tone,
        when,
        reverse("desk:paper", args=address) if opens else "",
        reverse("desk:withdraw_paper", args=address) if withdraws else "",
        list(_masked(paper, can_show=may["sensitive"])),
        paper.child.file_number if paper.child_id != page.pk else "",
    )


def _expiry(paper: Evidence, on: date) -> tuple[str, str]:
    if paper.expires_on is None or paper.withdrawn_on:
        return "", ""
    left = (paper.expires_on - on).days
    if left < 0:
        return "late", _("Expired")
    soon = max(watch.days(on) for watch in WATCHES)
    return ("soon" if left <= soon else "fine"), days_left(paper.expires_on, on)[1]


def _masked(paper: Evidence, *, can_show: bool) -> Iterable[Masked]:
    values = (("note", _("Note"), paper.note), ("withdrawn_why", _("Why it is withdrawn"), paper.withdrawn_why))
    for value, label, sealed in values:
        if sealed:
            url = reverse("desk:reveal", args=[paper.child.file_number, f"paper-{value}", paper.pk])
            yield Masked(label, "******", url if can_show else "")


def neutral_name(paper: Evidence) -> str:
    """`paper-12.jpg`: what a browser calls the file; it says nothing of the child."""
    return f"paper-{paper.pk}.{SUFFIXES[paper.media_type]}"
