"""What only the coupled model shows: history matching on an ensemble from 2002 to 2014, on common random numbers.

Rate and noise of the level of trust, and the effect of contact, act through years of the whole model. Each setting of
an ensemble gets a distance to the targets; if the nearest settings differ from the rest in a parameter, the targets
know something about it that the likelihood stages do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sco_sim.case.case import Case
from sco_sim.engine.build import build_model
from sco_sim.errors import CaseError
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios

Record = dict[str, Any]

FIRST, LAST = 2002, 2014
PARAMETERS = ("trust.level_rate", "trust.level_noise", "trust.contact_effect", "trust.trade_effect")
SETTINGS, REPLICATES, NEAREST = 400, 4, 0.2
MOVED = 0.25
"""A parameter has moved when the nearest settings differ by this share of its spread, and by more than chance."""


def targets(case: Case) -> Mapping[str, Mapping[str, Any]]:
    """`targets.yaml` of the case; raises CaseError if it cannot be read."""
    path = case.folder / "targets.yaml"
    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        targets: Mapping[str, Mapping[str, Any]] = raw["targets"]
    except (OSError, TypeError, KeyError) as error:
        raise CaseError(f"{path}: cannot be read as targets: {error}") from error
    return targets


def match(case: Case, seed: int = 1, settings: int = SETTINGS) -> Record:
    """Distance of each setting to the targets, and where the nearest fifth lies against the rest."""
    aims = targets(case)
    summaries, drawn = ensemble(case, seed, settings)
    mean = {name: value.reshape(settings, REPLICATES).mean(axis=1) for name, value in summaries.items()}
    chance = {name: value.reshape(settings, REPLICATES).var(axis=1).mean() for name, value in summaries.items()}
    gaps = [(mean[n] - float(aim["value"])) / np.sqrt(float(aim["error"]) ** 2 + chance[n]) for n, aim in aims.items()]
    distance = np.sqrt((np.array(gaps) ** 2).mean(axis=0))
    near = distance <= np.quantile(distance, NEAREST)
    return {
        "settings": settings,
        "targets": {
            name: {
                "observed": float(aim["value"]),
                "error": float(aim["error"]),
                "all_settings": float(mean[name].mean()),
                "nearest": float(mean[name][near].mean()),
            }
            for name, aim in aims.items()
        },
        "parameters": {name: _moved(drawn[name], near) for name in PARAMETERS},
    }


def _moved(values: Array, near: Array) -> Record:
    spread = values.std()
    shift = (values[near].mean() - values.mean()) / spread
    error = 1.0 / np.sqrt(near.sum())
    narrower = values[near].std() / spread
    return {
        "mean": float(values.mean()),
        "nearest_mean": float(values[near].mean()),
        "shift_in_sd": float(shift),
        "standard_error": float(error),
        "spread_ratio": float(narrower),
        "moved": bool(abs(shift) > max(MOVED, 2.0 * error)),
    }


def ensemble(case: Case, seed: int, settings: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Summaries of every world (world,), and the parameters of every setting (setting,)."""
    span = [f"horizon.start={FIRST}", f"horizon.end={LAST}", "without.events=all"]
    scenario = load_scenario(shipped_scenarios() / "history.yaml", span, case.folder)
    parts: list[dict[str, Array]] = []
    drawn: list[dict[str, Array]] = []
    worlds = np.arange(settings * REPLICATES)
    for batch in np.array_split(worlds, max(1, len(worlds) // 400)):
        model = build_model(scenario, case=case, worlds=batch.tolist(), seed=seed, replicates=REPLICATES)
        levels, noisy, disputes = [], [], []
        while model.year.year < LAST:
            model.step()
            levels.append(model.state.trust_level.copy())
            noisy.append(levels[-1] + model.state.trust_deviation)
            disputes.append((model.state.dispute > 0.0).sum(axis=1))
        early, late = np.mean(noisy[:6], axis=0), np.mean(noisy[6:], axis=0)
        parts.append(
            {
                "level_change_sd": (late - early).std(axis=1),
                "ties_below_090": (expit(np.mean(noisy, axis=0)) < 0.9).sum(axis=1).astype(float),
                "disputes_a_year": np.mean(disputes, axis=0),
                "level_drift": (late - early).mean(axis=1),
            }
        )
        drawn.append({name: model.year.p[name][:, 0] for name in PARAMETERS})
    summaries = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    parameters = {name: np.concatenate([part[name] for part in drawn])[::REPLICATES] for name in PARAMETERS}
    return summaries, parameters
