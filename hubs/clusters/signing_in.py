"""How people sign in to a hub and who is let in, read from the configuration of its authenticator."""

from collections.abc import Mapping
from typing import Any

from hubs.clusters.facts import IdentityProvider, SignIn
from hubs.clusters.values import at, flag_at, map_at, text_at, texts_at

METHODS = {
    "CILogonOAuthenticator": "cilogon",
    "GitHubOAuthenticator": "github",
    "GoogleOAuthenticator": "google",
    "GenericOAuthenticator": "generic-oauth",
}


def authenticator(config: Mapping[str, Any]) -> str:
    """How people sign in, as far as the open files say."""
    named = at(config, "JupyterHub", "authenticator_class")
    known = (method for key, method in METHODS.items() if key in config)
    return str(named) if named else next(known, "")


def admins(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The community's admins, wherever the authenticator keeps them."""
    lists = [part["admin_users"] for part in config.values() if isinstance(part, Mapping) and isinstance(part.get("admin_users"), list)]
    return tuple(dict.fromkeys(str(person) for people in lists for person in people))


def read_sign_in(values: Mapping[str, Any]) -> SignIn:
    """Who is let in. Every authenticator's own section counts, whichever is switched on: people look for a team wherever it stands."""
    config = map_at(values, "jupyterhub", "hub", "config")
    staff = map_at(values, "jupyterhub", "custom", "2i2c")
    return SignIn(
        organisations=_all(config, "allowed_organizations"),
        identity_providers=tuple(
            _provider(entity, detail) for entity, detail in map_at(config, "CILogonOAuthenticator", "allowed_idps").items()
        ),
        domains=_all(config, "allowed_hosted_domains", "hosted_domain", "allowed_domains"),
        groups=_all(config, "allowed_groups", "allowed_google_groups"),
        scopes=_all(config, "allowed_scopes"),
        asks_for=_all(config, "scope"),
        people=_all(config, "allowed_users"),
        admin_groups=_all(config, "admin_groups"),
        allow_all=_flag(config, "allow_all"),
        server=_text(config, "authorize_url"),
        audience=next(
            (text_at(part, "extra_authorize_params", "audience") for part in _sections(config) if "extra_authorize_params" in part), ""
        ),
        claim=_text(config, "username_claim"),
        manages_groups=_flag(config, "manage_groups"),
        keeps_account=_flag(config, "enable_auth_state"),
        staff_are_admins=flag_at(staff, "add_staff_user_ids_to_admin_users"),
        staff_known_by=text_at(staff, "add_staff_user_ids_of_type"),
    )


def _provider(entity: str, detail: Any) -> IdentityProvider:
    return IdentityProvider(
        entity=entity,
        claim=text_at(detail, "username_derivation", "username_claim"),
        domains=texts_at(detail, "allowed_domains"),
        is_default=flag_at(detail, "default") is True,
        allow_all=flag_at(detail, "allow_all") is True,
    )


def _sections(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sections of authenticators."""
    return [part for key, part in config.items() if key.endswith("Authenticator") and isinstance(part, Mapping)]


def _all(config: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in _sections(config) for key in keys for word in texts_at(part, key)))


def _text(config: Mapping[str, Any], key: str) -> str:
    return next((text_at(part, key) for part in _sections(config) if key in part), "")


def _flag(config: Mapping[str, Any], key: str) -> bool | None:
    return next((flag_at(part, key) for part in _sections(config) if key in part), None)
