"""A hindcast as plain data: for printing, for JSON and for docs/evidence.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sco_sim.evidence.hindcast.rolling import (
    MODEL,
    SET_ASIDE,
    VOLATILE,
    Difference,
    Hindcast,
    coverage_error,
    differences,
)
from sco_sim.evidence.hindcast.scores import LEVELS, Scored

Record = dict[str, Any]


def report(hindcast: Hindcast) -> Record:
    """Everything there is to say: scores pooled, by origin, weighted, on subsets; paired differences; coverage."""
    scored = hindcast.scored
    names = set(hindcast.panel.names)
    out: Record = {
        "channel": hindcast.panel.channel,
        "gdp": hindcast.gdp,
        "origins": [{"fit_to": origin, "score_to": end} for origin, end in hindcast.origins],
        "ties": len(np.unique(scored[MODEL].column)),
        "forecasts": _scores(scored),
        "by_origin": {str(origin): _scores(hindcast.at(origin)) for origin, _ in hindcast.origins},
        "differences": [_difference(d) for d in differences(scored)],
        "coverage": _coverage(scored[MODEL]),
        "pit": np.histogram(scored[MODEL].pit, bins=10, range=(0.0, 1.0))[0].tolist(),
        "noisiest_ties": list(hindcast.noisiest),
        "without_noisiest": _scores(hindcast.subset(hindcast.noisiest, inside=False)),
    }
    if hindcast.panel.channel == "trade":
        out["weighted"] = _scores(scored, weighted=True)
        out["weighted_differences"] = [_difference(d) for d in differences(scored, weighted=True)]
        if names & set(SET_ASIDE):
            out["without_set_aside"] = _scores(hindcast.subset(SET_ASIDE, inside=False))
    if names & set(VOLATILE):
        out["volatile"] = _scores(hindcast.subset(VOLATILE, inside=True))
        out["volatile_ties"] = {
            name: _scores(part)
            for name in VOLATILE
            if name in names and len((part := hindcast.subset([name], inside=True))[MODEL].error)
        }
    return out


def _scores(parts: Mapping[str, Scored], weighted: bool = False) -> Record:
    """Scores by forecaster; {} if no rows are left."""
    if not len(parts[MODEL].error):
        return {}
    return {name: _named(part.summary(weighted)) for name, part in parts.items()}


def _named(summary: Mapping[str, float]) -> Record:
    out: Record = {key: value for key, value in summary.items() if not key.startswith("coverage")}
    out["n"] = int(summary["n"])
    out["coverage"] = {str(round(100 * level)): summary[f"coverage_{round(100 * level)}"] for level in LEVELS}
    return out


def _difference(d: Difference) -> Record:
    return {
        "against": d.against,
        "rmse_ratio": d.ratio[0],
        "rmse_ratio_low_05": d.ratio[1],
        "rmse_ratio_high_95": d.ratio[2],
        "crps_difference": d.crps[0],
        "crps_low_05": d.crps[1],
        "crps_high_95": d.crps[2],
        "chance_better": d.chance,
    }


def _coverage(part: Scored) -> Record:
    out: Record = {}
    for level in LEVELS:
        inside, error = coverage_error(part, level)
        out[str(round(100 * level))] = {"share": inside, "standard_error": error}
    return out
