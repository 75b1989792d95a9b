"""How two states stand to each other by treaty, break and arms, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sco_sim.numerics.arrays import Array
from sco_sim.world.pairs import pair
from sco_sim.world.ties import Ties

BONDS = ("mutual_defence", "assistance", "consultation", "lowered", "cut")
"""Words of the column `bond` of alignments.csv."""


def bonds(table: pd.DataFrame, ties: Ties, years: range) -> dict[str, Array]:
    """Word to whether such a bond is in force, 0/1, (year, tie)."""
    calendar = np.array(list(years))
    out = {bond: np.zeros((len(years), len(ties))) for bond in BONDS}
    for row in table.itertuples():
        tie = ties.index.get((str(row.iso3_a), str(row.iso3_b)))
        if tie is not None:
            until = 9999 if str(row.to_year) in ("nan", "<NA>") else int(float(str(row.to_year)))
            in_force = (int(float(str(row.from_year))) <= calendar) & (calendar <= until)
            out[str(row.bond)][in_force, tie] = 1.0
    return out


def arms(table: pd.DataFrame, ties: Ties, years: range) -> Array:
    """Larger share of one end's arms imports that come from the other, in the last five years that are over.

    Shape (year, tie); 0 where nothing is listed.
    """
    out = np.zeros((len(years), len(ties)))
    for number, year in enumerate(years):
        over = table[table["to_year"] < year]
        for row in over[over["to_year"] == over["to_year"].max()].itertuples():
            tie = ties.index.get(pair(str(row.iso3_supplier), str(row.iso3_recipient)))
            if tie is not None:
                out[number, tie] = max(out[number, tie], float(str(row.share)))
    return out
