"""An application that another township receives (异地受理): begun there, passed on by accepting it, told there."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.allowances.actions.applying import Applicant, draft, last_day_of_review
from hutong.allowances.actions.issuing import issue_reply
from hutong.allowances.actions.stepping import Taken, locked, require_words, take
from hutong.allowances.models import Application
from hutong.allowances.models.application import State, Step
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.receiving import close_received, open_received, register_received


@transaction.atomic
def receive_application(*, by: Person, text: str, category: str, applicant: Applicant, on: date) -> Application:
    """Receive an application for a child of another place (异地受理), found by exact words; a draft there.

    Whoever accepts applications in the township of `by` sees the file until the family has been told. Raises NotAllowed
    and Refused.
    """
    child, place = open_received(by=by, text=text, on=on)
    child = locked_child(child.leading, by=by, on=on)
    return draft(by=by, child=child, category=category, applicant=applicant, on=on, received_at=place)


@transaction.atomic
def receive_unregistered(
    *,
    by: Person,
    values: Mapping[str, str],
    home: str,
    category: str,
    applicant: Applicant,
    is_another: bool = False,
    on: date,
) -> Application:
    """Receive an application for a child whom no place holds yet (异地受理未建档儿童): registered for its home place.

    Nobody is registered for another place but with an application. Raises as `register_received`.
    """
    child, place = register_received(by=by, values=values, home=home, is_another=is_another, on=on)
    child = locked_child(child.leading, by=by, on=on)
    return draft(by=by, child=child, category=category, applicant=applicant, on=on, received_at=place)


def _last_day(application: Application, *, on: date) -> date:
    """How long the township sees the file: of a refusal as long as a review may be asked for."""
    return max(on, last_day_of_review(application)) if application.state == State.REFUSED else on


@transaction.atomic
def tell_family(*, by: Person, application: Application, words: str = "", on: date) -> Application:
    """Tell the family what was decided (告知结果), where it applied; the file is closed to the township again.

    Of one that an office of another province sent, that office is told by letter (复函). Raises NotAllowed and Refused.
    """
    application = locked(application, by=by, step=Step.TELL, on=on)
    if not application.is_to_tell:
        raise Refused(_("There is nothing to tell: the family applied at home, or knows already."))
    application.told_on = on
    application = take(application, Taken(Step.TELL, words=require_words(words, wanted=False)), by=by, on=on)
    if application.sent_by:
        issue_reply(application, by=by, on=on)
    else:
        close_received(application.file, on=on, until_on=_last_day(application, on=on))
    return application
