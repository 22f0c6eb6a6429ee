"""Where a name of the network leads, and whether that is within our own walls."""

import ipaddress
import socket

from ground.errors import Unavailable


def is_within(address: str) -> bool:
    """Whether an address is a machine's own, a private network's, or one that means nobody in particular."""
    there = ipaddress.ip_address(address.partition("%")[0])
    mapped = there.ipv4_mapped if isinstance(there, ipaddress.IPv6Address) else None
    there = mapped or there
    return not there.is_global or there.is_multicast


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
