"""Where an application stands, in the applicant's words: what is done, what happens next, and who has it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities.models import Community, ServicePolicy
from communities.states import CommunityState
from onboarding.models import Application, Decision, ReviewPolicy
from onboarding.states import ACCEPTANCES, ApplicationState, Outcome

DAYS_TO_DECIDE = 15  # after the reviewers' own time


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
    return _with_us(application)


def _with_us(application: Application) -> Standing:
    """Between sending and release."""
    if application.is_waiting and application.state != ApplicationState.DECIDED:
        return _asked(application)
    if application.state == ApplicationState.SCREENING:
        days = ServicePolicy.of(application.programme_id).reply_days
        return Standing(_("With us"), "info", _first_check(days), _stages(application, 2))
    text = _("At least two people read your application and score it against the same published criteria. You will get a letter by mail.")
    return Standing(_("In review"), "info", text, _stages(application, 3))


def _asked(application: Application) -> Standing:
    text = _("We asked you something by mail. Our clock stands still until you have answered; “I don’t know yet” is an answer too.")
    return Standing(_("We have a question"), "act", text, _stages(application, 2 if application.state == ApplicationState.SCREENING else 3))


def _first_check(days: int) -> str:
    return ngettext(
        "We have everything we need for now. We first check that it is complete, and answer within %(n)d working day.",
        "We have everything we need for now. We first check that it is complete, and answer within %(n)d working days.",
        days,
    ) % {"n": days}


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


@dataclass(frozen=True)
class PublicStanding:
    """What anybody may know who has the reference: one of five words, since when, what happens next and by when. Nobody's name."""

    word: str
    tone: str
    since: date | None
    text: str
    until: date | None = None

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()


def public(reference: str) -> PublicStanding:
    """Where the application of that reference stands in public; a reference of nothing, of a draft and of a withdrawn one are alike."""
    rows = Application.objects.select_related("community", "programme__service_policy")
    application = rows.filter(Q(reference=reference, duplicate_of=None) | Q(duplicates__reference=reference)).first()
    if application is None or application.sent_at is None or application.state == ApplicationState.WITHDRAWN:
        return PublicStanding(
            _("Nothing here"), "wait", None, _("No application with this reference waits here. Please check each letter and digit.")
        )
    if application.outcome:
        return _public_after(application, application.community)
    if application.state in (ApplicationState.APPLIED, ApplicationState.SCREENING):
        return _public_applied(application, application.sent_at)
    return _public_in_review(application)


def _public_applied(application: Application, sent_at: datetime) -> PublicStanding:
    text = _("We check that it is complete. Then at least two people read it.")
    if application.state == ApplicationState.APPLIED:
        text = _("It waits for its sender to open the link we mailed. After that we check that it is complete.")
    until = None if application.is_waiting else working_days_after(sent_at.date(), application.programme.policy.reply_days)
    return PublicStanding(pgettext("application", "Applied"), "info", sent_at.date(), _or_waiting(application, text), until)


def _public_in_review(application: Application) -> PublicStanding:
    """From the first day of the review to the release of the decision: nothing says that something is decided."""
    began = application.stage_events().filter(after=ApplicationState.IN_REVIEW).values_list("at", flat=True).first()
    since = (began or application.state_since).date()
    days = ReviewPolicy.of(application.programme_id).review_days + DAYS_TO_DECIDE
    text = _("At least two people read it and score it against the same published criteria. Then we answer by letter.")
    until = None if application.is_waiting else since + timedelta(days=days)
    return PublicStanding(pgettext("application", "In review"), "info", since, _or_waiting(application, text), until)


def _public_after(application: Application, community: Community | None) -> PublicStanding:
    if application.outcome not in ACCEPTANCES:
        text = _("We answered by letter. It says why, and what would change our answer.")
        return PublicStanding(pgettext("application", "Not this time"), "info", _released(application), text)
    if community is None:
        return PublicStanding(
            pgettext("application", "Accepted"), "good", _released(application), _("We answered by letter. It says what comes next.")
        )
    if community.state == CommunityState.ONBOARDING:
        text = _("We prepare the hub together with the community. Its representatives see every step on its page.")
        return PublicStanding(pgettext("application", "Onboarding"), "info", _since(community), text)
    if community.state == CommunityState.ENDED:
        text = _("The hub was in use and has ended.")
        return PublicStanding(str(CommunityState.ENDED.label), "wait", _since(community), text)
    text = _("The hub is in use. Its representatives ask for anything else on the community’s page.")
    return PublicStanding(pgettext("application", "Live"), "good", _since(community), text)


def _or_waiting(application: Application, text: str) -> str:
    return _("We asked its sender something by mail and wait for the answer.") if application.is_waiting else text


def _released(application: Application) -> date | None:
    released = Decision.objects.filter(application=application, released_at__isnull=False).order_by("-released_at").first()
    return released.released_at.date() if released and released.released_at else None


def _since(community: Community) -> date:
    moved = community.stage_events().filter(after=community.state).values_list("at", flat=True).last()
    return (moved or community.created_at).date()


def working_days_after(day: date, days: int) -> date:
    """The day after so many working days; Saturdays and Sundays are none."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
