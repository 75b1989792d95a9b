"""What a stored run and a stored sweep have in common: worlds, their numbers in frames, and a digest of their bits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sco_sim.engine.numbering import Numbering
from sco_sim.errors import Problem, StoreError
from sco_sim.numerics.arrays import Array
from sco_sim.store import parquet
from sco_sim.store.disk import DAMAGED, guard
from sco_sim.store.folder import DATABASE, database, part_path


@dataclass(frozen=True)
class Stored:
    """A stored run or sweep; frames come out sorted by world, then year, then tie or state."""

    path: Path
    manifest: Mapping[str, Any]

    @cached_property
    def numbering(self) -> Numbering:
        """What its world numbers stand for."""
        return Numbering.of(self.manifest)

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
        """The Parquet tables it has: some of metrics, ties, states and agreements."""
        kinds: Sequence[str] = self.manifest.get("kinds", parquet.KINDS)
        return kinds

    def metrics(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year and a column per metric of the whole; of all years or of those named."""
        return self._frame("metrics", years)

    def values(self, years: Sequence[int], names: Sequence[str]) -> dict[tuple[str, int], Array]:
        """Metric of the whole and year -> its values in all worlds, (world,); for many worlds, in little memory."""
        found: dict[tuple[str, int], list[Array]] = {(name, year): [] for name in names for year in years}
        for first, members in self._batches().items():
            table = self._table("metrics", first, members, years, names)
            calendar = table.column("year").to_numpy()
            for name in names:
                column = table.column(name).to_numpy()
                for year in years:
                    found[name, year].append(column[calendar == year])
        return {key: np.concatenate(values) for key, values in found.items()}

    def ties(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, tie, iso3_a, iso3_b and a column per metric of ties; StoreError if a sweep keeps none."""
        frame = self._frame("ties", years)
        place = frame.columns.get_loc("tie")
        for end, name in enumerate(("iso3_a", "iso3_b")):
            codes = {tie: tie.split("-")[end] for tie in self.manifest["ties"]}
            frame.insert(int(str(place)) + 1 + end, name, frame["tie"].map(codes))
        return frame

    def states(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, iso3 and a column per metric of states; StoreError if a sweep keeps none."""
        return self._frame("states", years)

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
                found = [parquet.fingerprints(kind, self._table(kind, first, members)) for kind in self.kinds]
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
        """First world of each committed batch -> the worlds in it, in order of the first."""
        batches: dict[int, set[int]] = {}
        found = self.query("SELECT world, part FROM worlds WHERE status = 'done' ORDER BY part")
        for world, first in found.itertuples(index=False):
            batches.setdefault(int(first), set()).add(int(world))
        return batches

    def _table(
        self,
        kind: str,
        first: int,
        members: set[int],
        years: Sequence[int] | None = None,
        names: Sequence[str] | None = None,
    ) -> pa.Table:
        """One table of a batch, checked against the worlds that SQLite says it holds."""
        path = part_path(self.path, kind, first)
        with guard(path, "read the stored run"):
            table = parquet.read(path, years, None if names is None else [*parquet.PLACES[kind], *names])
        empty = table.num_rows == 0 and (years is not None or kind == "agreements")
        if not empty and set(parquet.worlds_of(table)) != members:
            raise StoreError(Problem(f"it does not hold the worlds that {DATABASE} lists", DAMAGED, str(path)))
        return table

    def _frame(self, kind: str, years: Sequence[int] | None, names: Sequence[str] | None = None) -> pd.DataFrame:
        if kind not in self.kinds:
            remedy = f"name a metric of {kind} among the `outcomes` of the experiment and give another --out"
            raise StoreError(Problem(f"this sweep keeps no table of {kind}", remedy, str(self.path)))
        tables = [self._table(kind, first, members, years, names) for first, members in self._batches().items()]
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
