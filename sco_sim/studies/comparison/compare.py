"""Compare scenarios: run them on the same worlds, and read what differs, with its uncertainty."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sco_sim.engine.record import interest
from sco_sim.errors import Problem, ScenarioError, StoreError, counted
from sco_sim.shipped import default_case
from sco_sim.store.checksums import check_tables, write_tables
from sco_sim.store.checksums import names as names_of_hashed
from sco_sim.store.folder import MANIFEST
from sco_sim.store.manifest import case_of
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.store.study_file import NAME as STUDY
from sco_sim.studies.comparison.checks import (
    FILES,
    AnyManifest,
    check_folder,
    check_names,
    check_pairs,
    check_run,
    check_same,
    check_years,
    compared,
    identity,
    read_table,
)
from sco_sim.studies.comparison.cost import COST_FILE, cost_rows, cost_table
from sco_sim.studies.comparison.grades import grade_of_difference
from sco_sim.studies.comparison.kept import NAME as INPUTS
from sco_sim.studies.comparison.kept import check_runs, inputs, is_kept
from sco_sim.studies.comparison.payers import PAYERS_FILE, payer_rows, payer_table
from sco_sim.studies.comparison.tables import AGREEMENTS, OUTCOMES, WINNERS, TwoRuns, agreements, pairs

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.engine.record import Progress
    from sco_sim.numerics.arrays import Array
    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored_run import StoredRun

    Item = Scenario | StoredRun | Path | str


@dataclass(frozen=True, repr=False)
class Comparison:
    """What scenarios do against a reference, the first of the runs. The columns are listed in docs/comparison.md."""

    table: pd.DataFrame
    """One row per scenario, outcome and year of interest: the columns of comparison.csv."""
    winners: pd.DataFrame
    """Effects per state and per tie in the last year of interest: the columns of winners.csv."""
    agreements: pd.DataFrame
    """What had become of each agreement by the last year of interest: the columns of agreements.csv."""
    runs: tuple[StoredRun, ...]
    paired: bool
    """Whether world was compared with world."""
    path: Path | None = None
    """Folder it was written to, if any."""

    def __repr__(self) -> str:
        """One line: what is compared, over how much, and where it is."""
        reference, *others = (run.manifest["name"] for run in self.runs)
        how = "paired" if self.paired else "unpaired"
        where = f", in {self.path}" if self.path else ""
        rows = counted(len(self.table), "row")
        return f"<Comparison of {', '.join(others)} with {reference}: table of {rows}, {how}{where}>"

    @cached_property
    def settings(self) -> int:
        """Number of settings behind each figure: the fewest that a run has."""
        return min(len(np.unique(run.numbering.setting(run.done()))) for run in self.runs)

    @cached_property
    def pairs(self) -> list[TwoRuns]:
        """Each scenario beside the reference."""
        return pairs(self.runs, together=self.paired)

    @cached_property
    def cost(self) -> pd.DataFrame:
        """What each outcome gained per 1,000 million USD: the columns of cost.csv; not known if unpaired."""
        rows: list[dict[str, Any]] = []
        for two in self.pairs:
            own = self.table[self.table["scenario"] == two.scenario.manifest["name"]]
            rows += cost_rows(two, own)
        return cost_table(rows)

    @cached_property
    def payers(self) -> pd.DataFrame:
        """What each state pays and gains by the last year: the columns of payers.csv; no row if unpaired."""
        last = int(self.table["year"].max())
        return payer_table([row for two in self.pairs for row in payer_rows(two, last)])

    def write(self, folder: Path | str, inputs: str = "") -> None:
        """Write the tables and SHA256SUMS; raises StoreError if it cannot.

        `inputs`, what they were made from, is written beside them if it is given.
        """
        frames = (self.table, self.winners, self.agreements, self.cost, self.payers)
        tables: dict[str, pd.DataFrame | str] = dict(zip((*FILES, COST_FILE, PAYERS_FILE), frames, strict=True))
        write_tables(Path(folder), tables | ({INPUTS: inputs} if inputs else {}))


def compare(
    items: Sequence[Item],
    *,
    worlds: int = 200,
    replicates: int = 1,
    seed: int = 1,
    workers: int | None = None,
    cluster: str | None = None,
    out: Path | str | None = None,
    case: Path | str | None = None,
    years: Sequence[int] | None = None,
    unpaired: bool = False,
    fixed_parameters: bool = False,
    batch: int = 256,
    force: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Run scenarios on the same worlds, compare each with the first, and write the tables to `out`.

    Args:
        items: Paths of scenario files, scenarios, folders of stored runs or stored runs; at least two.
        worlds: Worlds of each scenario that is not stored yet.
        replicates: Worlds that share one draw of parameters; 1 gives the smallest errors for so many worlds.
        seed: Of the random numbers.
        workers: Processes; chosen by the amount of work if left out.
        cluster: `local`, or the address of a dask scheduler, to simulate there.
        out: Folder to write to; ./results/<reference>_vs_<others> if left out.
        case: Folder of tables and ledger; the shipped one if left out.
        years: Years of interest; every fifth calendar year and the last if left out. Winners and agreements are of
            the last of them.
        unpaired: Compare every world with every other, for runs that share no worlds.
        fixed_parameters: Hold the ledger at its centre.
        batch: Worlds simulated together at most.
        force: Replace other content of the folder.
        progress: Called with worlds done and worlds asked for, over all scenarios.

    Raises ScenarioError for fewer than two scenarios, two of one name, no pairing possible or a year not simulated;
    StoreError if something else is in the way in `out`, or it cannot be written.
    """
    from sco_sim.scenario.schema import Scenario

    same = {"seed": seed, "replicates": replicates, "fixed_parameters": fixed_parameters, "case": case}
    opened = [_open(item, case) for item in items]
    manifests = [_manifest(item, same) for item in opened]
    names = [manifest["name"] for manifest in manifests]
    _check(manifests, years, unpaired)
    folder = Path(out) if out is not None else Path("results") / default_name(names)
    if not force:
        check_folder(folder, names)
        for item, manifest in zip(opened, manifests, strict=True):
            if isinstance(item, Scenario):
                check_run(folder / "runs" / manifest["name"], manifest)
    how = {**same, "worlds": worlds, "workers": workers, "cluster": cluster, "batch": batch, "force": force}
    runs = _simulated(opened, folder, how, progress)
    return _kept_or_new(runs, folder, case, years, unpaired=unpaired, force=force)


def _kept_or_new(
    runs: Sequence[StoredRun],
    folder: Path,
    case: Path | str | None,
    years: Sequence[int] | None,
    *,
    unpaired: bool,
    force: bool,
) -> Comparison:
    """The comparison that the folder holds of just these worlds, or a new one, written to it."""
    made_of = inputs(runs, _case(runs, case), years, unpaired=unpaired)
    if not force and is_kept(folder, made_of):
        with suppress(StoreError):  # a table that is damaged is made again
            return replace(_read(folder, runs), paired=not unpaired)
    comparison = compare_runs(runs, case=case, years=years, unpaired=unpaired, path=folder)
    comparison.write(folder, made_of)
    return replace(_read(folder, runs), paired=not unpaired)  # the figures as they are written, to the last digit


def _case(runs: Sequence[StoredRun], case: Path | str | None) -> Path:
    """Folder of the case that is read beside the runs: the one given, that of the reference, or the shipped one."""
    return Path(case) if case is not None else case_of(dict(runs[0].manifest)) or default_case()


def _manifest(item: Scenario | StoredRun, same: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a stored run, or the one that a scenario's run will have."""
    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.manifest import make_manifest

    return make_manifest(item, **same) if isinstance(item, Scenario) else dict(item.manifest)


def _simulated(
    opened: Sequence[Scenario | StoredRun], folder: Path, how: Mapping[str, Any], progress: Progress | None
) -> list[StoredRun]:
    """The stored runs, each scenario among them after it has been run; `how` goes to the runner."""
    from sco_sim.runs.run import run
    from sco_sim.scenario.schema import Scenario

    waiting = [item.name for item in opened if isinstance(item, Scenario)]
    runs = []
    for item in opened:
        if isinstance(item, Scenario):
            before, total = (how["worlds"] * count for count in (waiting.index(item.name), len(waiting)))
            tick = _overall(progress, before, total)
            runs.append(run(item, out=folder / "runs" / item.name, progress=tick, **how))
        else:
            runs.append(item)
    return runs


def compare_runs(
    runs: Sequence[StoredRun],
    *,
    case: Path | str | None = None,
    years: Sequence[int] | None = None,
    unpaired: bool = False,
    path: Path | None = None,
) -> Comparison:
    """Compare stored runs with the first; nothing is run or written. Raises what `compare` raises."""
    from sco_sim.case.opened import opened
    from sco_sim.studies.comparison.histories import histories
    from sco_sim.studies.comparison.prior import prior_differences

    _check([run.manifest for run in runs], years, unpaired)
    tables = opened(_case(runs, case))
    shifts = [_shifts(run, tables) for run in runs]
    beside = pairs(runs, together=not unpaired)
    for two in beside:
        if not min(len(worlds) for worlds in two.worlds):
            names = f"{runs[0].scenario.name} and {two.scenario.scenario.name}"
            raise ScenarioError(f"{names} have no finished world in common")
    asked = [years or interest(*two.years[[0, -1]].tolist()) for two in beside]
    block = histories(runs[0], tables, sorted({year for own in asked for year in own}))
    rows: list[dict[str, Any]] = []
    winners: list[dict[str, Any]] = []
    for two, wanted, shift in zip(beside, asked, shifts[1:], strict=True):
        run = two.scenario
        prior = prior_differences(shifts[0], shift, two.keys("metrics"))
        grade = grade_of_difference(runs[0].scenario, run.scenario, tables.ledger)
        rows += two.outcomes(wanted, prior, grade, block)
        winners += two.winners(max(wanted))
    table = pd.DataFrame(rows, columns=list(OUTCOMES))
    last = int(table["year"].max())
    return Comparison(
        table=table,
        winners=pd.DataFrame(winners, columns=list(WINNERS)),
        agreements=pd.DataFrame([row for run in runs for row in agreements(run, last)], columns=list(AGREEMENTS)),
        runs=tuple(runs),
        paired=not unpaired,
        path=path,
    )


def _shifts(run: StoredRun, case: Case) -> dict[str, Array]:
    """What the priors alone imply in the settings of a run, the first of them if there are very many."""
    from sco_sim.studies.comparison.prior import SETTINGS, prior_shifts

    return prior_shifts(
        run.scenario, case, seed=run.manifest["seed"], replicates=run.manifest["replicates"],
        settings=min(SETTINGS, int(run.numbering.setting(run.finished()).max()) + 1),
        fixed_parameters=run.manifest["fixed_parameters"],
    )  # fmt: skip


def default_name(names: Sequence[str]) -> str:
    """Folder of a comparison: the names if they are short, else their number and a digest."""
    name = f"{names[0]}_vs_{'_'.join(names[1:])}"
    if len(name) <= 80:
        return name
    digest = hashlib.sha256("/".join(names).encode()).hexdigest()[:8]
    return f"{names[0][:40]}_vs_{len(names) - 1}_{digest}"


def _open(item: Item, case: Path | str | None) -> Scenario | StoredRun:
    """A stored run for a folder, a scenario for a file."""
    from sco_sim.scenario.load import load_scenario
    from sco_sim.store.stored_run import open_run

    if not isinstance(item, str | Path):
        return item
    return open_run(item) if Path(item).is_dir() else load_scenario(item, case=case)


def _overall(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Progress of one run as progress of all."""
    if progress is None:
        return None
    return lambda done, _: progress(before + done, total)


def _check(manifests: Sequence[AnyManifest], years: Sequence[int] | None, unpaired: bool) -> None:
    check_same(manifests)
    check_names([manifest["name"] for manifest in manifests])
    check_years(years, manifests)
    if not unpaired:
        check_pairs(manifests)


def read_comparison(folder: Path) -> Comparison:
    """A comparison by its folder, with the runs stored below it; raises StoreError if none is there, whole."""
    comparison = _read(folder, ())
    names = compared(comparison.table)
    runs = [folder / "runs" / name for name in names]
    absent = [str(path) for path in runs if not (path / MANIFEST).exists()]
    if absent:
        raise StoreError(
            Problem(
                f"{absent[0]} holds no run: this comparison is of runs stored elsewhere",
                "compare those",
            )
        )
    opened = tuple(open_run(path) for path in runs)
    check_runs(folder, opened)
    paired = all(identity(run.manifest) == identity(opened[0].manifest) for run in opened)
    return replace(comparison, runs=opened, paired=paired)


BESIDE = (INPUTS, STUDY, "cost.csv", "payers.csv")
"""Further files of a comparison that readers may use, each bound by a hash if it is there."""


def _read(folder: Path, runs: Sequence[StoredRun]) -> Comparison:
    """The tables of a folder, beside runs that are open; raises StoreError if they are not there, whole."""
    tables = [folder / name for name in FILES]
    missing = [path.name for path in tables if not path.is_file()]
    if missing:
        inside = sorted(path.parent for path in folder.glob(f"*/{FILES[0]}"))
        remedy = "give the folder of a comparison, written by `compare`"
        if inside:
            remedy = f"give one of the comparisons in it: {', '.join(map(str, inside))}"
        raise StoreError(Problem(f"{folder} holds no {missing[0]}", remedy))
    bound = (*FILES, *names_of_hashed(folder).intersection(BESIDE))
    check_tables(folder, bound, "give the command that wrote it again")
    table, winning, agreeing = (read_table(path) for path in tables)
    return Comparison(table, winning, agreeing, tuple(runs), paired=True, path=folder)
