"""The engine's worlds from an origin: tables cut at it, the ledger fitted to it, and what would be observed of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.case.age import Age
from sco_sim.case.case import Case
from sco_sim.case.cut import CutCase
from sco_sim.case.filters import trade_observations
from sco_sim.engine.build import build_model
from sco_sim.evidence.calibration.origin import fitted_case
from sco_sim.evidence.calibration.stages import STUDENT_ERROR
from sco_sim.evidence.events import EVENTS, FIRST
from sco_sim.evidence.hindcast.panel import Gdp
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.world.ties import Ties

WORLDS, SEED = 400, 1
AHEAD = 6
"""Years that are simulated from an origin."""
USUAL = 5
"""Observations behind the usual error of a tie's reports, and the usual number of its events."""
UNKNOWN = 0.4
"""Error of the reports of a tie that never had one (ln)."""
INFLATION_YEARS = 10
"""Years of the US deflator whose mean growth goes on after the origin."""


@dataclass(frozen=True)
class Worlds:
    """Worlds from an origin as the state holds them, each (world, year, tie or series)."""

    case: Case
    """What they know."""
    ties: Ties
    origin: int
    trade: Array
    """Ln USD of 2015, by tie."""
    students: Array
    """Ln(1 + persons), by series: both directions of every tie."""
    trust: Array
    """Logit of cooperation, level and deviation, by tie."""
    gdelt: Array
    """Logit of the GDELT balance that goes with it, by tie."""
    disputes: Array
    """1 where a dispute broke out, by tie."""


def simulate(
    scenario: Scenario, case: Case, worlds: int = WORLDS, seed: int = SEED, until: int | None = None
) -> Worlds:
    """Run the engine from the start of a scenario to its end, or `until`, every world with a setting of its own."""
    model = build_model(scenario, case=case, worlds=worlds, replicates=1, seed=seed)
    kept: dict[str, list[Array]] = {name: [] for name in ("trade", "students", "trust", "gdelt", "disputes")}
    p, state = model.year.p, model.state
    last = scenario.horizon.end if until is None else until
    while model.year.year < last:
        model.step()
        trust = state.trust_level + state.trust_deviation
        kept["trade"].append(state.trade.copy())
        kept["students"].append(np.concatenate([state.students_ab, state.students_ba], axis=1))
        kept["trust"].append(trust)
        kept["gdelt"].append(p["trust.gdelt_intercept"] + p["trust.gdelt_slope"] * trust)
        kept["disputes"].append((state.dispute > 0.0).astype(float))
    arrays = {name: np.stack(years, axis=1) for name, years in kept.items()}
    return Worlds(case, Ties(scenario.states), scenario.horizon.start, **arrays)


class Origins:
    """Worlds from any origin of a case; fits and worlds are made once.

    The scenario is the plain one: no policy and no event after the origin, as nobody knew of them.
    """

    def __init__(self, case: Case, studied: Sequence[str], worlds: int = WORLDS, seed: int = SEED) -> None:
        self.case, self.studied = case, tuple(sorted(studied))
        self._worlds, self._seed = worlds, seed
        self._cases: dict[tuple[int, Gdp], CutCase] = {}
        self._runs: dict[tuple[int, Gdp], Worlds] = {}

    def known(self, origin: int, gdp: Gdp = "drawn") -> CutCase:
        """The case as it was known at an origin, with the ledger fitted to it."""
        if (origin, gdp) not in self._cases:
            if gdp == "realised":
                case = CutCase(self.case, origin, self.studied, realised_gdp=True)
                case.ledger = self.known(origin).ledger
            else:
                case = fitted_case(self.case, origin, self.studied)
            self._cases[origin, gdp] = case
        return self._cases[origin, gdp]

    @property
    def ages(self) -> dict[int, tuple[Age, ...]]:
        """How old the evidence was at every origin that was asked for so far."""
        return {origin: self.case.ages(self.studied, origin) for origin in sorted({one for one, _ in self._cases})}

    def worlds(self, origin: int, gdp: Gdp) -> Worlds:
        """Worlds of the six years after an origin."""
        if (origin, gdp) not in self._runs:
            scenario = Scenario(
                name="hindcast",
                title="",
                question="",
                horizon=Horizon(start=origin, end=origin + AHEAD),
                nowcast=True,
                states=self.studied,
            )
            self._runs[origin, gdp] = simulate(scenario, self.known(origin, gdp), self._worlds, self._seed)
        return self._runs[origin, gdp]


def would_observe(worlds: Worlds, channel: str, seed: int = SEED) -> Array:
    """Draws of what would be observed of a channel, with the error of the observations, (world, year, column)."""
    read: Callable[[Worlds, np.random.Generator], Array] = _OBSERVED[channel]
    return read(worlds, np.random.default_rng(seed))


def _trade(worlds: Worlds, rng: np.random.Generator) -> Array:
    """Ln current USD; each tie's reports err as they did last, and the US deflator is realised with GDP or goes on."""
    case, ties, horizon = worlds.case, worlds.ties, worlds.trade.shape[1]
    _, errors = trade_observations(case, case.ledger, ties, _before(worlds))
    error = np.nan_to_num(last_mean(errors, USUAL), nan=UNKNOWN)
    known = case.deflator.dropna()
    inflation = float(np.diff(np.log(known.loc[: worlds.origin].to_numpy(dtype=float)))[-INFLATION_YEARS:].mean())
    price = []
    for year in range(worlds.origin + 1, worlds.origin + horizon + 1):
        last = min(year, int(known.index.max()))
        price.append(np.log(known.loc[last]) + inflation * (year - last))
    prices: Array = np.array(price, dtype=float)[:, None]
    return worlds.trade + prices + error * rng.standard_normal(worlds.trade.shape)


def _students(worlds: Worlds, rng: np.random.Generator) -> Array:
    """Ln(1 + persons)."""
    return worlds.students + STUDENT_ERROR * rng.standard_normal(worlds.students.shape)


def _events(worlds: Worlds, rng: np.random.Generator) -> Array:
    """Share of conflictual events; a tie has as many events as it had, and they scatter as in the fit."""
    case, ties = worlds.case, worlds.ties
    years = range(FIRST, max(worlds.origin, FIRST) + 1)
    total = case.tie_path("icews_cooperative_events", ties, years) + case.tie_path(
        "icews_conflictual_events", ties, years
    )
    events = np.maximum(np.nan_to_num(last_mean(total, USUAL)), EVENTS)
    share = 1.0 - expit(worlds.trust)
    spread = np.sqrt(case.ledger["trust.overdispersion"].central * share * (1.0 - share) / events)
    return np.clip(share + spread * rng.standard_normal(share.shape), 0.0, 1.0)


def _days(worlds: Worlds, rng: np.random.Generator) -> Array:
    """Share of conflict in the GDELT balance."""
    noise = worlds.case.ledger["trust.gdelt_noise"].central
    return 1.0 - expit(worlds.gdelt + noise * rng.standard_normal(worlds.gdelt.shape))


def _disputes(worlds: Worlds, rng: np.random.Generator) -> Array:
    """1 where a dispute broke out; what is recorded is taken to be so."""
    del rng
    return worlds.disputes


_OBSERVED: dict[str, Callable[[Worlds, np.random.Generator], Array]] = {
    "trade": _trade, "students": _students, "conflict (ICEWS)": _events, "conflict (GDELT)": _days,
    "disputes": _disputes,
}  # fmt: skip


def _before(worlds: Worlds) -> range:
    return range(worlds.case.first_trade_year(worlds.origin), worlds.origin + 1)


def last_mean(y: Array, count: int) -> Array:
    """Mean of the last `count` observations of each column, NaN where there is none, (column,)."""
    seen = np.isfinite(y)
    recent = seen[::-1].cumsum(axis=0)[::-1] <= count
    used = seen & recent
    number = used.sum(axis=0)
    return np.where(number > 0, np.where(used, y, 0.0).sum(axis=0) / np.maximum(number, 1), np.nan)
