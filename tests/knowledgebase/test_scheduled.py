"""What an editor scheduled is published when its time has come."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from knowledgebase.models import Edition
from knowledgebase.tasks import publish_scheduled
from tests.knowledgebase.factories import bare, draft

pytestmark = pytest.mark.django_db


def test_article_is_published_when_its_time_has_come_and_not_before():
    article = draft(bare(), title="Maintenance")
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.save_revision(approved_go_live_at=article.go_live_at)
    publish_scheduled()
    assert not Edition.objects.exists()
    article.get_latest_revision().__class__.objects.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled()
    assert Edition.objects.get().title == "Maintenance"


def test_the_scheduler_looks_every_minute():
    assert settings.CELERY_BEAT_SCHEDULE["publishing"]["task"] == publish_scheduled.name
