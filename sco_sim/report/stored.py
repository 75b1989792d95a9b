"""Tables and sentences about stored runs that every report has."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sco_sim.case.age_words import in_words as ages_in_words
from sco_sim.case.age_words import of_records
from sco_sim.case.case import Site
from sco_sim.case.opened import opened
from sco_sim.report.page import Table
from sco_sim.report.words import sized, with_error
from sco_sim.store.manifest import case_of
from sco_sim.studies.carried import heavy_in_runs
from sco_sim.studies.comparison.payers import AMOUNTS
from sco_sim.studies.wording import percent

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.store.stored import Stored
    from sco_sim.store.stored_run import StoredRun

PAYS = dict(zip(("Outlay", "Contribution", "Received", "Trade gained a year"), AMOUNTS, strict=True))
"""Columns of the table of payers by their heading."""
LEAST_MUSD = 0.005
"""What rounds to nothing, million USD."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def sites_of(run: Stored) -> dict[str, Site]:
    """Names and capitals of the states of a run by their codes."""
    return opened(case_of(dict(run.manifest))).sites(tuple(run.manifest["states"]))


def agreements_table(
    agreed: Sequence[Mapping[str, Any]], titles: Mapping[str, str], states: Mapping[str, str]
) -> Table:
    """What became of each agreement.

    Args:
        agreed: Rows of agreements.csv.
        titles: Of the scenarios by name.
        states: Names of the states by their codes.
    """
    rows = []
    for row in agreed:
        out = row["hold_out"] if isinstance(row["hold_out"], str) and row["hold_out"] else ""
        rows.append(
            (
                titles[str(row["scenario"])], str(row["agreement"]), percent(float(row["adopted_share"])),
                _number(row["adopted_year_mean"], 0), _binding(row),
                _date(row, "half_delivered"),
                _number(row["delay_mean_years"], 1),
                _number(row["ambition_where_adopted"], 2), _number(row["delivered_mean"], 2),
                f"{states.get(out, out)} ({percent(float(row['hold_out_share']))})" if out else "",
            )
        )  # fmt: skip
    headers = (
        "Scenario", "Agreement", "Adopted", "Year", "Ratified, in force", "Half delivered", "Summits failed",
        "Ambition", "Delivered", "Held out most",
    )  # fmt: skip
    return Table(headers, tuple(rows), grouped=True)


def _date(row: Mapping[str, Any], name: str) -> str:
    return _number(row.get(f"{name}_year_mean", "nan"), 0)


def _binding(row: Mapping[str, Any]) -> str:
    """Years of ratification and of force in one column, since there is no room for two; nothing if neither came."""
    dates = [_date(row, name) or "-" for name in ("ratified", "force")]
    return ", ".join(dates) if any(one != "-" for one in dates) else ""


def payers_table(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], states: Mapping[str, str]) -> Table:
    """Who pays and who gains; states that neither pay nor move by `LEAST_MUSD` are left out.

    Args:
        rows: Rows of payers.csv in which anything differs.
        titles: Of the scenarios by name.
        states: Names of the states by their codes.
    """
    kept = [row for row in rows if any(abs(float(row[name])) >= LEAST_MUSD for name in AMOUNTS)]
    amounts = {name: [float(row[key]) for row in kept] for name, key in PAYS.items()}
    if amounts["Contribution"] == amounts["Outlay"]:
        del amounts["Contribution"]  # nothing is lent
    if not any(amounts["Received"]):
        del amounts["Received"]
    lines = tuple(
        (
            titles[str(row["scenario"])], states.get(str(row["iso3"]), str(row["iso3"])),
            *(sized(values[at]) for values in amounts.values()),
            with_error(float(row["ratio"]), 1.96 * float(row["ratio_se"])),
        )
        for at, row in enumerate(kept)
    )  # fmt: skip
    return Table(("Scenario", "State", *amounts, "Ratio"), lines, grouped=True)


def _number(value: Any, digits: int) -> str:
    return "" if math.isnan(float(value)) else f"{float(value):.{digits}f}"


def assumptions(runs: Sequence[StoredRun]) -> Iterator[str]:
    """GDP, age of the evidence, and trade that its states could not carry: what any reader has to know.

    Args:
        runs: The reference first.
    """
    run = runs[0]
    first, last = run.manifest["years"]
    if "gdp_total_busd" in next(run.parts("metrics", [last])):
        values = run.values([first, last], ["gdp_total_busd"])
        means = {year: float(values["gdp_total_busd", year].mean()) for year in (first, last)}
        growth = 100.0 * ((float(means[last]) / float(means[first])) ** (1.0 / max(last - first, 1)) - 1.0)
        yield (
            f"GDP of the group in {run.scenario.name}: {means[first]:,.0f} bn USD of 2015 in {first}, "
            f"{means[last]:,.0f} in {last} on average over worlds ({growth:.1f} % a year). Growth is drawn, and is the "
            "same in the same world of every scenario unless a scenario says otherwise."
        )
    yield from ages_in_words(of_records(run.manifest, first)).splitlines()
    yield from heavy_in_runs(runs, last)


def parameters_table(run: Stored) -> Table:
    """The ledger in force."""
    rows = []
    for entry in run.manifest["parameters"]:
        low, high = (f"{float(entry[name]):g}" if name in entry else "" for name in ("low", "high"))
        central = f"{float(entry['central']):g}" if "central" in entry else ""
        rows.append((str(entry["parameter"]), str(entry["name"]), central, low, high, str(entry["kind"])))
    return Table(("Parameter", "Name", "Central", "Low", "High", "Evidence"), tuple(rows))


def runs_table(runs: Sequence[Stored]) -> Table:
    """What identifies the stored runs and the versions that made them."""
    rows = [
        (
            str(run.manifest["name"]), str(run.manifest["content"])[:16], str(run.manifest["data_hash"])[:16],
            str(run.manifest["code_hash"])[:16], str(run.manifest["versions"]["sco_sim"]),
            str(run.manifest["versions"]["python"]), str(run.manifest["versions"]["numpy"]),
        )
        for run in runs
    ]  # fmt: skip
    return Table(("Run", "Scenario", "Data", "Code", "sco_sim", "Python", "NumPy"), tuple(rows))
