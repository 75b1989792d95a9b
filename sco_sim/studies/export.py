"""What is stored in formats that other tools read: CSV, Parquet, netCDF, the IAMC long table, graphs, LaTeX, Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.io import netcdf_file

from sco_sim.scenario.schema import EVIDENCE
from sco_sim.store.disk import guard, under_its_name
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.export_graph import FORMS, graphs, writer
from sco_sim.studies.export_iamc import iamc
from sco_sim.studies.export_latex import latex_of_comparison, latex_of_levels
from sco_sim.studies.export_sheets import safe, write_workbook
from sco_sim.studies.sweep.stored_sweep import StoredSweep
from sco_sim.studies.wording import believed
from sco_sim.version import __version__

TOGETHER = ("iamc", "latex", "xlsx")
"""Formats in which a comparison is one file; in the others each of its runs has a folder."""


def export(stored: StoredRun | StoredSweep | Comparison, form: str, out: Path) -> list[Path]:
    """Write what is stored and return the files written.

    A file is there whole or not at all.

    Args:
        stored: A run, a sweep or a comparison.
        form: `csv` or `parquet` (a file per table), `netcdf` (one file, dimensions world, year, state and tie),
            `iamc` (one table: mean and 5-95 % range over the worlds, of each point of a sweep, of every scenario of a
            comparison), `graphml` or `gexf` (the graph of ties, a file per year), `latex` or `xlsx`.
        out: Folder to write to.

    Raises:
        StoreError: The disk refuses, or the format cannot hold it.
    """
    if isinstance(stored, Comparison) and form not in TOGETHER:
        return [path for run in stored.runs for path in export(run, form, out / run.scenario.name)]
    paths: list[Path] = []
    with guard(out, "write the export"):
        out.mkdir(parents=True, exist_ok=True)
        for name, write in _files(stored, form):
            paths.append(out / name)
            with under_its_name(paths[-1]) as path:
                write(path)
    return paths


def export_views(each: Mapping[str, StoredRun | StoredSweep | Comparison], form: str, out: Path) -> list[Path]:
    """Write what is stored under several views: one IAMC table of all, in the other formats a folder for each view.

    Scenarios under a view that is belief are called so in the table.

    Args:
        each: View to what is stored under it.
        form: As for `export`.
        out: Folder to write to.

    Raises:
        StoreError: The disk refuses, or the format cannot hold it.
    """
    if form != "iamc":
        return [path for view, stored in each.items() for path in export(stored, form, out / view)]
    with guard(out, "write the export"):
        out.mkdir(parents=True, exist_ok=True)
        tables = [iamc(one) for stored in each.values() for one in _stored_in(stored)]
        with under_its_name(out / "iamc.csv") as path:
            _csv(pd.concat(tables, ignore_index=True), path)
    return [out / "iamc.csv"]


def _stored_in(stored: StoredRun | StoredSweep | Comparison) -> Sequence[StoredRun | StoredSweep]:
    return stored.runs if isinstance(stored, Comparison) else (stored,)


def _files(stored: StoredRun | StoredSweep | Comparison, form: str) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """The files of a format, by name, each with what writes it."""
    if isinstance(stored, Comparison):
        yield _of_comparison(stored, form)
    elif form == "netcdf":
        yield "run.nc", partial(_netcdf, stored)
    elif form == "iamc":
        yield "iamc.csv", partial(_csv, iamc(stored))
    elif form in FORMS:
        for year, graph in graphs(stored):
            yield f"ties_{year}.{form}", partial(writer(form), graph)
    elif form == "xlsx":
        yield "run.xlsx", partial(_workbook, dict(frames(stored)))
    elif form == "latex":
        units = {k: str(one["unit"]) for k, one in stored.manifest["metrics"].items() if one["axis"] == "world"}
        text = latex_of_levels(_table(stored, "metrics"), units, _title(stored))
        yield "run.tex", partial(_text_file, text)
    else:
        for name, frame in frames(stored):
            yield f"{name}.{form}", partial(_parquet if form == "parquet" else _csv, frame)


def _of_comparison(stored: Comparison, form: str) -> tuple[str, Callable[[Path], object]]:
    if form == "iamc":
        return "iamc.csv", partial(_csv, pd.concat([iamc(run) for run in stored.runs], ignore_index=True))
    if form == "latex":
        return "comparison.tex", partial(_text_file, latex_of_comparison(stored.table))
    tables = {
        "comparison": stored.table,
        "winners": stored.winners,
        "agreements": stored.agreements,
        "cost": stored.cost,
    }
    return "comparison.xlsx", partial(_workbook, tables)


def _csv(frame: pd.DataFrame, path: Path) -> None:
    safe(frame).to_csv(path, index=False)


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    with path.open("wb") as file:
        frame.to_parquet(file, index=False)


def _workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    write_workbook(tables, path)


def _text_file(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def frames(stored: StoredRun | StoredSweep) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of a run by name."""
    yield "worlds", stored.worlds()
    yield "settings", stored.settings()
    if isinstance(stored, StoredSweep):
        points = stored.points()
        for name, factor in stored.experiment.sweep.factors.items():
            if factor.kind == "categorical":
                points[stored.columns[name]] = points[stored.columns[name]].map(_text)
        yield "points", points
    for table in stored.kinds:
        yield table, _table(stored, table)


def _table(stored: StoredRun | StoredSweep, table: str) -> pd.DataFrame:
    """One table; of a sweep the points with all their worlds."""
    frame: pd.DataFrame = getattr(stored, table)()
    return stored.of_whole_points(frame) if isinstance(stored, StoredSweep) else frame


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)


def _title(stored: StoredRun | StoredSweep) -> str:
    """Its name, with every view that is belief behind it."""
    title = str(stored.manifest["name"])
    for view in dict.fromkeys(one.get("view", EVIDENCE) for one in _resolved(stored)):
        title = believed(title, view)
    return title


def _resolved(stored: StoredRun | StoredSweep) -> Sequence[Mapping[str, Any]]:
    """The scenarios as the manifest has them."""
    many = isinstance(stored, StoredSweep)
    resolved: Sequence[Mapping[str, Any]] = stored.manifest["scenarios"] if many else [stored.manifest["scenario"]]
    return resolved


def _netcdf(stored: StoredRun | StoredSweep, path: Path) -> None:
    """NetCDF 3 with 64-bit offsets, which every reader of netCDF reads."""
    manifest = stored.manifest
    tables = {table_name: _table(stored, table_name) for table_name in stored.kinds if table_name != "agreements"}
    first = next(iter(tables.values()))
    worlds, years = np.sort(first["world"].unique()), np.sort(first["year"].unique())
    opened: Any = netcdf_file(path, "w", version=2)  # attributes of the file are set as attributes of the object
    with opened as file:
        file.title, file.source = _title(stored), f"sco_sim {__version__}"
        for name, values in (("world", worlds), ("year", years)):
            file.createDimension(name, len(values))
            file.createVariable(name, "i4", (name,))[:] = values
        for table_name, labels in (("states", manifest["states"]), ("ties", manifest["ties"])):
            if table_name in tables:
                _names(file, table_name.removesuffix("s"), labels)
        for table_name, table in tables.items():
            axis = {"metrics": (), "states": ("state",), "ties": ("tie",)}[table_name]
            shape = (len(worlds), len(years), *((len(manifest[table_name]),) if axis else ()))
            for key in table.columns.intersection(list(manifest["metrics"])):
                variable: Any = file.createVariable(key, "f8", ("world", "year", *axis))
                variable[:] = table[key].to_numpy(dtype=float).reshape(shape)
                variable.units = manifest["metrics"][key]["unit"] or "1"
        if isinstance(stored, StoredSweep):
            numeric = stored.numeric()[stored.numbering.row(worlds.astype(np.intp))]
            for number, name in enumerate(stored.experiment.sweep.factors):
                file.createVariable(f"factor_{name}", "f8", ("world",))[:] = numeric[:, number]


def _names(file: Any, name: str, labels: Sequence[str]) -> None:
    """A dimension whose coordinate is text: characters in a last dimension, which readers join by `_Encoding`."""
    width = max(len(label) for label in labels)
    file.createDimension(name, len(labels))
    if f"string{width}" not in file.dimensions:
        file.createDimension(f"string{width}", width)
    letters = np.array([list(label.ljust(width)) for label in labels], dtype="S1")
    coordinate: Any = file.createVariable(name, "c", (name, f"string{width}"))
    coordinate[:] = letters
    coordinate._Encoding = "utf-8"
