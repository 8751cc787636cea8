"""Recoding divisions: a place gets another code or another name from a day on, and history keeps the old one."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record, record_many
from hutong.accounts.models import Person, Posting
from hutong.accounts.permissions import Permission
from hutong.divisions.models import Division, Succession
from hutong.divisions.queries import forget_names, valid_on
from hutong.kit.names import spelled
from hutong.law.division_code import Level, ancestors, full, is_code, level_of, prefix_of

DAY = timedelta(days=1)
DEEPEST_FIRST = list(reversed(Level))
NAME_MAX = Division._meta.get_field("name").max_length or 0
DOCUMENT_MAX = Succession._meta.get_field("document").max_length or 0


@dataclass(frozen=True)
class Recode:
    """Recode (区划代码变更): from `effective_on` on the place `from_code` has `to_code` and `name`.

    The same code twice is a new name; an empty name keeps the old one; a code that stands already takes the place in.
    """

    from_code: str
    to_code: str
    name: str
    effective_on: date
    document: str


class RefusedRecodes(Refused):
    """Recodes that cannot be (变更有误): the sentence for each, by its position; nothing was written."""

    def __init__(self, problems: Mapping[int, str | Promise]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(map(str, self.problems.values())))


def recode_division(
    *, by: Person, from_code: str, to_code: str, name: str = "", effective_on: date, document: str, on: date
) -> int:
    """Recode a division (区划代码变更) with all that lies in it; how many codes changed.

    Postings go along. Children and their tasks follow by the registry's own verb. Raises NotAllowed, Refused.
    """
    return recode_divisions(by=by, recodes=[Recode(from_code, to_code, name, effective_on, document)], on=on)


@transaction.atomic
def recode_divisions(*, by: Person, recodes: Sequence[Recode], on: date) -> int:
    """Recode many divisions (批量变更区划代码), all or none; how many codes changed.

    Villages are recoded before the townships they lie in, so that a place named by itself does not go along with the
    one above it. Raises NotAllowed, and RefusedRecodes with a sentence for each that cannot be.
    """
    require(by, Permission.MANAGE_DIVISIONS, code=full(settings.PROVINCE), on=on)
    problems, changed = _crossing(recodes) | _malformed(recodes), 0
    for at in _deepest_first(recodes, without=problems):
        try:
            with transaction.atomic():
                changed += _recode(recodes[at], by=by, on=on)
        except Refused as refused:
            problems[at] = refused.reason
    problems |= _orphaned(recodes, without=problems)
    if problems:
        raise RefusedRecodes(dict(sorted(problems.items())))
    return changed


def _malformed(recodes: Sequence[Recode]) -> dict[int, str | Promise]:
    faults = ((at, _fault(recode)) for at, recode in enumerate(recodes))
    return {at: fault for at, fault in faults if fault}


def _fault(recode: Recode) -> str | Promise:
    if not (is_code(recode.from_code) and is_code(recode.to_code)):
        return _("A division code has 12 digits.")
    if level_of(recode.from_code) != level_of(recode.to_code):
        return _("Old and new code are not of the same level.")
    if level_of(recode.from_code) == Level.PROVINCE:
        return _("A province keeps its code.")
    if not recode.document.strip():
        return _("Name the document that ordered the change.")
    if len(recode.document) > DOCUMENT_MAX or len(recode.name) > NAME_MAX:
        return _("Name or document is too long.")
    return ""


def _deepest_first(recodes: Sequence[Recode], *, without: Mapping[int, object]) -> list[int]:
    left = [at for at, recode in enumerate(recodes) if at not in without]
    return sorted(left, key=lambda at: DEEPEST_FIRST.index(level_of(recodes[at].from_code)))


def _crossing(recodes: Sequence[Recode]) -> dict[int, str | Promise]:
    """Codes that one recode gives and another takes on the same day: whose history is whose could not be told."""
    left = {(recode.from_code, recode.effective_on) for recode in recodes if recode.from_code != recode.to_code}
    return {
        at: _("The code %(code)s is given up and taken on the same day. Enter one of the two a day later.")
        % {"code": recode.to_code}
        for at, recode in enumerate(recodes)
        if recode.from_code != recode.to_code and (recode.to_code, recode.effective_on) in left
    }


def _orphaned(recodes: Sequence[Recode], *, without: Mapping[int, object]) -> dict[int, str | Promise]:
    """Codes that lie in nothing, once all is done."""
    return {
        at: _("The place above %(code)s does not stand on this day.") % {"code": recode.to_code}
        for at, recode in enumerate(recodes)
        if at not in without and not _lies_in_something(recode)
    }


def _lies_in_something(recode: Recode) -> bool:
    return valid_on(recode.effective_on).filter(code=ancestors(recode.to_code)[-1]).exists()


def _recode(recode: Recode, *, by: Person, on: date) -> int:
    old = _place_to_end(recode)
    new = _place_to_stand(recode, old)
    below = _below(recode) if recode.from_code != recode.to_code else []
    ended = [place for place in (old, *below) if place.valid_until is None or place.valid_until >= recode.effective_on]
    begun = [_moved(place, recode) for place in below] + ([new] if new.pk is None else [])
    Division.objects.filter(pk__in=[place.pk for place in ended]).update(valid_until=recode.effective_on - DAY)
    Division.objects.bulk_create(begun, batch_size=1000)
    forget_names()
    if recode.from_code != recode.to_code:
        Succession.objects.bulk_create([_succession(place, recode) for place in (old, *below)], batch_size=1000)
        _take_postings_along(recode, by=by, on=on)
    _record(recode, len(below), by=by, on=on)
    return 1 + len(below)


def _place_to_end(recode: Recode) -> Division:
    """The division that is recoded, locked. A code that was split on this very day may be split further."""
    rows = list(Division.objects.select_for_update().filter(code=recode.from_code).order_by("id"))
    if not rows:
        raise Refused(_("There is no division %(code)s.") % {"code": recode.from_code})
    standing = [row for row in rows if row.valid_until is None]
    if standing:
        if standing[0].valid_from and standing[0].valid_from >= recode.effective_on:
            raise Refused(_("%(code)s begins on this day or later.") % {"code": recode.from_code})
        return standing[0]
    last = max(rows, key=lambda row: row.valid_until or date.min)
    split = Succession.objects.filter(from_code=recode.from_code, on=recode.effective_on).exclude(
        to_code=recode.to_code
    )
    if last.valid_until != recode.effective_on - DAY or not split.exists():
        raise Refused(
            _("%(code)s has been withdrawn already, on %(on)s.") % {"code": last.code, "on": last.valid_until}
        )
    return last


def _place_to_stand(recode: Recode, old: Division) -> Division:
    """The division that stands from the day on: a new row, or the one that takes the old one in."""
    name = recode.name.strip() or old.name
    if recode.from_code == recode.to_code:
        if name == old.name:
            raise Refused(_("Neither code nor name changes."))
        return _fresh(old, recode, name)
    known = Division.objects.filter(code=recode.to_code)
    standing = valid_on(recode.effective_on).filter(code=recode.to_code, valid_until=None).first()
    if standing is None and known.exists():
        raise Refused(
            _("The code %(code)s has been another place's. A code is never given twice.") % {"code": recode.to_code}
        )
    if standing and recode.name.strip() not in ("", standing.name):
        raise Refused(
            _("%(code)s stands already and is called %(name)s.") % {"code": recode.to_code, "name": standing.name}
        )
    return standing or _fresh(old, recode, name)


def _fresh(old: Division, recode: Recode, name: str) -> Division:
    new = _moved(old, recode)
    syllables = spelled(name)
    new.name, new.pinyin = name, "".join(syllables)[:200]
    new.initials = "".join(syllable[0] for syllable in syllables)[:60]
    return new


def _moved(place: Division, recode: Recode) -> Division:
    """A place as it stands from the day on: its code begins as the new one does."""
    new = copy(place)
    new.pk, new.code = None, _renewed(place.code, recode)
    new.valid_from, new.source = recode.effective_on, recode.document
    new.valid_until = place.valid_until if place.code != recode.from_code else None
    return new


def _renewed(code: str, recode: Recode) -> str:
    """A code or prefix of the old place as it is in the new one."""
    before = prefix_of(recode.from_code)
    return prefix_of(recode.to_code) + code[len(before) :] if code.startswith(before) else code


def _below(recode: Recode) -> list[Division]:
    """What lies in the old place on the day and goes along. Raises Refused where a code would be given twice."""
    inside = Division.objects.select_for_update().filter(code__startswith=prefix_of(recode.from_code))
    places = list(inside.exclude(code=recode.from_code).exclude(valid_until__lt=recode.effective_on))
    if any(place.valid_from and place.valid_from >= recode.effective_on for place in places):
        raise Refused(_("A place in %(code)s begins on this day or later.") % {"code": recode.from_code})
    taken = Division.objects.filter(code__in=[_renewed(place.code, recode) for place in places]).first()
    if taken:
        raise Refused(
            _("%(code)s exists already. Give the places that lie below a line of their own.") % {"code": taken.code}
        )
    return places


def _succession(place: Division, recode: Recode) -> Succession:
    return Succession(
        from_code=place.code,
        to_code=_renewed(place.code, recode),
        on=recode.effective_on,
        document=recode.document,
        along=place.code != recode.from_code,
    )


def _take_postings_along(recode: Recode, *, by: Person, on: date) -> None:
    """Postings to the old place go on under the new code; those that only begin later are changed as they stand."""
    named = RawSQL(
        """SELECT id FROM accounts_posting
            WHERE EXISTS (SELECT 1 FROM unnest(prefixes || exclusions) AS said(prefix)
                           WHERE starts_with(said.prefix, %s))""",
        [prefix_of(recode.from_code)],
    )
    held = Posting.objects.select_for_update().filter(pk__in=named).exclude(until_on__lt=recode.effective_on)
    later = [_reposted(posting, recode) for posting in held if posting.from_on >= recode.effective_on]
    ended = [posting for posting in held if posting.from_on < recode.effective_on]
    begun = [_reposted(copy(posting), recode) for posting in ended]
    for posting in begun:
        posting.pk, posting.from_on = None, recode.effective_on
    Posting.objects.bulk_update(later, ["prefixes", "exclusions"])
    Posting.objects.filter(pk__in=[posting.pk for posting in ended]).update(until_on=recode.effective_on - DAY)
    made = Posting.objects.bulk_create(begun)
    _record_postings([*later, *made], by=by, on=on)


def _reposted(posting: Posting, recode: Recode) -> Posting:
    posting.prefixes = list(dict.fromkeys(_renewed(prefix, recode) for prefix in posting.prefixes))
    posting.exclusions = list(dict.fromkeys(_renewed(prefix, recode) for prefix in posting.exclusions))
    return posting


def _record_postings(postings: list[Posting], *, by: Person, on: date) -> None:
    subjects = [(str(posting.pk), full(posting.prefixes[0])) for posting in postings]
    record_many(by=by, act="recode_posting", subject_kind="posting", subjects=subjects, on=on)


def _record(recode: Recode, below: int, *, by: Person, on: date) -> None:
    record(
        by=by,
        act="recode_division" if recode.from_code != recode.to_code else "rename_division",
        subject_kind="division",
        subject_key=recode.from_code,
        division_code=recode.to_code,
        on=on,
        details={"to": recode.to_code, "effective_on": recode.effective_on.isoformat(), "below": below},
    )
