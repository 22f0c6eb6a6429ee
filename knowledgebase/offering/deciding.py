"""Offering an article, taking it to the shared shelf or declining it, and giving up the original for the shared one."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import User
from ground.actors import Actor
from knowledgebase import emails, redirecting
from knowledgebase.access import OFFER, may_unpublish
from knowledgebase.models import EDITORS, Article, Edition, Offer, OfferState
from knowledgebase.offering.copying import copy


class CannotOffer(Exception):
    """This may not be offered, taken or given up now; its words say why."""


def offer(edition: Edition, *, note: str = "", by: Actor) -> Offer:
    """Offer a published article of a community's own. One that waits already is that offer. Raises `CannotOffer`."""
    if edition.is_on_shared_shelf:
        raise CannotOffer(_("Only an article of your own can be offered."))
    try:
        with transaction.atomic():
            made = Offer.objects.create(
                article=edition.article, knowledge_base=edition.knowledge_base, title=edition.title, note=note, offered_by=by.user
            )
            log(edition.article, "knowledgebase.offer", user=by.user, data={"by": by.label})
    except IntegrityError:  # the same button pressed twice, or by two people
        return Offer.objects.waiting().get(article=edition.article)
    return made


@transaction.atomic
def withdraw(made: Offer, *, by: Actor) -> None:
    """Take an offer back. Raises `WrongState`."""
    made.move_to(OfferState.WITHDRAWN, by=by)


@transaction.atomic
def take(made: Offer, *, by: Actor) -> Article:
    """Copy the article, as it is published now, as a draft on the shared shelf, and tell who offered it. Raises `WrongState`, `CannotOffer`."""
    made.move_to(OfferState.ACCEPTED, by=by)
    edition = Edition.objects.filter(pk=made.article_id).select_related("article").first() if made.article_id else None
    if edition is None:
        raise CannotOffer(_("The article is not published any more."))
    made.taken_as = copy(edition.article, source=made.knowledge_base, language=edition.language, by=by)
    log(made.taken_as, "knowledgebase.take_offer", user=by.user, data={"by": by.label, "community": str(made.knowledge_base.community)})
    _settle(made, by=by)
    return made.taken_as


@transaction.atomic
def decline(made: Offer, *, reason: str, by: Actor) -> None:
    """Say no, and why. Raises `WrongState`."""
    made.reason = reason
    Offer.objects.filter(pk=made.pk).update(reason=reason)
    made.move_to(OfferState.DECLINED, by=by, note=reason)
    if made.article is not None:
        log(made.article, "knowledgebase.decline_offer", user=by.user, data={"by": by.label, "reason": reason})
    _settle(made, by=by)


@transaction.atomic
def use_shared(made: Offer, *, by: Actor) -> None:
    """Give up the original: its readers are led to the article on the shared shelf. Twice is once.

    Raises `CannotOffer` until that is published, and for who unpublishes nothing without a second person.
    """
    article = Article.objects.select_for_update(of=("self",)).filter(pk=made.article_id).first()
    shared = Edition.objects.shared().filter(pk=made.taken_as_id).first()
    if made.state != OfferState.ACCEPTED or shared is None:
        raise CannotOffer(_("The shared article is not published yet."))
    if article is None or not article.live:
        return
    if not may_unpublish(by, article):
        raise CannotOffer(_("A second person has to approve."))
    left = Edition.objects.filter(pk=article.pk).values_list("address", flat=True).first()
    article.unpublish(user=by.user)
    if left:
        redirecting.remember(made.knowledge_base, left, shared.pk)
    log(article, "knowledgebase.use_shared", user=by.user, data={"by": by.label, "shared": shared.address})


def _settle(made: Offer, *, by: Actor) -> None:
    made.decided_by, made.decided_at = by.user, timezone.now()
    made.save(update_fields=["taken_as", "decided_by", "decided_at"])
    for person in _to_tell(made):
        emails.offer_settled.queue(to=person.email, language=person.language, offer_id=made.pk, reader_id=person.pk)


def _to_tell(made: Offer) -> list[User]:
    """Who offered it; when they write for the community no more, everybody who does."""
    community = made.knowledge_base.community
    person = made.offered_by
    if community is None:
        return []
    if person is not None and OFFER.is_held_by(Actor.person(person), community):
        return [person]
    return list(community.people(*EDITORS))
