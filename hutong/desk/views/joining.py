"""Undoing a merge by page (撤销合并): what stays where is shown first, and again afterwards."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import open_tasks_about
from hutong.desk.file_lines import ChangeLine, holding_lines
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.pair_forms import UndoForm
from hutong.desk.titles import pair_title, undoing_title
from hutong.desk.views.file import Seen, looked_or_404
from hutong.law.papers import PAPERS
from hutong.registry import dossier
from hutong.registry.actions.merging import Undone, look_through, undo_merge
from hutong.registry.merges import Meanwhile, meanwhile, open_merge
from hutong.registry.models import Change, Merge
from hutong.registry.queries import may_open_secret, visible_to


@only(Permission.CLOSE_CHILDREN, Permission.CONFIRM_CHANGES)
def undo(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Undo (撤销合并): what was entered meanwhile is listed; it stays with the file that leads."""
    seen = looked_or_404(request, file_number)
    merge = open_merge(seen.child)
    if merge is None or not seen.can_undo:
        raise Http404
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            undone = undo_merge(by=request.user, merge=merge, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _undone_words(undone))
            return redirect("desk:undone_merge", file_number, undone.merge.pk)
    context = {"merge": merge, "form": form} | _meanwhile(seen, meanwhile(merge))
    return render(request, "desk/pairs/undo.html", context, status=422 if form.errors else 200)


def _undone_words(undone: Undone) -> str:
    """What was restored, and what stays."""
    found, joined = undone.meanwhile, undone.merge.joined.file_number
    said = {"joined": joined, "leading": found.leading.file_number, "ended": len(found.ended), "stays": found.stays}
    words = [_("Undone: files %(joined)s and %(leading)s each lead again, with what each held before.") % said]
    if found.ended:
        words.append(_("Categories that go on again: %(ended)s.") % said)
    if found.stays:
        words.append(_("Entries made meanwhile stay with file %(leading)s: %(stays)s.") % said)
    return " ".join(words)


@only(Permission.CLOSE_CHILDREN, Permission.CONFIRM_CHANGES)
def undone(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """What an undone merge has left (撤销结果): who decides looks through what was entered while it held."""
    seen = looked_or_404(request, file_number)
    merge = dossier.merges_of(seen.child).filter(pk=number, undone_at__isnull=False).first()
    if merge is None or not seen.can_undo:
        raise Http404
    found = meanwhile(merge)
    if request.method == "POST":
        return _looked_through(request, file_number, merge)
    waits = open_tasks_about(request.user, "child", found.leading.file_number, on=today()).filter(kind="sort_facts")
    context = {"merge": merge, "reason": undoing_title(merge.undone_reason), "waits": waits.exists()}
    return render(request, "desk/pairs/undone.html", context | _meanwhile(seen, found))


def _looked_through(request: OfficeRequest, file_number: str, merge: Merge) -> HttpResponse:
    try:
        look_through(by=request.user, merge=merge, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Done, and recorded."))
    return redirect("desk:undone_merge", file_number, merge.pk)


def _meanwhile(seen: Seen, found: Meanwhile) -> dict[str, object]:
    leading = found.leading
    sees = visible_to(seen.user, on=today()).filter(pk=leading.pk).exists()
    papers = found.papers if sees and seen.is_sensitive else []
    return {
        "child": seen.child,
        "leading": leading,
        "changes": [ChangeLine.of(change, leading) for change in _tellable(seen, found)] if sees else [],
        "papers": [(paper, pair_title(PAPERS[paper.kind])) for paper in papers],
        "answers": len(found.answers),
        "ended": holding_lines(seen.child, found.ended, can_change=False),
        "stays": found.stays,
    }


def _tellable(seen: Seen, found: Meanwhile) -> Iterable[Change]:
    """The changes of which this person may know what they say."""
    sealed = may_open_secret(seen.user, found.leading, on=today())
    shown = dossier.changes(found.leading, sensitive=seen.is_sensitive, sealed=sealed)
    known = set(shown.values_list("pk", flat=True))
    return [change for change in found.changes if change.pk in known]
