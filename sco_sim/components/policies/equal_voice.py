"""Equality of voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.numerics.functions import mean_where

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class EqualVoice(Programme):
    """Equal voice and respect for sovereignty: small participants may be readier to agree.

    Source: rows A13, A15 and B5 of documents D0 and D4; no size is published, the effect is centred on zero.

    Example:
        equal_voice: {start: 2023}
    """

    cost_per_tie_musd: float = Field(0.05, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "institution"
    parameters = ("equal_voice.acceptance",)
    reads = ("log_gdp",)
    writes = ("effect_acceptance",)
    rows = ("A13", "A15", "B5")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        heard, gdp = year.of_states(strength), np.exp(year.state.log_gdp)
        small = gdp < mean_where(gdp, heard > 0.0)
        year.state.effect_acceptance[:] += year.p["equal_voice.acceptance"] * heard * small
