"""Where an archive stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.states import Look, Transitions, register


class ArchiveState(models.TextChoices):
    """From asked for to removed again."""

    WANTED = "wanted", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be prepared")
    REMOVED = "removed", _("removed")


ARCHIVE_TRANSITIONS: Transitions = {
    ArchiveState.WANTED: (ArchiveState.READY, ArchiveState.FAILED),
    ArchiveState.READY: (ArchiveState.REMOVED,),
    ArchiveState.FAILED: (),
    ArchiveState.REMOVED: (),
}
ARCHIVE_LOOKS = {
    ArchiveState.WANTED: Look("wait"),
    ArchiveState.READY: Look("good"),
    ArchiveState.FAILED: Look("bad"),
    ArchiveState.REMOVED: Look(""),
}
register("Archive of a community", ArchiveState, ARCHIVE_TRANSITIONS)
