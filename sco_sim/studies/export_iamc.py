"""Stored runs and sweeps as the long table of the IAMC, in names, units and regions that pyam and iam-units know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.scenario.schema import EVIDENCE
from sco_sim.store.manifest import case_of
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.sweep.stored_sweep import StoredSweep
from sco_sim.studies.wording import believed
from sco_sim.version import __version__

WHOLE = "All states"
"""Region of an outcome of the whole."""
STATISTICS: dict[str, Callable[[Any], Any]] = {
    "Mean": lambda groups: groups.mean(),
    "5th Percentile": lambda groups: groups.quantile(0.05),
    "95th Percentile": lambda groups: groups.quantile(0.95),
}
"""Last part of the name of a variable, and what it is of the worlds."""
FLOWS = ("gdp", "gdp_total_busd", "trade", "trade_total_busd")
"""Outcomes in money that are a year's; all others are a stock, or a sum since the start."""
UNITS = {
    "": "dimensionless", "share": "dimensionless", "0-1": "dimensionless", "index 0-1": "dimensionless",
    "%": "%", "per cent of GDP": "%", "bn USD of 2015": "billion USD_2015", "million USD of 2015": "million USD_2015",
    "years": "yr", "a year": "count/yr", "bcm a year": "billion m^3/yr",
    "persons": "count", "agreements": "count", "airport pairs": "count",
    "blocs": "count", "ties": "count", "twinned places": "count",
}  # fmt: skip
"""Unit of an outcome to that of iam-units."""
INDEX = ["model", "scenario", "region", "variable", "unit"]


def iamc(stored: StoredRun | StoredSweep) -> pd.DataFrame:
    """model, scenario, region, variable, unit and a column per year: what pyam.IamDataFrame takes.

    A variable is the title of an outcome in parts, the last of them the statistic over worlds: `Trade|Mean`. Regions
    are the names of states, `China>Russia` for the tie of two, whose direction is that of the alphabet and says
    nothing, and WHOLE.
    """
    units = {key: unit_of(key, str(record["unit"])) for key, record in stored.manifest["metrics"].items()}
    names = _regions(stored)
    rows = []
    for table_name, column in (("metrics", None), ("states", "iso3"), ("ties", "tie")):
        if table_name not in stored.kinds:
            continue
        frame: pd.DataFrame = getattr(stored, table_name)()
        frame = stored.of_whole_points(frame) if isinstance(stored, StoredSweep) else frame
        region = frame[column].map(names) if column else WHOLE
        frame = frame.assign(scenario=_scenarios(stored, frame["world"]), region=region)
        keys = [key for key in frame if key in units]
        groups = frame.groupby(["scenario", "region", "year"], sort=False)[keys]
        for name, statistic in STATISTICS.items():
            long = statistic(groups).stack().rename_axis(["scenario", "region", "year", "key"]).rename("value")
            table = long.reset_index()
            table["variable"] = table["key"].map(lambda key, name=name: f"{variable_of(key)}|{name}")
            table["unit"] = table["key"].map(units)
            rows.append(table)
    whole = pd.concat(rows, ignore_index=True).assign(model=f"sco_sim {__version__}")
    wide: pd.DataFrame = whole.pivot(index=INDEX, columns="year", values="value").reset_index()
    return wide.rename_axis(columns=None)


def variable_of(key: str) -> str:
    """An outcome as a variable: the parts of its title, each with a capital, between bars."""
    parts = metric(key).title.replace(": ", ", ").split(", ")
    return "|".join(part[:1].upper() + part[1:] for part in parts)


def unit_of(key: str, unit: str) -> str:
    """The unit of an outcome as iam-units writes it; that of a metric from outside, which may be any, as it is."""
    return f"{UNITS[unit]}/yr" if key in FLOWS else UNITS.get(unit, unit)


def _regions(stored: StoredRun | StoredSweep) -> Mapping[str, str]:
    """Code of a state and name of a tie to the region; codes where two states have one name."""
    sites = opened(case_of(dict(stored.manifest))).sites(tuple(stored.manifest["states"]))
    names = {iso: site.name for iso, site in sites.items()}
    if len(set(names.values())) < len(names):
        names = {iso: iso for iso in sites}
    return names | {tie: ">".join(names[iso] for iso in tie.split("-")) for tie in stored.manifest["ties"]}


def _scenarios(stored: StoredRun | StoredSweep, worlds: pd.Series[int]) -> Sequence[str]:
    """The name of the scenario of each world, with the point of a sweep; a belief is called one."""
    sweep = isinstance(stored, StoredSweep)
    resolved = stored.manifest["scenarios"] if sweep else [stored.manifest["scenario"]]
    names = [believed(str(one["name"]), one.get("view", EVIDENCE)) for one in resolved]
    if not isinstance(stored, StoredSweep):
        return names * len(worlds)
    of = stored.numbering
    point = of.point(np.asarray(worlds, dtype=np.intp))
    return [f"{names[of.scenario_of(p)]} point {p}" for p in point.tolist()]
