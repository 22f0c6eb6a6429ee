"""What an editor scheduled is published when its time has come."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from knowledgebase.models import Edition
from knowledgebase.tasks import publish_scheduled
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db


def test_article_is_published_when_its_time_has_come_and_not_before():
    article = draft(bare(), title="Maintenance")
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    publish_scheduled()
    assert not Edition.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
    assert Edition.objects.get().title == "Maintenance"


def test_a_live_article_keeps_its_words_until_the_later_ones_are_due():
    article = published(bare(), title="Now").article
    article.title, article.go_live_at = "Later", timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    assert Edition.objects.get().title == "Now"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
    assert Edition.objects.get().title == "Later"


def test_an_article_is_taken_back_when_its_time_is_over():
    article = published(bare(), title="Workshop").article
    type(article).objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled()
    assert not Edition.objects.exists()


def test_the_scheduler_looks_every_minute():
    assert settings.CELERY_BEAT_SCHEDULE["publishing"]["task"] == publish_scheduled.name
