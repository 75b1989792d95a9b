"""Rolling origins: the engine and the naive forecasts from each, scored on the years after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.evidence.hindcast.bands import (
    CENTRE,
    SHARE_CENTRE,
    by_share,
    by_size_and_horizon,
    distribution,
    fit_band,
    inner_origins,
    with_band,
)
from sco_sim.evidence.hindcast.engine import Origins, would_observe
from sco_sim.evidence.hindcast.naive import FLOWS, SHARES, Forecaster
from sco_sim.evidence.hindcast.panel import Gdp, Panel, Past
from sco_sim.evidence.hindcast.scores import Distribution, Forecast, Sample, Scored, joined, means, resampled, score
from sco_sim.numerics.arrays import Array, Bools, Ints

ENGINE = "engine"
LEAST = 1e-12
"""Added to squared errors, so that a forecast without any still has a ratio to it."""


@dataclass(frozen=True)
class Hindcast:
    """Scores of every forecast over the same rows."""

    panel: Panel
    gdp: Gdp | None
    """None where GDP has no part in it."""
    origins: tuple[tuple[int, int], ...]
    """Origin and last year scored."""
    scored: Mapping[str, Scored]
    forecasts: Mapping[str, Mapping[int, Forecast]]
    """Name -> origin -> distribution (horizon, column)."""
    units: Ints
    """What the bootstrap draws, (column, unit): the rows of the two states of a column."""

    def at(self, origin: int) -> dict[str, Scored]:
        """Scores of one origin."""
        return {name: part.keep(part.origin == origin) for name, part in self.scored.items()}


def hindcast(panel: Panel, origins: Sequence[tuple[int, int]], gdp: Gdp | None, engine: Origins) -> Hindcast:
    """Forecast and score at every origin; only rows that all forecasts are made for are scored.

    A naive forecast that the case lacks the figures for (GDP, say) is left out.
    """
    path: Gdp = gdp or "drawn"
    naive = SHARES if gdp is None else FLOWS
    centre, banded = (SHARE_CENTRE, by_share) if gdp is None else (CENTRE, by_size_and_horizon)
    forecasts: dict[int, dict[str, Forecast]] = {}
    for origin, end in origins:
        past = panel.past(origin, end - origin, path)
        worlds = would_observe(engine.worlds(origin, path), panel.channel)
        forecasts[origin] = {ENGINE: Sample(worlds[:, : end - origin])} | {
            name: distribution(banded(point), past, centre) for name, point in naive.items()
        }

    def truth(origin: int, horizon: int, names: Sequence[str]) -> tuple[Array, Array]:
        seen = panel.after(origin, horizon)  # first look at what came after
        common = np.all([np.isfinite(forecasts[origin][name].mean) for name in names], axis=0)
        last = panel.past(origin, horizon, path).last
        size = np.exp(np.nan_to_num(last) - 18.0) if gdp else np.ones(seen.shape[1])
        return np.where(common, seen, np.nan), size

    return _scored(panel, gdp, origins, forecasts, truth, np.column_stack(panel.ends))


def total_hindcast(panel: Panel, origins: Sequence[tuple[int, int]], gdp: Gdp, engine: Origins) -> Hindcast:
    """The same for the ln of the sum over the columns observed in the year that is forecast: one row a year.

    A naive forecast of the total is the sum of its forecasts of the columns, with a band fitted on the errors it made
    of the total at earlier origins; the engine's is the sum over the columns of each world.
    """
    forecasts: dict[int, dict[str, Forecast]] = {}
    totals: dict[int, Array] = {}
    for origin, end in origins:
        horizon = end - origin
        past, seen = panel.past(origin, horizon, gdp), panel.after(origin, horizon)
        there = np.isfinite(seen) & np.isfinite(past.last)
        worlds = would_observe(engine.worlds(origin, gdp), panel.channel)[:, :horizon]
        forecasts[origin] = {ENGINE: Sample(_sum(worlds, there))} | {
            name: _of_total(point, past, there) for name, point in FLOWS.items()
        }
        totals[origin] = _sum(seen, there)
    return _scored(
        panel, gdp, origins, forecasts, lambda origin, *_: (totals[origin], np.ones(1)), np.zeros((0, 1), dtype=np.intp)
    )


def _scored(
    panel: Panel,
    gdp: Gdp | None,
    origins: Sequence[tuple[int, int]],
    forecasts: Mapping[int, Mapping[str, Forecast]],
    truth: Callable[[int, int, Sequence[str]], tuple[Array, Array]],
    units: Ints,
) -> Hindcast:
    """Scores of the forecasts that there are at every origin; `truth` gives what came, and the weight of columns."""
    names = [
        name for name in next(iter(forecasts.values()))
        if all(np.isfinite(of[name].mean).any() for of in forecasts.values())
    ]  # fmt: skip
    parts: dict[str, list[Scored]] = {name: [] for name in names}
    for origin, end in origins:
        seen, weight = truth(origin, end - origin, names)
        for name in names:
            parts[name].append(score(forecasts[origin][name], seen, origin, weight))
    scored = {name: joined(rows) for name, rows in parts.items()}
    kept = {name: {origin: of[name] for origin, of in forecasts.items()} for name in names}
    return Hindcast(panel, gdp, tuple(origins), scored, kept, units)


def _of_total(point: Forecaster, past: Past, there: Bools) -> Distribution:
    """A naive forecast of the ln total over the columns that are `there`, (horizon, 1)."""
    errors, ahead = [], []
    for origin in inner_origins(past):
        earlier = past.cut(origin, min(past.horizon, past.origin - origin))
        came, mean = past.y[len(earlier.y) : len(earlier.y) + earlier.horizon], point(earlier)
        both = np.isfinite(came) & np.isfinite(mean)
        errors.append((_sum(came, both) - _sum(mean, both))[:, 0])
        ahead.append(np.log(np.arange(1.0, earlier.horizon + 1.0)))
    known = np.isfinite(np.concatenate(errors))
    features = [np.column_stack([row, 0.0 * row]) for row in (*ahead, np.log(np.arange(1.0, past.horizon + 1.0)))]
    band = fit_band(np.concatenate(features[:-1])[known], np.concatenate(errors)[known], CENTRE)
    return with_band(_sum(point(past), there), features[-1][:, None], band)


def _sum(y: Array, there: Bools) -> Array:
    """Ln of the sum of exp(y) over the columns that are there, (..., horizon, 1); NaN if none is."""
    with np.errstate(divide="ignore"):
        total = np.log(np.where(there, np.exp(np.where(there, y, 0.0)), 0.0).sum(axis=-1, keepdims=True))
    return np.where(np.isfinite(total), total, np.nan)


@dataclass(frozen=True)
class Difference:
    """The engine against a naive forecast over the same rows, with a bootstrap."""

    against: str
    ratio: tuple[float, float, float]
    """Root mean squared error of the engine over that of the other: value, 5 and 95 %."""
    crps: tuple[float, float, float]
    """Mean CRPS of the engine less that of the other: value, 5 and 95 %."""
    chance: float
    """Share of the samples in which the engine has the smaller squared error."""
    chance_crps: float
    """The same for the CRPS."""


def bootstrap_weights(result: Hindcast, part: Scored) -> Array:
    """Samples for the rows of a part, (repeat, row): over states and over years; a total over years alone."""
    years = (part.origin + part.horizon)[:, None]
    return resampled(result.units[part.column], years) if len(result.units) else resampled(years)


def differences(
    result: Hindcast, weighted: bool = False, scored: Mapping[str, Scored] | None = None
) -> list[Difference]:
    """The engine against every other forecast, paired; on some of the rows (`scored`), else on all."""
    scored = result.scored if scored is None else scored
    engine = scored[ENGINE]
    w = engine.weights(weighted)
    values = {"w": w}
    for name, part in scored.items():
        values |= {f"{name}/se": w * part.error**2 + LEAST, f"{name}/crps": w * part.crps}
    sampled = means(values, bootstrap_weights(result, engine))
    point = {name: float(value.mean()) for name, value in values.items()}
    out = []
    for name in scored:
        if name == ENGINE:
            continue
        ratio = np.sqrt(sampled[f"{ENGINE}/se"] / sampled[f"{name}/se"])
        gap = (sampled[f"{ENGINE}/crps"] - sampled[f"{name}/crps"]) / sampled["w"]
        out.append(
            Difference(
                against=name,
                ratio=(float(np.sqrt(point[f"{ENGINE}/se"] / point[f"{name}/se"])), *_ends(ratio)),
                crps=(point[f"{ENGINE}/crps"] - point[f"{name}/crps"], *_ends(gap)),
                chance=float((ratio < 1.0).mean()),
                chance_crps=float((gap < 0.0).mean()),
            )
        )
    return out


def coverage(result: Hindcast, level: float = 0.8, weighted: bool = False) -> tuple[float, float, float]:
    """Share of what came inside the engine's central interval: value, 5 and 95 % by the bootstrap."""
    part = result.scored[ENGINE]
    w = part.weights(weighted)
    inside = part.inside(level)
    sampled = means({"w": w, "in": w * inside}, bootstrap_weights(result, part))
    return (float((w * inside).mean()), *_ends(sampled["in"] / sampled["w"]))


def _ends(x: Array) -> tuple[float, float]:
    low, high = np.quantile(x, [0.05, 0.95])
    return float(low), float(high)
