"""Files that come and go (迁入迁出)."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.desk.change_forms import AnswerForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.titles import reason_title
from hutong.desk.words import age_words, category_title
from hutong.divisions.queries import path_names
from hutong.law.calendar import age_on
from hutong.registry import dossier
from hutong.registry.actions import moving
from hutong.registry.models import Move

PAGE = 50


@dataclass(frozen=True)
class MoveLine:
    """A move in words (迁移行)."""

    move: Move
    origin: str
    target: str
    reason: str
    is_incoming: bool
    waits: bool
    is_mine_to_answer: bool


@only(Permission.CHANGE_CHILDREN)
def index(request: OfficeRequest) -> HttpResponse:
    """The moves (迁移列表): those that wait for my answer, those I wait for, and what was decided."""
    found = dossier.moves(request.user, on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/moves/index.html", {"page": page, "moves": _lines(request, list(page.object_list))})


def _lines(request: OfficeRequest, moves: list[Move]) -> list[MoveLine]:
    names = path_names(code for move in moves for code in (move.from_code, move.to_code))
    return [_line(request, move, names) for move in moves]


def _line(request: OfficeRequest, move: Move, names: dict[str, str]) -> MoveLine:
    waits = move.stage in dossier.WAITING
    mine = waits and move.by_id != request.user.pk and _covers(request, moving.answering_code(move))
    return MoveLine(
        move,
        names[move.from_code],
        names[move.to_code],
        reason_title(move.reason),
        _covers(request, move.to_code),
        waits,
        mine,
    )


def _covers(request: OfficeRequest, code: str) -> bool:
    return may(request.user, Permission.CHANGE_CHILDREN, code=code, on=today())


@only(Permission.CHANGE_CHILDREN)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One move (一次迁移): who, from where, to where, why; to be taken on, given or refused."""
    move = dossier.move_with_number(request.user, number, on=today())
    if move is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, move)
    line = _lines(request, [move])[0]
    child = moving.look_at_move(by=request.user, move=move, on=today()) if line.waits else None
    context = {
        "line": line,
        "move": move,
        "form": AnswerForm(),
        "child": child,
        "age": age_words(age_on(child.birth_date, today())) if child else "",
        "categories": [category_title(held.category) for held in dossier.open_holdings(child)] if child else [],
        "living": path_names([move.living_code]).get(move.living_code, ""),
        "words": move.words.open() if move.words else "",
        "answer": move.answer.open() if move.answer else "",
    }
    return render(request, "desk/moves/show.html", context)


def _answer(request: OfficeRequest, move: Move) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        if "accept" in request.POST:
            moving.accept_move(by=request.user, move=move, on=today())
        else:
            form.is_valid()
            moving.refuse_move(by=request.user, move=move, words=form.cleaned_data.get("words", ""), on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:move_answer", move.pk)
    messages.success(request, _("Done, and recorded."))
    return redirect("desk:moves")
