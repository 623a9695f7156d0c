"""What a kept warning says, laid out for the page: the layers as they were when it was raised beside how they stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bongsu.alerts import queries
from bongsu.alerts.models import Alert
from bongsu.detectors.signal import LAYER_NAMES, Layer
from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.people.reader import Reader

LAYER_STATES = {
    "live": Text("최신", "current"),
    "stale": Text("낡음", "stale"),
    "missing": Text("없음", "missing"),
}
_STYLES = {"live": "good", "stale": "warn", "missing": ""}


@dataclass(frozen=True)
class LayerRow:
    """One layer of evidence, frozen and now; None: that evidence does not name it."""

    name: Text
    then: Mapping[str, Any] | None
    now: Mapping[str, Any]
    state: Text
    style: str
    month: str
    moved: bool


def both_evidences(reader: Reader, row: Alert, moment: Any) -> dict[str, Any]:  # noqa: ANN401 - a moment, or now
    """The newest evidence, the one frozen when it was raised, and their layers side by side."""
    try:
        newest = queries.evidence(reader, row.pk, as_of=moment)
        first = newest if newest.seq == 1 else queries.evidence(reader, row.pk, 1, as_of=moment)
    except NotThereError:  # raised by hand, without a warning behind it
        return {"warning": None, "frozen": None, "layers": []}
    return {
        "warning": newest.warning,
        "warning_at": newest.at,
        "frozen": first.warning,
        "frozen_at": first.at,
        "changed": newest.seq != first.seq,
        "layers": _layers(first.warning, newest.warning),
    }


def _layers(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[LayerRow]:
    before = {view.get("layer"): view for view in then.get("layers", ())}
    return [_layer(before.get(view.get("layer")), view) for view in now.get("layers", ())]


def _layer(then: Mapping[str, Any] | None, now: Mapping[str, Any]) -> LayerRow:
    told, state = str(now.get("layer", "")), str(now.get("state", ""))
    return LayerRow(
        name=LAYER_NAMES[Layer(told)] if told in tuple(Layer) else Text(told, told),
        then=then,
        now=now,
        state=LAYER_STATES.get(state, Text(state, state)),
        style=_STYLES.get(state, ""),
        month=month_of(now),
        moved=then is not None and (then.get("headline"), then.get("state")) != (now.get("headline"), now.get("state")),
    )


def month_of(view: Mapping[str, Any]) -> str:
    """The period of a layer's newest figure, `2021-09`; "" where it has none."""
    try:
        first = date.fromisoformat(str(view.get("valid") or ""))
    except ValueError:
        return ""
    return {"A": f"{first:%Y}", "M": f"{first:%Y-%m}"}.get(str(view.get("frequency")), first.isoformat())
