"""Writes the report of a stored comparison."""

from __future__ import annotations

from pathlib import Path

from sco_sim.errors import Problem, StoreError
from sco_sim.report.build import page_of
from sco_sim.report.render import html
from sco_sim.store.disk import guard, under_its_name
from sco_sim.studies.comparison.compare import Comparison, read_comparison

NAME = "report.html"


def write_report(source: Comparison | Path | str, out: Path | str | None = None) -> Path:
    """Write the report of a comparison as one HTML file that needs no network.

    Args:
        source: A comparison that has been written, or its folder.
        out: The file; `report.html` inside the folder of the comparison if left out.

    Returns:
        The file.

    Raises:
        StoreError: The folder holds no comparison, its runs are elsewhere, or the file cannot be written.
    """
    comparison = source if isinstance(source, Comparison) else read_comparison(Path(source))
    if out is None and comparison.path is None:
        raise StoreError(Problem("the comparison has no folder", "name a file to write to"))
    path = Path(out) if out is not None else (comparison.path or Path()) / NAME
    if path.is_dir():
        raise StoreError(Problem(f"{path} is a folder", "name a file to write to, e.g. with .html"))
    text = html(page_of(comparison))
    with guard(path.parent, "write the report"), under_its_name(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path
