"""`sco-sim loop`: the gain around each loop of the documents under each view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out, writing
from sco_sim.errors import counted
from sco_sim.studies.loops.loops import CUT, WHOLE, around
from sco_sim.studies.views.conclusions import called


def main(
    scenario: str, *, views: Sequence[str], sets: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
    **how: Any,
) -> int:  # fmt: skip
    """Push each arrow under each view, write, print; `how` goes to `around`."""
    check_out(out)
    loaded = [load(scenario, [*sets, f"view={view}"], case) for view in views]
    frames = []
    with progress(loaded[0].name, None) as tick:
        for done, one in enumerate(loaded, start=1):
            frames.append(around(one, case=opened(case), **how))
            tick(done * how["worlds"], len(loaded) * how["worlds"])
    frame = pd.concat(frames, ignore_index=True)
    if out is not None:
        with writing(out):
            frame.to_csv(out, index=False, float_format="%.6g", lineterminator="\n")
        note(f"written to {out}")
    if as_json:
        say_observed(loaded[:1], case, aside=True)
        rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
        emit({"scenario": loaded[0].name, **{name: how[name] for name in ("worlds", "seed")}, "loops": rows,
              **observed_of(loaded[0], case)})  # fmt: skip
        return 0
    horizon = loaded[0].horizon
    say(f"{loaded[0].title or loaded[0].name}: what comes back of a push after one round", "bold")
    say(f"{counted(how['worlds'], 'paired world')} under each view, pushed from {horizon.start} to {horizon.end}")
    say_observed(loaded[:1], case, aside=False)
    if len(loaded) > 1:
        _side_by_side(frame)
    for name, rows_of_view in frame.groupby("view", sort=False):
        heading(f"View {called(str(name))}")
        _print(rows_of_view)
    say(
        "Gain: what is left of a push after one round, the product of the arrows; from 1 on it feeds itself. An arrow "
        "is pushed while every other node is held. Means over settings, with 5-95 %.",
        "dim",
    )
    return 0


def _side_by_side(frame: pd.DataFrame) -> None:
    """The gain of each loop under every view, with 5-95 %, or that it is cut."""
    heading("Side by side: gain of each loop, with 5-95 %")
    whole = frame[frame["part"] == WHOLE]
    views = list(dict.fromkeys(whole["view"]))
    cells = {(row["loop"], row["view"]): _gain(row) for row in whole.to_dict("records")}
    names = [called(view) for view in views]
    rows = [[loop, *(cells[loop, view] for view in views)] for loop in dict.fromkeys(whole["loop"])]
    table(["Loop", *names], rows, names)


def _gain(row: Mapping[Any, Any]) -> str:
    if str(row["says"]).startswith(CUT):
        return CUT
    low, high = (f"{row[name] + 0.0:.4f}" for name in ("low_05", "high_95"))
    return f"{row['gain'] + 0.0:.4f} ({low} to {high})".replace("-0.0000", "0.0000")


def _print(frame: pd.DataFrame) -> None:
    lines = [
        [row["loop"], row["rows"], f"{row['gain']:.3g}", f"{row['low_05']:.2g} to {row['high_95']:.2g}", row["says"]]
        for row in frame[frame["part"] == WHOLE].to_dict("records")
    ]
    table(["Loop", "Rows", "Gain", "5-95 %", "What becomes of a push"], lines, ["Gain", "5-95 %"])
    arrows = frame[frame["part"] != WHOLE].drop_duplicates("part")
    said = [f"{row['part']} {row['gain']:.3g}" for row in arrows.to_dict("records")]
    say(f"Arrows: {'; '.join(said)}", "dim")
