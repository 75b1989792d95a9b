"""Results of studies as they are stored: their tables, and beside them what else they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
from pydantic import TypeAdapter

from sco_sim.errors import Problem, StoreError
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

AGAIN = "give the command that wrote it again"


@dataclass(frozen=True)
class Form:
    """How a study is stored."""

    record: type
    """Its result: a dataclass of tables and plain data."""
    tables: Mapping[str, str]
    """File to the field that it holds; a table without columns has no file."""


FORMS = {
    "rules": Form(UnderRules, {RULES: "rules", RULE_AGREEMENTS: "agreements", RULE_LEFT_OUT: "left_out"}),
    "portfolio": Form(Portfolio, PORTFOLIO),
    "packages": Form(Packages, PACKAGES),
    "sequence": Form(Sequences, {ROUNDS: "rows", ORDERS: "orders", CHAIRS: "chairs"}),
    "enlargement": Form(Enlargement, {ENLARGEMENT: "table"}),
}
"""Name of a study, which is that of its command, to how it is stored."""


def keep(
    folder: Path, name: str, form: Form, result: Any, about: str, command: str,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> list[Path]:  # fmt: skip
    """Write the tables of a study and what it takes to read it again; the tables.

    Args:
        folder: Made if it is not there.
        name: Of the study.
        form: How it is stored.
        result: Its result.
        about: Heading of its figure and page.
        command: As it was typed.
        tables: File to table, where they are not fields of the result.

    Raises:
        StoreError: A file cannot be written.
    """
    held = {file: getattr(result, field) for file, field in form.tables.items()} if tables is None else tables
    files = write_tables(folder, {file: frame for file, frame in held.items() if len(frame.columns)})
    texts = {file: _texts(held[file]) for file in form.tables}
    keep_study(folder, next(iter(held)), command, study=name, about=about, fields=_plain(form, result), texts=texts)
    return files


def name_of_study(folder: Path) -> str:
    """The name that the record of a folder gives its study; empty if there is none."""
    record = read_study(folder)
    return str(record.get("study") or "") if record is not None else ""


def read(folder: Path, form: Form) -> tuple[Any, str]:
    """The result of a stored study, and its heading.

    Raises StoreError if the tables are not as they were written, or LookupError, TypeError or ValueError for a record
    that somebody has changed.
    """
    record = read_study(folder)
    if record is None:
        raise StoreError(Problem(f"it holds no study with a {NAME}", AGAIN, str(folder)))
    check_tables(folder, [file for file in form.tables if (folder / file).is_file()], AGAIN)
    frames = {field: read_table(folder / file, record["texts"][file]) for file, field in form.tables.items()}
    return form.record(**_fields(form, record["fields"]), **frames), str(record["about"])


def read_table(path: Path, texts: Sequence[str] = ()) -> pd.DataFrame:
    """A table as it is written, in which no text is missing; without columns if it has no file."""
    if not path.is_file():
        return pd.DataFrame()
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=dict.fromkeys(texts, str))
    return frame.assign(**{name: frame[name].fillna("") for name in _texts(frame)})


def _plain(form: Form, result: Any) -> dict[str, Any]:
    """The fields of a result that are no tables, as JSON holds them."""
    return {name: adapter.dump_python(getattr(result, name), mode="json") for name, adapter in _adapters(form).items()}


def _fields(form: Form, record: Mapping[str, Any]) -> dict[str, Any]:
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
