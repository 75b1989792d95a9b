"""Tables for people: a workbook, LaTeX, and text that a spreadsheet does not take for a formula."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.errors import Problem, StoreError
from sco_sim.studies.comparison.answer import finding
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.wording import amount, difference_of, hardly_differs

MOST_ROWS = 1_048_575
"""Rows of a sheet of Excel, beside the header."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a text as a formula."""


def safe(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame, with an apostrophe before every text that a spreadsheet would run as a formula."""
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{str(name): frame[name].map(_safe) for name in texts}) if texts else frame


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """A sheet for each table; raises StoreError without openpyxl (extra `excel`), and for a table that has no room."""
    try:
        import openpyxl  # noqa: F401
    except ImportError as error:
        raise StoreError(Problem("Excel needs openpyxl", "pip install 'sco-sim[excel]', or --format csv")) from error
    large = [name for name, frame in tables.items() if len(frame) > MOST_ROWS]
    if large:
        raise StoreError(
            Problem(f"{large[0]} has more than the {MOST_ROWS:,} rows of a sheet", "use --format csv or parquet")
        )
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, frame in tables.items():
            safe(frame).to_excel(book, sheet_name=name[:31], index=False, freeze_panes=(1, 0))


def latex_of_comparison(table: pd.DataFrame) -> str:
    """The last year of a comparison as a table of LaTeX (booktabs): what moves, as the screen words it."""
    last = table[table["year"] == table["year"].max()]
    rows = []
    for row in ({str(k): v for k, v in one.items()} for one in last.to_dict("records")):
        if not finding(str(row["outcome"])) or same(row) or np.isnan(float(row["difference"])):
            continue
        _, low, high, unit = amount(row)
        tiny = hardly_differs(row)
        rows.append(
            {
                "Outcome": metric(str(row["outcome"])).title, "Unit": unit, "Scenario": row["scenario"],
                "Difference": tiny or difference_of(row), "5-95 %": "" if tiny else f"{low} to {high}",
                "Evidence": row["evidence"],
            }
        )  # fmt: skip
    caption = f"Mean paired differences from {last['reference'].iloc[0]} in {int(last['year'].iloc[0])}"
    return _latex(pd.DataFrame(rows), caption)


def latex_of_levels(frame: pd.DataFrame, units: Mapping[str, str], name: str) -> str:
    """The last year of a run: mean and 5-95 % range over worlds of every outcome of the whole."""
    last = frame[frame["year"] == frame["year"].max()]
    rows = [
        {
            "Outcome": metric(key).title, "Unit": unit, "Mean": f"{last[key].mean():,.4g}",
            "5-95 %": f"{last[key].quantile(0.05):,.4g} to {last[key].quantile(0.95):,.4g}",
        }
        for key, unit in units.items() if key in last
    ]  # fmt: skip
    return _latex(pd.DataFrame(rows), f"{name} in {int(frame['year'].max())}")


def _latex(frame: pd.DataFrame, caption: str) -> str:
    escaped = caption.replace("_", r"\_").replace("%", r"\%").replace("&", r"\&")
    return str(
        frame.to_latex(index=False, escape=True, caption=escaped, column_format="ll" + "r" * (frame.shape[1] - 2))
    )
