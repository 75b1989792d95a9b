"""`python -m sco_sim` is `sco-sim`."""

from __future__ import annotations

from sco_sim.cli.main import main

if __name__ == "__main__":
    main()
