"""Studies on disk: their tables, what else their figure needs, and the figure, always drawn from what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
from matplotlib.figure import Figure
from pydantic import TypeAdapter

from sco_sim.errors import Problem, ScenarioError, StoreError
from sco_sim.plots.aims import aims_figure
from sco_sim.plots.cascade import Cascade, cascade_figure
from sco_sim.plots.enlargement import enlargement_figure
from sco_sim.plots.packages import packages_figure
from sco_sim.plots.portfolio import portfolio_figure
from sco_sim.plots.routes import RouteMap, route_map
from sco_sim.plots.rules import rules_figure
from sco_sim.plots.sequence import sequence_figure
from sco_sim.plots.style import BOTH, save, styled
from sco_sim.plots.threshold import Thresholds, threshold_figure
from sco_sim.store.checksums import check_tables, write_tables
from sco_sim.store.study_file import NAME, keep_study, read_study
from sco_sim.studies.council.rules import RULE_AGREEMENTS, RULE_LEFT_OUT, RULES, UnderRules
from sco_sim.studies.enlargement.enlargement import TABLE as ENLARGEMENT
from sco_sim.studies.enlargement.enlargement import Enlargement
from sco_sim.studies.packages.study import FILES as PACKAGES
from sco_sim.studies.packages.study import Packages
from sco_sim.studies.portfolio import TABLES as PORTFOLIO
from sco_sim.studies.portfolio import Portfolio
from sco_sim.studies.sequence.sequence import CHAIRS, ORDERS, ROUNDS, Sequences

HINDCAST, AIMS = "hindcast", "evidence_aims.csv"
"""Name of the figure of what `hindcast --report` writes, and its table, which has no hash."""
AGAIN = "give the command that wrote it again"


@dataclass(frozen=True)
class Form:
    """How a study is stored."""

    record: type
    """Its result: a dataclass of tables and plain data."""
    tables: Mapping[str, str]
    """File to the field that it holds; a table without columns has no file."""
    draw: Callable[[Any, str], Figure]
    """Its figure, from the result and a heading."""


FORMS = {
    "rules": Form(UnderRules, {RULES: "rules", RULE_AGREEMENTS: "agreements", RULE_LEFT_OUT: "left_out"}, rules_figure),
    "portfolio": Form(Portfolio, PORTFOLIO, portfolio_figure),
    "packages": Form(Packages, PACKAGES, packages_figure),
    "sequence": Form(Sequences, {ROUNDS: "rows", ORDERS: "orders", CHAIRS: "chairs"}, sequence_figure),
    "enlargement": Form(Enlargement, {ENLARGEMENT: "table"}, enlargement_figure),
    "routes": Form(RouteMap, {}, route_map),
    "threshold": Form(Thresholds, {"thresholds.csv": "needed", "curves.csv": "curves"}, threshold_figure),
    "cascade": Form(Cascade, {"years.csv": "paths", "ranking.csv": "ranking"}, cascade_figure),
}
"""Name of a study, of its command and of its figure."""


def write_study(
    folder: Path, name: str, result: Any, about: str, command: str, tables: Mapping[str, pd.DataFrame] | None = None
) -> list[Path]:
    """Write the tables of a study, what it takes to draw it again, and its figure.

    Args:
        folder: Made if it is not there.
        name: Of `FORMS`.
        result: Its result.
        about: Heading of the figure.
        command: As it was typed.
        tables: File to table, where they are not fields of the result.

    Raises:
        StoreError: A file cannot be written.
    """
    form = FORMS[name]
    held = {file: getattr(result, field) for file, field in form.tables.items()} if tables is None else tables
    files = write_tables(folder, {file: frame for file, frame in held.items() if len(frame.columns)})
    texts = {file: _texts(held[file]) for file in form.tables}
    keep_study(folder, next(iter(held)), command, study=name, about=about, fields=_plain(form, result), texts=texts)
    return files + draw_study(folder)


def study_in(folder: Path) -> str:
    """The name of the study whose figure a folder can have; empty if there is none."""
    if (folder / AIMS).is_file():
        return HINDCAST
    record = read_study(folder)
    return str(record.get("study")) if record is not None and record.get("study") in FORMS else ""


def draw_study(
    folder: Path, names: Sequence[str] = (), out: Path | None = None, formats: Sequence[str] = BOTH
) -> list[Path]:
    """Draw the figure of a stored study.

    Args:
        folder: Of `write_study`.
        names: Figures asked for: the name of the study, or none.
        out: Folder of the figure; that of the tables if left out.
        formats: Kinds of files.

    Raises:
        ScenarioError: It has no such figure.
        StoreError: The tables are not as they were written, or the figure cannot be.
    """
    name = study_in(folder)
    for one in names:
        if one != name:
            raise ScenarioError(Problem(f"no figure '{one}' of this folder", f"choose of {name}", "--figure"))
    try:
        with styled():
            return save(_figure(folder, name), folder if out is None else out, name, formats)
    except (LookupError, TypeError, ValueError) as error:  # a record that somebody has changed
        raise StoreError(Problem(f"it cannot be drawn: {error!r}"[:200], AGAIN, str(folder / NAME))) from error


def _figure(folder: Path, name: str) -> Figure:
    if name == HINDCAST:
        return aims_figure(_table(folder / AIMS))
    record = read_study(folder)
    if record is None:
        raise StoreError(Problem(f"it holds no study with a {NAME}", AGAIN, str(folder)))
    form = FORMS[name]
    check_tables(folder, [file for file in form.tables if (folder / file).is_file()], AGAIN)
    frames = {field: _table(folder / file, record["texts"][file]) for file, field in form.tables.items()}
    return form.draw(form.record(**_read(form, record["fields"]), **frames), str(record["about"]))


def _plain(form: Form, result: Any) -> dict[str, Any]:
    """The fields of a result that are no tables, as JSON holds them."""
    return {name: adapter.dump_python(getattr(result, name), mode="json") for name, adapter in _adapters(form).items()}


def _read(form: Form, record: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise TypeError("its fields are no mapping")
    return {name: adapter.validate_python(record[name]) for name, adapter in _adapters(form).items()}


def _adapters(form: Form) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(form.record)
    return {
        one.name: TypeAdapter(hints[one.name]) for one in fields(form.record) if one.name not in form.tables.values()
    }


def _texts(frame: pd.DataFrame) -> list[str]:
    """Columns that hold no numbers, though what they hold may look like some."""
    return [str(name) for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]


def _table(path: Path, texts: Sequence[str] = ()) -> pd.DataFrame:
    """A table as it is written, in which no text is missing; without columns if it has no file."""
    if not path.is_file():
        return pd.DataFrame()
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=dict.fromkeys(texts, str))
    return frame.assign(**{name: frame[name].fillna("") for name in _texts(frame)})
