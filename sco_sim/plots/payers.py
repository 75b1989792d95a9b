"""Who pays and who gains: by state, what a scenario costs it, what it receives, and how much more it trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, QUIET, RULE, head, quoted
from sco_sim.studies.comparison.payers import PAID, RECEIVED, TRADE, gaps, payer_rows, states_of, trade_of
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.wording import decimals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array
    from sco_sim.studies.comparison.tables import TwoRuns


class Account(NamedTuple):
    """One panel: what it shows, its unit, its colour, and differences by state, each of shape (world,)."""

    title: str
    unit: str
    hue: str
    values: Mapping[str, Array]


def accounts(pair: TwoRuns, year: int) -> tuple[Account, ...]:
    """Paid and received by a year, and trade with members in that year, less the reference's, world by world."""
    states, ties = states_of(pair, year), trade_of(pair, year)
    out = [
        Account(f"Pays, by {year}", "million USD of 2015", COLOURS[1], gaps(pair, states, PAID)),
        Account(f"Receives, by {year}", "million USD of 2015", COLOURS[5], gaps(pair, states, RECEIVED)),
        Account(f"Trades more, in {year}", "bn USD of 2015", COLOURS[0], gaps(pair, ties, TRADE)),
    ]
    return tuple(one for one in out if any(np.any(gap != 0.0) for gap in one.values.values()))


def ratios(pair: TwoRuns, year: int) -> dict[str, float]:
    """USD of trade gained in the year for each USD of outlay, as payers.csv has it, of the states that surely pay."""
    rows = {str(row["iso3"]): float(row["ratio"]) for row in payer_rows(pair, year)}
    return {iso: ratio for iso, ratio in rows.items() if np.isfinite(ratio)}


def payers_figure(
    shown: tuple[Account, ...], ratio: Mapping[str, float], title: str, reference: str, names: Mapping[str, str]
) -> Figure:
    """A panel for each account, a row for each state: mean and 5-95 % of worlds; who pays most stands on top.

    Args:
        shown: What `accounts` gives; not empty.
        ratio: What `ratios` gives, written at the end of the rows.
        title: Title of the scenario.
        reference: Title of what it is compared with.
        names: Names of the states by their codes.
    """
    mean = {iso: float(np.nanmean(gap)) for iso, gap in shown[0].values.items()}
    order = sorted(mean, key=lambda iso: (-mean[iso], iso))
    figure, axes = plt.subplots(
        1, len(shown), figsize=(1.4 + 2.3 * len(shown), 1.4 + 0.24 * len(order)), squeeze=False, sharey=True
    )
    for axis, account in zip(axes[0], shown, strict=True):
        _panel(axis, account, order)
    axes[0, 0].set_yticks(range(len(order)), [names.get(iso, iso) for iso in order])
    axes[0, 0].set_ylim(len(order) - 0.4, -0.6)
    _at_the_end(axes[0, -1], ratio, order)
    head(figure, f"{title}, against {quoted(reference)}: who pays and who gains, mean and 5-95 % of worlds")
    return figure


def _at_the_end(axis: Axes, ratio: Mapping[str, float], order: list[str]) -> None:
    """The ratios right of the last panel, with what they are above them; nothing if no state surely pays."""
    where: dict[str, Any] = {"transform": axis.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 7.5}
    for height, iso in enumerate(order) if ratio else ():
        axis.text(1.34, height, _ratio(ratio[iso]) if iso in ratio else "-", **where)
    if ratio:
        axis.text(
            1.36, 1.0, "more trade for\neach USD paid", transform=axis.transAxes, ha="right", va="bottom", fontsize=7.5
        )


def _ratio(value: float) -> str:
    """A ratio with the decimals of its size."""
    return f"{value:,.{min(2, decimals(abs(value)))}f}"


def _panel(axis: Axes, account: Account, order: list[str]) -> None:
    for height, iso in enumerate(order):
        gap = account.values.get(iso)
        if gap is None:
            continue
        low, high = np.nanquantile(gap, [LOW, HIGH])
        axis.barh(height, np.nanmean(gap), height=0.62, color=account.hue, alpha=0.75, linewidth=0)
        axis.plot([low, high], [height, height], color=QUIET, linewidth=1.0, solid_capstyle="butt")
    axis.axvline(0.0, color=QUIET, linewidth=0.9)
    axis.grid(axis="x", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "\N{MINUS SIGN}"))
    axis.locator_params(axis="x", nbins=4)
    axis.set_title(account.title)
    axis.set_xlabel(account.unit)
