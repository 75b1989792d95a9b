"""What the outcomes of a comparison cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

COST = "cost_musd"
COST_FILE = "cost.csv"
COLUMNS = ("scenario", "reference", "outcome", "unit", "better", "year", "cost_musd", "per_bn", "low_05", "high_95")


def cost_effectiveness(table: pd.DataFrame) -> pd.DataFrame:
    """Difference in each outcome per 1,000 million USD that a scenario costs more than the reference.

    The mean difference over the mean difference in cost so far, which is not the mean of ratios: worlds in which
    nothing was adopted cost nothing. The interval is that of the outcome's difference at the mean cost. All three
    are NaN where the two cost the same, and where the scenario is cheaper they are per 1,000 million saved.

    Args:
        table: The table of a comparison.

    Returns:
        One row per scenario, outcome but the cost itself, and year of interest, in the order of the table.
    """
    keys = ["scenario", "reference", "year"]
    cost = table.loc[table["outcome"] == COST, [*keys, "difference"]].rename(columns={"difference": COST})
    out = table[table["outcome"] != COST].merge(cost, on=keys, how="left")
    billions = out[COST].abs() / 1000.0
    billions = billions.where(billions > 0.0, np.nan)
    out["per_bn"] = out["difference"] / billions
    for bound in ("low_05", "high_95"):
        out[bound] = out[bound] / billions
    return out[list(COLUMNS)].reset_index(drop=True)
