"""How long the stock lasts: the last figure that was public on a day, and whether it has gone stale."""

from dataclasses import dataclass
from datetime import date

from bongsu.items.item import Item, Stock

STALE_AFTER = 30  # days


@dataclass(frozen=True)
class Cover:
    """Days of normal use that the stock covered, how old that figure is in days, and whether it is stale."""

    days: float
    age: int
    stale: bool
    stock: Stock


def days_of_cover(item: Item, on: date) -> Cover | None:
    """The newest stock figure of `item` that was public on `on`; None is unknown, not zero."""
    public = [stock for stock in item.stocks if stock.known_at <= on and stock.on <= on]
    if not public:
        return None
    newest = max(public, key=lambda stock: (stock.on, stock.known_at))
    age = (on - newest.on).days
    return Cover(newest.days, age, age > STALE_AFTER, newest)
