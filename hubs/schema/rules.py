"""Rules between the fields of a hub request that a schema cannot say. Each takes a document whose single values are sound."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hubs.schema import words
from hubs.schema.problems import Problem

Document = Mapping[str, Any]

GOOGLE_ACCOUNT_LENGTH = 30  # a service account's name, made of cluster, hyphen and hub
METHODS_WITHOUT_PEOPLE = {"tmp", "null"}
METHODS_WITH_NAMED_ADMINS = {"github", "cilogon", "google"}
INSTANCE_PROVIDERS = {"r5": "aws", "r7i": "aws", "n2": "gcp", "n4": "gcp"}


@dataclass(frozen=True)
class Notice:
    """How many days ahead a programme asks to be told."""

    event: int = 21
    ending: int = 30


USUAL_NOTICE = Notice()


def broken(document: Document, *, today: date, notice: Notice = USUAL_NOTICE) -> Iterator[Problem]:
    """Every rule that the document breaks on `today`."""
    for rule in RULES:
        yield from rule(document)
    yield from exam_has_notice(document, today=today, notice=notice)


def specs(document: Document) -> list[tuple[str, Document]]:
    """The new hubs a request describes, with their pointers."""
    found = [(f"/hubs/{index}", spec) for index, spec in enumerate(document.get("hubs", []))]
    return [*found, ("/new_hub", document["new_hub"])] if "new_hub" in document else found


def provider_of(instance_type: str) -> str:
    """Whose machine this is."""
    return INSTANCE_PROVIDERS.get(instance_type.split(".", maxsplit=1)[0].split("-", maxsplit=1)[0], "")


def hubs_differ(document: Document) -> Iterator[Problem]:
    """Two hubs of one request cannot share a name, a title or an address."""
    for key in ("name", "display_name", "domain"):
        seen: set[str] = set()
        for pointer, spec in specs(document):
            if spec.get(key) in seen:
                yield Problem(f"{pointer}/{key}", "taken", _("Another hub of this request already has this."))
            seen.add(spec.get(key) or pointer)


def names_fit_google(document: Document, *, provider: str = "", cluster: str = "") -> Iterator[Problem]:
    """On Google Cloud the cluster's and the hub's name together make an account name."""
    new = document.get("new_cluster", {})
    if (provider or new.get("provider")) != "gcp":
        return
    owner = cluster or new.get("name", "")
    for pointer, spec in specs(document):
        if len(f"{owner}-{spec.get('name', '')}") > GOOGLE_ACCOUNT_LENGTH:
            room = GOOGLE_ACCOUNT_LENGTH - len(owner) - 1
            yield Problem(
                f"{pointer}/name", "too-long", _("On this cluster a hub's name can have at most %(n)d characters.") % {"n": max(room, 0)}
            )


def resources_fit_provider(document: Document, *, provider: str = "") -> Iterator[Problem]:
    """Machines and "requester pays" exist only where their provider does."""
    known = provider or document.get("new_cluster", {}).get("provider", "")
    for pointer, part in _parts(document, "resources"):
        machine = part.get("instance_type")
        if known and machine and provider_of(machine) != known:
            yield Problem(
                f"{pointer}/instance_type", "provider-mismatch", _("This machine does not exist at the cluster's cloud provider.")
            )
    for pointer, part in _parts(document, "storage"):
        if known and known != "gcp" and part.get("requester_pays"):
            yield Problem(f"{pointer}/requester_pays", "provider-mismatch", _("Only Google Cloud lets the requester pay."))


def one_default_image(document: Document) -> Iterator[Problem]:
    """People who choose nothing get one image, so there is exactly one default."""
    for pointer, environment in _parts(document, "environment"):
        images = environment.get("images", [])
        marked = [index for index, image in enumerate(images) if image.get("default")]
        if len(images) > 1 and not marked:
            yield Problem(f"{pointer}/images", "default", _("Say which image people get when they choose nothing."))
        for index in marked[1:]:
            yield Problem(
                f"{pointer}/images/{index}/default", "default", _("Only one image can be the one people get when they choose nothing.")
            )


def somebody_is_admin(document: Document) -> Iterator[Problem]:
    """A hub that keeps people's work needs at least one admin of the community."""
    for pointer, spec in specs(document):
        signing_in = spec.get("authentication", {})
        if signing_in.get("method") in METHODS_WITH_NAMED_ADMINS and spec.get("type") == "jupyterhub" and not signing_in.get("admins"):
            yield words.required(f"{pointer}/authentication/admins")


def signing_in_fits_type(document: Document) -> Iterator[Problem]:
    """Anonymous sign-in goes with hubs that keep nothing, and only with them."""
    for pointer, spec in specs(document):
        method, kind = spec.get("authentication", {}).get("method"), spec.get("type")
        if kind == "jupyterhub" and method in METHODS_WITHOUT_PEOPLE:
            yield Problem(
                f"{pointer}/authentication/method", "type-mismatch", _("Signing in without a name is only for hubs that keep nothing.")
            )
        if kind == "ephemeral" and set(spec.get("storage", {})) & {"home_quota_gib", "shared_public", "allusers_for_admins"}:
            yield Problem(f"{pointer}/storage", "type-mismatch", _("A hub that keeps nothing has no home directories."))


def groups_come_from_github(document: Document) -> Iterator[Problem]:
    """Choices reserved for teams need the teams of GitHub."""
    for pointer, spec in specs(document):
        if spec.get("authentication", {}).get("method") in {"github", None}:
            continue
        for index, image in enumerate(spec.get("environment", {}).get("images", [])):
            if image.get("allowed_groups"):
                yield Problem(f"{pointer}/environment/images/{index}/allowed_groups", "auth-mismatch", _groups_words())
        gpu = spec.get("resources", {}).get("gpu")
        if isinstance(gpu, Mapping) and gpu.get("allowed_groups"):
            yield Problem(f"{pointer}/resources/gpu/allowed_groups", "auth-mismatch", _groups_words())


def event_ends_after_start(document: Document) -> Iterator[Problem]:
    """Time runs forward, in a zone that exists, and a hub is not taken away before its event is over."""
    event = document.get("event", {})
    start, end = moment(event.get("starts_at")), moment(event.get("ends_at"))
    if start and end and end <= start:
        yield Problem("/event/ends_at", "order", _("The event has to end after it starts."))
    if "timezone" in event and event["timezone"] not in available_timezones():
        yield Problem("/event/timezone", "format", _("This is not a time zone; write it like America/Bogota."))
    if event.get("decommission_on") and end and date.fromisoformat(event["decommission_on"]) < end.date():
        yield Problem("/event/decommission_on", "order", _("The hub cannot go before the event is over."))


def exam_has_notice(document: Document, *, today: date, notice: Notice = USUAL_NOTICE) -> Iterator[Problem]:
    """An exam needs two engineers at exact hours: an event's notice is the least."""
    event = document.get("event", {})
    start = moment(event.get("starts_at"))
    if event.get("kind") == "exam" and start and start.date() - today < timedelta(days=notice.event):
        words = ngettext(
            "An exam needs at least %(n)d day's notice; please write to support about a shorter one.",
            "An exam needs at least %(n)d days' notice; please write to support about a shorter one.",
            notice.event,
        )
        yield Problem("/event/starts_at", "notice", words % {"n": notice.event})


def decommission_is_meant(document: Document) -> Iterator[Problem]:
    """Typing the hub's name is the last chance to notice the wrong hub."""
    typed, hub = document.get("decommission", {}).get("confirm_hub_name"), document.get("hub")
    if typed and hub and typed != hub:
        words = _("You typed “%(typed)s”; the hub to be removed is called “%(hub)s”. If you mean another hub, take this request back.")
        yield Problem("/decommission/confirm_hub_name", "mismatch", words % {"typed": typed, "hub": hub})


def admins_are_not_added_and_removed(document: Document) -> Iterator[Problem]:
    """One person cannot become and stop being an admin at once."""
    for index, change in enumerate(document.get("changes", [])):
        if set(change.get("add", [])) & set(change.get("remove", [])):
            yield Problem(f"/changes/{index}/remove", "conflict", _("The same person is to be added and removed."))


RULES: tuple[Callable[[Document], Iterator[Problem]], ...] = (
    hubs_differ,
    names_fit_google,
    resources_fit_provider,
    one_default_image,
    somebody_is_admin,
    signing_in_fits_type,
    groups_come_from_github,
    event_ends_after_start,
    decommission_is_meant,
    admins_are_not_added_and_removed,
)


def moment(text: str | None) -> datetime | None:
    """An RFC 3339 moment, or none."""
    return datetime.fromisoformat(text) if text else None


def _parts(document: Document, name: str) -> Iterator[tuple[str, Document]]:
    """A hub's part (environment, resources, storage) wherever a request can carry one."""
    for pointer, spec in specs(document):
        if name in spec:
            yield f"{pointer}/{name}", spec[name]
    changes: Sequence[Document] = document.get("changes", [])
    for index, change in enumerate(changes):
        if name in change:
            yield f"/changes/{index}/{name}", change[name]


def _groups_words() -> str:
    return _("Reserving this for teams needs signing in with GitHub.")
