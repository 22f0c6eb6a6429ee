"""Who may read and handle applications."""

from django.utils.translation import gettext_lazy as _

from communities.access import right
from communities.roles import StaffGroup
from ground.actors import Actor
from onboarding.models import Application
from onboarding.models.applications import SEES_EVERY_SENT

READ_APPLICATIONS = right(
    "onboarding.read_applications",
    _("read applications that were sent and whose e-mail address is confirmed"),
    staff={StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR},
)
HANDLE_APPLICATIONS = right(
    "onboarding.handle_applications",
    _("read every application that was sent, confirm its e-mail address, withdraw it"),
    staff=SEES_EVERY_SENT,
)


def can_see_application(actor: Actor, application: Application) -> bool:
    """The predicate of `Application.objects.visible_to`."""
    if application.is_draft or application.sent_at is None:
        return False
    if HANDLE_APPLICATIONS.is_held_by(actor):
        return True
    return application.is_verified and READ_APPLICATIONS.is_held_by(actor)
