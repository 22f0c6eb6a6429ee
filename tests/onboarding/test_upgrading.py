"""A newer version of the form: offered, taken by a button, never by itself."""

import pytest
from django.urls import reverse

from ground.actors import Actor
from ground.states import WrongState
from onboarding import upgrading
from onboarding.models import Application
from onboarding.publishing import publish
from tests.onboarding.factories import ANSWERS, ApplicationFactory, FormVersionFactory, draft, interest_schema

pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


def without(key: str) -> dict:
    schema = interest_schema()
    steps = [step | {"fields": [field for field in step["fields"] if field["key"] != key]} for step in schema["steps"]]
    return schema | {"steps": steps}


@pytest.fixture
def version():
    return FormVersionFactory()


def test_nothing_newer_is_nothing_to_offer(version):
    application = draft()
    assert upgrading.offered(application) is None
    with pytest.raises(WrongState):
        upgrading.upgrade(application, by=ANYBODY)


def test_offer_says_what_is_kept_and_lost_and_draft_keeps_its_version(version):
    application = draft()
    publish(version.definition, without("goal.future"), by=ANYBODY)
    offer = upgrading.offered(application)
    assert (offer.is_newer, offer.lost, len(offer.kept)) == (True, ["What would you like to be able to do?"], len(ANSWERS) - 1)
    assert Application.objects.get().form_version == version


def test_upgrade_of_a_draft_makes_no_revision_and_of_what_was_sent_one(version):
    before, sent = draft(email="b@example.org"), ApplicationFactory()
    newer = publish(version.definition, without("goal.future"), by=ANYBODY)
    for application, revisions in ((before, 0), (sent, 1)):
        upgrading.upgrade(application, by=ANYBODY)
        assert (application.form_version, "goal.future" in application.answers, application.revisions.count()) == (newer, False, revisions)
    assert sent.revisions.get().reason == "upgrade"


def test_applicant_sees_the_notice_and_chooses(client, version):
    application = draft()
    session = client.session
    session["application"] = application.pk
    session.save()
    assert "newer version of this form" not in client.get(reverse("onboarding:apply")).content.decode()
    assert client.get(reverse("onboarding:newer")).headers["Location"] == "/apply/"
    newer = publish(version.definition, without("goal.future"), by=ANYBODY)
    for name in ("apply", "check"):
        assert "newer version of this form" in client.get(reverse(f"onboarding:{name}")).content.decode()
    page = client.get(reverse("onboarding:newer")).content.decode()
    assert "What would you like to be able to do?" in page
    assert client.post(reverse("onboarding:newer")).status_code == 302
    assert Application.objects.get().form_version == newer
