"""The head of the page on the narrowest phone, in the language with the longest words."""

import pytest
from django.conf import settings

from communities.roles import StaffGroup
from tests.browser import opened, overflows, sign_in
from tests.factories import staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GAP = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector(".masthead .brand"));
  return document.querySelector(".masthead__tools").getBoundingClientRect().left - words.getBoundingClientRect().right;
}"""


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_name_leaves_room_for_the_language_switch(chromium, live_server, signed_in):
    with opened(chromium, size={"width": 320, "height": 640}) as page:
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "fr", "url": live_server.url}])
        if signed_in:
            sign_in(page, live_server.url, staff(StaffGroup.REVIEWER, language="fr"))
        page.goto(f"{live_server.url}/kb/")
        assert page.evaluate(GAP) >= 0
        assert not overflows(page)
