"""The schema of an experiment file: scenarios, and in the block `sweep` what varies, how often, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, model_validator

from sco_sim.case.read_catalog import read_catalog
from sco_sim.components.registry import keys, nearest
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.fields import CalendarYear, Part, name_of
from sco_sim.limits import MOST_SEED, MOST_WORLDS
from sco_sim.scenario.explain import location_of, validated
from sco_sim.scenario.load import load_scenario, vary
from sco_sim.scenario.overrides import Overrides
from sco_sim.scenario.schema import Scenario
from sco_sim.scenario.yaml_source import Location, Node, read_file
from sco_sim.shipped import default_case, named_scenarios
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.ledger_ranges import with_ranges

Names = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
FEWEST = {"sobol": (8, "base points of the Sobol design"), "morris": (4, "trajectories of the Morris design")}
"""Base points or trajectories that an interval can be resampled from, and what they are."""


Levels = Annotated[int, Field(ge=2, le=10_000)]


class Grid(Part):
    """Every combination of levels."""

    levels: Levels | Mapping[str, Levels] = 5
    """Levels of continuous and integer factors, two or more, one number or by factor; others take all their values."""


class Sample(Part):
    """A Latin hypercube."""

    n: int = Field(ge=1, le=1_000_000)
    """Points."""


class Sobol(Part):
    """Saltelli's design for Sobol indices."""

    n: int = Field(ge=2, le=1_000_000)
    """Base sample, a power of two; n x (factors + 2) points, or n x (2 x factors + 2) with second order."""
    second_order: bool = False
    """Whether interactions of two factors are to be estimated."""

    @model_validator(mode="after")
    def _power(self) -> Self:
        if self.n & (self.n - 1):
            raise ValueError(f"n is {self.n}: it must be a power of two, e.g. {1 << self.n.bit_length()}")
        return self


class Morris(Part):
    """Morris' elementary effects."""

    n: int = Field(ge=2, le=100_000)
    """Trajectories, of factors + 1 points each."""
    levels: int = Field(4, ge=2, le=100)
    """Levels of the grid that trajectories walk on, an even number."""

    @model_validator(mode="after")
    def _even(self) -> Self:
        if self.levels % 2:
            raise ValueError(f"levels is {self.levels}: it must be even, or the effects are sampled with a bias")
        return self


class Design(Part):
    """Which points are simulated: one of five."""

    grid: Grid | None = None
    """Every combination of levels."""
    points: Annotated[tuple[Mapping[str, Any], ...], Field(strict=False, min_length=1)] | None = None
    """The points themselves, each with a value for every factor."""
    latin_hypercube: Sample | None = None
    """A Latin hypercube of n points."""
    sobol: Sobol | None = None
    """Saltelli's design for Sobol indices."""
    morris: Morris | None = None
    """Morris' trajectories."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"a design is one of {', '.join(type(self).model_fields)}")
        return self


class Bound(Part):
    """An upper or lower limit."""

    at_most: float | None = None
    """Highest value allowed."""
    at_least: float | None = None
    """Lowest value allowed."""

    def holds(self, value: float) -> bool:
        """Whether a value is within."""
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


class Constraint(Bound):
    """A limit on a weighted sum of factors, or on what the policies would cost; points outside are left out."""

    sum: Mapping[str, float] | None = None
    """Weight of each factor in the sum; categorical factors count by their index, booleans as 0 or 1."""
    cost_musd: Bound | None = None
    """Limit on the planned cost over the horizon, million USD of 2015."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        bound = self if self.sum is not None else self.cost_musd
        if (self.sum is None) == (self.cost_musd is None) or bound is None:
            raise ValueError("a constraint has either `sum` or `cost_musd`")
        if bound.at_most is None and bound.at_least is None:
            raise ValueError("a constraint needs `at_most` or `at_least`")
        return self


class Sweep(Part):
    """What varies, how often it is simulated, and what is kept."""

    factors: Mapping[str, Factor] = Field(min_length=1)
    """What varies, by a name of your own."""
    design: Design
    """Which points are simulated."""
    worlds: int = Field(4, ge=1, le=MOST_WORLDS)
    """Worlds of each point: settings x replicates; the same random numbers and draws at every point."""
    replicates: int = Field(1, ge=1, le=MOST_WORLDS)
    """Worlds that share one draw of the parameters that are no factors."""
    seed: int = Field(1, ge=0, le=MOST_SEED)
    """Seed of the design and of all random streams."""
    fixed_parameters: bool = False
    """Hold the parameters that are no factors at their centres."""
    outcomes: Names | None = None
    """Outcomes to keep; all that describe the whole if left out."""
    years: Annotated[tuple[CalendarYear, ...], Field(strict=False, min_length=1)] | None = None
    """Years to keep; every fifth and the last if left out."""
    constraints: Annotated[tuple[Constraint, ...], Field(strict=False)] = ()
    """Limits; points outside are left out."""
    reference: str | None = None
    """Scenario that every point is compared with: a shipped name, or a file beside the experiment. It is simulated once
    on the same worlds, as it is, so that all factors must be levers; the first of several scenarios, in the same row of
    the design, or else the first point, if left out."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = set(self.factors)
        if not all(name.strip() for name in names):
            raise ValueError("a factor needs a name")
        design = self.design
        for wanted in (*(c.sum for c in self.constraints if c.sum), *_levels(design)):
            if set(wanted) - names:
                raise ValueError(f"there is no factor '{min(set(wanted) - names)}'")
        if design.points is not None:
            for number, point in enumerate(design.points, 1):
                if set(point) != names:
                    odd = ", ".join(sorted(set(point) ^ names))
                    raise ValueError(f"point {number} must give each factor a value and nothing else: {odd}")
        elif any(
            f.low is None and (f.kind == "integer" or (f.kind == "continuous" and not f.ledger))
            for f in self.factors.values()
        ):
            raise ValueError("every continuous and integer factor needs `low` and `high` in this design")
        if self.constraints and (design.sobol or design.morris):
            raise ValueError("a Sobol or Morris design loses its meaning when points are left out: drop `constraints`")
        unknown = [name for name, factor in self.factors.items() if factor.role != "lever"]
        if self.reference is not None and unknown:
            raise ValueError(
                f"{unknown[0]} is no lever, so `reference` would be simulated with another value of it: "
                "put that scenario first under `scenarios` in its place"
            )
        paths = [factor.path for factor in self.factors.values()]
        if len(set(paths)) < len(paths):
            raise ValueError("two factors have the same path")
        return self


def _levels(design: Design) -> tuple[Mapping[str, int], ...]:
    grid = design.grid
    return (grid.levels,) if grid is not None and not isinstance(grid.levels, int) else ()


class Experiment(Part):
    """One experiment."""

    name: str
    """Name of the file without its ending; labels folders."""
    title: str = Field("", max_length=200)
    """One line for tables and figures."""
    question: str = Field("", max_length=2000)
    """What it is to answer."""
    scenarios: Names
    """Shipped names, or files beside the experiment; every point is simulated in each."""
    sweep: Sweep
    """What varies."""
    folder: str = Field("", exclude=True)
    """Where the files of the scenarios are."""
    _case: Path | None = PrivateAttr(None)
    _overrides: Overrides = PrivateAttr(())
    _points_at: Location = PrivateAttr(Location(""))
    _read: dict[Path | None, tuple[Scenario, ...]] = PrivateAttr(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """The scenarios, and after them the reference if it has one of its own."""
        reference = self.sweep.reference
        return self.scenarios if reference is None else (*self.scenarios, reference)

    def reference(self, case: Path | None = None) -> Scenario | None:
        """The scenario that points are compared with, if it has one of its own; raises ScenarioError."""
        return None if self.sweep.reference is None else self._all(case)[-1]

    @property
    def case(self) -> Path | None:
        """Folder of the case that it was loaded with, on which it runs unless another is named; None if shipped."""
        return self._case

    def loaded(self, case: Path | None = None) -> tuple[Scenario, ...]:
        """The scenarios, which share their states and their horizon, read once; raises ScenarioError."""
        return self._all(case)[: len(self.scenarios)]

    def points_at(self, problem: Problem) -> Problem:
        """The problem at the line of the design or its constraints, if it has no place of its own."""
        return problem if problem.file else self._points_at.problem(problem.message, problem.remedy)

    def _all(self, case: Path | None) -> tuple[Scenario, ...]:
        """Those of `named`."""
        if case not in self._read:
            self._read[case] = self._load(case)
        return self._read[case]

    def _load(self, case: Path | None) -> tuple[Scenario, ...]:
        scenarios = tuple(load_scenario(_file(name, self.folder), self._overrides, case) for name in self.named)
        own = [scenario.name for scenario in scenarios[: len(self.scenarios)]]
        twice = next((name for number, name in enumerate(own) if name in own[:number]), None)
        if twice:
            remedy = "the name is that of the file: rename one of the files, or leave one of the scenarios out"
            raise ScenarioError(Problem(f"two scenarios are named '{twice}'", remedy))
        for other in scenarios[1:]:
            for what in ("states", "horizon"):
                if getattr(other, what) != getattr(scenarios[0], what):
                    message = f"{scenarios[0].name} and {other.name} have other {what}"
                    raise ScenarioError(Problem(message, "the scenarios of a sweep share their states and years"))
        return scenarios


def too_few(method: str, count: int) -> Problem | None:
    """What is wrong with so many base points (method "sobol") or trajectories ("morris"), if they are too few."""
    fewest, what = FEWEST[method]
    if count >= fewest:
        return None
    message = f"too few {what}: no interval can be resampled from {count}"
    return Problem(message, f"give the design n: {fewest} at least; some {'hundred' if method == 'sobol' else 'ten'} "
                            "are usual, and `latin_hypercube` takes any number")  # fmt: skip


def _file(name: str, folder: str) -> Path:
    """The file of that name in the folder, or the name of a shipped scenario as it is."""
    return Path(folder) / name if (Path(folder) / name).is_file() else Path(name)


def load_experiment(path: Path | str, case: Path | str | None = None, overrides: Overrides = ()) -> Experiment:
    """The experiment of a file, its scenarios and paths checked; `overrides` as `view=sceptic` are of each scenario.

    Raises ScenarioError with all that is wrong.
    """
    problems: list[Problem] = []
    tree = read_file(Path(path), str(path), problems)
    if not isinstance(tree.value, dict):
        message = "an experiment must be a mapping of fields"
        raise ScenarioError(*problems, tree.location.problem(message, "write lines like `title: My experiment`"))
    if "name" in tree.fields:
        location = tree.fields["name"].key_location or tree.location
        problems.append(location.problem("an experiment is named after its file", "remove `name`, or use `title`"))
    given = {"name": name_of(Path(path).stem, "experiment"), "folder": str(Path(path).parent)}
    experiment = validated(Experiment, tree, "the experiment", problems, given)
    if experiment is not None:
        experiment._overrides = overrides
        experiment = _checked(experiment, tree, None if case is None else Path(case), problems)
    if problems or experiment is None:
        raise ScenarioError(*dict.fromkeys(problems))
    experiment._case = None if case is None else Path(case)
    experiment._points_at = location_of(tree, ("sweep", "constraints" if experiment.sweep.constraints else "design"))
    return experiment


def _checked(experiment: Experiment, tree: Node, case: Path | None, problems: list[Problem]) -> Experiment:
    """The experiment with the ranges of the ledger; names that nobody knows, factors that a scenario refuses."""
    known = keys("metrics")
    for number, outcome in enumerate(experiment.sweep.outcomes or ()):
        if outcome not in known:
            location = location_of(tree, ("sweep", "outcomes", number))
            problems.append(location.problem(f"no outcome '{outcome}'", nearest(outcome, known)))
    scenarios_known = named_scenarios(case)
    for number, name in enumerate(experiment.named):
        if not _file(name, experiment.folder).is_file() and name not in scenarios_known:
            own = number == len(experiment.scenarios)
            location = location_of(tree, ("sweep", "reference") if own else ("scenarios", number))
            remedy = did_you_mean(name, scenarios_known)
            problems.append(location.problem(f"there is no scenario '{name}' beside this file or shipped", remedy))
    _check_twice(experiment, tree, problems)
    if problems:
        return experiment
    for method in FEWEST:
        sample = getattr(experiment.sweep.design, method)
        problem = too_few(method, sample.n) if sample is not None else None
        if problem:
            location = location_of(tree, ("sweep", "design", method, "n"))
            problems.append(location.problem(problem.message, problem.remedy))
    scenarios = experiment.loaded(case)
    horizon = scenarios[0].horizon
    for number, year in enumerate(experiment.sweep.years or ()):
        if not horizon.start <= year <= horizon.end:
            location = location_of(tree, ("sweep", "years", number))
            remedy = f"simulated are {horizon.start} to {horizon.end}"
            problems.append(location.problem(f"the year {year} lies outside the horizon", remedy))
    catalog = read_catalog(default_case() if case is None else case)
    experiment = _ranged(experiment, tree, case, problems)
    if problems:
        return experiment
    for name, factor in experiment.sweep.factors.items():
        location = location_of(tree, ("sweep", "factors", name))
        for scenario in scenarios:
            varied_before: list[tuple[Any, Scenario]] = []
            for value in _trials(factor, name, experiment.sweep.design):
                try:
                    varied = vary(scenario, {factor.path: value}, catalog)
                    twin = [other for other, before in varied_before if before == varied and factor.values is not None]
                    if twin:
                        remedy = "leave one of them out: the other has twice the weight otherwise"
                        problems.append(
                            location.problem(f"{value} and {twin[0]} make the same {scenario.name}", remedy)
                        )
                    varied_before.append((value, varied))
                except ScenarioError as error:
                    for one in error.problems:
                        message = f"{name} = {value} in {scenario.name}: {one.message}"
                        problems.append(location.problem(message, one.remedy))
    return experiment


def _check_twice(experiment: Experiment, tree: Node, problems: list[Problem]) -> None:
    """Scenarios, outcomes, years and points that stand twice: they would count twice, or be told apart by nothing."""
    sweep = experiment.sweep
    points = [json.dumps(dict(point), sort_keys=True) for point in sweep.design.points or ()]
    lists: tuple[tuple[str, tuple[str, ...], Sequence[Any] | None], ...] = (
        ("scenario", ("scenarios",), experiment.scenarios),
        ("outcome", ("sweep", "outcomes"), sweep.outcomes),
        ("year", ("sweep", "years"), sweep.years),
        ("point", ("sweep", "design", "points"), points),
    )
    for what, path, items in lists:
        first: dict[Any, int] = {}
        for number, item in enumerate(items or ()):
            if first.setdefault(item, number) < number:
                earlier = location_of(tree, (*path, first[item]))
                message = f"the {what} {item} stands twice"
                remedy = f"leave one of them out; the first is on line {earlier.line}"
                problems.append(location_of(tree, (*path, number)).problem(message, remedy))


def _ranged(experiment: Experiment, tree: Node, case: Path | None, problems: list[Problem]) -> Experiment:
    """The experiment in which parameters without ends have those of the ledger in force in its first scenario."""
    if experiment.sweep.design.points is not None:
        return experiment
    changes = experiment.loaded(case)[0].parameters
    factors, wrong = with_ranges(experiment.sweep.factors, default_case() if case is None else case, changes)
    for name, (message, remedy) in wrong.items():
        problems.append(location_of(tree, ("sweep", "factors", name)).problem(message, remedy))
    return experiment.model_copy(update={"sweep": experiment.sweep.model_copy(update={"factors": factors})})


def _trials(factor: Factor, name: str, design: Design) -> list[Any]:
    """Values that show whether a path leads somewhere: both ends, or all of a finite set."""
    if design.points is not None:
        values = [point[name] for point in design.points]
        return [value for number, value in enumerate(values) if value not in values[:number]][:20]
    if factor.kind in ("categorical", "boolean"):
        return [factor.at((level + 0.5) / factor.count) for level in range(factor.count)]
    return [factor.at(0.0), factor.at(1.0)]
