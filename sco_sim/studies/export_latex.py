"""Tables of LaTeX that go over pages: they need the packages booktabs and longtable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.studies.comparison.answer import finding
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.wording import amount, decimals, difference_of, hardly_differs

WIDTH = 0.46
"""Width of the first column, of that of the lines: the others hold numbers."""
ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''", "\n": " ",
}  # fmt: skip
"""What means something else to LaTeX, or looks otherwise in its old fonts."""
Lines = Sequence[tuple[str, Sequence[Sequence[str]]]]
"""Rows under what they belong to; under nothing if that is empty."""


def escaped(text: str) -> str:
    """A text as LaTeX prints it."""
    return "".join(ESCAPES.get(letter, letter) for letter in text)


def number(text: str) -> str:
    """Numbers with a minus sign in the place of a hyphen."""
    return " ".join(f"$-${word[1:]}" if word[:1] == "-" and word[1:2].isdigit() else word for word in text.split(" "))


def latex_of_comparison(table: pd.DataFrame) -> str:
    """The last year of a comparison: what moves, as the screen words it, under each scenario."""
    last = table[table["year"] == table["year"].max()]
    every = [{str(key): value for key, value in row.items()} for row in last.to_dict("records")]
    rows = [
        row for row in every
        if finding(str(row["outcome"])) and not same(row) and not np.isnan(float(row["difference"]))
    ]  # fmt: skip
    grades = {str(row["evidence"]) for row in rows}
    graded = len(grades) > 1
    lines = [
        (name, [[*_differs(row), *([str(row["evidence"])] * graded)] for row in own])
        for name, own in groupby(rows, key=lambda row: str(row["scenario"]))
    ]
    caption = f"Mean paired differences from {last['reference'].iloc[0]} in {int(last['year'].iloc[0])}"
    caption += f"; evidence, by the weakest link: {grades.pop()}" if len(grades) == 1 else ""
    return latex(("Outcome", "Difference", "5-95 %", *(["Evidence"] * graded)), lines, caption)


def _differs(row: Mapping[str, Any]) -> tuple[str, str, str]:
    _, low, high, unit = amount(row)
    tiny = hardly_differs(row)
    return _titled(str(row["outcome"]), unit), tiny or difference_of(row), "" if tiny else f"{low} to {high}"


def _titled(key: str, unit: str) -> str:
    title = metric(key).title
    return title if not unit or unit.lower() in title.lower() else f"{title}, {unit}"


def latex_of_levels(frame: pd.DataFrame, units: Mapping[str, str], name: str) -> str:
    """The last year of a run: mean and 5-95 % range over worlds of every outcome of the whole."""
    last = frame[frame["year"] == frame["year"].max()]
    rows = []
    for key, unit in units.items():
        if key not in last:
            continue
        values = (100.0 if unit == "share" else 1.0) * last[key]
        mean, low, high = float(values.mean()), float(values.quantile(0.05)), float(values.quantile(0.95))
        digits = decimals(high - low if high > low else abs(mean))
        shown = _titled(key, "%" if unit == "share" else unit)
        rows.append([shown, f"{mean:,.{digits}f}", f"{low:,.{digits}f} to {high:,.{digits}f}"])
    caption = f"{name} in {int(frame['year'].max())}: means over worlds"
    return latex(("Outcome", "Mean", "5-95 %"), [("", rows)], caption)


def latex(heads: Sequence[str], lines: Lines, caption: str) -> str:
    """A table that may go over several pages, with its heads on each; the first column is broken, the others are not.

    Args:
        heads: Of the columns.
        lines: Rows under what they belong to.
        caption: Above it.
    """
    columns = rf"@{{}}p{{{WIDTH:g}\linewidth}}{'r' * (len(heads) - 1)}@{{}}"
    head = [r"\toprule", f"{' & '.join(map(escaped, heads))} \\\\", r"\midrule"]
    return "\n".join(
        [
            r"% needs \usepackage{booktabs,longtable}", r"{\footnotesize", rf"\begin{{longtable}}{{{columns}}}",
            rf"\caption{{{escaped(caption)}}} \\", *head, r"\endfirsthead", *head, r"\endhead", r"\bottomrule",
            r"\endfoot", *_body(lines, len(heads)), r"\end{longtable}}", "",
        ]
    )  # fmt: skip


def _body(lines: Lines, columns: int) -> Iterable[str]:
    for turn, (name, rows) in enumerate(lines):
        if name:
            yield from [r"\addlinespace"] * (turn > 0)
            yield rf"\multicolumn{{{columns}}}{{@{{}}l}}{{\textbf{{{escaped(name)}}}}} \\*"
        for first, *others in rows:
            cells = [rf"\raggedright {escaped(first)}", *(number(escaped(cell)) for cell in others)]
            yield f"{' & '.join(cells)} \\\\"
