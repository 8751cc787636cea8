"""What a browser is asked for a passkey (通行密钥问答), and the challenge that its answer has to hold, good once."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hutong.accounts.actions.passkeys import Site

KEY = "passkey_challenge"


def site_of(request: HttpRequest) -> Site:
    """The site as the browser knows it."""
    host = request.get_host()
    return Site(host.rpartition(":")[0] or host, f"{request.scheme}://{host}", str(_("Hutong")))


def asked_in_json(request: HttpRequest, options: str, challenge: bytes) -> HttpResponse:
    """The request to the browser; its challenge waits in the session."""
    request.session[KEY] = challenge.hex()
    return HttpResponse(options, content_type="application/json", headers={"Cache-Control": "no-store"})


def challenge_of(request: HttpRequest) -> bytes | None:
    """The challenge that waits for an answer; there is none for a second one."""
    waiting = request.session.pop(KEY, None)
    return bytes.fromhex(waiting) if waiting else None
