"""A file of an application: for the browser that holds the application, and for staff who read it."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest, Actor
from onboarding import conflicts, lists, viewing
from onboarding.access import sees_people
from onboarding.models import Application, ApplicationFile
from onboarding.views.applicants import SESSION_KEY
from support.files import serving


@require_safe
def file(request: ActingRequest, key: UUID) -> HttpResponseBase:
    """The file, saved rather than opened unless it is a picture."""
    found = _of_applicant(request, key) or _of_reader(request.actor, key)
    if found is None:
        raise Http404
    return serving.stream(request, found)


def _of_reader(actor: Actor, key: UUID) -> ApplicationFile | None:
    """For who may read the answers; one about people is hidden where they are. Written down as an opening, under its question."""
    rows = ApplicationFile.objects.visible_to(actor).filter(key=key)
    found = rows.select_related("application__programme__review_policy", "application__form_version", "application__duplicate_of").first()
    if found is None or not _may_read(actor, found.application) or not _shows(actor, found):
        return None
    viewing.record(found.application, by=actor, where=viewing.Where.FILE, label=found.field_key)
    return found


def _may_read(actor: Actor, application: Application) -> bool:
    """What was joined is read with the one that stays, of which the person was asked; a tie to either keeps them from it."""
    kept = application.duplicate_of or application
    if not lists.readable(actor).filter(pk=kept.pk).exists():
        return False
    return kept == application or bool(conflicts.untied([application], by=actor))


def _shows(actor: Actor, file: ApplicationFile) -> bool:
    """What is about a person goes where people are shown; so does what answers no question of the form any more."""
    if sees_people(actor, file.application.programme):
        return True
    return any(field.key == file.field_key and not field.pii for field in file.application.form_version.form.fields())


def _of_applicant(request: ActingRequest, key: UUID) -> ApplicationFile | None:
    held = request.session.get(SESSION_KEY)
    return ApplicationFile.objects.standing().filter(key=key, application=held).first() if held else None
