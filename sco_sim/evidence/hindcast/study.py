"""The hindcasts of the shipped case, and of a table of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sco_sim.case.case import Case
from sco_sim.errors import Problem, ScenarioError
from sco_sim.evidence.hindcast import students, trust
from sco_sim.evidence.hindcast.panel import Gdp, Rule, trade_panel
from sco_sim.evidence.hindcast.rolling import MODEL, TRADE_ORIGINS, Hindcast, flow_forecasters, hindcast
from sco_sim.evidence.hindcast.userfile import CHANNELS, over, read_gdp, read_observations, silent, with_gdp
from sco_sim.numerics.arrays import Array
from sco_sim.world.ties import Ties

UNITS: dict[str, Callable[[Array], Array]] = {"trade": np.log, "students": np.log1p, "trust": np.asarray}


def trade(case: Case, gdp: Gdp = "realised", rule: Rule = "two_reports") -> Hindcast:
    """Trade fitted to 2010, 2013 and 2016."""
    return hindcast(trade_panel(case, rule), TRADE_ORIGINS, gdp, flow_forecasters())


def trust_shares(case: Case) -> Hindcast:
    """Trust fitted to 2010; GDP has no part in it."""
    ties = _all_ties(case)
    seen = trust.counts(case, ties)
    return hindcast(
        trust.trust_panel(case, seen, ties), trust.ORIGINS, "realised", trust.TrustViews(seen).forecasters()
    )


def student_flows(case: Case, gdp: Gdp = "realised") -> Hindcast:
    """Students fitted to 2014 and 2016."""
    return hindcast(students.students_panel(case), students.ORIGINS, gdp, flow_forecasters())


def own_observations(
    path: Path,
    origin: int,
    case: Case,
    gdp_file: Path | None = None,
    gdp: Gdp = "realised",
    told: Callable[[str], None] = silent,
) -> dict[str, Hindcast]:
    """Every channel of a file of one's own, fitted on what is known at the origin and scored on the rows after it.

    Rows up to the origin take the place of the case's own for their tie and year; GDP is held after the last year that
    is known. Raises ScenarioError for what is wrong with the files.
    """
    rows = read_observations(path, case, told)
    if gdp_file is not None:
        case = with_gdp(case, read_gdp(gdp_file, case, told))
    out = {}
    for channel in CHANNELS:
        if channel not in rows:
            continue
        if channel == "trust":
            ties = _all_ties(case)
            seen = trust.counts(case, ties)
            base = trust.trust_panel(case, seen, ties)
            forecasters = trust.TrustViews(seen).forecasters()
        else:
            base = trade_panel(case) if channel == "trade" else students.students_panel(case)
            forecasters = flow_forecasters()
        panel, last = over(base, rows[channel], origin, UNITS[channel], path, case)
        out[channel] = hindcast(panel, [(origin, last)], gdp, forecasters)
        if not len(out[channel].scored[MODEL].error):
            remedy = f"give rows up to {origin} of the same ties too"
            raise ScenarioError(
                Problem(f"has no {channel} that can be scored: nothing is known before", remedy, str(path))
            )
    return out


def gdelt(case: Case) -> dict[str, dict[str, float]]:
    """How well levels of trust from 2002-14 order the GDELT balance of 2018-20."""
    ties = _all_ties(case)
    return {name: dict(line) for name, line in trust.against_gdelt(case, trust.counts(case, ties), ties).items()}


def _all_ties(case: Case) -> Ties:
    return Ties(sorted(case.table("states")["iso3"]))
