from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.http import is_public

CLOSED_V4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
]


def inside(network: str) -> st.SearchStrategy[IPv4Address]:
    net = IPv4Network(network)
    return st.integers(int(net[0]), int(net[-1])).map(IPv4Address)


closed_v4 = st.one_of(*map(inside, CLOSED_V4))


@given(closed_v4)
def test_no_closed_range_is_public(address: IPv4Address) -> None:
    assert not is_public(str(address))


@given(closed_v4)
def test_no_closed_address_gets_through_in_ipv6_dress(address: IPv4Address) -> None:
    number = int(address)
    dressed = {
        "mapped": IPv6Address((0xFFFF << 32) | number),
        "compatible": IPv6Address(number),
        "6to4": IPv6Address((0x2002 << 112) | (number << 80)),
        "nat64": IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        "isatap": IPv6Address(int(IPv6Address("2606:4700::5efe:0:0")) | number),
    }
    assert {name: is_public(str(each)) for name, each in dressed.items()} == dict.fromkeys(dressed, False)


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "fec0::1",
        "64:ff9b:1::808:808",
        "2001::1",
        "2001:db8::1",
    ],
)
def test_no_closed_ipv6_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "211.171.1.10", "2606:4700:4700::1111", "64:ff9b::101:101", "2002:101:101::1", "::ffff:1.1.1.1"],
)
def test_open_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_only_global_unicast_and_nat64_can_be_public(address: IPv6Address) -> None:
    open_ranges = (IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
    assert not is_public(str(address)) or any(address in each for each in open_ranges)
