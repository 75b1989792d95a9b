"""`sco-sim promises`: what it would take for each promise of the documents, one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.commands.effects import say_left_out
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, note, say
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out, writing
from sco_sim.errors import counted
from sco_sim.studies.effects.effects import REFERENCE
from sco_sim.studies.threshold.promises import Promises
from sco_sim.studies.threshold.promises_page import page, sentence


def main(
    components: Sequence[str],
    *,
    worlds: int,
    seed: int,
    sets: Sequence[str],
    case: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Look for every threshold, write the page, print; the exit code."""
    check_out(out)
    loaded = load(REFERENCE, sets, case)
    study = Promises(loaded, opened(case), worlds=worlds, seed=seed)
    with progress("promises", None) as tick:
        rows = study.all(components, progress=tick)
    _, left_out = study.possible(components)
    if out is not None:
        with writing(out):
            out.write_text(page(rows, worlds, seed, loaded.view), encoding="utf-8")
        note(f"written to {out}")
    if as_json:
        say_observed([loaded], case, aside=True)
        about = {**of_view(loaded), **observed_of(loaded, case)}
        emit({"worlds": worlds, "seed": seed, "left_out": left_out, **about, "promises": [
            {"component": one.component, "outcome": one.outcome, "sign": one.sign,
             "entry": None if one.knob is None else one.knob.name,
             "needed": None if one.crossing is None else one.crossing.value,
             "multiple": None if one.knob is None or one.crossing is None or not one.crossing.reached
             else one.knob.multiple(one.crossing.value), "met": one.met, "sentence": sentence(one)}
            for one in rows
        ]})  # fmt: skip
        return 0
    say(f"What it would take for {counted(len(rows), 'promise')} of the documents", "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    hanging([("*", sentence(one)) for one in rows])
    say_left_out(left_out)
    return 0
