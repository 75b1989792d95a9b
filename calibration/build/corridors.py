"""Tables of transport corridors: their legs, what is known of each, times at borders, trains."""

from __future__ import annotations

import re
from pathlib import Path

from build.common import Row, Table, fixed, ordered, read, unique, whole

# Name in the source -> (key of the corridor, branch or link that the row describes)
KEYS = {
    "China-Europe Railway Express (west)": ("china_europe_railway_express", "west channel"),
    "China-Europe Railway Express (central)": ("china_europe_railway_express", "central channel"),
    "China-Europe Railway Express (east)": ("china_europe_railway_express", "east channel"),
    "INSTC western": ("north_south_corridor", "western branch"),
    "INSTC eastern": ("north_south_corridor", "eastern branch"),
    "INSTC trans-Caspian": ("north_south_corridor", "trans-Caspian branch"),
    "INSTC (all)": ("north_south_corridor", "all branches"),
    "Middle Corridor (TITR)": ("middle_corridor", ""),
    "China-Kyrgyzstan-Uzbekistan railway": ("china_kyrgyzstan_uzbekistan_railway", ""),
    "China-Pakistan Economic Corridor": ("china_pakistan_economic_corridor", ""),
    "Kazakhstan-Uzbekistan rail": ("other_links", "Kazakhstan-Uzbekistan railway"),
    "Afghan border rail": ("other_links", "Uzbekistan-Mazar-i-Sharif railway"),
    "Trans-Afghan railway": ("other_links", "Trans-Afghan railway, gauge 1520 mm"),
    "Khaf-Herat": (
        "other_links",
        "Khaf-Herat railway, as reported in December 2014; later status not checked",
    ),
    "CAREC road BCP": ("other_links", "road crossing point measured by CAREC"),
}
RAILWAY_KM, RAILWAY_FINANCED_MUSD, RAILWAY_OPENS = "523", "4700", "2030"
"""The China-Kyrgyzstan-Uzbekistan railway as it stood at the end of 2025: the lower of the lengths named (523-533
km), what is financed, and the year in which it is to open."""
NOTES = {
    ("MNG", "RUS", "central channel"): "inferred: no source names this border",
    ("AZE", "RUS", "western branch"): "2000 is the year of the agreement",
    (
        "AZE",
        "IRN",
        "western branch",
    ): "2000 is the year of the agreement; 162 km of railway missing Rasht-Astara",
    ("KAZ", "RUS", "eastern branch"): "2000 is the year of the agreement",
    (
        "IRN",
        "KAZ",
        "eastern branch",
    ): "rail through Turkmenistan, not one of the 27; 2000 is the year of the agreement",
    ("IRN", "RUS", "trans-Caspian branch"): "2000 is the year of the agreement",
    ("IND", "IRN", "all branches"): "2000 is the year of the agreement",
    ("AZE", "TUR", ""): "rail through Georgia, not one of the 27",
    ("CHN", "KGZ", ""): "year in which construction started",
    ("KGZ", "UZB", ""): "year in which construction started",
    ("CHN", "PAK", ""): "year of launch; first through convoy in November 2016",
}


def links(source: Path) -> Table:
    """Legs of the corridors and other cross-border links that a source names."""
    rows: list[Row] = []
    for row in read(source, "people/corridor_links.csv"):
        key, branch = KEYS[row["corridor"]]
        first, second = ordered(row["iso3_a"], row["iso3_b"])
        year = re.search(r"\d{4}", row["since"])
        outside = row["border_node"].startswith("via ")
        note = NOTES.get((first, second, branch), "")
        rows.append(
            {
                "corridor": key,
                "mode": "transit" if outside else row["mode"].replace("+", "_and_"),
                "iso3_a": first,
                "iso3_b": second,
                "node": row["border_node"],
                "status": row["status"].split(" (")[0].replace(" ", "_"),
                "since_year": year.group() if year else "",
                "source": row["source"],
                "note": "; ".join(part for part in (branch, note) if part),
            }
        )
    columns = ("corridor", "mode", "iso3_a", "iso3_b", "node", "status", "since_year", "source", "note")
    return Table("links", columns, ("corridor", "iso3_a", "iso3_b", "mode"), rows)


class Facts:
    """Figures on corridors by name and metric, remembering which sources were used."""

    def __init__(self, source: Path) -> None:
        """Read the figures from the source folder."""
        self.rows = {(row["corridor"], row["metric"]): row for row in read(source, "people/corridor_facts.csv")}
        self.sources: list[str] = []

    def cell(self, corridor: str, metric: str) -> str:
        """One figure as the source prints it."""
        row = self.rows[corridor, metric]
        self.sources.append(row["source"])
        return row["value"]

    def low_high(self, corridor: str, metric: str) -> tuple[str, str]:
        """The two ends of a printed range such as 15-24."""
        low, high = self.cell(corridor, metric).split("-")
        return low, high

    def millions(self, corridor: str, metric: str) -> str:
        """A cost in millions of USD."""
        return whole(str(float(self.cell(corridor, metric)) / 1e6))

    def used(self, *more: str) -> str:
        """The sources used since the last call."""
        text = unique([*self.sources, *more])
        self.sources = []
        return text


def corridors(source: Path) -> Table:
    """What sources give on each corridor: year, length, cost, days; blank where they give nothing."""
    facts = Facts(source)
    rows = [_express(source), _north_south(facts), _middle(facts), _mountain_railway(facts), _pakistan(facts)]
    columns = (
        "corridor", "name", "status", "opened_or_planned_year", "length_km", "cost_low_musd",
        "cost_high_musd", "days_before_low", "days_before_high", "days_after_low", "days_after_high",
        "source",
    )  # fmt: skip
    return Table("corridors", columns, ("corridor",), rows)


def _express(source: Path) -> Row:
    trains_by_year = read(source, "trade/cerx_trains.csv")
    return {
        "corridor": "china_europe_railway_express",
        "name": "China-Europe Railway Express",
        "status": "operating",
        "opened_or_planned_year": min(row["year"] for row in trains_by_year),
        "source": trains_by_year[0]["source"],
    }


def _north_south(facts: Facts) -> Row:
    before = facts.low_high("INSTC", "Mumbai-St Petersburg time via Suez")
    after = facts.low_high("INSTC", "Mumbai-St Petersburg time via INSTC")
    return {
        "corridor": "north_south_corridor",
        "name": "International North-South Transport Corridor",
        "status": "operating",
        "opened_or_planned_year": "2000",
        "length_km": facts.cell("INSTC", "length"),
        "days_before_low": before[0],
        "days_before_high": before[1],
        "days_after_low": after[0],
        "days_after_high": after[1],
        "source": facts.used("https://en.trend.az/business/transport/3727913.html (agreement of 2000)"),
    }


def _middle(facts: Facts) -> Row:
    after = facts.low_high("Middle Corridor (TITR)", "block train time China-Azerbaijan")
    return {
        "corridor": "middle_corridor",
        "name": "Middle Corridor (Trans-Caspian International Transport Route)",
        "status": "operating",
        "days_after_low": after[0],
        "days_after_high": after[1],
        "source": facts.used(),
    }


def _mountain_railway(facts: Facts) -> Row:
    name = "China-Kyrgyzstan-Uzbekistan railway"
    facts.cell(name, "construction start")  # its source tells of the start in December 2024
    return {
        "corridor": "china_kyrgyzstan_uzbekistan_railway",
        "name": name,
        "status": "under_construction",
        "opened_or_planned_year": RAILWAY_OPENS,
        "length_km": RAILWAY_KM,
        "cost_low_musd": facts.millions(name, "cost"),
        "cost_high_musd": RAILWAY_FINANCED_MUSD,
        "source": facts.used("financed at 4.7 bn USD: half a Chinese loan over 35 years, equity 51/24.5/24.5"),
    }


def _pakistan(facts: Facts) -> Row:
    name = "China-Pakistan Economic Corridor"
    cost = facts.millions(name, "planned investment")
    return {
        "corridor": "china_pakistan_economic_corridor",
        "name": name,
        "status": "operating",
        "opened_or_planned_year": "2013",
        "length_km": facts.cell(name, "overland Kashgar-Gwadar distance"),
        "cost_low_musd": cost,
        "cost_high_musd": cost,
        "source": facts.used(),
    }


def border_times(source: Path) -> Table:
    """Times and costs at borders from the CAREC corridor measurements."""
    columns = ("mode", "indicator", "unit", "year", "value", "scope", "source")
    rows = [
        {**{column: row[column] for column in columns}, "value": fixed(row["value"], 1)}
        for row in read(source, "people/carec_cpmm.csv")
    ]
    return Table("border_times", columns, ("mode", "indicator", "scope", "year"), rows)


def trains(source: Path) -> Table:
    """Trips of the China-Europe Railway Express a year, both directions."""
    rows = [
        {"year": row["year"], "trains": whole(row["trains_both_directions"]), "source": row["source"]}
        for row in read(source, "trade/cerx_trains.csv")
    ]
    return Table("trains", ("year", "trains", "source"), ("year",), rows)
