"""A hindcast as plain data: for printing, for JSON and for docs/evidence.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sco_sim.evidence.hindcast.disputes import Chances
from sco_sim.evidence.hindcast.rolling import ENGINE, Difference, Hindcast, coverage, differences
from sco_sim.evidence.hindcast.scores import LEVELS
from sco_sim.evidence.hindcast.study import FLOWS, PANELS, Part

Record = dict[str, Any]
COVERAGE = ("share", "low_05", "high_95")


def report(part: Part) -> Record:
    """One channel over some years: the total first, then weighted by size, then column by column."""
    single = part.single
    out: Record = {"channel": single.panel.channel, "years": part.years, "gdp": single.gdp}
    if part.total is not None:
        out["total"] = _block(part.total)
    if single.panel.channel in FLOWS:
        out["weighted"] = _block(single, weighted=True)
    out["columns"] = _block(single)
    out["by_origin"] = {str(origin): _at(single, origin) for origin, _ in single.origins}
    out["heaviest"] = heaviest(single)
    return out


def _at(result: Hindcast, origin: int) -> Record:
    """Scores of one origin."""
    scored = result.at(origin)
    return {
        "rmse": {name: part.summary()["rmse"] for name, part in scored.items()},
        "differences": [_difference(row) for row in differences(result, scored=scored)],
    }


def _block(result: Hindcast, weighted: bool = False) -> Record:
    scores = {name: part.summary(weighted) for name, part in result.scored.items()}
    return {
        "origins": [{"origin": origin, "end": end} for origin, end in result.origins],
        "n": int(scores[ENGINE]["n"]),
        "scores": scores,
        "differences": [_difference(row) for row in differences(result, weighted)],
        "coverage": {
            str(round(100 * level)): dict(zip(COVERAGE, coverage(result, level, weighted), strict=True))
            for level in LEVELS
        },
    }  # fmt: skip


def _difference(row: Difference) -> Record:
    return {
        "against": row.against,
        "rmse_ratio": row.ratio[0],
        "rmse_ratio_low_05": row.ratio[1],
        "rmse_ratio_high_95": row.ratio[2],
        "chance_better_rmse": row.chance,
        "crps_difference": row.crps[0],
        "crps_low_05": row.crps[1],
        "crps_high_95": row.crps[2],
        "chance_better_crps": row.chance_crps,
    }


def heaviest(result: Hindcast) -> Record:
    """The two columns with the most weight, and their share of all of it."""
    part = result.scored[ENGINE]
    weight = np.bincount(part.column, part.weight, minlength=len(result.panel.columns))
    top = np.argsort(-weight)[:2]
    return {"columns": [result.panel.names[i] for i in top], "share": float(weight[top].sum() / weight.sum())}


def disputes_report(chances: Chances) -> Record:
    """Scores of the chances of disputes, all origins together."""
    return {
        "channel": "disputes",
        "origins": sorted({int(origin) for origin in chances.origin}),
        "scores": chances.scores(),
        "differences": {
            name: {"ignorance_difference": value, "low_05": low, "high_95": high}
            for name, (value, low, high) in chances.differences().items()
        },
    }


def left_out(reported: Iterable[Record]) -> list[str]:
    """Channels that the case has no observations to score."""
    names = {record["channel"] for record in reported}
    return [name for name in (*PANELS, "disputes") if name not in names]
