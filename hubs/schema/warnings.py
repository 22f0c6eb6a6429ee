"""What is allowed and yet worth a second look before somebody says yes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hubs.schema.problems import Problem
from hubs.schema.rules import USUAL_NOTICE, Document, Notice, moment, specs

Rule = Callable[[Document, date], Iterator[Problem]]
UNLIMITED_NAMES = ("binder", "spyglass", "public", "ephemeral")


def warnings(document: Document, *, today: date, notice: Notice = USUAL_NOTICE) -> list[Problem]:
    """Everything worth mentioning on `today`; nothing of it stops the request."""
    noticed: tuple[Rule, ...] = (partial(short_notice, notice=notice), quiet_period, partial(short_ending, notice=notice), *RULES)
    return [warning for rule in noticed for warning in rule(document, today)]


def short_notice(document: Document, today: date, *, notice: Notice) -> Iterator[Problem]:
    """Cloud quotas take weeks, so an event is to be told in time."""
    start = moment(document.get("event", {}).get("starts_at"))
    days = (start.date() - today).days if start else notice.event
    if days < notice.event:
        words = ngettext(
            "Only %(n)d day's notice; %(asked)d days are asked for.", "Only %(n)d days' notice; %(asked)d days are asked for.", max(days, 0)
        )
        yield Problem("/event/starts_at", "notice", words % {"n": max(days, 0), "asked": notice.event})


def quiet_period(document: Document, today: date) -> Iterator[Problem]:  # noqa: ARG001  every rule is given today
    """On weekends and around New Year nobody is promised to be there."""
    event = document.get("event", {})
    start, end = moment(event.get("starts_at")), moment(event.get("ends_at"))
    if not start or not end:
        return
    days = [start.date() + timedelta(days=n) for n in range(min((end.date() - start.date()).days, 366) + 1)]
    if any(day.weekday() >= 5 for day in days):
        yield Problem("/event/starts_at", "weekend", _("Part of the event is on a weekend, when nobody is on call."))
    if any((day.month, day.day) >= (12, 25) or (day.month, day.day) <= (1, 7) for day in days):
        yield Problem(
            "/event/starts_at", "holidays", _("Part of the event is in the first or last week of the year, when nobody is on call.")
        )


def short_ending(document: Document, today: date, *, notice: Notice) -> Iterator[Problem]:
    """People need time to take their work with them."""
    ending = document.get("decommission", {})
    if "last_day" in ending and date.fromisoformat(ending["last_day"]) - today < timedelta(days=notice.ending):
        words = ngettext(
            "Less than %(n)d day for people to save their work.", "Less than %(n)d days for people to save their work.", notice.ending
        )
        yield Problem("/decommission/last_day", "notice", words % {"n": notice.ending})
    if ending and not ending.get("users_told"):
        yield Problem("/decommission/users_told", "users-not-told", _("The people who use the hub have not been told yet."))


def telling_names(document: Document, today: date) -> Iterator[Problem]:  # noqa: ARG001  every rule is given today
    """Some words in a hub's name change how it is run."""
    for pointer, spec in specs(document):
        name = spec.get("name", "")
        if "staging" in name:
            yield Problem(f"{pointer}/name", "staging", _("A hub with “staging” in its name is where changes are tried first."))
        if any(word in name for word in UNLIMITED_NAMES):
            yield Problem(f"{pointer}/name", "no-quotas", _("With this name the hub has no usage quotas."))


def privacy(document: Document, today: date) -> Iterator[Problem]:  # noqa: ARG001  every rule is given today
    """Admins who can read everybody's files should know that they do."""
    places = [(f"{pointer}/storage", spec.get("storage", {})) for pointer, spec in specs(document)]
    places += [(f"/changes/{index}/storage", change.get("storage", {})) for index, change in enumerate(document.get("changes", []))]
    for pointer, storage in places:
        if storage.get("allusers_for_admins"):
            yield Problem(
                f"{pointer}/allusers_for_admins",
                "privacy",
                _("Admins will be able to read and change everybody's files. Tell the people who use the hub."),
            )


RULES: tuple[Rule, ...] = (telling_names, privacy)
