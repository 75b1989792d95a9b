"""`effects`, `portfolio` and `sweep` under several views, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.commands.effects import say_left_out
from sco_sim.commands.files import load
from sco_sim.commands.screen.output import emit, heading, say
from sco_sim.commands.screen.progress import duration, progress
from sco_sim.commands.view_names import several, under
from sco_sim.commands.views import MOST, say_views, split
from sco_sim.components.registry import metric
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import vary
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.stored_sweep import in_words
from sco_sim.studies.sweep.sweep import Prepared
from sco_sim.studies.views.choices import choice
from sco_sim.studies.views.conclusions import Conclusion, Stated
from sco_sim.studies.views.split import Measure, Pair, content
from sco_sim.studies.views.worlds import OfYear


def effects(
    components: Sequence[str], *, everything: bool, out: Path | None, case: Path | None, as_json: bool,
    sets: Sequence[str], **how: Any,
) -> int:  # fmt: skip
    """What each policy and event does under each view; `out` is a folder. What splits them is looked for by name."""
    from sco_sim.studies.effects.effects import OUTCOMES, REFERENCE, YEARS, at_full_strength, measure, possible
    from sco_sim.studies.effects.effects import effects as run_effects

    views = several(sets)
    loaded = {view: load(REFERENCE, under(sets, given), case) for view, given in views.items()}
    frames = {}
    for view, given in views.items():
        with progress(f"effects under {view}", None) as tick:
            frame = run_effects(opened(case), only=components, overrides=under(sets, given), progress=tick, **how)
        frames[view] = {(row["kind"], row["component"], row["outcome"]): row for row in frame.to_dict("records")}
    start = next(iter(loaded.values())).horizon.start
    kinds, conclusions = {}, []
    for component_kind, key, outcome in dict.fromkeys(name for rows in frames.values() for name in rows):
        rows = {view: frames[view].get((component_kind, key, outcome)) for view in views}
        if not everything and not any(row and row["promised"] for row in rows.values()):
            continue
        kinds[key] = component_kind
        title, unit = OUTCOMES[outcome].title, OUTCOMES[outcome].unit.replace("%", "per cent")
        by_view = {view: _effect(row) for view, row in rows.items()}
        conclusions.append(Conclusion(key, outcome, title, unit, start + YEARS, by_view))
    if not components:
        say_views(conclusions, {view: [one] for view, one in loaded.items()}, case, out, as_json)
        if not as_json:
            say_left_out(possible(opened(case), next(iter(loaded.values())))[1])
            say("Name components to see which entries split the views: sco-sim effects sister_cities --view ...", "dim")
        return 0
    worlds, known = min(how["worlds"], MOST), dict[tuple[str, int], Mapping[str, Array]]()

    def read(scenario: Scenario, worlds: int) -> Mapping[str, Array]:
        key = content(scenario), worlds
        if key not in known:
            known[key] = measure(scenario, opened(case), worlds, how["replicates"], how["seed"])
        return known[key]

    def pair(view: str, one: Conclusion, two: tuple[str, str]) -> Pair:
        component = at_full_strength(kinds[one.subject], one.subject, start)
        return Pair(loaded[view], loaded[view].model_copy(update={kinds[one.subject]: (component,)}))

    def reader(_: Sequence[str], worlds: int) -> Measure:
        return lambda scenario: read(scenario, worlds)

    conclusions = split(conclusions, pair, reader, settings_of(range(worlds), how["replicates"]))
    return say_views(conclusions, {view: [one] for view, one in loaded.items()}, case, out, as_json)


def _effect(row: Mapping[Any, Any] | None) -> Stated:
    """A row of `effects`; none if nothing moves and nothing was promised."""
    if row is None:
        return Stated(0.0, 0.0, 0.0, 0.0, "none")
    if same(row):
        return Stated(0.0, 0.0, 0.0, 0.0, "none")
    size, low, high = (float(row[name]) for name in ("difference", "low_05", "high_95"))
    says = "up" if row["mean_low"] > 0.0 else "down" if row["mean_high"] < 0.0 else "open"
    return Stated(size, low, high, float(row["mean_se"]), says)


def portfolio(
    scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
    **how: Any,
) -> int:  # fmt: skip
    """The best mix under each view, each with its tables in a folder of its own."""
    from sco_sim.commands.portfolio import write
    from sco_sim.studies.best_mix import ALL_RULES
    from sco_sim.studies.portfolio import NOTHING, OUTCOMES, variant
    from sco_sim.studies.portfolio import portfolio as run_portfolio

    views = several(sets)
    loaded = {view: load(scenario, under(sets, given), case) for view, given in views.items()}
    folder = Path("results") / f"{next(iter(loaded.values())).name}_portfolio_by_view" if out is None else out
    results = {}
    for view in views:
        with progress(f"{loaded[view].name} under {view}", None) as tick:
            results[view] = run_portfolio(
                loaded[view], opened(case), outcomes=tuple(outcomes) or OUTCOMES, progress=tick, **how
            )
        write(results[view], folder / view, loaded[view])
    first = next(iter(results.values()))
    rule = ALL_RULES if len(first.rules) > 1 else first.rules[0]
    mixes = {mix.name: mix.intensities for mix in first.mixes}
    conclusions = []
    for outcome in first.outcomes:
        of = {
            view: one.table[(one.table["rule"] == rule) & (one.table["outcome"] == outcome)]
            for view, one in results.items()
        }
        tied = [set(rows.loc[rows["tied"], "mix"]) for rows in of.values()]
        shared = [name for name in mixes if all(name in alike for alike in tied)]
        by_view = {}
        for view, rows in of.items():
            name = shared[0] if shared else str(rows.loc[rows["leads"], "mix"].iloc[0])
            row = rows[rows["mix"] == name].iloc[0]
            size, low, high, error = (float(row[c]) for c in ("difference", "low_05", "high_95", "mean_se"))
            by_view[view] = Stated(size, low, high, error, name)
        measure = metric(outcome)
        subject = f"best mix for {outcome}"
        conclusions.append(Conclusion(subject, outcome, measure.title, measure.unit, first.year, by_view))
    worlds = min(how["worlds"], MOST)
    same = {"replicates": how["replicates"], "seed": how["seed"]}

    def pair(view: str, one: Conclusion, two: tuple[str, str]) -> Pair:
        mine, theirs = (variant(loaded[view], mixes.get(one.by_view[side].says, mixes[NOTHING])) for side in two)
        return Pair(theirs, mine)

    def read(keys: Sequence[str], worlds: int) -> Measure:
        return OfYear(opened(case), keys, first.year, worlds=worlds, **same)

    conclusions = split(conclusions, pair, read, settings_of(range(worlds), how["replicates"]))
    return say_views(conclusions, {view: [one] for view, one in loaded.items()}, case, folder, as_json)


def sweep(
    file: Path, *, sets: Sequence[str], out: Path | None, case: Path | None, as_json: bool, dry_run: bool,
    until: Sequence[str], **how: Any,
) -> int:  # fmt: skip
    """An experiment under each view, each into a folder of its own, and the best point of each."""
    if until:
        message = "--until goes with one view: several are compared on the same worlds, as many under each"
        raise ScenarioError(Problem(message, "name one view, or say how many in `sweep.worlds`", "--until"))
    from sco_sim.studies.sweep.experiment import load_experiment
    from sco_sim.studies.sweep.sweep import prepare, run_sweep

    views = several(sets)
    experiments = {view: load_experiment(file, case, under(sets, given)) for view, given in views.items()}
    if dry_run:
        return _dry_run(experiments, case, as_json=as_json, batch=how["batch"], workers=how["workers"])
    first = next(iter(experiments.values()))
    folder = Path("results") / f"{first.name}_by_view" if out is None else out
    ready, stored = {view: prepare(one, case) for view, one in experiments.items()}, {}
    for view in views:
        with progress(f"{first.name} under {view}", folder / view) as tick:
            stored[view] = run_sweep(experiments[view], out=folder / view, case=case, progress=tick, **how)
    base = next(iter(ready.values()))
    numbering, year = base.numbering, max(base.manifest["kept_years"])
    names = [_point(base, point) for point in range(numbering.points)]
    conclusions, best = [], {}
    for outcome in base.manifest["kept_outcomes"]:
        if metric(outcome).axis != "world" or metric(outcome).better == "none":
            continue
        values = {}
        for view, one in stored.items():
            wide = one.frame([year])
            wide["stream"] = numbering.stream(wide["world"].to_numpy(dtype=np.intp))
            values[view] = wide.pivot(index="point", columns="stream", values=outcome).to_numpy()
        if any(np.isnan(own).any() for own in values.values()):
            continue
        settings = settings_of(range(next(iter(values.values())).shape[1]), numbering.replicates)
        one_choice, says = choice(f"best point for {outcome}", outcome, year, names, values, settings)
        conclusions.append(one_choice)
        best[one_choice.subject] = says
    worlds = first.sweep.worlds
    same = {"replicates": first.sweep.replicates, "seed": first.sweep.seed,
            "fixed_parameters": first.sweep.fixed_parameters}  # fmt: skip

    def at(view: str, point: int) -> Scenario:
        own = ready[view]
        changes = {factor.path: own.rows[numbering.row_of(point)][name] for name, factor in first.sweep.factors.items()}
        return vary(own.scenarios[numbering.scenario_of(point)], changes, opened(case).catalog)

    def pair(view: str, one: Conclusion, two: tuple[str, str]) -> Pair:
        mine, theirs = (at(view, best[one.subject][side]) for side in two)
        return Pair(theirs, mine)

    def read(keys: Sequence[str], worlds: int) -> Measure:
        return OfYear(opened(case), keys, year, worlds=worlds, **same)

    conclusions = split(conclusions, pair, read, settings_of(range(worlds), first.sweep.replicates))
    scenarios = {view: own.scenarios for view, own in ready.items()}
    return say_views(conclusions, scenarios, case, folder, as_json)


def _dry_run(
    experiments: Mapping[str, Experiment], case: Path | None, *, as_json: bool, batch: int, workers: int | None
) -> int:
    """What the experiment would take under each view, one after another, and in all; nothing is stored."""
    from sco_sim.commands.sweep import foreseen, say_estimate

    each = {view: foreseen(one, case, batch, workers) for view, one in experiments.items()}
    total = {name: sum(one[name] for one in each.values()) for name in ("worlds", "seconds", "bytes")}
    if as_json:
        emit({"views": each, **total})
        return 0
    for view, expected in each.items():
        heading(f"Under {view}")
        say_estimate(expected)
    say()
    say(f"In all {total['worlds']:,} worlds, about {duration(total['seconds'])} and {total['bytes'] / 1e6:,.1f} MB.")
    return 0


def _point(ready: Prepared, point: int) -> str:
    """A point of a design in words: its factors, and the scenario if there are several."""
    row = ready.rows[ready.numbering.row_of(point)]
    name = f"{ready.scenarios[ready.numbering.scenario_of(point)].name}, " if len(ready.scenarios) > 1 else ""
    return name + ", ".join(f"{factor} {in_words(row[factor])}" for factor in ready.experiment.sweep.factors)
