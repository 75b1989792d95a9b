"""One thing that varies in a sweep: where it stands in the scenario, and what it can be."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sco_sim.errors import Problem, ScenarioError
from sco_sim.fields import Part

Kind = Literal["continuous", "integer", "categorical", "boolean"]
SHARED = ("horizon", "states", "name", "title", "question", "without")
"""What every point has in common, so that its worlds can be compared in pairs."""


class Factor(Part):
    """One thing that varies: where it stands in the scenario, and what it can be."""

    path: str = Field(pattern=r"^[a-z_]+(\.[A-Za-z0-9_#-]+)*$")
    """Path as `--set` takes it, e.g. policies.sister_cities.new_pairs_per_year or parameters.trust.persistence."""
    kind: Kind = "continuous"
    """continuous, integer, categorical or boolean."""
    low: float | None = None
    """Lowest value, of continuous and integer factors; of a parameter, the 5 % of the ledger if left out."""
    high: float | None = None
    """Highest value, of continuous and integer factors; of a parameter, the 95 % of the ledger if left out."""
    values: Annotated[tuple[Any, ...], Field(strict=False, min_length=2)] | None = None
    """What a categorical factor can be, as the scenario file would write it."""
    role: Literal["lever", "uncertainty"] = "uncertainty"
    """Whether somebody decides it (lever) or nobody knows it (uncertainty)."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        numeric = self.kind in ("continuous", "integer")
        if numeric and (self.values is not None or (self.low is None) != (self.high is None)):
            raise ValueError(f"a {self.kind} factor has `low` and `high`, and no `values`")
        if not numeric and (self.low is not None or self.high is not None):
            raise ValueError(f"a {self.kind} factor has no `low` and `high`")
        if (self.kind == "categorical") != (self.values is not None):
            raise ValueError("a categorical factor, and no other, has `values`")
        for number, value in enumerate(self.values or ()):
            if any(_same(value, other) for other in (self.values or ())[:number]):
                raise ValueError(f"{value} is there twice among the `values`, which would give it twice the weight")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        if self.low is not None and self.high is not None and not math.isfinite(self.high - self.low):
            raise ValueError(f"from {self.low:g} to {self.high:g} is too far to calculate with")
        if self.kind == "integer" and any(end is not None and end % 1 for end in (self.low, self.high)):
            raise ValueError("the ends of an integer factor are whole numbers")
        if self.path.split(".")[0] in SHARED:
            raise ValueError(f"`{self.path.split('.')[0]}` is shared by all points of a sweep and cannot vary")
        if self.path.startswith("parameters.") and not numeric:
            raise ValueError("a parameter of the ledger is continuous")
        return self

    @property
    def ledger(self) -> str:
        """Name of the parameter of the ledger it fixes, or nothing."""
        return self.path.removeprefix("parameters.") if self.path.startswith("parameters.") else ""

    @property
    def count(self) -> int:
        """How many values it can take; 0 for a continuous one or one without ends."""
        if self.kind == "boolean":
            return 2
        if self.values is not None:
            return len(self.values)
        if self.kind != "integer" or self.low is None or self.high is None:
            return 0
        return int(self.high - self.low) + 1

    def at(self, u: float) -> Any:
        """The value at a position in the unit interval: linear, or one of its values in equal parts."""
        if self.kind == "continuous":
            if self.low is None or self.high is None:
                raise ScenarioError(Problem(f"the factor {self.path} has no ends", "give `low` and `high`, or read it "
                                            "with `load_experiment`, which takes those of the ledger"))  # fmt: skip
            return self.low + u * (self.high - self.low)
        number = min(int(u * self.count), self.count - 1)
        if self.kind == "integer":
            return int(self.low or 0) + number
        return bool(number) if self.values is None else self.values[number]

    def numeric(self, value: Any) -> float:
        """A value as a number: a categorical one as its index among the values."""
        return float(value if self.values is None else self.values.index(value))

    def unit(self, value: Any) -> float:
        """The inverse of `at`; the middle of its part for a value of a finite set, NaN without ends."""
        if self.kind == "continuous":
            return (
                float("nan") if self.low is None or self.high is None else (value - self.low) / (self.high - self.low)
            )
        first = self.low or 0.0 if self.kind == "integer" else 0.0
        return (self.numeric(value) - first + 0.5) / self.count if self.count else float("nan")


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a factor are the same: 5 and 5.0 are, 1 and true are not."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
