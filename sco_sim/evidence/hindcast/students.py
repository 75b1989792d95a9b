"""Students: directed series, one source each, scored where a series has observations on both sides of the origin."""

from __future__ import annotations

import numpy as np

from sco_sim.case.case import Case
from sco_sim.evidence.hindcast.panel import Panel, between_members, log_gdp, pairs_of, traits

ORIGINS = ((2014, 2017), (2016, 2019))


def students_panel(case: Case) -> Panel:
    """Ln(1 + persons) by origin and destination; series between members are scored."""
    table = case.table("students")
    wide = table.pivot(index="year", columns=["iso3_origin", "iso3_destination"], values="students_persons")
    columns = pairs_of(wide)
    years = range(int(wide.index.min()), int(wide.index.max()) + 1)
    inside = between_members(case, columns)
    states = tuple(sorted({iso for pair in columns for iso in pair}))
    return Panel(
        channel="students",
        columns=columns,
        states=states,
        years=tuple(years),
        y=np.log1p(wide.reindex(list(years)).to_numpy(dtype=float)),
        gdp=log_gdp(case, "gdp_current_usd", states, years),
        real=log_gdp(case, "gdp_constant_2015_usd", states, years),
        traits=traits(case, columns),
        pool=inside,
        scored=inside,
    )
