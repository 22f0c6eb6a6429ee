"""Who is let in, on each hub's merged values: no file alone tells."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import at, authenticator
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.checking.looking import Look, Written

CONFIG = ("jupyterhub", "hub", "config")
CLASSES = {"github": "GitHubOAuthenticator", "cilogon": "CILogonOAuthenticator", "google": "GoogleOAuthenticator"}
CLASSES |= {"generic-oauth": "GenericOAuthenticator", "shared-password": "SharedPasswordAuthenticator"}
DOORS = (
    *("allow_all", "allow_existing_users", "allowed_users", "admin_groups", "allowed_groups", "allowed_scopes"),
    *("allowed_organizations", "allowed_teams", "allowed_idps", "allowed_hosted_domains", "hosted_domain", "allowed_google_groups"),
)
"""What lets somebody in besides the admins, with one authenticator or another."""

SECRETS = ("client_secret", "user_password", "admin_password", "password")
FOR_ANYBODY = {"dummy", "tmp"}

Rule = Callable[[Written, str, Mapping[str, Any]], Iterator[Finding]]


def signing_in(look: Look) -> Iterator[Finding]:
    """Every rule on every hub."""
    for hub in look.whole_hubs:
        config = at(hub.values, *CONFIG)
        config = config if isinstance(config, Mapping) else {}
        method = authenticator(config)
        for rule in RULES:
            yield from rule(hub, method, config)


def _is_told(hub: Written, method: str, _config: Mapping[str, Any]) -> Iterator[Finding]:
    if not method and not hub.facts.secret_files:
        yield hub.finding(_("It is not said how people sign in to “%(hub)s”.") % _named(hub), *CONFIG)


def _organisations_or_people(hub: Written, method: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    lists = [name for name, part in _parts(config) if part.get("allowed_users")]
    if method == "github" and at(config, "GitHubOAuthenticator", "allowed_organizations") and lists:
        organisations = hub.told_place(*CONFIG, "GitHubOAuthenticator", "allowed_organizations")
        words = _("“%(hub)s” lets in these people and members of organisations (%(place)s); only one of both can be meant.")
        yield hub.finding(words % {**_named(hub), "place": organisations}, *CONFIG, lists[0], "allowed_users")


def _not_for_anybody(hub: Written, method: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    """Where any name is good enough, nobody may be an admin by name."""
    if method not in FOR_ANYBODY:
        return
    rulers = [name for name, part in _parts(config) if part.get("admin_users")]
    if rulers:
        words = _("Anybody can sign in to “%(hub)s” under any name, an admin's too: it can have none.") % _named(hub)
        yield hub.finding(words, *CONFIG, rulers[0], "admin_users")
    elif method == "dummy":
        words = _("“%(hub)s” lets in anybody with any name.") % _named(hub)
        yield hub.finding(words, *CONFIG, "JupyterHub", "authenticator_class", level=Level.UNWANTED)


def _institutions(hub: Written, method: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    if method != "cilogon":
        return
    providers = at(config, CLASSES[method], "allowed_idps")
    if not providers:
        level = Level.DOUBTFUL if hub.facts.secret_files and CLASSES[method] not in config else Level.WRONG
        words = _("“%(hub)s” names no institution that may sign in.") % _named(hub)
        yield hub.finding(words, *CONFIG, CLASSES[method], "allowed_idps", level=level)
        return
    for name, provider in providers.items() if isinstance(providers, Mapping) else ():
        if not at(provider, "username_derivation", "username_claim"):
            place = (*CONFIG, CLASSES[method], "allowed_idps", name, "username_derivation", "username_claim")
            yield hub.finding(_("It is not said which of this institution's claims is the user's name."), *place)


def _somebody_is_let_in(hub: Written, method: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    """Nobody but admins; what only a secret file says is not known here."""
    if method not in CLASSES or (method == "cilogon" and not at(config, CLASSES[method], "allowed_idps")):
        return
    if not any(
        part.get(door) for name, part in _parts(config) if name in {CLASSES[method], "Authenticator", "OAuthenticator"} for door in DOORS
    ):
        level = Level.DOUBTFUL if hub.facts.secret_files else Level.WRONG
        yield hub.finding(_("“%(hub)s” lets in nobody but its admins.") % _named(hub), *CONFIG, CLASSES[method], level=level)


def _passwords(hub: Written, method: str, config: Mapping[str, Any]) -> Iterator[Finding]:
    """Passwords stand in secret files, and a shared one has to stand somewhere."""
    for name, part in _parts(config):
        for key in SECRETS:
            if part.get(key):
                yield hub.finding(_("This is for everybody to read; it belongs into a secret file."), *CONFIG, name, key)
    if method == "shared-password" and not hub.facts.secret_files:
        words = _("“%(hub)s” has no secret file that could hold its passwords.") % _named(hub)
        yield hub.entry_finding(words, "helm_chart_values_files")


def _parts(config: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, part) for name, part in config.items() if isinstance(part, Mapping)]


def _named(hub: Written) -> dict[str, str]:
    return {"hub": hub.facts.name}


RULES: tuple[Rule, ...] = (_is_told, _organisations_or_people, _not_for_anybody, _institutions, _somebody_is_let_in, _passwords)
