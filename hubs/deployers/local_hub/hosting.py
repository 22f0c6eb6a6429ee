"""Hubs on this machine: brought to run as the configuration says, watched until they answer, tried out, taken away."""

import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from django.utils.translation import gettext as _

from hubs.clusters import HubFacts
from hubs.deployers.gitops import steps
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.steps import Facts, Stuck, Work, Workshop
from hubs.deployers.interface import Condition, Hub, State
from hubs.deployers.local_hub import processes, shaping
from hubs.deployers.local_hub.journal import Journal
from hubs.deployers.local_hub.places import HUBS, Place, place, places
from hubs.deployers.local_hub.tools import Tools
from hubs.deployers.records import Record

READY_PATIENCE = 60.0  # seconds; a cold start takes five
CHECK_PATIENCE = 90.0
HEALTH = httpx.Timeout(2)


class Hosting:
    """The places below a folder, and what happens in them. Every step may be taken again: it finds the process that runs."""

    def __init__(self, folder: Path, tools: Tools) -> None:
        folder = folder.resolve()
        self.places = folder / HUBS
        self.tools = tools
        self.journal = Journal(folder / "logs")

    def works(self) -> Mapping[str, Work]:
        """What follows the merge, here."""
        return {
            "start": Work(lambda: _("Start the hub"), "starting", lambda: _("The hub is being started."), self.start),
            "wait": Work(lambda: _("Wait until it answers"), "waiting", lambda: _("The hub is getting ready."), self.wait),
            "verify": Work(
                lambda: _("Start a server and run a cell"),
                "verifying",
                lambda: _("Somebody's first visit is being tried out."),
                self.verify,
            ),
            "stop": Work(lambda: _("Stop the hub"), "removing", lambda: _("The hub is being stopped."), self.stop),
        }

    def start(self, record: Record, shop: Workshop) -> Facts:
        """Let the hubs run that the order is about, and again those whose settings have changed with it."""
        configuration = shop.configuration()
        for hub in self._concerned(record, configuration):
            self._let_run(hub, configuration)
            self.journal.write(record.deployment.id, "start", f"{hub.name}: {self._place(hub).url}\n")
        return {}

    def wait(self, record: Record, shop: Workshop) -> Facts:
        """Until all of them answer. Rejected 502 with what they wrote when one does not."""
        until = time.monotonic() + READY_PATIENCE
        for hub in self._concerned(record, shop.configuration()):
            is_ready = self._wait_for(self._place(hub), until=until)
            self._keep_log(record, "wait", self._place(hub))
            if not is_ready:
                detail = _("The hub “%(hub)s” does not answer. What it wrote is in the log.") % {"hub": hub.name}
                raise Stuck(detail, status=502, facts={"hub_usable": False, "hubs": self._seen(record, shop)})
        return {}

    def verify(self, record: Record, shop: Workshop) -> Facts:
        """Do what a person does: start a server, run a cell. A hub that answers and starts none is not usable, and fails."""
        for each in self._named(record):
            with each.locked():
                found = self._check(record, each)
                each.keep_check({**found, "at": shop.now.isoformat()})
            if not found["ok"]:
                raise Stuck(
                    _("The hub answers, but nobody can work on it: %(why)s") % {"why": found["detail"]},
                    status=502,
                    facts={"hub_usable": False, "hubs": self._seen(record, shop)},
                )
        hubs = self._seen(record, shop)
        steps.tidy(record, shop)
        words = _("The hub runs: a server started, and a cell ran in it.")
        return _ended("live", words, hubs=hubs, hub_usable=True)

    def stop(self, record: Record, shop: Workshop) -> Facts:
        """Stop the hub, and take its folder away or aside, as was asked."""
        is_kept = record.order.request["decommission"]["data"]["action"] != "delete"
        for each in self._named(record):
            with each.locked():
                processes.stop([each])
                self._keep_log(record, "stop", each)
                each.remove(kept_as=f"kept-{record.order.request_id}" if is_kept else "")
        steps.tidy(record, shop)
        words = _("The hub has stopped. People's files are kept aside.") if is_kept else _("The hub has stopped, and its files are gone.")
        return _ended("removed", words)

    def seen(self, hub: Hub) -> Hub:
        """The hub as it is here: its address, whether it answers, what came of the last check. As written where it was never started."""
        at = place(self.places, hub.cluster, hub.name)
        if not at.is_taken:
            return hub
        since = next((each.since for each in hub.conditions), None)
        return replace(
            hub, url=at.url, conditions=(Condition("Synced", "True", since, _("It runs on this machine.")), *_conditions(at, since))
        )

    def revive(self, configuration: Configuration) -> None:
        """Start again what should run and does not, after the machine was: all at once, waiting for them a while."""
        hubs = {(hub.cluster, hub.name): hub for cluster in configuration.clusters.values() for hub in cluster.hubs}
        asleep = [each for each in places(self.places) if each.name in hubs and not processes.running(each)]
        for each in asleep:
            self._let_run(hubs[each.name], configuration)
        until = time.monotonic() + READY_PATIENCE / 2
        for each in asleep:
            self._wait_for(each, until=until)

    def _let_run(self, hub: HubFacts, configuration: Configuration) -> None:
        at = self._place(hub)
        with at.locked():
            at.furnish(shaping.wanted(hub, configuration, self.tools), is_running=processes.running(at) is not None)
            processes.start(at, self.tools)

    def _concerned(self, record: Record, configuration: Configuration) -> Iterator[HubFacts]:
        """The order's own hubs, then those of the same cluster that run here: what they share may have changed."""
        names = steps.hub_names(record)
        cluster = configuration.clusters[names[0][0]]
        yield from (hub for hub in cluster.hubs if (hub.cluster, hub.name) in names)
        yield from (hub for hub in cluster.hubs if (hub.cluster, hub.name) not in names and self._place(hub).is_taken)

    def _place(self, hub: HubFacts) -> Place:
        return place(self.places, hub.cluster, hub.name)

    def _named(self, record: Record) -> list[Place]:
        return [place(self.places, *name) for name in steps.hub_names(record)]

    def _seen(self, record: Record, shop: Workshop) -> tuple[Hub, ...]:
        return tuple(map(self.seen, steps.hubs_of(record, shop)))

    def _wait_for(self, at: Place, *, until: float) -> bool:
        """Does it answer before then? A process that has ended will not."""
        while not _answers(at):
            if time.monotonic() > until or processes.running(at) is None:
                return False
            time.sleep(0.1)
        return True

    def _check(self, record: Record, at: Place) -> dict[str, Any]:
        command = [self.tools.python, "-I", str(self.tools.check), str(at.folder)]
        environment = self.tools.environment(at.folder)
        try:
            done = subprocess.run(command, env=environment, timeout=CHECK_PATIENCE, check=False, capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            return {"ok": False, "at": "check", "detail": _("Trying it out took longer than %(n)d seconds.") % {"n": CHECK_PATIENCE}}
        self.journal.write(record.deployment.id, "verify", _without(done.stdout + done.stderr, at))
        try:
            found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError):
            return {"ok": False, "at": "check", "detail": _("Trying it out did not come to an end.")}
        return found

    def _keep_log(self, record: Record, step: str, at: Place) -> None:
        path = at.folder / "hub.log"
        if path.exists():
            self.journal.write(record.deployment.id, step, _without(path.read_text("utf-8", "replace"), at))


def _answers(at: Place) -> bool:
    try:
        return httpx.get(f"{at.url}hub/health", timeout=HEALTH, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _conditions(at: Place, since: datetime | None) -> Iterable[Condition]:
    is_ready, checked = _answers(at), at.checked
    yield Condition("Ready", str(is_ready), since, _("Asked at its own address."))
    if not checked:
        yield Condition("Usable", "Unknown", since, _("Nobody has tried it out yet."))
    elif checked["ok"]:
        yield Condition("Usable", "True" if is_ready else "Unknown", since, _("A server started, and a cell ran in it."))
    else:
        yield Condition("Usable", "False", since, str(checked["detail"]))


def _without(text: str, at: Place) -> str:
    """A log with the hub's keys taken out."""
    keys = at.keys()
    for secret in (keys.password, keys.admin_password, keys.proxy, keys.check):
        text = text.replace(secret, "•••")
    return text


def _ended(stage: str, words: str, **facts: Any) -> Facts:
    return {"state": State.SUCCEEDED, "stage": stage, "description": words, "cancellable": False, **facts}
