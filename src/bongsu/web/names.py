"""What ids are called: units, missions, items and countries of the installation's home, by cached look-ups."""

from django.conf import settings

from bongsu.codes.countries import country as country_of
from bongsu.items.catalogue import Catalogue, catalogue_for
from bongsu.language import BadInputError, Text
from bongsu.missions.load import network_for
from bongsu.missions.network import Network

_UNITS = {
    "mission": Text("공관", "mission"),
    "desk": Text("담당과", "desk"),
    "ministry": Text("부처", "ministry"),
    "user": Text("사람", "person"),
}


def home_network() -> Network:
    """The home's network; an empty one where the home brings none."""
    return network_for(settings.HOME)


def home_catalogue() -> Catalogue:
    """The home's catalogue; Korea's where the home brings none."""
    return catalogue_for(settings.HOME)


def mission(told: str) -> Text:
    """The name of a mission; its id where the network does not know it."""
    known = home_network().missions.get(told)
    return known.name if known else Text(told, told)


def ministry(told: str) -> Text:
    """The name of a ministry."""
    known = home_network().ministries.get(told)
    return known.name if known else Text(told, told)


def desk(told: str) -> Text:
    """The name of a desk."""
    known = home_network().desks.get(told)
    return known.name if known else Text(told, told)


def item(told: str) -> Text:
    """The name of an item."""
    known = home_catalogue().items.get(told)
    return known.name if known else Text(told, told)


def country(told: str) -> Text:
    """The name of a country."""
    try:
        return country_of(told).name
    except BadInputError:
        return Text(told, told)


def unit(told: str) -> Text:
    """The name of a unit as routing writes it, `mission:chn_beijing`."""
    kind, _, name = told.partition(":")
    named = {"mission": mission, "desk": desk, "ministry": ministry}.get(kind)
    return named(name) if named else Text(f"{_UNITS['user'].ko} {name}", f"{_UNITS['user'].en} {name}")
