"""The initial state: what is known of every variable at the start, and one draw of it a setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sco_sim.case.case import Case
from sco_sim.case.energy import energy
from sco_sim.case.filters import (
    NO_YEAR,
    Centres,
    Estimate,
    TrustEstimate,
    filter_trade,
    filter_trust,
)
from sco_sim.case.gravity import all_ties, enough, gravity_regressors, regress
from sco_sim.case.ledger import Ledger
from sco_sim.case.listing import Listing, fit_listing
from sco_sim.case.stocks import stock
from sco_sim.errors import CaseError
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import with_common
from sco_sim.numerics.mixture import mixture_variance, noise_scale
from sco_sim.numerics.streams import setting_uniforms
from sco_sim.world.channels import BY_CHANNEL, CHANNELS, DRAWN, Channel
from sco_sim.world.scales import on_scale
from sco_sim.world.ties import Ties

ENOUGH_SERIES = 30
"""Fewest directed series of students before the start for a gravity prediction of those that are not listed."""


@dataclass(frozen=True)
class Initial:
    """Distributions at the start of the horizon."""

    trust: TrustEstimate
    channels: Mapping[str, Estimate]
    """State variable of an exchange channel to what is known of it, as the state holds it."""
    years_since_dispute: Array
    """Years since the last dispute, 99 if none, (tie,)."""
    log_gdp: Array
    """Ln GDP of the last year known up to the start, (state,)."""
    gdp_age: Array
    """Years from that year to the start, (state,)."""
    common: Mapping[str, Array]
    """Variables that move together after they were last observed, to the share of the variance of each tie that is
    common to all, (tie,)."""

    def unseen(self, name: str) -> Array:
        """1 where a variable was never observed on a tie and is predicted, else 0, (tie,)."""
        unseen: Array = (self.channels[name].year == NO_YEAR).astype(float)
        return unseen

    def observed(self, start: int) -> dict[str, Array]:
        """Year in which trade and trust were last observed, (tie,) each; the start for a tie that is predicted."""
        years = {"trade": self.channels["trade"].year, "trust_level": self.trust.year}
        return {name: np.where(seen == NO_YEAR, start, seen) for name, seen in years.items()}

    def grown(self, states: Sequence[str], p: Mapping[str, Array], normals: Mapping[str, Array]) -> Array:
        """Ln growth of GDP from the last year known to the start, with the noise of those years, (draw, state).

        The same shares of it as in a run are common to all states (equation 1).

        Args:
            states: Codes in the order of the ties.
            p: Draws of the ledger by name, each (draw,) or (draw, 1).
            normals: Standard normals, as `gdp_normals` makes them.
        """
        out: Array = self._of_states("mean", states, p) * self.gdp_age
        for stream, stem, share in (("growth", "spread", "volume"), ("growth.prices", "prices", "prices")):
            shared = with_common(
                normals[f"{stream}.common"], normals[stream], p[f"growth.common_{share}"].reshape(-1, 1)
            )
            out = out + self._of_states(stem, states, p) * np.sqrt(self.gdp_age) * shared
        return out

    def _of_states(self, stem: str, states: Sequence[str], p: Mapping[str, Array]) -> Array:
        return np.column_stack([p[f"growth.{stem}.{iso}"] for iso in states])

    def draw(self, normals: Mapping[str, Array], unseen_shift: Array) -> dict[str, Array]:
        """One draw a setting of every initial variable, name -> (setting, tie or state).

        Args:
            normals: Standard normals of each setting, as `initial_normals` makes them.
            unseen_shift: The parameter students.unseen_shift of each setting, shape (setting,).
        """
        own_normals = {**normals}
        for name, share in self.common.items():
            own_normals[name] = with_common(normals[f"{name}.common"], normals[name], share)
        normals = own_normals
        trust, first, second = self.trust, normals["trust_level"], normals["trust_deviation"]
        slope = trust.covariance / trust.level_sd
        own = np.sqrt(np.maximum(trust.deviation_sd**2 - slope**2, 0.0))
        out = {
            "trust_level": trust.level + trust.level_sd * first,
            "trust_deviation": trust.deviation + slope * first + own * second,
            "years_since_dispute": np.broadcast_to(self.years_since_dispute, first.shape),
        }
        for name, known in self.channels.items():
            if name in DRAWN:
                out[name] = known.mean + known.sd * normals[name]
            else:
                out[name] = np.broadcast_to(known.mean, first.shape)
        centre = self._student_centre()
        for name in BY_CHANNEL["students"].values:  # its source lists large flows only
            unseen = self.unseen(name)
            out[name] = out[name] + unseen_shift[:, None] * unseen
            if normals[name].any():
                out[name] -= centre * (1.0 - unseen)
        return out

    def _student_centre(self) -> float:
        """What draws about the flows last seen add to the log of their total in the mean.

        It is taken off every flow, so that the total is kept in the mean and small flows keep their median, as by the
        noise of the years (`Responding.sized_noise`).
        """
        seen = [self.channels[name] for name in BY_CHANNEL["students"].values]
        known = np.concatenate([one.year != NO_YEAR for one in seen])
        mean, sd = (np.concatenate([getattr(one, what) for one in seen])[known] for what in ("mean", "sd"))
        if not known.any():
            return 0.0
        return float(np.log(np.exp(mean + 0.5 * sd**2).sum() / np.exp(mean).sum()))


COMMON = ("trade", "trust_level")
"""Initial variables that move together after they were last observed."""


def initial_normals(seed: int, settings: Sequence[int], ties: Ties, centre: bool) -> dict[str, Array]:
    """Standard normals of the variables that are drawn, name -> (setting, tie); zeros, for the means, if `centre`.

    With them `<name>.common`, (setting, 1), for those that move together.
    """
    drawn = dict.fromkeys(DRAWN, ties.names) | {f"{name}.common": ("",) for name in COMMON}
    if centre:
        return {name: np.zeros((len(settings), len(units))) for name, units in drawn.items()}
    return {name: ndtri(setting_uniforms(seed, settings, f"initial/{name}", units)) for name, units in drawn.items()}


def gdp_normals(seed: int, settings: Sequence[int], ties: Ties, centre: bool) -> dict[str, Array]:
    """Standard normals of what GDP did since it was last known, by stream; zeros if `centre`.

    Of volume (`growth`) and of prices and exchange rates (`growth.prices`), (setting, state) each, with
    `<name>.common`, (setting, 1).
    """
    out = {}
    for stream, label in (("growth", "initial/gdp"), ("growth.prices", "initial/gdp.prices")):
        for name, what, units in ((stream, label, ties.states), (f"{stream}.common", f"{label}.common", ("",))):
            zero = np.zeros((len(settings), len(units)))
            out[name] = zero if centre else ndtri(setting_uniforms(seed, settings, what, units))
    return out


def initial_state(start: int, case: Case, ledger: Ledger, ties: Ties, rivalry: Array) -> Initial:
    """Filter everything the tables say up to the start, once for what it depends on.

    Raises CaseError if a state has no GDP by then.
    """
    key = ("initial", start, ties.states, rivalry.tobytes())
    return case.memo.get(key, ledger, lambda noted: _initial_state(start, case, noted, ties, rivalry))


def _initial_state(start: int, case: Case, ledger: Ledger, ties: Ties, rivalry: Array) -> Initial:
    where, memo = (start, ties.states), case.memo
    gdp, age = memo.get(("gdp", *where), ledger, lambda _: _gdp(case, ties, start))
    known: dict[str, Estimate] = {}
    for channel in CHANNELS:
        read = partial(_READERS.get(channel.name, _from_table), channel, case, ties, start)
        known |= memo.get((channel.name, *where), ledger, read)
    trust = filter_trust(case, ledger, ties, start, rivalry)
    return Initial(
        trust=trust,
        channels=known,
        years_since_dispute=memo.get(("since", *where), ledger, lambda _: _since_dispute(case, ties, start)),
        log_gdp=gdp,
        gdp_age=age,
        common=_common(ledger, start, known["trade"], trust),
    )


def _common(ledger: Ledger, start: int, trade: Estimate, trust: TrustEstimate) -> dict[str, Array]:
    """Share of the variance of trade and of the level of trust that is common to all ties, (tie,) each.

    It came in since the last observation, by the noise that all ties share in every year.
    """
    c = Centres(ledger)
    walk = c["trust.level_common"] * c["trust.level_noise"] ** 2 * c["trust.level_rate"]
    parts = (
        ("trade", trade.year, trade.sd, c["trade.common_noise"] ** 2),
        ("trust_level", trust.year, trust.level_sd, walk),
    )
    out = {}
    for name, year, sd, each in parts:
        years = np.where(year == NO_YEAR, 0.0, np.maximum(start - year, 0.0))
        out[name] = np.minimum(each * years / np.maximum(sd, 1e-12) ** 2, 1.0)
    return out


def _gdp(case: Case, ties: Ties, start: int) -> tuple[Array, Array]:
    """Ln GDP of the last year known up to the start, and the years from it to the start, each (state,)."""
    known, last = case.last_gdp(ties.states, start)
    missing = [iso for iso, value in zip(ties.states, known, strict=True) if np.isnan(value)]
    if missing:
        raise CaseError(f"no GDP up to {start} for {', '.join(missing)}; start later or leave the state out")
    return known, start - last


def _from_table(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """The column of a channel by tie; a tie that is not listed has none of it.

    With years: the last one up to the start, else the first, aged by the channel's noise if the channel is drawn.
    """
    table = case.table(channel.table)
    pairs = (ties.pairs, tuple((b, a) for a, b in ties.pairs))[: len(channel.values)]
    keys = ["iso3_origin", "iso3_destination"] if channel.directed else ["iso3_a", "iso3_b"]
    dated = "year" in table and not table.empty
    year = max((y for y in table["year"] if y <= start), default=table["year"].min()) if dated else np.nan
    column = table[table["year"] == year].set_index(keys) if dated else table.set_index(keys)
    sd = ledger[f"{channel.name}.noise"].central * np.sqrt(max(abs(start - year), 1)) if channel.drawn else 0.0
    out = {}
    for name, order in zip(channel.values, pairs, strict=True):
        row = column[channel.column].reindex(pd.MultiIndex.from_tuples(order))
        listed = row.fillna(0.0).to_numpy(dtype=float)
        if channel.scale == "ln" and not (listed > 0.0).all():
            raise CaseError(f"{channel.table}.csv: no {channel.column} above 0 on some ties: declare the scale ln1p")
        seen = np.where(row.notna().to_numpy(), float(year), float(NO_YEAR)) if dated else np.full(len(ties), np.nan)
        out[name] = Estimate(on_scale(channel, listed), np.full(len(ties), sd), seen)
    return out


def _trade(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    return {channel.name: filter_trade(case, ledger, ties, start)}


def _security(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """Joint exercises of the ten years up to the start; no one date."""
    counted = on_scale(channel, case.exercises(ties, start))
    return {channel.name: Estimate(counted, np.zeros(len(ties)), np.full(len(ties), np.nan))}


def _people(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """As listed; a case without the table takes the airport pairs that gravity predicts from the shipped case."""
    if not case.table(channel.table).empty:
        return _from_table(channel, case, ties, start, ledger)
    other, others = case.lender, all_ties(case.lender)
    known = _from_table(channel, other, others, start, ledger)[channel.name].mean
    x, at = gravity_regressors(other, others, start), gravity_regressors(case, ties, start)
    predicted, residual = regress(x, known, at)
    never = np.full(len(ties), float(NO_YEAR))
    return {channel.name: Estimate(np.maximum(predicted, 0.0), np.full(len(ties), residual), never)}


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
    both = _both_ways(ties)
    if before.empty:
        unlisted = np.full(len(both), np.nan)
        return np.vstack([regressors, turned]), unlisted, unlisted
    part = before.reindex(pd.MultiIndex.from_tuples(both))
    count, year = (part[column].to_numpy(dtype=float) for column in ("students_persons", "year"))
    return np.vstack([regressors, turned]), np.log1p(count), year


def _students(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """Last observation of each directed series up to the start, aged; what is not listed as gravity and that say."""
    pivot = channel.noise_pivot
    assert pivot is not None
    at, y, known_year = _student_series(case, ties, start)
    seen = ~np.isnan(y)
    fit = case.memo.get(("listing", start), ledger, lambda _: _listing(case, start))
    predicted, residual = fit.unlisted(_with_rivalry(at, case, ties, start), _coverage(case, ties, start))
    c = Centres(ledger)
    scale = noise_scale(y, c["students.noise_level"], c["students.noise_size"], c["students.noise_floor"], pivot)
    noise = np.sqrt(mixture_variance(scale, c["students.tail_share"], c["students.tail_spread"]))
    forgetting = 1.0 - (1.0 - c["students.adjustment"]) ** 2
    out = {}
    for way, name in enumerate(channel.values):
        half = slice(way * len(ties), (way + 1) * len(ties))
        listed = seen[half]
        age = np.maximum(np.abs(start - np.where(listed, known_year[half], start)), 1.0)
        aged = noise[half] * np.sqrt(np.minimum(age, 1.0 / forgetting if forgetting > 0.0 else np.inf))
        out[name] = Estimate(
            np.where(listed, y[half], predicted[half]),
            np.where(listed, aged, residual[half]),
            np.where(listed, known_year[half], float(NO_YEAR)),
        )
    return out


def _listing(case: Case, start: int) -> Listing:
    """Size and listing of the directed flows between all states of the case, or of the shipped case if it has few."""
    ties = all_ties(case)
    at, y, _ = _student_series(case, ties, start)
    if not enough(y[np.isfinite(y)], at):
        case, ties = case.lender, all_ties(case.lender)
        at, y, _ = _student_series(case, ties, start)
    x, others = _with_rivalry(at, case, ties, start), _coverage(case, ties, start)
    usable = np.isfinite(x).all(axis=1)
    return fit_listing(x[usable], y[usable], others[usable])


def _with_rivalry(regressors: Array, case: Case, ties: Ties, start: int) -> Array:
    """Gravity regressors and, as the last, whether the two ends are rivals in the year of the start, (flow, 7)."""
    rivalry = case.rivalries(ties, range(start, start + 1))[0]
    return np.column_stack([regressors, np.concatenate([rivalry, rivalry])])


def _coverage(case: Case, ties: Ties, start: int) -> Array:
    """Other origins that the destination of each flow lists up to the start, all states of the case, (flow,)."""
    everyone = all_ties(case)
    _, y, _ = _student_series(case, everyone, start)
    listed = {pair for pair, known in zip(_both_ways(everyone), np.isfinite(y), strict=True) if known}
    number = Counter(destination for _, destination in listed)
    return np.array([float(number[flow[1]] - (flow in listed)) for flow in _both_ways(ties)])


def _both_ways(ties: Ties) -> list[tuple[str, str]]:
    """Origin and destination of every directed flow: all from the first to the second end, then all back."""
    return [*ties.pairs, *((b, a) for a, b in ties.pairs)]


def _since_dispute(case: Case, ties: Ties, start: int) -> Array:
    """Years since the last militarised dispute or interstate conflict in the tables, 99 if none."""
    years = range(case.first_year("tie_years", start), start + 1)
    onset = np.nan_to_num(case.tie_path("mid_onsets", ties, years)) > 0.0
    conflict = np.nan_to_num(case.tie_path("ucdp_intensity", ties, years)) > 0.0
    calendar = np.array(list(years), dtype=float)[:, None]
    last = np.where(onset | conflict, calendar, -np.inf).max(axis=0)
    since: Array = np.minimum(start - last, 99.0)
    return since


_READERS: dict[str, Callable[[Channel, Case, Ties, int, Ledger], dict[str, Estimate]]] = {
    "trade": _trade,
    "people": _people,
    "students": _students,
    "security": _security,
    "migrants": stock,
    "investment": stock,
    "energy": energy,
}
"""Channels whose initial values are more than a column of their table."""
