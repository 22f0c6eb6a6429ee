"""Wagtail's editor as an operator uses it: save, be told what is missing, publish, look back; and nothing of it for anybody else."""

import copy

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase import opening
from onboarding import defaults, drafting, publishing, reviewing
from onboarding.models import FormDefinition, FormDraft, FormVersion, PlanDraft, PlanTemplateVersion, Review, RubricDraft, RubricVersion
from onboarding.states import ConflictKind, Outcome
from tests.factories import CommunityFactory, acting, member, staff
from tests.onboarding.editor import address, form_of
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory, FormVersionFactory, interest_schema
from tests.onboarding.review_factories import marks, reviewer, rubric

pytestmark = pytest.mark.django_db
LABEL = "body-2-value-questions-0-value-label"


@pytest.fixture(autouse=True)
def _setup():
    FormVersionFactory()
    rubric()
    drafting.ensure()


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def operator():
    return signed_in(staff(StaffGroup.OPERATOR, name="Olga Operator"))


def interest():
    return FormDraft.objects.get(definition__key="interest")


def newest(draft):
    return type(draft).objects.get(pk=draft.pk).get_latest_revision_as_object()


def test_setup_makes_a_draft_of_each_and_never_again():
    made = [model.objects.get() for model in (FormDraft, RubricDraft, PlanDraft)]
    assert [(draft.live, draft.has_unpublished_changes, draft.revisions.count()) for draft in made] == [(True, False, 1)] * 3
    assert made[0].document == FormVersion.objects.get().schema
    assert [drafting.findings(draft) for draft in made] == [[], [], []]
    made[1].changelog = "Theirs"
    made[1].save()
    defaults.ensure()
    assert (FormDraft.objects.count(), RubricDraft.objects.get().changelog) == (1, "Theirs")


@pytest.mark.parametrize("model", [FormDraft, RubricDraft, PlanDraft])
def test_a_draft_saved_without_a_change_says_the_same(operator, model):
    draft = model.objects.get()
    before = draft.document
    assert operator.get(address(draft)).status_code == 200
    response = operator.post(address(draft), form_of(draft))
    assert response.status_code == 302, response.context["form"].errors
    assert newest(draft).document == before


def test_saving_keeps_a_draft_with_something_missing_and_changes_no_version(operator):
    draft = interest()
    response = operator.post(address(draft), form_of(draft) | {f"{LABEL}-es": ""}, follow=True)
    page = response.content.decode()
    assert "One thing stands in the way of publishing" in page
    assert "Question “What is your community called?” (community.long_name), wording</a>: no text in es" in page
    assert "Spanish: one text is missing" in page
    assert FormVersion.objects.count() == 1
    assert newest(draft).has_unpublished_changes


def test_publishing_with_something_missing_is_refused_whole_and_keeps_the_draft(operator):
    draft = interest()
    form = form_of(draft) | {f"{LABEL}-es": "", f"{LABEL}-en": "Its name?", "action-publish": "1"}
    response = operator.post(address(draft), form)
    assert (response.status_code, response.headers["Location"]) == (302, address(draft))
    assert "Not published: one thing stands in the way" in str(next(iter(get_messages(response.wsgi_request))))
    stored = newest(draft)
    assert (stored.has_unpublished_changes, stored.live_revision) == (True, None)
    assert stored.document["steps"][1]["fields"][0]["label"]["en"] == "Its name?"
    assert FormVersion.objects.count() == 1
    assert not ModelLogEntry.objects.filter(action__in=["wagtail.publish", "onboarding.publish_form"], user__name="Olga Operator").exists()


def test_publishing_freezes_the_next_version_and_says_who_and_why(operator):
    draft = interest()
    form = form_of(draft, changelog="A shorter question") | {f"{LABEL}-en": "Its name?", "action-publish": "1"}
    response = operator.post(address(draft), form)
    assert response.status_code == 302, response.context["form"].errors
    version = FormVersion.objects.current().get()
    assert (version.number, version.changelog, version.published_by.name) == (2, "A shorter question", "Olga Operator")
    assert version.form.field("community.long_name").label["en"] == "Its name?"
    stored = interest()
    assert (stored.live, stored.has_unpublished_changes, stored.changelog, stored.document) == (True, False, "", version.schema)
    entries = set(ModelLogEntry.objects.filter(user__name="Olga Operator").values_list("action", flat=True))
    assert {"onboarding.publish_form", "wagtail.publish"} <= entries


def test_publishing_what_is_published_makes_no_version_and_says_so(operator):
    draft = interest()
    page = operator.post(address(draft), form_of(draft) | {"action-publish": "1"}, follow=True)
    assert page.redirect_chain == [(reverse("onboarding_editing:overview"), 302)]
    assert "It says the same as version 1, which stays in use." in page.content.decode()
    assert FormVersion.objects.count() == 1


def test_an_applicant_who_began_stays_on_the_version_they_began_with(operator):
    application = ApplicationFactory(form_version=FormVersion.objects.get())
    draft = interest()
    operator.post(address(draft), form_of(draft) | {f"{LABEL}-en": "Its name?", "action-publish": "1"})
    application.refresh_from_db()
    assert application.form_version.form.field("community.long_name").label["en"] == "What is your community called?"


def test_a_rubric_whose_weights_are_wrong_is_not_published(operator):
    draft = RubricDraft.objects.get()
    place = next(number for number, block in enumerate(draft.body) if block.block_type == "criterion")
    weight = {f"body-{place}-value-weight": "11", "action-publish": "1"}
    page = operator.post(address(draft), form_of(draft) | weight, follow=True).content.decode()
    assert "The weights do not add up to 100." in page
    assert RubricVersion.objects.count() == 1


def test_new_reviews_use_the_new_rubric_and_submitted_ones_keep_theirs(operator):
    application = ApplicationFactory(form_version=FormVersion.objects.get(), state="in_review")
    AnswerRevisionFactory(application=application)

    def review():
        by = acting(reviewer())
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)
        return reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=by)

    first = review()
    draft = RubricDraft.objects.get()
    places = [number for number, block in enumerate(draft.body) if block.block_type == "criterion"][:2]
    weights = {f"body-{places[0]}-value-weight": "12", f"body-{places[1]}-value-weight": "10", "action-publish": "1"}
    assert operator.post(address(draft), form_of(draft) | weights).status_code == 302
    second = review()
    assert (first.rubric_version.number, second.rubric_version.number) == (1, 2)
    assert Review.objects.get(pk=first.pk).rubric_version.content.weights["mission"] == 10


def test_a_plan_is_published_and_one_that_lost_a_phase_is_not(operator):
    draft = PlanDraft.objects.get()
    title = {"body-0-value-title-en": "Agree first", "action-publish": "1"}
    operator.post(address(draft), form_of(draft) | title)
    version = PlanTemplateVersion.objects.get(is_current=True)
    assert (version.number, version.document["phases"][0]["title"]["en"], version.published_by.name) == (2, "Agree first", "Olga Operator")
    draft = PlanDraft.objects.get()
    gone = form_of(draft) | {"body-2-deleted": "1", "action-publish": "1"}
    page = operator.post(address(draft), gone, follow=True).content.decode()
    assert "community.short_name is needed before p1_account, which this plan no longer has." in page
    assert PlanTemplateVersion.objects.count() == 2


def test_a_locked_draft_cannot_be_saved_by_another(operator):
    draft = interest()
    other = signed_in(staff(StaffGroup.OPERATOR))
    assert other.post(address(draft, "lock")).status_code in {200, 302}
    response = operator.post(address(draft), form_of(draft) | {f"{LABEL}-en": "Mine"})
    assert response.status_code == 200
    assert newest(draft).document == FormVersion.objects.get().schema


def test_an_earlier_save_can_be_looked_at_and_taken_back(operator):
    draft = interest()
    first = draft.latest_revision
    operator.post(address(draft), form_of(draft) | {f"{LABEL}-en": "Another"})
    assert operator.get(address(draft, "history")).status_code == 200
    revert = address(draft, "revisions_revert", first.pk)
    assert operator.get(revert).status_code == 200
    operator.post(revert, form_of(first.as_object()))
    assert newest(draft).document == FormVersion.objects.get().schema


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("model", [FormDraft, RubricDraft, PlanDraft])
def test_a_preview_shows_the_draft_in_each_language(operator, model, language):
    draft = model.objects.get()
    posted = operator.post(address(draft, "preview_on_edit"), form_of(draft))
    assert posted.json() == {"is_valid": True, "is_available": True}
    page = operator.get(address(draft, "preview_on_edit"), {"mode": language}).content.decode()
    words = {
        FormDraft: draft.document.get("title"),
        RubricDraft: draft.document.get("title"),
        PlanDraft: draft.document.get("phases", [{}])[0].get("title"),
    }[model]
    assert words[language] in page.replace("&#x27;", "'")


def test_a_form_preview_draws_questions_as_applicants_see_them(operator):
    draft = interest()
    operator.post(address(draft, "preview_on_edit"), form_of(draft) | {f"{LABEL}-es": "¿Su nombre?"})
    page = operator.get(address(draft, "preview_on_edit"), {"mode": "es"}).content.decode()
    assert "¿Su nombre?" in page
    assert 'name="community.long_name"' in page
    assert "use.types" in page


def test_overview_versions_and_comparison_say_what_there_is(operator):
    draft = interest()
    publish = {f"{LABEL}-en": "Its name?", "action-publish": "1"}
    operator.post(address(draft), form_of(draft, changelog="Shorter") | publish)
    operator.post(address(draft), form_of(interest()) | {f"{LABEL}-pt": ""})
    overview = operator.get(reverse("onboarding_editing:overview")).content.decode()
    assert all(words in overview for words in ("interest", "Version 2", "Has changes", "Portuguese: 1"))
    versions = operator.get(reverse("onboarding_editing:versions", args=["form", draft.pk])).content.decode()
    assert all(words in versions for words in ("Shorter", "Olga Operator", FormVersion.objects.current().get().sha256[:12]))
    compare = reverse("onboarding_editing:compare", args=["form", draft.pk])
    old_and_new = operator.get(compare, {"before": 1, "now": 2}).content.decode()
    assert all(words in old_and_new for words in ("wording (en)", "What is your community called?", "Its name?"))
    would_be = operator.get(compare).content.decode()
    assert "wording (pt)" in would_be
    assert "wording (en)" not in would_be
    assert operator.get(compare, {"before": 9, "now": 2}).status_code == 404
    assert operator.get(compare, {"before": "x"}).status_code == 404


def test_the_list_of_versions_asks_the_same_of_the_database_however_many(operator):
    draft = interest()
    listed = reverse("onboarding_editing:versions", args=["form", draft.pk])
    operator.get(listed)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(listed).status_code == 200
        return len(queries)

    one = counted()
    for number in (2, 3):
        FormVersionFactory(definition=draft.definition, number=number, is_current=False, sha256=str(number) * 64)
    assert counted() == one


def test_the_overview_asks_the_same_of_the_database_however_many(operator):
    overview = reverse("onboarding_editing:overview")
    operator.get(overview)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(overview).status_code == 200
        return len(queries)

    one = counted()
    for key in ("second", "third"):
        drafting.add_form(key, is_public=False, by=Actor.system())
    assert counted() == one


def test_a_preview_may_stand_in_the_pane_of_the_editor_and_nowhere_else(operator):
    draft = interest()
    response = operator.get(address(draft, "preview_on_edit"), {"mode": "en", "in_preview_panel": "true"})
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_new_form_begins_empty_and_unseen(operator):
    response = operator.post(reverse("onboarding_editing:add_form"), {"key": "event-request"})
    draft = FormDraft.objects.get(definition__key="event-request")
    assert (response.status_code, response.headers["Location"]) == (302, address(draft))
    assert (draft.live, draft.definition.versions.count()) == (False, 0)
    assert "stand in the way" in operator.get(address(draft)).content.decode()
    again = operator.post(reverse("onboarding_editing:add_form"), {"key": "event-request"})
    assert (again.status_code, "There is a form with this key already." in again.content.decode()) == (422, True)
    assert FormDefinition.objects.count() == 2


def test_a_form_is_opened_once_it_can_be_sent_and_closed_again(operator):
    draft = interest()
    close, opened = (reverse(f"onboarding_editing:{verb}_form", args=[draft.pk]) for verb in ("close", "open"))
    assert "Nobody can begin" in operator.post(close, follow=True).content.decode()
    assert not FormDefinition.objects.get(key="interest").is_public
    assert "Anybody may fill in" in operator.post(opened, follow=True).content.decode()
    assert FormDefinition.objects.get(key="interest").is_public
    empty = drafting.add_form("event", is_public=False, by=Actor.system())
    page = operator.post(reverse("onboarding_editing:open_form", args=[empty.pk]), follow=True).content.decode()
    assert "no version in use yet" in page
    assert not FormDefinition.objects.get(key="event").is_public


def test_a_form_without_an_address_to_answer_to_is_not_opened(operator):
    schema = copy.deepcopy(interest_schema()) | {"key": "small"}
    schema["steps"] = schema["steps"][:1]
    draft = drafting.add_form("small", is_public=False, by=Actor.system())
    publishing.publish(draft.definition, schema, by=Actor.system())
    page = operator.post(reverse("onboarding_editing:open_form", args=[draft.pk]), follow=True).content.decode()
    assert "nobody could send this form" in page
    assert not FormDefinition.objects.get(key="small").is_public


def test_nobody_adds_deletes_or_unpublishes_a_draft(operator):
    draft = interest()
    page = operator.get(address(draft)).content.decode()
    assert "Publish" in page
    assert address(draft, "unpublish") not in page
    for client in (operator, signed_in(staff(StaffGroup.OPERATOR, is_superuser=True))):
        client.post(address(draft, "delete"))
        client.post(reverse("wagtailsnippets_onboarding_formdraft:add"), {})
        assert FormDraft.objects.count() == 1
    operator.post(address(draft, "unpublish"))
    assert interest().live


def places():
    drafts = [model.objects.get() for model in (FormDraft, RubricDraft, PlanDraft)]
    names = ["edit", "history", "preview_on_edit", "lock", "delete", "usage"]
    lists = [f"wagtailsnippets_onboarding_{draft._meta.model_name}:list" for draft in drafts]
    ours = [
        reverse("onboarding_editing:overview"),
        reverse("onboarding_editing:versions", args=["form", drafts[0].pk]),
        reverse("onboarding_editing:compare", args=["form", drafts[0].pk]),
    ]
    return [*(address(draft, name) for draft in drafts for name in names), *map(reverse, lists), *ours]


@pytest.mark.parametrize("group", [group for group in StaffGroup if group != StaffGroup.OPERATOR])
def test_other_staff_see_nothing_of_it(group):
    opening.grant_everything(group)
    client = signed_in(staff(group))
    assert {client.get(place).status_code for place in places()} <= {302, 403, 404}
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "/cms/pages/" in home
    assert "/cms/onboarding/" not in home


def test_a_champion_and_a_stranger_see_nothing_of_it():
    draft = interest()
    doing = [
        reverse("onboarding_editing:add_form"),
        *(reverse(f"onboarding_editing:{verb}_form", args=[draft.pk]) for verb in ("open", "close")),
    ]
    for client in (signed_in(member(CommunityFactory(), Role.HUB_CHAMPION)), signed_in(staff(StaffGroup.REVIEW_LEAD)), Client()):
        assert {client.get(place).status_code for place in places()} <= {302, 403, 404}
        assert {client.post(place, {"key": "theirs"}).status_code for place in doing} <= {302, 403, 404}
        client.post(address(draft), form_of(draft) | {f"{LABEL}-en": "Theirs", "action-publish": "1"})
    assert (FormDefinition.objects.count(), FormVersion.objects.count(), interest().revisions.count()) == (1, 1, 1)
    assert FormDefinition.objects.get().is_public


def test_operators_find_it_in_the_menu(operator):
    assert "/cms/onboarding/" in operator.get(reverse("wagtailadmin_home"), follow=True).content.decode()


def test_autosave_refreshes_what_is_missing(operator):
    draft = interest()
    form = form_of(draft) | {f"{LABEL}-fr": ""}
    response = operator.post(address(draft), form, headers={"accept": "application/json"})
    assert response.status_code == 200
    assert "no text in fr" in response.json()["html"]
