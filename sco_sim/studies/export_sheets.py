"""Tables for people: a workbook, and text that a spreadsheet does not take for a formula."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sco_sim.errors import Problem, StoreError

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
