"""The template: drafted, linted, frozen, and taken over row by row."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from communities import defaults, matrix, matrix_rows, templating
from communities.models import MatrixTemplate, MatrixTemplateVersion, Programme
from communities.roles import Role, StaffGroup
from communities.states import MatrixKind, MatrixState, Party
from ground.frozen import statements
from tests.communities.factories import AREAS, agreed_matrix, proposed_matrix, signers, template_of
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db
BACKUP = {"key": "day.backup", "text": {"en": "Keep copies", "es": "Guardar copias"}, "party": "provider", "role": ""}
REWORDED = {**AREAS[0]["rows"][0], "text": {"en": "Add and remove people"}}


def newer_areas():
    """Accounts reworded, the bill gone, copies new."""
    return [{**AREAS[0], "rows": [REWORDED, BACKUP]}]


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def operator():
    return acting(staff(StaffGroup.OPERATOR))


@pytest.fixture
def template(community):
    template_of(community)
    return defaults.open_template(community.programme)


def drafted(template, areas):
    template.areas = MatrixTemplate._meta.get_field("areas").to_python(json.dumps(defaults.as_blocks(areas)))
    template.save()
    return template


def test_draft_begins_with_what_is_published(template):
    assert templating.rows_changed(templating.current_areas(template.programme), templating.compiled(template)) == []


def test_default_template_survives_the_editor(community):
    defaults.ensure()
    found = MatrixTemplate.objects.get(programme=Programme.default())
    assert sum(len(area["rows"]) for area in templating.compiled(found)) == 35
    assert templating.untranslated(templating.compiled(found)) == []


def test_published_draft_is_the_current_version_and_says_by_whom(template, operator):
    version = templating.publish(drafted(template, newer_areas()), by=operator)
    assert (version.number, version.is_current, version.published_by) == (2, True, operator.user)
    assert [row["key"] for row in version.areas[0]["rows"]] == ["day.accounts", "day.backup"]


def test_publishing_by_a_guide_is_refused(template):
    with pytest.raises(matrix.NotYours):
        templating.publish(drafted(template, newer_areas()), by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))


@pytest.mark.parametrize(
    ("areas", "problem"),
    [
        ([], "It has no rows yet."),
        ([{**AREAS[0], "rows": [BACKUP, BACKUP]}], "The key “day.backup” is used twice."),
        ([newer_areas()[0], {**AREAS[0], "rows": []}], "The area “daily” is there twice."),
        ([{**AREAS[0], "rows": [{**BACKUP, "text": {"es": "Guardar copias"}}]}], "“day.backup” has no text in English."),
        ([{**AREAS[0], "rows": [{**BACKUP, "key": "backup"}]}], "The key “backup” needs a dot, as in day.accounts."),
    ],
)
def test_unsound_draft_is_not_published(template, operator, areas, problem):
    with pytest.raises(templating.Unsound) as refused:
        templating.publish(drafted(template, areas), by=operator)
    assert problem in refused.value.problems
    assert MatrixTemplateVersion.objects.count() == 1


def test_draft_that_says_what_is_published_is_not_published_again(template, operator):
    version = templating.publish(drafted(template, newer_areas()), by=operator)
    with pytest.raises(templating.Unsound):
        templating.publish(template, by=operator)
    assert MatrixTemplateVersion.objects.get(is_current=True) == version


def test_what_is_untranslated_is_named_by_language():
    assert templating.untranslated([{**AREAS[0], "rows": [BACKUP]}])[1] == ("day.backup", "Keep copies", ["Portuguese", "French"])


@pytest.fixture
def _frozen():
    with connection.cursor() as cursor:
        for statement in statements("communities_matrixtemplateversion", MatrixTemplateVersion.FROZEN, connection.vendor):
            cursor.execute(statement)


@pytest.mark.parametrize("change", [{"areas": []}, {"sha256": "0" * 64}, {"number": 9}])
def test_published_version_changed_in_bulk_is_refused_by_the_database(community, change):
    version = template_of(community)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        MatrixTemplateVersion.objects.filter(pk=version.pk).update(**change)


@pytest.mark.usefixtures("_frozen")
def test_published_version_deleted_is_refused_by_the_database(community):
    version = template_of(community)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        MatrixTemplateVersion.objects.filter(pk=version.pk).delete()


def test_newer_names_what_is_reworded_new_and_gone(community):
    agreed = agreed_matrix(community)
    assert templating.newer(agreed) is None
    templating.freeze(community.programme, newer_areas())
    assert [(pair.key, bool(pair.before), bool(pair.after)) for pair in templating.newer(agreed).changed] == [
        ("day.accounts", True, True),
        ("day.backup", False, True),
        ("day.bill", True, False),
    ]


def test_adopted_rows_become_a_change_that_keeps_who_does_what(community):
    agreed = agreed_matrix(community)
    agreed.rows.filter(key="day.accounts").update(party=Party.PARTNER, note="by contract")
    templating.freeze(community.programme, newer_areas())
    proposed = templating.adopt(community, ["day.accounts", "day.backup", "day.bill"], by=signers(community)[0])
    assert (proposed.state, proposed.kind) == (MatrixState.PROPOSED, MatrixKind.CHANGE)
    assert [(row.key, row.text["en"], row.party, row.note) for row in proposed.rows.all()] == [
        ("day.accounts", "Add and remove people", "partner", "by contract"),
        ("day.backup", "Keep copies", "provider", ""),
    ]
    assert proposed.template == matrix_rows.current_template(community)


def test_rows_adopted_into_an_open_matrix_make_signatures_fall(community):
    proposed = proposed_matrix(community)
    proposed.rows.update(party=Party.COMMUNITY)
    ana, guide = signers(community)
    matrix.agree(proposed, by=ana)
    templating.freeze(community.programme, newer_areas())
    same = templating.adopt(community, ["day.backup"], by=guide)
    same.refresh_from_db()
    assert (same.pk, same.community_agreed_at) == (proposed.pk, None)
    assert [row.key for row in same.rows.all()] == ["day.accounts", "day.bill", "day.backup"]


def test_adopting_into_a_first_matrix_by_a_representative_is_refused(community):
    proposed_matrix(community)
    with pytest.raises(matrix.NotYours):
        templating.adopt(community, ["day.backup"], by=acting(member(community)))


def test_adopting_by_a_plain_member_is_refused(community):
    agreed_matrix(community)
    with pytest.raises(matrix.NotYours):
        templating.adopt(community, ["day.backup"], by=acting(member(community, Role.MEMBER)))


def test_adopting_nothing_is_refused(community):
    agreed_matrix(community)
    with pytest.raises(matrix.NothingChanged), transaction.atomic():
        templating.adopt(community, [], by=signers(community)[0])
    assert community.matrices.count() == 1


def logged_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_operator_edits_compares_and_publishes_in_the_editor(community):
    defaults.ensure()
    operator = staff(StaffGroup.OPERATOR)
    template = MatrixTemplate.objects.get(programme=Programme.default())
    client = logged_in(operator)
    assert client.get(reverse("wagtailsnippets_communities_matrixtemplate:edit", args=[template.pk])).status_code == 200
    page = client.get(reverse("publish_matrix_template", args=[template.pk]))
    assert "It says what is published already." in page.content.decode()
    drafted(template, newer_areas())
    page = client.get(reverse("publish_matrix_template", args=[template.pk])).content.decode()
    assert "Publish version" in page
    assert "Portuguese" in page
    assert client.post(reverse("publish_matrix_template", args=[template.pk])).status_code == 302
    assert MatrixTemplateVersion.objects.get(is_current=True).published_by == operator


@pytest.mark.parametrize("group", [StaffGroup.COMMUNITY_GUIDE, StaffGroup.ENGINEER])
def test_publishing_page_is_for_operators_alone(community, template, group):
    from knowledgebase.opening import grant_everything

    grant_everything(group)
    client = logged_in(staff(group))
    assert client.post(reverse("publish_matrix_template", args=[template.pk])).status_code == 404
    assert client.get(reverse("wagtailsnippets_communities_matrixtemplate:edit", args=[template.pk])).status_code == 302
