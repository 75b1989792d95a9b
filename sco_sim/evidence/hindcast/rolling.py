"""Rolling origins: fit up to each, forecast, and score once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.evidence.hindcast.bands import CENTRE, Banded, by_size_and_horizon, distribution
from sco_sim.evidence.hindcast.forecast import CENTRE as MODEL_CENTRE
from sco_sim.evidence.hindcast.forecast import Views
from sco_sim.evidence.hindcast.naive import NAIVE
from sco_sim.evidence.hindcast.panel import Gdp, Panel
from sco_sim.evidence.hindcast.scores import Distribution, Scored, bootstrap, joined, score
from sco_sim.numerics.arrays import Array

MODEL = "model"
Forecasters = dict[str, tuple[Banded, Array]]
"""Forecasters by name, each with the prior of its band."""
TRADE_ORIGINS = ((2010, 2016), (2013, 2019), (2016, 2020))
"""Origins and last years scored of the trade hindcast."""
SET_ASIDE = ("TJK-UZB", "PAK-UZB")
"""Ties that are also scored apart; named before anything was scored."""
VOLATILE = ("IND-PAK", "CHN-IND", "KGZ-TJK", "KGZ-UZB", "TJK-UZB")
"""Likewise."""
NOISIEST = 5


@dataclass(frozen=True)
class Hindcast:
    """Every forecaster's forecasts and scores over the same rows."""

    panel: Panel
    gdp: Gdp
    origins: tuple[tuple[int, int], ...]
    scored: Mapping[str, Scored]
    forecasts: Mapping[str, Mapping[int, Distribution]]
    """Forecaster -> origin -> distribution (horizon, column)."""
    noisiest: tuple[str, ...]
    """The five ties with the largest yearly changes up to the first origin."""

    def subset(self, names: Sequence[str], inside: bool) -> dict[str, Scored]:
        """Scores on the columns named, or on all others."""
        chosen = np.isin(np.array(self.panel.names), list(names))
        wanted = chosen if inside else ~chosen
        return {name: part.keep(wanted[part.column]) for name, part in self.scored.items()}

    def at(self, origin: int) -> dict[str, Scored]:
        """Scores of one origin."""
        return {name: part.keep(part.origin == origin) for name, part in self.scored.items()}


def flow_forecasters() -> Forecasters:
    """The model and all naive forecasts of a channel that follows GDP (trade, students)."""
    views = Views()
    model: Forecasters = {name: (banded, MODEL_CENTRE) for name, banded in views.forecasts().items()}
    return model | {name: (by_size_and_horizon(point), CENTRE) for name, point in NAIVE.items()}


def hindcast(panel: Panel, origins: Sequence[tuple[int, int]], gdp: Gdp, forecasters: Forecasters) -> Hindcast:
    """Fit, forecast and score at every origin; only rows that all forecasters forecast are scored."""
    parts: dict[str, list[Scored]] = {name: [] for name in forecasters}
    kept: dict[str, dict[int, Distribution]] = {name: {} for name in forecasters}
    for origin, end in origins:
        past = panel.past(origin, end - origin, gdp)
        made = {name: distribution(banded, past, centre) for name, (banded, centre) in forecasters.items()}
        seen = panel.after(origin, end - origin)  # first look at what came after
        common = np.all([np.isfinite(f.mean) & np.isfinite(f.sd) for f in made.values()], axis=0)
        size = np.exp(np.nan_to_num(past.last) - 18.0)
        for name, forecast in made.items():
            parts[name].append(score(forecast, np.where(common, seen, np.nan), origin, size))
            kept[name][origin] = forecast
    scored = {name: joined(list_) for name, list_ in parts.items()}
    return Hindcast(panel, gdp, tuple(origins), scored, kept, _noisiest(panel, origins[0][0]))


def _noisiest(panel: Panel, origin: int) -> tuple[str, ...]:
    past = panel.past(origin, 0, "realised")
    changes = np.diff(np.where(panel.scored, past.y, np.nan), axis=0)
    count = np.isfinite(changes).sum(axis=0)
    spread = np.where(count > 5, np.nansum(changes**2, axis=0) / np.maximum(count, 1), -1.0)
    return tuple(panel.names[i] for i in np.argsort(-spread)[:NOISIEST])


@dataclass(frozen=True)
class Difference:
    """Model against a naive forecast over the same rows, with a bootstrap over columns."""

    against: str
    ratio: tuple[float, float, float]
    """Root mean squared error of the model over that of the other: value, 5 and 95 %."""
    crps: tuple[float, float, float]
    """Mean CRPS of the model less that of the other: value, 5 and 95 %."""
    chance: float
    """Share of the samples in which the model has the smaller squared error."""


def differences(scored: Mapping[str, Scored], weighted: bool = False) -> list[Difference]:
    """The model against every other forecaster, paired."""
    model = scored[MODEL]
    w = model.weight / model.weight.mean() if weighted else np.ones_like(model.error)
    values = {"w": w}
    for name, part in scored.items():
        values[f"{name}/se"] = w * part.error**2
        values[f"{name}/crps"] = w * part.crps
    means = bootstrap(values, model.column)
    point = {name: float(value.mean()) for name, value in values.items()}
    out = []
    for name in scored:
        if name == MODEL:
            continue
        ratio = np.sqrt(means[f"{MODEL}/se"] / means[f"{name}/se"])
        gap = (means[f"{MODEL}/crps"] - means[f"{name}/crps"]) / means["w"]
        out.append(
            Difference(
                against=name,
                ratio=(float(np.sqrt(point[f"{MODEL}/se"] / point[f"{name}/se"])), *_ends(ratio)),
                crps=((point[f"{MODEL}/crps"] - point[f"{name}/crps"]) / point["w"], *_ends(gap)),
                chance=float((ratio < 1.0).mean()),
            )
        )
    return out


def coverage_error(part: Scored, level: float = 0.8) -> tuple[float, float]:
    """Coverage of the central interval and its standard error, by a bootstrap over columns."""
    inside = (np.abs(part.pit - 0.5) <= level / 2.0).astype(float)
    return float(inside.mean()), float(bootstrap({"inside": inside}, part.column)["inside"].std())


def _ends(x: Array) -> tuple[float, float]:
    low, high = np.quantile(x, [0.05, 0.95])
    return float(low), float(high)
