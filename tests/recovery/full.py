"""The long tests of the method, for `.ci/full`: `python -m tests.recovery.full [--write]`. Exit code 1 if one fails.

With --write the figures go to calibration/recovery.json, from where docs/evidence.md takes them.
"""

from __future__ import annotations

import json
import math
import sys
import time
from typing import Any

import numpy as np
from scipy.stats import chisquare

from sco_sim.evidence.calibration.inference import posterior
from sco_sim.evidence.hindcast.page_fits import LEVEL
from tests.recovery.truths import KEYS, recover, shipped, synthetic
from tests.worlds import ROOT

TRUTHS, RANKS, NULLS, BINS = 20, 200, 20, 10
Record = dict[str, Any]


def coverage(key: str) -> tuple[bool, Record]:
    """20 truths: no parameter's 90 % interval covers fewer than 14, all together 85 to 95 %, a fit under 30 s."""
    began = time.perf_counter()
    inside = recover(key, TRUTHS, seed=1).inside
    each, pooled = inside.sum(axis=0), inside.mean()
    seconds = (time.perf_counter() - began) / TRUTHS
    good = bool(each.min() >= 14 and 0.85 <= pooled <= 0.95 and seconds < 30.0)
    print(
        f"{key}: covered {each.astype(int).tolist()} of {TRUTHS}, pooled {pooled:.3f}, "
        f"{seconds:.1f} s a fit: {_word(good)}"
    )
    covered = each.astype(int).tolist()
    return good, {"truths": TRUTHS, "covered": covered, "pooled": float(pooled), "seconds": math.ceil(seconds)}


def calibration(key: str) -> tuple[bool, Record]:
    """200 ranks of truths drawn from the prior: uniform by chi-square, each parameter, Bonferroni over them."""
    ranks = recover(key, RANKS, seed=2, narrow=1.0).rank
    values = [float(chisquare(np.histogram(column, BINS, (0.0, 1.0))[0]).pvalue) for column in ranks.T]
    good = (
        min(values) > LEVEL / len(values) and float(chisquare(np.histogram(ranks, BINS, (0.0, 1.0))[0]).pvalue) > LEVEL
    )
    print(f"{key}: {RANKS} ranks, p of each {[round(v, 3) for v in values]}: {_word(good)}")
    return good, {"ranks": RANKS, "p": [round(value, 4) for value in values]}


def nothing() -> tuple[bool, Record]:
    """Trust without an effect of disputes or of trade: the 95 % intervals leave out zero about one time in twenty."""
    prior = shipped("trust").prior
    truth = prior.mean.copy()
    truth[[4, 5]] = 0.0
    left_out = 0
    for seed in range(NULLS):
        stage = synthetic("trust", truth, np.random.default_rng(100 + seed))
        draws = stage.to_ledger(posterior(stage.density, prior.mean, draws=400).draws)
        low, high = np.quantile(draws[:, 4:6], [0.025, 0.975], axis=0)
        left_out += int(((low > 0.0) | (high < 0.0)).sum())
    good = left_out <= 5
    print(f"no effect: {left_out} of {2 * NULLS} intervals leave out zero: {_word(good)}")
    return good, {"intervals": 2 * NULLS, "left_out": left_out}


def names(key: str, parameters: int) -> list[str]:
    """What the parameters of a stage are called: entries of the ledger, or numbers where it fits more than those."""
    entries = shipped(key).names
    return list(entries) if len(entries) == parameters else [f"{number + 1} of {key}" for number in range(parameters)]


def _word(good: bool) -> str:
    return "ok" if good else "FAILED"


def main(write: bool) -> int:
    """Run all tests; the exit code."""
    good, null = nothing()
    record: Record = {"nothing": null}
    for key in KEYS:
        found, ranked = coverage(key), calibration(key)
        good = good and found[0] and ranked[0]
        record[key] = found[1] | ranked[1] | {"names": names(key, len(ranked[1]["p"]))}
    if write:
        (ROOT / "calibration" / "recovery.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
