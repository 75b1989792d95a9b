"""Prints a digest of the numbers of every shipped scenario, to hold beside that of another state of the code.

`python -m tests.baseline.bits > before.txt`, change the code, `python -m tests.baseline.bits | diff before.txt -`:
no line differs where every bit of every stored world is the same.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sco_sim import load_scenario, run
from tests.worlds import ROOT

WORLDS = 8


def main() -> None:
    """One line a scenario: its name and the SHA-256 over the bits of its worlds."""
    with TemporaryDirectory() as folder:
        for path in sorted((ROOT / "scenarios").glob("*.yaml")):
            stored = run(load_scenario(path), worlds=WORLDS, out=Path(folder) / path.stem)
            print(path.stem, stored.trajectories_digest(), flush=True)


if __name__ == "__main__":
    main()
