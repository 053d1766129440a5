"""Holds all settings, in one flat file of over 300 lines. docs/settings.md has a row for each that the
environment may set.

If the data folder holds `demo.json`, which `helpline demo` writes, this is a demo. The unsafe conveniences
(cookies over plain HTTP, automatic approval of every device) may be on only in a demo. Anything else is
production, and helpline/checks.py refuses to start it half configured.
"""

import hmac
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from helpline.lib import store_urls
from helpline.lib.environment import Environment

BASE = Path(__file__).resolve().parent.parent


# Each reader records its errors; the last line of this file raises all of them together.
ENVIRONMENT = Environment(os.environ)
env, words, seconds = ENVIRONMENT.text, ENVIRONMENT.words, ENVIRONMENT.seconds
whole, number = ENVIRONMENT.whole, ENVIRONMENT.number

# Where the served files are, and how our processes are started, in a checkout and from the wheel
CHECKOUT = (BASE / "manage.py").exists()
COMMAND = [sys.executable, str(BASE / "manage.py")] if CHECKOUT else [sys.executable, "-m", "helpline"]
# COMMAND as a person types it (helpline/lib/typed.py)
_python = ".venv/bin/python" if (BASE / ".venv").exists() else "python3"
TYPED = f"{_python} manage.py" if CHECKOUT else "helpline"
FRONTEND = BASE / "frontend" if CHECKOUT else BASE / "helpline" / "served"

# Where this host keeps its data
VAR = Path(env("VAR") or (BASE if CHECKOUT else Path.cwd()) / "var").resolve()
DEMO_FILE = VAR / "demo.json"
_demo: dict[str, Any] = ENVIRONMENT.json_file("VAR", DEMO_FILE)
DEMO = bool(_demo)
KEY_FOLDERS = [Path(folder) for folder in words("KEYS", str(VAR / "keys"))]
JOURNAL = Path(env("JOURNAL") or VAR / "purged.log")
WEBCAT = Path(env("WEBCAT") or VAR / "webcat")
RELEASES = Path(env("RELEASES") or VAR / "releases")
BACKUP_FOLDER = Path(env("BACKUP_FOLDER")) if env("BACKUP_FOLDER") else None
BACKUP_RECIPIENT = env("BACKUP_RECIPIENT")
BACKUP_PATHS = [Path(folder) for folder in [*words("BACKUP_PATHS"), *words("BACKUP_FOLDER")]]
AUDIT_HEADS = Path(env("AUDIT_HEADS") or VAR / "audit-heads.log")
AUDIT_MAIL = words("AUDIT_MAIL")
ROOTS = Path(env("ROOTS") or VAR / "roots.json")
DEMO_SIGNER = VAR / "demo-signer.key"
SECRET_FILE = VAR / "secret.key"
SECRET_KEY = env("SECRET_KEY") or ENVIRONMENT.file("VAR", SECRET_FILE).strip()
SECRET_KEY_FALLBACKS = words("SECRET_KEY_ALSO")

# Who may connect: full origins (scheme, host, port)
DEMO_PORT = whole("PORT", 8000, least=1, most=65535)
DEMO_PROCESSES = whole("PROCESSES", 1, least=1, most=100)
DEMO_PAST = env("DEMO_PAST", "1") != "0"
DEMO_LETTERS = env("DEMO_LETTERS", "1") != "0"
DEMO_COUNSELLORS = whole("DEMO_COUNSELLORS", 3, least=1, most=1000)  # per line
DEMO_HOSTS: dict[str, str] = _demo.get("hosts", {})  # username → origin; each origin has its own session
ORIGINS = ENVIRONMENT.origins("ORIGINS") or [*_demo.get("urls", []), *DEMO_HOSTS.values()]
ALLOWED_HOSTS = sorted({origin.split("://")[-1].rsplit(":", 1)[0] for origin in ORIGINS})
OWN_HOSTS = words("OWN_HOSTS")  # hosts that may each belong to a single line
CSRF_TRUSTED_ORIGINS = ORIGINS
NEUTRAL_SITE = env("NEUTRAL_SITE", "https://www.buienradar.nl/")
METRICS_TOKEN = env("METRICS_TOKEN")
RECEIVERS_INSIDE = ENVIRONMENT.hosts("RECEIVERS_INSIDE")
SECURITY_CONTACT = words("SECURITY_CONTACT")
PAPERS = Path(env("PAPERS") or VAR / "papers.toml")

# The product's timings, each HELPLINE_<NAME>_SECONDS (docs/settings.md)
GRANT = seconds("GRANT", 20)
WAITING_AWAY = seconds("WAITING_AWAY", 600)
UNHEARD = seconds("UNHEARD", 60)
CALLER_SILENT = seconds("CALLER_SILENT", 1800)
STAFF_LEASE = seconds("STAFF_LEASE", 60)
RING = seconds("RING", 60)
HANDOFF_RING = seconds("HANDOFF_RING", 120)
CONSENT = seconds("CONSENT", 300)
GUEST_LINK = seconds("GUEST_LINK", 900)
OPEN_SPAN = seconds("OPEN_SPAN", 12 * 3600)
RETENTION = seconds("RETENTION", 24 * 3600)
PURGE_HOUR = seconds("PURGE_HOUR", 3600)
STAFF_WRAPS = seconds("STAFF_WRAPS", 3600)
BEAT = min(seconds("BEAT", 20), seconds("HERE", 45) / 2, seconds("STAFF_LEASE", 60) / 3)
HERE = seconds("HERE", 45)
HANDSHAKE = seconds("HANDSHAKE", 10)
BODY = seconds("BODY", 30)
OPENING = seconds("OPENING", 10)
SHELF = seconds("SHELF", 900)
CLOSING = seconds("CLOSING", 600)
SAMPLE = seconds("SAMPLE", 60)
IDLE = seconds("IDLE", 900)
PRESSURE_WINDOW = seconds("PRESSURE_WINDOW", 300)
APPROVAL = seconds("APPROVAL", 24 * 3600)
SIGNED_IN = seconds("SIGNED_IN", 12 * 3600)
SIGNED_IN_IDLE = seconds("SIGNED_IN_IDLE", 3600)
TAKEN = seconds("TAKEN", 3600)
LETTER_SPAN = seconds("LETTER_SPAN", 7 * 24 * 3600)
ANSWER_WITHIN = seconds("ANSWER_WITHIN", 24 * 3600)
FORGET_STAFF = seconds("FORGET_STAFF", 180 * 24 * 3600)
TYPING = timedelta(seconds=3)

# Sizes
QUEUE_MAX = whole("QUEUE_MAX", 20_000 if DEMO else 200)
LETTERS_MAX = whole("LETTERS_MAX", 200)
PRESSURE_FROM = number("PRESSURE_FROM", 0.6)  # share of a line's places
PRESSURE_LEAST = whole("PRESSURE_LEAST", 10)
WORK_SCALE = number("WORK_SCALE", 1)
CALLER_BURST = number("CALLER_BURST", 10)
CALLER_RATE = max(number("CALLER_RATE", 1), 1e-6)
GRANT_BURST = number("GRANT_BURST", 30)
GRANT_RATE = max(number("GRANT_RATE", 1), 1e-6)
PACE_BURST = number("PACE_BURST", 1000)
PACE_RATE = max(number("PACE_RATE", 100), 1e-6)
# Each staff seat has limits of its own. A load test that raises the callers' limits raises these, too.
STAFF_BURST = number("STAFF_BURST", max(60, CALLER_BURST))
STAFF_RATE = max(number("STAFF_RATE", max(10, CALLER_RATE)), 1e-6)
CONVERSATION_ENTRIES = whole("CONVERSATION_ENTRIES", 20000)
CONVERSATION_BYTES = whole("CONVERSATION_BYTES", 32 * 2**20)
FRAME_BYTES = 16 * 1024
SOCKETS = whole("SOCKETS", 0)  # 0: as many as this host lets the process open, at most 20,000
STAFF_SOCKETS = whole("STAFF_SOCKETS", 200)
PAGE_CONNECTIONS = whole("PAGE_CONNECTIONS", 1000)
UNREAD_BYTES = whole("UNREAD_BYTES", 256 * 2**20)
WAITING_BYTES = whole("WAITING_BYTES", 128 * 2**20)
HASHES_AT_ONCE = whole("HASHES_AT_ONCE", 2, least=2)  # sign-ins from unknown browsers leave one free
HASHES_WAITING = whole("HASHES_WAITING", 40)
HASH_PATIENCE = seconds("HASH_PATIENCE", 5)
SIGN_IN_PATIENCE = seconds("SIGN_IN_PATIENCE", 20)
BELLS_LOST = number("BELLS_LOST", 0, most=1) * DEMO  # share of bells that are dropped, to test heartbeats
DEVICE_APPROVAL = ENVIRONMENT.one_of(
    "DEVICE_APPROVAL", "any" if DEMO else "supervisor", ("supervisor", "first", "any")
)

# Applications
KNOWN_APPS = ("planning", "reports", "practice", "demo")
OPTIONAL_APPS = ENVIRONMENT.some_of("APPS", KNOWN_APPS)
INSTALLED_APPS = [
    "counsellors.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "counsellors",
    "chat",
    "chat.administration",
    *(f"chat.{app}" for app in OPTIONAL_APPS),
    "helpline",
]
MIDDLEWARE = [
    "helpline.middleware.EveryAnswer",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "helpline.middleware.StaffOnlySessions",
    "helpline.middleware.KnownHosts",
    "helpline.middleware.StaffOnlyCsrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # The last one is synchronous, so Django runs all of them in one thread, and not each hook in a thread.
    "helpline.middleware.NotWhileRestored",
]
ROOT_URLCONF = "helpline.urls"
ASGI_APPLICATION = "helpline.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
# The first language is the default. Each has a folder of texts (helpline/languages.py).
LANGUAGE_FOLDERS = ENVIRONMENT.languages("LANGUAGES", "nl en", BASE / "helpline" / "locale")
LANGUAGES = [(code, code) for code in LANGUAGE_FOLDERS]
LANGUAGE_CODE = next(iter(LANGUAGE_FOLDERS))
LOCALE_PATHS = list(dict.fromkeys(folder.parent for folder in LANGUAGE_FOLDERS.values()))

# Each database thread has its own connection: the threads of the bridge (helpline/lib/bridge/), and those of
# pages (helpline/page_limits.py).
DATABASE_URL = ENVIRONMENT.address(
    "DATABASE_URL", store_urls.DATABASES, store_urls.database, store_urls.A_DATABASE
)
BRIDGE_THREADS = whole("BRIDGE_THREADS", 8 if DATABASE_URL else 1, least=1)
BRIDGE_WAITING = whole("BRIDGE_WAITING", 4000)
PAGES_AT_ONCE = whole("PAGES_AT_ONCE", 4, least=1)
STAFF_PAGES_AT_ONCE = whole("STAFF_PAGES_AT_ONCE", 2, least=1)
_page_threads = PAGES_AT_ONCE + 2 * STAFF_PAGES_AT_ONCE + 2 * HASHES_AT_ONCE - 1
SQLITE_FILE = VAR / "db.sqlite3"
_sqlite: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": SQLITE_FILE,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    },
}
DATABASES: dict[str, Any] = {"default": _sqlite}
if DATABASE_URL:
    _place = store_urls.database(DATABASE_URL)
    DATABASES["default"] = {
        **_place,
        "OPTIONS": {
            **_place["OPTIONS"],
            "pool": store_urls.pool(BRIDGE_THREADS + _page_threads),
            # A row that stays locked for long must not block the process's threads one by one.
            "options": "-c lock_timeout=5000",
            "connect_timeout": 3,
            # Each connection prepares a statement only one time. This saves PostgreSQL a third of the CPU
            # time per message.
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }

# Notifications between processes
REDIS_URL = ENVIRONMENT.address("REDIS_URL", store_urls.LAYERS, store_urls.layer, store_urls.A_LAYER)
if DEMO_PROCESSES > 1 and not REDIS_URL:
    ENVIRONMENT.refuse("PROCESSES", "several ring each other by Redis; set REDIS_URL, or leave it at 1")
# The first key encrypts, and all of them decrypt
_secrets = [SECRET_KEY, *SECRET_KEY_FALLBACKS]
_bells_keys = [hmac.digest(secret.encode(), b"helpline bells", "sha256") for secret in _secrets]
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # This must be longer than the 5 s for which channels_redis waits for a bell. redis-py's default
            # is 5 s, too, and an idle process would then consider Redis lost.
            "hosts": [store_urls.layer(REDIS_URL) | {"socket_timeout": 15}],
            # Without the key, somebody who can reach Redis can neither read bells nor ring them.
            "symmetric_encryption_keys": _bells_keys if SECRET_KEY else [],
            "capacity": 10_000,
            "expiry": 10,
            "prefix": "helpline",
        },
    }

# Staff accounts
AUTH_USER_MODEL = "counsellors.Person"
AUTHENTICATION_BACKENDS = ["counsellors.signin.locks.LockedByName"]
PASSWORD_HASHERS = ["counsellors.signin.hashing.FewAtOnce"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "counsellors.signin.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
CSRF_FAILURE_VIEW = "counsellors.pages.signing_in.expired"
LOGOUT_REDIRECT_URL = "/login/"
SESSION_ENGINE = "counsellors.signin.sessions"
SESSION_COOKIE_AGE = int(SIGNED_IN.total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
OTP_TOTP_ISSUER = "Helpline"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # counsellors/signin/locks.py limits tries instead

# What a browser is allowed to do
_policy: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["solver"],  # for callers' pages; staff pages: counsellors/pages/common.py
}
SECURE_CSP = _policy
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
# These are used for sounds, for copying a link or a number, and for the passkeys of staff.
_used = ("autoplay", "clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
_unused = (
    "accelerometer",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([f"{name}=(self)" for name in _used] + [f"{name}=()" for name in _unused])

# TLS ends at a proxy. In this header the proxy says that a request came over TLS. If the setting is empty, no
# header is trusted.
PROXY_SSL_HEADER = env("PROXY_SSL_HEADER")
SECURE_PROXY_SSL_HEADER = (
    (f"HTTP_{PROXY_SSL_HEADER.upper().replace('-', '_')}", "https") if PROXY_SSL_HEADER else None
)

# Mail carries alerts, reminders, one-time links and the audit's head (chat/outbox.py), and nothing else.
# Without a host nothing is sent; a demo writes mail into a folder.
MAIL_HOST, MAIL_PORT = env("MAIL_HOST"), whole("MAIL_PORT", 587, least=1, most=65535)
MAIL_USER, MAIL_PASSWORD = env("MAIL_USER"), env("MAIL_PASSWORD")
MAIL_TLS = ENVIRONMENT.one_of("MAIL_TLS", "1", ("1", "0")) == "1"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "helpline@localhost")
_mailer: dict[str, Any] = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
if DEMO:
    _mailer = {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": VAR / "mail"},
    }
if MAIL_HOST:
    _mailer = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": MAIL_PORT,
            "username": MAIL_USER,
            "password": MAIL_PASSWORD,
            "use_tls": MAIL_TLS,
            "timeout": 10,
        },
    }
MAILERS = {"default": _mailer}

# Logs hold the keys that helpline/lib/logs.py allows, and nothing about a caller
LOGGING_CONFIG = "helpline.lib.logs.configure"
LOGGING: dict[str, Any] = {"version": 1}  # if it were empty, Django would not call LOGGING_CONFIG
SILENCED_SYSTEM_CHECKS = [
    "mail.E001",  # without a host no mail is sent, on purpose
    "security.W003",  # StaffOnlyCsrf is Django's middleware, for the paths that have cookies
    "security.W008",  # a proxy in front redirects to HTTPS
    "security.W021",  # only the domain's owner can decide on HSTS preloading
]

# No process starts if any of its settings is wrong
ENVIRONMENT.require()
