"""`sco-sim compare`: scenarios, or stored runs, against the first of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sco_sim.commands.compare_full import print_all
from sco_sim.commands.compare_screen import print_screen
from sco_sim.commands.compare_tables import goes_with, records, sentences
from sco_sim.commands.files import TYPED, load, numbers, say_half_done
from sco_sim.commands.folders import check_folder, is_run, results
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.run import failures
from sco_sim.commands.screen.belief import of_view
from sco_sim.commands.screen.outcomes import chosen, of_worlds
from sco_sim.commands.screen.output import emit, note, say
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.view_names import several
from sco_sim.errors import Problem, ScenarioError, StoreError, counted
from sco_sim.store.stored import Stored
from sco_sim.store.study_file import keep_study
from sco_sim.studies.carried import heavy_traders
from sco_sim.studies.comparison.accession import accessions
from sco_sim.studies.comparison.answer import Answer, answer
from sco_sim.studies.comparison.checks import FILES, other_states
from sco_sim.studies.comparison.compare import Comparison, compare, default_name
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.comparison.verdict import enough

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored_run import StoredRun

    Item = Scenario | StoredRun


def main(items: Sequence[str], *, sets: Sequence[str], **how: Any) -> int:
    """Compare under one view, or under several side by side; the exit code."""
    if several(sets):
        from sco_sim.commands.views import compare as under_each  # slow to load, and asked for rarely

        return under_each(items, sets=sets, **how)
    return _main(items, sets=sets, **how)


def _main(
    items: Sequence[str],
    *,
    sets: Sequence[str],
    case: Path | None,
    out: Path | None,
    years: str,
    outcomes: Sequence[str],
    everything: bool,
    figures: bool,
    report: bool,
    as_json: bool,
    **how: Any,
) -> int:
    """Run what is not stored yet, compare, write tables and figures, print; the exit code."""
    shown = chosen(of_worlds(), outcomes, everything)
    opened = _named_apart([_open(item, sets, case) for item in items])
    say_half_done(*(item for item in opened if isinstance(item, Stored)))
    names = [_scenario(item).name for item in opened]
    asked = bool(outcomes) or everything
    folder = out if out is not None else results(default_name(names), sets) if len(names) > 1 else None
    wanted = numbers(years, "--years")
    running = [name for name, item in zip(names, opened, strict=True) if item is _scenario(item)]
    try:
        with progress(", ".join(running), folder) as tick:
            comparison = compare(opened, case=case, out=folder, years=wanted, progress=tick, **how)
    except StoreError:
        if folder and _all_failed(folder, running):
            return 3
        raise
    if comparison.path is not None:
        keep_study(comparison.path, FILES[0], TYPED.get())
    failed = failures(comparison.runs)
    drawn = _figures(comparison, draw=figures)
    page = _report(comparison, write=report)
    _note_states(comparison)
    _note_more(comparison, running, how["worlds"])
    if as_json:
        say_stored_observed(*comparison.runs, aside=True)
        emit({**_record(comparison, shown, drawn, asked=asked), "report": page})
    else:
        said = _answer(comparison, shown)
        if everything:
            print_all(comparison, said, shown, drawn, asked=bool(outcomes))
            if page:
                say(f"The report is {page}")
        else:
            print_screen(comparison, said, shown, _files(drawn, page), asked=bool(outcomes), years=bool(wanted))
    return failed


def _open(item: str, sets: Sequence[str], case: Path | None) -> Item:
    from sco_sim.store.stored_run import open_run

    if os.path.isdir(item):
        check_folder(item, "run")
    if not is_run(item):
        return load(item, sets, case)
    if sets:
        raise ScenarioError(
            Problem(
                "--set, --nowcast and --view change scenario files, and this is a stored run", "leave them out", item
            )
        )
    return open_run(item)


def _named_apart(items: Sequence[Item]) -> list[Item]:
    """The same scenarios; one that was given before, to see that nothing differs, is called by another name."""
    from sco_sim.scenario.schema import Scenario

    apart: list[Item] = []
    for item in items:
        if isinstance(item, Scenario) and item in apart:
            names = {_scenario(one).name for one in apart}
            while item.name in names:
                item = item.model_copy(update={"name": f"{item.name}_again"})
        apart.append(item)
    return apart


def _scenario(item: Item) -> Scenario:
    from sco_sim.scenario.schema import Scenario

    return item if isinstance(item, Scenario) else item.scenario


def _all_failed(folder: Path, names: Sequence[str]) -> bool:
    """Whether a run has no world that worked; if so, say why."""
    from sco_sim.store.stored_run import open_run

    runs = [open_run(folder / "runs" / name) for name in names if is_run(str(folder / "runs" / name))]
    empty = [run for run in runs if run.failed and len(run.failed) == len(run.worlds())]
    return bool(empty) and failures(empty) == 3


def _note_states(comparison: Comparison) -> None:
    """Say which runs have other members: outcomes of the whole are each of its own members."""
    first = comparison.runs[0].manifest
    for run in comparison.runs[1:]:
        more, fewer = other_states(first, run.manifest)
        words = [f"has {' '.join(more)} too"] * bool(more) + [f"is without {' '.join(fewer)}"] * bool(fewer)
        if words:
            note(
                f"{run.manifest['name']} {' and '.join(words)}: outcomes of the whole are of each scenario's own "
                "states; name the same `states` in both files, or compare by state and tie, of those that both have "
                "(winners.csv)"
            )


def _note_more(comparison: Comparison, running: Sequence[str], worlds: int) -> None:
    """Say which runs had more worlds stored than were asked for: all of them are compared."""
    more = {run.scenario.name: len(run.worlds()) for run in comparison.runs if run.scenario.name in running}
    larger = [f"{name} has {count:,}" for name, count in more.items() if count > worlds]
    if larger:
        note(f"all stored worlds are compared, more than --worlds {worlds}: {', '.join(larger)}")


def _figures(comparison: Comparison, *, draw: bool) -> list[Path]:
    """Draw the figures if asked; figures of an earlier command do not stay beside the new tables."""
    if not draw:
        from sco_sim.plots.owned import clear

        if comparison.path is not None:
            clear(comparison.path / "figures")
        return []
    from sco_sim.plots.figures import plot_all

    note("drawing figures")
    return plot_all(comparison)


def _report(comparison: Comparison, *, write: bool) -> Path | None:
    """Write the page if asked; that of an earlier command does not stay beside the new tables."""
    if write:
        from sco_sim.report.files import write_report

        return write_report(comparison)
    if comparison.path is not None:
        (comparison.path / "report.html").unlink(missing_ok=True)
    return None


def _record(comparison: Comparison, shown: Sequence[str], drawn: Sequence[Path], *, asked: bool) -> dict[str, object]:
    """What --json prints: everything, or only what belongs to the outcomes that were asked for."""

    def of(frame: pd.DataFrame) -> list[dict[str, Any]]:
        return records(frame[frame["outcome"].isin(shown)] if asked else frame)

    winners, said = comparison.winners, _answer(comparison, shown)
    if asked:
        winners = winners[winners["outcome"].map(lambda key: goes_with(key, shown))]
    return {
        "path": comparison.path,
        "paired": comparison.paired,
        "reference": comparison.runs[0].scenario.name,
        "scenarios": [
            {"name": r.scenario.name, "question": r.scenario.question, "path": r.path, "worlds": len(r.worlds()),
             "failed": r.failed, "seed": r.manifest["seed"], "replicates": r.manifest["replicates"],
             "heavy_traders": heavy_traders(r, int(comparison.table["year"].max())),
             **stored_observed(r), **of_view(r.scenario)}
            for r in comparison.runs
        ],
        "answer": {
            "cautions": list(said.cautions),
            "sentences": [vars(one) for one in said.sentences],
        },
        "outcomes": [
            row | {"enough_worlds": enough(row, comparison.settings)} for row in of(comparison.table)
        ],
        "winners": records(winners),
        "agreements": records(comparison.agreements),
        "accessions": accessions(comparison),
        "cost": of(comparison.cost),
        "fragile": of(fragile(comparison)),
        "sentences": {name: sentences(comparison, name, shown, asked=True) for name in _compared(comparison)},
        "figures": list(drawn),
    }  # fmt: skip


def _files(drawn: Sequence[Path], page: Path | None) -> dict[str, Path]:
    """What lies beside the tables, by what it is."""
    figures = {f"{counted(len({path.stem for path in drawn}), 'figure')}": drawn[0].parent} if drawn else {}
    return figures | ({"report": page} if page else {})


def _compared(comparison: Comparison) -> list[str]:
    return [run.scenario.name for run in comparison.runs[1:]]


def _answer(comparison: Comparison, shown: Sequence[str]) -> Answer:
    """The answer in sentences, about what is shown."""
    return answer(records(comparison.table), comparison.settings, outcomes=shown)
