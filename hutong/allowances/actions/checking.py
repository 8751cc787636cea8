"""The township's check: every item is looked at, doubts are followed up, an opinion goes to the county."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.allowances.actions.stepping import (
    Taken,
    locked,
    require_another,
    require_late_reason,
    require_words,
    require_words_against,
    take,
)
from hutong.allowances.cases import Case, Progress, case_of, kinds_of
from hutong.allowances.models import Application, ItemLook
from hutong.allowances.models.application import Opinion, Step
from hutong.allowances.models.decision import Verdict
from hutong.registry.actions.changes import require_open


@transaction.atomic
def look_at_item(
    *, by: Person, application: Application, item: str, verdict: str, words: str = "", on: date
) -> ItemLook:
    """Look at one item (逐项核对): it fits, or it is doubtful and why. Raises NotAllowed and Refused."""
    application = locked(application, by=by, step=Step.CHECK, on=on)
    require_another(by, application.accepted_by_id)
    if verdict not in Verdict.values:
        raise Refused(_("Say whether it fits."))
    found = {one.key: one for one in case_of(application, on=on).items}.get(item)
    if found is None:
        raise Refused(_("The file says something else by now. Load the page again."))
    if verdict == Verdict.FITS and found.progress is Progress.BLOCKED:
        raise Refused(_("There is no paper to look at. Ask for it, or say what is doubtful."))
    words = require_words(words, wanted=verdict == Verdict.DOUBTFUL)
    look = ItemLook.objects.create(
        application=application, item=item, verdict=verdict, words=words or None, on=on, by=by
    )
    application.revision += 1
    application.save(update_fields=["revision"])
    record(
        by=by,
        act="application_look",
        subject_kind="child",
        subject_key=application.file.file_number,
        division_code=application.division_code,
        on=on,
        details={"application": application.pk, "item": item, "verdict": verdict},
    )
    return look


@transaction.atomic
def doubt(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Look into it again (再次核实): a visit, neighbours, letters. The clock runs on. Raises NotAllowed and Refused."""
    application = _to_check(application, by=by, on=on)
    return take(application, Taken(Step.DOUBT, words=require_words(words)), by=by, on=on)


@transaction.atomic
def ask_for_more(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Ask for more papers (补充材料), once, where the check has raised a question; until they come no day is counted.

    Raises NotAllowed and Refused.
    """
    application = _to_check(application, by=by, on=on)
    if application.steps.filter(step=Step.ASK_MORE).exists():
        raise Refused(_("More papers have been asked for once already. Look into it yourself, or give your opinion."))
    case = case_of(application, on=on)
    asked = [item for item in case.undone if item.progress is not Progress.TO_DO]
    return take(application, Taken(Step.ASK_MORE, words=require_words(words), missing=kinds_of(asked)), by=by, on=on)


@transaction.atomic
def check(
    *, by: Person, application: Application, opinion: str, words: str = "", late_reason: str = "", on: date
) -> Application:
    """Check (查验): the township's opinion, for the county. What agrees has every item looked at and fitting.

    An opinion against it, against the law's answer or a department's, is given in words; so is one after a doubt that
    no visit has followed. Raises NotAllowed and Refused.
    """
    application = _to_check(application, by=by, on=on)
    require_open(application.file)
    if opinion not in Opinion.values:
        raise Refused(_("Say whether the conditions are met."))
    case = case_of(application, on=on)
    agrees = opinion == Opinion.AGREES
    if agrees and case.undone:
        raise Refused(
            _("%(count)s items are not done: look at each, or say what is against it.") % {"count": len(case.undone)}
        )
    if agrees:
        require_words_against(case, words)
    words = require_words(words, wanted=not agrees or not case.fits or _is_doubt_left(case))
    late_reason = require_late_reason(application, late_reason, on=on)
    application.opinion, application.checked_on, application.checked_by = opinion, on, by
    return take(application, Taken(Step.CHECK, words=words, late_reason=late_reason), by=by, on=on)


def _is_doubt_left(case: Case) -> bool:
    """Whether it is being looked into again and nobody has been there since (存疑未走访)."""
    doubted = case.application.steps.filter(step=Step.DOUBT).last()
    return doubted is not None and not any(visit.visited_on >= doubted.on for visit in case.visits)


def _to_check(application: Application, *, by: Person, on: date) -> Application:
    application = locked(application, by=by, step=Step.CHECK, on=on)
    require_another(by, application.accepted_by_id)
    return application
