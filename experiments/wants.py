"""How far do outcomes move with what states want? The weights `wants.*` are judgement.

    python experiments/wants.py [SCENARIO...] [--worlds 100]

Each setting is simulated twice with the same random numbers: with the weights drawn, as everywhere, and with all at
their centre. Printed for each outcome of the last year: the standard deviation of the difference over that of the
outcome, with a 95 % interval (bootstrap of settings), and the share of worlds that differ; for each text, the share of
worlds in which it is adopted under one and not under the other.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from sco_sim import load_scenario
from sco_sim.case.opened import opened
from sco_sim.engine.build import simulated

OUTCOMES = (
    "agreements_adopted", "delivered_mean", "cost_musd", "people_index", "conflict_share_observed_mean",
    "trade_total_busd", "students_total", "gdp_total_busd",
)  # fmt: skip
REPEATS = 1000


def share(moved: NDArray[np.float64], whole: NDArray[np.float64]) -> tuple[float, float, float]:
    """Standard deviation of a difference over that of the outcome, with the ends of its interval; arrays (setting,)."""
    rows = np.random.default_rng(1).integers(0, len(whole), (REPEATS, len(whole)))
    spread = whole[rows].std(axis=1, ddof=1)
    drawn = np.divide(moved[rows].std(axis=1, ddof=1), spread, out=np.zeros(REPEATS), where=spread > 0.0)
    all_of_it = whole.std(ddof=1)
    return (float(moved.std(ddof=1) / all_of_it) if all_of_it > 0.0 else 0.0, *np.quantile(drawn, [0.025, 0.975]))


def told(name: str, worlds: int) -> None:
    """Simulate a scenario both ways and print what differs."""
    case = opened(None)
    drawn = load_scenario(name)
    centres = [
        f"parameters.{key}={entry.central}" for key, entry in case.ledger.entries.items()
        if key.startswith("wants.") and key.split(".")[2] in (*drawn.states, "other")
    ]  # fmt: skip
    values, adopted = [], []
    for scenario in (drawn, load_scenario(name, centres)):
        years = [scenario.horizon.end]
        with simulated(scenario, years=years, metrics=list(OUTCOMES), case=case, worlds=range(worlds)) as (_, block):
            values.append({key: block.metrics[key][:, -1].copy() for key in OUTCOMES})
            adopted.append(~np.isnan(block.agreements["adopted_year"]))
            texts = block.agreement_names
    print(f"{name}, {worlds} settings, {drawn.horizon.end}")
    for key in OUTCOMES:
        moved = values[0][key] - values[1][key]
        ratio, low, high = share(moved, values[0][key])
        print(f"    {key:30} {ratio:.3f} ({low:.3f} to {high:.3f}), differs in {np.mean(moved != 0.0):.0%} of worlds")
    for text, one, other in zip(texts, adopted[0].T, adopted[1].T, strict=True):
        print(f"    {text}: adopted in one and not in the other in {np.mean(one != other):.0%}")


def main() -> None:
    """Read the words of the command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("scenarios", nargs="*", default=["combined", "contested_agenda"])
    words.add_argument("--worlds", type=int, default=100, help="settings, one world of each")
    asked = words.parse_args()
    for name in asked.scenarios:
        told(name, asked.worlds)


if __name__ == "__main__":
    main()
