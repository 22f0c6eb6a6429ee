"""The statements everybody may read, and their earlier versions."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ground.actors import ActingRequest
from onboarding import statements
from onboarding.models import StatementVersion

FIVE_MINUTES = 300


@require_safe
@cache_control(private=True, max_age=FIVE_MINUTES)
@vary_on_headers("Cookie", "Accept-Language")
def statement(request: ActingRequest, kind: str) -> HttpResponse:
    """What holds now."""
    return _page(request, statements.current(kind))


@require_safe
@cache_control(private=True, max_age=FIVE_MINUTES)
@vary_on_headers("Cookie", "Accept-Language")
def statement_version(request: ActingRequest, kind: str, number: int) -> HttpResponse:
    """What somebody agreed to."""
    return _page(request, statements.numbered(kind, number))


def _page(request: ActingRequest, version: StatementVersion | None) -> HttpResponse:
    if version is None:
        raise Http404
    context = {"version": version, "versions": statements.versions_of(version), **version.page()}
    return render(request, "onboarding/statement.html", context)
