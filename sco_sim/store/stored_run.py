"""A stored run: the worlds of one scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sco_sim.errors import Problem, ScenarioError, StoreError, counted
from sco_sim.store.folder import MANIFEST, database, read_manifest
from sco_sim.store.manifest import is_sweep
from sco_sim.store.stored import Stored

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario

AGREED = ("adopted_year", "tabled_years", "hold_out", "ambition", "delivered")
"""What every table of agreements has."""
OF_A_SWEEP = (
    "`sco-sim sensitivity`, `discover`, `plot`, `report` and `export` read sweeps; to look at one point, give "
    "its values to `sco-sim run SCENARIO --set PATH=VALUE` and use the folder of that run"
)


class StoredRun(Stored):
    """The stored worlds of one scenario."""

    @cached_property
    def scenario(self) -> Scenario:
        """Its scenario."""
        from sco_sim.scenario.schema import Scenario

        try:
            return Scenario.from_resolved(self.manifest["scenario"])
        except ValueError as error:
            message = "its scenario does not fit this version of sco_sim"
            remedy = f"use the version that wrote it: {self.manifest['versions']['sco_sim']}"
            raise StoreError(Problem(message, remedy, str(self.path / MANIFEST))) from error
        except ScenarioError as error:  # a plug-in that is not installed, or code that a manifest must not run
            message = f"it uses a component that is not here: {error.problems[0].message}"
            raise StoreError(Problem(message, error.problems[0].remedy, str(self.path / MANIFEST))) from error

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

    def to_xarray(self) -> Any:
        """All metrics as an xarray.Dataset with the dimensions world, year, tie and state.

        Outcomes of the whole have (world, year), those of ties (world, year, tie), those of states (world, year,
        state); each has `units`. Raises StoreError without xarray (extra `xarray`).
        """
        try:
            import xarray as xr
        except ImportError as error:
            raise StoreError(Problem("to_xarray needs xarray", "pip install 'sco-sim[xarray]'")) from error
        known = self.manifest["metrics"]
        variables: dict[str, Any] = {}
        coordinates: dict[str, Any] = {}
        for frame, column, axis in (
            (self.metrics(), None, ()), (self.ties(), "tie", ("tie",)), (self.states(), "iso3", ("state",)),
        ):  # fmt: skip
            columns = ["world", "year", *([column] if column else [])]
            labels, at = zip(*(np.unique(frame[name].to_numpy(), return_inverse=True) for name in columns), strict=True)
            coordinates |= dict(zip(("world", "year", *axis), labels, strict=True))
            for key in (name for name in frame if name in known):
                values = np.full([len(label) for label in labels], np.nan)
                values[at] = frame[key].to_numpy(dtype=float)
                variables[str(key)] = (("world", "year", *axis), values, {"units": known[key]["unit"] or "1"})
        attributes = {"title": self.manifest["name"], "seed": self.manifest["seed"]}
        return xr.Dataset(variables, coords=coordinates, attrs=attributes)

    def __repr__(self) -> str:
        """One line: which scenario, how many worlds, which years, and where."""
        first, last = self.manifest["years"]
        worlds = counted(self.size, "world")
        return f"<StoredRun of {self.manifest['name']}: {worlds}, {first} to {last}, in {self.path}>"


def open_run(folder: Path | str) -> StoredRun:
    """A stored run by its folder; raises StoreError if there is none, or a sweep."""
    path = Path(folder)
    manifest = read_manifest(path)
    if is_sweep(manifest):
        raise StoreError(
            Problem(
                f"this is a sweep of {counted(manifest['points'], 'point')}, not a run of one scenario",
                OF_A_SWEEP,
                str(path),
            )
        )
    check_database(path)
    return StoredRun(path, manifest)


def check_database(folder: Path) -> None:
    """Raises StoreError if the SQLite file cannot be read: better now than in the middle of a figure."""
    with database(folder) as connection:
        connection.execute("SELECT count(*) FROM worlds").fetchone()
