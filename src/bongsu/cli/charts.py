"""Drawings as SVG text: no script, nothing from outside, readable in print and in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDE, HIGH = 560, 320  # of a drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 40  # margins
COLOURS = ("#b3261e", "#1f4e79", "#2e7d32", "#8e5a00", "#6a3d9a", "#00838f", "#ad1457", "#546e7a", "#795548", "#333333")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4", "4 2 1 2", "5 5", "3 1", "7 2 2 2")

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line with its name.

    Args:
        name: in the legend.
        points: x and y in the figure's own units.
        strong: drawn thicker.
    """

    name: str
    points: Sequence[Point]
    strong: bool = False


@dataclass(frozen=True)
class Frame:
    """Where figures lie: the ranges of both axes, and how large the drawing is."""

    x: tuple[float, float]
    y: tuple[float, float]
    wide: int = WIDE
    high: int = HIGH
    bottom: int = BOTTOM

    def at(self, point: Point) -> Point:
        """A point in the drawing's units, y downwards; what lies outside is set on the rim."""
        return self._across(point[0]), self._up(point[1])

    def _across(self, value: float) -> float:
        low, high = self.x
        part = min(max((value - low) / ((high - low) or 1), 0), 1)
        return round(LEFT + part * (self.wide - LEFT - RIGHT), 1)

    def _up(self, value: float) -> float:
        low, high = self.y
        part = min(max((value - low) / ((high - low) or 1), 0), 1)
        return round(self.high - self.bottom - part * (self.high - TOP - self.bottom), 1)


def svg(frame: Frame, title: str, parts: Sequence[str]) -> str:
    """A drawing with its title for those who hear it read."""
    return (
        f'<svg viewBox="0 0 {frame.wide} {frame.high}" role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def axes(frame: Frame, x_ticks: Sequence[tuple[float, str]], y_ticks: Sequence[tuple[float, str]]) -> str:
    """Both axes with their ticks and a faint grid."""
    left, bottom = frame.at((frame.x[0], frame.y[0]))
    right, top = frame.at((frame.x[1], frame.y[1]))
    parts = [f'<path class="axis" d="M{left} {top}V{bottom}H{right}"/>']
    for value, word in x_ticks:
        x = frame.at((value, frame.y[0]))[0]
        parts.append(f'<path class="grid" d="M{x} {top}V{bottom}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 14}" text-anchor="middle">{escape(word)}</text>')
    for value, word in y_ticks:
        y = frame.at((frame.x[0], value))[1]
        parts.append(f'<path class="grid" d="M{left} {y}H{right}"/>')
        parts.append(f'<text x="{left - 5}" y="{y + 4}" text-anchor="end">{escape(word)}</text>')
    return "".join(parts)


def labels(frame: Frame, across: str, up: str) -> str:
    """The names of both axes."""
    middle = (LEFT + frame.wide - RIGHT) / 2
    half = (TOP + frame.high - frame.bottom) / 2
    return (
        f'<text x="{middle}" y="{frame.high - 6}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="14" y="{half}" text-anchor="middle" transform="rotate(-90 14 {half})">{escape(up)}</text>'
    )


def line(frame: Frame, points: Sequence[Point], number: int, *, strong: bool = False) -> str:
    """A line in the colour and dash of its number."""
    if not points:
        return ""
    shown = " ".join(f"{x},{y}" for x, y in map(frame.at, points))
    dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if DASHES[number % len(DASHES)] else ""
    width = 3 if strong else 1.6
    colour = COLOURS[number % len(COLOURS)]
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}"{dash} points="{shown}"/>'


def plain_line(frame: Frame, points: Sequence[Point]) -> str:
    """A thin solid line in ink: a series."""
    shown = " ".join(f"{x},{y}" for x, y in map(frame.at, points))
    return f'<polyline class="series" points="{shown}"/>' if points else ""


def legend(names: Sequence[str]) -> str:
    """Names beside the colours and dashes of their lines, as HTML beneath a drawing."""
    parts = []
    for number, name in enumerate(names):
        dash = DASHES[number % len(DASHES)]
        colour = COLOURS[number % len(COLOURS)]
        sample = (
            f'<svg class="key" viewBox="0 0 34 8"><path d="M0 4H34" stroke="{colour}" stroke-width="2.5"'
            f"{f' stroke-dasharray={chr(34)}{dash}{chr(34)}' if dash else ''}/></svg>"
        )
        parts.append(f"<span>{sample}{escape(name)}</span>")
    return f'<p class="legend">{"".join(parts)}</p>'


def band(frame: Frame, first: float, last: float) -> str:
    """A shaded span of x."""
    left, top = frame.at((first, frame.y[1]))
    right, bottom = frame.at((last, frame.y[0]))
    return f'<rect class="band" x="{left}" y="{top}" width="{max(right - left, 2)}" height="{bottom - top}"/>'


def upright(frame: Frame, x: float, kind: str) -> str:
    """A line across the whole height: `onset` or `alarm`."""
    across, bottom = frame.at((x, frame.y[0]))
    top = frame.at((x, frame.y[1]))[1]
    return f'<path class="{kind}" d="M{across} {top}V{bottom}"/>'


def mark(frame: Frame, point: Point, kind: str) -> str:
    """A triangle above a point: an alarm that counts (`right`) or does not (`wrong`)."""
    x, y = frame.at(point)
    return f'<path class="{kind}" d="M{x} {y - 3}l-5 -9h10z"/>'


def dot(frame: Frame, point: Point, size: float, *, faint: bool = False) -> str:
    """A dot; a faint one says little."""
    x, y = frame.at(point)
    return f'<circle class="{"faint" if faint else "dot"}" cx="{x}" cy="{y}" r="{size}"/>'
