"""`sco-sim hindcast`: forecast years that are known, and print the scores beside those of naive forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.schema.check import need_tables
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.errors import ScenarioError
from sco_sim.evidence.hindcast.panel import Gdp
from sco_sim.evidence.hindcast.report import report
from sco_sim.evidence.hindcast.study import gdelt, own_observations, student_flows, trade, trust_shares
from sco_sim.store.disk import guard, under_its_name

Record = dict[str, Any]

FURTHER = (("students", "students_persons"), ("tie_years", "icews_cooperative_events"), ("tie_years", "gdelt_balance"))
"""Columns of tables that a hindcast of the case's own years needs, and one of a user's trade does not."""
PATHS: tuple[Gdp, ...] = ("realised", "forecast")
UNIT = {"trade": "ln of trade in current USD", "students": "ln(1 + students)", "trust": "share of cooperative events"}


def main(
    observations: Path | None,
    origin: int | None,
    gdp_file: Path | None,
    ablations: bool,
    page: Path | None,
    case: Path | None,
    as_json: bool,
) -> int:
    """Hindcast the shipped tables or a table of one's own, take the engine apart, or write the page; the exit code."""
    tables = Case(case)
    need_tables(
        tables.folder, "a hindcast", ("trade_reports", "exporter_fob_kusd"), ("trade_reports", "importer_cif_kusd"),
        ("state_years", "gdp_constant_2015_usd"), ("ties", "distance_km"), *(() if observations else FURTHER),
    )  # fmt: skip
    if observations is None and (origin is not None or gdp_file is not None):
        raise ScenarioError("--origin and --gdp go with --observations FILE.csv")
    if observations is not None:
        if origin is None:
            raise ScenarioError("--observations needs --origin YEAR: the last year that may be known")
        reports = [report(h) for h in own_observations(observations, origin, tables, gdp_file, told=note).values()]
    elif ablations:
        return _ablations(tables, as_json)
    elif page is not None:
        return _page(tables, page)
    else:
        reports = [report(trade(tables, path)) for path in PATHS]
        reports.append(report(trade(tables, rule="best_flow")))
        reports += [report(trust_shares(tables)), report(student_flows(tables))]
    lines = None if observations else gdelt(tables)
    if as_json:
        emit({"hindcasts": reports} | ({"gdelt": lines} if lines else {}))
        return 0
    for record in reports:
        _print(record)
    if lines:
        _print_gdelt(lines)
    return 0


def _print(record: Record) -> None:
    channel = record["channel"]
    spans = ", ".join(f"fit to {o['fit_to']} score to {o['score_to']}" for o in record["origins"])
    path = "" if channel == "trust" else f", GDP {record['gdp']}"
    heading(f"{channel.capitalize()} ({UNIT[channel]}{path}): {spans}; {record['ties']} ties")
    _scores(record["forecasts"], {origin: record["by_origin"][origin] for origin in record["by_origin"]})
    covered = record["coverage"]["80"]
    say(
        f"80 % intervals of the model held {100 * covered['share']:.0f} % "
        f"(standard error {100 * covered['standard_error']:.0f}, bootstrap over ties)."
    )
    heading("Model against each, paired (RMSE ratio below 1: the model is better; 5-95 % over ties)")
    _differences(record["differences"])
    if "weighted" in record:
        heading("Weighted by trade at the origin")
        _scores(record["weighted"], {})
        _differences(record["weighted_differences"])
    for key, title in (
        ("without_set_aside", "Without TJK-UZB and PAK-UZB"),
        ("without_noisiest", f"Without the five noisiest ties ({', '.join(record['noisiest_ties'])})"),
        ("volatile", "The volatile five together"),
    ):
        if record.get(key):
            heading(title)
            _scores(record[key], {})
    if record.get("volatile_ties"):
        heading("RMSE on each volatile tie")
        names = list(record["forecasts"])
        rows = [[tie, *(f"{s[n]['rmse']:.3f}" for n in names)] for tie, s in record["volatile_ties"].items()]
        table(["Tie", *names], rows, names)


def _scores(forecasts: Mapping[str, Record], by_origin: Mapping[str, Mapping[str, Record]]) -> None:
    several = list(by_origin) if len(by_origin) > 1 else []
    headers = ["Forecast", "RMSE", *(f"to {o}" for o in several), "MAE", "CRPS", "Log score", "50", "80", "95 %", "n"]
    rows = []
    for name, s in forecasts.items():
        cover = [f"{100 * s['coverage'][level]:.0f}" for level in ("50", "80", "95")]
        own = [f"{by_origin[o][name]['rmse']:.3f}" for o in several]
        numbers = [f"{s['rmse']:.4f}", *own, *(f"{s[k]:.4f}" for k in ("mae", "crps", "log_score"))]
        rows.append([name, *numbers, *cover, s["n"]])
    table(headers, rows, headers[1:])


def _differences(rows: Sequence[Record]) -> None:
    headers = ["Against", "RMSE ratio", "5-95 %", "CRPS difference", "5-95 % ", "P(better)"]
    from sco_sim.evidence.hindcast.page import difference_cells

    table(headers, difference_cells(rows), headers[1:])


def _print_gdelt(lines: Mapping[str, Mapping[str, float]]) -> None:
    heading("Levels of trust 2002-14 against the GDELT balance of 2018-20, by a line of its own")
    rows = [[name, f"{s['r2']:.3f}", f"{s['rank']:.3f}", f"{s['n']:.0f}"] for name, s in lines.items()]
    table(["Measure", "R2 left one out", "Rank correlation", "Ties"], rows, ["R2 left one out", "Rank correlation"])


def _page(tables: Case, folder: Path) -> int:
    """Write evidence.md and its figures."""
    from sco_sim.evidence.ablations import ablations
    from sco_sim.evidence.calibration.fit import calibrate
    from sco_sim.evidence.calibration.simulation import match
    from sco_sim.evidence.hindcast.page import page
    from sco_sim.plots.evidence import by_tie, calibration, draw, posteriors

    flows = {path: trade(tables, path) for path in PATHS}
    shares, abroad = trust_shares(tables), student_flows(tables)
    stages = {fit.key: fit.record for fit in calibrate(tables, tables.folder / "fits")}
    of_flows = {path: report(flow) for path, flow in flows.items()} | {
        "best_flow": report(trade(tables, rule="best_flow"))
    }
    tested = tables.folder / "recovery.json"
    recovery = json.loads(tested.read_text(encoding="utf-8")) if tested.is_file() else {}
    text = page(
        of_flows, report(shares), report(abroad), gdelt(tables), ablations(tables), stages, match(Case(tables.folder)),
        recovery,
    )  # fmt: skip
    billion = np.log(1e9)
    written = draw(
        {
            "hindcast_trade": lambda: by_tie(flows["realised"], 2000, "ln bn current USD", lambda y: y - billion),
            "hindcast_trust": lambda: by_tie(
                shares, 2002, "share of cooperative events", lambda y: np.clip(y, 0.0, 1.0)
            ),
            "calibration": lambda: calibration({"Trade": flows["realised"], "Trust": shares, "Students": abroad}),
            "posteriors": lambda: posteriors(stages),
        },
        folder / "figures",
    )
    with guard(folder, "write the page"), under_its_name(folder / "evidence.md") as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    for path in (folder / "evidence.md", *written):
        say(str(path))
    return 0


def _ablations(tables: Case, as_json: bool) -> int:
    from sco_sim.evidence.ablations import ablations

    rows = ablations(tables)
    if as_json:
        emit({"ablations": rows})
        return 0
    heading("The coupled engine with parts taken out, scored on the same years")
    headers = [
        "Engine",
        "Trade RMSE",
        "Trade CRPS",
        "Trust RMSE",
        "Trust CRPS",
        "CRPS trade less full",
        "trust less full",
    ]
    lines = [
        [
            row["variant"], f"{row['trade_rmse']:.4f}", f"{row['trade_crps']:.4f}", f"{row['trust_rmse']:.4f}",
            f"{row['trust_crps']:.4f}", row["trade_difference"], row["trust_difference"],
        ]
        for row in rows
    ]  # fmt: skip
    table(headers, lines, headers[1:])
    return 0
