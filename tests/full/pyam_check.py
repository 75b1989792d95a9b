"""Opens the IAMC table of a comparison in pyam and holds it to comparison.csv: .ci/pyam runs it beside pyam."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyam
from iam_units import registry

MEANS = {"trade_total_busd": "Trade inside the group", "trust_min": "Trust|Worst tie", "cost_musd": "Cost so far"}


def check(folder: Path) -> str:
    """What was checked, in words; AssertionError if something is not as it should be."""
    opened = pyam.IamDataFrame(folder / "export" / "iamc.csv")
    table = pd.read_csv(folder / "comparison.csv")
    names = list(dict.fromkeys([*table["reference"], *table["scenario"]]))
    assert opened.scenario == sorted(names), opened.scenario
    for unit in opened.unit:
        registry.parse_units("" if unit == "dimensionless" else unit)
    rate = registry("1 billion USD_2015/yr").to("million USD_2020/yr").magnitude
    prices = opened.filter(variable="Trade|Mean", region="China>Russia").convert_unit(
        "billion USD_2015/yr", "million USD_2020/yr", factor=rate
    )
    assert prices.unit == ["million USD_2020/yr"]
    ties = opened.filter(region="*>*")
    assert "China>Russia" in ties.region
    assert set(ties.variable) == {f"{name}|{part}" for name in ("Trade", "Trust", "Conflict share") for part in PARTS}
    assert {"All states", "Kazakhstan"} < set(opened.region)
    last = int(table["year"].max())
    rows = table[(table["year"] == last) & table["outcome"].isin(MEANS)]
    for row in rows.to_dict("records"):
        for name, column in ((row["scenario"], "scenario_mean"), (row["reference"], "reference_mean")):
            own = opened.filter(scenario=name, variable=f"{MEANS[row['outcome']]}|Mean", year=last, region="All states")
            (value,) = own.data["value"]
            assert abs(value - row[column]) <= 1e-8 * max(1.0, abs(row[column])), (name, row["outcome"], value)
    return f"pyam {pyam.__version__} reads {len(names)} scenarios, {len(opened.variable)} variables, {len(rows)} means"


PARTS = ("Mean", "5th Percentile", "95th Percentile")

if __name__ == "__main__":
    print(check(Path(sys.argv[1])))
