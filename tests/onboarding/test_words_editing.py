"""Statements, letter templates and policies in the editor: operators alone, drafts first, frozen when published."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from communities import defaults as communities_defaults
from communities.models import ServicePolicy
from communities.roles import StaffGroup
from knowledgebase.opening import grant_everything
from onboarding import defaults
from onboarding.models import CommandPolicy, LetterTemplate, ReviewPolicy, Statement, StatementVersion
from tests.factories import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    communities_defaults.ensure()
    defaults.ensure()
    grant_everything(StaffGroup.OPERATOR)
    grant_everything(StaffGroup.COMMUNITY_GUIDE)


@pytest.fixture
def operator() -> Client:
    return signed_in(StaffGroup.OPERATOR)


def signed_in(group: StaffGroup) -> Client:
    client = Client()
    client.force_login(staff(group))
    return client


def edit(row) -> str:
    return reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk])


def typed(row, **changes: str) -> dict[str, str]:
    return {f"{part}_{language}": text for language, words in row.texts.items() for part, text in words.items()} | changes


def test_operator_reaches_every_editor_and_a_guide_none(operator):
    guide = signed_in(StaffGroup.COMMUNITY_GUIDE)
    for row in (Statement.objects.first(), LetterTemplate.objects.first(), ServicePolicy.objects.get(), ReviewPolicy.objects.get()):
        assert operator.get(edit(row)).status_code == 200
        assert guide.get(edit(row)).status_code == 302
        assert Client().get(edit(row)).status_code == 302


def test_draft_changes_nothing_that_is_read_and_publishing_freezes_the_next_version(operator, client):
    row = Statement.objects.get(kind="privacy")
    assert operator.post(edit(row), typed(row, title_en="What we keep")).status_code == 302
    assert StatementVersion.objects.current().get(statement=row).number == 1
    row.refresh_from_db()
    assert row.has_unpublished_changes
    response = operator.post(edit(row), typed(row, title_en="What we keep", **{"action-publish": "yes"}))
    assert response.status_code == 302
    version = StatementVersion.objects.current().get(statement=row)
    assert (version.number, version.texts["en"]["title"], version.published_by.groups.get().name) == (2, "What we keep", "Operator")
    assert "{operator}" not in version.texts["en"]["body"]
    assert "What we keep" in client.get("/privacy/").content.decode()


def test_history_shows_what_changed_between_two_drafts(operator):
    row = Statement.objects.get(kind="privacy")
    operator.post(edit(row), typed(row, title_es="Aviso primero"))
    operator.post(edit(row), typed(row, title_es="Aviso segundo"))
    first, second = row.revisions.order_by("pk").values_list("pk", flat=True)
    page = operator.get(reverse(row.snippet_viewset.get_url_name("revisions_compare"), args=[row.pk, first, second])).content.decode()
    assert "Title (es)" in page
    assert '<span class="deletion">primero</span><span class="addition">segundo</span>' in page


def test_publishing_without_english_is_refused_with_words_and_a_draft_is_not(operator):
    row = Statement.objects.get(kind="terms")
    refused = operator.post(edit(row), typed(row, body_en="", **{"action-publish": "yes"}))
    assert refused.status_code == 200
    assert "This language has no text yet." in refused.content.decode()
    assert operator.post(edit(row), typed(row, body_en="")).status_code == 302
    assert StatementVersion.objects.filter(statement=row).count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body_es": "Hola {nombre}"}, "There is no {nombre}."),
        ({"body_pt": ""}, "This language has no text yet."),
        ({"subject_fr": ""}, "This language has no text yet."),
        ({"body_en": "Hello {name"}, "A curly bracket stands alone."),
        ({"body_en": "Hello {conditions}"}, "There is no {conditions}."),
    ],
)
def test_letter_that_could_not_be_filled_is_refused_with_words(operator, change, words):
    row = LetterTemplate.objects.get(outcome="decline")
    response = operator.post(edit(row), typed(row, **change, **{"action-publish": "yes"}))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert row.versions.count() == 1


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_preview_shows_the_page_and_the_letter_in_each_language(operator, language):
    for row in (Statement.objects.get(kind="accessibility"), LetterTemplate.objects.get(outcome="accept_with_conditions")):
        address = reverse(row.snippet_viewset.get_url_name("preview_on_edit"), args=[row.pk])
        assert operator.post(address, typed(row)).json() == {"is_valid": True, "is_available": True}
        page = operator.get(address, {"mode": language}).content.decode()
        assert f'<html lang="{language}"' in page
        assert "{" not in page.partition("<main")[2].partition("</main")[0]


def test_nobody_adds_deletes_or_unpublishes(operator):
    row = Statement.objects.first()
    for name in ("delete", "unpublish"):
        address = reverse(row.snippet_viewset.get_url_name(name), args=[row.pk])
        assert operator.post(address).status_code == 302 or name == "unpublish"
    assert operator.get(reverse(row.snippet_viewset.get_url_name("add"))).status_code == 302
    assert Statement.objects.filter(pk=row.pk).exists()
    assert StatementVersion.objects.current().filter(statement=row).exists()


def test_policy_is_changed_and_counts_from_one(operator):
    row = ServicePolicy.objects.get()
    values = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in ("id", "programme")}
    values.pop("value_counts_representatives")
    assert operator.post(edit(row), values | {"reply_days": 0}).status_code == 200
    assert operator.post(edit(row), values | {"reply_days": 8}).status_code == 302
    assert ServicePolicy.of(row.programme_id).reply_days == 8


def test_rule_for_a_command_is_added_with_its_groups(operator):
    row = ServicePolicy.objects.get()
    address = reverse(CommandPolicy.snippet_viewset.get_url_name("add"))
    response = operator.post(
        address, {"programme": row.programme_id, "command": "reopen", "is_enabled": "on", "groups": ["Review lead", "Operator"]}
    )
    assert response.status_code == 302
    assert CommandPolicy.objects.get().groups == ["Review lead", "Operator"]
    assert Group.objects.filter(name="Review lead").exists()
