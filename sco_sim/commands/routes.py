"""`sco-sim routes`: what each leg, border, transit state and strait of the freight routes is worth, and to whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.case.routes import legs_of
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.written import check_out_folder
from sco_sim.errors import CaseError, Problem, ScenarioError, counted
from sco_sim.studies.routes import Closure, Loss, RouteStudy, closed_by, in_words, near, tables

TOP = 6
"""Rows of each block on the screen; all are in the tables."""
HEADINGS = {
    "leg": "If a leg is lost",
    "border": "If a border is closed to freight on land",
    "state": "If a state lets nothing pass: what the others lose",
    "strait": "If a strait is shut",
}


def main(
    scenario: str, *, year: int | None, close: Sequence[str], build: Sequence[str], sets: Sequence[str],
    case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Work out every loss, print the dearest, write all of them; the exit code."""
    check_out_folder(out)
    loaded, data = load(scenario, sets, case), opened(case)
    legs = {leg.key for leg in legs_of(data.table)}
    if not legs:
        raise CaseError(Problem("the case has no routes", "add route_nodes.csv and route_legs.csv", str(data.folder)))
    unknown = [key for key in build if key not in legs]
    if unknown:
        raise ScenarioError(Problem(f"no leg '{unknown[0]}'", near(unknown[0], legs), "--build"))
    when = loaded.horizon.start if year is None else year
    study = RouteStudy(data, loaded, when, closed=closed_by(close, data), built=build)
    closures = study.closures()
    paths = [] if out is None else _write(out, study, closures)
    if as_json:
        say_observed([loaded], case, aside=True)
        named = {name.removesuffix(".csv"): frame.to_dict("records") for name, frame in tables(study, closures).items()}
        emit({"scenario": loaded.name, "year": when, "trade_year": study.trade_year, **named, "files": paths,
              **observed_of(loaded, case)})  # fmt: skip
        return 0
    say(
        f"Freight routes of {counted(len(loaded.states), 'state')} in {when}, "
        f"weighted with trade of {study.trade_year}",
        "bold",
    )
    say_observed([loaded], case, aside=False)
    cut = [f"{a}-{b}" for (a, b), choice in study.choices.items() if not choice.paths]
    if cut:
        say(f"No open route joins {', '.join(cut)}.")
    for sort, title in HEADINGS.items():
        _print(title, [one for one in closures if one.sort == sort])
    _print_between(study)
    say("No route: trade of the ties that are cut off, million USD of 2015; it is in neither of the other figures.")
    say("Cost: rise of freight cost and the worth of time, mean over all ties weighted with trade. mn USD: a year, at")
    say("what manufactures lose by a day; far less for oil and grain. A closure's order is safer than its size.")
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _print(title: str, closures: Sequence[Closure]) -> None:
    if not closures:
        return
    heading(f"{title} ({len(closures)} of them carry something)")
    rows = []
    for one in closures[:TOP]:
        hit = f"{len(one.losses)}: {'; '.join(_worst(loss) for loss in one.losses[:2])}"
        gainers = ", ".join(map(in_words, list(one.bypass)[:2]))
        none = f"{one.stranded:,.0f}" if one.cut else ""
        rows.append([one.text, none, f"{one.percent:.2f} %", f"{one.musd:,.0f}", gainers, hit])
    if not any(one.cut for one in closures[:TOP]):
        rows = [[first, *rest] for first, _, *rest in rows]
    stranded = ["No route"] if rows and len(rows[0]) == 6 else []
    table(["Lost", *stranded, "Cost", "mn USD", "Bypass", "Ties, hit hardest"], rows, [*stranded, "Cost", "mn USD"])


def _worst(loss: Loss) -> str:
    name = "-".join(loss.tie)
    return f"{name} cut off" if math.isinf(loss.percent) else f"{name} {loss.percent:+.0f} %, {loss.days:+.1f} days"


def _print_between(study: RouteStudy) -> None:
    heading("Who lies between whom")
    total = sum(study.trade.values())
    ranked = sorted(study.between.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    rows = []
    for name, ties in ranked[: 2 * TOP]:
        largest = sorted(ties.items(), key=lambda one: -one[1])[:3]
        whom = ", ".join(f"{a}-{b} {musd / study.trade[a, b]:.0%}" for (a, b), musd in largest)
        rows.append([in_words(name), f"{len(ties)}", f"{sum(ties.values()) / total:.1%}", whom])
    table(["Between", "Ties", "Of all trade", "Most of it (share of the tie)"], rows, ["Ties", "Of all trade"])


def _write(out: Path, study: RouteStudy, closures: Sequence[Closure]) -> list[Path]:
    from sco_sim.plots.routes import map_of
    from sco_sim.plots.studies import write_study

    return write_study(out, "routes", map_of(study, closures), "", TYPED.get(), tables(study, closures))
