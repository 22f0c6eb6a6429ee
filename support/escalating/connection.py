"""Whether we may speak to GitHub, and the way to it."""

from functools import cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from ground.github import AppTokens, FixedToken
from support.github import GitHub

LONGEST_ADDRESS = 6000  # characters that GitHub's form surely takes


def is_connected() -> bool:
    """Without a token or an App an agent makes the issue on GitHub's own page and brings its address back."""
    return bool(settings.GITHUB_TOKEN or (settings.GITHUB_APP_ID and settings.GITHUB_APP_PRIVATE_KEY))


def open_github() -> GitHub:
    """A client of the configured GitHub; use it in a `with`."""
    tokens = FixedToken(settings.GITHUB_TOKEN) if settings.GITHUB_TOKEN else _app(settings.GITHUB_APP_ID, settings.GITHUB_APP_PRIVATE_KEY)
    return GitHub(settings.GITHUB_API_URL, tokens, transport=settings.GITHUB_TRANSPORT)


def web_address() -> str:
    """Where people read what the API serves: github.com, or the same host for another server."""
    parts = urlsplit(settings.GITHUB_API_URL)
    return "https://github.com" if parts.hostname == "api.github.com" else f"{parts.scheme}://{parts.netloc}"


def issue_address(repository: str, number: int) -> str:
    return f"{web_address()}/{repository}/issues/{number}"


def form_address(repository: str, *, title: str, body: str, labels: list[str]) -> str:
    """GitHub's own form, filled in; a body too long for an address is cut."""
    while len(address := _form(repository, title, body, labels)) > LONGEST_ADDRESS and body:
        body = body[: int(len(body) * 0.8)]
    return address


def _form(repository: str, title: str, body: str, labels: list[str]) -> str:
    return f"{web_address()}/{repository}/issues/new?" + urlencode({"title": title, "body": body, "labels": ",".join(labels)})


@cache
def _app(app_id: str, private_key: str) -> AppTokens:
    """One a process: its installation tokens last an hour."""
    return AppTokens(app_id, private_key)
