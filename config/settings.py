"""Settings of the site. The only module that reads the environment; every variable is listed in docs/operate.md."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env
from kombu import Queue
from whitenoise.compress import Compressor

for _empty in [name for name, value in os.environ.items() if not value]:
    del os.environ[_empty]  # an empty variable is one that is not set
env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# Who runs this desk, and where

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or DEBUG=1 on a developer's machine.")
    SECRET_KEY = "developer-only"  # noqa: S105  never reached in production
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
OPERATOR_NAME = env.str("OPERATOR_NAME", "Example Hubs")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "support@hubs.example")

# The rooms of the house (docs/architecture.md): each imports only from those above it

INSTALLED_APPS = [
    "ground",
    "communities",
    "hubs",
    "knowledgebase",
    "support",
    "onboarding",
    "portal",
    "demo",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_countries",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.orcid",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "knowledgebase.kept_pages.middleware",  # first: a page that is kept asks for nothing else
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "ground.middleware.editor_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "communities.middleware.acting_person",
    "django.middleware.locale.LocaleMiddleware",
    "communities.middleware.language_and_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "communities.middleware.second_factor_for_staff",
    "knowledgebase.middleware.OnlyTheirOwn",
    "ground.middleware.wrong_method_page",
    "ground.middleware.ChangedMeanwhile",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "ground.widgets.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ground.context.whose_desk",
                "portal.context.surroundings",
            ],
        },
    },
]

# Where things are kept

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}", conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # docs/adr/0007: web, worker and scheduler write together
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # docs/adr/0070; `?options=` in DATABASE_URL says otherwise
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off -c join_collapse_limit=20 -c from_collapse_limit=20")

CACHES: dict[str, dict[str, Any]] = {
    "default": env.dj_cache_url("CACHE_URL", "")
    if env.str("CACHE_URL", "")
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR_DIR / "cache")}
}
# docs/adr/0066: pages of the knowledge bases for who has no cookie; forgotten after a while whatever happens, and not kept while templates are written
if DEBUG:
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
elif env.str("CACHE_URL", ""):
    _at_once = {
        "socket_timeout": 0.2,
        "socket_connect_timeout": 0.2,
    }  # a page is made in less time than a cache that hangs is worth waiting for
    CACHES["pages"] = {
        **CACHES["default"],
        "KEY_PREFIX": "pages",
        "TIMEOUT": 600,
        "OPTIONS": {**CACHES["default"].get("OPTIONS", {}), **_at_once},
    }
else:
    CACHES["pages"] = {**CACHES["default"], "LOCATION": str(VAR_DIR / "pages"), "TIMEOUT": 600, "OPTIONS": {"MAX_ENTRIES": 5000}}

STORAGE_URL = env.str("STORAGE_URL", "")
_storage = urlsplit(STORAGE_URL)  # s3://bucket/prefix
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _storage.netloc,
                "location": _storage.path.strip("/"),
                "default_acl": "private",
                "file_overwrite": False,
            },
        }
        if STORAGE_URL
        else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None}}
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "config.static_files.PackagesFinder"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]  # megabytes that only a debugger asks for

# People

AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "communities.signing_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "communities.signing_in.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION = "none"  # a code sent to the address is the verification
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.split(":", maxsplit=1)[0]
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # accounts are linked by the address a provider has verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False


def provider_apps(prefix: str, **extra: object) -> list[dict[str, object]]:
    """The provider's application, when the environment names one."""
    client_id = env.str(f"{prefix}_CLIENT_ID", "")
    return [{"client_id": client_id, "secret": env.str(f"{prefix}_CLIENT_SECRET", ""), **extra}] if client_id else []


SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {
    "github": {"APPS": provider_apps("GITHUB"), "SCOPE": ["user:email"]},
    "orcid": {"APPS": provider_apps("ORCID")},
    "openid_connect": {
        "APPS": provider_apps("CILOGON", provider_id="cilogon", name="CILogon", settings={"server_url": "https://cilogon.org"})
    },
}
PROVIDER_ORIGINS = {"github": "https://github.com", "orcid": "https://orcid.org", "openid_connect": "https://cilogon.org"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = OPERATOR_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
USERSESSIONS_TRACK_ACTIVITY = False  # a write on every read would cost each page five queries

# Words and times

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("pt", _("Portuguese")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# Mail: a row first (ground.mail), then the transport that EMAIL_URL names

EMAIL_BACKEND = "ground.mail.RowBackend"
DEFAULT_FROM_EMAIL = f"{OPERATOR_NAME} <{SUPPORT_EMAIL}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_transport = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_TRANSPORT = "demo.mailbox.EmailBackend" if DEMO else _transport["EMAIL_BACKEND"]
EMAIL_HOST = _transport.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _transport.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _transport.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _transport.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _transport.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _transport.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
INBOUND_EMAIL_URL = env.str("INBOUND_EMAIL_URL", "")  # imaps://user:password@host/INBOX

# Tasks: the embedded default keeps messages as files; rows are the outbox either way (docs/adr/0009)

_broker_dir = VAR_DIR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost/")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if CELERY_BROKER_URL.startswith("filesystem"):
    for folder in ("messages", "control"):
        (_broker_dir / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker_dir / "messages"),
        "data_folder_out": str(_broker_dir / "messages"),
        "control_folder": str(_broker_dir / "control"),
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
CELERY_TASK_QUEUES = [Queue("hubdesk")]
CELERY_TASK_DEFAULT_QUEUE = "hubdesk"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_TASK_PUBLISH_RETRY = False  # a broker that is away costs seconds at most: the row waits, the sweep enqueues it
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "ground.tasks.beat", "schedule": 10.0, "options": {"expires": 10}},
    "sweep": {"task": "ground.tasks.sweep", "schedule": env.float("SWEEP_SECONDS", 10.0), "options": {"expires": 10}},
    "publishing": {"task": "knowledgebase.tasks.publish_scheduled", "schedule": 60.0, "options": {"expires": 60}},
    "care": {"task": "knowledgebase.tasks.care_nightly", "schedule": crontab(hour="2", minute="5"), "options": {"expires": 3600}},
    "tidying-search": {"task": "knowledgebase.tasks.tidy_search", "schedule": crontab(hour="4", minute="20"), "options": {"expires": 3600}},
    "matrices": {"task": "communities.tasks.tell_news", "schedule": 3600.0, "options": {"expires": 3600}},
    "renewals": {"task": "communities.tasks.ask_for_renewals", "schedule": 3600.0, "options": {"expires": 3600}},
    "urging": {"task": "onboarding.tasks.urge_reviewers", "schedule": 3600.0, "options": {"expires": 3600}},
    "comparing": {
        "task": "onboarding.tasks.compare_applications",
        "schedule": crontab(hour="1", minute="40"),
        "options": {"expires": 3600},
    },
    "drafts": {"task": "onboarding.tasks.purge_drafts", "schedule": 3600.0, "options": {"expires": 3600}},
    "reminders": {"task": "onboarding.tasks.remind_of_drafts", "schedule": 3600.0, "options": {"expires": 3600}},
    "retention": {"task": "onboarding.nightly.keep_no_longer", "schedule": crontab(hour="3", minute="10"), "options": {"expires": 3600}},
    "plans-changed": {"task": "onboarding.daily.look_at_changes", "schedule": 60.0, "options": {"expires": 60}},
    "plans": {"task": "onboarding.daily.look_again", "schedule": 3600.0, "options": {"expires": 3600}},
    "agreements": {"task": "onboarding.daily.begin_renewals", "schedule": crontab(hour="5", minute="10"), "options": {"expires": 3600}},
    "endings": {"task": "onboarding.daily.begin_endings", "schedule": crontab(hour="5", minute="12"), "options": {"expires": 3600}},
    "letters": {"task": "onboarding.daily.write_ending_letters", "schedule": crontab(hour="5", minute="20"), "options": {"expires": 3600}},
    "value": {"task": "onboarding.daily.count_value", "schedule": crontab(hour="3", minute="40"), "options": {"expires": 3600}},
    "hub-letters": {"task": "hubs.nightly.write_letters", "schedule": crontab(hour="5", minute="25"), "options": {"expires": 3600}},
    "hub-ends": {"task": "hubs.nightly.draft_ends", "schedule": crontab(hour="5", minute="30"), "options": {"expires": 3600}},
    "event-tasks": {"task": "hubs.nightly.tell_what_is_late", "schedule": crontab(hour="6", minute="0"), "options": {"expires": 3600}},
    "waiting-hubs": {"task": "hubs.tasks.remind_of_waiting", "schedule": 3600.0, "options": {"expires": 3600}},
    "drift": {"task": "hubs.tasks.look_for_drift", "schedule": crontab(minute="35"), "options": {"expires": 3000}},
    "hub-health": {"task": "hubs.tasks.watch_hubs", "schedule": 120.0, "options": {"expires": 120}},
    "hub-use": {"task": "hubs.tasks.count_use", "schedule": crontab(minute="50"), "options": {"expires": 3600}},
    "clocks": {"task": "support.timing.warning.tasks.watch_clocks", "schedule": 60.0, "options": {"expires": 60}},
    "capacity": {"task": "support.asking.capacity.tasks.answer_newcomers", "schedule": 60.0, "options": {"expires": 60}},
    "snoozed": {"task": "support.working.snoozing.wake_due", "schedule": 60.0, "options": {"expires": 60}},
    "merged": {"task": "support.relations.merging.pass_on", "schedule": 60.0, "options": {"expires": 60}},
    "approvals": {"task": "support.asking.approving.tasks.remind_of_approvals", "schedule": 3600.0, "options": {"expires": 3600}},
    "surveys": {"task": "support.asking.surveys.tasks.ask_how_it_went", "schedule": 600.0, "options": {"expires": 600}},
    "following": {"task": "support.following.tasks.follow_due", "schedule": 60.0, "options": {"expires": 60}},
    "notices": {"task": "support.notices.tasks.send_due", "schedule": 60.0, "options": {"expires": 60}},
    "digests": {"task": "support.notices.digests.tasks.write_due", "schedule": 900.0, "options": {"expires": 900}},
    "archives": {"task": "portal.tasks.remove_archives", "schedule": crontab(hour="4", minute="40"), "options": {"expires": 3600}},
    "updates": {
        "task": "portal.tasks.draft_updates",
        "schedule": crontab(day_of_month="1-10", hour="6", minute="15"),
        "options": {"expires": 3600},
    },
    "rules": {"task": "support.automation.tasks.run_time_rules", "schedule": 3600.0, "options": {"expires": 3600}},
}

# The outside

DESK_UNDO_SECONDS = env.float("DESK_UNDO_SECONDS", 10.0)  # how long a reply can be taken back before it leaves; 0: not at all
FRESHDESK_URL = env.str("FRESHDESK_URL", "").rstrip("/")
FRESHDESK_API_KEY = env.str("FRESHDESK_API_KEY", "")
FRESHDESK_WEBHOOK_SECRET = env.str("FRESHDESK_WEBHOOK_SECRET", "")
FRESHDESK_TRANSPORT = None  # tests put the simulator here
FRESHDESK_CLOCK = None  # and the simulator's time here: nobody really waits
FRESHDESK_TICKET_FILES = env.bool("FRESHDESK_TICKET_FILES", True)
FRESHDESK_POLL_SECONDS = env.float("FRESHDESK_POLL_SECONDS", 60.0)
if FRESHDESK_URL:
    CELERY_BEAT_SCHEDULE["freshdesk"] = {
        "task": "support.tasks.poll",
        "schedule": FRESHDESK_POLL_SECONDS,
        "options": {"expires": FRESHDESK_POLL_SECONDS},
    }
    CELERY_BEAT_SCHEDULE["freshdesk-compare"] = {
        "task": "support.tasks.reconcile",
        "schedule": crontab(hour="2", minute="30"),
        "options": {"expires": 3600},
    }
    CELERY_BEAT_SCHEDULE["freshdesk-ledger"] = {"task": "support.tasks.forget_old_lines", "schedule": 86400.0, "options": {"expires": 3600}}
if INBOUND_EMAIL_URL:
    CELERY_BEAT_SCHEDULE["mailbox"] = {"task": "support.mailing.tasks.fetch_mail", "schedule": 60.0, "options": {"expires": 60}}
DEPLOYER_URL = env.str("DEPLOYER_URL", "") or f"git+file://{VAR_DIR / 'configuration'}"
DEPLOYER_TOKEN = env.str("DEPLOYER_TOKEN", "")
DEPLOYER_CALLBACK_SECRET = env.str("DEPLOYER_CALLBACK_SECRET", "")
DEPLOYER_CALLBACK_URL = env.str("DEPLOYER_CALLBACK_URL", "")  # where serve_deployer calls back
DEPLOYER_READ_TOKEN = env.str("DEPLOYER_READ_TOKEN", "")  # of serve_deployer, for whoever only looks
LOCAL_HUB_VENV = Path(env.str("LOCAL_HUB_VENV", str(BASE_DIR / ".venv-local-hub")))  # the optional JupyterHub on this machine
DEPLOYER_TRANSPORT = None  # tests put a deployer behind HTTP here
HUBS_READ_SECONDS = env.float(
    "HUBS_READ_SECONDS", 900.0
)  # how often the configuration is read; 0: only when a request has been carried out
if HUBS_READ_SECONDS:
    CELERY_BEAT_SCHEDULE["registry"] = {
        "task": "hubs.tasks.keep_current",
        "schedule": HUBS_READ_SECONDS,
        "options": {"expires": HUBS_READ_SECONDS},
    }
HUB_TOKENS: dict[str, str] = env.json("HUB_TOKENS", {})  # by the hub's address; kept in no table and no log
HUB_API_PRIVATE = env.bool("HUB_API_PRIVATE", False)
HUB_PRIVATE_CLUSTERS: list[str] = env.list("HUB_PRIVATE_CLUSTERS", [])  # or only the hubs of these clusters
HUB_CONTROL_URL = env.str("HUB_CONTROL_URL", "")  # answers whenever we have a network: tells our own trouble from the hubs'
HUB_METRICS_TOKENS: dict[str, str] = env.json("HUB_METRICS_TOKENS", {})  # by the hub's address, scope read:metrics
PROMETHEUS_URL = env.str("PROMETHEUS_URL", "")
PROMETHEUS_URLS: dict[str, str] = env.json("PROMETHEUS_URLS", {})  # by the cluster's name, where each has its own
PROMETHEUS_TOKENS: dict[str, str] = env.json("PROMETHEUS_TOKENS", {})  # by Prometheus' address
PROMETHEUS_TRANSPORT = None  # tests put one here
LINK_CHECK_PRIVATE = env.bool("LINK_CHECK_PRIVATE", False)
HUB_API_TRANSPORT = None  # tests put a small hub here
DEMO_HOST_ORIGIN = env.str("DEMO_HOST_ORIGIN", "http://127.0.0.1:8003")  # the demonstration's site that carries the widget
GITHUB_API_URL = env.str("GITHUB_API_URL", "https://api.github.com").rstrip("/")
GITHUB_TOKEN = env.str("GITHUB_TOKEN", "")  # or an App, which asks for short-lived ones:
GITHUB_APP_ID = env.str("GITHUB_APP_ID", "")
GITHUB_APP_PRIVATE_KEY = env.str("GITHUB_APP_PRIVATE_KEY", "")
GITHUB_WEBHOOK_SECRET = env.str("GITHUB_WEBHOOK_SECRET", "")
GITHUB_TRANSPORT = None  # tests put the simulator here
GITHUB_POLL_SECONDS = env.float("GITHUB_POLL_SECONDS", 120.0)
if GITHUB_TOKEN or (GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY):
    CELERY_BEAT_SCHEDULE["github"] = {
        "task": "support.escalating.tasks.poll",
        "schedule": GITHUB_POLL_SECONDS,
        "options": {"expires": GITHUB_POLL_SECONDS},
    }
TIMEBOX_MINUTES = env.int("TIMEBOX_MINUTES", 30)
CELERY_BEAT_SCHEDULE["timeboxes"] = {"task": "support.working.timeboxing.tasks.look", "schedule": 60.0, "options": {"expires": 60}}

SEARCH_SEMANTIC = env.str("SEARCH_SEMANTIC", "")  # docs/adr/0059: a class, as knowledgebase.searching.semantic.shapes.Shapes

# Safety at the edge

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Chromium holds a form's redirects to form-action too: signing in with a provider starts with one.
FORM_TARGETS = [SELF, *(origin for provider, origin in PROVIDER_ORIGINS.items() if SOCIALACCOUNT_PROVIDERS[provider]["APPS"])]
if SITE_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", int(SITE_URL.startswith("https://")))  # whose X-Forwarded-For is believed
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ground.error_pages.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the editor posts a form of 64 questions in four languages as some 2,700 inputs
LARGEST_UPLOAD = 64 * 1024 * 1024  # a form with its files; what is larger is turned away before anything is kept
FILE_UPLOAD_HANDLERS = [
    "ground.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": FORM_TARGETS,
        "frame-ancestors": [NONE],
    }
}
# Wagtail's editor writes styles and handlers into its pages; this policy serves /cms/ alone.
EDITOR_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
}
# A draft as its readers will see it, inside the editor: nothing is sent anywhere, nothing comes from elsewhere.
PREVIEW_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "img-src": [SELF, "data:"],
    "media-src": [SELF],
    "style-src": [SELF],
    "font-src": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [SELF],
    "form-action": [NONE],
}

# Wagtail

WAGTAIL_SITE_NAME = OPERATOR_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_FINISH_WORKFLOW_ACTION = "knowledgebase.finishing.publish"
WAGTAILADMIN_COMMENTS_ENABLED = False  # who reads for another says in one box what should change
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]  # no SVG: it can hold a program
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # 160 MB once unpacked
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "gz", "ipynb", "json", "md", "odp", "ods", "odt", "pdf", "pptx", "py", "r", "tar", "tsv", "txt", "xlsx"),
    *("yaml", "yml", "zip"),
    *("mp4", "webm", "vtt"),
]
WAGTAILIMAGES_IMAGE_MODEL = "knowledgebase.ArticleImage"
WAGTAILDOCS_DOCUMENT_MODEL = "knowledgebase.ArticleDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["communities.tokens.TokenAuthentication", "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "ground.paging.ApiPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ground.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "ground.problems.as_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hubdesk",
    "DESCRIPTION": "Communities, applications, tickets, hubs, hub requests and articles.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["communities.openapi.only_ours"],
    "ENUM_NAME_OVERRIDES": {
        "HubRequestKind": "hubs.states.Kind",
        "TicketKind": "support.states.Kind",
        "MessageKind": "support.states.MessageKind",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "django": {"handlers": [], "propagate": True},
    },
}
