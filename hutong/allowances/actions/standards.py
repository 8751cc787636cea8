"""Setting a standard: proposed by one person with its document, confirmed or refused by another, withdrawn in time."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.allowances.models import Standard, StandardPaper
from hutong.allowances.models.standard import WORDS_AT_MOST, StandardStage
from hutong.allowances.standards import CONFIRM, DECIDE, PROPOSE, SUBJECT, lower_ones, own_places
from hutong.divisions.queries import valid_on
from hutong.kit.cipher import CannotOpen
from hutong.kit.uploads import Paper, RefusedFile, new_file, read_file, read_paper, write_file
from hutong.law.division_code import Level, level_of, prefix_of
from hutong.law.standards import SCHEMES, gives_way
from hutong.law.task_days import due_on
from hutong.registry.intake.problems import PAPER_WORDS

DAY, NAME_AT_MOST, WORDS_AT_LEAST = timedelta(days=1), 200, 4
CONFIRMERS = {Level.COUNTY: "approver", Level.CITY: "region_approver", Level.PROVINCE: "region_approver"}
"""Who is asked to confirm (确认人): the county's approver, above the county the region's."""
PAYERS = ("county_officer", "approver", "payer")
"""Who hears in every county that a standard holds there (告知对象)."""


class DocumentNotTaken(Refused):
    """The file of the document itself is not taken (文件不予接收)."""


def propose_standard(
    *,
    by: Person,
    scheme: str,
    division_code: str,
    from_on: date,
    until_on: date | None,
    amount_fen: int,
    document_number: str,
    document_title: str,
    content: bytes,
    name: str,
    words: str = "",
    on: date,
) -> Standard:
    """Propose a standard (提请标准) of one's own place with the document that sets it; it holds once another confirms.

    Raises NotAllowed and Refused.
    """
    require(by, PROPOSE, code=division_code, on=on)
    if division_code not in own_places(by, on=on):
        raise NotAllowed(PROPOSE)
    _require_sense(scheme, from_on, until_on, amount_fen, document_number, document_title)
    paper = _read(content)
    made = Standard(
        scheme=scheme,
        division_code=division_code,
        from_on=from_on,
        until_on=until_on,
        amount_fen=amount_fen,
        document_number=document_number.strip(),
        document_title=document_title.strip(),
        words=words.strip(),
        proposed_by=by,
        proposed_on=on,
    )
    with new_file() as stored_name, transaction.atomic():
        made.is_lower = any(lower_ones(made))
        _require_words_where_lower(made)
        _save(made)
        _keep(made, paper, stored_name, name, by=by)
        _record("propose_standard", made, by=by, on=on)
        _ask(made, on=on)
    return made


@transaction.atomic
def confirm_standard(*, by: Person, standard: Standard, on: date) -> Standard:
    """Confirm a standard (确认标准) that another proposed: it holds from its first day, and the open one before it ends
    the day before. Raises NotAllowed and Refused."""
    now = _to_decide(standard, by=by, on=on)
    now.is_lower = any(lower_ones(now))
    _require_words_where_lower(now)
    now.stage, now.decided_by, now.decided_on = StandardStage.CONFIRMED, by, on
    for before in Standard.objects.select_for_update().filter(
        stage=StandardStage.CONFIRMED, scheme=now.scheme, division_code=now.division_code
    ):
        if gives_way(before.fact, now.fact):
            before.until_on, before.replaced_by = now.from_on - DAY, now
            before.save(update_fields=["until_on", "replaced_by"])
    _save(now)
    _finish("confirm_standard", now, by=by, on=on)
    _answer("standard_confirmed", now)
    if now.from_on <= on:
        tell_standard(now, on=on)
    return now


@transaction.atomic
def refuse_standard(*, by: Person, standard: Standard, words: str, on: date) -> Standard:
    """Refuse a standard (不同意标准), in words. Raises NotAllowed and Refused."""
    now = _to_decide(standard, by=by, on=on)
    now.stage, now.decided_by, now.decided_on, now.answer_words = StandardStage.REFUSED, by, on, _words(words)
    now.save()
    _finish("refuse_standard", now, by=by, on=on)
    _answer("standard_refused", now)
    return now


@transaction.atomic
def withdraw_standard(*, by: Person, standard: Standard, words: str, on: date) -> Standard:
    """Withdraw a standard (撤回标准), in words: a proposal by whoever may propose there, a confirmed one by whoever may
    confirm there and only before its first day; what it was to replace goes on. Raises NotAllowed and Refused."""
    now = _locked(standard)
    is_waiting = now.stage == StandardStage.PROPOSED
    require(by, PROPOSE if is_waiting else DECIDE, code=now.division_code, on=on)
    if is_waiting and now.division_code not in own_places(by, on=on):
        raise NotAllowed(PROPOSE)
    if not is_waiting and now.stage != StandardStage.CONFIRMED:
        raise Refused(_("This has been decided already. Load the page again."))
    if not is_waiting and now.from_on <= on:
        raise Refused(_("It holds already. Propose another standard that takes its place."))
    now.stage, now.withdrawn_by, now.withdrawn_on, now.withdrawn_why = StandardStage.WITHDRAWN, by, on, _words(words)
    now.save()
    _take_up(now)
    _finish("withdraw_standard", now, by=by, on=on)
    if not is_waiting:
        _answer("standard_withdrawn", now)
    return now


def _take_up(gone: Standard) -> None:
    """What a standard was to replace goes on, until the one that comes next or for good (恢复原标准)."""
    for before in Standard.objects.filter(replaced_by=gone):
        following = Standard.objects.filter(
            stage=StandardStage.CONFIRMED,
            scheme=gone.scheme,
            division_code=gone.division_code,
            from_on__gt=before.from_on,
        )
        before.replaced_by = following.order_by("from_on").first()
        before.until_on = before.replaced_by.from_on - DAY if before.replaced_by else None
        before.save(update_fields=["until_on", "replaced_by"])


@transaction.atomic
def tell_standards(*, on: date) -> int:
    """Tell of the standards whose first day has come (告知生效标准); how many. Each is told of once."""
    begun = Standard.objects.select_for_update().filter(
        stage=StandardStage.CONFIRMED, from_on__lte=on, told_on__isnull=True
    )
    return sum(bool(tell_standard(one, on=on)) for one in begun)


def tell_standard(standard: Standard, *, on: date) -> Standard:
    """Tell of a standard that holds (告知标准): in every county of its place those who prepare what is paid."""
    place = prefix_of(standard.division_code)
    for code in valid_on(on).filter(level=Level.COUNTY, code__startswith=place).values_list("code", flat=True):
        for role in PAYERS:
            _tell("standard_holds", standard, role=role, division_code=code)
    standard.told_on = on
    standard.save(update_fields=["told_on"])
    return standard


def open_document(*, standard: Standard) -> bytes:
    """The document of a standard (标准文件), as it is kept. Raises Refused where the file is lost."""
    try:
        return read_file(standard.paper.stored_name)
    except (CannotOpen, OSError) as error:
        raise Refused(_("The file is damaged or lost. Tell your system administrator.")) from error


def _require_sense(scheme: str, from_on: date, until_on: date | None, amount_fen: int, number: str, title: str) -> None:
    if scheme not in SCHEMES:
        raise Refused(_("Choose what the standard is for."))
    if from_on.day != 1:
        raise Refused(_("A standard begins on the first day of a month."))
    if until_on and ((until_on + DAY).day != 1 or until_on < from_on):
        raise Refused(_("A standard ends on the last day of a month, not before it begins."))
    if amount_fen <= 0:
        raise Refused(_("The amount is more than nothing."))
    if not number.strip() or not title.strip():
        raise Refused(_("Give the number and the title of the document."))


def _require_words_where_lower(standard: Standard) -> None:
    if standard.is_lower and len(standard.words) < WORDS_AT_LEAST:
        raise Refused(
            _("It is lower than the standard of the place above, or than the one before. Say why, and by what right.")
        )


def _read(content: bytes) -> Paper:
    try:
        return read_paper(content)
    except RefusedFile as error:
        raise DocumentNotTaken(PAPER_WORDS[error.code]) from error


def _save(standard: Standard) -> None:
    try:
        with transaction.atomic():
            standard.save()
    except IntegrityError as error:
        if "standard_one_proposed" in str(error):
            raise Refused(_("A standard of this place waits for a second person already.")) from error
        if "standard_one_at_a_time" in str(error):
            raise Refused(_("It overlaps a standard of this place that was confirmed. Compare the days.")) from error
        raise


def _keep(standard: Standard, paper: Paper, stored_name: str, name: str, *, by: Person) -> None:
    StandardPaper.objects.create(
        standard=standard,
        stored_name=stored_name,
        media_type=paper.media_type,
        size_bytes=len(paper.content),
        digest=paper.digest,
        original_name=name[-NAME_AT_MOST:] or None,
        added_by=by,
    )
    write_file(stored_name, paper.content)


def _locked(standard: Standard) -> Standard:
    return Standard.objects.select_for_update().get(pk=standard.pk)


def _to_decide(standard: Standard, *, by: Person, on: date) -> Standard:
    now = _locked(standard)
    require(by, DECIDE, code=now.division_code, on=on)
    if now.stage != StandardStage.PROPOSED:
        raise Refused(_("This has been decided already. Load the page again."))
    if now.proposed_by_id == by.pk:
        raise Refused(_("Another person than the one who proposed it must confirm."))
    return now


def _words(words: str) -> str:
    words = words.strip()
    if not WORDS_AT_LEAST <= len(words) <= WORDS_AT_MOST:
        raise Refused(_("Say why in a few words."))
    return words


def _record(act: str, standard: Standard, *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind=SUBJECT,
        subject_key=str(standard.pk),
        division_code=standard.division_code,
        on=on,
    )


def _finish(act: str, standard: Standard, *, by: Person, on: date) -> None:
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=str(standard.pk), kinds=[CONFIRM], outcome=standard.stage)
    _record(act, standard, by=by, on=on)


def _ask(standard: Standard, *, on: date) -> None:
    open_task(
        kind=CONFIRM,
        subject_kind=SUBJECT,
        subject_key=str(standard.pk),
        division_code=standard.division_code,
        role=CONFIRMERS[level_of(standard.division_code)],
        due_on=due_on(CONFIRM, on=on, jurisdiction=standard.division_code),
        harm=Harm.LOSS,
        values={"on": standard.from_on.isoformat(), "besides": [standard.proposed_by_id]},
    )


def _answer(kind: str, standard: Standard) -> None:
    _tell(kind, standard, recipient=standard.proposed_by)


def _tell(
    kind: str, standard: Standard, *, recipient: Person | None = None, role: str = "", division_code: str = ""
) -> None:
    notify(
        kind=kind,
        subject_kind=SUBJECT,
        subject_key=str(standard.pk),
        recipient=recipient,
        role=role,
        division_code=division_code,
        values={"place": standard.division_code, "on": standard.from_on.isoformat()},
    )
