"""The editor's filters name only people one meets there: Wagtail's list of owners and writers is everybody who ever wrote a page."""

import functools
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet
from wagtail.models import PageLogEntry

from communities.access import is_staff
from communities.models import User
from ground.actors import ActingRequest
from knowledgebase.editing import Reach

OF_PEOPLE = ("owner", "edited_by")
People = Callable[[ActingRequest], QuerySet[User]]


def narrow_filters() -> None:
    """Once, when the editor is loaded."""
    filters = {
        id(each): each for kind in (PageFilterSet, GenericPageFilterSet) for name, each in kind.base_filters.items() if name in OF_PEOPLE
    }
    for each in filters.values():
        each.queryset = functools.partial(met, each.queryset)


def met(people: People, request: ActingRequest) -> QuerySet[User]:
    """Those of them who own or changed a page this person may edit; for staff all of them."""
    everybody = people(request)
    if is_staff(request.actor):
        return everybody
    pages: QuerySet[Any] = Reach(request.user).pages
    writers = PageLogEntry.objects.filter(page__in=pages.values("pk"), user__isnull=False)
    return everybody.filter(Q(pk__in=pages.order_by().values("owner")) | Q(pk__in=writers.order_by().values("user")))
