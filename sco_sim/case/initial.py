"""The initial state: what is known of every variable at the start, and one draw of it a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sco_sim.case.case import Case
from sco_sim.case.filters import (
    NO_YEAR,
    Estimate,
    TrustEstimate,
    enough,
    filter_trade,
    filter_trust,
    gravity_regressors,
    regress,
    shipped_case,
    shipped_ties,
)
from sco_sim.case.ledger import Ledger
from sco_sim.errors import CaseError
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import setting_uniforms
from sco_sim.world.ties import Ties

#: Fewest directed series of students before the start for a gravity prediction of those that are not listed.
ENOUGH_SERIES = 30
#: Initial variables that are not known exactly.
DRAWN = ("trust_level", "trust_deviation", "trade", "people", "students_ab", "students_ba")


@dataclass(frozen=True)
class Initial:
    """Distributions at the start of the horizon; `unseen` marks directed student series predicted from gravity."""

    trust: TrustEstimate
    trade: Estimate
    people: Estimate
    students_ab: Estimate
    students_ba: Estimate
    cities: Array
    security: Array
    years_since_dispute: Array
    #: (state,) ln GDP of the last year known up to the start, and years from it to the start
    log_gdp: Array
    gdp_age: Array
    unseen: Mapping[str, Array]

    def draw(self, luck: Mapping[str, Array], unseen_shift: Array) -> dict[str, Array]:
        """One draw a setting of every initial variable, name -> (setting, tie or state).

        Args:
            luck: Standard normals of each setting, as `initial_luck` makes them.
            unseen_shift: The parameter students.unseen_shift of each setting, shape (setting,).
        """
        trust, first, second = self.trust, luck["trust_level"], luck["trust_deviation"]
        slope = trust.covariance / trust.level_sd
        own = np.sqrt(np.maximum(trust.deviation_sd**2 - slope**2, 0.0))
        shape = first.shape
        out = {
            "trust_level": trust.level + trust.level_sd * first,
            "trust_deviation": trust.deviation + slope * first + own * second,
            "trade": self.trade.mean + self.trade.sd * luck["trade"],
            "people": self.people.mean + self.people.sd * luck["people"],
            "cities": np.broadcast_to(self.cities, shape),
            "security": np.broadcast_to(self.security, shape),
            "years_since_dispute": np.broadcast_to(self.years_since_dispute, shape),
        }
        shift = unseen_shift[:, None]
        for name, known in (("students_ab", self.students_ab), ("students_ba", self.students_ba)):
            out[name] = known.mean + known.sd * luck[name] + shift * self.unseen[name]
        return out


def initial_luck(seed: int, settings: Sequence[int], ties: int, centre: bool) -> dict[str, Array]:
    """Standard normals of the variables that are drawn, name -> (setting, tie); zeros, for the means, if `centre`."""
    if centre:
        return dict.fromkeys(DRAWN, np.zeros((len(settings), ties)))
    return {name: ndtri(setting_uniforms(seed, settings, f"initial/{name}", ties)) for name in DRAWN}


def initial_state(start: int, case: Case, ledger: Ledger, ties: Ties, rivalry: Array) -> Initial:
    """Filter everything the tables say up to the start, made once for what it depends on.

    Raises CaseError if a state has no GDP by then.
    """
    key = ("initial", start, ties.states, rivalry.tobytes())
    return case.memo.get(key, ledger, lambda noted: _initial_state(start, case, noted, ties, rivalry))


def _initial_state(start: int, case: Case, ledger: Ledger, ties: Ties, rivalry: Array) -> Initial:
    where, memo = (start, ties.states), case.memo
    students, unseen = memo.get(("students", *where), ledger, lambda noted: _students(case, noted, ties, start))
    gdp, age = memo.get(("gdp", *where), ledger, lambda _: _gdp(case, ties, start))
    return Initial(
        trust=filter_trust(case, ledger, ties, start, rivalry),
        trade=memo.get(("trade", *where), ledger, lambda noted: filter_trade(case, noted, ties, start)),
        people=memo.get(("people", *where), ledger, lambda noted: _people(case, noted, ties, start)),
        students_ab=students["students_ab"],
        students_ba=students["students_ba"],
        cities=case.tie_column("sister_cities", "twinned_places", ties, 0.0),
        security=memo.get(("security", *where), ledger, lambda _: np.log1p(case.exercises(ties, start))),
        years_since_dispute=memo.get(("since", *where), ledger, lambda _: _since_dispute(case, ties, start)),
        log_gdp=gdp,
        gdp_age=age,
        unseen=unseen,
    )


def _gdp(case: Case, ties: Ties, start: int) -> tuple[Array, Array]:
    """Ln GDP of the last year known up to the start, and the years from it to the start, each (state,)."""
    known, last = case.last_gdp(ties.states, start)
    missing = [iso for iso, value in zip(ties.states, known, strict=True) if np.isnan(value)]
    if missing:
        raise CaseError(f"no GDP up to {start} for {', '.join(missing)}; start later or leave the state out")
    return known, start - last


def _people(case: Case, ledger: Ledger, ties: Ties, start: int) -> Estimate:
    """Airport pairs of the last year up to the start, else the first year there is, aged by the channel's noise.

    A case without the table takes those that gravity predicts from the shipped case.
    """
    noise = ledger["people.noise"].central
    if case.table("air_links").empty:
        other, others = shipped_case(), shipped_ties()
        known, _, _ = _airport_pairs(other, others, start)
        x, at = gravity_regressors(other, others, start), gravity_regressors(case, ties, start)
        predicted, residual = regress(x, np.log1p(known), at)
        return Estimate(np.maximum(predicted, 0.0), np.full(len(ties), residual), np.full(len(ties), float(NO_YEAR)))
    pairs, seen, year = _airport_pairs(case, ties, start)
    sd = noise * np.sqrt(max(abs(start - year), 1))
    return Estimate(np.log1p(pairs), np.full(len(ties), sd), np.where(seen, float(year), float(NO_YEAR)))


def _airport_pairs(case: Case, ties: Ties, start: int) -> tuple[Array, Array, int]:
    """Airport pairs, 0 where none are listed, whether they are listed, each (tie,), and the year they are of."""
    wide = case.table("air_links").pivot(index="year", columns=["iso3_a", "iso3_b"], values="airport_pairs")
    year = max((y for y in wide.index if y <= start), default=int(wide.index.min()))
    row = wide.loc[year].reindex(pd.MultiIndex.from_tuples(ties.pairs))
    count: Array = row.fillna(0.0).to_numpy(dtype=float)
    return count, np.isfinite(row.to_numpy(dtype=float)), int(year)


def _student_series(case: Case, ties: Ties, start: int) -> tuple[Array, Array, Array]:
    """Gravity regressors, ln(1 + students) and year of the last observation up to the start, NaN if unlisted.

    The first axis holds all series from the first to the second end, then all from the second to the first.
    """
    table = case.table("students").sort_values("year")
    before = table[table["year"] <= start].groupby(["iso3_origin", "iso3_destination"]).last()
    if len(before) < ENOUGH_SERIES:  # too early for the source: its first observations are the nearest there are
        before = table.groupby(["iso3_origin", "iso3_destination"]).first()
    regressors = gravity_regressors(case, ties, start)
    turned = regressors[:, [0, 2, 1, 3, 4, 5]]  # the other way round: sizes swap
    both = [*ties.pairs, *((b, a) for a, b in ties.pairs)]
    if before.empty:
        unlisted = np.full(len(both), np.nan)
        return np.vstack([regressors, turned]), unlisted, unlisted
    part = before.reindex(pd.MultiIndex.from_tuples(both))
    count, year = (part[column].to_numpy(dtype=float) for column in ("students_persons", "year"))
    return np.vstack([regressors, turned]), np.log1p(count), year


def _students(case: Case, ledger: Ledger, ties: Ties, start: int) -> tuple[dict[str, Estimate], dict[str, Array]]:
    """Last observation of each directed series up to the start, aged; unlisted series from gravity.

    Where the case lists no more series than the equation has coefficients, those of the shipped case are added.
    """
    at, y, known_year = _student_series(case, ties, start)
    seen = ~np.isnan(y)
    x, known = at[seen], y[seen]
    if not enough(known, x):
        others, lent, _ = _student_series(shipped_case(), shipped_ties(), start)
        listed = ~np.isnan(lent)
        x, known = np.vstack([x, others[listed]]), np.concatenate([known, lent[listed]])
    predicted, residual = regress(x, known, at)
    noise = ledger["students.noise"].central
    forgetting = 1.0 - (1.0 - ledger["students.adjustment"].central) ** 2
    out, unseen = {}, {}
    for half, name in ((slice(0, len(ties)), "students_ab"), (slice(len(ties), None), "students_ba")):
        listed = seen[half]
        age = np.maximum(np.abs(start - np.where(listed, known_year[half], start)), 1.0)
        aged = noise * np.sqrt(np.minimum(age, 1.0 / forgetting if forgetting > 0.0 else np.inf))
        out[name] = Estimate(
            np.where(listed, y[half], predicted[half]),
            np.where(listed, aged, residual),
            np.where(listed, known_year[half], float(NO_YEAR)),
        )
        unseen[name] = (~listed).astype(float)
    return out, unseen


def _since_dispute(case: Case, ties: Ties, start: int) -> Array:
    """Years since the last militarised dispute or interstate conflict in the tables, 99 if none."""
    years = range(case.first_year("tie_years", start), start + 1)
    onset = np.nan_to_num(case.tie_path("mid_onsets", ties, years)) > 0.0
    conflict = np.nan_to_num(case.tie_path("ucdp_intensity", ties, years)) > 0.0
    calendar = np.array(list(years), dtype=float)[:, None]
    last = np.where(onset | conflict, calendar, -np.inf).max(axis=0)
    since: Array = np.minimum(start - last, 99.0)
    return since
