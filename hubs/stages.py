"""The stages of a deployment in words for a community: ours, in its language, whatever the deployer says to engineers."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

BEGINS: Words = _("It begins in a moment.")
WRITTEN: Words = _("The change is being written down.")
CHECKED: Words = _("The change is being checked.")
TRIED: Words = _("It is tried first where nobody works.")
VERIFIED: Words = _("A server is started, to see that it works.")
STAGES: Mapping[str, Words] = {
    "planning": BEGINS,
    "proposed": WRITTEN,
    "checking": CHECKED,
    "waiting-for-people": _("It waits for somebody to do something by hand."),
    "waiting-for-merge": _("The change is ready. An engineer looks at it once more and lets it through."),
    "merging": _("The change is being put into the configuration."),
    "recording": _("The change is in the configuration."),
    "deploying-staging": TRIED,
    "verifying-staging": TRIED,
    "deploying": _("The change is being brought to the hub."),
    "verifying": VERIFIED,
    "starting": _("The hub is being started."),
    "waiting": _("The hub is getting ready."),
    "removing": _("The hub is being taken down."),
}
STATES: Mapping[str, Words] = {
    "pending": BEGINS,
    "in_progress": _("The change is being carried out."),
    "waiting": STAGES["waiting-for-people"],
    "failed": _("Something went wrong. Nothing of yours is lost; our engineers look into it and will try again."),
    "cancelled": _("The request was taken back."),
}


def words(*, stage: str, state: str) -> Words:
    """What a deployment does, by its stage; by its state where the stage is none we know or it has ended; blank where it is done."""
    if state in {"failed", "cancelled", "succeeded"}:
        return STATES.get(state, "")
    return STAGES.get(stage) or STATES.get(state, "")
