"""The bootstrap of the hindcast where the truth is known: ties of a state and ties of a year share their luck."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sco_sim.evidence.hindcast.scores import means, resampled
from tests.verification.coverage import monte_carlo_error, share

STATES, YEARS = 10, 10
FIRST, SECOND = np.triu_indices(STATES, 1)
ENDS = np.tile(np.column_stack([FIRST, SECOND]), (YEARS, 1))
TIE = np.tile(np.arange(len(FIRST)), YEARS)
YEAR = np.repeat(np.arange(YEARS), len(FIRST))
SHARED = [(0.5, 1.0, 0.0), (0.5, 1.0, 0.5), (0.3, 1.0, 1.0), (0.0, 0.5, 1.0)]
"""Standard deviations of what ties of a state share, of a tie, and of what ties of a year share."""


@lru_cache(maxsize=2)
def samples(years: bool) -> np.ndarray:
    """The samples that `sco-sim hindcast` takes, with or without those of years; they do not depend on the figures."""
    return resampled(ENDS, YEAR[:, None]) if years else resampled(ENDS)


def covered(rng: np.random.Generator, shared: tuple[float, float, float], years: bool = True) -> bool:
    """Whether the 5-95 % interval of a mean difference of scores holds its truth, which is zero."""
    counts = (STATES, len(FIRST), YEARS)
    of_state, of_tie, of_year = (rng.normal(0.0, sd, count) for sd, count in zip(shared, counts, strict=True))
    gap = of_state[ENDS].sum(axis=1) + of_tie[TIE] + of_year[YEAR] + rng.normal(size=len(TIE))
    low, high = np.quantile(means({"gap": gap}, samples(years))["gap"], [0.05, 0.95])
    return bool(low <= 0.0 <= high)


@pytest.mark.slow
@pytest.mark.parametrize("shared", SHARED)
def test_intervals_of_the_hindcast_cover(shared: tuple[float, float, float]) -> None:
    """Catches a bootstrap over ties, rows or states alone; ten of either unit are few, so 90 % covers 85 to 97."""
    got, error = share(lambda rng: covered(rng, shared)), monte_carlo_error(0.9)
    print(f"states {shared[0]}, ties {shared[1]}, years {shared[2]}: covers {100 * got:.1f} % (+- {100 * error:.1f})")
    assert 0.85 - error <= got <= 0.97 + error


@pytest.mark.slow
def test_states_alone_are_too_sure_where_years_share_their_luck() -> None:
    """The same small, and what the years are for."""
    both = share(lambda rng: covered(rng, SHARED[-1]), 60)
    alone = share(lambda rng: covered(rng, SHARED[-1], years=False), 60)
    assert both > 0.7
    assert alone < 0.7
