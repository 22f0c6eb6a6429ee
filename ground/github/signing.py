"""Who we are to GitHub: a token somebody made, or an App that asks for a short-lived one of its installation."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import httpx
import jwt

from ground.errors import Rejected, Unavailable
from ground.github import answers

LIFE = 540  # seconds of the App's own proof; GitHub takes ten minutes at most
SKEW = 60  # seconds that its clock may be behind ours
SPARE = 120.0  # seconds before its end at which a token is not used any more


class Tokens(Protocol):
    """Gives the token to ask with for one repository."""

    def token(self, http: httpx.Client, repository: str) -> str: ...


class FixedToken:
    """A token that an operator made."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, _http: httpx.Client, _repository: str) -> str:
        return self._token


class AppTokens:
    """A GitHub App: the installation of a repository is looked up once, its token used until shortly before it ends."""

    def __init__(self, app_id: str, private_key: str, *, now: Callable[[], float] = time.time) -> None:
        self._app_id, self._key, self._now = app_id, private_key.replace("\\n", "\n"), now
        self._kept: dict[str, tuple[str, float]] = {}

    def token(self, http: httpx.Client, repository: str) -> str:
        """Raises Unavailable, and Rejected where the App is not installed or its key is no key."""
        owner = repository.split("/", 1)[0].lower()
        token, until = self._kept.get(owner, ("", 0.0))
        if until - SPARE > self._now():
            return token
        installation = self._ask(http, "GET", f"repos/{repository}/installation")
        granted = self._ask(http, "POST", f"app/installations/{installation['id']}/access_tokens")
        self._kept[owner] = (str(granted["token"]), datetime.fromisoformat(granted["expires_at"]).timestamp())
        return self._kept[owner][0]

    def _ask(self, http: httpx.Client, method: str, path: str) -> Any:
        try:
            response = http.request(method, path, headers={"Authorization": f"Bearer {self._proof()}"})
        except httpx.RequestError as error:
            raise Unavailable(f"GitHub cannot be reached: {error or type(error).__name__}") from error
        answers.understand(response, now=self._now())
        return answers.content(response, dict)

    def _proof(self) -> str:
        """The App's own word, signed with its key."""
        now = int(self._now())
        try:
            return jwt.encode({"iat": now - SKEW, "exp": now + LIFE, "iss": self._app_id}, self._key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise Rejected("The private key of the GitHub App cannot be read") from error
