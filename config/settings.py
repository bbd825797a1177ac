"""Settings: one file, read from the environment. Each name is in the README.

In production nothing has a silent default that would weaken it: a missing
secret stops the start with a line that says what to set.
"""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_flag(name: str) -> bool:
    return env(name).lower() in {"1", "true", "yes", "on"}


DEMO = env_flag("DEMO")
TESTING = "pytest" in sys.modules or env_flag("AMENDS_TESTING")
PRODUCTION = not (DEMO or TESTING)


def env_secret(name: str, how: str) -> str:
    """Return a secret; the demo keeps one of its own in var/, tests make one."""
    if value := env(name):
        return value
    if TESTING:
        return {"RECORD_KEYS": "test:" + "11" * 32}.get(name, secrets.token_hex(32))
    if DEMO:
        path = VAR_DIR / f"demo-{name.lower()}"
        if not path.exists():
            VAR_DIR.mkdir(parents=True, exist_ok=True)
            value = secrets.token_hex(32)
            path.write_text(f"demo:{value}" if name == "RECORD_KEYS" else value)
            path.chmod(0o600)
        return path.read_text()
    raise ImproperlyConfigured(f"{name} is not set. {how}")


SECRET_KEY = env_secret(
    "SECRET_KEY",
    "Set it to 64 random characters: python3 -c 'import secrets; print(secrets.token_hex(32))'",
)
# "newest:<64 hex>,older:<64 hex>": the first key writes, every key reads.
RECORD_KEYS = env_secret(
    "RECORD_KEYS",
    "Set it to NAME:KEY, where KEY is 64 hexadecimal characters: "
    "python3 -c 'import secrets; print(\"k1:\" + secrets.token_hex(32))'. "
    "Keep it apart from SECRET_KEY and from the backups.",
)

DEBUG = False
BASE_URL = env("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [
    host.strip()
    for host in env("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver").split(
        ","
    )
    if host.strip()
]
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Set it to the names this server answers to, separated by commas."
    )
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "api",
    "desk",
    "journey",
    "rehabilitation",
    "councils",
    "mediation",
    "agreements",
    "cases",
    "communities",
    "deliberation",
    "notices",
    "people",
    "records",
    "moves",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.trouble.TroubleMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.around_every_page",
            ],
        },
    },
]


def database(url: str) -> dict:
    """Turn DATABASE_URL into Django's setting, with the settings we measured."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path)
        # sqlite:////abs/path and sqlite:///relative/path, as most tools have it.
        path = Path(name[1:]) if name.startswith("//") else BASE_DIR / name.lstrip("/")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise ImproperlyConfigured(
        "DATABASE_URL starts with sqlite:// or postgres://, for example "
        "sqlite:///var/amends.sqlite3 or postgres://user:password@host/amends."
    )


DATABASES = {"default": database(env("DATABASE_URL", f"sqlite:///{VAR_DIR}/amends.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ANONYMOUS_USER_NAME = None  # guardian: nobody anonymous holds a permission
# has_perm on a case is banned (cases/access.py), so guardian's backend stays unhooked.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# By the name a charter gives (`adviser`): who may propose, see agreements/advice/interface.py.
ADVISERS = {"counted": "agreements.advice.Counted"}

SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = False  # the proxy before us does it
SECURE_HSTS_SECONDS = 31536000 if BASE_URL.startswith("https://") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours stand in front: the address of who asks is the one that the
# outermost of them wrote into X-Forwarded-For. Left of it, anybody writes what they like.
PROXIES = int(env("PROXIES", "1" if BASE_URL.startswith("https://") else "0"))
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
ALL_LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
wanted = [code for code in env("LANGUAGES", "en,es,ar").split(",") if code]
LANGUAGES = [(code, name) for code, name in ALL_LANGUAGES if code in wanted]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def email(url: str) -> dict[str, object]:
    """Turn EMAIL_URL (smtp://user:password@host:port, console:, memory:) into settings."""
    parts = urlsplit(url)
    if parts.scheme in {"smtp", "smtps", "smtp+tls"}:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "",
            "EMAIL_PORT": parts.port or 25,
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        }
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    kind = {"memory": "locmem", "console": "console"}.get(parts.scheme, "dummy")
    return {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}


globals().update(email(env("EMAIL_URL", "memory:" if TESTING else f"file://{VAR_DIR}/mail")))
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "Amends <amends@localhost>")

ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
