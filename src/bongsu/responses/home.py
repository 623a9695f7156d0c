"""What an installation's home country brought: its catalogue of items and its network of missions."""

from datetime import date

from django.conf import settings

from bongsu.codes.zones import zones
from bongsu.items.catalogue import Catalogue, catalogue_for
from bongsu.missions import Network, network_for


def home_catalogue() -> Catalogue:
    """The home's catalogue; Korea's where the home brings none."""
    return catalogue_for(settings.HOME)


def home_network() -> Network:
    """The home's network; an empty one where the home brings none."""
    return network_for(settings.HOME)


def home_zone() -> str:
    """The time zone of the home country's capital."""
    return zones().get(settings.HOME, "UTC")


def mission_zone(mission: str) -> str:
    """The clock of a mission; the home's for one that the network no longer knows."""
    known = home_network().missions.get(mission)
    return known.zone if known else home_zone()


def standing(mission: str, on: date) -> bool:
    """Is it a mission of ours that is open on a day?"""
    known = home_network().missions.get(mission)
    return known is not None and known.stands_on(on)
