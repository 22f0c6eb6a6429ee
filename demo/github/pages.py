"""The pages of the person who plays the engineer: issues of every repository, and one with a button."""

import json
import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from demo.github.exchange import Answer, Request
from demo.github.faults import Fault

if TYPE_CHECKING:
    from demo.github.simulator import Simulator

ISSUE = re.compile(r"/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)")
LOG = re.compile(r"/_logs/(?P<repository>[^/]+/[^/]+)/(?P<number>\d+)")
CONTROL = re.compile(r"/_control/(?P<what>review|merge|close|push|finish)")
STYLE = "body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}pre{white-space:pre-wrap}"


def answer(simulator: "Simulator", request: Request) -> Answer:
    """The list, an issue, what its button does, or a fault that is asked for."""
    if request.path == "/_control/faults" and request.method == "POST":
        simulator.faults.add(Fault(**json.loads(request.content)))
        return Answer(201, {})
    if (found := CONTROL.fullmatch(request.path)) and request.method == "POST":
        return _by_hand(simulator, found["what"], json.loads(request.content))
    if found := LOG.fullmatch(request.path):
        code = simulator.code(found["repository"])
        return Answer(200, code.wishes.log) if code and request.query.get("key") else Answer(404, "")
    if found := ISSUE.fullmatch(request.path):
        return _issue(simulator, request, found["repository"], int(found["number"]))
    return Answer(200, _page("Issues", _list(simulator)))


def _by_hand(simulator: "Simulator", what: str, said: dict[str, Any]) -> Answer:
    """What a person does with the code: review, merge, close, push, or see the workflows to their end."""
    code = simulator.code(said.pop("repository"))
    if code is None:
        return Answer(404, {"message": "There is no such code here."})
    does: dict[str, Callable[..., str | None]] = {
        "review": code.review,
        "merge": code.merge,
        "close": code.close_pull,
        "push": code.push,
        "finish": code.finish,
    }
    try:
        told = does[what](**said)
    except (ValueError, LookupError, TypeError) as error:
        return Answer(422, {"message": str(error)})
    code.keep()
    simulator.bells.tell()
    return Answer(201, {"sha": told} if told else {})


def _issue(simulator: "Simulator", request: Request, repository: str, number: int) -> Answer:
    issue = simulator.store.find(repository, number)
    if issue is None:
        return Answer(404, _page("Not found", "<p>There is no such issue.</p>"))
    if request.method == "POST":
        wanted = dict(parse_qsl(request.content.decode())).get("state", "closed")
        simulator.change(repository, number, state=wanted, state_reason="completed" if wanted == "closed" else "reopened")
        return Answer(303, None, {"location": request.path})
    other, word = ("closed", "Close issue") if issue["state"] == "open" else ("open", "Reopen issue")
    button = f'<form method="post"><button name="state" value="{other}">{word}</button></form>'
    title = f"{repository}#{number} {issue['title']}"
    labels = ", ".join(label["name"] for label in issue["labels"])
    words = f"<p>{issue['state']} · {escape(labels)}</p><pre>{escape(issue['body'])}</pre>{button}"
    return Answer(200, _page(title, words))


def _list(simulator: "Simulator") -> str:
    lines = [
        f'<li><a href="/{escape(repository)}/issues/{issue["number"]}">{escape(repository)}#{issue["number"]} {escape(issue["title"])}</a> ({issue["state"]})'
        for repository, issues in simulator.store.repositories.items()
        for issue in issues
    ]
    return f"<ul>{''.join(lines)}</ul>" if lines else "<p>No issue yet. Escalate a ticket.</p>"


def _page(title: str, words: str) -> str:
    return f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{words}</html>"
