"""Passkeys: made in and used from somebody's own computer, phone or stick, which asks who they are."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hutong.accounts.actions.attempts import count_attempt, fail, is_closed
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.sessions import end_sign_ins
from hutong.accounts.actions.trail import record
from hutong.accounts.backend import OfficeBackend
from hutong.accounts.models import Authenticator, Ending, Passkey, Person, SignIn
from hutong.kit.cipher import keys

MOST = 5
MALFORMED = (WebAuthnException, ValueError, RecursionError)


@dataclass(frozen=True)
class Site:
    """The site that a passkey is for (站点): its host name, its origin with the scheme, and its name for people."""

    host: str
    origin: str
    name: str


def ask_to_make(*, by: Person, site: Site) -> tuple[str, bytes]:
    """What the browser is asked for a new passkey (登记请求), as JSON, and the challenge to be answered."""
    held = Passkey.objects.filter(person=by).values_list("credential_id", flat=True)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=bytes.fromhex(keys().digest(("passkey", str(by.pk)))),
        user_name=by.username,
        user_display_name=by.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one)) for one in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options), options.challenge


def ask_to_use(*, site: Site) -> tuple[str, bytes]:
    """What the browser is asked to sign in (登录请求), as JSON, and the challenge to be answered. It names nobody."""
    options = generate_authentication_options(rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED)
    return options_to_json(options), options.challenge


@transaction.atomic
def add_passkey(
    *,
    by: Person,
    answer: str,
    challenge: bytes,
    site: Site,
    name: str,
    kept: SignIn | None = None,
    at: datetime,
    on: date,
) -> Passkey:
    """Add a passkey (登记通行密钥); all sign-ins but `kept` end. Raises Refused."""
    Person.objects.select_for_update().get(pk=by.pk)
    if Passkey.objects.filter(person=by).count() >= MOST:
        raise Refused(_("Five passkeys are the most. Remove one first."))
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise Refused(_("The device did not answer as it should. Try once more.")) from error
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise Refused(_("This passkey is registered already."))
    passkey = Passkey.objects.create(
        person=by,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name[:40],
    )
    end_sign_ins(by, Ending.CHANGED, at=at, besides=kept)
    record(by=by, act="add_passkey", subject_kind="person", subject_key=str(by.pk), on=on)
    return passkey


@transaction.atomic
def remove_passkey(*, by: Person, number: int, kept: SignIn | None = None, at: datetime, on: date) -> None:
    """Remove a passkey (删除通行密钥) of one's own, where another factor is left; all sign-ins but `kept` end.

    Raises Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    others = Passkey.objects.filter(person=by).exclude(pk=number).exists()
    if not others and not Authenticator.objects.filter(person=by, confirmed_at__isnull=False).exists():
        raise Refused(_("A second factor has to be left. Set up an app first."))
    Passkey.objects.filter(person=by, pk=number).delete()
    end_sign_ins(by, Ending.CHANGED, at=at, besides=kept)
    record(by=by, act="remove_passkey", subject_kind="person", subject_key=str(by.pk), on=on)


def use_passkey(*, answer: str, challenge: bytes, site: Site, source: str, at: datetime, on: date) -> Person | None:
    """Use a passkey (使用通行密钥): whose it is, or None, whatever was wrong."""
    attempt = count_attempt(f"passkey from {source}", None, source, at=at, on=on)
    was_closed = is_closed(attempt, at=at, on=on)
    person = None if was_closed else _owner(answer, challenge, site, at=at)
    if person is None:
        fail(attempt, was_closed=was_closed, at=at, on=on)
        return None
    attempt.delete()
    return person


@transaction.atomic
def _owner(answer: str, challenge: bytes, site: Site, *, at: datetime) -> Person | None:
    try:
        said = parse_authentication_credential_json(answer)
        held = Passkey.objects.select_for_update(of=("self",)).select_related("person")
        passkey = held.filter(credential_id=base64url_to_bytes(said.id)).first()
        if passkey is None or not OfficeBackend().user_can_authenticate(passkey.person):
            return None
        used = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except MALFORMED:
        return None
    passkey.sign_count, passkey.used_at = used.new_sign_count, at
    passkey.save(update_fields=["sign_count", "used_at"])
    owner: Person = passkey.person
    return owner
