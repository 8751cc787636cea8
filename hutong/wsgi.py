"""The web server's entrance (granian calls `application`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.settings")
application = get_wsgi_application()
