"""Settings (配置): everything that differs between a demonstration, a test and a province.

Read from the environment: HUTONG_DATA, HUTONG_KEYS, HUTONG_NEW_KEYS, HUTONG_PRODUCTION, HUTONG_PROVINCE,
HUTONG_TODAY, HUTONG_HOSTS, HUTONG_PORT, HUTONG_ADDRESS, HUTONG_LANGUAGE, HUTONG_POOL, DATABASE_URL and
HUTONG_OWNER_URL.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from hutong.gateways.embedded_postgres import EmbeddedPostgres
from hutong.kit.cipher import load_or_create_keys

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("HUTONG_DATA", "var")).expanduser().resolve()
PRODUCTION = os.environ.get("HUTONG_PRODUCTION") == "1"
PROVINCE = os.environ.get("HUTONG_PROVINCE", "64")
if PRODUCTION and os.environ.get("HUTONG_TODAY"):
    raise ImproperlyConfigured("HUTONG_TODAY sets a demonstration's clock: refused with HUTONG_PRODUCTION=1.")
TODAY = date.fromisoformat(os.environ["HUTONG_TODAY"]) if os.environ.get("HUTONG_TODAY") else None

FILES_DIR = DATA_DIR / "files"
FONTS_DIR = DATA_DIR / "fonts"
CHECKPOINTS_DIR = DATA_DIR / "checkpoints"
NOTICES_DIR = DATA_DIR / "holidays"
KEYS_FILE = Path(os.environ.get("HUTONG_KEYS", DATA_DIR / "keys.json")).expanduser().resolve()
EMBEDDED_DATABASE = EmbeddedPostgres(DATA_DIR / "postgres")
DATABASE_URL = os.environ.get("DATABASE_URL", "")
IS_NEW = not PRODUCTION if DATABASE_URL else not (EMBEDDED_DATABASE.data / "PG_VERSION").exists()
SECRET_KEY = load_or_create_keys(KEYS_FILE, may_create=IS_NEW or os.environ.get("HUTONG_NEW_KEYS") == "1").web

DEBUG = False
OWN_ADDRESS = f"http://127.0.0.1:{os.environ.get('HUTONG_PORT', '8000')}"
ADDRESS = os.environ.get("HUTONG_ADDRESS", OWN_ADDRESS).rstrip("/")
CONFIRM_URL = f"{ADDRESS}/confirm/"  # stands on every document that an office signs
ALLOWED_HOSTS = os.environ.get("HUTONG_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton",
    "procrastinate.contrib.django",
    "hutong.divisions",
    "hutong.accounts",
    "hutong.treasury",
    "hutong.network",
    "hutong.governance",
    "hutong.registry",
    "hutong.protection",
    "hutong.outreach",
    "hutong.allowances",
    "hutong.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hutong.desk.sessions.StandingSignIn",
    "django_htmx.middleware.HtmxMiddleware",
    "hutong.desk.limiting.Limited",
    "hutong.desk.refusing.RefusalsRecorded",
]

ROOT_URLCONF = "hutong.urls"
WSGI_APPLICATION = "hutong.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hutong.desk.frame.frame",
            ],
        },
    },
]


def _database(url: str, *, as_app_role: bool) -> dict[str, object]:
    """Django's dictionary for a libpq URL; `as_app_role` sets the working role on every connection."""
    options: dict[str, Any] = dict(conninfo_to_dict(url))
    if as_app_role:
        options["options"] = f"{options.get('options', '')} -c role=hutong_app".strip()
    if os.environ.get("HUTONG_POOL") == "1":
        # A page waits for one short statement: starting helpers for it takes longer than they save.
        options["options"] = f"{options.get('options', '')} -c max_parallel_workers_per_gather=0".strip()
        options["pool"] = {"min_size": 1, "max_size": 16, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname", "hutong"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": str(options.pop("port", "")),
        "OPTIONS": options,
    }


OWNER_URL = os.environ.get("HUTONG_OWNER_URL", "") or DATABASE_URL
if DATABASE_URL:
    DATABASES = {
        "default": _database(DATABASE_URL, as_app_role=not os.environ.get("HUTONG_OWNER_URL")),
        "owner": _database(OWNER_URL, as_app_role=False),
    }
else:
    DATABASES = {
        "default": _database(EMBEDDED_DATABASE.url("hutong_app"), as_app_role=False),
        "owner": _database(EMBEDDED_DATABASE.url("hutong_owner"), as_app_role=False),
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["hutong.schedule"]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["hutong.accounts.backend.OfficeBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "desk:today"

LANGUAGE_CODE = os.environ.get("HUTONG_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "hutong_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "hutong.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR.parent / ".build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 30 * 1024 * 1024
PAPER_LIMIT_BYTES = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["hutong.desk.receiving.MemoryOnly"]

SESSION_COOKIE_AGE = 24 * 60 * 60  # a sign-in ends earlier: law/sign_in.py
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")
}
REQUESTS_A_MINUTE = {"person": 600, "address": 240}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "hutong.logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers mail a report with the request's fields.
        **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
        "pypdf": {"level": "CRITICAL"},  # it tells what stands in a broken file
    },
}
