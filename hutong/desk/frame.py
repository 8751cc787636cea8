"""The frame (页面框架) around every page: the rail of the role's rooms, the day, who is at work."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.clock import today
from hutong.accounts.models import Person, Way
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import open_tasks, permissions_of, postings_on, unread_count
from hutong.allowances.finding_queries import READERS as AUDIT_READERS
from hutong.allowances.lead_queries import TAKERS as LIST_TAKERS
from hutong.allowances.queries import NEEDS
from hutong.allowances.queries import SUBJECT as APPLICATION
from hutong.allowances.recognition_queries import NEEDS as REVIEWERS
from hutong.allowances.recognitions import SUBJECT as RECOGNITION
from hutong.allowances.standards import READERS as STANDARD_READERS
from hutong.allowances.standards import SUBJECT as STANDARD
from hutong.desk.guards import OfficeRequest, first_step
from hutong.law.copies import KINDS
from hutong.network.queries import READING as ORGANISATION_READERS
from hutong.registry.pairs import waiting_count
from hutong.registry.queries import sees_children


@dataclass(frozen=True)
class Room:
    """One entry of the rail (栏目), with a sentence for the first screen; a spare one is in no phone's bar."""

    icon: str
    label: str | Promise
    href: str
    is_current: bool
    count: int = 0
    sentence: str | Promise = ""
    is_spare: bool = False


def frame(request: OfficeRequest) -> dict[str, object]:
    """What the base template needs, asked of the database where a page shows it; nothing where nobody has signed in."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated or first_step(request):
        return {
            "rooms": [],
            "own_rooms": [],
            "unread": 0,
            "day": today(),
            "role": "",
            "is_demonstration": not settings.PRODUCTION,
            "sees_children": False,
        }
    unread = cache(lambda: unread_count(user, on=today()))
    return {
        "rooms": cache(lambda: [*_rooms(user, request.path), _notices(request.path, unread())]),
        "own_rooms": lambda: _own_rooms(request.path, is_by_phone=request.sign_in.way == Way.PIN),
        "unread": unread,
        "day": today(),
        "role": lambda: "、".join(str(posting.get_role_display()) for posting in postings_on(user, on=today())),
        "is_demonstration": user.is_demonstration,
        "sees_children": lambda: sees_children(user, on=today()),
    }


def _rooms(user: Person, path: str) -> list[Room]:
    may = permissions_of(user, on=today())
    about = {kind: Count("pk", filter=Q(subject_kind=kind)) for kind in (APPLICATION, RECOGNITION, STANDARD)}
    about["paying"] = Count("pk", filter=Q(subject_kind__in=("run", "batch")))
    about["money"] = Count("pk", filter=Q(subject_kind__in=("fund", "allocation")))
    waiting = open_tasks(user, on=today()).order_by().aggregate(tasks=Count("pk"), **about)
    rooms = [_room("today", _("Today"), "desk:today", path, waiting["tasks"])]
    if sees_children(user, on=today()):
        rooms.append(_room("children", _("Children"), "desk:children", path))
    if may & {*NEEDS.values()}:
        rooms.append(_room("decide", _("Applications"), "desk:applications", path, waiting[APPLICATION]))
    elif Permission.SEE_FIGURES in may:
        sentence = _("How many working days applications took, by step and by place.")
        rooms.append(_room("figures", _("Days used"), "desk:application_days", path, sentence=sentence, is_spare=True))
    if may & {*REVIEWERS.values()}:
        rooms.append(_room("check", _("Reviews"), "desk:reviews", path, waiting[RECOGNITION]))
    if Permission.SEE_PAYMENTS in may:
        sentence = _("Monthly payments: where each month is, who has it, what comes next.")
        places = ("/runs/", "/batches/", "/late/")
        rooms.append(
            _room("money", _("Payments"), "desk:payments", path, waiting["paying"], sentence=sentence, also=places)
        )
        sentence = _("Money that was granted, handed out, set aside and paid.")
        rooms.append(
            _room(
                "figures",
                _("Funds"),
                "desk:funds",
                path,
                waiting["money"],
                sentence=sentence,
                is_spare=sees_children(user, on=today()),
            )
        )
    if may & {*AUDIT_READERS}:
        sentence = _("What audits found before money goes out, and what came of it.")
        rooms.append(_room("warn", _("Findings"), "desk:findings", path, sentence=sentence, is_spare=True))
    if Permission.CHECK_DATA in may:
        sentence = _("What other departments are asked about applications, and what they answered.")
        rooms.append(_room("search", _("Data checks"), "desk:data_checks", path, sentence=sentence, is_spare=True))
    if may & {*LIST_TAKERS}:
        sentence = _("Lists that departments give unasked, and what became of what they say of families.")
        rooms.append(_room("import", _("Departments’ lists"), "desk:lists", path, sentence=sentence, is_spare=True))
    if Permission.LOOK_INTO_LEADS in may:
        sentence = _("What other departments say of families in the register, to be looked into.")
        rooms.append(_room("eye", _("Leads"), "desk:leads", path, sentence=sentence, is_spare=True))
    if Permission.ENTER_NATIONAL in may:
        sentence = _("What stands in the national system: to be entered, changed since, to be dropped.")
        rooms.append(_room("import", _("National system"), "desk:national", path, sentence=sentence, is_spare=True))
    if may & {Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES, Permission.BRING_TOGETHER}:
        sentence = _("Files that may be one child's: of two counties, to be brought together.")
        rooms.append(
            _room("pair", _("Duplicates"), "desk:pairs", path, waiting_count(user, may, on=today()), sentence=sentence)
        )
    if Permission.CHANGE_CHILDREN in may:
        rooms.append(_room("place", _("Moves"), "desk:moves", path))
    if Permission.OPEN_WITH_PURPOSE in may:
        sentence = _("One child's file, for today and for a stated purpose.")
        rooms.append(_room("lock", _("Open a file"), "desk:open_with_purpose", path, sentence=sentence))
    if may & {Permission.IMPORT_CHILDREN, Permission.ADMIT_CHILDREN}:
        rooms.append(_room("import", _("Import"), "desk:imports", path))
    if Permission.MANAGE_PEOPLE in may:
        sentence = _("Open and close accounts, give and end postings, renew passwords.")
        rooms.append(_room("people", _("People"), "desk:people", path, sentence=sentence))
    if may & {Permission.REVIEW_EMERGENCIES, Permission.SEE_LOOKS, Permission.OPEN_IN_EMERGENCY}:
        sentence = _("Files of other places that were opened because a child was in danger, and their review.")
        rooms.append(_room("warn", _("Emergencies"), "desk:emergencies", path, sentence=sentence, is_spare=True))
    if may & {Permission.DECIDE_COPIES, Permission.SEE_TRAIL, *map(Permission, KINDS)}:
        sentence = _("Lists and forms that left the system: whose, what for, and whether they were destroyed.")
        rooms.append(_room("print", _("Copies"), "desk:copies", path, sentence=sentence, is_spare=True))
    if Permission.TRY_LAW in may:
        sentence = _("What the law answers to a case, and why; cases that an office keeps as its own test.")
        rooms.append(_room("decide", _("Try the law"), "desk:law_cases", path, sentence=sentence, is_spare=True))
    if may & {*STANDARD_READERS}:
        sentence = _("What is paid a month at your places and by which document; what a new standard would cost.")
        rooms.append(
            _room("money", _("Standards"), "desk:standards", path, waiting[STANDARD], sentence=sentence, is_spare=True)
        )
    if may & {*ORGANISATION_READERS}:
        sentence = _("Who raises, protects and serves children at your places, and above them.")
        rooms.append(_room("home", _("Organisations"), "desk:organisations", path, sentence=sentence, is_spare=True))
    if Permission.BIND_PHONES in may:
        sentence = _("Village child directors and the phones they sign in on.")
        rooms.append(_room("phone", _("Phones"), "desk:phones", path, sentence=sentence, is_spare=True))
    if Permission.SEE_LOOKS in may and not sees_children(user, on=today()):
        sentence = _("Who opened a child's file, as whom, when and why.")
        rooms.append(_room("eye", _("Who looked"), "desk:looks", path, sentence=sentence))
    if Permission.SEE_TRAIL in may:
        sentence = _("The year's looks at children's files by month, county, role, purpose and person.")
        rooms.append(_room("figures", _("Yearly report"), "desk:access", path, sentence=sentence))
    return rooms


def _notices(path: str, unread: int) -> Room:
    sentence = _("What you should know: new postings, work that was handed over.")
    return _room("bell", _("Notices"), "desk:notices", path, unread, sentence=sentence, is_spare=True)


def _own_rooms(path: str, *, is_by_phone: bool) -> list[Room]:
    """What is about oneself: in the person's menu, on no rail."""
    kin = _("Your own relatives: nobody acts in the affairs of their own.")
    password = _("Choose a new password.")
    factors = _("Passkeys, the app for codes, recovery codes, and where you are signed in.")
    stand_ins = _("Who stands in for you, and for whom you stand in.")
    rooms = [_room("home", _("My kin"), "desk:kin", path, sentence=kin)]
    if not is_by_phone:
        rooms.append(_room("people", _("Stand-ins"), "desk:stand_ins", path, sentence=stand_ins))
        rooms.append(_room("lock", _("Password"), "desk:password", path, sentence=password))
        rooms.append(_room("eye", _("Sign-in"), "desk:second_factor", path, sentence=factors))
    return rooms


def _room(
    icon: str,
    label: Promise,
    view: str,
    path: str,
    count: int = 0,
    *,
    sentence: str | Promise = "",
    is_spare: bool = False,
    also: tuple[str, ...] = (),
) -> Room:
    href = reverse(view)
    is_current = path == href or (href != "/" and path.startswith((href, *also)))
    return Room(icon, label, href, is_current, count, sentence, is_spare)
