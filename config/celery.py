"""The task queue: one application, whichever broker the environment names."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("hubdesk", task_cls="ground.outbox:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["support.mailing", "support.asking.approving", "support.asking.surveys"])
app.autodiscover_tasks(["support.timing", "support.timing.warning", "support.asking.capacity"])
app.autodiscover_tasks(["support.composing.undoing"])
app.autodiscover_tasks(["support.following", "support.notices", "support.automation", "support.notices.digests"])
app.autodiscover_tasks(["support.escalating", "support.incidents", "support.working.timeboxing"])
app.autodiscover_tasks(["onboarding"], related_name="daily")
app.autodiscover_tasks(["onboarding", "hubs"], related_name="nightly")
app.autodiscover_tasks(["support.relations"], related_name="merging")
app.autodiscover_tasks(["support.working"], related_name="snoozing")
