"""A file of an application: for the browser that holds the application, and for staff who read it."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest, Actor
from onboarding import conflicts, viewing
from onboarding.access import SCORE, sees_people
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
    """For who may open the answers it belongs to; written down as an opening, under its question."""
    rows = ApplicationFile.objects.visible_to(actor).select_related("application__programme__review_policy", "application__form_version")
    found = rows.filter(key=key).first()
    if found is None or not _opens_for(actor, found.application) or not _shows(actor, found):
        return None
    viewing.record(found.application, by=actor, where=viewing.Where.FILE, label=found.field_key)
    return found


def _opens_for(actor: Actor, application: Application) -> bool:
    """Nobody with a conflict of interest; who reviews says first that there is none."""
    conflict = conflicts.declared(application, by=actor)
    return not conflict.is_hard if conflict else not SCORE.is_held_by(actor)


def _shows(actor: Actor, file: ApplicationFile) -> bool:
    """What is about a person goes where people are shown; so does what answers no question of the form any more."""
    if sees_people(actor, file.application.programme):
        return True
    return any(field.key == file.field_key and not field.pii for field in file.application.form_version.form.fields())


def _of_applicant(request: ActingRequest, key: UUID) -> ApplicationFile | None:
    held = request.session.get(SESSION_KEY)
    return ApplicationFile.objects.standing().filter(key=key, application=held).first() if held else None
