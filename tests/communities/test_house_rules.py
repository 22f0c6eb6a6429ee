"""The rules have keys and texts, in four languages, with the programme's numbers."""

import pytest
from django.utils import translation

from communities import house_rules
from communities.house_rules import Severity
from communities.models import ServicePolicy
from tests.factories import ProgrammeFactory

KEYS = {
    "event_notice", "exam_people", "exam_freeze", "exam_qos", "event_unusual", "event_week_before", "event_day_before", "event_after",
    "event_quiet_period", "end_notice", "end_export", "end_letters", "end_data", "end_metrics", "ticket_author", "reply_days",
}  # fmt: skip


def rules(policy=None):
    return {rule.key: rule for group in house_rules.groups(policy or ServicePolicy()) for rule in group.rules}


def test_every_rule_has_its_key_once():
    listed = [rule.key for group in house_rules.groups(ServicePolicy()) for rule in group.rules]
    assert sorted(listed) == sorted(KEYS)


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_every_text_is_said_in_that_language(language):
    english = rules()
    with translation.override(language):
        said = rules()
    assert not [key for key in KEYS if said[key].text == english[key].text or "{" in said[key].text]


def test_the_programmes_numbers_stand_in_the_text():
    said = rules(ServicePolicy(event_notice_days=14))
    assert "at least 14 days" in said["event_notice"].text
    assert said["event_notice"].severity == Severity.WARN


@pytest.mark.django_db
def test_the_page_shows_every_rule_with_its_anchor(client, django_assert_num_queries):
    ServicePolicy.objects.create(programme=ProgrammeFactory())
    with django_assert_num_queries(2):
        page = client.get("/rules/").content.decode()
    assert [key for key in KEYS if f'id="{key}"' not in page] == []
