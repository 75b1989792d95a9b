"""Protection of heritage."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.fields import Share
from sco_sim.numerics.functions import mean_where

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class HeritageProtection(Programme):
    """Joint care for heritage: it wards off part of the loss, hunts traffickers, digs together and shows the finds.

    Source: rows B22, C15, C20 and C24 of documents D1 and D2; no effect of heritage work on relations between states is
    published. More exhibitions add less and less: the documents ask for their number, not their depth.

    Example:
        heritage_protection: {anti_trafficking: 0.5, joint_archaeology: 0.5, exhibitions_per_year: 3, start: 2023}
    """

    anti_trafficking: Share = 0.5
    """Extent of joint work against trafficking in finds, 0 to 1."""
    joint_archaeology: Share = 0.5
    """Extent of joint digs, monitoring and cataloguing, 0 to 1."""
    exhibitions_per_year: float = Field(2.0, ge=0.0, le=1000.0)
    """Joint exhibitions a year."""
    cost_per_exhibition_musd: float = Field(2.0, ge=0.0)
    """Outlay per exhibition at full strength, million USD of 2015 (judgement)."""
    cost_per_tie_musd: float = Field(0.5, ge=0.0)
    """Outlay per tie and year for all the rest at full extent and strength, million USD of 2015 (judgement)."""

    doses = ("exhibitions_per_year", "joint_archaeology", "anti_trafficking")
    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "binding"
    parameters = (
        "heritage_protection.shield", "heritage_protection.security", "heritage_protection.people",
        "heritage_protection.trust",
    )  # fmt: skip
    writes = ("effect_shield_heritage", "effect_security", "effect_people", "effect_trust")
    rows = ("B22", "C15", "C20", "C24")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        shown = float(np.log1p(self.exhibitions_per_year))
        self.ward_off(year, strength * self.joint_archaeology, "heritage")
        self.shift(year, strength * self.anti_trafficking, "security")
        self.shift(year, strength * shown, "people")
        self.shift(year, strength * (self.joint_archaeology + shown), "trust")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Exhibitions cost by number, the rest by its extent on every tie, shape (world,)."""
        shown: Array = self.exhibitions_per_year * mean_where(strength, strength > 0.0)[:, 0]
        extent = 0.5 * (self.anti_trafficking + self.joint_archaeology)
        return self.cost_per_exhibition_musd * shown + super().outlay(year, strength * extent)
