"""Resolves names to public addresses only, so that a URL that somebody typed cannot reach our own network.

A name is resolved once for each try, and the connection goes to an address that was checked. DNS rebinding,
in which a name resolves to another address a moment later, therefore has no effect.
"""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is reached
INSIDE_A_CLOUD = {ip_address("168.63.129.16")}  # in Azure this public address is the host's own


class LeadsInside(OSError):
    """The name has only addresses in our own network, and the operator has not allowed it."""


def of(name: str, port: int, *, allowed: Collection[str]) -> list[str]:
    """Returns addresses to connect to, the best first. Raises LeadsInside if none is public, and OSError for
    an unknown name.

    `allowed` has the names, in lower case, that may resolve to our own network.
    """
    told = [row[4][0] for row in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    found = list(dict.fromkeys(str(address) for address in told))
    if name.lower() not in allowed:
        found = [address for address in found if is_public(address)]
    if not found:
        raise LeadsInside
    return found


def is_public(told: str) -> bool:
    """Returns False for private, shared, loopback, link-local, multicast and reserved addresses, and for an
    IPv6 address that contains such an IPv4 address."""
    address = _reached(ip_address(told))
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not (isinstance(address, IPv6Address) and address.is_site_local)
        and address not in INSIDE_A_CLOUD
    )


def _reached(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Returns the IPv4 address that an IPv6 address contains, if any, else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
