"""The deployer API for a WSGI server: `gunicorn config.deployer:application --workers 1 --threads 8`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from hubs import serving  # noqa: E402  the registry of apps has to be there first

service = serving.service()
service.begin()
application = service.application
