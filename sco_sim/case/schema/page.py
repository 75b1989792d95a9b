"""The declaration as text: two lines for each table in the README of a new case, and the tables of docs/case.md."""

from __future__ import annotations

import math

from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.tables import BASIC, TABLES


def outline() -> str:
    """Two lines for each table that the model reads: what it is and its columns, and what holds without it."""
    lines = []
    for table in TABLES:
        if table.record:
            continue
        needed = [column.name for column in table.columns if column.required]
        others = [c.name for c in table.columns if not c.required and c.fallback != "not read" and c.type != "text"]
        lines.append(f"* **{table.name}.csv**: {table.meaning} Columns: {', '.join(needed)}")
        lines[-1] += f"; and, where known, {', '.join(others)}." if others else "."
        lines.append(f"  Without it: {table.fallback}." if table.fallback else "  It is required.")
    return "\n".join(lines)


def reference() -> str:
    """Every table with its columns, as Markdown."""
    return "\n\n".join(_section(table) for table in TABLES)


def _section(table: Table) -> str:
    said = [table.meaning]
    if table.name == "states":
        said.append(f"**Required.** `{'`, `'.join(BASIC)}` make a case by themselves.")
    else:
        said.append(f"Without the table: {table.fallback}.")
    if table.key:
        said.append(f"One row for each `{'`, `'.join(table.key)}`.")
    if table.one_of:
        said.append(f"One of `{'`, `'.join(table.one_of)}` is needed.")
    if table.ordered:
        said.append("The two codes stand in alphabetical order.")
    lines = [
        f"### {table.name}.csv", "", " ".join(said), "",
        "| column | unit | meaning | values | if it is not there |", "|---|---|---|---|---|",
        *(_row(column) for column in table.columns),
    ]  # fmt: skip
    return "\n".join(lines)


def _row(column: Column) -> str:
    absent = column.fallback or "not read"
    if column.required:
        absent = "refused" + (f"; an empty cell: {column.fallback}" if column.fallback else "")
    return f"| `{column.name}` | {column.unit} | {column.meaning} | {_values(column)} | {absent} |"


def _values(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.type in ("code", "codes", "legs", "states"):
        return {
            "code": "a code of states.csv",
            "codes": "codes of states.csv",
            "legs": "pairs of codes, `CHN-PAK`",
            "states": "codes of states of the world",
        }[column.type]
    if column.type == "flag":
        return "0 or 1"
    if column.type in ("year", "date"):
        return "1900 to this year" if column.type == "year" else "`2019`, `2019-06` or `2019-06-14`"
    if column.type == "text":
        return "words"
    low, high = column.low, column.high
    if math.isinf(low) and math.isinf(high):
        return "a number"
    if math.isinf(high):
        return f"above {low:g}" if column.exclusive else f"{low:g} or more"
    top = f"{high:,.0f}" if high >= 1000.0 else f"{high:g}"
    return f"above {low:g}, up to {top}" if column.exclusive else f"{low:g} to {top}"
