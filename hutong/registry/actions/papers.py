"""Papers of a child: adding, withdrawing and opening them, and watching that they still count."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused, require
from hutong.accounts.actions.rekeying import Renewed
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Purpose
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import active_purpose
from hutong.kit.cipher import CannotOpen
from hutong.kit.uploads import (
    Attachment,
    Paper,
    RefusedFile,
    file_mark,
    new_file,
    read_file,
    read_paper,
    reseal_file,
    write_file,
)
from hutong.law.papers import PAPERS
from hutong.law.parameters import shipped
from hutong.registry.actions.changes import locked, require_for
from hutong.registry.intake.problems import PAPER_WORDS
from hutong.registry.models import Child, Evidence
from hutong.registry.queries import CHILD_SCOPE, expiring, may_open_secret, papers_of, visible_to

OTHER = "other"
NOTE_AT_MOST, WHY_AT_LEAST, NAME_AT_MOST = 200, 2, 200


class FileNotTaken(Refused):
    """The file itself is not taken (文件不予接收), whatever was said about it."""


@dataclass(frozen=True)
class Watch:
    """A watch over papers that expire (有效期提醒): for whom, and how much hangs on it."""

    task: str
    role: str
    harm: Harm

    def days(self, on: date) -> int:
        """So many days ahead (提前天数)."""
        return shipped().number(f"days_before_{self.task}", on=on)


WATCHES = (
    Watch("paper_expiring", "township_supervisor", Harm.ORDINARY),
    Watch("paper_expires_soon", "county_officer", Harm.LOSS),
)


def add_paper(
    *,
    by: Person,
    child: Child,
    kind: str,
    content: bytes,
    name: str,
    issued_on: date | None,
    expires_on: date | None,
    note: str,
    on: date,
    is_sealed: bool = False,
) -> Evidence:
    """Add a paper (添加材料): its file lies sealed before its row is committed.

    One that only people named for the child may know of (`is_sealed`) is added by one of them, as “other”. Raises
    NotAllowed and Refused.
    """
    require_for(by, Permission.ADD_EVIDENCE, child, on=on)
    if is_sealed and not may_open_secret(by, child, on=on):
        raise NotAllowed(Permission.SEE_SECRET)
    kind = OTHER if is_sealed else kind
    _require_sense(kind, issued_on, expires_on, note.strip(), on=on)
    paper = _read(content)
    with new_file() as stored_name, transaction.atomic():
        child = _locked(child, by=by, on=on)
        _refuse_the_same_again(by, child, paper, on=on)
        evidence = Evidence.objects.create(
            child=child,
            kind=kind,
            is_sealed=is_sealed,
            stored_name=stored_name,
            media_type=paper.media_type,
            size_bytes=len(paper.content),
            digest=paper.digest,
            original_name=name[-NAME_AT_MOST:] or None,
            issued_on=issued_on,
            expires_on=expires_on,
            note=note.strip() or None,
            added_by=by,
        )
        write_file(stored_name, paper.content)
        _changed("add_paper", evidence, by=by, on=on)
    return evidence


def _require_sense(kind: str, issued_on: date | None, expires_on: date | None, note: str, *, on: date) -> None:
    if kind not in PAPERS:
        raise Refused(_("Choose what kind of paper it is."))
    if issued_on and issued_on > on:
        raise Refused(_("The paper cannot be issued after today. Check the date."))
    if issued_on and expires_on and expires_on < issued_on:
        raise Refused(_("The paper cannot expire before it was issued. Check both dates."))
    if len(note) > NOTE_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": NOTE_AT_MOST})


def _read(content: bytes) -> Paper:
    try:
        return read_paper(content)
    except RefusedFile as error:
        raise FileNotTaken(PAPER_WORDS[error.code]) from error


def _locked(child: Child, *, by: Person, on: date) -> Child:
    """The child as it is now, which may have moved since it was looked at."""
    child = locked(child, by=by, on=on)
    require_for(by, Permission.ADD_EVIDENCE, child, on=on)
    return child


def _refuse_the_same_again(by: Person, child: Child, paper: Paper, *, on: date) -> None:
    known = papers_of(child) if may_open_secret(by, child, on=on) else papers_of(child).filter(is_sealed=False)
    same = known.filter(digest=paper.digest, withdrawn_on__isnull=True).first()
    if same:
        day = date_format(timezone.localdate(same.added_at), "DATE_FORMAT")
        raise FileNotTaken(
            _("This very file is here already: paper %(number)s, added on %(day)s.") % {"number": same.pk, "day": day}
        )


@transaction.atomic
def withdraw_paper(*, by: Person, paper: Evidence, why: str, on: date) -> Evidence:
    """Withdraw a paper (撤下材料) with a reason: it stays and counts no more. What somebody else added is withdrawn
    by whoever may change children. Raises NotAllowed and Refused."""
    child = _locked(paper.child, by=by, on=on)
    paper = Evidence.objects.select_for_update().get(pk=paper.pk)
    if paper.added_by_id != by.pk:
        require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    if paper.withdrawn_on:
        raise Refused(_("This paper is withdrawn already."))
    why = why.strip()
    if not WHY_AT_LEAST <= len(why) <= NOTE_AT_MOST:
        raise Refused(_("Say in a few words why the paper is withdrawn."))
    paper.child, paper.withdrawn_on, paper.withdrawn_by, paper.withdrawn_why = child, on, by, why
    paper.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_why"])
    _changed("withdraw_paper", paper, by=by, on=on)
    return paper


def _changed(act: str, paper: Evidence, *, by: Person, on: date) -> None:
    child = paper.child
    child.revision += 1
    child.save(update_fields=["revision"])
    _record(act, child, by=by, on=on, details={"paper": paper.pk})
    watch_papers_of([child], by=by, on=on)


def _record(act: str, child: Child, *, by: Person, on: date, details: dict[str, object]) -> None:
    record(
        by=by,
        act=act,
        subject_kind=CHILD_SCOPE,
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
        details=details,
    )


@transaction.atomic
def open_paper(*, by: Person, paper: Evidence, on: date, at: datetime) -> bytes:
    """Open a paper (打开材料). What one has added oneself the same day opens at once; all else needs the right to
    sensitive fields and a stated purpose. Raises NotAllowed, PurposeNeeded, and Refused where the file is lost."""
    child = _seen(paper.child, by=by, on=on)
    if paper.is_sealed and not may_open_secret(by, child, on=on):
        raise NotAllowed(Permission.SEE_SECRET)
    purpose = None if is_own_of_today(paper, by=by, at=at) else _required_purpose(child, by=by, on=on, at=at)
    try:
        content = read_file(paper.stored_name)
    except (CannotOpen, OSError) as error:
        raise Refused(
            _("The file of paper %(number)s is damaged or lost. Tell your system administrator.") % {"number": paper.pk}
        ) from error
    _record("open_paper", child, by=by, on=on, details={"paper": paper.pk, "purpose": purpose and purpose.pk})
    return content


def is_own_of_today(paper: Evidence, *, by: Person, at: datetime) -> bool:
    """Whether somebody added a paper themselves on the day of a moment (当日本人添加)."""
    return paper.added_by_id == by.pk and timezone.localdate(paper.added_at) == timezone.localdate(at)


def _seen(child: Child, *, by: Person, on: date) -> Child:
    if not visible_to(by, on=on).filter(pk=child.pk).exists():
        raise NotAllowed(Permission.SEE_CHILDREN)
    return child


def _required_purpose(child: Child, *, by: Person, on: date, at: datetime) -> Purpose:
    require_for(by, Permission.SEE_SENSITIVE, child, on=on)
    purpose = active_purpose(by, CHILD_SCOPE, child.file_number, at=at)
    if purpose is None:
        raise PurposeNeeded
    return purpose


@transaction.atomic
def watch_papers(*, on: date) -> None:
    """Watch the papers (核对材料有效期): each child has one open task for what expires, and one for what does soon."""
    _watch(on=on)


def watch_papers_of(children: Iterable[Child], *, by: Person, on: date) -> None:
    """Watch the papers of some children (核对有效期): their files have been written to, joined or parted."""
    _watch(on=on, by=by, among=[child.file_number for child in children])


def _watch(*, on: date, by: Person | None = None, among: Collection[str] | None = None) -> None:
    for watch in WATCHES:
        keep_tasks(
            kind=watch.task,
            subject_kind=CHILD_SCOPE,
            role=watch.role,
            harm=watch.harm,
            wanted=_wanted(watch, on=on, among=among),
            outcome="renewed",
            by=by,
            among=among,
        )


def _wanted(watch: Watch, *, on: date, among: Collection[str] | None) -> list[Wanted]:
    papers = expiring(on=on, within_days=watch.days(on))
    if among is not None:
        papers = papers.filter(file_number__in=among)
    rows = papers.order_by().values_list("file_number", "place")
    return [
        Wanted(key, code, first, {"count": count, "on": first.isoformat()})
        for key, code, count, first in rows.annotate(Count("pk"), Min("expires_on"))
    ]


@dataclass(frozen=True)
class Resealed:
    """How far the re-sealing of files is (重新加密进度): looked at, sealed anew, lost, and the last paper looked at."""

    seen: int
    renewed: int
    lost: tuple[int, ...]
    after: int


def reseal_files(*, table: type[Attachment] = Evidence, after: int = 0, limit: int = 200) -> Resealed:
    """Re-seal files (重新加密文件) of the papers behind `after`, those that are not under the key in force.

    Each file is replaced whole, so that it can be killed anywhere and begun again. `seen` is 0 at the end; `lost` are
    papers whose file is not there or does not open. Who calls it answers for permission and trail.
    """
    named = table._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", "stored_name")
    papers, renewed, lost = list(named[:limit]), 0, []
    for number, name in papers:
        try:
            renewed += reseal_file(name)
        except (CannotOpen, OSError):
            lost.append(number)
    return Resealed(len(papers), renewed, tuple(lost), papers[-1][0] if papers else after)


def reseal_all_files(table: type[Attachment] = Evidence) -> Renewed:
    """Re-seal every file of a table (重新加密全部文件): how many, and how many are lost."""
    done, step = Renewed(), reseal_files(table=table)
    while step.seen:
        done += Renewed(step.renewed, len(step.lost))
        step = reseal_files(table=table, after=step.after)
    return done


def files_by_key(table: type[Attachment] = Evidence) -> Counter[bytes]:
    """How many files stand under which key (文件密钥使用情况), by their first two bytes; none for a lost one."""
    names = table._default_manager.order_by().values_list("stored_name", flat=True).iterator()
    return Counter(mark for name in names if (mark := file_mark(name)))
