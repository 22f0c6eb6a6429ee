"""The site's settings as tests run them: no outside, a broker in memory, quick static files."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("OPERATOR_NAME", "Example Hubs")
os.environ.setdefault("SUPPORT_EMAIL", "support@hubs.example")
os.environ["EMAIL_URL"] = "memory:"
os.environ.setdefault("CELERY_BROKER_URL", "memory://")

from config.settings import *  # noqa: F403  settings are inherited whole, after the environment above
from config.settings import DATABASES, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
    },  # a test's changes are never committed, so nothing would drop a page
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # nothing here outlives the run
WHITENOISE_AUTOREFRESH = True
DESK_UNDO_SECONDS = 0
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
