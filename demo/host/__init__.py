"""A documentation site somewhere else, which carries the widget: one page, a strict policy of its own, no code of the desk's."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse

KEY = "demo-documentation-site"
LANGUAGES = frozenset({"es", "pt", "fr", "de"})
PAGES = Path(__file__).parent
App = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def site(*, desk: str, key: str = KEY) -> App:
    """The site as a WSGI application; `desk` is the origin that its widget asks."""
    page = (PAGES / "page.html").read_text().replace("{desk}", desk).replace("{key}", key)
    policy = f"default-src 'none'; style-src 'self'; script-src {desk}; connect-src {desk}; base-uri 'none'; form-action 'none'"
    answers = {"/style.css": ("text/css", (PAGES / "style.css").read_text())}

    def respond(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        content_type, text = answers.get(path, ("text/html", _in_language(page, path[1:3])))
        headers = [("Content-Type", f"{content_type}; charset=utf-8"), ("Content-Security-Policy", policy)]
        start_response("200 OK", headers)
        return [text.encode()]

    return respond


def _in_language(page: str, code: str) -> str:
    """`/es/` says that it is in Spanish, so that the widget speaks it."""
    return page.replace('lang="en"', f'lang="{code}"') if code in LANGUAGES else page
