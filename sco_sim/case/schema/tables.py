"""Every table of a case. Only states.csv is required; each other table says what holds without it."""

from __future__ import annotations

from dataclasses import replace

from sco_sim.case.schema.council_tables import AGENDA, ALIGNMENTS, ARMS_SHARES
from sco_sim.case.schema.declare import (
    FLOW,
    ISO3,
    PAIR,
    SOURCE,
    Column,
    Table,
    choice,
    code,
    count,
    date,
    flag,
    identifier,
    number,
    text,
    year,
)
from sco_sim.case.schema.energy_tables import ENERGY_LINKS, ENERGY_VOLUMES
from sco_sim.case.schema.implementation_tables import INSTRUMENTS, RATIFICATIONS, SCORECARDS
from sco_sim.case.schema.records import RECORDS
from sco_sim.case.schema.route_tables import ROUTE_LEGS, ROUTE_NODES
from sco_sim.case.schema.tie_years import TIE_YEARS
from sco_sim.world.channels import CHANNELS, Channel

BASE_YEAR = 2023
"""Year of the GDP and population of states.csv where it has no column `year`."""
UNKNOWN_DISTANCE_KM = 3000.0
"""Distance of a pair of which nothing is known."""
BASIC = ("iso3", "name", "gdp_current_usd", "population_persons", "member_from")
"""The five columns that make a case by themselves."""

_GDP = Column(
    "gdp_current_usd", "number", "current USD", "gross domestic product at market rates", low=0.0, high=1e20,
    exclusive=True,
    step=4.0, certain=True,
    fallback="the last known year is carried on by the growth of the ledger; a state needs one year up to the start",
)  # fmt: skip
_POPULATION = Column(
    "population_persons", "number", "persons", "population", low=0.0, high=1e10, exclusive=True, step=2.0, certain=True,
    fallback="the nearest known year",
)  # fmt: skip

STATES = Table(
    "states",
    "The states of the case, a row each. With the first five columns it is a whole case.",
    (
        replace(ISO3, meaning="state"),
        Column("name", "text", "text", "short English name", required=True, filled=True),
        replace(_GDP, fallback="state_years.csv gives it"),
        replace(_POPULATION, fallback="state_years.csv gives it"),
        replace(
            year("member_from", "first year as a member of the council; empty for never", required=False),
            fallback="statuses.csv gives it",
        ),
        year("year", "year of the GDP and the population of this row", required=False, fallback=str(BASE_YEAR)),
        text("capital", "capital city"),
        number("capital_lat_deg", "degrees north", "latitude of the capital", -90.0, 90.0,
               fallback=f"distances from ties.csv, else {UNKNOWN_DISTANCE_KM:.0f} km; on a ring in figures"),
        number("capital_lon_deg", "degrees east", "longitude of the capital", -180.0, 180.0,
               fallback="as capital_lat_deg"),
        number("area_km2", "km2", "area", 0.0, 2e7, fallback="not read"),
        flag("landlocked", "no coast on the open sea", fallback="not read"),
        flag("russian_official", "Russian among the languages the source lists", fallback="not read"),
        flag("chinese_official", "Chinese among the languages the source lists", fallback="not read"),
        count("world_heritage_sites", "sites", "sites on the list after the 2024 session", 100.0, fallback="0"),
    ),
    fallback="",
    key=("iso3",),
)  # fmt: skip

STATE_YEARS = Table(
    "state_years",
    "Size and institutions of each state by year.",
    (
        ISO3,
        year(),
        _GDP,
        replace(_GDP, name="gdp_constant_2015_usd", unit="2015 USD",
                meaning="gross domestic product at constant prices",
                fallback="only `hindcast` and `calibrate` read it"),
        _POPULATION,
        number("stability_wgi_pv", "standard score, about -2.5 to 2.5", "political stability and absence of violence",
               -5.0, 5.0, fallback="the nearest known year, else 0, the mean of the world"),
        number("effectiveness_wgi_ge", "standard score, about -2.5 to 2.5", "government effectiveness", -5.0, 5.0,
               fallback="the nearest known year, else 0, the mean of the world"),
        number("uncertainty_wui", "index", "mean of at least three quarters of the World Uncertainty Index", 0.0, 5.0,
               fallback="the nearest known year, else 0"),
        number("merchandise_trade_pct_gdp", "percent of GDP", "exports plus imports of goods", 0.0, 1000.0,
               fallback="not read"),
        number("logistics_lpi", "score 1 to 5", "logistics performance index, overall", 1.0, 5.0, fallback="not read"),
    ),
    fallback="one year of GDP and population from states.csv: GDP grows from there by the ledger, population stays",
    key=("iso3", "year"),
)  # fmt: skip

TIES = Table(
    "ties",
    "What lasts between two states: distance, border, language, rivalry. A row for every pair.",
    (
        *PAIR,
        Column("distance_km", "number", "km", "population-weighted distance, mean of both directions", 1.0, 20100.0,
               fallback=f"between the capitals on a sphere, else {UNKNOWN_DISTANCE_KM:.0f} km"),
        number("capital_distance_km", "km", "distance of the capitals, mean of both directions", 1.0, 20100.0,
               fallback="not read"),
        flag("land_border", "common land border that both states list"),
        flag("common_official_language", "common official language"),
        flag("common_ethnic_language", "language spoken by at least 9 % in both", fallback="not read"),
        number("linguistic_distance", "0 to 1", "distance of the languages spoken, by family tree", 0.0, 1.0,
               fallback="not read"),
        number("religious_overlap_2010", "0 to 1", "sum over 14 religious families of the smaller share", 0.0, 1.0,
               fallback="not read"),
        year("rivalry_from_year", "first year of the latest strategic rivalry", False, "no rivalry"),
        year("rivalry_to_year", "last year of that rivalry", False, "the rivalry goes on"),
        count("joint_world_heritage_sites", "sites", "World Heritage sites the two share", 100.0, fallback="not read"),
    ),
    fallback="no land borders, common languages or rivalries; distances between the capitals of states.csv, "
    f"else {UNKNOWN_DISTANCE_KM:.0f} km",
    key=("iso3_a", "iso3_b"),
    in_time=("rivalry_from_year", "rivalry_to_year"),
    ordered=("iso3_a", "iso3_b"),
)  # fmt: skip

TRADE_REPORTS = Table(
    "trade_reports",
    "Trade in goods of each direction as the exporter and as the importer report it.",
    (
        code("iso3_o", "exporter"),
        code("iso3_d", "importer"),
        year(),
        number("exporter_fob_kusd", "thousand current USD", "goods as the exporter reports them, FOB", 0.0, 1e18,
               "the importer's report over 1.06").stepping(300.0, 1e6),
        text("exporter_source",
             "IMF_DOTS, or RUS_FCS, UZB_STAT, KGZ_NSC, ARM_ARMSTAT where the IMF has nothing"),
        number("importer_cif_kusd", "thousand current USD", "goods as the importer reports them, CIF", 0.0, 1e18,
               "the exporter's report").stepping(300.0, 1e6),
        text("importer_source", "as exporter_source, or OEC_SITC as a last resort"),
    ),
    fallback="the mean of trade from a gravity equation fitted to the flows of the shipped case, with a spread by size",
    key=("iso3_o", "iso3_d", "year"),
    one_of=("exporter_fob_kusd", "importer_cif_kusd"),
    directed=("iso3_o", "iso3_d"),
)  # fmt: skip

TRADE_RECONCILED = Table(
    "trade_reconciled",
    "Trade in goods of each direction as one number, where no pair of reports is at hand.",
    (
        code("iso3_o", "exporter"),
        code("iso3_d", "importer"),
        year(),
        number("fob_kusd", "thousand current USD", "goods from the first to the second, FOB, one number a flow", 0.0,
               fallback="the row says nothing"),
        choice(
            "basis",
            "reconciled: made of both reports; one_office: one statistics office as quoted; split: a quoted turnover "
            "divided by an imputed share",
            "reconciled", "one_office", "split", required=True,
        ),
        text("source", "release, or word of the raw table for the page quoted"),
    ),
    fallback="the reports alone",
    key=("iso3_o", "iso3_d", "year"),
    directed=("iso3_o", "iso3_d"),
)  # fmt: skip

STUDENTS = Table(
    "students",
    "Students of each state who study in another.",
    (
        *FLOW,
        year("year", "year of the count"),
        count("students_persons", "persons", "tertiary students of the origin in the destination", 1e10,
              "a gravity equation of this case's own series, or of the shipped case if they are few")
        .needed().stepping(100.0, 1000.0),
        text("source", "the one source of this origin and destination: most years, then the latest"),
    ),
    fallback="students from a gravity equation fitted to the shipped case, with its residual as the error",
    key=("iso3_origin", "iso3_destination", "year"),
    directed=("iso3_origin", "iso3_destination"),
)  # fmt: skip

AIR_LINKS = Table(
    "air_links",
    "Direct air links: the model's measure of travel.",
    (
        *PAIR,
        year("year", "year of the snapshot, the last of each"),
        count("airport_pairs", "airport pairs", "airport pairs with at least one listed route", 5000.0, "0")
        .needed()
        .stepping(100.0, 50.0),
    ),
    fallback="airport pairs from a gravity equation fitted to the shipped case, with its residual as the error",
    key=("iso3_a", "iso3_b", "year"),
    ordered=("iso3_a", "iso3_b"),
)

MIGRANTS = Table(
    "migrants",
    "People from one state who live in another, by edition of the stocks.",
    (
        *FLOW,
        year("year", "every fifth year 1990-2020, and 2024"),
        year("edition", "edition of the stocks: 2020 or 2024", False, "all rows are of one edition"),
        count("migrants_persons", "persons", "people from the origin living in the destination", 1e8,
              "what gravity predicts from the pairs listed").needed().stepping(300.0, 1e4),
    ),
    fallback="migrants from a gravity equation fitted to the shipped case, with its residual as the error",
    key=("iso3_origin", "iso3_destination", "year", "edition"),
    directed=("iso3_origin", "iso3_destination"),
)  # fmt: skip

INVESTMENT_STOCKS = Table(
    "investment_stocks",
    "Direct investment of one state in another, as each body puts it.",
    (
        code("iso3_investor", "investor"),
        code("iso3_host", "host"),
        year("year", "year of the stock"),
        text("body", "who counts"),
        number("stock_musd", "million current USD", "stock of direct investment of the investor in the host", 0.0, 1e7,
               "what goes with trade on the pairs listed").needed(),
    ),
    fallback="stocks that go with trade as in the shipped case, with the residual as the error",
    key=("iso3_investor", "iso3_host", "year", "body"),
    directed=("iso3_investor", "iso3_host"),
    empty=True,
)  # fmt: skip

VISAS = Table(
    "visas",
    "How open each state is to the passports of the others.",
    (
        code("iso3_passport", "passport"),
        code("iso3_destination", "destination"),
        year("year", "2017-2024, snapshot nearest the end of the year"),
        text("category", "visa regime for a tourist stay"),
        number("openness", "0 to 1",
               "visa_free 1; on arrival or ETA 0.75; e-visa 0.5; visa, permit or no admission 0; covid_ban blank",
               0.0, 1.0, "0, a visa is needed").needed(),
    ),
    fallback="0, a visa is needed, for every pair",
    key=("iso3_passport", "iso3_destination", "year"),
    directed=("iso3_passport", "iso3_destination"),
)  # fmt: skip

SISTER_CITIES = Table(
    "sister_cities",
    "Twinned places.",
    (
        *PAIR,
        count("twinned_places", "place pairs",
              "twinned places that Wikipedia lists, union of a 2023 and a 2026 copy", 5000.0, "0").needed(),
    ),
    fallback="none",
    key=("iso3_a", "iso3_b"),
    ordered=("iso3_a", "iso3_b"),
    empty=True,
)  # fmt: skip

CLAIMS = Table(
    "claims",
    "Territorial claims.",
    (
        *PAIR,
        identifier("claim_id", "number of the claim in ICOW", "the claim is not used").needed(),
        text("territory", "territory claimed"),
        code("challenger_iso3", "state that claims", required=False),
        year("from_year", "year the claim begins"),
        year("to_year", "year the claim ends", False, "the claim goes on"),
        number("salience", "0 to 12", "salience of the territory", 0.0, 12.0, "not read"),
    ),
    fallback="none",
    key=("iso3_a", "iso3_b", "claim_id", "territory", "from_year"),
    in_time=("from_year", "to_year"),
    ordered=("iso3_a", "iso3_b"),
    within=(("challenger_iso3", ("iso3_a", "iso3_b")),),
    empty=True,
)

EXERCISES = Table(
    "exercises",
    "Joint military exercises.",
    (
        date("start_date", "first day", required=True),
        text("name", "name"),
        Column("participants_iso3", "codes", "codes joined by ;", "participants", required=True, filled=True, least=2),
        SOURCE,
    ),
    fallback="none",
    key=("start_date", "name"),
    empty=True,
)

STATUSES = Table(
    "statuses",
    "Who became what in the organisation, and when.",
    (
        ISO3,
        choice("status", "shanghai_five, member, observer, dialogue_partner or sco_partner",
               "shanghai_five", "member", "observer", "dialogue_partner", "sco_partner", required=True),
        date("date", "when the status began", required=True),
        text("precision", "what the date is: day, summit date, decision, month or year"),
        SOURCE,
    ),
    fallback="members from the column member_from of states.csv",
    key=("iso3", "status", "date"),
)  # fmt: skip

LINKS = Table(
    "links",
    "Legs of transport corridors, which `trade_corridor` can build on.",
    (
        Column("corridor", "text", "text", "key of the corridor, or other_links", required=True, filled=True),
        choice("mode", "rail, road, rail_and_road, sea, or transit through a state outside the 27",
               "rail", "road", "rail_and_road", "sea", "transit", required=True),
        *PAIR,
        text("node", "border point, port or transit state"),
        choice("status", "operating, under_construction or planned", "operating", "under_construction", "planned"),
        year("since_year", "start of operation, of construction if under_construction, of the agreement for"
             " north_south_corridor", False, "not read"),
        SOURCE,
        text("note", "branch and remarks"),
    ),
    fallback="none: a corridor follows land borders",
    key=("corridor", "mode", "iso3_a", "iso3_b", "node"),
    ordered=("iso3_a", "iso3_b"),
    empty=True,
)  # fmt: skip

_DECLARED: tuple[Table, ...] = (
    STATES, STATE_YEARS, STATUSES, TIES, TRADE_REPORTS, TRADE_RECONCILED, STUDENTS, AIR_LINKS, VISAS, TIE_YEARS,
    MIGRANTS, INVESTMENT_STOCKS, ENERGY_LINKS, ENERGY_VOLUMES, SISTER_CITIES, CLAIMS, EXERCISES, LINKS, ROUTE_NODES,
    ROUTE_LEGS, AGENDA,
    ALIGNMENTS, ARMS_SHARES,
    INSTRUMENTS, RATIFICATIONS, SCORECARDS,
    *RECORDS,
)  # fmt: skip


def _of_channel(channel: Channel) -> Table:
    """The table of an exchange channel that needs no more than one column by tie and year."""
    ends = FLOW if channel.directed else PAIR
    ordered, directed = ("iso3_a", "iso3_b"), ("iso3_origin", "iso3_destination")
    return Table(
        channel.table,
        f"{channel.name.capitalize()}: {channel.text}.",
        (*ends, year(), number(channel.column, channel.unit, channel.text, 0.0, fallback="0")),
        fallback="none",
        key=(*(column.name for column in ends), "year"),
        ordered=None if channel.directed else ordered,
        directed=directed if channel.directed else None,
        empty=True,
    )


TABLES: tuple[Table, ...] = (
    *_DECLARED,
    *(_of_channel(one) for one in CHANNELS if one.column and one.table not in {table.name for table in _DECLARED}),
)
BY_NAME = {table.name: table for table in TABLES}
