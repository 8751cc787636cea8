"""Working days: which notices of holidays are loaded, and loading the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.desk.change_forms import date_field
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.law_words import place_title
from hutong.desk.words import speaks_chinese
from hutong.governance.actions.notices import Pasted, ReadNotice, load_notice, read_notice
from hutong.governance.calendars import calendar_in_force
from hutong.governance.models.holiday_notice import FIRST_YEAR, LAST_YEAR, NUMBER_AT_MOST, TEXT_AT_MOST
from hutong.law.holidays import Notice

NATIONAL, LOAD, ONE_DAY = "00", "load", timedelta(days=1)


class NoticeForm(forms.Form):
    """A notice of holidays as somebody pastes it (节假日通知)."""

    place = forms.ChoiceField(label=_lazy("Whose notice"), choices=())
    year = forms.IntegerField(label=_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    number = forms.CharField(label=_lazy("Number of the notice"), max_length=NUMBER_AT_MOST)
    issued_on = date_field(_lazy("Issued on"))
    text = forms.CharField(
        label=_lazy("Words of the notice"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_lazy("Paste them as they are published: “一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。…”"),
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        places = (NATIONAL, settings.PROVINCE)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (code, place_title(code.removeprefix(NATIONAL))) for code in places
        ]

    @property
    def pasted(self) -> Pasted:
        """What was pasted, once it is valid."""
        said = dict(self.cleaned_data)
        return Pasted(prefix=str(said.pop("place")).removeprefix(NATIONAL), **said)


@dataclass(frozen=True)
class Festival:
    """One festival's days off (放假行)."""

    name: str
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until_on - self.from_on).days + 1


@dataclass(frozen=True)
class NoticeCard:
    """A notice in words (通知卡片)."""

    notice: Notice
    title: str
    place: str
    festivals: list[Festival]
    workdays: list[date]

    @property
    def heading(self) -> str:
        """`2026 · 全国`."""
        return f"{self.notice.year} · {self.place}"

    @property
    def days_off(self) -> int:
        """How many days are off."""
        return len(self.notice.holidays)


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Working days and holidays (工作日与节假日): the notices by which deadlines are counted."""
    calendar, year = calendar_in_force(), today().year
    context = {
        "cards": [_card(notice) for notice in calendar.notices],
        "missing": [one for one in (year, year + 1) if not calendar.is_published(one)],
        "may_load": Permission.LOAD_HOLIDAYS in permissions_of(request.user, on=today()),
    }
    return render(request, "desk/holidays/index.html", context)


@only(Permission.LOAD_HOLIDAYS)
def load(request: OfficeRequest) -> HttpResponse:
    """Load a notice (载入通知): what was read out of it is looked at first."""
    if request.method != "POST":
        years = [notice.year for notice in calendar_in_force().notices if not notice.prefix]
        return _page(request, NoticeForm(initial={"year": max(years) + 1}))
    form = NoticeForm(request.POST)
    try:
        found = read_notice(form.pasted) if form.is_valid() else None
        if found and LOAD in request.POST:
            kept = load_notice(by=request.user, pasted=form.pasted, on=today(), at=timezone.now())
            messages.success(request, _("Loaded. Deadlines in %(year)s are counted by it.") % {"year": kept.year})
            return redirect("desk:holidays")
    except Refused as refused:
        form.add_error("text", str(refused.reason))
        found = None
    return _page(request, form, found)


def _page(request: OfficeRequest, form: NoticeForm, found: ReadNotice | None = None) -> HttpResponse:
    context = {"form": form, "found": found, "card": _card(found.notice) if found else None}
    return render(request, "desk/holidays/load.html", context, status=422 if form.errors else 200)


def _card(notice: Notice) -> NoticeCard:
    cited = [one.title_zh if speaks_chinese() else one.title_en for one in notice.citations]
    numbers = [one.number for one in notice.citations if one.number]
    title = "、".join([*cited, *numbers])
    return NoticeCard(notice, title, place_title(notice.prefix), list(_festivals(notice)), sorted(notice.workdays))


def _festivals(notice: Notice) -> Iterator[Festival]:
    """Days in a row of one name are one festival."""
    days = sorted(notice.holidays.items())
    while days:
        first, name = days[0]
        length = next((at for at, one in enumerate(days) if one != (first + ONE_DAY * at, name)), len(days))
        yield Festival(name, first, days[length - 1][0])
        days = days[length:]
