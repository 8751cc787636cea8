"""How good the answers are (质量): by band of score, each figure with its list; and the second look itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.pair_forms import SecondLookForm
from hutong.desk.pair_lines import compare_lines, sorted_out
from hutong.desk.pair_words import BANDS
from hutong.registry import quality
from hutong.registry.actions.comparing import look_at_pair
from hutong.registry.actions.sampling import ONE_IN, look_again, require_another
from hutong.registry.quality import BandQuality, Share


@dataclass(frozen=True)
class Cell:
    """A figure that opens its list (可打开的数字); `title` is the head of its column."""

    title: str
    value: str
    note: str
    href: str


@dataclass(frozen=True)
class BandLine:
    """One band in figures (分段行)."""

    title: str
    cells: list[Cell]


@only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES)
def show(request: OfficeRequest) -> HttpResponse:
    """The quality of the answers (判定质量), over the pairs of one's place."""
    bands = quality.by_band(request.user, on=today())
    total = quality.over_all(bands)
    context = {"bands": list(_lines(bands)), "total": _line(total), "one_in": ONE_IN}
    return render(request, "desk/pairs/quality.html", context)


def _lines(bands: Iterable[BandQuality]) -> Iterable[BandLine]:
    return map(_line, bands)


def _line(one: BandQuality) -> BandLine:
    title = str(BANDS[one.band]) if one.band else _("Together")
    differ = one.agreement.whole - one.agreement.part
    cells = [
        _figure(_("Answered"), one.answered, one.band, state="answered"),
        _figure(_("One child"), one.same, one.band, state="same"),
        _figure(_("Looked at a second time"), one.precision.whole, one.band, state="all", checked="any"),
        _share(_("One child by the second look"), one.precision, one.band, state="all", checked="same"),
        _share(_("Both agree"), one.agreement, one.band, state="all", checked="any"),
        _figure(_("Differ"), differ, one.band, state="all", checked="differs"),
    ]
    return BandLine(title, cells)


def _figure(title: str, value: int, band: str, **filters: str) -> Cell:
    return Cell(title, str(value), "", _href(band, filters))


def _share(title: str, share: Share, band: str, **filters: str) -> Cell:
    if share.value is None or share.interval is None:
        return Cell(title, "—", "", "")
    low, high = share.interval
    note = _("%(part)s of %(whole)s; %(low)s to %(high)s") % {
        "part": share.part,
        "whole": share.whole,
        "low": _percent(low),
        "high": _percent(high),
    }
    return Cell(title, _percent(share.value), note, _href(band, filters))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _href(band: str, filters: dict[str, str]) -> str:
    query = {name: value for name, value in {"band": band, **filters}.items() if value}
    return f"{reverse('desk:pairs')}?{urlencode(query)}"


@only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES)
def second_look(request: OfficeRequest, number: int) -> HttpResponse:
    """The second look (盲复核): both files side by side; neither score nor answer is told."""
    pair = quality.pair_to_look_at(request.user, number, on=today())
    if pair is None:
        raise Http404
    if pair.second_look.answer:
        messages.info(request, _("Somebody has looked at this pair a second time already."))
        return redirect("desk:pairs")
    form = SecondLookForm(request.POST if request.method == "POST" else None)
    try:
        require_another(request.user, pair, on=today())
        if form.is_valid():
            said = {"answer": form.cleaned_data["answer"], "reason": form.cleaned_data["reason"]}
            look_again(by=request.user, look=pair.second_look, on=today(), **said)
            messages.success(request, _("Kept. Thank you for looking again."))
            return redirect("desk:pairs")
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:pairs")
    look_at_pair(by=request.user, pair=pair, on=today())
    context = sorted_out(compare_lines(request.user, pair.first, pair.second)) | {"pair": pair, "form": form}
    return render(request, "desk/pairs/second_look.html", context, status=422 if form.errors else 200)
