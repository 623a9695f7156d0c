"""Routing (경로): who must know of a warning, and why, by rules that stand in `data/routing.yml`."""

from bongsu.alerts.routing.load import rules
from bongsu.alerts.routing.route import route
from bongsu.alerts.routing.shapes import Concerned, Facts, Receiver, Routed, Rule, Rules, Subscribed, Unreached, Who
from bongsu.alerts.routing.wording import unit_name

__all__ = [
    "Concerned",
    "Facts",
    "Receiver",
    "Routed",
    "Rule",
    "Rules",
    "Subscribed",
    "Unreached",
    "Who",
    "route",
    "rules",
    "unit_name",
]
