"""Tables that the model never reads: a record for readers of the case, checked like the others.

Each says why no mechanism reads it, and what it serves instead.
"""

from __future__ import annotations

from sco_sim.case.schema.declare import (
    FLOW,
    ISO3,
    SOURCE,
    Column,
    Table,
    code,
    count,
    date,
    identifier,
    number,
    text,
    year,
)

_DAYS = (0.0, 1000.0)

RECORDS: tuple[Table, ...] = (
    Table(
        "growth_outlook", "Growth that the IMF projects: the centre of the growth priors of the shipped ledger.",
        (
            ISO3,
            year("from_year", "last year that is not projected"),
            number("to_year", "year", "last year projected", 1900.0, 2200.0),
            number("nominal_growth_ln", "ln per year",
                   "projected mean growth of GDP in current USD over the US deflator", -0.5, 0.5),
            number("real_growth_ln", "ln per year", "projected mean growth of real GDP in national prices", -0.5, 0.5),
        ),
        "nothing changes: the growth priors of the ledger have been taken from it",
        key=("iso3",), record=True,
    ),
    Table(
        "corridors", "Transport corridors as their sources describe them.",
        (
            Column("corridor", "text", "text", "key of the corridor", required=True, filled=True),
            text("name", "name"),
            text("status", "operating or under_construction"),
            year("opened_or_planned_year", "first trains, launch or agreement; for a railway under construction the"
                 " year expected", False),
            number("length_km", "km", "length", 0.0, 40000.0),
            number("cost_low_musd", "million current USD", "lowest cost reported", 0.0, 1e6),
            number("cost_high_musd", "million current USD", "highest cost reported", 0.0, 1e6),
            number("days_before_low", "days", "transport time on the older route, low", *_DAYS),
            number("days_before_high", "days", "transport time on the older route, high", *_DAYS),
            number("days_after_low", "days", "transport time on the corridor, low", *_DAYS),
            number("days_after_high", "days", "transport time on the corridor, high", *_DAYS),
            SOURCE,
        ),
        "nothing changes: days and cost saved in the ledger have been taken from it",
        key=("corridor",), empty=True, record=True,
    ),
    Table(
        "visitors", "Arrivals as news and statistics pages quote them.",
        (
            *FLOW, year(), text("period", "part of the year covered"), count("persons", "persons", "arrivals", 1e9),
            text("kind", "what was counted"), SOURCE,
        ),
        "nothing changes: kinds and periods differ from row to row, so no two ties compare; airport pairs "
        "cover every tie",
        directed=("iso3_origin", "iso3_destination"), empty=True, record=True,
    ),
    Table(
        "china_diplomacy", "What China set up in partner states in a year.",
        (
            code("iso3", "partner of China"), year(),
            count("sister_cities_established", "sister cities", "new in the year", 1000.0),
            count("confucius_institutes_opened", "institutes", "new in the year", 100.0),
            count("government_visits", "visits", "visits of government leaders", 1000.0),
        ),
        "nothing changes: its twinnings are the upper end of `cities.arrival_rate`; institutes and visits "
        "are those of China alone",
        key=("iso3", "year"), empty=True, record=True,
    ),
    Table(
        "heritage", "World Heritage sites, a row for each state of a site.",
        (
            ISO3,
            Column("site", "text", "text", "name of the site", required=True, filled=True),
            year("year_inscribed", "year of inscription", False),
            Column("joint_with", "codes", "codes joined by ;", "other states of the 27 that share the site"),
        ),
        "nothing changes: states.csv has how many sites a state has",
        key=("iso3", "site"), empty=True, record=True,
    ),
    Table(
        "sco_university", "Partner universities.",
        (
            ISO3, year(),
            count("universities", "institutions", "partner universities of the SCO University", 1e4), SOURCE,
        ),
        "nothing changes: five states in two years do not say where seats are",
        key=("iso3", "year"), empty=True, record=True,
    ),
    Table(
        "summits", "Summits and their hosts.",
        (
            identifier("n", "number of the summit"), date("date", "last day", "date"), text("place", "city"),
            code("host_iso3", "state in the chair", required=False),
            count("members_after", "states", "members after the summit", 300.0), SOURCE,
        ),
        "nothing changes: a scenario names its chairs itself, `agenda.chairs`",
        key=("n",), empty=True, record=True,
    ),
    Table(
        "documents", "Main documents of the organisation.",
        (
            date("date", "date of signature or adoption"), text("document", "short title"), text("field", "field"),
            text("place", "city, blank if not known"), SOURCE,
        ),
        "nothing changes: it is a choice of what was adopted; `agenda` has what was proposed, by whom and "
        "how it went",
        empty=True, record=True,
    ),
    Table(
        "border_times", "Time and cost of crossing borders.",
        (
            text("mode", "road, rail or all"), text("indicator", "what was measured"), text("unit", "unit of value"),
            year("year", "year of measurement"), number("value", "as in unit", "value", 0.0),
            text("scope", "where it was measured"), text("source", "page"),
        ),
        "nothing changes: these are means over corridors; `route_legs` has the hours of each crossing, and "
        "is held against them",
        key=("mode", "indicator", "unit", "year", "scope"), empty=True, record=True,
    ),
    Table(
        "trains", "Container trains between China and Europe.",
        (year(), count("trains", "trips", "trips, both directions, including China-Russia", 1e6),
         text("source", "publisher")),
        "nothing changes: trips, most of them to Europe, are no trade of a tie; what they show is the "
        "pace, half of the trips of 2023 nine years after the first and nine tenths after eleven",
        key=("year",), empty=True, record=True,
    ),
    Table(
        "state_names", "How states are spelt: codes and names of all states of the world.",
        (
            Column("iso3", "text", "code", "state", required=True, filled=True),
            Column("iso2", "text", "code", "ISO 3166-1 alpha-2", required=True),
            identifier("m49", "numeric code of the United Nations (M49, ISO 3166-1 numeric)"),
            Column("cow_code", "text", "code", "abbreviation of the Correlates of War project", required=True),
            identifier("cow_number", "country code of the Correlates of War project").needed(),
            Column("name", "text", "text", "usual English name", required=True, filled=True),
            Column(
                "variants", "text", "texts joined by ;", "other names, in English, Russian and Chinese", required=True
            ),
        ),
        "the shipped table serves every case", key=("iso3",), empty=True, record=True,
    ),
    Table(
        "columns", "Where each column of each table comes from; `sco-sim data` prints it.",
        (
            Column("table", "text", "text", "table", required=True, filled=True),
            Column("column", "text", "text", "column", required=True, filled=True),
            text("unit", "unit"), text("meaning", "meaning"), text("source", "where the values come from"),
            text("licence", "licence to the best of our knowledge"), text("defects", "known defects"),
        ),
        "`sco-sim data` shows no provenance", key=("table", "column"), empty=True, record=True,
    ),
)  # fmt: skip
