"""Compare scenarios: run them on the same worlds, and read what differs, with its uncertainty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sco_sim.errors import Problem, ScenarioError, StoreError
from sco_sim.study.paired import interest
from sco_sim.study.prior import prior_chances, prior_shifts
from sco_sim.study.tables import AGREEMENTS, OUTCOMES, WINNERS, Pair, agreements, outcomes_of

if TYPE_CHECKING:
    from sco_sim.component import Component
    from sco_sim.ledger import Ledger
    from sco_sim.scenario import Scenario
    from sco_sim.store import StoredRun

    Item = Scenario | StoredRun | Path | str

FILES = ("comparison.csv", "winners.csv", "agreements.csv")


@dataclass(frozen=True)
class Comparison:
    """What scenarios do against a reference, the first of the runs."""

    #: One row per scenario, outcome and year of interest: the columns of comparison.csv
    table: pd.DataFrame
    #: Per-state and per-tie effects in the last year: the columns of winners.csv
    winners: pd.DataFrame
    #: What became of each agreement: the columns of agreements.csv
    agreements: pd.DataFrame
    runs: tuple[StoredRun, ...]
    #: Whether world was compared with world
    paired: bool
    #: Folder it was written to, if any
    path: Path | None = None

    def write(self, folder: Path | str) -> None:
        """Write comparison.csv, winners.csv and agreements.csv; raises StoreError if it cannot."""
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, frame in zip(FILES, (self.table, self.winners, self.agreements), strict=True):
                frame.to_csv(folder / name, index=False, float_format="%.10g", lineterminator="\n")
        except OSError as error:
            raise StoreError(
                Problem(f"cannot write {folder}: {error.strerror}", "choose another --out")
            ) from error


def compare(
    items: Sequence[Item],
    *,
    worlds: int = 200,
    replicates: int = 4,
    seed: int = 1,
    workers: int = 1,
    out: Path | str | None = None,
    case: Path | str | None = None,
    years: Sequence[int] | None = None,
    unpaired: bool = False,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run scenarios on the same worlds, compare each with the first, and write the tables to `out`.

    Args:
        items: Paths of scenario files, scenarios, folders of stored runs or stored runs; at least two.
        worlds: Worlds of each scenario that is not stored yet.
        replicates: Streams of random numbers per setting.
        seed: Of the random numbers.
        workers: Processes.
        out: Folder to write to; ./results/<reference>_vs_<others> if left out.
        case: Folder of tables and ledger; the shipped one if left out.
        years: Years of interest; every fifth calendar year and the last if left out.
        unpaired: Compare every world with every other, for runs that share no worlds.
        force: Replace other content of the folder.
        progress: Called with worlds done and worlds asked for, scenario after scenario.

    Raises:
        ScenarioError: Fewer than two scenarios, two of one name, no pairing possible, a year not simulated.
        StoreError: Something else is in the way in `out`, or it cannot be written.
    """
    from sco_sim.runner import run
    from sco_sim.scenario import Scenario

    opened = [_open(item, case) for item in items]
    names = [_scenario(item).name for item in opened]
    _check_names(names)
    if not unpaired:
        _check_pairs([_identity(item, seed, replicates) for item in opened])
    folder = Path(out) if out is not None else Path("results") / default_name(names)
    _check_folder(folder, names, force)
    runs = [
        run(
            item, worlds=worlds, replicates=replicates, seed=seed, workers=workers, case=case, force=force,
            out=folder / "runs" / item.name, progress=progress,
        )
        if isinstance(item, Scenario)
        else item
        for item in opened
    ]  # fmt: skip
    found = compare_runs(runs, case=case, years=years, unpaired=unpaired, path=folder)
    found.write(folder)
    return found


def compare_runs(
    runs: Sequence[StoredRun],
    *,
    case: Path | str | None = None,
    years: Sequence[int] | None = None,
    unpaired: bool = False,
    path: Path | None = None,
) -> Comparison:
    """Compare stored runs with the first; nothing is run or written. Raises what `compare` raises."""
    from sco_sim.data import Case
    from sco_sim.manifest import case_of
    from sco_sim.paths import default_case

    _check_names([run.scenario.name for run in runs])
    if not unpaired:
        _check_pairs([_identity(run, 0, 0) for run in runs])
    folder = Path(case) if case is not None else case_of(runs[0].manifest) or default_case()
    ledger = Case(folder).ledger
    shifts = [
        prior_shifts(
            run.scenario, seed=run.manifest["seed"], replicates=run.manifest["replicates"], case=folder
        )
        for run in runs
    ]
    rows: list[dict[str, Any]] = []
    winners: list[dict[str, Any]] = []
    for run, shift in zip(runs[1:], shifts[1:], strict=True):
        pair = Pair(runs[0], run, together=not unpaired)
        if not len(pair.years) or not min(len(worlds) for worlds in pair.worlds):
            raise ScenarioError(
                f"{runs[0].scenario.name} and {run.scenario.name} have no year or no world in common"
            )
        prior = prior_chances(shifts[0], shift, outcomes_of(pair.metrics[0]))
        grade = grade_of_difference(runs[0].scenario, run.scenario, ledger)
        rows += pair.outcomes(_years(years, pair), prior, grade)
        winners += pair.winners()
    return Comparison(
        table=pd.DataFrame(rows, columns=list(OUTCOMES)),
        winners=pd.DataFrame(winners, columns=list(WINNERS)),
        agreements=pd.DataFrame([row for run in runs for row in agreements(run)], columns=list(AGREEMENTS)),
        runs=tuple(runs),
        paired=not unpaired,
        path=path,
    )


def grade_of_difference(reference: Scenario, scenario: Scenario, ledger: Ledger) -> str:
    """Evidence grade of what differs between two scenarios: 'judgement', or 'hindcast' if nothing weakens it.

    A ledger parameter of kind judgement among those that the differing policies, events or decision rule use
    makes it judgement; so does a parameter that the user set, or a rival view that the user chose.
    """
    chosen = ("parameters", "rivals", "hazard_on")
    if any(getattr(reference, name) != getattr(scenario, name) for name in chosen):
        return "judgement"
    before, after = _components(reference), _components(scenario)
    differing = [c for c in before if c not in after] + [c for c in after if c not in before]
    used = {name for component in differing for name in component.used()}
    for name, entry in ledger.entries.items():
        if entry.kind == "judgement" and any(_matches(name, pattern) for pattern in used):
            return "judgement"
    return "hindcast"


def default_name(names: Sequence[str]) -> str:
    """Folder of a comparison: the names if they are short, else their number and a digest."""
    name = f"{names[0]}_vs_{'_'.join(names[1:])}"
    if len(name) <= 80:
        return name
    digest = hashlib.sha256("/".join(names).encode()).hexdigest()[:8]
    return f"{names[0][:40]}_vs_{len(names) - 1}_{digest}"


def _components(scenario: Scenario) -> list[Component]:
    return [*scenario.policies, *scenario.events, scenario.decision_rule]


def _matches(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith(".*") else name == pattern


def _open(item: Item, case: Path | str | None) -> Scenario | StoredRun:
    """A stored run for a folder, a scenario for a file."""
    from sco_sim.load import load_scenario
    from sco_sim.store import open_run

    if not isinstance(item, str | Path):
        return item
    return open_run(item) if Path(item).is_dir() else load_scenario(item, case=case)


def _scenario(item: Scenario | StoredRun) -> Scenario:
    from sco_sim.store import StoredRun

    return item.scenario if isinstance(item, StoredRun) else item


def _identity(item: Scenario | StoredRun, seed: int, replicates: int) -> dict[str, object]:
    """What two runs must share for world w of one to be world w of the other."""
    scenario = _scenario(item)
    manifest = getattr(item, "manifest", {"seed": seed, "replicates": replicates, "fixed_parameters": False})
    return {
        "name": scenario.name,
        "states": tuple(sorted(scenario.states)),
        "start": scenario.horizon.start,
        "seed": manifest["seed"],
        "replicates": manifest["replicates"],
        "fixed parameters": manifest["fixed_parameters"],
    }


def _check_names(names: Sequence[str]) -> None:
    if len(names) < 2:
        raise ScenarioError(
            Problem("a comparison needs at least two scenarios", "the first is the reference")
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(
            Problem(
                f"two scenarios are named '{twice[0]}'",
                "the name is that of the file: rename one of the files",
            )
        )


def pairable(runs: Sequence[StoredRun]) -> bool:
    """Whether world w of each run is world w of the first."""
    first, *others = ({**_identity(run, 0, 0), "name": ""} for run in runs)
    return all(other == first for other in others)


def _check_pairs(identities: Sequence[dict[str, object]]) -> None:
    first = identities[0]
    problems = [
        Problem(
            f"{first['name']} and {other['name']} cannot be compared world by world: their {what} differ "
            f"({_short(first[what])} and {_short(other[what])})",
            "give them the same, or compare as independent runs: --unpaired (in Python unpaired=True)",
        )
        for other in identities[1:]
        for what in first
        if what != "name" and first[what] != other[what]
    ]
    if problems:
        raise ScenarioError(*problems)


def _short(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _check_folder(folder: Path, names: Sequence[str], force: bool) -> None:
    """Refuse, before anything is run, a folder that holds something else than this comparison."""
    if force or not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(Problem(f"{folder} is a file", "choose another --out"))
    table = folder / FILES[0]
    if table.exists():
        known = pd.read_csv(table, usecols=["scenario", "reference"])
        there = [*known["reference"].unique(), *known["scenario"].unique()]
        if there != list(names):
            raise StoreError(
                Problem(
                    f"{folder} holds another comparison ({', '.join(map(str, there))})",
                    "choose another --out, or --force",
                )
            )
    elif any(entry.name != "runs" for entry in folder.iterdir()):
        raise StoreError(Problem(f"{folder} holds other files", "choose another --out, or --force"))


def _years(years: Sequence[int] | None, pair: Pair) -> tuple[int, ...]:
    """The years asked for, all of them simulated in both; the usual ones if none is asked for."""
    known = [int(year) for year in pair.years]
    if years is None:
        return interest(known[0], known[-1])
    strange = [year for year in years if year not in known]
    if strange:
        raise ScenarioError(
            Problem(f"{strange[0]} is not simulated", f"choose from {known[0]} to {known[-1]}")
        )
    return tuple(years)
