"""What the initial state holds, where a table says when it was observed, and how old it may be."""

from __future__ import annotations

from dataclasses import dataclass

ACTIVE_DAYS = 60
"""Fewest days a year with news of two states for their GDELT balance to be used."""

GROWN = 10.0
"""Most an old flow is taken to have grown since, when it is weighed. Russia's exports to India grew thirteenfold from
2016 to 2023; what two large states that hardly traded would trade by their size says nothing."""

USUAL_YEARS = 10
"""Years before that say what is usual."""

TRADED_KUSD = 1e-9
"""Least trade that counts as observed: a cell of 0 is as a rule one that nobody filled, and no estimate uses it."""


@dataclass(frozen=True)
class Source:
    """Where a table says when a variable was observed."""

    table: str
    columns: tuple[str, ...]
    """A row observes the variable if one of these cells holds something."""
    ends: tuple[str, ...]
    """Columns of the state, or of the two states, observed."""
    year: str = "year"
    """Column of the year or the date."""
    weighed: bool = False
    """Whether a row counts with the largest of its cells, or with their sum; else with 1."""
    added: bool = False
    """Whether the cells are parts of a sum; else each holds the whole."""
    least: float | None = None
    """A row observes only if that cell or sum is at least this; None if any will do."""
    beside: str = ""
    """Another column that has to hold something for the row to observe."""
    instead: bool = False
    """Whether it counts only for those of whom the sources before it hold nothing."""


@dataclass(frozen=True)
class Observable:
    """One thing that the initial state holds, with the age that a start bears."""

    name: str
    sources: tuple[Source, ...]
    whole: str
    """What the year has to cover `share` of, in words."""
    most: int | None = None
    """Most years between the last observation and the start; None if no age is refused."""
    reason: str = ""
    """Why no older one is borne."""
    share: float = 0.5
    """Share of the states or ties, by weight, that has to be observed in the year that is given or later."""
    directed: bool = False
    """Whether the two directions of a tie are observed apart; else the order of its two states does not count."""
    grows: bool = False
    """Whether what is old counts for what the recent others let expect of it if that is more, up to GROWN times."""
    sized: str = ""
    """Variable by whose weight a state of which nothing was observed is compared with the others."""
    usual: float | None = None
    """Least share of its usual number, the median of up to `USUAL_YEARS` years before, for a year to count; None if any
    number will do."""
    ages: bool = False
    """Whether it is carried on from its last observation to the start with its own noise; else it stays as it was."""


_STATE = ("iso3",)
_TIE = ("iso3_a", "iso3_b")
OBSERVABLES = (
    Observable(
        "trade",
        (
            Source(
                "trade_reports",
                ("exporter_fob_kusd", "importer_cif_kusd"),
                ("iso3_o", "iso3_d"),
                weighed=True,
                least=TRADED_KUSD,
            ),
            Source("trade_reconciled", ("fob_kusd",), ("iso3_o", "iso3_d"), weighed=True, least=TRADED_KUSD),
        ),
        whole="the value traded",
        most=2,
        reason="trade can double in three years, as that of China and Russia did from 2020 to 2023",
        share=0.95,
        directed=True,
        grows=True,
        sized="GDP",
        ages=True,
    ),
    Observable(
        "GDP",
        (
            Source("state_years", ("gdp_current_usd",), _STATE, weighed=True),
            Source("states", ("gdp_current_usd",), _STATE, weighed=True, instead=True),
        ),
        whole="the states",
        most=2,
        reason="it sets what is expected of every flow",
        share=1.0,
        ages=True,
    ),
    Observable(
        "events",
        (
            Source(
                "tie_years",
                ("icews_cooperative_events", "icews_conflictual_events"),
                _TIE,
                weighed=True,
                least=1.0,
                added=True,
            ),
            Source("tie_years", ("gdelt_active_days",), _TIE, weighed=True, least=ACTIVE_DAYS, beside="gdelt_balance"),
        ),
        whole="the events",
        most=2,
        reason="three years hold a quarrel and its end",
        share=0.9,
        sized="GDP",
        usual=0.25,
        ages=True,
    ),
    Observable(
        "population",
        (
            Source("state_years", ("population_persons",), _STATE),
            Source("states", ("population_persons",), _STATE, instead=True),
        ),
        whole="the states",
        share=1.0,
    ),
    Observable("stability", (Source("state_years", ("stability_wgi_pv",), _STATE),), whole="the states", share=1.0),
    Observable(
        "students",
        (Source("students", ("students_persons",), ("iso3_origin", "iso3_destination")),),
        whole="the ties ever observed",
        ages=True,
    ),
    Observable(
        "visas",
        (Source("visas", ("openness",), ("iso3_passport", "iso3_destination")),),
        whole="the ties ever observed",
    ),
    Observable(
        "air links", (Source("air_links", ("airport_pairs",), _TIE),), whole="the ties ever observed", ages=True
    ),
    Observable("exercises", (Source("exercises", ("participants_iso3",), (), "start_date"),), whole="the entries"),
)
"""What is reported of a start, in this order."""
