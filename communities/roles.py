"""Who somebody may be: a role in a community, or a group of staff."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Role(models.TextChoices):
    """A person's role in one community; one person may hold several."""

    REPRESENTATIVE = "representative", _("Representative")
    HUB_CHAMPION = "hub_champion", _("Hub champion")
    TECHNICAL_CONTACT = "technical_contact", _("Technical contact")
    BILLING_CONTACT = "billing_contact", _("Billing contact")
    MEMBER = "member", _("Member")


class StaffGroup(models.TextChoices):
    """A group of the organisation's own people; its value is the name of the Django group."""

    REVIEWER = "Reviewer", _("Reviewer")
    REVIEW_LEAD = "Review lead", _("Review lead")
    COMMUNITY_GUIDE = "Community guide", _("Community guide")
    SUPPORT_AGENT = "Support agent", _("Support agent")
    SUPPORT_TRIAGER = "Support triager", _("Support triager")
    ENGINEER = "Engineer", _("Engineer")
    OPERATOR = "Operator", _("Operator")


MATRIX_ROLES = (  # the words of the default matrix, translated where they are shown
    gettext_noop("Community Guide"),
    gettext_noop("Community Representative"),
    gettext_noop("Hub Administrator"),
    gettext_noop("Hub Champion"),
    gettext_noop("Site Reliability Engineer"),
    gettext_noop("Technical Contact"),
)
STAFF = frozenset(StaffGroup)
EVERY_ROLE = frozenset(Role)
ROLE_WORDS: dict[Role, object] = {
    Role.REPRESENTATIVE: _("Decides for the community: signs, asks for hubs, opens tickets."),
    Role.HUB_CHAMPION: _("Helps people use the hub and edits the knowledge base."),
    Role.TECHNICAL_CONTACT: _("Is told about changes to the hub."),
    Role.BILLING_CONTACT: _("Is told about money."),
    Role.MEMBER: _("Uses the hub."),
}
