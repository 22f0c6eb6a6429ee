"""Counting what suggested articles save: which forms were shown some, where one was opened, and whether a ticket followed."""

import re
import secrets
from collections.abc import Collection

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from communities.models import Community
from knowledgebase.models import Edition
from support.asking.deflecting.telling import told
from support.models import Citation, Suggested

__all__ = ["article_of", "carry", "forget", "is_ours", "new_form", "note_opened", "note_sent", "note_shown", "told"]

FORM = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"[0-9]{1,18}")


def new_form() -> str:
    """A random word for a form that begins. It is kept nowhere but in the form and in these counts."""
    return secrets.token_hex(16)


def is_ours(target: str) -> bool:
    """Whether that is an address of this site, which an article that was suggested has."""
    return target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)


def article_of(word: str) -> list[int]:
    """The article that a form names by its number, if there is such a one."""
    return list(Edition.objects.filter(pk=int(word)).values_list("pk", flat=True)) if NUMBER.fullmatch(word) else []


def note_shown(form: str, *, community: Community | None, articles: Collection[int] = (), place: str = Suggested.Place.PORTAL) -> None:
    """These articles were shown beside the form."""
    _note(form, Suggested.Step.SHOWN, community, place, articles)


def note_opened(form: str, *, community: Community | None, articles: Collection[int] = (), place: str = Suggested.Place.PORTAL) -> None:
    """These of them were opened."""
    _note(form, Suggested.Step.OPENED, community, place, articles)


def note_sent(form: str, *, community: Community | None, place: str = Suggested.Place.PORTAL) -> None:
    """The ticket was sent all the same."""
    _note(form, Suggested.Step.SENT, community, place)


def forget(form: str) -> None:
    """What became of it is confidential: reports that its community reads count neither the form nor the articles beside it."""
    Suggested.objects.filter(form=form).delete()


def carry(article_id: int, *, to: int) -> None:
    """What was counted of the one article, and the letters that point at it, are the other's from now on."""
    counted = Suggested.objects.filter(article=to, form=OuterRef("form"), step=OuterRef("step"))
    Suggested.objects.filter(~Exists(counted), article=article_id).update(article=to)
    pointing = Citation.objects.filter(article=to, message=OuterRef("message"))
    Citation.objects.filter(~Exists(pointing), article=article_id).update(article=to)


def _note(form: str, step: str, community: Community | None, place: str, articles: Collection[int] = ()) -> None:
    """A step counts once, and with each article once; a word that no form of ours has counts never. One statement."""
    if not FORM.fullmatch(form):
        return
    said = {"form": form, "step": step, "place": place, "community": community, "at": timezone.now()}
    Suggested.objects.bulk_create([Suggested(**said, article_id=key) for key in (None, *articles)], ignore_conflicts=True)
