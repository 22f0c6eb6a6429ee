"""Where an application stands, in the applicant's words: what is done, what happens next, and who has it now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from onboarding.models import Application
from onboarding.states import ACCEPTANCES, ApplicationState, Outcome


@dataclass(frozen=True)
class Stage:
    """One step of the way, as components/steps.html draws it."""

    title: str
    state: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Standing:
    """The short word, its tone, and what happens next."""

    word: str
    tone: str
    text: str
    stages: Sequence[Stage] = ()


def standing(application: Application) -> Standing:
    """What an applicant may know. The outcome is told once it was released, not when it was decided."""
    return _on_its_way(application) if application.duplicate_of is None else _joined(application.duplicate_of)


def _on_its_way(application: Application) -> Standing:
    match application.state:
        case ApplicationState.DRAFT:
            return Standing(_("Not sent yet"), "act", _("Your answers are kept. Nobody reads them until you send them."))
        case ApplicationState.APPLIED:
            text = _(
                "We sent you a mail. Please open the link in it, so that we know the address is yours. Then our reviewers begin to read."
            )
            return Standing(_("Sent, one thing left"), "act", text, _stages(application, 1))
        case ApplicationState.WITHDRAWN:
            return Standing(_("Withdrawn"), "wait", _("You took this application back. You are welcome to apply again at any time."))
        case ApplicationState.DECIDED if application.outcome:
            return _decided(application)
        case ApplicationState.SCREENING:
            text = _("We have everything we need for now. We first check that it is complete, and answer within five working days.")
            return Standing(_("With us"), "info", text, _stages(application, 2))
    text = _("At least two people read your application and score it against the same published criteria. You will get a letter by mail.")
    return Standing(_("In review"), "info", text, _stages(application, 3))


def _joined(kept: Application) -> Standing:
    text = _("We had your wish twice, so we joined the two. It goes on as %(reference)s; nothing you wrote is lost, and we answer once.")
    return Standing(_("Goes on as one"), "info", text % {"reference": kept.reference})


def _decided(application: Application) -> Standing:
    match application.outcome:
        case Outcome.WAITLIST:
            text = _("We would like to work with you and have no free place at the moment. The letter we mailed says what happens next.")
        case Outcome.REFER:
            text = _("We think that somebody else can help you better. The letter we mailed says who, and why.")
        case Outcome.DECLINE:
            text = _("We cannot take this on now. The letter we mailed says why, and what would change our answer.")
        case _accepted:
            text = _("We look forward to working with you. Sign in with your e-mail address to see what comes next; you need no password.")
    tone = "good" if application.outcome in ACCEPTANCES else "info"
    return Standing(str(Outcome(application.outcome).label), tone, text, _stages(application, 5))


def _stages(application: Application, now: int) -> list[Stage]:
    sent = date_format(application.sent_at, "D j M Y") if application.sent_at else ""
    titles = [_("Sent"), _("E-mail address confirmed"), _("First check"), _("Read by our reviewers"), _("Decision and letter")]
    return [
        Stage(title, "done" if place < now else "now" if place == now else "next", sent if place == 0 else "")
        for place, title in enumerate(titles)
    ]
