"""Run the stages and keep what they find in `fits/`: draws by stage, and a record of data, priors and modes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.errors import StoreError
from sco_sim.evidence.calibration.inference import posterior
from sco_sim.evidence.calibration.stages import LATEST, STAGES, Stage
from sco_sim.numerics.arrays import Array

Record = dict[str, Any]

KEPT, DIGITS = 400, 9
"""Draws kept of each stage, and digits they are written with."""
PRIOR_DRAWS = 20_000
FORMAT = 2
TABLES = ("trade_reports", "tie_years", "ties", "state_years", "students", "statuses", "states")
"""Tables and ledger entries the stages read; a change in them makes a stored stage out of date."""


@dataclass(frozen=True)
class Fitted:
    """One stage as stored."""

    key: str
    record: Record
    resumed: bool
    seconds: float


def calibrate(
    case: Case, out: Path, seed: int = 1, force: bool = False, notify: Callable[[Fitted], None] | None = None
) -> list[Fitted]:
    """Fit every stage and write it to `out`; a stage that is stored with the same inputs is taken as it is.

    The same tables and seed give the same bytes on one machine. Raises StoreError if the folder cannot be written.
    """
    digest = inputs(case, seed)
    done = []
    for key, build in STAGES.items():
        began = time.perf_counter()
        stored = None if force else _stored(out, key, digest)
        record = stored or _fit(build(case, LATEST), seed, digest, out)
        done.append(Fitted(key, record, stored is not None, time.perf_counter() - began))
        if notify is not None:
            notify(done[-1])
    return done


def inputs(case: Case, seed: int) -> str:
    """Digest of everything a fit depends on: the tables, the ledger, the seed and the form of the record."""
    digest = hashlib.sha256(f"{FORMAT}/{seed}".encode())
    paths = [*(case.folder / "data" / f"{name}.csv" for name in TABLES), case.folder / "parameters.yaml"]
    for path in paths:
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _stored(out: Path, key: str, digest: str) -> Record | None:
    try:
        record: Record = json.loads((out / f"{key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if record.get("inputs") == digest and (out / f"{key}.csv").is_file() else None


def _fit(stage: Stage, seed: int, digest: str, out: Path) -> Record:
    sample = posterior(stage.density, stage.prior.mean, seed, draws=KEPT)
    draws = stage.views(stage.to_ledger(sample.draws))
    rng = np.random.default_rng(seed)
    free = stage.prior.mean + stage.prior.sd * rng.standard_normal((PRIOR_DRAWS, len(stage.prior.mean)))
    before = stage.to_ledger(free)
    record: Record = {
        "stage": stage.key,
        "inputs": digest,
        "seed": seed,
        "observations": stage.observations,
        "source": stage.source,
        "prior_source": "prior of the fit, not from the tables (docs/evidence.md)",
        "effective_draws": round(sample.effective),
        "parameters": {
            name: {"prior": _summary(before[:, i]), "posterior": _summary(draws[:, i])}
            for i, name in enumerate(stage.names)
        },
        "correlation": np.round(np.corrcoef(draws.T), 4).tolist(),
    }
    _write(out, stage, draws, record)
    return record


def _summary(values: Array) -> dict[str, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    numbers = {"mean": values.mean(), "sd": values.std(), "low": low, "high": high}
    return {name: float(f"{number:.{DIGITS}g}") for name, number in numbers.items()}


def _write(out: Path, stage: Stage, draws: Array, record: Record) -> None:
    lines = [",".join(stage.names), *(",".join(f"{value:.{DIGITS}g}" for value in row) for row in draws)]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{stage.key}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        text = json.dumps(record, indent=1, ensure_ascii=False)
        (out / f"{stage.key}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(f"{out}: the fit cannot be written: {error}") from error
