"""Stocks that observers put at different heights: people who live abroad, and direct investment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.filters import NO_YEAR, Estimate, filter_trade
from sco_sim.case.gravity import EACH, all_ties, enough, gravity_regressors, regress, without_direction
from sco_sim.case.ledger import Ledger
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import Channel
from sco_sim.world.scales import on_scale
from sco_sim.world.ties import Ties

OBSERVERS = {
    "migrants": ("iso3_origin", "iso3_destination", "edition", "migrants_persons"),
    "investment": ("iso3_investor", "iso3_host", "body", "stock_musd"),
}
"""From, to, observer and amount: the columns of the table of each such channel."""


def stock(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """The stock of every tie, both ways, aged by the drift of the years between; unlisted pairs by what goes with it.

    Editions and bodies do not agree on levels, so each is an observer and errs by `<channel>.observer_error`: a flow is
    their mean in logs, each in its last year up to the start, or in its first after it where there is none before: such
    a figure stands for the start as it is, without the growth and the prices that nobody knew then. An unlisted pair
    has in the mean what a pair of its size has by the median: what nobody counts is small, and its wide error must not
    carry the total.
    """
    known, observers, year = _listed(channel, case, ties, start, ledger)
    out, sd = on_scale(channel, known), np.sqrt(ledger[f"{channel.name}.observer_error"].central ** 2 / observers)
    unlisted = np.isnan(known)
    if unlisted.any():
        x, y = _seen(channel, case, start, ledger)
        if not enough(y, x, EACH):
            x, y = _seen(channel, case.lender, start, ledger)
        at = _regressors(channel, case, ties, start, ledger)[unlisted]
        predicted, residual = regress(x, y, at)
        out[unlisted], sd[unlisted] = predicted - 0.5 * residual**2, residual
    age = np.where(unlisted, 0.0, np.abs(start - year))
    sd = np.sqrt(sd**2 + age * ledger[f"{channel.name}.noise"].central ** 2)
    return {channel.name: Estimate(np.maximum(out, 0.0), sd, np.where(unlisted, float(NO_YEAR), year))}


def _regressors(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> Array:
    """What lets expect a stock nobody counts, (tie, regressor): gravity for people, trade for investment.

    The pairs whose investment is counted are those of China, which say nothing of borders or rivals; trade does.
    """
    if channel.name == "investment":
        return np.column_stack([np.ones(len(ties)), filter_trade(case, ledger, ties, start).mean])
    return without_direction(gravity_regressors(case, ties, start))


def _seen(channel: Channel, case: Case, start: int, ledger: Ledger) -> tuple[Array, Array]:
    """Regressors (tie, regressor) and ln stock (tie,) of all ties of a case that are listed."""
    ties = all_ties(case)
    y, x = np.log(_listed(channel, case, ties, start, ledger)[0]), _regressors(channel, case, ties, start, ledger)
    seen = np.isfinite(y) & np.isfinite(x).all(axis=1)
    return x[seen], y[seen]


def _listed(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> tuple[Array, Array, Array]:
    """Stock both ways, observers behind it, and the year it is of, (tie,) each; NaN if unlisted."""
    origin, destination, observer, amount = OBSERVERS[channel.name]
    table = case.table(channel.table).dropna(subset=[amount])
    if table.empty:
        nothing = np.full(len(ties), np.nan)
        return nothing, nothing, nothing
    if table[observer].isna().any():
        table = table.assign(**{observer: table[observer].astype(object).fillna("")})
    rows = table.assign(away=(table["year"] - start).abs(), later=table["year"] > start).sort_values(["later", "away"])
    rows = rows.groupby([origin, destination, observer], as_index=False).first()
    amounts = rows[amount].to_numpy(dtype=float)
    if amount.endswith("_musd"):
        price = case.known_deflator.dropna()
        amounts = amounts / price[rows["year"].clip(upper=start).clip(price.index.min(), price.index.max())].to_numpy(
            dtype=float
        )
        amounts *= np.exp(ledger["investment.gdp_elasticity"].central * _grown(case, rows, origin, destination, start))
    rows["log"] = np.log(np.maximum(amounts, 0.5))
    flows = rows.groupby([origin, destination]).agg(
        log=("log", "mean"), observers=("log", "size"), away=("away", "min"), year=("year", "max")
    )
    flows["stock"] = np.exp(flows["log"])
    ways = (list(ties.pairs), [(b, a) for a, b in ties.pairs])
    of_ties = [flows.reindex(pd.MultiIndex.from_tuples(order)) for order in ways]
    each, seen, year = (np.array([way[name] for way in of_ties]) for name in ("stock", "observers", "year"))
    unlisted = np.isnan(each).all(axis=0)
    both = np.where(unlisted, np.nan, np.nansum(each, axis=0))
    return both, both / np.where(unlisted, 1.0, np.nansum(each / seen, axis=0)), np.fmax(*year)


def _grown(case: Case, rows: pd.DataFrame, origin: str, destination: str, start: int) -> Array:
    """Growth of the two GDPs from the year of each row to the start, ln, (row,); 0 if later, or where none is known."""
    states = tuple(sorted({*rows[origin], *rows[destination]}))
    years = range(min(int(rows["year"].min()), start), start + 1)
    gdp = pd.DataFrame(case.gdp(states, years)).ffill().bfill().to_numpy(dtype=float)
    change = np.nan_to_num(gdp[-1] - gdp)
    at = (rows["year"].clip(upper=start) - years.start).to_numpy(dtype=int)
    ends = [rows[end].map(states.index).to_numpy(dtype=int) for end in (origin, destination)]
    grown: Array = change[at, ends[0]] + change[at, ends[1]]
    return grown
