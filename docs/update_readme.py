"""Rewrites the tables and the picture of the README from the commands it shows.

    python docs/update_readme.py [--speed]

Runs the README's comparison into a temporary folder, writes docs/figures/report.png (by Chromium) and the table marked
`first`; copies the table of docs/benchmark.md to the mark `speed`, with --speed after running the benchmark again.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SCENARIOS = ["baseline", "people_to_people", "sister_cities", "trade_corridors", "combined"]
OUTCOMES = {
    "conflict_share_observed_mean": ("conflict share, %", 100.0),
    "trade_total_busd": ("trade, bn USD of 2015", 1.0),
    "people_index": ("airport pairs", 1.0),
    "cities_total": ("twinned places", 1.0),
}
SHOWN = {
    "conflict_share_observed_mean": ("combined",),
    "trade_total_busd": ("sister_cities", "trade_corridors", "combined"),
    "people_index": ("people_to_people", "combined"),
    "cities_total": ("sister_cities", "combined"),
}
"""Scenarios with a row for each outcome: eight rows at most; the command prints the rest."""


def put(name: str, table: str) -> None:
    """Replace what stands between the marks of one table."""
    text = README.read_text(encoding="utf-8")
    marks = rf"(<!-- table:{name} -->\n).*?(<!-- /table:{name} -->)"
    README.write_text(re.sub(marks, lambda m: f"{m[1]}{table}\n{m[2]}", text, flags=re.DOTALL), encoding="utf-8")


def comparison() -> str:
    """The rows of the final year as Markdown; also draws the picture of the report."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["compare", *SCENARIOS, "--worlds", "200", "--report", "--out", f"{folder}/first"]
        subprocess.run([sys.executable, "-m", "sco_sim", *command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        table = pd.read_csv(f"{folder}/first/comparison.csv")
        picture = [str(ROOT / "docs" / "build_picture.py"), f"{folder}/first/report.html"]
        subprocess.run([sys.executable, *picture, str(ROOT / "docs" / "figures" / "report.png")], check=True)
    last = table[table["year"] == table["year"].max()]
    lines = [
        "| outcome | scenario | difference | 5-95 % | better | prior | pairs | evidence |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for outcome, (words, scale) in OUTCOMES.items():
        for row in last[(last["outcome"] == outcome) & last["scenario"].isin(SHOWN[outcome])].itertuples():
            numbers = [scale * float(str(x)) for x in (row.difference, row.low_05, row.high_95)]
            if not any(numbers):
                continue
            digits = 2 if abs(numbers[2] - numbers[1]) < 10 else 0
            mean, low, high = (f"{round(x, digits) + 0.0:+.{digits}f}" for x in numbers)  # no minus before zero
            prior = "-" if pd.isna(row.prior_chance_better) else f"{float(str(row.prior_chance_better)):.0%}"
            cells = [words, row.scenario, mean, f"{low} to {high}", f"{row.chance_better:.0%}", prior]
            lines.append(
                "| "
                + " | ".join([*map(str, cells), f"{100 * float(str(row.superiority)):.0f}", str(row.evidence)])
                + " |"
            )
    return "\n".join(lines)


def speed() -> str:
    """What the benchmark writes into docs/benchmark.md: how it was measured, and its first table."""
    page = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    return page.split("\n\n", 1)[1].split("\n\n| what varies")[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--speed", action="store_true", help="run the benchmark again")
    again = parser.parse_args().speed
    put("first", comparison())
    if again:
        script = ROOT / "experiments" / "benchmark" / "benchmark.py"
        subprocess.run([sys.executable, str(script)], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    put("speed", speed())
