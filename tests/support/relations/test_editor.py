"""The checklists of the desk in the editor: operators write them, nobody else."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from communities.roles import StaffGroup
from support.models import ChecklistTemplate
from tests.factories import staff

pytestmark = pytest.mark.django_db


def signed_in(client, group):
    person = staff(group)
    person.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_operators_write_checklists(client):
    address = reverse("wagtailsnippets_support_checklisttemplate:add")
    signed_in(client, StaffGroup.OPERATOR)
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Event", "kind": "event", "lines": "Prepull\nWatch", "is_offered": "on"})
    assert ChecklistTemplate.objects.get().texts == ["Prepull", "Watch"]


def test_agents_do_not(client):
    response = signed_in(client, StaffGroup.SUPPORT_AGENT).get(reverse("wagtailsnippets_support_checklisttemplate:add"))
    assert (response.status_code, ChecklistTemplate.objects.exists()) == (302, False)
