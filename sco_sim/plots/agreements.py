"""What becomes of each agreement over the years: waiting, signed, in force, delivered, and who held out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch

from sco_sim.plots.style import QUIET, folded, head, words, years_axis
from sco_sim.studies.comparison.tables import agreements
from sco_sim.studies.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.store.stored_run import StoredRun

STAGES = (
    ("half of it delivered", "#0b4f87"), ("in force", "#4c91c6"), ("signed, not in force", "#b3d0e8"),
    ("on the table, waiting", "#e3b27a"),
)  # fmt: skip
"""From the bottom of each strip to its top, with their colours; what is above is not on the table."""


def stages(rows: pd.DataFrame, tabled: int, years: Ints) -> Array:
    """Share of worlds in each stage of `STAGES`, shape (stage, year).

    Args:
        rows: One agreement in every world: adopted_year, force_year, delivered_year, NaN where it never was.
        tabled: Year in which it comes on the table, where it was not adopted before.
        years: Years of the figure.
    """
    delivered, force, signed = (
        rows[name].to_numpy(float)[:, None] <= years for name in ("delivered_year", "force_year", "adopted_year")
    )
    reached = np.array([delivered, delivered | force, delivered | force | signed])
    on_table = reached[-1] | (years >= tabled)
    upto: Array = np.concatenate([reached, on_table[None]]).mean(axis=1)
    return np.diff(upto, axis=0, prepend=0.0)


def agreements_figure(run: StoredRun, title: str, names: Mapping[str, str]) -> Figure:
    """A strip for each agreement of a scenario, as high as the share of worlds in each stage.

    Args:
        run: The stored run; its scenario has policies.
        title: Title of the scenario.
        names: Names of the states by their codes.
    """
    policies = {policy.label: policy for policy in run.scenario.policies}
    agreed = run.agreements(("force_year", "delivered_year"))
    first, last = run.scenario.horizon.edge, int(run.manifest["years"][1])
    years = np.arange(first, last + 1)
    fates = {row["agreement"]: row for row in agreements(run)}
    figure, axes = plt.subplots(
        len(policies), 1, figsize=(7.2, 1.5 + 0.85 * len(policies)), squeeze=False, sharex=True, sharey=True
    )
    for axis, (label, policy) in zip(axes[:, 0], policies.items(), strict=True):
        rows = agreed[agreed["agreement"] == label]
        seen = rows["adopted_year"].min()
        begins = policy.start or (first if policy.answers is None or np.isnan(seen) else int(seen))
        shares = 100.0 * stages(rows, begins, years)
        axis.stackplot(years, shares, colors=[hue for _, hue in STAGES], linewidth=0, step="post")
        axis.set_ylim(0, 100)
        years_axis(axis, first, last)
        axis.set_yticks([0, 100], ["0", "100 %"], fontsize=7)
        axis.set_ylabel(folded(words(label), 24), rotation=0, ha="right", va="center", labelpad=8)
        axis.text(
            1.01, 0.5, _hold_out(fates[label], names), transform=axis.transAxes, va="center", fontsize=7.5, color=QUIET
        )
    handles = [Patch(color=hue, label=stage) for stage, hue in reversed(STAGES)]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.6)
    head(figure, f"{title}: what becomes of each agreement, % of worlds")
    return figure


def _hold_out(fate: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Who was most often least willing, and how many worlds never adopt it; `fate` is its row of agreements.csv."""
    who, never = fate["hold_out"], 1.0 - fate["adopted_share"]
    if not who:
        return ""
    said = f"least willing: {names.get(who, who)},\nin {percent(fate['hold_out_share'])} of worlds"
    return f"{said}\nnever adopted in {percent(never)}" if never else said
