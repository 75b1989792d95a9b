"""A stored run on disk: `manifest.json`, `worlds.sqlite` and `parts/*.parquet`.

A batch of worlds counts once one SQLite commit says so; its Parquet parts are in place before that. A part
without its rows in SQLite is a leftover of a killed run: it is ignored, and overwritten when another batch
begins with the same world.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sco_sim.errors import Problem, StoreError
from sco_sim.numerics.arrays import Array
from sco_sim.store import parquet as parts
from sco_sim.store.disk import DAMAGED, guard
from sco_sim.store.manifest import Manifest, checked

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario

#: What is told of every agreement.
AGREED = ("adopted_year", "tabled_years", "hold_out", "ambition", "delivered")
MANIFEST, DATABASE, PARTS = "manifest.json", "worlds.sqlite", "parts"

#: Everything a run folder owns; nothing else in it is ever deleted.
OWNED = re.compile(r"manifest\.json((\.\d+)?\.tmp)?|worlds\.sqlite(-wal|-shm|-journal)?")
OWNED_PART = re.compile(rf"({'|'.join(parts.KINDS)})-\d+\.parquet((\.\d+)?\.tmp)?")


def part_path(folder: Path, kind: str, first: int) -> Path:
    """The Parquet file of one kind of the batch that begins with a world."""
    return folder / PARTS / f"{kind}-{first}.parquet"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder; raises StoreError if there is none or it cannot be read."""
    path = folder / MANIFEST
    with guard(path, "read the stored run"):
        content = path.read_bytes()
    try:
        return checked(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = "this is no manifest of a stored run, or it was changed by hand"
        raise StoreError(Problem(message, DAMAGED, str(path))) from error


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite file of a run that exists, for reading; raises StoreError."""
    path = folder / DATABASE
    with guard(path, "read the stored run"):
        if not path.is_file():
            raise FileNotFoundError(2, os.strerror(2))
        # A folder that may only be read cannot hold SQLite's working files; immutable does without them.
        mode = "rw" if os.access(folder, os.W_OK) else "ro&immutable=1"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=60.0)) as connection:
            connection.execute("PRAGMA query_only = ON")
            yield connection


@dataclass(frozen=True)
class StoredRun:
    """A stored run; frames come out sorted by world, then year, then tie or state."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def scenario(self) -> Scenario:
        """The scenario it was made from."""
        from sco_sim.scenario.schema import Scenario

        try:
            return Scenario.from_resolved(self.manifest["scenario"])
        except ValueError as error:
            message = "its scenario does not fit this version of sco_sim"
            remedy = f"use the version it was made with: {self.manifest['versions']['sco_sim']}"
            raise StoreError(Problem(message, remedy, str(self.path / MANIFEST))) from error

    def query(self, question: str) -> pd.DataFrame:
        """The answer of the SQLite file to a question."""
        with database(self.path) as connection:
            cursor = connection.execute(question)
            names = [column[0] for column in cursor.description]
            return pd.DataFrame(cursor.fetchall(), columns=names)

    def worlds(self) -> pd.DataFrame:
        """world, setting, replicate, status (done or failed), error and traceback of each world so far."""
        names = "world, setting, replicate, status, error, traceback"
        return self.query(f"SELECT {names} FROM worlds ORDER BY world")

    @property
    def size(self) -> int:
        """How many worlds it has, failed ones too."""
        return int(self.query("SELECT count(*) AS n FROM worlds")["n"].iloc[0])

    @property
    def failed(self) -> tuple[int, ...]:
        """Numbers of the worlds that failed."""
        found = self.query("SELECT world FROM worlds WHERE status = 'failed' ORDER BY world")
        return tuple(int(world) for world in found["world"])

    def outcomes(self) -> pd.DataFrame:
        """world, outcome, year, value in every fifth calendar year and the last."""
        wide = self._wide("outcomes", "world, year")
        long = wide.melt(["world", "year"], var_name="outcome", value_name="value")
        long = long.sort_values(["world", "outcome", "year"], ignore_index=True)
        return long[["world", "outcome", "year", "value"]].astype({"value": float})

    def settings(self) -> pd.DataFrame:
        """The ledger draws in force: a row per setting, its number and a column per parameter."""
        return self._wide("settings", "setting")

    def _wide(self, table: str, keys: str) -> pd.DataFrame:
        """A table of SQLite whose columns are named when the first world is stored; only its keys before that."""
        if self.query(f"SELECT name FROM sqlite_master WHERE name = '{table}'").empty:
            return pd.DataFrame(columns=keys.split(", "))
        frame = self.query(f"SELECT * FROM {table} ORDER BY {keys}")
        return frame.astype({name: float for name in frame if name not in keys.split(", ")})

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of parts it has."""
        kinds: Sequence[str] = self.manifest.get("kinds", parts.KINDS)
        return kinds

    def metrics(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year and a column per metric of the whole; of all years or of those named."""
        return self._frame("metrics", years)

    def values(self, years: Sequence[int], names: Sequence[str]) -> dict[tuple[str, int], Array]:
        """Metric of the whole and year -> its values in all worlds, (world,); for many worlds, in little memory."""
        found: dict[tuple[str, int], list[Array]] = {(name, year): [] for name in names for year in years}
        for first, members in self._batches().items():
            part = self._part("metrics", first, members, years, names)
            calendar = part.column("year").to_numpy()
            for name in names:
                column = part.column(name).to_numpy()
                for year in years:
                    found[name, year].append(column[calendar == year])
        return {key: np.concatenate(values) for key, values in found.items()}

    def ties(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, tie, iso3_a, iso3_b and a column per metric of ties."""
        frame = self._frame("ties", years)
        place = frame.columns.get_loc("tie")
        for end, name in enumerate(("iso3_a", "iso3_b")):
            codes = {tie: tie.split("-")[end] for tie in self.manifest["ties"]}
            frame.insert(int(str(place)) + 1 + end, name, frame["tie"].map(codes))
        return frame

    def states(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, iso3 and a column per metric of states."""
        return self._frame("states", years)

    def agreements(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """world, agreement, adopted_year, tabled_years, hold_out (iso3 or missing), ambition, delivered; then others.

        All numbers or, of those that come after delivered, those named.
        """
        frame = self._frame("agreements", None, None if names is None else [*AGREED, *names])
        if "hold_out" in frame:
            rows = dict(enumerate(self.manifest["states"]))
            frame["hold_out"] = frame["hold_out"].map(rows)
        first = ["world", "agreement", *AGREED]
        return frame[[*first, *(name for name in frame if name not in first)]]

    def digest(self, worlds: Sequence[int] | None = None) -> str:
        """SHA-256 over the bits of all worlds committed, or of some, whatever batches they came in."""
        known = self.query("SELECT world, setting, status, error FROM worlds")
        bad = known[known["status"] == "failed"]
        lines = {int(world): f"failed {error}" for world, error in zip(bad["world"], bad["error"], strict=True)}
        setting_of = dict(zip(known["world"].tolist(), known["setting"].tolist(), strict=True))
        settings = set()
        for first, members in self._batches().items():
            wanted = members if worlds is None else members & set(worlds)
            if wanted:
                found = [parts.fingerprints(kind, self._part(kind, first, members)) for kind in self.kinds]
                lines |= {world: "".join(one.get(world, b"").hex() for one in found) for world in wanted}
                settings |= {setting_of[world] for world in wanted}
        names = json.dumps([self.manifest[key] for key in ("states", "ties", "agreements")])
        content = hashlib.sha256(names.encode())
        for world in sorted(lines if worlds is None else set(worlds) & set(lines)):
            content.update(f"{world}:{lines[world]}\n".encode())
        draws = self._wide("settings", "setting")
        draws = draws[draws["setting"].isin(settings)]
        columns = sorted(str(name) for name in draws if name != "setting")
        places = [[setting, name] for setting in draws["setting"].tolist() for name in columns]
        content.update(json.dumps(places).encode())
        content.update(draws[columns].to_numpy(dtype="<f8").tobytes())
        return content.hexdigest()

    def _batches(self) -> dict[int, set[int]]:
        """First world of each committed part -> the worlds in it, in order of the first."""
        batches: dict[int, set[int]] = {}
        found = self.query("SELECT world, part FROM worlds WHERE status = 'done' ORDER BY part")
        for world, first in found.itertuples(index=False):
            batches.setdefault(int(first), set()).add(int(world))
        return batches

    def _part(
        self,
        kind: str,
        first: int,
        members: set[int],
        years: Sequence[int] | None = None,
        names: Sequence[str] | None = None,
    ) -> pa.Table:
        """A part, checked against the worlds that SQLite says it holds."""
        path = part_path(self.path, kind, first)
        with guard(path, "read the stored run"):
            table = parts.read(path, years, None if names is None else [*parts.PLACES[kind], *names])
        empty = table.num_rows == 0 and (years is not None or kind == "agreements")
        if not empty and set(parts.worlds_of(table)) != members:
            raise StoreError(Problem(f"it does not hold the worlds that {DATABASE} lists", DAMAGED, str(path)))
        return table

    def _frame(self, kind: str, years: Sequence[int] | None, names: Sequence[str] | None = None) -> pd.DataFrame:
        tables = [self._part(kind, first, members, years, names) for first, members in self._batches().items()]
        if not tables:
            remedy = "give the same command again to finish it, or see the failed worlds in `worlds()`"
            raise StoreError(Problem("no world of this run is finished", remedy, str(self.path)))
        table = pa.concat_tables(tables)
        for place, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
        frame: pd.DataFrame = table.to_pandas()
        del table, tables
        pa.default_memory_pool().release_unused()  # there may be many worlds
        frame = frame.astype({name: np.int64 for name in ("world", "year") if name in frame})
        if not frame["world"].is_monotonic_increasing:
            frame = frame.sort_values("world", kind="stable", ignore_index=True)
        return frame


def open_run(folder: Path | str) -> StoredRun:
    """A stored run by its folder; raises StoreError if there is none."""
    path = Path(folder)
    manifest = read_manifest(path)
    with database(path) as connection:  # a damaged file speaks up here rather than later
        connection.execute("SELECT count(*) FROM worlds").fetchone()
    return StoredRun(path, manifest)
