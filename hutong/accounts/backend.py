"""Who may sign in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from hutong.accounts.models import Person


class OfficeBackend(ModelBackend):
    """Sign-in (登录验证) of active people; people of the demonstration never, once HUTONG_PRODUCTION is set."""

    def user_can_authenticate(self, user: Person | AnonymousUser | None) -> bool:
        """Asked at sign-in and again at every request."""
        invented = isinstance(user, Person) and user.is_demonstration
        return super().user_can_authenticate(user) and not (settings.PRODUCTION and invented)
