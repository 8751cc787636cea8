"""The register of fields, for whoever asks what is kept and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from hutong.desk.forms import FieldsForm
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.words import FIELD_CLASSES, NOUNS_ABOUT, speaks_chinese
from hutong.law.fields import Citation, FieldClass, Group, Noun, Retention, nouns

TONES = {FieldClass.ORDINARY: "plain", FieldClass.SENSITIVE: "soon", FieldClass.SECRET: "late"}


@dataclass(frozen=True)
class GroupLine:
    """Columns of one purpose, in the reader's language (字段行)."""

    purpose: str
    names: str
    tone: str
    field_class: str
    basis: str
    basis_is_provisional: bool
    retention: str
    retention_is_provisional: bool


@dataclass(frozen=True)
class NounCard:
    """A noun with its columns (登记对象卡片)."""

    title: str
    about: str
    lines: list[GroupLine]


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """The register of fields (字段登记) of one room, by noun; it holds no data of anybody."""
    form = FieldsForm(request.GET or None)
    room, field_class = form.chosen
    cards = list(_cards(room, field_class))
    return render(
        request,
        "desk/fields/index.html",
        {"form": form, "cards": cards, "total": sum(len(card.lines) for card in cards)},
    )


def _cards(room: str, field_class: str) -> Iterator[NounCard]:
    for noun in nouns():
        lines = [_line(group) for group in noun.groups if field_class in ("", group.field_class)]
        if noun.room == room and lines:
            yield NounCard(_title(noun), str(NOUNS_ABOUT[noun.about]), lines)


def _title(noun: Noun) -> str:
    return noun.title_zh if speaks_chinese() else noun.title_en


def _line(group: Group) -> GroupLine:
    return GroupLine(
        group.purpose_zh if speaks_chinese() else group.purpose_en,
        " ".join(group.names) if group.names != ("*",) else "",
        TONES[group.field_class],
        str(FIELD_CLASSES[group.field_class]),
        _said(group.basis),
        group.basis.provisional,
        _said(group.retention),
        group.retention.provisional,
    )


def _said(listed: Citation | Retention) -> str:
    return listed.zh if speaks_chinese() else listed.en
