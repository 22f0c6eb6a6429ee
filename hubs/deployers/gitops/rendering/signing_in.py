"""Who may sign in to a hub, and who is its admin, as its authenticator wants to hear it."""

from collections.abc import Callable, Mapping
from typing import Any

from hubs.deployers.gitops.configuration import put
from hubs.deployers.interface import Organisation

GOOGLE_PROVIDER = "http://google.com/accounts/o8/id"
STAFF_IDS = {"github": "github"}
CLASSES = {"auth0": "generic-oauth", "canvas": "generic-oauth"}
METHODS_WITH_SECRETS = {"github", "cilogon", "google", "auth0", "generic-oauth", "canvas", "shared-password"}

Settings = dict[str, Any]


def set_signing_in(values: Any, signing_in: Mapping[str, Any], organisation: Organisation) -> None:
    """The authenticator, whom it lets in, the community's admins and ours."""
    method = signing_in["method"]
    config: Settings = {"JupyterHub": {"authenticator_class": CLASSES.get(method, method)}}
    config |= SETTINGS.get(method, _nothing)(signing_in, organisation)
    if method not in {"tmp", "null"}:
        config["Authenticator"] = {"admin_users": list(signing_in.get("admins", []))}
    put(values, "jupyterhub", "hub", "config", value=config)
    staff = {"add_staff_user_ids_to_admin_users": method not in {"tmp", "null", "auth0", "generic-oauth", "canvas", "shared-password"}}
    put(values, "jupyterhub", "custom", "2i2c", value={**staff, "add_staff_user_ids_of_type": STAFF_IDS.get(method, "google")})


def _github(signing_in: Mapping[str, Any], organisation: Organisation) -> Settings:
    staff = [organisation.staff_team] if organisation.staff_team else []
    allowed = list(dict.fromkeys([*staff, *signing_in["allowed_organizations"]]))
    return {"GitHubOAuthenticator": {"allowed_organizations": allowed, "scope": ["read:org"]}}


def _cilogon(signing_in: Mapping[str, Any], _organisation: Organisation) -> Settings:
    providers = {provider["entity_id"]: _provider(provider) for provider in signing_in["identity_providers"]}
    providers[next(iter(providers))] = {"default": True, **next(iter(providers.values()))}
    # staff sign in with Google; whom this provider lets in besides them is nobody, as it allows nobody
    providers.setdefault(GOOGLE_PROVIDER, {"username_derivation": {"username_claim": "email"}})
    return {"CILogonOAuthenticator": {"allowed_idps": providers}}


def _provider(provider: Mapping[str, Any]) -> Settings:
    settings: Settings = {"username_derivation": {"username_claim": provider.get("username_claim", "email")}}
    if provider.get("allowed_domains"):
        return {**settings, "allowed_domains": list(provider["allowed_domains"])}
    return {**settings, "allow_all": True} if provider.get("allow_all", True) else settings


def _google(signing_in: Mapping[str, Any], _organisation: Organisation) -> Settings:
    return {"GoogleOAuthenticator": {"allowed_hosted_domains": list(signing_in["allowed_hosted_domains"]), "allow_all": True}}


def _generic(signing_in: Mapping[str, Any], _organisation: Organisation) -> Settings:
    issuer = signing_in["issuer"].rstrip("/")
    addresses = {"authorize_url": f"{issuer}/authorize", "token_url": f"{issuer}/oauth/token", "userdata_url": f"{issuer}/userinfo"}
    scopes = list(signing_in.get("scopes") or ["openid"])
    return {
        "GenericOAuthenticator": {
            **addresses,
            "username_claim": signing_in.get("username_claim", "sub"),
            "scope": scopes,
            "allow_all": True,
        }
    }


def _shared_password(_signing_in: Mapping[str, Any], _organisation: Organisation) -> Settings:
    return {"SharedPasswordAuthenticator": {"allow_all": True}}  # whoever knows the password; without it nobody is let in


def _nothing(_signing_in: Mapping[str, Any], _organisation: Organisation) -> Settings:
    return {}


SETTINGS: dict[str, Callable[[Mapping[str, Any], Organisation], Settings]] = {
    "github": _github,
    "cilogon": _cilogon,
    "google": _google,
    "auth0": _generic,
    "generic-oauth": _generic,
    "canvas": _generic,
    "shared-password": _shared_password,
}
