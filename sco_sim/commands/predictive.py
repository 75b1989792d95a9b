"""`sco-sim predictive`: statistics of the simulated worlds beside those of the record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.evidence.predictive import Checked, predictive
from sco_sim.evidence.predictive_page import page
from sco_sim.store.disk import guard, under_its_name


def main(
    scenario: str, worlds: int, seed: int, folder: Path | None, case: Path | None, as_json: bool,
    sets: Sequence[str] = (),
) -> int:  # fmt: skip
    """Print the checks, or write the page and its figure to a folder; the exit code."""
    done = predictive(load(scenario, sets, case), opened(case), worlds, seed)
    say_observed([done.scenario], case, aside=as_json or folder is not None)
    if folder is not None:
        _write(done, folder)
    elif as_json:
        emit({
            "scenario": done.scenario.name, "worlds": worlds, "seed": seed, "years": list(done.years),
            **of_view(done.scenario), **observed_of(done.scenario, case),
            "checks": [
                {
                    "channel": check.channel, "statistic": check.text, "unit": check.unit,
                    **dict(zip(("low", "median", "high"), check.interval(), strict=True)),
                    "record": [
                        {"from": first, "to": last, "value": value, "level": check.level((first, last))}
                        for (first, last), value in check.record.items()
                        if value == value
                    ],
                }
                for check in done.checks
            ],
        })  # fmt: skip
    else:
        _print(done)
    return 0


def _print(done: Checked) -> None:
    say(f"{done.worlds} worlds of {done.scenario.name}, {done.years[0]} to {done.years[1]}, beside the record")
    say_view([done.scenario])
    for channel in dict.fromkeys(check.channel for check in done.checks):
        heading(channel[:1].upper() + channel[1:])
        checks = [check for check in done.checks if check.channel == channel]
        windows = [f"{first}-{last}" for first, last in checks[0].record]
        headers = ["Statistic", "Worlds", "5-95 %", *windows, "Outside"]
        rows = []
        for check in checks:
            low, middle, high = check.interval()
            known = [window for window, value in check.record.items() if value == value]
            outside = [f"{window[0]}-{window[1]}" for window in known if not check.inside(window)]
            record = ["-" if value != value else f"{value:.3g}" for value in check.record.values()]
            rows.append([check.text, f"{middle:.3g}", f"{low:.3g} to {high:.3g}", *record, ", ".join(outside)])
        table(headers, rows, headers[1:-1])
    say("Worlds: their median. Outside: windows of the record beyond the central 90 % of the worlds.", "dim")


def _write(done: Checked, folder: Path) -> None:
    from sco_sim.plots.evidence import draw
    from sco_sim.plots.predictive import histograms

    written = draw({"predictive": lambda: histograms(done)}, folder / "figures")
    with guard(folder, "write the page"), under_its_name(folder / "predictive.md") as temporary:
        temporary.write_text(page(done), encoding="utf-8", newline="\n")
    for path in (folder / "predictive.md", *written):
        say(str(path))
