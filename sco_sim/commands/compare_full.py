"""Every block of a comparison, scenario by scenario and year by year: what `compare --all` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sco_sim.commands.compare_tables import print_payers, print_scenario, records
from sco_sim.commands.observed import say_stored_observed
from sco_sim.commands.run import print_agreements, say_heavy, size_of
from sco_sim.commands.screen.belief import say_view
from sco_sim.commands.screen.output import hanging, heading, say, table
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.studies.comparison.accession import BRACKETS, accessions
from sco_sim.studies.comparison.answer import Answer
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.cost import COST_FILE
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.comparison.payers import PAYERS_FILE
from sco_sim.studies.comparison.verdict import FEWEST, enough, lacking
from sco_sim.studies.wording import percent, signed

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored_run import StoredRun
    from sco_sim.studies.comparison.compare import Comparison


def print_all(
    comparison: Comparison, said: Answer, shown: Sequence[str], drawn: Sequence[Path], *, asked: bool
) -> None:
    """The answer and every block.

    Args:
        comparison: The comparison.
        said: Its answer.
        shown: Keys of the outcomes to print.
        drawn: Figures written.
        asked: Whether the user asked for these outcomes by name.
    """
    say(f"Compared with {comparison.runs[0].scenario.name}", "bold")
    for run in comparison.runs:
        say(f"  {run.scenario.name}: {run.scenario.question or run.scenario.title}")
    pairing = "paired world by world" if comparison.paired else "unpaired: every world with every other"
    say(f"{size_of(comparison.runs)}; {pairing}")
    say_view([run.scenario for run in comparison.runs])
    say_answer(said)
    say_stored_observed(*comparison.runs, aside=False)
    if "disputes" in shown:
        say(hazard_in_words([run.scenario for run in comparison.runs]), "dim")
    for run in comparison.runs[1:]:
        print_scenario(comparison, run.scenario, shown, asked=asked)
    print_payers(comparison)
    print_agreements(records(comparison.agreements))
    say_accessions(comparison)
    say_still(comparison, comparison.runs[1:])
    say_heavy(comparison.runs, int(comparison.table["year"].max()))
    _say_fragile(comparison, shown)
    _say_enough(comparison, shown)
    heading(f"Tables are in {comparison.path}: {', '.join((*FILES, COST_FILE, PAYERS_FILE))}")
    if drawn:
        kinds = len({path.suffix for path in drawn})
        say(f"{len(drawn) // kinds} figures, as PNG and SVG, are in {drawn[0].parent}")


def say_answer(said: Answer) -> None:
    """The answer under its heading, a mark before each sentence."""
    heading("Answer")
    hanging([("*", line) for line in said.lines])


def say_accessions(comparison: Comparison) -> None:
    """What another membership changes, for whom and for decisions."""
    said = accessions(comparison)
    for line in said:
        say(line)
    if said:
        say(BRACKETS, "dim")


def say_still(comparison: Comparison, runs: Sequence[StoredRun]) -> None:
    """Name the policies and events, of those that runs have and the reference has not, that move nothing there."""
    if not runs:
        return
    from sco_sim.case.opened import opened
    from sco_sim.store.manifest import case_of
    from sco_sim.studies.effects.still import moving_nothing

    reference = comparison.runs[0].scenario
    here = [*reference.policies, *reference.events]
    for run in runs:
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
