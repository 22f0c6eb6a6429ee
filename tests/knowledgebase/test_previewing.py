"""A draft in the editor's preview: as its readers would see it, and leading nowhere."""

import pytest
from django.urls import reverse

from communities.roles import Role
from hubs.states import HubState
from knowledgebase.models import Edition
from tests.factories import CommunityFactory, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.editor_walk import signed_in
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


def form(**fields):
    return {
        "title": "Course",
        "slug": "course",
        "audience": "members",
        "summary": "",
        "translation_of": "",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": "Ask **Ana**.",
        **fields,
    }


def previewed(client, article, **fields):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    assert client.post(url, form(**fields)).json() == {"is_valid": True, "is_available": True}
    return client.get(url)


def test_it_shows_the_words_of_the_form_in_the_frame_of_its_community(community):
    HubFactory(community=community, display_name="Coast hub", domain="coast.example", state=HubState.LIVE)
    article = published(bare(community), title="Course", body="old").article
    facts = {
        "body-count": "2",
        "body-1-type": "hub_facts",
        "body-1-order": "1",
        "body-1-deleted": "",
        "body-1-id": "",
        "body-1-value-title": "",
    }
    page = previewed(signed_in(member(community)), article, **facts).content.decode()
    assert "Ask <strong>Ana</strong>." in page
    assert "https://coast.example/" in page
    assert "Knowledge base of Coastal" in page
    assert "css/knowledgebase.css" in page
    assert "old" in Edition.objects.get().text


def test_links_lead_on_inside_the_community(community):
    article = draft(bare(community), title="Course", body="[storage](kb:storage)")
    page = signed_in(member(community)).get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])).content.decode()
    assert 'href="/c/coastal/kb/storage/"' in page


@pytest.mark.parametrize("view", ["preview", "draft"])
def test_its_policy_lets_nothing_out(community, view):
    article = draft(bare(community), title="Course")
    client = signed_in(member(community))
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])) if view == "draft" else previewed(client, article)
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";") if part.strip())
    assert (policy["default-src"], policy["script-src"], policy["form-action"]) == ("'none'", "'self'", "'none'")
    assert (policy["frame-ancestors"], "unsafe-inline" in str(policy)) == ("'self'", False)


def test_nothing_that_runs_survives_in_it(community):
    article = draft(bare(community), title="Course")
    text = "<script>alert(1)</script> ![x](https://evil.example/p.png) [y](javascript:alert(1))"
    page = previewed(signed_in(member(community)), article, **{"body-0-value": text}).content.decode()
    assert ("<script>alert" in page, "evil.example/p.png" in page, 'href="javascript' in page) == (False, False, False)


def test_a_page_of_another_community_has_no_preview(community):
    bare(community)
    article = draft(bare(CommunityFactory(slug="other")), title="Foreign")
    client = signed_in(member(community, Role.HUB_CHAMPION))
    answers = [client.get(reverse(f"wagtailadmin_pages:{name}", args=[article.pk])) for name in ("preview_on_edit", "view_draft")]
    assert [response.status_code for response in answers] == [404, 404]


def test_a_new_article_is_previewed_before_it_is_saved(community):
    knowledge_base = bare(community)
    client = signed_in(member(community))
    url = reverse("wagtailadmin_pages:preview_on_add", args=["knowledgebase", "article", knowledge_base.pk])
    assert client.post(url, form()).json()["is_valid"]
    assert "Ask <strong>Ana</strong>." in client.get(url).content.decode()


def test_the_first_page_of_a_knowledge_base_is_edited_without_a_preview(community):
    knowledge_base = bare(community)
    assert signed_in(member(community)).get(reverse("wagtailadmin_pages:edit", args=[knowledge_base.pk])).status_code == 200
