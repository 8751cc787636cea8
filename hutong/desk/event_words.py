"""Words for the events of a timeline (时间线用语)."""

from datetime import date

from django.utils.translation import gettext as _

from hutong.desk.payment_words import bank_title, hold_title, month
from hutong.desk.titles import circumstance_title, column_title, day, money, pair_title, reason_title
from hutong.desk.words import category_title, relation_title
from hutong.divisions.queries import path_names
from hutong.law.agreements import AGREEMENTS
from hutong.law.aid import AIDS
from hutong.law.circumstances import FINAL
from hutong.law.placements import PLACEMENTS
from hutong.law.study import LEVELS
from hutong.law.visits import PURPOSES, WAYS
from hutong.registry.dossier import Event
from hutong.registry.models.parent import Role


def event_words(event: Event, *, on: date) -> tuple[str, str]:
    """The title and the rest of an event's line; what lies ahead of the day `on` is said to be so."""
    title, note = _said(event, on=on)
    file = _("from file %(file)s") % {"file": event.file} if event.file else ""
    return title, " · ".join(filter(None, (note, file)))


def _said(event: Event, *, on: date) -> tuple[str, str]:
    noun, _underscore, what = event.code.rpartition("_")
    if noun == "file":
        return _of_file(what, event.values)
    if noun == "payment":
        return _of_payment(what, event)
    if noun == "visit":
        return _of_visit(event.values)
    if not noun:
        return (_("Born") if what == "born" else _("Registered")), ""
    title, note = _of_fact(noun, event.values)
    if event.values.get("kind") in FINAL:
        return title, note
    ends = _("%(what)s is to end") if event.on > on else _("%(what)s ends")
    words = _("%(what)s begins") if what == "from" else ends
    return words % {"what": title}, note if what == "from" else ""


def _of_fact(noun: str, values: dict[str, str]) -> tuple[str, str]:
    match noun:
        case "category":
            note = _("Document %(number)s") % {"number": values["decision"]} if values["decision"] else ""
            return _("Category: %(what)s") % {"what": category_title(values["category"])}, note
        case "guardian":
            who = " ".join(filter(None, (relation_title(values["relation"]), values["name"])))
            words = _("Entrusted care: %(who)s") if values["kind"] == "entrusted" else _("Guardian: %(who)s")
            return words % {"who": who}, ""
        case "study":
            return _("School: %(what)s") % {"what": pair_title(LEVELS[values["level"]])}, values["school"]
        case "aid":
            return _("Other aid: %(what)s") % {"what": pair_title(AIDS[values["aid"]])}, ""
        case "placement":
            what = " ".join(filter(None, (pair_title(PLACEMENTS[values["placement"]]), values["organisation"])))
            return _("Placement: %(what)s") % {"what": what}, ""
        case "agreement":
            return pair_title(AGREEMENTS[values["agreement"]]), values["name"]
        case _:
            whose = f"{Role(values['role']).label} {values['name']}".strip() if values["role"] else _("The child")
            return f"{whose} · {circumstance_title(values['kind'])}", ""


def _of_payment(what: str, event: Event) -> tuple[str, str]:
    values = event.values
    said = {"yuan": money(int(values["fen"])), "month": month(date.fromisoformat(values["month"]))}
    match what:
        case "paid":
            return _("%(yuan)s yuan arrived") % said, _("for %(month)s") % said
        case "failed":
            return _("%(yuan)s yuan for %(month)s did not arrive") % said, bank_title(values["code"], on=event.on)
        case _:
            return _("Not paid for %(month)s") % said, hold_title(values["hold"])


def _of_visit(values: dict[str, str]) -> tuple[str, str]:
    seen = _("the child was seen") if values["seen"] else _("the child was not seen")
    title = _("Visit: %(what)s") % {"what": pair_title(PURPOSES[values["purpose"]])}
    return title, " · ".join((pair_title(WAYS[values["way"]]), seen, values["by"]))


def _of_file(what: str, values: dict[str, str]) -> tuple[str, str]:
    match what:
        case "close":
            return _("File closed: %(why)s") % {"why": reason_title(values["reason"])}, ""
        case "reopen":
            return _("File reopened: %(why)s") % {"why": reason_title(values["reason"])}, ""
        case "alter":
            columns = "、".join(column_title(column) for column in values["columns"].split() if column != "file")
            return _("Particulars changed: %(why)s") % {"why": reason_title(values["reason"])}, columns
        case "recode":
            return _("The place has a new code"), ""
        case "join":
            led = _("File %(file)s was joined to this one") if values["side"] == "leading" else ""
            return (led or _("This file was joined to file %(file)s")) % values, ""
        case "back":
            said = {"what": category_title(values["category"]), "file": values["file"]}
            ended = _(
                "It had been ended on file %(file)s, to which this one was joined; its last day had been %(until)s."
            )
            until = day(date.fromisoformat(values["until"]))
            return _("%(what)s goes on again") % said, ended % (said | {"until": until})
        case "part":
            return _("The joining with file %(file)s was undone") % values, ""
        case _:
            names = path_names(values.values())
            return _("Handed over to %(place)s") % {"place": names[values["to"]]}, _("from %(place)s") % {
                "place": names[values["from"]]
            }
