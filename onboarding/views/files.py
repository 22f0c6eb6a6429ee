"""A file of an application: for the browser that holds the application, and for staff who read it."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest, Actor
from onboarding import conflicts
from onboarding.models import Application, ApplicationFile
from onboarding.views.applicants import SESSION_KEY
from support import serving


@require_safe
def file(request: ActingRequest, key: UUID) -> HttpResponseBase:
    """The file, saved rather than opened unless it is a picture."""
    found = _of_applicant(request, key) or _of_reader(request.actor, key)
    if found is None:
        raise Http404
    return serving.stream(request, found)


def _of_reader(actor: Actor, key: UUID) -> ApplicationFile | None:
    """For who reads the application and is not tied to it."""
    found = ApplicationFile.objects.visible_to(actor).select_related("application__duplicate_of").filter(key=key).first()
    return found if found and _may_judge(actor, found.application) else None


def _may_judge(actor: Actor, application: Application) -> bool:
    """What was joined is read with the one that stays, of which the person was asked; a tie to either keeps them from it."""
    kept = application.duplicate_of or application
    conflict = conflicts.declared(kept, by=actor)
    if conflict is not None and conflict.is_hard:
        return False
    return kept == application or bool(conflicts.untied([application], by=actor))


def _of_applicant(request: ActingRequest, key: UUID) -> ApplicationFile | None:
    held = request.session.get(SESSION_KEY)
    return ApplicationFile.objects.standing().filter(key=key, application=held).first() if held else None
