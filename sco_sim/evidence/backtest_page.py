"""The page of a backtest, written from what it returns."""

from __future__ import annotations

from collections.abc import Sequence

from sco_sim.evidence.backtest import LEVELS, Backtest, Predicted

MOST = 12
"""Misses that are named."""


def page(result: Backtest) -> str:
    """The page in Markdown; its figure is figures/<name>.png."""
    scenario = result.scenario
    start, name = scenario.horizon.start, scenario.name
    return "\n\n".join([
        f"# {scenario.title}: the run beside the facts",
        f"Written by `sco-sim hindcast --scenario {name} --report docs`; change nothing by hand. The scenario `{name}` "
        f"starts from what was observed up to {start}. {result.worlds} worlds of the engine that `sco-sim run` uses, "
        "each with its own draw of the parameters, predict what would be observed in the years after it, with the "
        "error of the observations. The events of the scenario are the ones that happened and GDP is the realised one: "
        "the page tests what the engine makes of them, not whether anyone could have foreseen them. The fits of trade "
        "and trust end in 2020, those of students and what the ledger says of growth do not; one design, the scale of "
        "GDELT, was chosen with its score of 2021-23 known. [evidence.md](evidence.md) begins the engine with no event "
        "and with nothing known that came later.",
        "## Errors and coverage",
        _table(["Variable", "Year", "n", "RMSE", "Bias", "RMSE, n with a last value", "last value alone",
                *(f"in {100 * level:.0f} %" for level in LEVELS)], _scores(result.tested)),
        "RMSE and bias (simulated less observed) on the scale of the variable: " + "; ".join(
            f"{tested.name} in {tested.unit}" for tested in result.tested) + ". The last columns give the share of the "
        "observations inside the central 50, 80 and 95 % of the worlds; bands that hold have about those shares.",
        *_left_out(result),
        *_totals(result),
        f"![Where the observations lie among the worlds](figures/{name}.png)",
        "## What the engine did not expect",
        *_missed(result.tested),
    ]) + "\n"  # fmt: skip


def _left_out(result: Backtest) -> list[str]:
    """Variables without a score, in words."""
    if not result.left_out:
        return []
    return [f"Not scored, since nothing of it was observed after {result.scenario.horizon.start}: "
            + ", ".join(result.left_out) + "."]  # fmt: skip


def _scores(tested: Sequence[Predicted]) -> list[list[object]]:
    rows = []
    for one in tested:
        for score in one.scores():
            shares = [f"{100 * score[f'inside_{100 * level:.0f}']:.0f} %" for level in LEVELS]
            errors = [_number(score[key]) for key in ("rmse", "bias", "rmse_where_both", "rmse_last_value")]
            rows.append([one.name, score["year"], score["n"], *errors, *shares])
    return rows


def _totals(result: Backtest) -> list[str]:
    trade = next((one for one in result.tested if one.name == "trade"), None)
    if trade is None:
        return []
    rows = [
        [total["year"], total["n"], *(f"{total[key] / 1e9:,.0f}" for key in ("observed", "middle", "low", "high"))]
        for total in trade.totals()
    ]
    headers = ["Year", "Ties observed", "Observed", "Simulated, median", "5 %", "95 %"]
    return ["Trade over the ties observed in each year, bn USD of 2015:", _table(headers, rows)]


def _missed(tested: Sequence[Predicted]) -> list[str]:
    rows = []
    for one in tested:
        for miss in one.missed()[:MOST]:
            cells = (f"{miss[key]:.2f}" for key in ("observed", "low", "high"))
            rows.append([one.name, miss["item"], miss["year"], *cells])
    if not rows:
        return ["Every observation lies inside the 95 % of its worlds."]
    text = f"Observations outside the central 95 % of the worlds, the farthest first, at most {MOST} a variable:"
    return [text, _table(["Variable", "Tie or series", "Year", "Observed", "2.5 %", "97.5 %"], rows)]


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"


def _table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (headers, *rows)]
    return "\n".join([lines[0], "|---|---" + "|---:" * (len(headers) - 2) + "|", *lines[1:]])
