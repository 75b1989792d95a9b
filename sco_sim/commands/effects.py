"""`sco-sim effects`: sign and rough size of each policy and event, beside what the documents promise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out, writing
from sco_sim.errors import counted
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.effects.effects import KINDS, OUTCOMES, REFERENCE, VERDICTS, YEARS, effects, possible
from sco_sim.studies.wording import believed, decimals, signed

if TYPE_CHECKING:
    import pandas as pd

SIGNS = {"+": "up", "-": "down", "0": "no change", "": "-"}


def main(
    components: Sequence[str], *, everything: bool, out: Path | None, case: Path | None, as_json: bool,
    sets: Sequence[str] = (), **how: Any,
) -> int:  # fmt: skip
    """Measure, write, print; `how` goes to `effects`."""
    check_out(out)
    under = load(REFERENCE, sets, case)
    with progress("effects", None) as tick:
        frame = effects(opened(case), only=components, overrides=sets, progress=tick, **how)
    if out is not None:
        _write(
            out, frame, believed(f"Promises of the documents, and what became of each after {YEARS} years", under.view)
        )
    _, left_out = possible(opened(case), under, components)
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    if as_json:
        say_observed([under], case, aside=True)
        emit({"years": YEARS, **{name: how[name] for name in ("worlds", "seed")}, "effects": rows,
              "left_out": left_out, **observed_of(under, case), **of_view(under)})  # fmt: skip
        return 0
    amount = counted(how["worlds"], "paired world")
    say_view([under])
    say_observed([under], case, aside=False)
    say(f"Each alone, at full strength, on {amount} without events, after {YEARS} years")
    for component_kind in KINDS:
        shown = [
            row for row in rows if row["kind"] == component_kind and (everything or row["promised"] or _clear(row))
        ]
        if shown:
            heading(component_kind.capitalize())
            says = "Documents"
            table(
                ["Component", "Outcome", "Mean", "95 %", "A world", "Evidence", says, "Shown?"],
                [_cells(row, before) for row, before in zip(shown, [None, *shown], strict=False)],
                ["Mean", "95 %", "A world"],
            )
    _count(rows)
    say_left_out(left_out)
    return 0


def say_left_out(left_out: Mapping[str, str]) -> None:
    """What cannot be tried on the states of the case."""
    if left_out:
        say("Left out, since the example that is tried names states or corridors that are not simulated here: "
            f"{', '.join(left_out)}.", "dim")  # fmt: skip


def _write(out: Path, frame: pd.DataFrame, about: str) -> None:
    """The table, and beside it, under the same name, the figure of the promises if there are any."""
    with writing(out):
        frame.to_csv(out, index=False, float_format="%.6g", lineterminator="\n")
    note(f"written to {out}")
    if (frame["promised"].fillna("") != "").any():
        from sco_sim.plots.promises import promises_figure
        from sco_sim.plots.style import save, styled

        with styled():
            for path in save(promises_figure(frame, about), out.parent, out.stem):
                note(f"written to {path}")


def _clear(row: dict[str, Any]) -> bool:
    return bool(row["low_05"] > 0.0 or row["high_95"] < 0.0)


def _cells(row: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    new = before is None or before["component"] != row["component"]
    digits = decimals(max(abs(row["low_05"]), abs(row["high_95"]), abs(row["difference"])))
    effect, low, high = (signed(row[name], digits) for name in ("difference", "low_05", "high_95"))
    ends = [row[name] for name in ("mean_low", "mean_high")]
    mean = " to ".join(signed(end, digits) for end in ends) if all(map(math.isfinite, ends)) else "-"
    outcome = OUTCOMES[row["outcome"]]
    return [
        row["component"] if new else "",
        f"{outcome.title}, {outcome.unit}" if outcome.unit else outcome.title,
        effect, mean, f"{low} to {high}", row["evidence"] if new else "", SIGNS[row["promised"]], row["verdict"] or "-",
    ]  # fmt: skip


def _count(rows: Sequence[dict[str, Any]]) -> None:
    promised = [row for row in rows if row["promised"]]
    if not promised:
        return
    heading("What became of the promises")
    gains = [row for row in promised if row["kind"] == "policies"]
    for verdict in VERDICTS:
        names = [f"{row['component']}: {OUTCOMES[row['outcome']].title}" for row in gains if row["verdict"] == verdict]
        if names:
            say(f"{verdict} ({len(names)} of {len(gains)}): {'; '.join(names)}")
    together = counted(len(IMPORTANT), "outcome")
    say(
        f"Mean: over worlds, with its interval, 95 % for {together} together; a world: the 5-95 % range "
        "of single worlds. The sign of a mean is settled where its interval leaves out zero, as in compare. Shown: it "
        "is settled and the promised one, and no parameter of the component's own is judgement. Assumed: it is so "
        "because a judgement of the ledger assumes it. Not shown: it is not settled. Nothing: no world moves.",
        "dim",
    )
