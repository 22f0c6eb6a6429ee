"""The widget's side of the desk: what a stranger on a documentation site asks becomes a ticket, or waits when it looks odd."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from communities.models import Community
from ground.actors import Actor
from ground.rates import Limit, allows
from knowledgebase.suggestions import Suggestion, suggest
from support import tickets
from support.models import Ticket, WidgetAsk, WidgetSite
from support.people import contacts
from support.states import HeldFor

SALT = "support.widget"
WRITTEN_AFTER = timedelta(seconds=3)
"""Nobody reads a form and writes a question faster."""
WRITTEN_WITHIN = timedelta(days=1)
MOST_LINKS = 3
SAME_WORDS = Limit("widget-same-words", 1, 86_400)
LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wrote in the widget, and where."""

    name: str
    email: str
    subject: str
    body: str
    page_url: str = ""
    page_title: str = ""
    language: str = ""
    website: str = ""
    token: str = ""


@transaction.atomic
def arrange(site: WidgetSite, *, community: Community, by: Actor) -> WidgetSite:
    """Keep a site that is new or changed; the audit log says who let the widget be used where."""
    site.community, site.made_by = community, site.made_by or by.user
    site.save()
    log(
        instance=community,
        action="support.change_widget",
        user=by.user,
        data={"site": site.name, "origins": site.origins, "is_on": site.is_on},
    )
    return site


def begin(site: WidgetSite) -> str:
    """What a dialog carries from being opened to being sent: when that was, signed."""
    return signing.dumps(site.pk, salt=SALT)


def answers(site: WidgetSite, words: str) -> list[Suggestion]:
    """Public articles that may answer it: the community's own and the shared."""
    return suggest(words, actor=Actor.anonymous(), community=site.community) if len(words.strip()) > 3 else []


def take(site: WidgetSite, asked: Asked, *, origin: str) -> Ticket:
    """Open the ticket on the community's terms; what looks like an advert waits for somebody to look. The same words are one ticket."""
    once = Ticket.objects.filter(origin=_once(site, asked))
    existing = once.first()
    if existing is not None:
        return existing
    try:
        return _open(site, asked, page_of(asked.page_url, origin=origin))
    except IntegrityError:
        pressed_twice = once.first()  # and the other press was quicker
        if pressed_twice is None:
            raise
        return pressed_twice


@transaction.atomic
def _open(site: WidgetSite, asked: Asked, page: str) -> Ticket:
    ticket = tickets.open_ticket(
        site.community,
        subject=asked.subject,
        body=_with_page(site, asked, page),
        hub=site.hub,
        requester=contacts.of_address(asked.email, name=asked.name),
        origin=_once(site, asked),
        held=HeldFor.GUARD if looks_odd(site, asked) else "",
        by=Actor.widget(asked.name),
    )
    WidgetAsk.objects.create(ticket=ticket, site=site, page_url=page, page_title=asked.page_title[:200], language=asked.language[:10])
    return ticket


def looks_odd(site: WidgetSite, asked: Asked) -> bool:
    """Whether a machine may have written it: the hidden field is filled, it came too fast, it is mostly links, or others sent the same."""
    words = f"{asked.subject} {asked.body}"
    is_repeated = not allows(SAME_WORDS, f"{site.pk} {' '.join(words.lower().split())}")
    return is_repeated or bool(asked.website) or not was_written(site, asked.token) or len(LINK.findall(words)) > MOST_LINKS


def was_written(site: WidgetSite, token: str) -> bool:
    """Whether the dialog was opened here, long enough ago to write something, and today."""
    return _is_younger(site, token, WRITTEN_WITHIN) and not _is_younger(site, token, WRITTEN_AFTER)


def page_of(address: str, *, origin: str) -> str:
    """The page without its query and fragment, which may hold secrets; empty for a page of somewhere else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_there = f"{parts.scheme}://{parts.netloc}".lower() == origin.lower()
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))[:500] if is_there else ""


def _is_younger(site: WidgetSite, token: str, age: timedelta) -> bool:
    try:
        return bool(signing.loads(token, salt=SALT, max_age=age) == site.pk)
    except signing.BadSignature:
        return False


def _once(site: WidgetSite, asked: Asked) -> str:
    """Whoever presses twice, or sends again because the answer was lost, has one ticket."""
    words = f"{asked.email.lower()}\n{asked.subject}\n{asked.body}\n{asked.token}"
    return f"widget:{site.pk}:{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _with_page(site: WidgetSite, asked: Asked, page: str) -> str:
    """Their words, and below them where they were written; wherever the ticket is read that is seen."""
    if not page:
        return asked.body
    with override(site.community.language):
        where = _("Written on %(page)s") % {"page": f"<{page}>"}
    return f"{asked.body}\n\n{where}"
