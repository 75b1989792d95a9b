"""The rule for the two reports of a trade flow: the exporter's and the importer's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sco_sim.numerics.arrays import Array, Bools

CIF_OVER_FOB = 1.06
"""An importer reports with freight and insurance (CIF), an exporter without (FOB)."""


class Flows(NamedTuple):
    """Directed flows by report, thousand current USD, each (row,) in the order of the table; NaN for no report."""

    exporter: Array
    """The exporter's report, FOB."""
    importer: Array
    """The importer's report, brought to FOB."""
    both: Bools
    """True where both report."""
    value: Array
    """What is used: the geometric mean of both reports, or the one there is."""


def reconcile(reports: pd.DataFrame) -> Flows:
    """The flow of each row of the table `trade_reports`.

    One fixed rule: the geometric mean of the two reports, the importer's over `CIF_OVER_FOB`, or the one there is.
    """
    fob = reports["exporter_fob_kusd"].to_numpy(dtype=float)
    cif = reports["importer_cif_kusd"].to_numpy(dtype=float) / CIF_OVER_FOB
    both = ~np.isnan(fob) & ~np.isnan(cif)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(both, np.sqrt(fob * cif), np.where(np.isnan(fob), cif, fob))
    return Flows(fob, cif, both, value)
