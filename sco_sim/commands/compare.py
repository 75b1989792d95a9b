"""`sco-sim compare`: scenarios, or stored runs, against the first of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sco_sim.commands.compare_tables import goes_with, print_scenario, records, sentences
from sco_sim.commands.files import load, numbers, say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.run import failures, print_agreements, say_heavy, size_of
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, of_worlds
from sco_sim.commands.screen.output import emit, hanging, heading, note, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, ScenarioError, StoreError, counted
from sco_sim.store.stored import Stored
from sco_sim.studies.carried import heavy_traders
from sco_sim.studies.comparison.answer import Answer, answer
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison, compare, default_name
from sco_sim.studies.comparison.cost import COST_FILE
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.comparison.verdict import FEWEST, enough, lacking
from sco_sim.studies.wording import percent, signed

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored_run import StoredRun

    Item = Scenario | StoredRun


def main(
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
    opened = [_open(item, sets, case) for item in items]
    say_half_done(*(item for item in opened if isinstance(item, Stored)))
    names = [_scenario(item).name for item in opened]
    asked = bool(outcomes) or everything
    folder = out if out is not None else Path("results") / default_name(names) if len(names) > 1 else None
    wanted = numbers(years, "--years")
    running = [name for name, item in zip(names, opened, strict=True) if item is _scenario(item)]
    try:
        with progress(", ".join(running), folder) as tick:
            comparison = compare(opened, case=case, out=folder, years=wanted, progress=tick, **how)
    except StoreError:
        if folder and _all_failed(folder, running):
            return 3
        raise
    failed = failures(comparison.runs)
    drawn = _figures(comparison, draw=figures)
    page = _report(comparison, write=report)
    _note_more(comparison, running, how["worlds"])
    if as_json:
        say_stored_observed(*comparison.runs, aside=True)
        emit({**_record(comparison, shown, drawn, asked=asked), "report": page})
    else:
        _print(comparison, shown, drawn, asked=asked)
        if page:
            say(f"The report is {page}")
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


def _scenario(item: Item) -> Scenario:
    from sco_sim.scenario.schema import Scenario

    return item if isinstance(item, Scenario) else item.scenario


def _all_failed(folder: Path, names: Sequence[str]) -> bool:
    """Whether a run has no world that worked; if so, say why."""
    from sco_sim.store.stored_run import open_run

    runs = [open_run(folder / "runs" / name) for name in names if is_run(str(folder / "runs" / name))]
    empty = [run for run in runs if run.failed and len(run.failed) == len(run.worlds())]
    return bool(empty) and failures(empty) == 3


def _note_more(comparison: Comparison, running: Sequence[str], worlds: int) -> None:
    """Say which runs had more worlds stored than were asked for: all of them are compared."""
    more = {run.scenario.name: len(run.worlds()) for run in comparison.runs if run.scenario.name in running}
    larger = [f"{name} has {count:,}" for name, count in more.items() if count > worlds]
    if larger:
        note(f"all stored worlds are compared, more than --worlds {worlds}: {', '.join(larger)}")


def _figures(comparison: Comparison, *, draw: bool) -> list[Path]:
    """Draw the figures if asked; figures of an earlier command do not stay beside the new tables."""
    from sco_sim.plots.figures import clear, plot_all

    if not draw:
        if comparison.path is not None:
            clear(comparison.path / "figures")
        return []
    note("drawing figures")
    return plot_all(comparison)


def _report(comparison: Comparison, *, write: bool) -> Path | None:
    """Write the page if asked; that of an earlier command does not stay beside the new tables."""
    from sco_sim.report.files import NAME, write_report

    if write:
        return write_report(comparison)
    if comparison.path is not None:
        (comparison.path / NAME).unlink(missing_ok=True)
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
        "cost": of(comparison.cost),
        "fragile": of(fragile(comparison)),
        "sentences": {name: sentences(comparison, name, shown, asked=True) for name in _compared(comparison)},
        "figures": list(drawn),
    }  # fmt: skip


def _compared(comparison: Comparison) -> list[str]:
    return [run.scenario.name for run in comparison.runs[1:]]


def _print(comparison: Comparison, shown: Sequence[str], drawn: Sequence[Path], *, asked: bool) -> None:
    say(f"Compared with {comparison.runs[0].scenario.name}", "bold")
    for run in comparison.runs:
        say(f"  {run.scenario.name}: {run.scenario.question or run.scenario.title}")
    pairing = "paired world by world" if comparison.paired else "unpaired: every world with every other"
    say(f"{size_of(comparison.runs)}; {pairing}")
    say_view([run.scenario for run in comparison.runs])
    _say_answer(comparison, shown)
    say_stored_observed(*comparison.runs, aside=False)
    if "disputes" in shown:
        say(hazard_in_words([run.scenario for run in comparison.runs]), "dim")
    for run in comparison.runs[1:]:
        print_scenario(comparison, run.scenario, shown, asked=asked)
    print_agreements(records(comparison.agreements))
    _say_still(comparison)
    say_heavy(comparison.runs, int(comparison.table["year"].max()))
    _say_fragile(comparison, shown)
    _say_enough(comparison, shown)
    heading(f"Tables are in {comparison.path}: {', '.join((*FILES, COST_FILE))}")
    if drawn:
        kinds = len({path.suffix for path in drawn})
        say(f"{len(drawn) // kinds} figures, as PNG and SVG, are in {drawn[0].parent}")


def _answer(comparison: Comparison, shown: Sequence[str]) -> Answer:
    """The answer in sentences, about what is shown."""
    return answer(records(comparison.table), comparison.settings, outcomes=shown)


def _say_answer(comparison: Comparison, shown: Sequence[str]) -> None:
    heading("Answer")
    said = _answer(comparison, shown)
    for line in (*said.cautions, *(sentence.text for sentence in said.sentences)):
        hanging([("*", line)])


def _say_still(comparison: Comparison) -> None:
    """Name the policies and events, of those in which the scenarios differ, that move nothing where they stand."""
    from sco_sim.case.opened import opened
    from sco_sim.store.manifest import case_of
    from sco_sim.studies.effects.still import moving_nothing

    reference = comparison.runs[0].scenario
    here = [*reference.policies, *reference.events]
    for run in comparison.runs[1:]:
        own = [one for one in (*run.scenario.policies, *run.scenario.events) if one not in here]
        for line in moving_nothing(run.scenario, own, opened(case_of(dict(run.manifest)))):
            say(f"{run.scenario.name}: {line}.")


def hazard_in_words(scenarios: Sequence[Scenario]) -> str:
    """What `hazard_on` makes of the chance of a dispute, scenario by scenario where they differ."""
    moved = [one.name for one in scenarios if one.hazard_on == "level"]
    if not moved:
        return (
            "Disputes: trust does not move their chance here (hazard_on: none); instability, income gaps, trade and "
            "policies do. `--set hazard_on=level` lets trust move it."
        )
    where = "everywhere" if len(moved) == len(scenarios) else f"in {', '.join(moved)} only"
    return f"Disputes: trust moves their chance {where} (hazard_on: level), by a size that is judgement."


def _say_fragile(comparison: Comparison, shown: Sequence[str]) -> None:
    frame = fragile(comparison)
    rows = records(frame[frame["outcome"].isin(shown)])
    if not rows:
        return
    heading(f"Conclusions for {rows[0]['year']} whose sign changes inside the ranges of the ledger")
    cells = [
        [
            row["scenario"],
            metric(row["outcome"]).title,
            percent(row["other_sign"]),
            row["parameter"] or "none stands out of chance",
            signed(row["rank_correlation"], 2) if row["parameter"] else "",
        ]
        for row in rows
    ]
    headers = ["Scenario", "Outcome", "Other sign", "Depends most on (judgement)", "Rank corr."]
    table(headers, cells, (headers[2], headers[4]))
    say(
        "Other sign: share of parameter draws in which the difference has the opposite sign, by them or by chance. "
        "Rank corr.: rank correlation of the difference with that parameter over the draws, -1 to 1."
    )


def _unsettled(rows: Sequence[Mapping[str, Any]]) -> str:
    """Which figures of some rows have an error too large, and in how many rows each."""
    names = {"mean_se": "means", "low_05_se": "lower ends", "high_95_se": "upper ends",
             "chance_better_se": "chances", "superiority_se": "pairs of histories"}  # fmt: skip
    counts = {words: sum(name in lacking(row) for row in rows) for name, words in names.items()}
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count)


def _say_enough(comparison: Comparison, shown: Sequence[str]) -> None:
    rows = comparison.table[comparison.table["outcome"].isin(shown) & comparison.table["difference"].notna()]
    rows = rows[(rows["low_05"] != 0.0) | (rows["high_95"] != 0.0) | (rows["difference"] != 0.0)]
    settings = comparison.settings
    short = [row for row in records(rows) if not enough(row, settings)]
    heading("Enough worlds?")
    if not short:
        say(f"Yes: with more worlds the {counted(len(rows), 'figure')} above that differ would be much the same.")
        return
    why = f"{counted(settings, 'setting')} do not bound the ends of an interval; it takes {FEWEST}"
    if settings >= FEWEST:
        why = f"not settled are {_unsettled(short)}"
    of = f"{len(short)} of the {counted(len(rows), 'figure')} above that differ"
    say(f"Not for {of} (marked `few`): {why}. Give more --worlds.")
