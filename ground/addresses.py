"""Where a name of the network leads, and whether that is within our own walls."""

import ipaddress
import socket
from collections.abc import Callable

import httpx

from ground.errors import Rejected, Unavailable

PORTS = {"http": 80, "https": 443}
ASSIGNED = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that leads anywhere (RFC 4291)
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
ISATAP, ANY_ISATAP = 0x00005EFE, 0x02000000  # RFC 5214: the third quarter of an address, and the bit of it that may be either
Resolve = Callable[[str, int], list[str]]
"""A host's and a port's addresses."""


def is_within(address: str) -> bool:
    """Whether an address is a machine's own, a private network's, or one that means nobody in particular.

    One of IPv6 that carries one of IPv4 is judged by what it carries.
    """
    there = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(there, ipaddress.IPv6Address):
        carried = _carried(there)
        if carried is None and there not in ASSIGNED:
            return True
        there = carried or there
    return not there.is_global or there.is_multicast


def _carried(there: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address of IPv4 to which a host, a translator or a tunnel would take it."""
    if there in TRANSLATED or int(there) >> 32 & ~ANY_ISATAP & 0xFFFFFFFF == ISATAP:
        return ipaddress.IPv4Address(int(there) & 0xFFFFFFFF)
    return there.ipv4_mapped or there.sixtofour


def is_address(host: str) -> bool:
    """Whether this is an address already, with nothing to look up."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def addresses_of(host: str, port: int) -> list[str]:
    """Raises Unavailable for a name that nobody knows."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"{host} cannot be found: {error}") from error
    return [str(each[4][0]) for each in found]


def stay_outside(request: httpx.Request, *, private: bool = False, resolve: Resolve = addresses_of) -> None:
    """Make that request connect to the very address that was looked at: a name may say something else the next moment.

    Raises Rejected for an address within our own walls unless `private`, and Unavailable for a name that nobody knows.
    """
    host, port = request.url.host, request.url.port or PORTS[request.url.scheme]
    addresses = [host] if is_address(host) else resolve(host, port)
    if not private and any(map(is_within, addresses)):
        raise Rejected(f"{host} is not an address outside", status=400)
    if addresses and not is_address(host):
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=addresses[0])
