"""Which addresses the door may connect to: only those that are out in the open internet."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str, int], list[str]]

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")  # RFC 8215
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, deprecated
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: third quarter of the address


def resolve(host: str, port: int) -> list[str]:
    """All addresses of `host` by the system's resolver, in its order; OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Is `address` globally routed unicast, and so is every IPv4 address hidden inside of it?

    Loopback, private, link-local (cloud metadata), carrier NAT, multicast and reserved ranges are not; nor are they
    when dressed as IPv4-mapped, 6to4, NAT64, Teredo, ISATAP or IPv4-compatible IPv6.
    """
    bare = ip_address(address.partition("%")[0])
    if not _is_open(bare):
        return False
    return isinstance(bare, IPv4Address) or all(map(_is_open, _embedded(bare)))


def _is_open(bare: IPv4Address | IPv6Address) -> bool:
    if isinstance(bare, IPv6Address) and bare.ipv4_mapped:
        return _is_open(bare.ipv4_mapped)
    closed = bare.is_multicast or bare.is_reserved or bare.is_unspecified or bare.is_loopback or bare.is_link_local
    if isinstance(bare, IPv6Address):
        if bare in _NAT64:
            return True  # what it embeds decides
        closed = closed or bare.is_site_local or bare in _NAT64_LOCAL or bare in _COMPATIBLE
    return bare.is_global and not closed


def _embedded(bare: IPv6Address) -> list[IPv4Address]:
    number = int(bare)
    last = IPv4Address(number & 0xFFFFFFFF)
    hidden = [found for found in (bare.sixtofour, *(bare.teredo or ())) if found]
    return [*hidden, *([last] if bare in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP else [])]
