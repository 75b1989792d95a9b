"""The tables of a comparison, from the frames of stored runs: outcomes, winners and losers, agreements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.comparison.grades import weakest
from sco_sim.studies.comparison.grids import Grids, grid
from sco_sim.studies.comparison.histories import Histories, superiority, within
from sco_sim.studies.comparison.prior import BesidePrior, beside_prior
from sco_sim.studies.silent import silent
from sco_sim.studies.statistics import (
    Effect,
    chance_better,
    common,
    paired,
    ranks,
    share_error,
    standard_error,
    unpaired,
)

if TYPE_CHECKING:
    from sco_sim.store.stored_run import StoredRun

OUTCOMES = (
    "scenario", "reference", "outcome", "unit", "better", "year", "reference_mean", "scenario_mean",
    "difference", "low_05", "high_95", "mean_se", "chance_better", "prior_chance_better", "evidence",
    "spread_ratio", "reference_median", "scenario_median", "difference_median", "low_05_se", "high_95_se",
    "chance_better_se", "difference_median_se", "moved", "moved_se", "better_if_moved", "better_if_moved_se",
    "prior_gap_se", "spread", "superiority", "superiority_se",
)  # fmt: skip
WINNERS = ("scenario", "kind", "iso3_a", "iso3_b", "outcome", "year", "difference", "low_05", "high_95",
           "mean_se", "low_05_se", "high_95_se", "best_rank", "worst_rank")  # fmt: skip
AGREEMENTS = (
    "scenario", "agreement", "year", "adopted_share", "adopted_year_mean", "delay_mean_years",
    "ambition_where_adopted", "delivered_mean", "hold_out", "hold_out_share", "adopted_share_se", "delivered_mean_se",
    "hold_out_share_se", "ratified_year_mean", "force_share", "force_year_mean", "half_delivered_share",
    "half_delivered_year_mean",
)  # fmt: skip

NAN = float("nan")

Judge = Callable[[Array, Array, str], Effect]


def drawn_years(runs: Sequence[StoredRun]) -> list[int]:
    """Years that figures show: from `horizon.now` of the runs on, as far as all of them go."""
    first = max(min(run.scenario.horizon.edge for run in runs), *(int(run.manifest["years"][0]) for run in runs))
    return list(range(first, min(int(run.manifest["years"][1]) for run in runs) + 1))


class TwoRuns:
    """A reference and a scenario, with the worlds and years they are compared on."""

    def __init__(
        self, reference: StoredRun, scenario: StoredRun, *, together: bool, grids: Grids | None = None
    ) -> None:
        """Read the two runs; `together` compares world with world, else every world with every other.

        `grids` are those of the reference, if they serve other scenarios too.
        """
        self.reference, self.scenario = reference, scenario
        self._grids = (Grids(reference) if grids is None else grids, Grids(scenario))
        self.years = common([one.extent[1] for one in self._grids])
        worlds = [one.extent[0] for one in self._grids]
        self.worlds = [common(worlds)] * 2 if together else worlds
        self.settings = tuple(
            run.numbering.setting(numbers) for numbers, run in zip(self.worlds, (reference, scenario), strict=True)
        )
        self.together = together
        self.same_states = set(reference.manifest["states"]) == set(scenario.manifest["states"])

    @cached_property
    def metrics(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """All outcomes of whole worlds in both."""
        return self.reference.metrics(), self.scenario.metrics()

    def keys(self, table: str) -> list[str]:
        """The outcomes that both have in a table: metrics, states or ties."""
        first, second = (one.names(table) for one in self._grids)
        return [key for key in first if key in second]

    def judge(self, reference: Array, scenario: Array, better: str = "none") -> Effect:
        """The effect on one number a world; arrays (world of the reference,) and (world of the scenario,)."""
        if self.together:
            return paired(reference, scenario, self.settings[0], better)
        return unpaired(reference, scenario, (self.settings[0], self.settings[1]), better)

    def grids(self, frames: tuple[pd.DataFrame, pd.DataFrame], column: str, across: str) -> list[pd.DataFrame]:
        """One outcome in both, with the columns both have and the worlds compared."""
        return self.shared([grid(frame, column, across) for frame in frames])

    def read(
        self, table: str, keys: Sequence[str], years: Sequence[int] | None = None
    ) -> Iterator[tuple[str, list[pd.DataFrame]]]:
        """Each outcome with its `grids`, a few at a time: memory holds these, however many outcomes there are."""
        for few in self._grids[0].batches(table, keys, years):
            both = [one.read(table, few, years) for one in self._grids]
            for key in few:
                yield key, self.shared([one[key] for one in both])

    def both(self, table: str, keys: Sequence[str], years: Sequence[int]) -> list[dict[str, pd.DataFrame]]:
        """Those outcomes that each run has, as grids of all its worlds."""
        return [one.read(table, [key for key in keys if key in one.names(table)], years) for one in self._grids]

    def shared(self, tables: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
        """A grid of each run, with the columns both have and the worlds compared."""
        shared = [name for name in tables[0].columns if name in tables[1].columns]
        return [_part(table, numbers, shared) for table, numbers in zip(tables, self.worlds, strict=True)]

    def outcomes(
        self, years: Sequence[int], prior: Mapping[str, Array], grade: str, block: Histories
    ) -> Iterator[dict[str, Any]]:
        """Rows of comparison.csv: each outcome of a whole world in each year of interest.

        Args:
            years: Years of interest.
            prior: Difference that the priors alone imply for each outcome, shape (setting,); without those they imply
                nothing for.
            block: Several histories of the reference in some settings.
            grade: Evidence grade of what differs between the two; the weaker of it and the metric's counts.
        """
        for key, (before, after) in self.read("metrics", self.keys("metrics"), years):
            measure = metric(key)
            for year in years:
                first, second = before[year].to_numpy(float), after[year].to_numpy(float)
                effect = self.judge(first, second, measure.better)
                one, own = block.of(key, year)
                spread = within(one)
                superior, beside = (NAN, NAN), BesidePrior(*[NAN] * len(BesidePrior._fields))
                if self.together and self.same_states:
                    superior = superiority(second - first, self.settings[0], one, measure.better, own)
                    beside = beside_prior(second - first, self.settings[0], prior.get(key), measure.better)
                elif self.together:
                    beside = beside_prior(second - first, self.settings[0], None, measure.better)
                elif key in prior:
                    beside = beside._replace(prior_chance_better=chance_better(prior[key], measure.better))
                yield {
                    "scenario": self.scenario.scenario.name,
                    "reference": self.reference.scenario.name,
                    "outcome": key,
                    "unit": measure.unit,
                    "better": measure.better,
                    "year": int(year),
                    **effect._asdict(),
                    **beside._asdict(),
                    "evidence": weakest((measure.evidence, grade)),
                    "spread": spread,
                    "spread_ratio": effect.difference / spread if spread > 0 else NAN,
                    "superiority": superior[0],
                    "superiority_se": superior[1],
                }

    def winners(self, year: int) -> Iterator[dict[str, Any]]:
        """Rows of winners.csv: each outcome of a state or a tie in one year, the largest gain first."""
        for level, table in (("state", "states"), ("tie", "ties")):
            for key, (before, after) in self.read(table, self.keys(table), [year]):
                rows = [
                    (name, self.judge(before[name].to_numpy(float), after[name].to_numpy(float))) for name in before
                ]
                best, worst = self._ranks(before.to_numpy(dtype=float), after.to_numpy(dtype=float))
                places = dict(zip(before, zip(best.tolist(), worst.tolist(), strict=True), strict=True))
                for name, effect in sorted(rows, key=lambda row: -row[1].difference):
                    first, _, second = str(name).partition("-")
                    yield {
                        "scenario": self.scenario.scenario.name,
                        "kind": level,
                        "iso3_a": first,
                        "iso3_b": second,
                        "outcome": key,
                        "year": year,
                        "difference": effect.difference,
                        "low_05": effect.low_05,
                        "high_95": effect.high_95,
                        "mean_se": effect.mean_se,
                        "low_05_se": effect.low_05_se,
                        "high_95_se": effect.high_95_se,
                        "best_rank": places[name][0],
                        "worst_rank": places[name][1],
                    }

    def _ranks(self, before: Array, after: Array) -> tuple[Ints, Ints]:
        """Best and worst rank of each state or tie, (item,); both arrays (world, item). Not known if unpaired."""
        if self.together:
            return ranks(after - before, self.settings[0])
        return np.ones(before.shape[1], dtype=int), np.full(before.shape[1], before.shape[1])


def pairs(runs: Sequence[StoredRun], *, together: bool) -> list[TwoRuns]:
    """Each run but the first beside the first, which is read once for all of them."""
    grids = Grids(runs[0])
    return [TwoRuns(runs[0], run, together=together, grids=grids) for run in runs[1:]]


def _part(table: pd.DataFrame, rows: Ints, columns: Sequence[Any]) -> pd.DataFrame:
    """Some rows and columns of a grid: the grid itself if it has no others."""
    whole = np.array_equal(table.index, rows) and len(columns) == len(table.columns)
    return table if whole else table.loc[rows, columns]


def agreements(run: StoredRun, year: int | None = None) -> Iterator[dict[str, Any]]:
    """Rows of agreements.csv for one run: what had become of each agreement by a year, over worlds.

    Shares and means are over all worlds, but for the year and the ambition of adoption: over those that
    adopted. The delay is the mean number of summits at which it failed; the hold-out is the state most often
    least willing. A run keeps delay, delivery and hold-out of its last year only: they are empty for an earlier one.
    Adopted, ratified (by a state that it binds), in force and delivered (half of it) are four dates; one that a
    mechanism sets which the scenario switches off is empty, and so is its share.

    Args:
        run: The stored run.
        year: Last year that counts; the last year of the run if left out.
    """
    last = int(run.manifest["years"][1])
    year = last if year is None else min(year, last)
    undated = [name for name in ("force_year", "delivered_year") if name in silent(run.scenario)]
    for name, rows in run.agreements().drop(columns=undated, errors="ignore").groupby("agreement", sort=False):
        adopted = rows["adopted_year"] <= year
        known = rows if year == last else rows.iloc[:0]
        least = known["hold_out"][known["hold_out"].notna() & (known["hold_out"] != "")].value_counts()
        least = least.sort_index(kind="stable").sort_values(ascending=False, kind="stable")
        settings = run.numbering.setting(rows["world"].to_numpy(dtype=np.intp))

        def error(part: Array, settings: Ints = settings) -> float:
            return standard_error(part, settings)

        held = np.asarray(known["hold_out"] == least.index[0], dtype=np.float64) if len(least) else np.empty(0)
        yield {
            "scenario": run.scenario.name,
            "agreement": name,
            "year": year,
            "adopted_share": adopted.mean(),
            "adopted_year_mean": rows["adopted_year"][adopted].mean(),
            "delay_mean_years": known["tabled_years"].mean(),
            "ambition_where_adopted": rows["ambition"][adopted].mean(),
            "delivered_mean": known["delivered"].mean(),
            "hold_out": least.index[0] if len(least) else "",
            "hold_out_share": least.iloc[0] / len(rows) if len(least) else NAN,
            "adopted_share_se": share_error(np.asarray(adopted, dtype=np.float64), error),
            "delivered_mean_se": error(known["delivered"].to_numpy(dtype=float)) if len(known) else NAN,
            "hold_out_share_se": share_error(held, error) if len(held) else NAN,
            "ratified_year_mean": _ratified(rows, year),
            **_dated(rows, "force", year),
            **_dated(rows, "delivered", year, "half_"),
        }


def _dated(rows: pd.DataFrame, name: str, year: int, before: str = "") -> dict[str, float]:
    """Share of worlds in which something came about by a year, and the mean year where it did; NaN if not kept."""
    if f"{name}_year" not in rows:
        return {f"{before}{name}_share": NAN, f"{before}{name}_year_mean": NAN}
    there = rows[f"{name}_year"] <= year
    return {
        f"{before}{name}_share": float(there.mean()),
        f"{before}{name}_year_mean": float(rows[f"{name}_year"][there].mean()),
    }


def _ratified(rows: pd.DataFrame, year: int) -> float:
    """Mean year over worlds and the states that have ratified by a year; NaN if none has."""
    years = rows[[column for column in rows if str(column).startswith("ratified_")]].to_numpy(dtype=float)
    there = years[(years > 0.0) & (years <= year)]
    return float(there.mean()) if len(there) else NAN
