"""The ways home: which chokepoints a supplier's goods pass on the way to a home country's coast (data/ROUTES.md)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

from bongsu.codes.groups import is_partner
from bongsu.items.catalogue import DATA
from bongsu.items.entry import Entry, read_entry, refuse
from bongsu.items.item import CHOKEPOINTS, Fact
from bongsu.language import Text

PASSES = ("only", "usual", "possible", "never")


@dataclass(frozen=True, kw_only=True)
class WayHome(Fact):
    """How goods of some suppliers come, in the days from `since` to `until` (both count; None: open).

    Args:
        suppliers: ISO alpha-3, or groups that stand as one partner.
        passes: each of `CHOKEPOINTS` to one of `PASSES`.
        since: first day that it holds.
        until: last day that it holds.
    """

    suppliers: tuple[str, ...]
    passes: Mapping[str, str]
    since: date | None
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def meets(self, other: "WayHome") -> bool:
        """Whether there is a day on which both hold."""
        starts = max(self.since or date.min, other.since or date.min)
        return self.holds(starts) and other.holds(starts)


@dataclass(frozen=True)
class Routes:
    """All ways home of one country.

    Args:
        home: ISO alpha-3.
        ways: in the file's order; none where the home has no file.
        version: SHA-256 of the file, printed with what rests on it; "" where there is none.
    """

    home: str
    ways: tuple[WayHome, ...] = ()
    version: str = ""

    def way(self, supplier: str, on: date) -> WayHome | None:
        """The way that a supplier's goods came on a day; None: unknown."""
        return next((way for way in self.ways if supplier in way.suppliers and way.holds(on)), None)


@cache
def routes(home: str = "KOR") -> Routes:
    """The ways that ship for `home`; of a home without the file, none."""
    path = DATA / home.lower() / "routes.yml"
    return load_routes(path, home) if path.is_file() else Routes(home)


def load_routes(path: Path, home: str) -> Routes:
    """The ways in a file; BadInputError names the file and the field that is off."""
    entry = read_entry(path)
    if entry.take("home", str) != home:
        refuse(
            Text(f"{home}의 경로표가 아닙니다.", f"these are not the routes of {home}."),
            entry.at("home"),
            Text("파일을 그 나라의 폴더에 두십시오.", "Put the file in its own country's folder."),
        )
    listed = {
        each.take("id", str): (each.take("text", str), each.blank("url"), each.take("checked", bool))
        for each in entry.entries("sources")
    }
    ways = tuple(_way(each, listed) for each in entry.entries("routes"))
    entry.close()
    _check_once(ways, path)
    content = path.read_bytes().replace(b"\r\n", b"\n")
    return Routes(home, ways, hashlib.sha256(content).hexdigest())


def _way(entry: Entry, listed: Mapping[str, tuple[str, str, bool]]) -> WayHome:
    named = entry.one_of("source", entry.take("source", str), tuple(listed))
    text, url, checked = listed[named]
    since, until = entry.maybe("since", date), entry.maybe("until", date)
    if since and until and until < since:
        refuse(
            Text("끝이 처음보다 앞섭니다.", "it ends before it begins."),
            entry.at("until"),
            Text("날짜를 바로잡으십시오.", "Correct the days."),
        )
    return WayHome(
        suppliers=tuple(_suppliers(entry)),
        passes=_passes(entry),
        since=since,
        until=until,
        source=text,
        url=url,
        known_at=entry.take("known_at", date),
        checked=entry.take_or("checked", bool, checked),
    )


def _suppliers(entry: Entry) -> Iterator[str]:
    for code in entry.some_strings("suppliers"):
        if not is_partner(code):
            refuse(
                Text(f"'{code}': 공급국 부호가 아닙니다.", f"'{code}' is no supplier's code."),
                entry.at("suppliers"),
                Text("ISO 3166 세 글자 부호나 EU를 쓰십시오.", "Use an ISO 3166 alpha-3 code, or EU."),
            )
        yield code


def _passes(entry: Entry) -> Mapping[str, str]:
    """Every chokepoint, said outright: what is left out would read as never."""
    part = entry.entry("passes")
    passes = {chokepoint: part.choice(chokepoint, PASSES) for chokepoint in CHOKEPOINTS}
    part.close()
    return passes


def _check_once(ways: tuple[WayHome, ...], path: Path) -> None:
    for one, other in combinations(ways, 2):
        both = sorted(set(one.suppliers) & set(other.suppliers))
        if both and one.meets(other):
            refuse(
                Text(f"{both[0]}의 경로가 같은 날에 두 개입니다.", f"{both[0]} has two ways on the same day."),
                f"{path.name}: routes",
                Text("하나를 지우거나 since·until을 고치십시오.", "Remove one, or correct since and until."),
            )
