"""Settings of the people's side. The only file there that reads the environment; docs/guide lists every name.

State lives in one folder, the floor (`BONGSU_FLOOR`): the SQLite file, the keys, attachments, the audit's anchors.
"""

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url
import platformdirs

from bongsu.people.markings import Grade

_ENV = os.environ

FLOOR = Path(_ENV.get("BONGSU_FLOOR") or platformdirs.user_data_path("bongsu") / "floor")
LAKE = Path(_ENV.get("BONGSU_LAKE") or platformdirs.user_data_path("bongsu") / "lake")
HOME = _ENV.get("BONGSU_HOME", "KOR")
NOW = _ENV.get("BONGSU_NOW", "")  # a fixed clock, for exercises and tests
GRADE = Grade.read(_ENV.get("BONGSU_GRADE") or "S")  # an entry graded higher is refused here

ATTACHMENTS = FLOOR / "attachments"
ANCHORS = Path(_ENV.get("BONGSU_ANCHORS") or FLOOR / "anchors.jsonl")
MOST_ATTACHMENT = 20 << 20  # bytes


def _keys() -> dict[str, str]:
    """The installation's keys, written by `bongsu floor init`; empty before."""
    file = FLOOR / "keys.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


_KEYS = _keys()
SECRET_KEY = _ENV.get("BONGSU_SECRET_KEY") or _KEYS.get("secret") or "no-key-yet-run-bongsu-floor-init"
AUDIT_KEY = (_ENV.get("BONGSU_AUDIT_KEY") or _KEYS.get("audit") or "no-key-yet-run-bongsu-floor-init").encode()

DEBUG = False
ALLOWED_HOSTS = (_ENV.get("BONGSU_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [one for one in (_ENV.get("BONGSU_ORIGINS") or "").split(",") if one]
HTTPS = _ENV.get("BONGSU_HTTPS", "") == "1"

ROOT_URLCONF = "bongsu.urls"
ASGI_APPLICATION = "bongsu.asgi.application"
WSGI_APPLICATION = "bongsu.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "bongsu.web",  # ours first, so that our pages stand in for the libraries'
    "bongsu.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "bongsu.alerts",
    "bongsu.responses",
]

MIDDLEWARE = [
    "bongsu.api.middleware.Requests",
    "bongsu.web.security.SecurityMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bongsu.web.speech.LanguageMiddleware",
    "bongsu.web.request.MomentMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "bongsu.web.first_run.FirstRunMiddleware",
    "bongsu.people.second_factor.SecondFactorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bongsu.web.navigation.page",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    told = _ENV.get("BONGSU_TEST_DATABASE_URL") or _ENV.get("BONGSU_DATABASE_URL")
    if told:
        return {**dj_database_url.parse(told, conn_max_age=60, conn_health_checks=True)}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FLOOR / "floor.sqlite3"),
        # Writers wait for one another from the first statement on: nobody reads, waits, and writes over another's change.
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = _ENV.get("BONGSU_STATIC") or None  # where `collectstatic` copies them for a server of the ministry's own
WHITENOISE_USE_FINDERS = True  # else we serve them ourselves, from where they are installed

_HASHERS = {
    "argon2": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "pbkdf2": "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # where a validated module is demanded
    "scrypt": "django.contrib.auth.hashers.ScryptPasswordHasher",
}
_CHOSEN = _HASHERS[_ENV.get("BONGSU_PASSWORD_HASHER", "argon2")]
PASSWORD_HASHERS = [_CHOSEN, *(one for one in _HASHERS.values() if one != _CHOSEN)]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# Failed sign-ins are counted for all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "bongsu_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Each process counts an API token's minute by itself: a count in the database would make every reading a writing.
    "budget": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}

# Sign-in, by django-allauth. `people.sign_in` answers what it asks.
SECOND_FACTOR = _ENV.get("BONGSU_SECOND_FACTOR", "1") != "0"  # off where the ministry's single sign-on asks for it
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)  # our own proxy, which adds the address that it saw
ACCOUNT_ADAPTER = "bongsu.people.sign_in.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# By address many may sit behind one; by account five failures close it for five minutes.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip,5/300s/key"}
MFA_ADAPTER = "bongsu.people.sign_in.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "bongsu.people.factor_forms.Authenticate",
    "reauthenticate": "bongsu.people.factor_forms.Reauthenticate",
    "add_webauthn": "bongsu.people.factor_forms.AddPasskey",
    "login_webauthn": "bongsu.people.factor_forms.EnterByPasskey",
    "authenticate_webauthn": "bongsu.people.factor_forms.AuthenticateByPasskey",
    "reauthenticate_webauthn": "bongsu.people.factor_forms.ReauthenticateByPasskey",
}
MFA_TOTP_ISSUER = "Bongsu"
MFA_TOTP_TOLERANCE = 1  # a separated network's clock drifts
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address opens nothing here
USERSESSIONS_ADAPTER = "bongsu.people.sign_in.UserSessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "bongsu.people.sign_in.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_MATCH = frozenset((_ENV.get("BONGSU_OIDC_MATCH") or "username,email").split(","))
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
if _ENV.get("BONGSU_OIDC_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "home",
                "name": _ENV.get("BONGSU_OIDC_NAME") or "Single sign-on",
                "client_id": _ENV.get("BONGSU_OIDC_CLIENT", ""),
                "secret": _ENV.get("BONGSU_OIDC_SECRET", ""),
                "settings": {"server_url": _ENV["BONGSU_OIDC_URL"]},
            },
        ],
    }

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20

API_PER_MINUTE = int(_ENV.get("BONGSU_API_PER_MINUTE") or 600)  # requests of one token or one session
METRICS_TOKEN = _ENV.get("BONGSU_METRICS_TOKEN", "")  # whoever bears it reads /metrics; empty: administrators only

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "bongsu.api.logs.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "bongsu.requests": {"level": "INFO"},
        # Django repeats each refusal with its path; the line of the request says it without.
        "django": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.request": {"level": "CRITICAL"},
    },
}
