"""What a notebook gets: comparisons that show themselves, draw their figures and write their report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.errors import Problem, ScenarioError
from sco_sim.studies.comparison.answer import answer, finding, unit_beside
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.comparison.compare import compare as compare_scenarios
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.wording import amount, difference_of, hardly_differs

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class NotebookComparison(Comparison):
    """A comparison in a notebook; everything a Comparison has, and how to look at it."""

    @property
    def answer(self) -> tuple[str, ...]:
        """The answer in at most five sentences and its cautions, in the order in which they are read."""
        rows = [{str(key): value for key, value in row.items()} for row in self.table.to_dict("records")]
        return answer(rows, self.settings).lines

    @property
    def moved(self) -> pd.DataFrame:
        """A row per outcome and a column per scenario: mean differences in the last year with their 5-95 % range."""
        last = self.table[self.table["year"] == self.table["year"].max()]
        cells: dict[str, dict[str, str]] = {}
        for row in ({str(key): value for key, value in one.items()} for one in last.to_dict("records")):
            key = str(row["outcome"])
            if key in IMPORTANT and finding(key) and not same(row):
                _, low, high, _ = amount(row)
                title = f"{metric(key).title}, {unit_beside(row)}".removesuffix(", ")
                cells.setdefault(title, {})[row["scenario"]] = (
                    hardly_differs(row) or f"{difference_of(row)} ({low} to {high})"
                )
        return pd.DataFrame.from_dict(cells, orient="index").fillna("same")

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer, and what moved."""
        from html import escape

        sentences = "".join(f"<li>{escape(line)}</li>" for line in self.answer)
        return f"<p>{escape(repr(self))}</p><ul>{sentences}</ul>{self.moved.to_html(escape=True)}"

    def plot(self, name: str = "difference", scenario: str | None = None) -> Figure:
        """One figure, to be shown or saved.

        Args:
            name: `difference` (all outcomes on one axis), `outcomes` (levels over the years), `outcomes_difference`;
                of one scenario `graph` (its ties), `agreements`, `winners`, `payers` or `matrix`.
            scenario: Name of a scenario, for figures of one; the last one if left out.

        Raises ScenarioError for a name that is no figure or no scenario.
        """
        from sco_sim.plots.figures import figure

        return figure(self, name, scenario)

    def report(self, out: Path | str | None = None) -> Path:
        """Write the page to forward; the file. Raises StoreError if it cannot be written."""
        from sco_sim.report.files import write_report

        return write_report(self, out)


def compare(*items: Any, **how: Any) -> NotebookComparison:
    """Compare scenarios, as a list or one by one; see `sco_sim.studies.comparison.compare.compare`.

    >>> compare("baseline", "combined", worlds=40).plot()
    """
    several = len(items) == 1 and not isinstance(items[0], str | Path)
    return _shown(compare_scenarios(list(items[0]) if several else list(items), **how))


def open_comparison(folder: Path | str) -> NotebookComparison:
    """A stored comparison by its folder; raises StoreError if none is there, whole."""
    path = Path(folder)
    if path.is_file():
        raise ScenarioError(Problem("this is a file, not the folder of a comparison", "name the folder", str(path)))
    return _shown(read_comparison(path))


def _shown(one: Comparison) -> NotebookComparison:
    return NotebookComparison(one.table, one.winners, one.agreements, one.runs, paired=one.paired, path=one.path)
