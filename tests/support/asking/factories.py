"""Tickets that wait, sites that carry the widget, terms."""

from communities.models import Community
from communities.roles import Role, StaffGroup
from support import tickets
from support.models import SupportTerms, Ticket, WidgetSite
from support.states import HeldFor
from support.tickets import terms
from tests.factories import acting, member, staff


def on_terms(community: Community, **values: object) -> SupportTerms:
    """The community with these terms."""
    return terms.change(community, by=acting(staff(StaffGroup.OPERATOR)), **values)


def waiting_ticket(community: Community, **opening: object) -> Ticket:
    """A ticket by a plain member that waits for a representative."""
    return tickets.open_ticket(
        community,
        **{"subject": "More memory", "body": "Sixteen gigabytes", "by": acting(member(community, Role.MEMBER)), "held": HeldFor.TERMS}
        | opening,
    )


def site_of(community: Community, **fields: object) -> WidgetSite:
    return WidgetSite.objects.create(**{"community": community, "name": "Docs", "origins": ["https://docs.example.org"]} | fields)
