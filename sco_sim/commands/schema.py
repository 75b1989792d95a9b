"""`sco-sim schema`: the JSON Schema of a scenario file."""

from __future__ import annotations

from sco_sim.commands.screen.output import emit
from sco_sim.scenario.json_schema import schema


def main() -> int:
    """Print it; the exit code."""
    emit(schema())
    return 0
