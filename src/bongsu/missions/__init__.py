"""Missions, ministries, responsibilities and desks of a home country, on any day (docs: data/README.md)."""

from bongsu.missions.load import load_network, network, network_for
from bongsu.missions.network import Network, Unchecked
from bongsu.missions.shapes import (
    KIND_NAMES,
    Desk,
    Ministry,
    Mission,
    MissionKind,
    Responsibility,
    Succession,
)

__all__ = [
    "KIND_NAMES",
    "Desk",
    "Ministry",
    "Mission",
    "MissionKind",
    "Network",
    "Responsibility",
    "Succession",
    "Unchecked",
    "load_network",
    "network",
    "network_for",
]
