"""What a person decides about themselves: name, language, zone, theme, tokens; and what we hold on them."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import APIToken

from communities import tokens
from communities.access import signed_in
from communities.forms import SettingsForm, TokenForm
from communities.models import User
from ground.actors import ActingRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: ActingRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=person(request))
    if form.is_valid():
        saved = form.save()
        with override(saved.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("communities:settings")
    return render(request, "communities/settings.html", {"form": form}, status=400 if form.errors else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens_page(request: ActingRequest) -> HttpResponse:
    """One's own tokens; a new one is shown once, on the answer to the form."""
    form, minted = TokenForm(request.POST or None), ""
    if form.is_valid():
        minted = tokens.mint(person(request), name=form.cleaned_data["name"])
        form = TokenForm()
    context = {"form": form, "minted": minted, "tokens": own_tokens(request).order_by("-created")}
    return render(request, "communities/tokens.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def revoke_token(request: ActingRequest, token: int) -> HttpResponse:
    get_object_or_404(own_tokens(request), pk=token).revoke()
    messages.success(request, _("The token no longer works."))
    return redirect("communities:tokens")


@signed_in
@never_cache
@require_safe
def my_data(request: ActingRequest) -> JsonResponse:
    """What this room holds on the person, as a file."""
    user = person(request)
    held = {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "timezone": user.timezone,
        "since": user.date_joined,
        "memberships": list(user.memberships.values("community__slug", "role", "since")),
        "staff_groups": sorted(user.staff_groups),
        "sessions": list(UserSession.objects.filter(user=user).values("created_at", "last_seen_at", "ip", "user_agent")),
    }
    return JsonResponse(held, headers={"Content-Disposition": 'attachment; filename="my-data.json"'}, json_dumps_params={"indent": 2})


def own_tokens(request: ActingRequest) -> QuerySet[APIToken]:
    """The person's tokens that still work."""
    found: QuerySet[APIToken] = APIToken.objects.filter(user=person(request), revoked_at__isnull=True)
    return found


def person(request: ActingRequest) -> User:
    """The signed-in person of a page that is guarded by `signed_in`."""
    assert request.actor.user is not None  # noqa: S101  the guard has seen to it
    return request.actor.user
