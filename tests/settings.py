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
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
WHITENOISE_AUTOREFRESH = True
