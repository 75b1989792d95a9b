"""What is declared of a state variable."""

from __future__ import annotations

from dataclasses import dataclass

INF = float("inf")


@dataclass(frozen=True)
class Variable:
    """One array of the state. Outside the declared bounds a value is wrong."""

    name: str
    axis: str
    """`tie` (world, tie), `state` (world, state), `agreement` (world, agreement), `agreement_state` (world, agreement,
    state) or `world` (world,)."""
    unit: str
    low: float
    high: float
    text: str
    """What it means, in a few words."""
