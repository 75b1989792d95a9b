"""Writes the report of a stored folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from sco_sim.errors import Problem, StoreError
from sco_sim.report.build import page_of
from sco_sim.report.markdown import FIGURES, markdown
from sco_sim.report.others import page_of_run, page_of_tables
from sco_sim.report.page import Page
from sco_sim.report.render import html
from sco_sim.report.sweeps import page_of_sweep
from sco_sim.report.views import page_of_views
from sco_sim.store.disk import guard, under_its_name
from sco_sim.store.folder import MANIFEST
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.sweep.stored_sweep import open_stored
from sco_sim.studies.views.conclusions import VIEW_TABLE

NAME = "report.html"
Form = Literal["html", "md"]


def write_report(
    source: Comparison | Path | str, out: Path | str | None = None, *, form: Form = "html", year: int | None = None
) -> Path:
    """Write the report of a stored folder.

    Args:
        source: A comparison that has been written, or a folder: of a comparison, a run, a sweep, or one with the tables
            of `rules`, `portfolio`, `packages`, `sequence`, `enlargement`, `hindcast --report` or several views side by
            side.
        out: The file; `report.html` or `report.md` inside the folder if left out.
        form: One HTML file that needs no network, or Markdown with SVG files in `report_figures` beside it.
        year: Year of interest that answer and table of a comparison are about; the last if left out.

    Returns:
        The file.

    Raises:
        StoreError: The folder holds nothing of these, its runs are elsewhere, or the file cannot be written.
    """
    folder = source.path if isinstance(source, Comparison) else Path(source)
    if folder is None:
        raise StoreError(Problem("the comparison has no folder", "write it first"))
    path = Path(out) if out is not None else folder / Path(NAME).with_suffix(f".{form}")
    if path.is_dir():
        raise StoreError(Problem(f"{path} is a folder", f"name a file to write to, e.g. with .{form}"))
    page = page_of(source, year) if isinstance(source, Comparison) else page_of_folder(folder, year)
    files = {path.name: html(page)}
    if form == "md":
        text, figures = markdown(page)
        files = {path.name: text, **{f"{FIGURES}/{name}": picture for name, picture in figures.items()}}
    with guard(path.parent, "write the report"):
        for name, text in files.items():
            target = path.parent / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with under_its_name(target) as temporary:
                temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


def page_of_folder(folder: Path, year: int | None = None) -> Page:
    """What the report of a folder says; raises StoreError for a folder without any, or a year where none is chosen."""
    if (folder / MANIFEST).is_file():
        stored = open_stored(folder)
        page = page_of_run(stored) if isinstance(stored, StoredRun) else page_of_sweep(stored)
    elif (folder / VIEW_TABLE).is_file():
        page = page_of_views(folder)
    elif (tables := page_of_tables(folder)) is not None:
        page = tables
    else:
        return page_of(read_comparison(folder), year)
    if year is not None:
        raise StoreError(
            Problem("--year is of comparisons", "leave it out: this report has every year it knows", str(folder))
        )
    return page
