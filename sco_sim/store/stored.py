"""What a stored run and a stored sweep have in common: worlds, their numbers in frames, and a digest of their bits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sco_sim.engine.numbering import Numbering
from sco_sim.errors import Problem, StoreError
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.store import parquet
from sco_sim.store.disk import guard
from sco_sim.store.extent import Extent, Stretch, extent, merged
from sco_sim.store.folder import DATABASE, database, parquet_path
from sco_sim.store.index import KEYS, Entry, Index, entry_rows, read_index, stored_total
from sco_sim.store.seal import rows_hash, whole_file

MEND = (
    "give the command that stored it again: it simulates what is damaged once more; `sco-sim verify` shows all damage, "
    "and a copy of the folder brings it back too"
)


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
        """The answer of the SQLite file to a question, not held beside the hashes of what was stored."""
        with database(self.path) as connection:
            cursor = connection.execute(question)
            names = [column[0] for column in cursor.description]
            return pd.DataFrame(cursor.fetchall(), columns=names)

    def index(self) -> Index:
        """What the database says is stored; raises StoreError if it is damaged."""
        with database(self.path) as connection:
            connection.execute("BEGIN")
            known: Index | None = vars(self).get("_index")
            if known is None or known.total != stored_total(connection):  # another process may have stored more
                known = read_index(connection, self.manifest)
                damage = [known.damage, *(entry.damage for entry in known.entries)]
                for message in filter(None, damage):
                    raise StoreError(Problem(message, MEND, str(self.path / DATABASE)))
                vars(self)["_index"] = known
        return known

    def worlds(self) -> pd.DataFrame:
        """world, setting, replicate, status (done or failed), error and traceback of each world so far."""
        index, of = self.index(), self.numbering
        done = self.done()
        columns = {"world": done, "setting": of.stored_setting(done), "replicate": of.replicate(done)}
        rows = [(row[0], row[2], row[3], "failed", *row[5:]) for row in index.failed]
        names = [*columns, "status", "error", "traceback"]
        frame = pd.DataFrame({**columns, "status": "done", "error": None, "traceback": None}, columns=names)
        if rows:
            bad = pd.DataFrame(rows, columns=names)
            frame = bad if frame.empty else pd.concat([frame.astype(bad.dtypes), bad])
        return frame.sort_values("world", ignore_index=True)

    def wanted(self) -> list[Stretch]:
        """The worlds that were asked for, as first and last of each stretch."""
        return merged(self.index().wanted)

    def extent(self) -> Extent:
        """How much of what was asked for is stored."""
        return extent(self.wanted(), self.done(), np.array(self.failed, dtype=np.intp))

    def half_done(self) -> str:
        """What readers have to say first: how much is stored; empty if that is all."""
        extent = self.extent()
        return "" if extent.whole else f"{self.manifest['name']}: {extent}"

    def done(self) -> Ints:
        """The worlds of all committed batches, shape (world,)."""
        return np.array([world for entry in self.index().entries for world in entry.worlds], dtype=np.intp)

    def finished(self) -> Ints:
        """The same; raises StoreError if there is none."""
        done = self.done()
        if not len(done):
            raise self._unfinished()
        return done

    def _unfinished(self) -> StoreError:
        remedy = "give its command again: it goes on from what is stored"
        return StoreError(Problem("no world of this run is finished", remedy, str(self.path)))

    @property
    def size(self) -> int:
        """How many worlds it has, failed ones too."""
        index = self.index()
        return sum(len(entry.worlds) for entry in index.entries) + len(index.failed)

    @property
    def failed(self) -> tuple[int, ...]:
        """Numbers of the worlds that failed."""
        return tuple(row[0] for row in self.index().failed)

    def outcomes(self) -> pd.DataFrame:
        """world, outcome, year, value in every fifth calendar year and the last."""
        long = self._rows("outcomes").melt(["world", "year"], var_name="outcome", value_name="value")
        long = long.sort_values(["world", "outcome", "year"], ignore_index=True)
        return long[["world", "outcome", "year", "value"]].astype({"value": float})

    def settings(self) -> pd.DataFrame:
        """The ledger draws in force: a row per setting, its number and a column per parameter."""
        return self._rows("settings")

    def _rows(self, table: str, worlds: set[int] | None = None) -> pd.DataFrame:
        """A table of SQLite, sorted by its keys, of the batches that hold some of the worlds; of all if left out."""
        frames = []
        index = self.index()
        with database(self.path) as connection:
            for entry in index.entries:
                if worlds is not None and worlds.isdisjoint(entry.worlds):
                    continue
                rows = entry_rows(connection, table, entry)
                if rows is None:
                    message = f"rows of the table {table} are not those that were stored"
                    raise StoreError(Problem(message, MEND, str(self.path / DATABASE)))
                columns = {name: rows.values[:, number] for number, name in enumerate(rows.names)}
                frames.append(pd.DataFrame({**rows.keys, **columns}))
        keys = list(KEYS[table])
        if not frames:
            return pd.DataFrame(columns=keys)
        whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        return whole.drop_duplicates(keys).sort_values(keys, ignore_index=True)

    @property
    def kinds(self) -> Sequence[str]:
        """The Parquet tables it has: some of metrics, ties, states and agreements."""
        kinds: Sequence[str] = self.manifest.get("kinds", parquet.KINDS)
        return kinds

    def parts(
        self, table_name: str, years: Sequence[int] | None = None, names: Sequence[str] | None = None
    ) -> Iterator[pd.DataFrame]:
        """The frames of one batch after another, of some metrics only: for many worlds, in little memory."""
        entries = self.index().entries
        if not entries:
            raise self._unfinished()
        for entry in entries:
            frame: pd.DataFrame = _with_text(self._table(table_name, entry, years, names)).to_pandas()
            yield frame

    def metrics(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year and a column per metric of the whole; of all years or of those named."""
        return self._frame("metrics", years)

    def values(self, years: Sequence[int], names: Sequence[str]) -> dict[tuple[str, int], Array]:
        """Metric of the whole and year -> its values in all worlds, (world,); for many worlds, in little memory."""
        columns: dict[tuple[str, int], list[Array]] = {(name, year): [] for name in names for year in years}
        for entry in self.index().entries:
            table = self._table("metrics", entry, years, names)
            calendar = table.column("year").to_numpy()
            for name in names:
                column = table.column(name).to_numpy()
                for year in years:
                    columns[name, year].append(column[calendar == year])
        return {key: np.concatenate(values) for key, values in columns.items()}

    def ties(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, tie, iso3_a, iso3_b and a column per metric of ties; StoreError if a sweep keeps none."""
        frame = self._frame("ties", years)
        column = frame.columns.get_loc("tie")
        for end, name in enumerate(("iso3_a", "iso3_b")):
            codes = {tie: tie.split("-")[end] for tie in self.manifest["ties"]}
            frame.insert(int(str(column)) + 1 + end, name, frame["tie"].map(codes))
        return frame

    def states(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, year, iso3 and a column per metric of states; StoreError if a sweep keeps none."""
        return self._frame("states", years)

    def digest(self, worlds: Sequence[int] | None = None) -> str:
        """SHA-256 over the bits of all worlds committed, or of some, whatever batches they came in; outcomes too."""
        rows = self._rows("outcomes", None if worlds is None else set(worlds))
        if worlds is not None:
            rows = rows[rows["world"].isin(set(worlds))]
        names = [str(name) for name in rows if name not in KEYS["outcomes"]]
        keys = {key: rows[key].to_numpy(dtype=np.intp) for key in KEYS["outcomes"]}
        outcomes = rows_hash(keys, names, rows[names].to_numpy(dtype=float))
        return hashlib.sha256(f"{self.trajectories_digest(worlds)} {outcomes}".encode()).hexdigest()

    def trajectories_digest(self, worlds: Sequence[int] | None = None) -> str:
        """SHA-256 over the bits of the Parquet tables, the draws and the errors of all worlds committed, or of some."""
        known = self.worlds()
        bad = known[known["status"] == "failed"]
        lines = {int(world): f"failed {error}" for world, error in zip(bad["world"], bad["error"], strict=True)}
        settings: set[int] = set()
        for entry in self.index().entries:
            wanted = set(entry.worlds) if worlds is None else set(entry.worlds) & set(worlds)
            if wanted:
                prints = [parquet.fingerprints(table, self._table(table, entry)) for table in self.kinds]
                lines |= {world: "".join(one.get(world, b"").hex() for one in prints) for world in wanted}
                settings |= {self.numbering.stored_setting(world) for world in wanted}
        names = json.dumps([self.manifest[key] for key in ("states", "ties", "agreements")])
        content = hashlib.sha256(names.encode())
        for world in sorted(lines if worlds is None else set(worlds) & set(lines)):
            content.update(f"{world}:{lines[world]}\n".encode())
        draws = self.settings()
        draws = draws[draws["setting"].isin(settings)]
        columns = sorted(str(name) for name in draws if name != "setting")
        keys = [[setting, name] for setting in draws["setting"].tolist() for name in columns]
        content.update(json.dumps(keys).encode())
        content.update(draws[columns].to_numpy(dtype="<f8").tobytes())
        return content.hexdigest()

    def _table(
        self, table_name: str, entry: Entry, years: Sequence[int] | None = None, names: Sequence[str] | None = None
    ) -> pa.Table:
        """One Parquet table of a batch; raises StoreError unless its bytes are those that were stored."""
        path = parquet_path(self.path, table_name, entry.first)
        with guard(path, "read the stored run"):
            content, damage = whole_file(path, entry.hashes.get(table_name))
            if damage:
                raise StoreError(Problem(damage, MEND, str(path)))
            return parquet.read(content, years, None if names is None else [*parquet.PLACES[table_name], *names])

    def _frame(self, table_name: str, years: Sequence[int] | None, names: Sequence[str] | None = None) -> pd.DataFrame:
        if table_name not in self.kinds:
            remedy = f"name a metric of {table_name} among the `outcomes` of the experiment and give another --out"
            raise StoreError(Problem(f"this sweep keeps no table of {table_name}", remedy, str(self.path)))
        tables = [self._table(table_name, entry, years, names) for entry in self.index().entries]
        if not tables:
            raise self._unfinished()
        frame: pd.DataFrame = _with_text(pa.concat_tables(tables)).to_pandas()
        del tables
        pa.default_memory_pool().release_unused()  # there may be many worlds
        frame = frame.astype({name: np.int64 for name in ("world", "year") if name in frame})
        if not frame["world"].is_monotonic_increasing:
            frame = frame.sort_values("world", kind="stable", ignore_index=True)
        return frame


def _with_text(table: pa.Table) -> pa.Table:
    """A table with its names as text, not as numbers of a dictionary."""
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(pa.string()))
    return table
