"""Issuing documents, withdrawing and fetching them. What stands in one is for the room of its matter."""

import hashlib
import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.documents import Office
from hutong.accounts.models import IssuedDocument, Person
from hutong.accounts.permissions import Permission
from hutong.kit.cipher import CannotOpen, keys
from hutong.kit.documents import Document, Issuing, Unprintable, Written, write_document
from hutong.law.documents import CODE_CHARACTERS, KINDS, RANDOM_CHARACTERS, check_code, document_number

NUMBER_LOCK = 1_479_301
WORDS_AT_LEAST, WORDS_AT_MOST = 2, 200


@transaction.atomic
def issue_document(
    *,
    by: Person,
    kind: str,
    subject_kind: str,
    subject_key: str,
    division_code: str,
    office: Office,
    document: Document,
    on: date,
    at: datetime,
    replaces: IssuedDocument | None = None,
) -> IssuedDocument:
    """Issue a document (签发文书) of an office in a matter: it gets the office's next number of the year, a check code,
    and is kept sealed as it is. The one that it `replaces` is withdrawn.

    The verb that calls has asked for the right to decide the matter, and issues as its last step: others of the office
    wait for its number. Raises Refused.
    """
    serial = _next_serial(office, on.year)
    issuing = Issuing(
        office=office.name,
        signed_on=on,
        number=document_number(office.word, on.year, serial),
        check_code=check_code("".join(secrets.choice(CODE_CHARACTERS) for _at in range(RANDOM_CHARACTERS))),
        confirm_url=settings.CONFIRM_URL,
    )
    written = _written(document, issuing)
    if replaces:
        _withdraw(replaces, by=by, words=issuing.number, on=on)
    issued = IssuedDocument.objects.create(
        kind=_known(kind),
        number=issuing.number,
        office=office.name,
        office_code=office.code,
        year=on.year,
        serial=serial,
        check_code=issuing.check_code,
        subject_kind=subject_kind,
        subject_key=subject_key,
        division_code=division_code,
        content=written.content,
        digest=_digest(written.content),
        pages=written.pages,
        issued_on=on,
        issued_at=at,
        issued_by=by,
        replaces=replaces,
    )
    _record("issue_document", issued, by=by, on=on)
    return issued


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise LookupError(kind)
    return kind


def _next_serial(office: Office, year: int) -> int:
    """The next number of an office in a year: who asks next waits until this one is committed, or is gone again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [NUMBER_LOCK, f"{office.code} {year}"])
    issued = IssuedDocument.objects.filter(office_code=office.code, year=year)
    return (issued.aggregate(last=Max("serial"))["last"] or 0) + 1


def _written(document: Document, issuing: Issuing) -> Written:
    try:
        return write_document(document, issuing)
    except Unprintable as error:
        raise Refused(
            _("No font of this system has %(characters)s. Your system administrator adds one that does.")
            % {"characters": "、".join(error.characters)}
        ) from error


def _digest(content: bytes) -> str:
    return keys().digest(["document", hashlib.sha256(content).hexdigest()])


@transaction.atomic
def withdraw_document(*, by: Person, document: IssuedDocument, words: str, on: date) -> IssuedDocument:
    """Withdraw a document (撤回文书) with a reason: it stays, and whoever confirms it learns that it holds no more.

    Raises NotAllowed and Refused.
    """
    require(by, Permission.WITHDRAW_DOCUMENTS, code=document.division_code, on=on)
    if not WORDS_AT_LEAST <= len(words.strip()) <= WORDS_AT_MOST:
        raise Refused(_("Say in a few words why the document is withdrawn."))
    return _withdraw(document, by=by, words=words.strip(), on=on)


def _withdraw(document: IssuedDocument, *, by: Person, words: str, on: date) -> IssuedDocument:
    document = IssuedDocument.objects.select_for_update(of=("self",)).defer("content").get(pk=document.pk)
    if document.withdrawn_on:
        raise Refused(_("This document is withdrawn already."))
    document.withdrawn_on, document.withdrawn_by, document.withdrawn_why = on, by, words
    document.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_why"])
    _record("withdraw_document", document, by=by, on=on)
    return document


@transaction.atomic
def fetch_document(*, by: Person, document: IssuedDocument, on: date) -> bytes:
    """Fetch a document (取出文书) as it left. The verb or view that calls has asked whether they may see the matter.

    Raises Refused where it is damaged.
    """
    _record("fetch_document", document, by=by, on=on)
    try:
        content = document.content.open_bytes()
    except CannotOpen:
        content = b""
    if _digest(content) != document.digest:
        raise Refused(
            _("The file of document %(number)s is damaged or lost. Tell your system administrator.")
            % {"number": document.number}
        )
    return content


def _record(act: str, document: IssuedDocument, *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind=document.subject_kind,
        subject_key=document.subject_key,
        division_code=document.division_code,
        on=on,
        details={"document": document.pk, "kind": document.kind, "number": document.number},
    )
