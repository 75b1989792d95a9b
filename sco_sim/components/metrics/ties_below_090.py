"""Ties with trust below 0.9."""

from __future__ import annotations

from sco_sim.components.trust_metric import TiesBelow


class TiesBelow090(TiesBelow):
    """Number of ties whose trust is below 0.9."""

    title = "Ties with trust below 0.9"
    level = 0.9
