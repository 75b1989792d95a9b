"""`sco-sim discover`: the corners of a sweep, or of the parameters of a run, in which something happens."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.belief import say_view
from sco_sim.commands.screen.output import emit, heading, say
from sco_sim.plots.discovery import discovered
from sco_sim.plots.style import save, styled
from sco_sim.scenario.schema import Scenario
from sco_sim.store.checksums import write_tables
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.discovery.boxes import Box
from sco_sim.studies.discovery.cases import Discovery, cases, discover, limits_in_words
from sco_sim.studies.discovery.held_out import DOUBT
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_stored
from sco_sim.studies.wording import percent

LEGEND = (
    "Density: share of the worlds in the box in which it happens. Coverage: share of all cases in it. Boxes are sought "
    "in a random half of the worlds; the figures are of the other half, with 95 % intervals."
)


def main(folder: Path, *, where: str, scenario: str, density: float, out: Path | None, as_json: bool) -> int:
    """Find, write the table and the picture, print; the exit code."""
    check_folder(str(folder), "run", "sweep")
    stored = open_stored(folder)
    say_half_done(stored)
    there, asked = cases(stored, where, scenario)
    discovery = discover(there, density)
    held = _scenarios(stored)
    words = " and ".join(str(one) for one in asked)
    target = folder / "discovery" if out is None else out
    paths = write_tables(target, {"boxes.csv": _table(discovery)})
    with styled():
        paths += save(discovered(discovery, words), target, "discovery")
    if as_json:
        say_stored_observed(stored, aside=True)
        emit({"where": words, "cases": int(there.cases.sum()), "points": int(there.cases.size),
              "everywhere": discovery.everywhere,
              "prim": _record(discovery.box, discovery), 
              "cart": [_record(leaf, discovery) for leaf in discovery.leaves],
              "files": paths, "half_done": stored.half_done(), "views": [one.view for one in held],
              **stored_observed(stored)})  # fmt: skip
        return 0
    say(f"{words}: {int(there.cases.sum()):,} of {there.cases.size:,} worlds ({percent(there.cases.mean())})", "bold")
    say_view(held)
    say_stored_observed(stored, aside=False)
    heading("PRIM")
    _say(discovery.box, discovery)
    heading("CART")
    if not discovery.leaves:
        say("No branch of the tree in which it happens more often than not.")
    for leaf in discovery.leaves[:5]:
        _say(leaf, discovery)
    say(LEGEND, "dim")
    say(f"written to {target}", "dim")
    return 0


def _scenarios(stored: StoredRun | StoredSweep) -> list[Scenario]:
    if isinstance(stored, StoredSweep):
        return [Scenario.from_resolved(one) for one in stored.manifest["scenarios"]]
    return [stored.scenario]


def _say(box: Box, discovery: Discovery) -> None:
    limits = limits_in_words(box, discovery.worlds)
    if not limits:
        say("No box: where it happens depends on nothing that varies.")
        return
    say(" and ".join(limits))
    there = box.held_out
    weak = [name for name in box.limits if box.chances[name] > DOUBT]
    say(
        f"    density {_range(there.density, there.density_low, there.density_high)} where all have "
        f"{percent(discovery.everywhere)}, "
        f"coverage {_range(there.coverage, there.coverage_low, there.coverage_high)}, {percent(there.mass)} of worlds"
        + ("; the whole box may be chance" if there.chance > DOUBT else "")
        + (f"; may be chance: {', '.join(weak)}" if weak else "")
    )


def _range(value: float, low: float, high: float) -> str:
    return f"{percent(value)} ({percent(low)} to {percent(high)})" if value == value else "not known"


def _record(box: Box, discovery: Discovery) -> dict[str, object]:
    limits = limits_in_words(box, discovery.worlds)
    figures = {name: value if value == value else None for name, value in box.held_out._asdict().items()}
    return {"limits": limits, **figures, "density_sought": box.density, "coverage_sought": box.coverage,
            "chances": {name: box.chances[name] for name in box.limits}}  # fmt: skip


def _table(discovery: Discovery) -> pd.DataFrame:
    """Every box: the peeling in order, the recommended one, the leaves; in the other half and where it was sought."""
    named = [("peeling", box) for box in discovery.trajectory] + [("prim", discovery.box)]
    named += [("cart", leaf) for leaf in discovery.leaves]
    return pd.DataFrame(
        [
            {"method": name, "limits": " and ".join(limits_in_words(box, discovery.worlds)), **box.held_out._asdict(),
             "density_sought": box.density, "coverage_sought": box.coverage}
            for name, box in named
        ]
    )  # fmt: skip
