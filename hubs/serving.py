"""This machine's deployer, served to others over the deployer API, as the settings say."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hubs import choosing, deployers
from hubs.deployers.http.addresses import is_loopback
from hubs.deployers.serving import Application, Caller, Follower, Ledger, Scope, Service

EVERYTHING = frozenset(Scope)
READING = frozenset({Scope.READ})


def service(url: str = "") -> Service:
    """The deployer of that address (or the one served by default) as a service. Raises ImproperlyConfigured, in words."""
    url = url or served_by_default()
    if urlsplit(url).scheme in {"http", "https"}:
        raise ImproperlyConfigured("What is served is on this machine: give --url git+file:///path/to/repository.")
    surroundings = choosing.surroundings()
    deployers.prepare(url, surroundings=surroundings)
    deployer = deployers.from_url(url, surroundings=surroundings)
    ledger = Ledger(settings.VAR_DIR / "deployer" / "served.sqlite3", calls=bool(settings.DEPLOYER_CALLBACK_URL))
    return Service(Application(deployer, ledger, tokens=tokens()), Follower(deployer, ledger), _caller(ledger))


def served_by_default() -> str:
    """DEPLOYER_URL; where that is the address we are asked at ourselves, the repository under `var/`."""
    is_elsewhere = urlsplit(settings.DEPLOYER_URL).scheme in {"http", "https"}
    return f"git+file://{settings.VAR_DIR / 'configuration'}" if is_elsewhere else settings.DEPLOYER_URL


def tokens() -> dict[str, frozenset[Scope]]:
    """Who may do what. Raises ImproperlyConfigured when everybody could do everything, but for a developer's machine."""
    known = {settings.DEPLOYER_READ_TOKEN: READING, settings.DEPLOYER_TOKEN: EVERYTHING}
    found = {token: scopes for token, scopes in known.items() if token}
    if not settings.DEPLOYER_TOKEN and not settings.DEBUG:
        raise ImproperlyConfigured("Set DEPLOYER_TOKEN: without it anybody could deploy.")
    return found


def _caller(ledger: Ledger) -> Caller | None:
    url, secret = settings.DEPLOYER_CALLBACK_URL, settings.DEPLOYER_CALLBACK_SECRET
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            "DEPLOYER_CALLBACK_URL is the address of the desk’s webhook: https://desk.example.org/webhooks/deployer/."
        )
    if parts.scheme == "http" and not (settings.DEBUG or is_loopback(parts.hostname)):
        raise ImproperlyConfigured("DEPLOYER_CALLBACK_URL must begin with https://, unless the desk is on this machine.")
    if not secret:
        raise ImproperlyConfigured("Set DEPLOYER_CALLBACK_SECRET: a callback that is not signed is refused.")
    return Caller(ledger, url=url, secret=secret)
