"""Tables with one row a tie (an unordered pair of states), or a tie and a year."""

from __future__ import annotations

from pathlib import Path

from build.common import (
    FIRST_YEAR,
    STATES,
    TIES,
    YEARS,
    Row,
    Table,
    fixed,
    in_states,
    mean,
    ordered,
    read,
    whole,
)

PAIR = ("iso3_a", "iso3_b")
LAST_RIVALRY_YEAR = "2020"
ICOW_ONGOING = "201799"
MIN_JOINT_VOTES = 20
Cells = dict[tuple[str, str, int], Row]


def ties(source: Path) -> Table:
    """Distance, borders, language, religion, rivalry and shared heritage: what has no year."""
    both_ways: dict[tuple[str, str], list[Row]] = {}
    for row in read(source, "trade/dyad_static.csv"):
        both_ways.setdefault(ordered(row["iso3_o"], row["iso3_d"]), []).append(row)
    culture = {(row["iso3_a"], row["iso3_b"]): row for row in read(source, "people/dyad_culture_geography.csv")}
    borders, rivalry, joint = _borders(source), _rivalries(source), _joint_sites(source)
    rows: list[Row] = []
    for tie in TIES:
        geography = both_ways[tie]
        language = "1" if tie == ("BLR", "RUS") else whole(geography[0]["comlang_off"])
        since, until = rivalry.get(tie, ("", ""))
        rows.append(
            {
                "iso3_a": tie[0],
                "iso3_b": tie[1],
                "distance_km": mean([row["distw"] for row in geography], 1),
                "capital_distance_km": mean([row["distcap"] for row in geography], 1),
                "land_border": str(int(tie in borders)),
                "common_official_language": language,
                "common_ethnic_language": whole(geography[0]["comlang_ethno"]),
                "linguistic_distance": fixed(culture[tie]["linguistic_distance"], 5),
                "religious_overlap_2010": fixed(culture[tie]["religious_overlap_2010"], 4),
                "rivalry_from_year": since,
                "rivalry_to_year": until,
                "joint_world_heritage_sites": str(joint.get(tie, 0)),
            }
        )
    return Table("ties", tuple(rows[0]), PAIR, rows)


def _borders(source: Path) -> set[tuple[str, str]]:
    """Land borders that both states list (the source has India with Sri Lanka from one side only)."""
    listed = {(row["iso3_a"], row["iso3_b"]) for row in read(source, "trade/borders.csv")}
    return {(a, b) for a, b in TIES if (a, b) in listed and (b, a) in listed}


def _rivalries(source: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """The latest strategic rivalry of each tie; no end year while it goes on at the end of the data."""
    latest: dict[tuple[str, str], tuple[str, str]] = {}
    rows = read(source, "politics/strategic_rivalries_tss.csv")
    for row in sorted(rows, key=lambda row: float(row["start"])):
        end = whole(row["end"])
        latest[ordered(row["iso3_a"], row["iso3_b"])] = (
            whole(row["start"]), "" if end == LAST_RIVALRY_YEAR else end,
        )  # fmt: skip
    return latest


def _joint_sites(source: Path) -> dict[tuple[str, str], int]:
    """How many World Heritage sites two states share."""
    counts: dict[tuple[str, str], int] = {}
    for row in read(source, "people/unesco_whs_joint.csv"):
        tie = ordered(row["iso3_a"], row["iso3_b"])
        counts[tie] = counts.get(tie, 0) + 1
    return counts


def tie_years(source: Path) -> Table:
    """Events, disputes, votes, agreements and sanctions by tie and year."""
    cells: Cells = {(a, b, year): {"iso3_a": a, "iso3_b": b, "year": str(year)} for a, b in TIES for year in YEARS}
    _events(source, cells)
    _disputes(source, cells)
    _institutions(source, cells)
    _votes(source, cells)
    _sanctions(source, cells)
    columns = (
        *PAIR, "year", "icews_cooperative_events", "icews_conflictual_events", "gdelt_balance",
        "gdelt_active_days", "mid_onsets", "mid_ongoing", "mid_max_hostility", "ucdp_intensity", "alliance",
        "shared_igos", "ideal_point_distance", "un_joint_votes", "un_agreement_kappa", "trade_agreement",
        "sanctions_a_on_b", "sanctions_b_on_a",
    )  # fmt: skip
    rows = [row for row in cells.values() if any(row.get(column) for column in columns[3:])]
    return Table("tie_years", columns, (*PAIR, "year"), rows)


def _cell(cells: Cells, row: Row) -> Row | None:
    """The cell a source row belongs to, or None outside the 27 states or the years."""
    return cells.get((*ordered(row["iso3_a"], row["iso3_b"]), int(row["year"])))


def _none_until(cells: Cells, last_year: int, *columns: str) -> None:
    """A tie-year that a source does not list has none inside its span: 0; later years stay blank."""
    for (_, _, year), cell in cells.items():
        if FIRST_YEAR <= year <= last_year:
            for column in columns:
                cell.setdefault(column, "0")


def _events(source: Path, cells: Cells) -> None:
    """ICEWS counts 2002-2014, and the GDELT balance 2018-2023 with its count of active days."""
    for row in read(source, "politics/icews_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["icews_cooperative_events"] = whole(row["coop"])
            cell["icews_conflictual_events"] = whole(row["conf"])
    for row in [*read(source, "politics/gdelt_dyad_year.csv"), *read(source, "recent/gdelt_dyad_year_2021_2023.csv")]:
        if (cell := _cell(cells, row)) is not None:
            cell["gdelt_balance"] = fixed(row["balance"], 4)
            cell["gdelt_active_days"] = whole(row["days_nonzero"])


def _disputes(source: Path, cells: Cells) -> None:
    """Militarised disputes to 2014 and interstate armed conflict to 2024."""
    for row in read(source, "politics/militarized_disputes_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["mid_onsets"] = whole(row["cow_mid_onsets"])
            cell["mid_ongoing"] = whole(row["cow_mid_ongoing"])
            cell["mid_max_hostility"] = whole(row["cow_mid_max_hostlev"])
    _none_until(cells, 2014, "mid_onsets", "mid_ongoing", "mid_max_hostility")
    for row in read(source, "politics/ucdp_interstate_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["ucdp_intensity"] = max(cell.get("ucdp_intensity", "0"), whole(row["intensity_level"]))
    _none_until(cells, 2024, "ucdp_intensity")


def _institutions(source: Path, cells: Cells) -> None:
    """Alliances to 2018, shared organisations to 2014, trade agreements every fourth year to 2016."""
    for row in read(source, "politics/atop_alliance_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["alliance"] = whole(row["atop_any"])
    _none_until(cells, 2018, "alliance")
    for row in read(source, "politics/cow_shared_igo_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["shared_igos"] = whole(row["shared_igos_full"])
    for row in read(source, "trade/rta_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["trade_agreement"] = whole(row["rta_excl_gstp"])


def _votes(source: Path, cells: Cells) -> None:
    """Votes in the UN General Assembly: one source, and only with enough votes in common."""
    for row in read(source, "politics/unga_ideal_point_distance_dyad_year.csv"):
        if (cell := _cell(cells, row)) is not None:
            cell["ideal_point_distance"] = fixed(row["ipd_all"], 4)
    for row in read(source, "politics/unga_dyad_year_agreement.csv"):
        enough = row["source"] == "UNDL_witwicki" and int(row["n_joint"]) >= MIN_JOINT_VOTES
        if enough and (cell := _cell(cells, row)) is not None:
            cell["un_joint_votes"] = row["n_joint"]
            cell["un_agreement_kappa"] = fixed(row["kappa_sq"], 4)


def _sanctions(source: Path, cells: Cells) -> None:
    """Sanction cases in force to 2022, by direction."""
    for row in read(source, "politics/gsdb_sanctions_directed_dyad_year.csv"):
        sender, target = row["sender_iso3"], row["target_iso3"]
        cell = cells.get((*ordered(sender, target), int(row["year"])))
        if cell is not None:
            cell["sanctions_a_on_b" if sender < target else "sanctions_b_on_a"] = whole(row["cases"])
    _none_until(cells, 2022, "sanctions_a_on_b", "sanctions_b_on_a")


def claims(source: Path) -> Table:
    """Territorial claims; no end year while a claim goes on or its end is unknown."""
    rows: list[Row] = []
    for row in read(source, "politics/icow_territorial_claims.csv"):
        if in_states(row, *PAIR):
            first, second = ordered(row["iso3_a"], row["iso3_b"])
            rows.append(
                {
                    "iso3_a": first,
                    "iso3_b": second,
                    "claim_id": whole(row["claim"]),
                    "territory": row["territory"],
                    "challenger_iso3": row["challenger_iso3"],
                    "from_year": whole(row["beg_year"]),
                    "to_year": "" if whole(row["endclaim"]) == ICOW_ONGOING else whole(row["end_year"]),
                    "salience": whole(row["icowsal"]),
                }
            )
    columns = (*PAIR, "claim_id", "territory", "challenger_iso3", "from_year", "to_year", "salience")
    return Table("claims", columns, (*PAIR, "territory"), rows)


def sister_cities(source: Path) -> Table:
    """Twinned pairs of places that Wikipedia lists; 0 means that none is listed."""
    counts = {(row["iso3_a"], row["iso3_b"]): row["n_pairs"] for row in read(source, "people/sister_city_counts.csv")}
    rows = [{"iso3_a": a, "iso3_b": b, "twinned_places": whole(counts[a, b])} for a, b in TIES]
    return Table("sister_cities", (*PAIR, "twinned_places"), PAIR, rows)


def air_links(source: Path) -> Table:
    """Airport pairs with a listed route: the last snapshot of each year from 2010 to 2014."""
    last: dict[tuple[str, str, str], Row] = {}
    panel = read(source, "people/air_routes_openflights_panel.csv")
    for row in sorted(panel, key=lambda row: row["snapshot"]):
        year = row["snapshot"][:4]
        if row["iso3_a"] in STATES and row["iso3_b"] in STATES and "2010" <= year <= "2014":
            last[*ordered(row["iso3_a"], row["iso3_b"]), year] = row
    rows = [
        {"iso3_a": a, "iso3_b": b, "year": year, "airport_pairs": whole(row["n_airport_pairs"])}
        for (a, b, year), row in last.items()
    ]
    return Table("air_links", (*PAIR, "year", "airport_pairs"), (*PAIR, "year"), rows)
