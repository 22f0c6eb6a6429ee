"""Looking through an article from a ticket in a real browser, on a phone and in the dark too."""

import pytest
from django.urls import reverse

from communities.roles import StaffGroup
from knowledgebase.models import Article
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, staff
from tests.knowledgebase.factories import bare
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = "<p>Hi,</p><p>My file /home/asouza/map.ipynb does not open. Call +55 11 5555-1234.</p><p>Best regards,<br>Ana Souza</p>"
ANSWERED = "<p>Hello Ana, delete the lock:</p><pre><code>rm /home/asouza/.lock</code></pre><p>Then start your server again.</p>"


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_a_ticket_is_looked_through_and_becomes_a_draft(chromium, live_server, size, theme):
    bare()
    asker = ContactFactory(name="Ana Souza", email="asouza@mail.example.org")
    ticket = TicketFactory(community=CommunityFactory(name="Coastal"), requester=asker, subject="A file does not open", body_html=ASKED)
    MessageFactory(ticket=ticket, body_html=ANSWERED, body_text="Hello Ana, delete the lock.")
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, staff(StaffGroup.SUPPORT_AGENT))
        page.goto(f"{live_server.url}{reverse('support:desk_write_up', args=[ticket.reference])}")
        assert (barriers(page), overflows(page)) == ([], False)
        page.get_by_role("button", name="Look through it").click()
        assert (barriers(page), overflows(page)) == ([], False)
        page.get_by_role("button", name="Make the draft").click()  # not confirmed: the browser keeps it
        page.get_by_label("I have looked at every marked place").check()
        page.get_by_role("button", name="Make the draft").click()
        page.wait_for_url("**/cms/pages/*/edit/")
    assert "Ana" not in str(Article.objects.get().body.raw_data)
