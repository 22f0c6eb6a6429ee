"""Pages that exist only in the demonstration: who to be, and every mail sent."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.access import needs
from communities.models import Membership
from demo import mailbox
from demo.people import STAFF
from ground.actors import ActingRequest
from hubs import access
from hubs.choosing import surroundings
from hubs.deployers import local_hub


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Who there is to sign in as, and how."""
    memberships = Membership.objects.select_related("user", "community").order_by("community__name", "user__name")
    return render(
        request,
        "demo/start.html",
        {
            "staff": STAFF,
            "memberships": memberships,
            "freshdesk": settings.FRESHDESK_URL,
            "has_hubs": settings.DEPLOYER_URL.startswith("local-hub"),
        },
    )


@require_safe
@never_cache
@needs(access.APPROVE)
def hubs(request: ActingRequest) -> HttpResponse:
    """The hubs that run on this machine, and the words that open them. For engineers."""
    return render(request, "demo/hubs.html", {"entrances": local_hub.entrances(surroundings().folder)})


@require_safe
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """Every mail, newest first."""
    return render(request, "demo/mail.html", {"letters": mailbox.letters()[:200]})


@require_safe
@never_cache
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail."""
    found = mailbox.letter(name)
    if found is None:
        raise Http404
    return render(request, "demo/letter.html", {"letter": found})
