"""The printed tables of a comparison."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sco_sim.commands.screen.outcomes import digits_of_level, named, number, unit_of_level
from sco_sim.commands.screen.output import grouped, hanging, heading, say, table
from sco_sim.components.registry import metric
from sco_sim.studies.comparison.cost import DISCOUNT, SO_FAR
from sco_sim.studies.comparison.payers import moving
from sco_sim.studies.comparison.verdict import enough, same, sentence, settled
from sco_sim.studies.silent import SIZES
from sco_sim.studies.statistics import Z
from sco_sim.studies.wording import decimals, next_to_nothing, percent, scale, signed

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario
    from sco_sim.studies.comparison.compare import Comparison

Row = Mapping[str, Any]

USUAL = (
    "conflict_share_observed_mean", "conflict_share_observed_max", "trade_total_busd", "people_index", "cities_total",
    "gains_gini",
)  # fmt: skip
"""Outcomes that get a sentence, unless the user asks for outcomes by name or for all."""
LEGEND = (
    "Levels and differences: means over worlds, differences of shares in points. Medians are in comparison.csv: where "
    "mean and median disagree, a few worlds with large effects make the mean. 5-95 %: quantiles of the difference over "
    "worlds. Better: share of worlds in which the scenario is better; prior: what the priors alone imply, without the "
    "run, in those that move. Pairs: of 100 pairs of histories, one with it and one without, in how many it is better "
    "(higher, where no side is better). Worlds: enough for every figure of the line?"
)
MOST = 3
"""States or ties named on each side of winners and losers."""
HARDLY = 0.02
"""An outcome that moves in a smaller share of worlds is no row of the table, unless it is asked for."""


def print_scenario(comparison: Comparison, scenario: Scenario, shown: Sequence[str], *, asked: bool) -> None:
    """Outcomes by year, winners and losers, and sentences for one scenario against the reference.

    Args:
        comparison: The comparison.
        scenario: One of its scenarios, not the reference.
        shown: Keys of the outcomes to print.
        asked: Whether the user asked for them; every block is then about them, else the later ones about the usual few.
    """
    name = scenario.name
    heading(f"{name} against {comparison.runs[0].scenario.name}: {scenario.title}")
    own = comparison.table[comparison.table["scenario"] == name]
    groups = [(key, records(own[own["outcome"] == key])) for key in shown]
    settings = comparison.settings
    still = [key for key, rows in groups if rows and not asked and all(hardly_moves(row) for row in rows)]
    printed = [(key, rows) for key, rows in groups if rows and key not in still]
    if printed:
        _outcomes(printed, comparison.runs[0].scenario.name, name, settings)
    if still:
        names = "; ".join(metric(key).title for key in still)
        say(f"Left out, since it moves in under {percent(HARDLY)} of worlds in every year (--outcome): {names}.", "dim")
    winners = comparison.winners[comparison.winners["scenario"] == name]
    _winners(winners[winners["outcome"].map(lambda key: goes_with(key, shown))] if asked else winners)
    _cost(comparison.cost[comparison.cost["scenario"] == name], _usual(shown, asked))
    lines = sentences(comparison, name, shown, asked=asked)
    if lines:
        heading(f"In words, for {int(own['year'].max())}")
        hanging([("-", text) for text in lines])


def sentences(comparison: Comparison, name: str, shown: Sequence[str], *, asked: bool) -> list[str]:
    """A sentence in the last year for each outcome shown, for the usual few of them if none was asked for."""
    own = comparison.table[(comparison.table["scenario"] == name)]
    last = own[own["year"] == own["year"].max()]
    keys, settings = _usual(shown, asked), comparison.settings
    return [sentence(row, settings) for key in keys for row in records(last[last["outcome"] == key])]


def hardly_moves(row: Row) -> bool:
    """Whether the outcome of a row is the same with and without the scenario in nearly every world."""
    return float(row["moved"]) < HARDLY


def goes_with(key: str, outcomes: Sequence[str]) -> bool:
    """Whether an outcome of states or ties reads what one of these outcomes of worlds reads."""
    read = set(metric(key).reads) - SIZES
    return any(read & set(metric(outcome).reads) for outcome in outcomes)


def _usual(shown: Sequence[str], asked: bool) -> Sequence[str]:
    """The outcomes shown, or the usual few of them if the user asked for none."""
    usual = [key for key in shown if key in USUAL]
    return shown if asked or not usual else usual


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _outcomes(groups: Sequence[tuple[str, Sequence[Row]]], reference: str, name: str, settings: int) -> None:
    """One block of lines per outcome, so that unit and evidence are printed once and it fits 80 columns."""
    names = [reference, name] if max(len(reference), len(name)) <= 12 else ["reference", "scenario"]
    say()
    grouped(
        ["", *names, "difference", "5-95 %", "better", "prior", "pairs", "worlds"],
        [(_title(key, rows[0]), _lines(rows, settings)) for key, rows in groups],
    )
    say(LEGEND, "dim")


def _title(key: str, row: Row) -> str:
    better = "" if row["better"] == "none" else f"{row['better']} is better; "
    _, unit = unit_of_level(str(row["unit"]))
    return f"{named(metric(key).title, unit)} ({better}evidence: {row['evidence']})"


def row_cells(row: Row, settings: int) -> list[str]:
    """The cells of one row: year, both levels, difference, interval, better, prior, pairs, worlds."""
    return _lines([row], settings)[0]


def _lines(rows: Sequence[Row], settings: int) -> list[list[str]]:
    """The years of one outcome, each column with the same number of decimals."""
    factor, _ = unit_of_level(str(rows[0]["unit"]))
    change, _ = scale(str(rows[0]["unit"]))
    largest = change * _largest(rows, "difference", "low_05", "high_95")
    level = digits_of_level(factor * _largest(rows, "reference_mean", "scenario_mean"), largest)
    return [_cells(row, settings, level, decimals(largest)) for row in rows]


def _largest(rows: Sequence[Row], *columns: str) -> float:
    """The largest absolute value in some columns; 0 if there is none."""
    values = (abs(float(row[column])) for row in rows for column in columns)
    return max((value for value in values if math.isfinite(value)), default=0.0)


def _cells(row: Row, settings: int, level: int, digits: int) -> list[str]:
    """One year of an outcome, with so many decimals for the levels and for the differences."""
    factor, _ = unit_of_level(str(row["unit"]))
    change, _ = scale(str(row["unit"]))
    size, low, high = (change * float(row[part]) for part in ("difference", "low_05", "high_95"))
    before, after = (factor * float(row[part]) for part in ("reference_mean", "scenario_mean"))
    if pd.isna(size):
        return [str(row["year"]), number(before, level), number(after, level), "-", "-", "-", "-", "-", "-"]
    pairs = float(row["superiority"])
    unmoved = same(row)
    tiny = next_to_nothing(max(abs(size), abs(low), abs(high)), digits)
    return [
        str(row["year"]), number(before, level), number(after, level),
        "same" if unmoved else tiny or signed(size, digits),
        "" if unmoved or tiny else f"{signed(low, digits)} to {signed(high, digits)}",
        _chance(row["chance_better"], unmoved), _chance(row["prior_chance_better"], unmoved),
        "" if unmoved else "-" if pd.isna(pairs) else f"{100.0 * pairs:.0f}",
        "" if unmoved else "enough" if enough(row, settings) else "few",
    ]  # fmt: skip


def _chance(share: float, same: bool) -> str:
    return "" if same else "-" if pd.isna(share) else percent(float(share)).replace("under ", "<").replace("over ", ">")


def _winners(frame: pd.DataFrame) -> None:
    """The few states and ties that gain and lose most, for each outcome of theirs."""
    if frame.empty:
        return
    heading(f"Winners and losers in {int(frame['year'].max())}: surely among the first {MOST}, mean (5-95 %)")
    for key in dict.fromkeys(frame["outcome"]):
        rows = sorted(records(frame[frame["outcome"] == key]), key=lambda row: -float(row["difference"]))
        sure = [row for row in rows if settled(row)]
        up = [row for row in sure if row["difference"] > 0 and row["worst_rank"] <= MOST]
        down = [row for row in sure[::-1] if row["difference"] < 0 and row["best_rank"] > len(rows) - MOST]
        measure = metric(str(key))
        _, unit = scale(measure.unit)
        per = "state" if rows[0]["kind"] == "state" else "tie"
        say(named(f"{measure.title} by {per}", unit), "cyan")
        hanging([("  up  ", _named(up, measure.unit)), ("  down", _named(down, measure.unit))])


def _cost(frame: pd.DataFrame, keys: Sequence[str]) -> None:
    """What outcomes gained per 1,000 million USD by the last year; nothing where the two cost the same."""
    last = frame[(frame["year"] == frame["year"].max()) & frame["per_bn"].notna()]
    rows = [row for key in keys for row in records(last[last["outcome"] == key])]
    if not rows:
        return
    cost = float(rows[0]["cost_musd"])
    way = "more spent" if cost > 0.0 else "saved"
    amount = f"{abs(cost):,.{decimals(abs(cost))}f}"
    heading(f"Per 1,000 million USD {way} by {rows[0]['year']} ({amount} million)")
    lines = []
    for row in rows:
        factor, unit = scale(str(row["unit"]))
        size, error, low, high = (factor * float(row[part]) for part in ("per_bn", "per_bn_se", "low_05", "high_95"))
        ends = size - Z * error, size + Z * error
        digits = decimals(max(abs(end) for end in ends)) + 1
        mean = f"{signed(ends[0], digits)} to {signed(ends[1], digits)}" if error == error else "not known"
        wide = decimals(max(abs(low), abs(high)))
        title = named(metric(str(row["outcome"])).title, unit)
        title += f", summed at {100.0 * DISCOUNT:g} % a year" if row["basis"] == SO_FAR else ""
        lines.append([title, signed(size, digits), mean, f"{signed(low, wide)} to {signed(high, wide)}"])
    table(["outcome", "mean ratio", "95 %", "5-95 % of worlds"], lines, ["mean ratio"])


def _named(rows: Sequence[Row], unit: str) -> str:
    factor, _ = scale(unit)
    out = []
    for row in rows:
        size, low, high = (factor * float(row[part]) for part in ("difference", "low_05", "high_95"))
        digits = decimals(max(abs(size), abs(low), abs(high)))
        who = "-".join(part for part in (row["iso3_a"], row["iso3_b"]) if isinstance(part, str) and part)
        out.append(f"{who} {signed(size, digits)} ({signed(low, digits)} to {signed(high, digits)})")
    return "; ".join(out) or "none surely"


def print_payers(comparison: Comparison) -> None:
    """Who pays and who gains, a line for each state and scenario; nothing if nobody pays."""
    rows = records(moving(comparison.payers))
    if not rows:
        return
    heading(f"Who pays and who gains by {rows[0]['year']}, million USD of 2015")
    several = len(comparison.runs) > 2
    headers = ["State", "Outlay", "Contribution", "Received", "Trade gained a year", "Ratio"]
    lines = [
        [
            f"{row['scenario']}: {row['iso3']}" if several else row["iso3"],
            *(number(row[name], 0) for name in ("outlay_musd", "contribution_musd", "received_musd", "trade_musd")),
            "-" if math.isnan(row["ratio"]) else f"{number(row['ratio'], 2)} +/- {number(Z * row['ratio_se'], 2)}",
        ]
        for row in rows
    ]
    table(headers, lines, headers[1:])
    say(
        "Means over worlds of differences from the reference. Outlay: paid so far and still owed, less what is still "
        "owed to it; contribution: paid so far, what is lent too until it is paid back. Ratio: USD of trade gained in "
        "the year for each USD of outlay, with its 95 % error; `-` where a state does not surely pay.",
        "dim",
    )
