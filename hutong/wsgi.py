"""The web server's entrance (granian calls `application`)."""

import os

from django.core.wsgi import get_wsgi_application

from hutong.logs import take_over

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.settings")
take_over()
application = get_wsgi_application()
