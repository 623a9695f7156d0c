"""The benchmark of the flow detector: a million monthly series, and per series against statsforecast's forecasters."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bongsu.cli.bench_clock import peak_mb, timed
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, OURS, rules
from bongsu.indicators.series import Values

SERIES, MONTHS = 1_000_000, 120
SAMPLE = 200  # series that the forecasters are timed on; a million of them would take days
YEAR, WARM_UP = 12, 36
RANGES = ((8.0, 17.0), (0.0, 0.6), (0.1, 0.9))  # level, season and noise, in logarithms
SEED = 20211013


def panel(series: int) -> Panel:
    """Generated trade of `series` goods: levels over four powers of ten, seasons, noise, and one good in eight lumpy."""
    chance = np.random.default_rng(SEED)
    values = np.empty((series, MONTHS))
    wave = np.sin(np.arange(MONTHS) * 2 * np.pi / YEAR)
    for start in range(0, series, 50_000):
        part = values[start : start + 50_000]
        level, season, noise = (chance.uniform(low, high, (len(part), 1)) for low, high in RANGES)
        part[:] = np.exp(level + season * wave + noise * chance.standard_normal(part.shape))
        part[::8][chance.random(part[::8].shape) < 0.6] = 0.0  # noqa: PLR2004 - silent in six months of ten
    first = int(np.datetime64("2013-01", "M").astype(np.int64))
    known = np.broadcast_to(np.arange(MONTHS, dtype=np.int64), values.shape)
    return Panel(pa.table({"series": pa.nulls(series)}), first, "M", values, known)


def detect_ours(_folder: Path, size: int) -> dict[str, Any]:
    """Our rule over every month of every series."""
    given = panel(size)
    held = peak_mb()
    rule = rules(FLOW)[OURS]
    done, _ = timed(lambda: rule.scores(given))
    return {**done, "given_mb": held, "per_series_us": 1e6 * done["seconds"] / size}


def detect_rivals(_folder: Path, size: int) -> dict[str, Any]:
    """Seconds a series of forecasting each month after the third year one month ahead, on one core.

    The forecasters are fitted once, before the first of these months, and then only brought up to date: the fastest
    way to use them as detectors, and one without a look ahead.
    """
    if find_spec("statsforecast") is None:
        return {"missing": "statsforecast"}
    given = panel(size).values
    return {name: _per_series(model, given) for name, model in _models().items()}


def _models() -> Mapping[str, Any]:
    from statsforecast.models import AutoETS, SeasonalNaive  # noqa: PLC0415 - in no install but the benchmark's

    return {"seasonal_naive": SeasonalNaive(season_length=YEAR), "auto_ets": AutoETS(season_length=YEAR)}


def _per_series(model: object, given: Values) -> dict[str, float]:
    one_ahead(model, given[:2])  # compiles
    done, _ = timed(lambda: one_ahead(model, given))
    return {"seconds": done["seconds"], "per_series_us": 1e6 * done["seconds"] / len(given)}


def one_ahead(model: Any, values: Values, warm_up: int = WARM_UP) -> Values:  # noqa: ANN401 - of statsforecast
    """Forecasts of the logarithm of each month after the first `warm_up`, from the months before it; NaN before.

    Args:
        model: one of statsforecast's models.
        values: series × months, all known; months without trade are lifted by a twentieth of the mean.
        warm_up: months that the model is fitted on.
    """
    import pandas as pd  # noqa: PLC0415 - in no install but the benchmark's
    from statsforecast import StatsForecast  # noqa: PLC0415 - likewise

    series, months = values.shape
    days = pd.date_range("2000-01-01", periods=months, freq="MS")
    told = pd.DataFrame({"unique_id": np.repeat(np.arange(series), months), "ds": np.tile(days, series)})
    told["y"] = logs(values).ravel()
    found = StatsForecast(models=[model], freq="MS", n_jobs=1).cross_validation(
        df=told, h=1, step_size=1, n_windows=months - warm_up, refit=False
    )
    expected = np.full(values.shape, np.nan)
    ordered = found.sort_values(["unique_id", "ds"])
    expected[:, warm_up:] = ordered.iloc[:, -1].to_numpy().reshape(series, -1)
    return expected


def logs(values: Values) -> Values:
    """ln(v + f), f a twentieth of the series' mean."""
    logged: Values = np.log(values + 0.05 * values.mean(axis=1, keepdims=True) + 1e-9)
    return logged


STEPS: Mapping[str, Callable[..., dict[str, Any]]] = {step.__name__: step for step in (detect_ours, detect_rivals)}
