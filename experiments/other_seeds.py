"""Does it say the same under other seeds? Of the README's comparison and of the shipped Sobol study.

    python experiments/other_seeds.py readme             # five seeds, a minute or two
    python experiments/other_seeds.py sobol --bases 64   # four seeds; with 256, as shipped, twelve minutes on two cores
    python experiments/other_seeds.py errors             # three seeds, a minute: the table of docs/statistics.md

`readme` gives the verdict of every outcome that the answer speaks of (harm, shows, hidden, still) in every scenario,
and what the run adds to the sign of the priors, where a seed says another. `sobol` gives the total order of the first
factors under each seed, with the 95 % interval, whether any two intervals lie apart, and whether the command itself
warns. The exit code is 1 if a verdict changes in more than one seed, or if intervals lie apart without a warning.
`errors` sets the standard errors of worlds with a setting each beside those of four times as many in the same settings.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.studies.comparison.answer import is_harm, shows
from sco_sim.studies.comparison.compare import compare
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.verdict import beside_the_prior, settled
from sco_sim.studies.sensitivity.rankings import rankings
from sco_sim.studies.sweep.experiment import Design, load_experiment
from sco_sim.studies.sweep.sweep import run_sweep

SCENARIOS = ("baseline", "people_to_people", "sister_cities", "trade_corridors", "combined")
"""Of the first command of the README."""
ERRORS = {
    "mean": "mean_se",
    "median": "difference_median_se",
    "5 % quantile": "low_05_se",
    "95 % quantile": "high_95_se",
    "chance of better": "chance_better_se",
    "chance over pairs of histories": "superiority_se",
}
"""Column of comparison.csv of each error."""
REPLICATES, NEAR = 4, 1.15
"""Histories a setting of the larger runs, and the ratio of errors that is near enough."""
STUDY = Path(__file__).parent / "sobol_sco.yaml"
FIRST = 4
"""Factors of an outcome that are told of."""


def verdict(row: Mapping[str, Any], last: int) -> str:
    """What the answer makes of a row of comparison.csv."""
    if is_harm(row, last):
        return "harm"
    if not settled(row):
        return "still"
    return "shows" if shows(row) else "hidden"


def changed(said: Sequence[str]) -> int:
    """In how many seeds something else is said than in most."""
    return len(said) - max(Counter(said).values())


def readme(seeds: Sequence[int], worlds: int, folder: Path) -> bool:
    """Whether no verdict changes in more than one seed."""
    verdicts: dict[tuple[str, str], list[str]] = {}
    priors: dict[tuple[str, str], list[str]] = {}
    for seed in seeds:
        table = compare(SCENARIOS, worlds=worlds, seed=seed, out=folder / str(seed)).table
        last = int(table["year"].max())
        for row in table[table["year"] == last].to_dict("records"):
            if row["outcome"] in IMPORTANT:
                key = (str(row["scenario"]), str(row["outcome"]))
                verdicts.setdefault(key, []).append(verdict(row, last))
                priors.setdefault(key, []).append(beside_the_prior(row))
    wrong = 0
    for what, all_said in (("verdict", verdicts), ("beside the priors", priors)):
        counts = Counter(changed(said) for said in all_said.values())
        print(f"{what}: of {len(all_said)}, {counts[0]} the same under {len(seeds)} seeds, {counts[1]} another in one")
        for key, said in all_said.items():
            if changed(said) > 0:
                print(f"    {' '.join(key)}: {', '.join(one or 'nothing implied' for one in said)}")
            wrong += changed(said) > 1
    return not wrong


def sobol(seeds: Sequence[int], bases: int, folder: Path) -> bool:
    """Whether the intervals of every factor meet under all seeds, or the study says that it cannot tell."""
    study = load_experiment(STUDY)
    found: dict[str, list[Any]] = {}
    for seed in seeds:
        changes = {"seed": seed, "design": Design.model_validate({"sobol": {"n": bases}})}
        own = study.model_copy(update={"sweep": study.sweep.model_copy(update=changes)})
        for one in rankings(run_sweep(own, out=folder / str(seed), workers=2))[0]:
            found.setdefault(one.outcome, []).append(one)
    honest = True
    for outcome, ranked in found.items():
        warned = [bool(one.warning) for one in ranked]
        print(f"{outcome}: said to be unsure under {sum(warned)} of {len(seeds)} seeds")
        for factor in ranked[0].table["factor"].head(FIRST):
            rows = [one.table.set_index("factor").loc[factor] for one in ranked]
            ends = [(row["total_order_low"], row["total_order_high"]) for row in rows]
            apart = any(max(a[0], b[0]) > min(a[1], b[1]) for a, b in combinations(ends, 2))
            shown = "; ".join(
                f"{row['total_order']:.2f} ({a:.2f} to {b:.2f})" for row, (a, b) in zip(rows, ends, strict=True)
            )
            print(f"    {factor}: {shown}{'; apart' if apart else ''}")
            honest &= not apart or all(warned)
    return honest


def errors(seeds: Sequence[int], worlds: int, folder: Path) -> None:
    """Print how far errors are from those of four times as many worlds, root mean squares over the seeds."""
    few, many = [], []
    for seed in seeds:
        for tables, size, replicates in ((few, worlds, 1), (many, worlds * REPLICATES, REPLICATES)):
            out = folder / f"{seed}_{replicates}"
            table = compare(SCENARIOS, worlds=size, replicates=replicates, seed=seed, out=out).table
            tables.append(table[(table["year"] == table["year"].max()) & table["outcome"].isin(IMPORTANT)])
    squares = [
        (pd.concat(tables).set_index(["scenario", "outcome"])[[*ERRORS.values()]] ** 2).groupby(level=[0, 1]).mean()
        for tables in (few, many)
    ]
    ratios = np.sqrt(squares[0] / squares[1])
    print("| error of | median | largest | within 1.15 |\n|---|---:|---:|---:|")
    for name, column in ERRORS.items():
        known = ratios[column][np.isfinite(ratios[column])]
        print(f"| {name} | {known.median():.2f} | {known.max():.2f} | {(known <= NEAR).sum()} of {len(known)} |")


def main() -> int:
    """Read the words of the command line; the exit code."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("what", choices=("readme", "sobol", "errors"))
    words.add_argument(
        "--seeds", type=int, nargs="+", help="five for readme, four for sobol and three for errors if left out"
    )
    words.add_argument("--worlds", type=int, default=200, help="of each scenario of the README")
    words.add_argument("--bases", type=int, default=256, help="base points of the Sobol design")
    asked = words.parse_args()
    with TemporaryDirectory() as folder:
        if asked.what == "readme":
            return 0 if readme(asked.seeds or range(1, 6), asked.worlds, Path(folder)) else 1
        if asked.what == "errors":
            errors(asked.seeds or range(1, 4), asked.worlds, Path(folder))
            return 0
        return 0 if sobol(asked.seeds or range(1, 5), asked.bases, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
