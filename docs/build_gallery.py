"""Writes docs/gallery.md and its pictures: every figure that a command draws, from small runs of the shipped scenarios.

    python docs/build_gallery.py

About two minutes. The figures are the same files for the same numbers, so that what changes is what the model says.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
PICTURES = ROOT / "figures" / "gallery"


class Shown(NamedTuple):
    """A figure: the command that draws it, the file it writes, and what it shows."""

    title: str
    command: str
    file: str
    words: str


COMPARE = "sco-sim compare baseline sister_cities trade_corridors combined --worlds 100 --out results/cmp"
SWEEP = "sco-sim sweep experiments/rules_and_cities.yaml --out results/cities"
COMPARED, SWEPT = "results/cmp/figures", "results/cities/figures"
FIGURES = (
    Shown("Paired differences over the years", "sco-sim plot results/cmp --figure outcomes_difference",
          f"{COMPARED}/outcomes_difference.png", "Scenario less reference, world by world: mean and 5-95 % of worlds."),
    Shown("All outcomes on one axis", "sco-sim plot results/cmp --figure difference", f"{COMPARED}/difference.png",
          "In units of the spread between histories of the same parameters; shaded: chance alone does as much."),
    Shown("Levels over the years", "sco-sim plot results/cmp --figure outcomes", f"{COMPARED}/outcomes.png",
          "Mean and 5-95 % of worlds; the ring is the state observed at the start."),
    Shown("What becomes of each agreement", "sco-sim plot results/cmp --figure agreements",
          f"{COMPARED}/agreements_combined.png",
          "Share of worlds in which it waits, is signed, in force and half delivered; at the right who held out."),
    Shown("Who pays and who gains", "sco-sim plot results/cmp --figure payers", f"{COMPARED}/payers_combined.png",
          "By state: what the scenario costs it and how much more it trades; at the right USD of trade gained for each "
          "USD of outlay, where it surely pays (`ratio` in payers.csv). Trade is not income."),
    Shown("Every tie", "sco-sim plot results/cmp --figure matrix", f"{COMPARED}/matrix_combined.png",
          "Below the diagonal trade in %, above it conflict in points; grey numbers: the sign of the mean is open."),
    Shown("Winners and losers", "sco-sim plot results/cmp --figure winners", f"{COMPARED}/winners_combined.png",
          "States and ties with the largest differences; coloured where 95 % of worlds agree on the sign."),
    Shown("The graph of ties", "sco-sim plot results/cmp --figure graph", f"{COMPARED}/graph_combined.png",
          "As the scenario begins and at its end: width is trade, colour conflict."),
    Shown("An outcome over a lever, by decision rule", "sco-sim plot results/cities --figure response",
          f"{SWEPT}/response_cities_total.png",
          "Of a sweep: paired differences from the first point with 95 % intervals; two numeric factors make maps."),
    Shown("Decision rules side by side", "sco-sim rules combined --worlds 50 --out results/rules",
          "results/rules/rules.png", "Share of worlds that adopt each agreement under each rule, and what follows."),
    Shown("Promises of the documents", "sco-sim effects --worlds 50 --out results/effects.csv", "results/effects.png",
          "Each policy and event alone: the arrow is the promise, the colour what became of it."),
    Shown("What it would take", "sco-sim threshold sister_cities --parameter trust.contact_effect --parameter "
          "cities.trade --outcome trade_total_busd --by 10 --worlds 50 --out results/threshold",
          "results/threshold/threshold.png",
          "Share of worlds that get there at each value, the value needed, and beside it what the evidence has."),
    Shown("The cascade of a quarrel", "sco-sim cascade combined --tie IND-PAK --worlds 50 --out results/cascade",
          "results/cascade/cascade.png", "What a quarrel changes, year by year, and what one on each tie costs."),
)  # fmt: skip


def main() -> None:
    """Run the commands in a temporary folder, keep the pictures, write the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "experiments").symlink_to(ROOT.parent / "experiments")
        for command in dict.fromkeys([COMPARE, SWEEP, *(one.command for one in FIGURES)]):
            print(command, flush=True)
            argv = [sys.executable, "-m", "sco_sim", *shlex.split(command)[1:]]
            subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for one in FIGURES:
            (PICTURES / Path(one.file).name).write_bytes((Path(folder) / one.file).read_bytes())
    (ROOT / "gallery.md").write_text(page(), encoding="utf-8")


def page() -> str:
    """The page."""
    parts = [
        "# Gallery\n\n<!-- written by docs/build_gallery.py; do not edit -->\n\n"
        "Every figure for papers, drawn again by `python docs/build_gallery.py`. `sco-sim plot DIR` draws all that a "
        "folder has as PNG and SVG; `--figure NAME` draws one, `--format pdf` writes PDF. `sco-sim report DIR` makes "
        "the page to forward, with figures that answer to the keyboard.\n\n"
        f"```console\n$ {COMPARE}\n$ {SWEEP}\n```\n"
    ]
    for one in FIGURES:
        picture = f"figures/gallery/{Path(one.file).name}"
        parts.append(f"\n## {one.title}\n\n{one.words}\n\n`{one.command}`\n\n![{one.title}]({picture})\n")
    return "".join(parts)


if __name__ == "__main__":
    main()
