"""The people of a community: see, invite, change, remove."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities import people
from communities.access import MANAGE_PEOPLE, community_or_404, signed_in
from communities.forms import InviteForm, RoleForm
from communities.lists import PEOPLE
from communities.models import Community, Membership
from communities.roles import ROLE_WORDS, Role
from ground import exports
from ground.actors import ActingRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: ActingRequest, slug: str) -> HttpResponseBase:
    """Who belongs here; whoever manages people invites from the same page."""
    community = community_or_404(request.actor, slug)
    manages = MANAGE_PEOPLE.is_held_by(request.actor, community)
    if request.method == "POST" and not manages:
        raise Http404
    form = InviteForm(request.POST or None)
    if form.is_valid():
        return _invite(request, community, form)
    memberships = community.memberships.select_related("user").order_by("user__name", "user__email", "role")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{community.slug}-people", PEOPLE, memberships))
    context = {
        "community": community,
        "memberships": memberships,
        "manages": manages,
        "form": form,
        "roles": Role.choices,
        "role_words": role_words(),
    }
    return render(request, "communities/people.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def change_role(request: ActingRequest, slug: str, membership: int) -> HttpResponse:
    row = managed(request, slug, membership)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            people.change_role(row, role=Role(form.cleaned_data["role"]), by=request.actor)
            messages.success(request, _("The role of %(person)s was changed.") % {"person": row.user})
        except people.LastRepresentative as refusal:
            messages.error(request, str(refusal))
    return redirect("communities:people", slug)


@signed_in
@require_POST
def remove(request: ActingRequest, slug: str, membership: int) -> HttpResponse:
    row = managed(request, slug, membership)
    try:
        people.remove(row, by=request.actor)
        messages.success(request, _("%(person)s has no longer this role.") % {"person": row.user})
    except people.LastRepresentative as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:people", slug)


def role_words() -> list[tuple[str, object]]:
    """Each role and what it means, for the page's legend."""
    return [(str(role.label), ROLE_WORDS[role]) for role in Role]


def managed(request: ActingRequest, slug: str, membership: int) -> Membership:
    """A membership that this actor may change, or 404."""
    community = community_or_404(request.actor, slug)
    if not MANAGE_PEOPLE.is_held_by(request.actor, community):
        raise Http404
    return get_object_or_404(community.memberships.select_related("user", "community"), pk=membership)


def _invite(request: ActingRequest, community: Community, form: InviteForm) -> HttpResponse:
    data = form.cleaned_data
    people.invite(community, email=data["email"], name=data["name"], role=Role(data["role"]), by=request.actor)
    messages.success(request, _("%(email)s was invited. A mail tells them how to sign in.") % {"email": data["email"]})
    return redirect("communities:people", community.slug)
