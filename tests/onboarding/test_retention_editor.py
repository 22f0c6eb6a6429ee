"""Operators change how long people are kept; nobody else sees it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from communities.roles import StaffGroup
from onboarding import retaining
from onboarding.models import RetentionRule
from onboarding.states import Ending
from tests.factories import staff
from tests.onboarding.factories import FormVersionFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def rule() -> RetentionRule:
    FormVersionFactory()
    retaining.ensure()
    return RetentionRule.objects.get(ending=Ending.DECLINE)


def person(group: StaffGroup):
    user = staff(group)
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return user


def test_operator_changes_the_days(client, rule):
    client.force_login(person(StaffGroup.OPERATOR), backend=BACKEND)
    listing = reverse("wagtailsnippets_onboarding_retentionrule:list")
    assert "730" in client.get(listing).content.decode()
    edit = reverse("wagtailsnippets_onboarding_retentionrule:edit", args=[rule.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, {"days": "365"})
    rule.refresh_from_db()
    assert rule.days == 365


def test_others_do_not(client, rule):
    client.force_login(person(StaffGroup.REVIEW_LEAD), backend=BACKEND)
    edit = reverse("wagtailsnippets_onboarding_retentionrule:edit", args=[rule.pk])
    assert client.post(edit, {"days": "1"}).status_code == 302
    rule.refresh_from_db()
    assert rule.days == 730
