"""`sco-sim calibrate`: fit the ledger to the tables, and ask the coupled model what the fit does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.case.schema.check import need_tables
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.evidence.calibration.fit import Fitted, calibrate
from sco_sim.evidence.calibration.simulation import match
from sco_sim.shipped import default_case

Record = dict[str, Any]


def main(case: Path | None, out: Path | None, seed: int, force: bool, simulation: bool, as_json: bool) -> int:
    """Fit, store in the case's `fits/` (or `out`), print prior and posterior; the exit code."""
    folder = (case or default_case()) / "fits" if out is None else out
    report = None if as_json else _report
    need_tables(
        case or default_case(), "a calibration", ("trade_reports", "exporter_fob_kusd"),
        ("trade_reports", "importer_cif_kusd"), ("students", "students_persons"),
        ("tie_years", "icews_cooperative_events"), ("state_years", "gdp_constant_2015_usd"), ("ties", "distance_km"),
    )  # fmt: skip
    done = calibrate(opened(case), folder, seed, force, report)
    matched = match(opened(case), seed) if simulation else None
    if as_json:
        emit({"stages": [stage.record for stage in done], "simulation": matched, "path": folder})
        return 0
    _print(done)
    if matched is not None:
        _print_match(matched)
    heading(f"Stored in {folder}")
    return 0


def _report(stage: Fitted) -> None:
    how = "as stored" if stage.resumed else f"{stage.seconds:.1f} s"
    note(f"{stage.key}: {stage.record['observations']} observations, {how}")


def _print(done: list[Fitted]) -> None:
    rows = []
    for stage in done:
        for name, posterior in stage.record["parameters"].items():
            before, after = posterior["prior"], posterior["posterior"]
            rows.append(
                [
                    name, f"{before['mean']:.3g}", f"{before['low']:.3g} to {before['high']:.3g}",
                    f"{after['mean']:.3g}", f"{after['low']:.3g} to {after['high']:.3g}",
                ]
            )  # fmt: skip
    headers = ["Parameter", "Prior", "5-95 %", "Posterior", "5-95 % "]
    heading("Prior and posterior")
    table(headers, rows, headers[1:])


def _print_match(matched: Record) -> None:
    heading(f"The coupled model against targets of 2002-14, {matched['settings']} settings")
    headers = ["Target", "Observed", "Standard error", "All settings", "Nearest fifth"]
    rows = [
        [name, f"{t['observed']:.3g}", f"{t['error']:.2g}", f"{t['all_settings']:.3g}", f"{t['nearest']:.3g}"]
        for name, t in matched["targets"].items()
    ]
    table(headers, rows, headers[1:])
    headers = ["Parameter", "Mean", "In the nearest fifth", "Shift in sd", "Spread ratio", "Moved"]
    rows = [
        [
            name,
            f"{p['mean']:.3g}",
            f"{p['nearest_mean']:.3g}",
            f"{p['shift_in_sd']:+.2f} ({p['standard_error']:.2f})",
            f"{p['spread_ratio']:.2f}",
            "yes" if p["moved"] else "no",
        ]
        for name, p in matched["parameters"].items()
    ]
    table(headers, rows, headers[1:])
    if not any(p["moved"] for p in matched["parameters"].values()):
        say("The targets move none of these parameters: their ranges stay as they are.")
