"""`sco-sim rivals`: one comparison under every rival view, and which findings survive all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, named, of_worlds
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.studies.comparison.rivals import is_decided, rival_views, survives, under_rivals
from sco_sim.studies.wording import decimals, percent, scale, signed


def main(
    reference: str, scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], everything: bool,
    case: Path | None, as_json: bool, **how: Any,
) -> int:  # fmt: skip
    """Compare under every combination and print; `how` goes to `under_rivals`."""
    pair = [load(name, sets, case) for name in (reference, scenario)]
    shown = chosen(of_worlds(), outcomes, everything)
    with progress(f"{pair[0].name}, {pair[1].name}", None) as tick:
        frame = under_rivals(pair[0], pair[1], opened(case), shown, progress=tick, **how)
    by_outcome = {key: frame[frame["outcome"] == key] for key in shown}
    verdicts = {key: "decided" if is_decided(key) else survives(rows) for key, rows in by_outcome.items()}
    if as_json:
        say_observed(pair, case, aside=True)
        records = frame.to_dict("records")
        emit({"reference": pair[0].name, "scenario": pair[1].name, "worlds": how["worlds"], "verdicts": verdicts,
              "rows": records, "evidence": {one.name: observed_of(one, case) for one in pair},
              **of_view(pair[1])})  # fmt: skip
        return 0
    views = [" / ".join(view.model_dump().values()) for view in rival_views()]
    say(f"{pair[1].name} against {pair[0].name}, {how['worlds']} paired worlds under each rival view", "bold")
    say_view(pair)
    say_observed(pair, case, aside=False)
    say("Rival views: what contact does / what consensus does")
    table(
        ["Outcome", *views, "Finding"],
        [[_title(key), *_cells(rows), verdicts[key]] for key, rows in by_outcome.items()],
        views,
    )
    widest = 196.0 * float(frame["chance_se"].max())
    say(
        f"Mean difference, and share of worlds with its sign (95 %: {widest:.0f} points to either side at most). "
        "Decided: what was adopted, delivered and paid, and what "
        "restates it; its sign is not a finding.",
        "dim",
    )
    heading("Findings that survive all rival views")
    surviving = [metric(key).title for key, verdict in verdicts.items() if verdict == "survives"]
    say("; ".join(surviving) if surviving else "None: no sign has a chance of 0.9 or more under every rival view.")
    return 0


def _title(key: str) -> str:
    return named(metric(key).title, scale(metric(key).unit)[1])


def _cells(rows: pd.DataFrame) -> list[str]:
    factor, _ = scale(metric(str(rows["outcome"].iloc[0])).unit)
    moved = factor * rows["difference"].to_numpy(dtype=float)
    digits = decimals(float(abs(moved).max()))
    chances = rows["chance"].to_numpy(dtype=float)
    return [
        f"{signed(m, digits)} ({percent(c)})" if m else "0"
        for m, c in zip(moved.tolist(), chances.tolist(), strict=True)
    ]
