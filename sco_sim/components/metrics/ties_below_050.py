"""Ties with trust below 0.5."""

from __future__ import annotations

from sco_sim.components.trust_metric import TiesBelow


class TiesBelow050(TiesBelow):
    """Number of ties whose trust is below 0.5."""

    title = "Ties with trust below 0.5"
    level = 0.5
