"""The initial values and the parameters that `sco-sim show` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.filters import NO_YEAR
from sco_sim.case.initial import Initial, gdp_normals, initial_normals, initial_state
from sco_sim.commands.screen.outcomes import number
from sco_sim.commands.screen.output import heading, say, table
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.scenario.schema import Scenario
from sco_sim.world.channels import CHANNELS
from sco_sim.world.scales import both_ways

Record = dict[str, Any]

SETTINGS = 200
"""Settings the widths are read from."""


@dataclass(frozen=True)
class Start:
    """One variable at the start: 5, 50 and 95 % of its draws (3, item), and the year last observed (item,)."""

    name: str
    unit: str
    decimals: int | None
    """None for two digits that count."""
    quantiles: Array
    year: Array


def starts_of(model: CooperationModel, tables: Case, seed: int) -> tuple[list[Start], Start]:
    """Every initial variable of the ties, and GDP of the states, in units that people read.

    The quantiles are those of the draws of many settings.
    """
    scenario, ties = model.scenario, model.ties
    ledger = tables.ledger.in_force(scenario.parameters)
    settings = range(SETTINGS)
    known: Initial = initial_state(scenario.horizon.start, tables, ledger, ties, model.year.facts.rivalry[0])
    normals = initial_normals(seed, settings, ties, centre=False)
    p = ledger.draw(seed, settings)
    drawn = known.draw(normals, p["students.unseen_shift"])

    def of(name: str, unit: str, decimals: int | None, values: Array, year: Array) -> Start:
        return Start(name, unit, decimals, np.quantile(values, [0.05, 0.5, 0.95], axis=0), year)

    rows = [of("Trust", "share", 2, expit(drawn["trust_level"]), known.trust.year)]
    for channel in CHANNELS:
        values = both_ways(channel, drawn) / channel.shown_per
        year = np.max([known.channels[name].year for name in channel.values], axis=0)
        year = year if _there(tables, channel.table) else np.full(len(ties), NO_YEAR)
        unit = channel.shown_unit or channel.unit
        rows.append(of(channel.name.capitalize(), unit, channel.decimals, values, year))
    since = np.minimum(drawn["years_since_dispute"], 99.0)
    undated = np.full(len(ties), np.nan if _there(tables, "tie_years") else NO_YEAR)
    rows.append(of("Last dispute", "years ago", 0, since, undated))
    grown = known.grown(ties.states, p, gdp_normals(seed, settings, ties, centre=False))
    gdp = np.exp(known.log_gdp + grown) / 1e9
    return rows, of("GDP (states)", "bn USD of 2015", 0, gdp, scenario.horizon.start - known.gdp_age)


def _there(tables: Case, name: str) -> bool:
    """Whether the case has a table; without it nothing was observed."""
    return (tables.folder / "data" / f"{name}.csv").is_file()


def initial_values(ties: Sequence[Start], gdp: Start) -> list[Record]:
    """A row per variable: how many items are observed, when, the range of medians and the typical width."""
    return [_summary(start) for start in (*ties, gdp)]


def _summary(start: Start) -> Record:
    low, middle, high = start.quantiles
    seen = start.year[start.year != NO_YEAR]
    years = seen[~np.isnan(seen)]
    typical = int(np.argsort(middle, kind="stable")[len(middle) // 2])
    return {
        "variable": start.name, "unit": start.unit, "decimals": start.decimals, "items": len(middle),
        "observed": len(seen), "first_year": int(years.min()) if len(years) else None,
        "last_year": int(years.max()) if len(years) else None,
        "lowest": float(middle.min()), "highest": float(middle.max()), "middle": float(middle[typical]),
        "middle_low_05": float(low[typical]), "middle_high_95": float(high[typical]),
    }  # fmt: skip


def print_initial(rows: Sequence[Record]) -> None:
    """The variables at the start."""
    heading("Initial values, drawn per setting")
    lines = []
    for row in rows:

        def show(value: float, decimals: int | None = row["decimals"]) -> str:
            return _number(value, decimals)

        years = _span(row["first_year"], row["last_year"]) if row["observed"] else "never"
        width = f"{show(row['middle'])} ({show(row['middle_low_05'])} to {show(row['middle_high_95'])})"
        seen = f"{row['observed']} of {row['items']}"
        lines.append(
            [
                f"{row['variable']}, {row['unit']}",
                seen,
                years,
                f"{show(row['lowest'])} to {show(row['highest'])}",
                width,
            ]
        )
    table(["Variable", "Observed", "Last observed", "Range of medians", "Middle item (5-95 %)"], lines)
    say("Trade and students never observed are predicted from gravity. `--only ties` shows every tie.", "dim")


def _number(value: float, decimals: int | None) -> str:
    if decimals is None:
        decimals = 3 if value == 0.0 else max(0, min(4, 1 - math.floor(math.log10(abs(value)))))
    return number(value, decimals)


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return "undated"
    return str(first) if first == last else f"{first}-{last}"


def tie_values(names: Sequence[str], starts: Sequence[Start]) -> list[Record]:
    """A row per tie: 5, 50 and 95 % of each variable and the year of its last observation, None if predicted."""
    rows = []
    for column, name in enumerate(names):
        row: Record = {"tie": name}
        for start in starts:
            year = start.year[column]
            row[start.name.lower().replace(" ", "_")] = {
                "low_05": float(start.quantiles[0, column]), "median": float(start.quantiles[1, column]),
                "high_95": float(start.quantiles[2, column]), "unit": start.unit, "decimals": start.decimals,
                "observed": None if np.isnan(year) or year == NO_YEAR else int(year),
            }  # fmt: skip
        rows.append(row)
    return rows


def print_ties(rows: Sequence[Record]) -> None:
    """Every tie at the start."""
    heading("Ties at the start: median (5-95 %), year of the last observation")
    names = [name for name in rows[0] if name != "tie"]
    headers = [f"{name.replace('_', ' ').capitalize()}, {rows[0][name]['unit']}" for name in names]
    table(["Tie", *headers], ([row["tie"], *(_cell(row[name]) for name in names)] for row in rows), headers)
    say("~ never observed: trade and students by gravity, else none. 99 years stand for no known dispute.", "dim")


def _cell(value: Mapping[str, Any]) -> str:
    low, middle, high = (_number(value[key], value["decimals"]) for key in ("low_05", "median", "high_95"))
    if value["low_05"] == value["high_95"]:
        return middle
    when = str(value["observed"]) if value["observed"] else "~"
    return f"{middle} ({low} to {high}) {when}"


def parameter_values(scenario: Scenario, tables: Case) -> list[Record]:
    """Every ledger entry in force, with a mark for those that the scenario changes."""
    entries = tables.ledger.in_force(scenario.parameters).entries
    rows = []
    for name, entry in entries.items():
        stem, _, iso = name.rpartition(".")
        if stem.startswith("growth.") and iso not in scenario.states:
            continue  # growth of a state that is not simulated
        rows.append(
            {
                "parameter": name, "central": entry.central, "low": entry.low, "high": entry.high, "unit": entry.unit,
                "distribution": entry.distribution, "kind": entry.kind, "name": entry.name, "source": entry.source,
                "overridden": name in scenario.parameters,
            }
        )  # fmt: skip
    return rows


def print_parameters(rows: Sequence[Record]) -> None:
    """The ledger in force."""
    changed = sum(row["overridden"] for row in rows)
    heading(f"Parameters in force: {len(rows)}, of which {changed} changed by the scenario (marked *)")
    lines = [
        [
            ("* " if r["overridden"] else "") + r["parameter"],
            f"{r['central']:.4g}",
            span(r),
            r["unit"],
            r["kind"],
            r["name"],
        ]
        for r in rows
    ]
    table(["Parameter", "Central", "5-95 %", "Unit", "Kind", "What it is"], lines, ["Central", "5-95 %"])


def span(row: Mapping[str, Any]) -> str:
    """The range of a parameter, `fixed` if it has none."""
    return "fixed" if row["low"] == row["high"] else f"{row['low']:.4g} to {row['high']:.4g}"
