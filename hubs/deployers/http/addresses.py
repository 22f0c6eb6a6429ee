"""Where the deployer API is, by DEPLOYER_URL."""

import ipaddress

import httpx
from django.core.exceptions import ImproperlyConfigured

VERSION = "v1"


def base_address(url: str, *, is_debug: bool = False) -> httpx.URL:
    """The address that every path of the API is appended to, with its slash. Raises ImproperlyConfigured, in words.

    A token travels with every call, so plain http is for this machine alone, or for a developer's.
    """
    try:
        given = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ImproperlyConfigured("DEPLOYER_URL is no address.") from error
    if given.userinfo or given.query or given.fragment or not given.host:
        raise ImproperlyConfigured("DEPLOYER_URL is a plain address, without a password or a question; the token is DEPLOYER_TOKEN.")
    if given.scheme != "https" and not is_debug and not is_loopback(given.host):
        raise ImproperlyConfigured("DEPLOYER_URL must begin with https://, unless the deployer is on this machine.")
    path = given.path.rstrip("/")
    return given.copy_with(path=f"{path}/" if path.endswith(f"/{VERSION}") else f"{path}/{VERSION}/")


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
