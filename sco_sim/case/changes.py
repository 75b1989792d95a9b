"""What a scenario may change in a case: ranges of the ledger, and who may become a member."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sco_sim.fields import CalendarYear, Part


class Candidate(Part):
    """A state that may become a member by chance."""

    chance: float = Field(ge=0.0, le=1.0)
    """Chance of accession in each year from `start` on."""
    start: CalendarYear
    """First year in which it may be admitted."""


class Override(Part):
    """Another range for a parameter of the ledger, or one value for it. A plain number stands for `value`."""

    low: float | None = None
    """5 % quantile; the ledger's if left out."""
    high: float | None = None
    """95 % quantile; the ledger's if left out."""
    value: float | None = None
    """Fixes the parameter: no draw. Leave the others out."""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: object) -> object:
        return {"value": data} if isinstance(data, int | float) and not isinstance(data, bool) else data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if self.value is not None and bounds:
            raise ValueError("`value` fixes the parameter: leave out `low` and `high`")
        if self.value is None and not bounds:
            raise ValueError("it changes nothing: give `low`, `high` or `value`")
        if bounds != sorted(bounds):
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self
