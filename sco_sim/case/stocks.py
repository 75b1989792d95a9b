"""People who live abroad: one stock, and editions of it that do not agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.filters import NO_YEAR, Estimate
from sco_sim.case.gravity import EACH, all_ties, enough, gravity_regressors, regress, without_direction
from sco_sim.case.ledger import Ledger
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import Channel
from sco_sim.world.scales import on_scale
from sco_sim.world.ties import Ties


def migrants(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """The stock of every tie, both ways, aged by the drift of the years between; unlisted pairs by gravity.

    Editions revise the whole past, so each is an observer of its own and errs by `migrants.edition_error`: a flow is
    their mean in logs, each in its year nearest to the start. An unlisted pair has in the mean what a pair of its size
    has by the median: what nobody counts is small, and its wide error must not carry the total.
    """
    known, editions, year = _listed(case, ties, start)
    out, sd = on_scale(channel, known), np.sqrt(ledger["migrants.edition_error"].central ** 2 / editions)
    unlisted = np.isnan(known)
    if unlisted.any():
        fitted = all_ties(case)
        y = np.log(_listed(case, fitted, start)[0])
        x = without_direction(gravity_regressors(case, fitted, start))
        if not enough(y[np.isfinite(y)], x, EACH):
            fitted = all_ties(case.lender)
            y = np.log(_listed(case.lender, fitted, start)[0])
            x = without_direction(gravity_regressors(case.lender, fitted, start))
        seen = np.isfinite(y) & np.isfinite(x).all(axis=1)
        at = without_direction(gravity_regressors(case, ties, start))[unlisted]
        predicted, residual = regress(x[seen], y[seen], at)
        out[unlisted], sd[unlisted] = predicted - 0.5 * residual**2, residual
    age = np.where(unlisted, 0.0, np.abs(start - year))
    sd = np.sqrt(sd**2 + age * ledger["migrants.noise"].central ** 2)
    return {channel.name: Estimate(np.maximum(out, 0.0), sd, np.where(unlisted, float(NO_YEAR), year))}


def _listed(case: Case, ties: Ties, start: int) -> tuple[Array, Array, Array]:
    """Persons both ways, editions behind them, and the year nearest to the start, (tie,) each; NaN if unlisted."""
    table = case.table("migrants").dropna(subset=["migrants_persons"])
    if table.empty:
        nothing = np.full(len(ties), np.nan)
        return nothing, nothing, nothing
    edition = table["edition"].fillna(table["edition"].min() if table["edition"].notna().any() else 0)
    rows = table.assign(edition=edition, away=(table["year"] - start).abs()).sort_values(["away", "year"])
    rows = rows.groupby(["iso3_origin", "iso3_destination", "edition"], as_index=False).first()
    rows["log"] = np.log(rows["migrants_persons"].clip(lower=0.5))
    flows = rows.groupby(["iso3_origin", "iso3_destination"]).agg(
        log=("log", "mean"), editions=("log", "size"), away=("away", "min"), year=("year", "last")
    )
    flows["persons"] = np.exp(flows["log"])
    ways = (list(ties.pairs), [(b, a) for a, b in ties.pairs])
    of_ties = [flows.reindex(pd.MultiIndex.from_tuples(order)) for order in ways]
    each, seen, year = (np.array([way[name] for way in of_ties]) for name in ("persons", "editions", "year"))
    unlisted = np.isnan(each).all(axis=0)
    persons = np.where(unlisted, np.nan, np.nansum(each, axis=0))
    return persons, persons / np.where(unlisted, 1.0, np.nansum(each / seen, axis=0)), np.fmax(*year)
