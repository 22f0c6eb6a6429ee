"""How people sign in to a hub and what it has besides: one name for who runs it, one for who works there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Said:
    """One of them: as engineers call it, and as its community reads it."""

    name: Words
    plain: Words


SIGN_IN: Mapping[str, Said] = {
    "github": Said("GitHub", _("with a GitHub account")),
    "cilogon": Said("CILogon", _("with the account of a university or institute (CILogon)")),
    "google": Said("Google", _("with a Google account")),
    "auth0": Said("Auth0", _("with an account of your organisation (Auth0)")),
    "generic-oauth": Said(_("another sign-in service"), _("with an account of your organisation")),
    "canvas": Said("Canvas", _("with a Canvas account")),
    "orcid": Said("ORCID", _("with an ORCID iD")),
    "shared-password": Said(_("one shared password"), _("with a shared password")),
    "tmp": Said(_("no sign-in, a passing account"), _("without an account")),
    "null": Said(_("no sign-in"), _("without an account")),
    "dummy": Said(_("any name (dummy)"), _("with any name")),
}
ALIASES = {"generic": "generic-oauth", "sharedpassword": "shared-password", "none": "null"}
FEATURES: Mapping[str, Said] = {
    "profiles": Said(_("choice of servers"), _("choice of servers")),
    "unlisted_image": Said(_("own image by name"), _("environments of your own")),
    "dynamic_image_building": Said(_("builds images"), _("environments built on request")),
    "binderhub_ui": Said(_("page of BinderHub"), _("a page that builds environments from a link (Binder)")),
    "gpu": Said(_("graphics cards"), _("graphics processors")),
    "dask_gateway": Said(_("Dask gateway"), _("clusters of workers (Dask)")),
    "dask_setup": Said(_("set up for Dask"), _("set up for Dask")),
    "named_servers": Said(_("several servers a person"), _("several servers a person")),
    "gh_scoped_creds": Said(_("push to GitHub"), _("pushing to GitHub")),
    "scratch_bucket": Said(_("scratch bucket"), _("scratch storage in the cloud")),
    "persistent_bucket": Said(_("persistent bucket"), _("lasting storage in the cloud")),
    "team_profiles": Said(_("servers for some teams only"), _("servers for some teams only")),
    "allusers_for_admins": Said(_("admins see all home folders"), _("admins see all home folders")),
    "usage_quotas": Said(_("limits of use"), _("limits of use")),
}


def sign_in_name(method: str) -> Words:
    """A way to sign in as engineers call it; one we have no word for is named."""
    return SIGN_IN[_key(method)].name if _key(method) in SIGN_IN else method


def sign_in_said(method: str) -> str:
    """How people sign in, in their words; a method we have none for is named."""
    return str(SIGN_IN[_key(method)].plain) if _key(method) in SIGN_IN else method


def feature_name(feature: str) -> Words:
    """What a hub has, as engineers call it; what we have no word for is named."""
    return FEATURES[feature].name if feature in FEATURES else feature


def _key(method: str) -> str:
    """Our short name of it, where a configuration names the class of an authenticator."""
    short = method.lower().rpartition(".")[2].removesuffix("oauthenticator").removesuffix("authenticator")
    return ALIASES.get(short, short)
