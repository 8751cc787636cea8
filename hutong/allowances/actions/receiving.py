"""An application that another township receives (异地受理): begun there, passed on by accepting it, told there."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.allowances.actions.applying import Applicant, draft, last_day_of_review
from hutong.allowances.actions.stepping import Taken, locked, require_words, take
from hutong.allowances.models import Application
from hutong.allowances.models.application import State, Step
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.receiving import close_received, open_received


@transaction.atomic
def receive_application(*, by: Person, text: str, category: str, applicant: Applicant, on: date) -> Application:
    """Receive an application for a child of another place (异地受理), found by exact words; a draft there.

    Whoever accepts applications in the township of `by` sees the file until the family has been told. Raises NotAllowed
    and Refused.
    """
    child, place = open_received(by=by, text=text, on=on)
    child = locked_child(child.leading, by=by, on=on)
    return draft(by=by, child=child, category=category, applicant=applicant, on=on, received_at=place)


def _last_day(application: Application, *, on: date) -> date:
    """How long the township sees the file: of a refusal as long as a review may be asked for."""
    return max(on, last_day_of_review(application)) if application.state == State.REFUSED else on


@transaction.atomic
def tell_family(*, by: Person, application: Application, words: str = "", on: date) -> Application:
    """Tell the family what was decided (告知结果), where it applied; the file is closed to the township again.

    Raises NotAllowed and Refused.
    """
    application = locked(application, by=by, step=Step.TELL, on=on)
    if not application.is_to_tell:
        raise Refused(_("There is nothing to tell: the family applied at home, or knows already."))
    application.told_on = on
    application = take(application, Taken(Step.TELL, words=require_words(words, wanted=False)), by=by, on=on)
    close_received(application.file, on=on, until_on=_last_day(application, on=on))
    return application
