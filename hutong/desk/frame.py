"""The frame (页面框架) around every page: the rail of the role's rooms, the day, who is at work."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import open_tasks, permissions_of, postings_on
from hutong.registry.queries import sees_children


@dataclass(frozen=True)
class Room:
    """One entry of the rail (栏目)."""

    icon: str
    label: str | Promise
    href: str
    is_current: bool
    count: int = 0


def frame(request: HttpRequest) -> dict[str, object]:
    """What the base template needs; nothing where nobody has signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {
            "rooms": [],
            "day": today(),
            "role": "",
            "is_demonstration": not settings.PRODUCTION,
            "sees_children": False,
        }
    return {
        "rooms": _rooms(request.user, request.path),
        "day": today(),
        "role": "、".join(str(posting.get_role_display()) for posting in postings_on(request.user, on=today())),
        "is_demonstration": request.user.is_demonstration,
        "sees_children": sees_children(request.user, on=today()),
    }


def _rooms(user: Person, path: str) -> list[Room]:
    may = permissions_of(user, on=today())
    rooms = [_room("today", _("Today"), "desk:today", path, open_tasks(user, on=today()).count())]
    if sees_children(user, on=today()):
        rooms.append(_room("children", _("Children"), "desk:children", path))
    if Permission.CHANGE_CHILDREN in may:
        rooms.append(_room("place", _("Moves"), "desk:moves", path))
    if Permission.OPEN_WITH_PURPOSE in may:
        rooms.append(_room("lock", _("Open a file"), "desk:open_with_purpose", path))
    if may & {Permission.IMPORT_CHILDREN, Permission.ADMIT_CHILDREN}:
        rooms.append(_room("import", _("Import"), "desk:imports", path))
    return rooms


def _room(icon: str, label: Promise, view: str, path: str, count: int = 0) -> Room:
    href = reverse(view)
    is_current = path == href or (href != "/" and path.startswith(href))
    return Room(icon, label, href, is_current, count)
