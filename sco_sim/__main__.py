"""`python -m sco_sim` is `sco-sim`."""

from __future__ import annotations

import gc
import sys

GARBAGE = 20_000, 10, 10
"""Objects between two looks for garbage, and looks between two deeper ones: a command makes hundreds of thousands that
last as long as it does, and Python's own thresholds search them again and again, a fifth of a short command."""


def main() -> None:
    """Entry point: signals are caught before anything large is loaded, so an early Ctrl-C leaves no traceback."""
    gc.set_threshold(*GARBAGE)
    try:
        from sco_sim.cli.process import catch_signals

        catch_signals()
        from sco_sim.cli.main import main as command

        command()
    except KeyboardInterrupt as error:
        if sys.stderr is not None:
            print("\nInterrupted.", file=sys.stderr)
        sys.exit(getattr(error, "exit_code", 130))


if __name__ == "__main__":
    main()
